import { Button, NonIdealState, ProgressBar, Switch } from "@blueprintjs/core";
import { useState } from "react";
import { tableOfSuite } from "../../../../shared/analysis/rules/suite.ts";
import { ruleKey, type Rule } from "../../../../shared/model/rules.ts";
import type { TableMeta } from "../../../../shared/model/table.ts";
import type { Window } from "../../../../shared/model/window.ts";
import { useWindowPair } from "../../../data/comparison.ts";
import { EngineFailure, useAnalysis } from "../../../data/queries.ts";
import { useCase } from "../../../state/case-store.ts";
import { EmptyState } from "../../../widgets/empty-state.tsx";
import { count } from "../../../widgets/format.ts";
import { TableChoice } from "../../../widgets/table-choice.tsx";
import { chooseSuite, exportSuite } from "./rule-files.ts";
import { RuleTable } from "./rule-table.tsx";
import "./rules.css";

/** What held in the baseline as rules, and whether the incident keeps them. */
export function RulesPanel({ tables }: { tables: readonly TableMeta[] }) {
  const windows = useWindowPair();
  const [chosen, setChosen] = useState<string | null>(null);
  const own = tables.filter((t) => t.target === "own");
  const table = own.find((t) => t.name === chosen) ?? own[0];
  if (table === undefined) {
    return (
      <EmptyState nested title="No table to make rules of">
        Rules are made from tables with columns of their own, such as a feature or prediction
        export: add one as evidence.
      </EmptyState>
    );
  }
  if (windows === null) {
    return (
      <EmptyState nested title="Mark the two windows">
        Rules are learnt from the baseline and checked on the incident: mark both above.
      </EmptyState>
    );
  }
  return (
    <div className="iq-pane iq-rules">
      <TableChoice
        label="Rules of"
        names={own.map((t) => t.name)}
        value={table.name}
        onChoose={setChosen}
      />
      <TableRules key={table.name} tables={own} table={table} windows={windows} />
    </div>
  );
}

interface TableRulesProps {
  readonly tables: readonly TableMeta[];
  readonly table: TableMeta;
  readonly windows: { readonly baseline: Window; readonly incident: Window };
}

function TableRules({ tables, table, windows }: TableRulesProps) {
  const saved = useCase((s) => s.state?.rules.find((r) => r.table === table.name)?.rules) ?? null;
  const proposed = useAnalysis("proposeRules", { table, window: windows.baseline });
  if (proposed.isError) {
    const detail = proposed.error instanceof EngineFailure ? proposed.error.detail : null;
    return (
      <EmptyState
        nested
        title="No rules could be proposed"
        action={<Button text="Try again" onClick={() => void proposed.refetch()} />}
      >
        {proposed.error.message}
        {detail !== null && <code className="iq-mono"> {detail.sql.slice(0, 400)}</code>}
      </EmptyState>
    );
  }
  if (proposed.data === undefined) {
    return <NonIdealState title="Learning rules from the baseline" description={<ProgressBar />} />;
  }
  return (
    <RuleEditor
      // Saved rules of another moment (undo, import) start the choice anew.
      key={JSON.stringify(saved)}
      {...{ tables, table, windows, saved }}
      proposed={proposed.data}
    />
  );
}

interface RuleEditorProps extends TableRulesProps {
  readonly saved: readonly Rule[] | null;
  readonly proposed: readonly Rule[];
}

function RuleEditor({ tables, table, windows, saved, proposed }: RuleEditorProps) {
  const append = useCase((s) => s.append);
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const savedKeys = new Set((saved ?? []).map(ruleKey));
  const [rules, setRules] = useState<readonly Rule[]>(() => [
    ...(saved ?? []),
    ...proposed.filter((r) => !savedKeys.has(ruleKey(r))),
  ]);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(
    () => new Set(rules.flatMap((_, k) => (saved === null || k < saved.length ? [k] : []))),
  );
  const [onlyBroken, setOnlyBroken] = useState(false);
  const [notTaken, setNotTaken] = useState<readonly string[]>([]);
  const sets = [{ table: table.name, rules: [...rules] }];
  const baseline = useAnalysis(
    "checkRules",
    { tables, rules: sets, window: windows.baseline },
    { keepPrevious: true },
  );
  const incident = useAnalysis(
    "checkRules",
    { tables, rules: sets, window: windows.incident },
    { keepPrevious: true },
  );
  const picked = rules.filter((_, k) => chosen.has(k));
  const isSaved = JSON.stringify(picked) === JSON.stringify(saved ?? []);
  const importSuite = async () => {
    const suite = await chooseSuite();
    if (suite === null) return;
    const target = tableOfSuite(suite, tables);
    const lost = suite.unsupported.map(({ type, why }) => `${type}: ${why}`);
    if (target === null) lost.push("no table of the case has the columns of this suite");
    setNotTaken(
      target === null || target.name === table.name
        ? lost
        : [...lost, `the rules were saved for ${target.name}`],
    );
    if (target?.name === table.name) {
      setRules([...suite.rules, ...rules]);
      setChosen(
        new Set([...suite.rules.keys(), ...[...chosen].map((k) => k + suite.rules.length)]),
      );
    } else if (target !== null) {
      const data = { table: target.name, rules: [...suite.rules] };
      await append({ type: "rules/saved", data });
    }
  };
  const broken = (incident.data ?? []).flatMap((r, k) => (r.outcome === "failed" ? [k] : []));
  const trouble = baseline.error ?? incident.error;
  return (
    <>
      <header className="iq-rules-head">
        <div>
          <h2>
            Rules of {table.name}{" "}
            <span className="iq-muted">
              {count(picked.length, "rule")} chosen of {rules.length}
              {saved === null ? ", none saved" : `, ${String(saved.length)} saved`}
            </span>
          </h2>
          <p className="iq-muted">
            Learnt from the baseline, with the margin that its own parts ask for. Saved rules that
            the incident breaks are listed among the changes.
          </p>
          {incident.data !== undefined && (
            <Switch
              className="iq-rules-only"
              checked={onlyBroken}
              disabled={broken.length === 0}
              label={
                broken.length === 0
                  ? "The incident breaks none of them"
                  : `Only the ${count(broken.length, "rule")} that the incident breaks`
              }
              onChange={(e) => {
                setOnlyBroken(e.currentTarget.checked);
              }}
            />
          )}
        </div>
        <div className="iq-rules-buttons">
          <Button
            intent="primary"
            text="Save rules"
            disabled={isSaved || readOnly}
            onClick={() =>
              void append({ type: "rules/saved", data: { table: table.name, rules: picked } })
            }
          />
          <Button text="Import suite…" disabled={readOnly} onClick={() => void importSuite()} />
          <Button
            text="Export suite"
            disabled={picked.length === 0}
            onClick={() => void exportSuite({ table: table.name, rules: picked })}
          />
        </div>
      </header>
      {notTaken.length > 0 && (
        <div role="alert" className="iq-rules-not-taken">
          Not taken over from the suite:
          <ul>
            {notTaken.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </div>
      )}
      {trouble !== null && (
        <p className="iq-error" role="alert">
          The rules could not be checked: {trouble.message}
        </p>
      )}
      {rules.length === 0 ? (
        <EmptyState nested title="No rules proposed">
          The baseline has too few rows of this table (100 at least). Choose a longer one, or import
          a suite.
        </EmptyState>
      ) : (
        <RuleTable
          rules={rules}
          listed={onlyBroken ? broken : [...rules.keys()]}
          chosen={chosen}
          baseline={baseline.data ?? null}
          incident={incident.data ?? null}
          onChoose={setChosen}
          onChange={(k, rule) => {
            setRules(rules.map((other, n) => (n === k ? rule : other)));
          }}
        />
      )}
    </>
  );
}
