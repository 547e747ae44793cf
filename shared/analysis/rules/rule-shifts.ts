import type { RuleResult } from "../../model/rules.ts";
import type { Shift, TableComparison } from "../../model/shift.ts";
import type { TableMeta } from "../../model/table.ts";
import { layerOfRole } from "../layer-of.ts";
import { formatList, quoteValue } from "../sentences.ts";
import { sizeScore, sizeVerdict } from "../verdict.ts";
import { describeRule } from "./describe-rule.ts";

/**
 * A comparison with the rules that failed in the incident: shifts of kind `rule`
 * of their column, or of the table. Judged by the share of unexpected rows beyond
 * what the rule tolerates; a rule about a column as a whole by its distance
 * beyond the bounds, in widths of them.
 */
export function withRules(
  compared: TableComparison,
  table: TableMeta | undefined,
  results: readonly RuleResult[],
): TableComparison {
  if (table === undefined || compared.skipped !== null) return compared;
  const failed = results.filter((r) => r.table === table.name && r.outcome === "failed");
  const shifts = failed.map((result) => ruleShift(table, result));
  const known = new Set(compared.columns.map((c) => c.column));
  const isOf = (shift: Shift, column: string) =>
    shift.subject.type === "column" && shift.subject.name === column;
  return {
    ...compared,
    columns: compared.columns.map((c) => ({
      ...c,
      shifts: [...c.shifts, ...shifts.filter((s) => isOf(s, c.column))],
    })),
    shifts: [
      ...compared.shifts,
      ...shifts.filter((s) => s.subject.type !== "column" || !known.has(s.subject.name)),
    ],
  };
}

function ruleShift(table: TableMeta, result: RuleResult): Shift {
  const { rule } = result;
  const column = table.columns.find((c) => c.name === rule.kwargs.column);
  const name = rule.kwargs.column ?? null;
  const isShare = result.unexpectedShare !== null;
  const measure = isShare ? "rule_share" : "rule_distance";
  const value = result.unexpectedShare ?? result.excess;
  const shown = formatList(result.examples.map((e) => quoteValue(e.value)));
  return {
    id: [table.name, name, "rule", rule.type].filter((part) => part !== null).join("/"),
    table: table.name,
    kind: "rule",
    subject: name === null ? { type: "table", name: table.name } : { type: "column", name },
    role: column?.role ?? "ignore",
    layer: column === undefined ? "data" : layerOfRole(column.role),
    service: null,
    statistic: { name: isShare ? "unexpected_share" : "rule_distance", value, p: null },
    effect: { name: isShare ? "unexpected_share" : "rule_distance", value: result.excess },
    p: null,
    q: null,
    verdict: sizeVerdict(measure, result.excess),
    score: sizeScore(measure, result.excess),
    sentence: `${name === null ? `\`${table.name}\`` : `\`${name}\``} breaks a saved rule (${describeRule(rule)}): ${result.observed}`,
    facts: [
      { name: "Rule", value: `${rule.type}: ${describeRule(rule)}` },
      { name: "Observed in the incident", value: result.observed },
      { name: "Reason of the rule", value: rule.reason },
      ...(shown === ""
        ? []
        : [
            {
              name: "Examples",
              value: result.examples
                .map((e) => `${quoteValue(e.value)} (${e.evidenceId}, line ${String(e.line)})`)
                .join("; "),
            },
          ]),
    ],
    sql: result.sql,
    evidenceIds: [...table.evidenceIds],
  };
}
