import { Button, HTMLSelect, Tag } from "@blueprintjs/core";
import { useState } from "react";
import { COMPARISONS, type Action, type ActionCheck } from "../../../../shared/model/reasoning.ts";
import { DraftText } from "../../../data/draft-text.tsx";
import { rulesToChoose, runActionCheck } from "../../../data/action-check.ts";
import { changeItem } from "../../../data/items.ts";
import { useCase } from "../../../state/case-store.ts";
import { NumberField } from "../number-field.tsx";
import { Choice } from "../panel-parts.tsx";

interface CheckEditorProps {
  readonly action: Action;
  readonly name: string;
  readonly readOnly: boolean;
}

const KINDS = ["none", "query", "rule"] as const;
const KIND_NAMES = { none: "No check", query: "Query", rule: "Rule of the case" } as const;

/** How later data shows that the action worked: a saved rule, or a query with a threshold; and what it answered. */
export function CheckEditor({ action, name, readOnly }: CheckEditorProps) {
  const [running, setRunning] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const rules = useCase((s) => s.state?.rules ?? NONE);
  const offered = rulesToChoose({ rules });
  const { check, results } = action;
  const save = (next: ActionCheck | null) => {
    setTrouble(null);
    void changeItem("actions", action.id, (now) => ({ ...now, check: next }));
  };
  const choose = (kind: (typeof KINDS)[number]) => {
    if (kind === "none") save(null);
    else if (kind === "query") {
      save({ kind, sql: "", comparison: "<", threshold: 0 });
    } else {
      const [first] = offered;
      if (first === undefined) {
        setTrouble("The case has no saved rules: save some in Compare, Rules.");
      } else save({ kind, table: first.table, rule: first.rule });
    }
  };
  const run = async () => {
    setRunning(true);
    setTrouble(null);
    try {
      await runActionCheck(action);
    } catch (thrown) {
      setTrouble(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      setRunning(false);
    }
  };
  const last = results.at(-1);
  return (
    <div className="iq-check">
      <Choice
        label={`Check of ${name}`}
        value={check?.kind ?? "none"}
        options={KINDS}
        names={KIND_NAMES}
        readOnly={readOnly}
        onChoose={choose}
      />
      {check?.kind === "query" && (
        <>
          <div className="iq-check-sql">
            <DraftText
              draftKey={`item/actions/${action.id}/check.sql`}
              label={`Query of ${name}`}
              value={check.sql}
              placeholder="SELECT avg(…) FROM … WHERE … – one number"
              multiline
              readOnly={readOnly}
            />
          </div>
          <Choice
            label={`Comparison of ${name}`}
            value={check.comparison}
            options={COMPARISONS}
            readOnly={readOnly}
            onChoose={(comparison) => {
              changeCheck(action.id, { comparison });
            }}
          />
          <NumberField
            label={`Threshold of ${name}`}
            value={check.threshold}
            readOnly={readOnly}
            onChange={(threshold) => {
              if (threshold !== null) changeCheck(action.id, { threshold });
            }}
          />
        </>
      )}
      {check?.kind === "rule" && (
        <HTMLSelect
          className="iq-check-rule"
          aria-label={`Rule of ${name}`}
          disabled={readOnly}
          value={`${check.table}\n${check.rule}`}
          options={offered.map(({ table, rule, text }) => ({
            value: `${table}\n${rule}`,
            label: `${table}, ${text}`,
          }))}
          onChange={(e) => {
            const chosen = offered.find((o) => `${o.table}\n${o.rule}` === e.currentTarget.value);
            if (chosen !== undefined) {
              save({ kind: "rule", table: chosen.table, rule: chosen.rule });
            }
          }}
        />
      )}
      {check !== null && (
        <Button
          text="Run"
          aria-label={`Run the check of ${name}`}
          loading={running}
          disabled={readOnly}
          onClick={() => void run()}
        />
      )}
      {last !== undefined && (
        <span className="iq-check-result" title={`SHA-256 of the result ${last.resultDigest}`}>
          <Tag minimal intent={last.holds ? "success" : "danger"}>
            {last.holds ? "holds" : "does not hold"}
          </Tag>{" "}
          {last.observed}{" "}
          <span className="iq-muted">
            {last.at.slice(0, 16).replace("T", " ")}
            {results.length > 1 && `, run ${results.length} times`}
          </span>
        </span>
      )}
      {trouble !== null && (
        <p className="iq-check-trouble" role="alert">
          {trouble}
        </p>
      )}
    </div>
  );
}

function changeCheck(
  id: string,
  change: Partial<Omit<Extract<ActionCheck, { kind: "query" }>, "kind">>,
): void {
  void changeItem("actions", id, (now) =>
    now.check?.kind === "query" ? { ...now, check: { ...now.check, ...change } } : now,
  );
}

const NONE: never[] = [];
