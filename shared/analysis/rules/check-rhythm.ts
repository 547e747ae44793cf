import { formatIso, type EvidenceTime } from "../../base/time.ts";
import type { Rule, RuleResult } from "../../model/rules.ts";
import { NUMBER, NUMBER_OR_NULL, queryRows } from "../../tables/rows.ts";
import { ident, num } from "../../tables/sql.ts";
import { formatDuration, formatNumber, formatRange } from "../sentences.ts";
import { withoutProgress } from "../table-task.ts";
import type { RuleTask } from "./rule-task.ts";
import { excessOf } from "./rule-judgement.ts";
import { numericBounds } from "./rule-sql.ts";

/**
 * Rows over time and freshness; null for every other rule. Only whole stretches
 * count, and none after the latest time of any table.
 * @throws Fault<EngineError>
 */
export async function checkRhythm(
  task: RuleTask,
  rule: Rule,
  rows: number,
): Promise<RuleResult | null> {
  if (rule.type === "expect_table_row_count_to_be_between") {
    return rule.every === undefined
      ? wholeWindow(task, rule, rows)
      : byStretch(task, rule, rule.every);
  }
  return rule.maxAge === undefined ? null : freshness(task, rule, rule.maxAge);
}

function wholeWindow(task: RuleTask, rule: Rule, rows: number): RuleResult {
  const { low, high } = numericBounds(rule.kwargs);
  const distance =
    low !== null && rows < low ? low - rows : high !== null && rows > high ? rows - high : 0;
  return {
    ...blank(task, rule, `SELECT count(*) FROM ${ident(task.table.name)} WHERE ${task.where}`),
    outcome: distance > 0 ? "failed" : "passed",
    observed: `${formatNumber(rows)} rows`,
    elements: rows,
    excess: excessOf(distance, low, high),
  };
}

async function byStretch(task: RuleTask, rule: Rule, every: number): Promise<RuleResult> {
  const { table, window, where } = task;
  const { low, high } = numericBounds(rule.kwargs);
  const from = window.from ?? table.from;
  const to = Math.min(window.to ?? Infinity, (task.latest ?? Infinity) + 1);
  if (table.timeColumn === null || from === null || !Number.isFinite(to)) {
    return { ...blank(task, rule, ""), outcome: "skipped", observed: "the table has no times" };
  }
  const stretches = Math.floor((to - from) / every);
  const sql = `SELECT (epoch_us(${ident(table.timeColumn)}) - ${num(from)}) // ${num(every)} AS stretch, count(*) AS n
FROM ${ident(table.name)} WHERE ${where} GROUP BY stretch HAVING stretch >= 0 AND stretch < ${String(stretches)}`;
  if (stretches < 1) {
    const observed = `the window is shorter than ${formatDuration(every)}`;
    return { ...blank(task, rule, sql), outcome: "skipped", observed };
  }
  const found = await queryRows(
    task.engine,
    sql,
    { stretch: NUMBER, n: NUMBER },
    withoutProgress(task.options),
  );
  const counts = Array.from({ length: stretches }, () => 0);
  for (const { stretch, n } of found) counts[stretch] = n;
  const outside = counts.flatMap((n, k) =>
    (low !== null && n < low) || (high !== null && n > high) ? [{ n, k }] : [],
  );
  const share = outside.length / stretches;
  const first = outside[0];
  const when =
    first === undefined
      ? ""
      : `; first outside: ${formatNumber(first.n)} from ${formatIso((from + first.k * every) as EvidenceTime)} on`;
  return {
    ...blank(task, rule, sql),
    outcome: outside.length === 0 ? "passed" : "failed",
    observed: `${formatRange(counts)} rows in ${formatDuration(every)}${when}`,
    elements: stretches,
    unexpected: outside.length,
    unexpectedShare: share,
    excess: share,
  };
}

async function freshness(task: RuleTask, rule: Rule, maxAge: number): Promise<RuleResult> {
  const { table, window, where } = task;
  const column = rule.kwargs.column ?? "";
  if (!table.columns.some((c) => c.name === column && c.type === "timestamp")) {
    const observed = `the table has no time column ${column}`;
    return { ...blank(task, rule, ""), outcome: "skipped", observed };
  }
  const sql = `SELECT epoch_us(max(${ident(column)})) AS newest, count(*) AS n FROM ${ident(table.name)} WHERE ${where}`;
  const [row] = await queryRows(
    task.engine,
    sql,
    { newest: NUMBER_OR_NULL, n: NUMBER },
    withoutProgress(task.options),
  );
  const end = Math.min(window.to ?? Infinity, task.latest ?? Infinity);
  const newest = row?.newest ?? null;
  if (newest === null || !Number.isFinite(end)) {
    return { ...blank(task, rule, sql), outcome: "skipped", observed: "no times in the window" };
  }
  const age = Math.max(0, end - newest);
  return {
    ...blank(task, rule, sql),
    outcome: age > maxAge ? "failed" : "passed",
    observed: `newest ${formatIso(newest as EvidenceTime)}, ${formatDuration(age)} before the end`,
    elements: row?.n ?? 0,
    excess: age > maxAge ? excessOf(age - maxAge, 0, maxAge) : 0,
  };
}

function blank(task: RuleTask, rule: Rule, sql: string): RuleResult {
  return {
    table: task.table.name,
    rule,
    outcome: "passed",
    observed: "",
    elements: 0,
    unexpected: null,
    unexpectedShare: null,
    excess: 0,
    examples: [],
    sql,
  };
}
