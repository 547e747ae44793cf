import { formatIso, type EvidenceTime } from "../../base/time.ts";
import type { Rule, RuleResult } from "../../model/rules.ts";
import { formatNumber, formatShare } from "../sentences.ts";
import type { RuleTask } from "./rule-task.ts";
import type { RuleQuery } from "./rule-sql.ts";
import { columnTypeOf } from "./type-names.ts";

/** What the query over the window told. */
export interface Measured {
  readonly rows: number;
  /** Values of the columns whose existence is asked for. */
  readonly filled: ReadonlyMap<string, number>;
  /** A number of the rule, by the letter of its kind. */
  readonly read: (part: string) => number;
}

/** Excess of a rule about a column as a whole that has no bounds to measure by. */
const BROKEN = 10;

/** Passed or failed, from what was measured. */
export function judge(
  task: Pick<RuleTask, "table">,
  rule: Rule,
  query: RuleQuery,
  measured: Measured,
  sql: string,
): RuleResult {
  const base: RuleResult = {
    table: task.table.name,
    rule,
    outcome: "passed",
    observed: "",
    elements: measured.rows,
    unexpected: null,
    unexpectedShare: null,
    excess: 0,
    examples: [],
    sql,
  };
  if (query.kind === "impossible") return { ...base, outcome: "skipped", observed: query.why };
  if (measured.rows === 0)
    return { ...base, outcome: "skipped", observed: "no rows in the window" };
  if (measured.rows < (rule.leastRows ?? 0)) {
    const observed = `${formatNumber(measured.rows)} rows are too few for bounds made from parts of ${formatNumber(2 * (rule.leastRows ?? 0))} rows`;
    return { ...base, outcome: "skipped", observed };
  }
  switch (query.kind) {
    case "rows":
    case "key":
    case "distinct":
      return judgeShare(base, query.kind, measured);
    case "aggregates":
      return judgeAggregates(base, task, query.values, measured);
    case "none":
      return judgeSchema(base, task, measured);
  }
}

function judgeShare(
  base: RuleResult,
  kind: "rows" | "key" | "distinct",
  { read }: Measured,
): RuleResult {
  const elements = read("p");
  const unexpected = read("m");
  if (elements === 0) return { ...base, elements, unexpected: 0, observed: "no values" };
  const share = unexpected / elements;
  const tolerated = 1 - (base.rule.kwargs.mostly ?? 1);
  // As in Great Expectations: enough values fit; 1 - .95 is not exactly .05.
  const failed = share > tolerated + 1e-12;
  const noun = {
    rows: "do not fit",
    key: "repeat a key",
    distinct: "distinct values are not in the set",
  };
  return {
    ...base,
    outcome: failed ? "failed" : "passed",
    observed: `${formatNumber(unexpected)} of ${formatNumber(elements)} (${formatShare(share)}) ${noun[kind]}`,
    elements,
    unexpected,
    unexpectedShare: share,
    excess: failed ? share - tolerated : 0,
  };
}

type Aggregates = Extract<RuleQuery, { kind: "aggregates" }>["values"];

function judgeAggregates(
  base: RuleResult,
  { table }: Pick<RuleTask, "table">,
  values: Aggregates,
  { read }: Measured,
): RuleResult {
  const type = table.columns.find((c) => c.name === base.rule.kwargs.column)?.type;
  const { strict_min, strict_max } = base.rule.kwargs;
  const seen = values.map(({ name, low, high }, n) => {
    const value = read(`a${String(n)}_`);
    const shown = type === "timestamp" ? timeText(value) : formatNumber(value);
    const below = low !== null && (strict_min === true ? value <= low : value < low);
    const above = high !== null && (strict_max === true ? value >= high : value > high);
    const distance = below ? low - value : above ? value - high : 0;
    return {
      text: `${name} ${shown}`,
      value,
      failed: below || above,
      excess: excessOf(distance, low, high),
    };
  });
  if (seen.every((s) => Number.isNaN(s.value))) {
    return { ...base, outcome: "skipped", observed: "no values" };
  }
  const failed = seen.some((s) => s.failed);
  return {
    ...base,
    outcome: failed ? "failed" : "passed",
    observed: seen.map((s) => s.text).join(", "),
    excess: failed ? Math.max(...seen.map((s) => s.excess)) : 0,
  };
}

/** The distance beyond the bounds in widths of them; of a single bound, in its own size. */
export function excessOf(distance: number, low: number | null, high: number | null): number {
  if (distance === 0) return 0;
  const width =
    low !== null && high !== null && high > low ? high - low : Math.abs(low ?? high ?? 0);
  return width === 0 ? BROKEN : Math.min(BROKEN, distance / width);
}

function judgeSchema(
  base: RuleResult,
  { table }: Pick<RuleTask, "table">,
  { filled }: Measured,
): RuleResult {
  const name = base.rule.kwargs.column ?? "";
  const column = table.columns.find((c) => c.name === name);
  if (base.rule.type === "expect_column_to_exist") {
    // Where several files fill a table, a column that one of them lacks is there and empty.
    const there = column !== undefined && (filled.get(name) ?? 0) > 0;
    const observed = there ? "there" : column === undefined ? "not there" : "no value in any row";
    return { ...base, outcome: there ? "passed" : "failed", observed, excess: there ? 0 : BROKEN };
  }
  const wanted = columnTypeOf(base.rule.kwargs.type_ ?? "");
  if (column === undefined || wanted === null) {
    return { ...base, outcome: "skipped", observed: "the type is not known" };
  }
  const same = column.type === wanted;
  const observed = column.type.toUpperCase();
  return { ...base, outcome: same ? "passed" : "failed", observed, excess: same ? 0 : BROKEN };
}

function timeText(time: number): string {
  return Number.isFinite(time) ? formatIso(Math.round(time) as EvidenceTime) : "no time";
}
