import { Checkbox } from "@blueprintjs/core";
import { describeRule } from "../../../../shared/analysis/rules/describe-rule.ts";
import {
  ruleColumns,
  ruleKey,
  type Rule,
  type RuleResult,
} from "../../../../shared/model/rules.ts";
import { WindowMark } from "../../../widgets/tags.tsx";
import { RuleBounds } from "./rule-bounds.tsx";

interface Props {
  readonly rules: readonly Rule[];
  /** Positions of the rules to list. */
  readonly listed: readonly number[];
  /** Positions of the chosen rules. */
  readonly chosen: ReadonlySet<number>;
  /** Results in the order of the rules; null while they are made. */
  readonly baseline: readonly RuleResult[] | null;
  readonly incident: readonly RuleResult[] | null;
  readonly onChoose: (chosen: ReadonlySet<number>) => void;
  readonly onChange: (position: number, rule: Rule) => void;
}

/** Every rule with its bounds and what both windows say to it. */
export function RuleTable({
  rules,
  listed,
  chosen,
  baseline,
  incident,
  onChoose,
  onChange,
}: Props) {
  const toggle = (k: number) => {
    const next = new Set(chosen);
    if (!next.delete(k)) next.add(k);
    onChoose(next);
  };
  return (
    <table className="iq-table iq-rules-table">
      <thead>
        <tr>
          <th>
            <Checkbox
              aria-label="Choose all rules"
              checked={chosen.size === rules.length}
              indeterminate={chosen.size > 0 && chosen.size < rules.length}
              onChange={() => {
                onChoose(new Set(chosen.size === rules.length ? [] : rules.keys()));
              }}
            />
          </th>
          <th>Column</th>
          <th>Rule and its reason</th>
          <th>
            <WindowMark which="baseline" /> Baseline
          </th>
          <th>
            <WindowMark which="incident" /> Incident
          </th>
        </tr>
      </thead>
      <tbody>
        {listed.map((k) => {
          const rule = rules[k];
          return rule === undefined ? null : (
            <tr key={`${ruleKey(rule)}/${String(k)}`}>
              <td>
                <Checkbox
                  aria-label={`Choose ${ruleKey(rule)}`}
                  checked={chosen.has(k)}
                  onChange={() => {
                    toggle(k);
                  }}
                />
              </td>
              <td className="iq-mono">{ruleColumns(rule).join(", ") || "whole table"}</td>
              <td>
                <span title={rule.type}>{describeRule(rule)}</span>
                <RuleBounds
                  rule={rule}
                  onChange={(changed) => {
                    onChange(k, changed);
                  }}
                />
                <span className="iq-muted iq-rules-reason">{rule.reason}</span>
              </td>
              <Outcome result={baseline?.[k]} />
              <Outcome result={incident?.[k]} />
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const SIGNS = { passed: "✓", failed: "✕", skipped: "–" } as const;
const WORDS = { passed: "pass", failed: "fail", skipped: "not checked" } as const;

/** Pass or fail by sign and word; what was seen below, with the first places. */
function Outcome({ result }: { result: RuleResult | undefined }) {
  if (result === undefined) return <td className="iq-muted">checking…</td>;
  const places = result.examples.map((e) => `${e.value} (${e.evidenceId}, line ${String(e.line)})`);
  return (
    <td>
      <span className={`iq-rules-outcome iq-rules-${result.outcome}`}>
        <span aria-hidden="true">{SIGNS[result.outcome]}</span> {WORDS[result.outcome]}
      </span>
      <span className="iq-rules-observed">{result.observed}</span>
      {places.length > 0 && (
        <span className="iq-muted iq-rules-observed">such as {places.slice(0, 2).join("; ")}</span>
      )}
    </td>
  );
}
