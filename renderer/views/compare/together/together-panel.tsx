import { Button, NonIdealState, ProgressBar } from "@blueprintjs/core";
import { useState } from "react";
import type { Multivariate } from "../../../../shared/model/multivariate.ts";
import type { TableMeta } from "../../../../shared/model/table.ts";
import { useWindowPair } from "../../../data/comparison.ts";
import { EngineFailure, useAnalysis } from "../../../data/queries.ts";
import { EmptyState } from "../../../widgets/empty-state.tsx";
import { integer } from "../../../widgets/format.ts";
import { Sentence } from "../../../widgets/sentence.tsx";
import { TableChoice } from "../../../widgets/table-choice.tsx";
import { VerdictTag } from "../../../widgets/tags.tsx";
import { ClassifierPart } from "./classifier-part.tsx";
import { CorrelationMap } from "./correlation-map.tsx";
import { PairsTable } from "./pairs-table.tsx";
import { ReconstructionChart } from "./reconstruction-chart.tsx";
import "./together.css";

/** What no column of a table shows alone, baseline against incident; asked when it is shown. */
export function TogetherPanel({ tables }: { tables: readonly TableMeta[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const own = tables.filter((t) => t.target === "own");
  const table = own.find((t) => t.name === chosen) ?? own[0];
  if (table === undefined) {
    return (
      <EmptyState nested title="No table whose columns belong together">
        Columns are looked at together in tables with columns of their own, such as a feature or
        prediction export: add one as evidence.
      </EmptyState>
    );
  }
  return (
    <div className="iq-pane iq-together">
      <TableChoice
        label="Columns of"
        names={own.map((t) => t.name)}
        value={table.name}
        onChoose={setChosen}
      />
      <TableTogether key={table.name} table={table} />
    </div>
  );
}

function TableTogether({ table }: { table: TableMeta }) {
  const windows = useWindowPair();
  const asked = useAnalysis("compareTogether", windows === null ? null : { table, windows });
  if (windows === null) {
    return (
      <EmptyState nested title="Mark the two windows">
        Columns are looked at together in the baseline and in the incident: mark both above.
      </EmptyState>
    );
  }
  if (asked.isError) {
    const detail = asked.error instanceof EngineFailure ? asked.error.detail : null;
    return (
      <EmptyState
        nested
        title="The columns could not be looked at together"
        action={<Button text="Try again" onClick={() => void asked.refetch()} />}
      >
        {asked.error.message}
        {detail !== null && <code className="iq-mono"> {detail.sql.slice(0, 400)}</code>}
      </EmptyState>
    );
  }
  if (asked.data === undefined) {
    return (
      <NonIdealState
        title={`Looking at the columns of ${table.name} together`}
        description={<ProgressBar />}
      />
    );
  }
  const found = asked.data;
  if (found.skipped !== null) {
    return (
      <EmptyState nested title={`The columns of ${table.name} are not looked at together`}>
        {found.skipped}
      </EmptyState>
    );
  }
  return <Found found={found} />;
}

function Found({ found }: { found: Multivariate }) {
  const { correlations, classifier, reconstruction } = found;
  return (
    <>
      <header>
        <h2>Columns of {found.table} together</h2>
        <p className="iq-muted">{rowsRead(found)}</p>
      </header>
      <Statements found={found} />
      <div className="iq-together-grid">
        {classifier !== null && <ClassifierPart classifier={classifier} />}
        {reconstruction !== null && <ReconstructionChart reconstruction={reconstruction} />}
        {correlations !== null && <CorrelationMap correlations={correlations} />}
        {correlations !== null && correlations.pairs.length > 0 && (
          <PairsTable correlations={correlations} />
        )}
      </div>
      {found.leftOut.length > 0 && (
        <details className="iq-together-details">
          <summary>Columns left out ({integer(found.leftOut.length)})</summary>
          <table className="iq-table" aria-label="Columns left out">
            <tbody>
              {found.leftOut.map(({ column, why }) => (
                <tr key={`${column}/${why}`}>
                  <th scope="row">{column}</th>
                  <td>{why}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </>
  );
}

function rowsRead({ sampled, baselineRows, incidentRows }: Multivariate): string {
  return sampled.whole
    ? `All rows were read: ${integer(baselineRows)} of the baseline and ${integer(incidentRows)} of the incident.`
    : `Read were ${integer(sampled.baseline)} of ${integer(baselineRows)} rows of the baseline and ${integer(sampled.incident)} of ${integer(incidentRows)} of the incident, chosen by hash: the same in every run. Pearson’s correlations are over all rows.`;
}

/** Found shifts with their verdicts first, then what else was found. */
function Statements({ found }: { found: Multivariate }) {
  const rest = found.statements.slice(found.shifts.length);
  return (
    <ul className="iq-together-statements" aria-label="What was found">
      {found.shifts.map((shift) => (
        <li key={shift.id}>
          <VerdictTag verdict={shift.verdict} />
          <span>
            <Sentence text={`${shift.sentence}.`} />
          </span>
        </li>
      ))}
      {rest.map((statement) => (
        <li key={statement}>
          <VerdictTag verdict="none" />
          <span>
            <Sentence text={statement} />
          </span>
        </li>
      ))}
    </ul>
  );
}
