import { Button, NonIdealState, ProgressBar } from "@blueprintjs/core";
import { useState } from "react";
import { modelTables, trainingPairs } from "../../../../shared/analysis/model/model-performance.ts";
import type { MetricName, ModelChecks } from "../../../../shared/model/model-checks.ts";
import type { TableMeta } from "../../../../shared/model/table.ts";
import type { Window } from "../../../../shared/model/window.ts";
import { useWindowPair } from "../../../data/comparison.ts";
import { EngineFailure, useAnalysis } from "../../../data/queries.ts";
import { useView } from "../../../state/view-store.ts";
import { EmptyState } from "../../../widgets/empty-state.tsx";
import { Sentence } from "../../../widgets/sentence.tsx";
import { TableChoice } from "../../../widgets/table-choice.tsx";
import { integer, percent } from "../../../widgets/format.ts";
import { ConfidencePart } from "./confidence-part.tsx";
import { Decompositions } from "./decompositions.tsx";
import { EstimatePart } from "./estimate-part.tsx";
import { GroupsTable } from "./groups-table.tsx";
import { MetricCourse } from "./metric-course.tsx";
import { MetricTable } from "./metric-table.tsx";
import { MissingRoles } from "./missing-roles.tsx";
import { ReliabilityDiagram } from "./reliability-diagram.tsx";
import { TrainingPart } from "./training-part.tsx";
import { VersionsPart } from "./versions-part.tsx";
import "./model.css";

/** How well the models behind the tables did, baseline against incident. */
export function ModelPanel({ tables }: { tables: readonly TableMeta[] }) {
  const windows = useWindowPair();
  const [chosen, setChosen] = useState<string | null>(null);
  const models = modelTables(tables);
  const table = models.find((t) => t.name === chosen) ?? models[0];
  const pairs = trainingPairs(tables);
  if (table === undefined) {
    return (
      <div className="iq-pane iq-model">
        <MissingRoles tables={tables} />
        {pairs.length > 0 && <TrainingPart pairs={pairs} />}
      </div>
    );
  }
  return (
    <div className="iq-pane iq-model">
      <TableChoice
        label="Model behind"
        names={models.map((t) => t.name)}
        value={table.name}
        onChoose={setChosen}
      />
      {windows === null ? (
        <EmptyState nested title="Mark the two windows">
          A model is judged in the baseline and in the incident: mark both above.
        </EmptyState>
      ) : (
        <TableChecks key={table.name} table={table} windows={windows} />
      )}
      <VersionsPart key={`${table.name}/versions`} table={table} />
      {pairs.length > 0 && <TrainingPart pairs={pairs} />}
    </div>
  );
}

interface TableChecksProps {
  readonly table: TableMeta;
  readonly windows: { readonly baseline: Window; readonly incident: Window };
}

function TableChecks({ table, windows }: TableChecksProps) {
  const checks = useAnalysis("modelChecks", { table, windows });
  if (checks.isError) {
    const detail = checks.error instanceof EngineFailure ? checks.error.detail : null;
    return (
      <EmptyState
        nested
        title="The model could not be checked"
        action={<Button text="Try again" onClick={() => void checks.refetch()} />}
      >
        {checks.error.message}
        {detail !== null && <code className="iq-mono"> {detail.sql.slice(0, 400)}</code>}
      </EmptyState>
    );
  }
  if (checks.data === undefined) {
    return (
      <NonIdealState
        title={`Checking the model behind ${table.name}`}
        description={<ProgressBar />}
      />
    );
  }
  return <Checked key={table.name} table={table} checks={checks.data} />;
}

function Checked({ table, checks }: { table: TableMeta; checks: ModelChecks }) {
  const select = useView((s) => s.selectTable);
  const show = useView((s) => s.show);
  const [metric, setMetric] = useState<MetricName | null>(null);
  const shown = metric ?? leadMetric(checks);
  const toSchema = (
    <Button
      size="small"
      text="Change roles"
      onClick={() => {
        select(table.name);
        show("schema");
      }}
    />
  );
  if (checks.skipped !== null) {
    return (
      <EmptyState nested title={`${table.name} is not checked`} action={toSchema}>
        {checks.skipped}
      </EmptyState>
    );
  }
  return (
    <>
      <header className="iq-model-head">
        <h2>
          Model behind {table.name}
          <span className="iq-muted"> · {checks.task ?? "unknown"}</span>
        </h2>
        {toSchema}
      </header>
      <Statements checks={checks} />
      <div className="iq-model-grid iq-model-lead">
        <section aria-label="Metrics">
          <MetricTable table={table} checks={checks} selected={shown} onSelect={setMetric} />
          <Maturity checks={checks} />
        </section>
        <section aria-label="Over time">
          {shown !== null && <MetricCourse checks={checks} metric={shown} />}
        </section>
      </div>
      <div className="iq-model-grid">
        <Decompositions decompositions={checks.decompositions} />
        {checks.estimated !== null && <EstimatePart checks={checks} estimated={checks.estimated} />}
        {checks.reliability !== null && <ReliabilityDiagram {...checks.reliability} />}
        {checks.confidence !== null && <ConfidencePart confidence={checks.confidence} />}
      </div>
      <GroupsTable title="By model version" groups={checks.versions} metric={shown} />
      <GroupsTable title="By segment" groups={checks.segments} metric={shown} />
      <Readings checks={checks} />
    </>
  );
}

const FIRST_STATEMENTS = 5;

/** What changed, in words; what stands beside its own table below is not said twice. */
function Statements({ checks }: { checks: ModelChecks }) {
  const [all, setAll] = useState(false);
  const below = new Set([
    checks.labels?.statement,
    checks.estimated?.statement,
    checks.confidence?.statement,
    ...checks.decompositions.map((d) => d.statement),
  ]);
  const said = checks.statements.filter((s) => !below.has(s));
  if (said.length === 0) return null;
  return (
    <div>
      <ul className="iq-model-statements" aria-label="What the checks say">
        {(all ? said : said.slice(0, FIRST_STATEMENTS)).map((s) => (
          <li key={s}>
            <Sentence text={s} />
          </li>
        ))}
      </ul>
      {said.length > FIRST_STATEMENTS && (
        <Button
          size="small"
          variant="minimal"
          aria-expanded={all}
          text={all ? "Show fewer" : `Show all ${String(said.length)} sentences`}
          onClick={() => {
            setAll(!all);
          }}
        />
      )}
    </div>
  );
}

/** The metric that changed most; else the first that both windows have. */
function leadMetric({ metrics }: ModelChecks): MetricName | null {
  const both = metrics.filter((m) => m.change !== null);
  const lead =
    both.find((m) => m.verdict === "major" && m.direction === "worse") ??
    both.find((m) => m.verdict !== "none" && m.direction === "worse") ??
    both.find((m) => ["roc_auc", "rmse", "ndcg"].includes(m.metric)) ??
    both[0] ??
    metrics[0];
  return lead?.metric ?? null;
}

/** How far labels have arrived. */
function Maturity({ checks: { labels, columns } }: { checks: ModelChecks }) {
  if (labels === null) {
    return (
      <p className="iq-muted iq-model-note">
        No column is a label: realised metrics need one. What is shown comes from scores alone.
      </p>
    );
  }
  return (
    <p className="iq-model-note">
      Labels ({columns.label}): {percent(labels.baselineShare)} of the baseline’s rows and{" "}
      {percent(labels.incidentShare)} of the incident’s have one.{" "}
      {labels.statement ?? "Both windows are equally complete."}
      {labels.leftOut > 0 && ` ${integer(labels.leftOut)} labelled rows are left out for it.`}
    </p>
  );
}

function Readings({ checks }: { checks: ModelChecks }) {
  return (
    <details className="iq-model-readings">
      <summary>How the columns were read, and the SQL behind the numbers</summary>
      <ul>
        {checks.readings.map((r) => (
          <li key={r}>{r}</li>
        ))}
        {checks.binningError !== null && (
          <li>
            ROC area and average precision come from binned scores; they are off by at most{" "}
            {checks.binningError.toExponential(1)}. Brier score and log loss are taken at the mean
            score of each bin, which is at most 0.001 wide.
          </li>
        )}
      </ul>
      <pre className="iq-mono iq-sql" tabIndex={0} aria-label="SQL of the model checks">
        {checks.sql}
      </pre>
    </details>
  );
}
