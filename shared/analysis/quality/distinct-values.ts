import type { ColumnComparison } from "../../model/shift.ts";
import { NUMBER, STRING, queryRows, queryTable, readColumn } from "../../tables/rows.ts";
import { ident, text } from "../../tables/sql.ts";
import { MOST_CATEGORIES } from "../count-categories.ts";
import { formatNumber, formatShare, quoteValue } from "../sentences.ts";
import { logGamma } from "../statistics/special-functions.ts";
import { throwIfCancelled, withoutProgress, type TableTask } from "../table-task.ts";
import { sizeVerdict } from "../verdict.ts";
import type { CheckFinding } from "./check.ts";
import { hitsSql } from "./content-finding.ts";
import { isSuccessive } from "./name-hints.ts";

const LEAST_ROWS = 30;
/** The baseline is cut into up to so many stretches as long as the incident. */
const MOST_SLICES = 20;

/** How many values occur a given number of times. */
export interface Occurrence {
  /** Rows that one of these values has. */
  readonly rows: number;
  /** How many values have so many rows. */
  readonly values: number;
}

/**
 * Distinct values to expect in a draw of `drawn` rows without replacement from
 * a window whose values occur as counted (rarefaction, Hurlbert 1971; as
 * vegan::rarefy in R). All of them where at least as many rows are drawn.
 */
export function expectedDistinct(occurrences: readonly Occurrence[], drawn: number): number {
  const rows = occurrences.reduce((s, o) => s + o.rows * o.values, 0);
  const values = occurrences.reduce((s, o) => s + o.values, 0);
  if (drawn >= rows) return values;
  const choose = (n: number): number =>
    n < drawn ? -Infinity : logGamma(n + 1) - logGamma(n - drawn + 1);
  const all = choose(rows);
  return occurrences.reduce(
    (s, o) => s + o.values * (1 - Math.exp(choose(rows - o.rows) - all)),
    0,
  );
}

/**
 * Columns that became constant, and columns that lost most of their distinct
 * values, allowing for the smaller number of rows of a shorter window. What
 * happens in stretches of the baseline as long as the incident too (a batch id,
 * a date, a campaign) is left out.
 * @throws Fault<EngineError>
 */
export async function checkDistinctValues(
  task: TableTask,
  columns: readonly ColumnComparison[],
): Promise<CheckFinding[]> {
  const found: CheckFinding[] = [];
  for (const compared of columns) {
    if (!isCounted(task, compared)) continue;
    throwIfCancelled(task.options);
    const column = await exactlyCounted(task, compared);
    const { baseline: b, incident: i } = column;
    const valuesB = b.rows - b.nulls;
    const valuesI = i.rows - i.nulls;
    if (valuesB < LEAST_ROWS || valuesI < LEAST_ROWS || b.distinct < 2) continue;
    // Not more distinct values are lost by drawing fewer rows than in proportion.
    const least = b.distinct * Math.min(1, valuesI / valuesB);
    if (i.distinct === 1) {
      const finding = await constantFinding(task, column);
      if (finding !== null) found.push(finding);
    } else if (b.distinct >= 10 && i.distinct <= 0.5 * least) {
      const finding = await collapseFinding(task, column);
      if (finding !== null) found.push(finding);
    }
  }
  return found;
}

/** Columns whose distinct values were counted as values: not the lengths of free texts. */
function isCounted(task: TableTask, column: ColumnComparison): boolean {
  if (column.type === "timestamp") return false;
  if (isSuccessive(column.column, column.role)) return false;
  const known = task.table.columns.some((c) => c.name === column.column);
  const lengths = column.type === "varchar" && column.distribution?.kind !== "categorical";
  return known && !lengths;
}

/**
 * A column with its distinct values counted by window: of many categories the
 * comparison counts the rarer ones for both windows together. Only where the
 * categories moved at all.
 */
async function exactlyCounted(
  task: TableTask,
  column: ColumnComparison,
): Promise<ColumnComparison> {
  const moved = column.shifts.some((s) => s.kind !== "null_rate" && (s.p ?? 1) < 0.01);
  const { baseline: b, incident: i } = column;
  if (column.type !== "varchar" || b.distinct <= MOST_CATEGORIES || !moved) return column;
  const { baseline, incident } = task.predicates;
  const name = ident(column.column);
  const [row] = await queryRows(
    task.engine,
    `SELECT count(DISTINCT ${name}) FILTER (WHERE ${baseline}) AS b,
  count(DISTINCT ${name}) FILTER (WHERE ${incident}) AS i FROM ${ident(task.table.name)}`,
    { b: NUMBER, i: NUMBER },
    withoutProgress(task.options),
  );
  return {
    ...column,
    baseline: { ...b, distinct: row?.b ?? b.distinct },
    incident: { ...i, distinct: row?.i ?? i.distinct },
  };
}

async function constantFinding(
  task: TableTask,
  column: ColumnComparison,
): Promise<CheckFinding | null> {
  const name = ident(column.column);
  const { baseline, incident } = task.predicates;
  const [row] = await queryRows(
    task.engine,
    `SELECT CAST(any_value(${name}) FILTER (WHERE ${incident}) AS VARCHAR) AS value,
  count(*) FILTER (WHERE (${baseline}) AND ${name} IS NOT NULL
    AND ${name} = (SELECT any_value(${name}) FROM ${ident(task.table.name)} WHERE ${incident})) AS same
FROM ${ident(task.table.name)} WHERE ${baseline} OR ${incident}`,
    { value: STRING, same: NUMBER },
    withoutProgress(task.options),
  );
  if (row === undefined) return null;
  const { baseline: b, incident: i } = column;
  const rows = b.rows - b.nulls;
  const others = 1 - row.same / rows;
  // All rows alike by chance, were they drawn one by one from the baseline.
  const p = Math.pow(row.same / rows, i.rows - i.nulls);
  if (sizeVerdict("row_share", others) !== "none" && (await fewestInSlices(task, column)) <= 1) {
    return null;
  }
  return {
    column: column.column,
    kind: "constant",
    statistic: { name: "other_values_share", value: others, p },
    effect: { name: "other_values_share", value: others },
    measure: "row_share",
    size: others,
    sentence: `\`${column.column}\` is constant: every value of the incident reads ${quoteValue(row.value)}, where ${formatShare(others)} of the baseline's had one of ${formatNumber(b.distinct - (row.same > 0 ? 1 : 0))} others`,
    facts: [
      { name: "Only value", value: row.value },
      { name: "Distinct values, baseline", value: formatNumber(b.distinct) },
      {
        name: "Rows with it, baseline",
        value: `${formatNumber(row.same)} of ${formatNumber(rows)}`,
      },
      { name: "Rows with it, incident", value: formatNumber(i.rows - i.nulls) },
    ],
    sql: hitsSql(
      ident(task.table.name),
      name,
      `CAST(${name} AS VARCHAR) = ${text(row.value)}`,
      task.predicates,
    ),
  };
}

async function collapseFinding(
  task: TableTask,
  column: ColumnComparison,
): Promise<CheckFinding | null> {
  const name = ident(column.column);
  const source = ident(task.table.name);
  const { baseline } = task.predicates;
  const occurrences = await queryRows(
    task.engine,
    `SELECT rows, count(*) AS "values" FROM (SELECT count(*) AS rows FROM ${source}
  WHERE ${baseline} AND ${name} IS NOT NULL GROUP BY ${name}) GROUP BY 1 ORDER BY 1`,
    { rows: NUMBER, values: NUMBER },
    withoutProgress(task.options),
  );
  const { incident: i } = column;
  const values = i.rows - i.nulls;
  const expected = expectedDistinct(occurrences, values);
  const lost = Math.log2(expected / i.distinct);
  if (sizeVerdict("cardinality", lost) === "none") return null;
  if ((await fewestInSlices(task, column)) <= i.distinct * 1.5) return null;
  if (column.type === "double" && (await isRounded(task, column))) return null;
  const total = occurrences.reduce((s, o) => s + o.values, 0);
  return {
    column: column.column,
    kind: "cardinality",
    statistic: { name: "distinct_ratio", value: i.distinct / expected, p: null },
    effect: { name: "distinct_ratio", value: i.distinct / expected },
    measure: "cardinality",
    size: lost,
    sentence: `\`${column.column}\` has ${formatNumber(i.distinct)} distinct values, where ${formatNumber(Math.round(expected))} were to be expected in as many rows`,
    facts: [
      { name: "Distinct values, baseline", value: formatNumber(total) },
      {
        name: `Expected in ${formatNumber(values)} rows`,
        value: formatNumber(Math.round(expected)),
      },
      { name: "Distinct values, incident", value: formatNumber(i.distinct) },
    ],
    sql: `SELECT count(DISTINCT ${name}) FILTER (WHERE ${baseline}) AS baseline_distinct,
  count(DISTINCT ${name}) FILTER (WHERE ${task.predicates.incident}) AS incident_distinct
FROM ${source}`,
  };
}

/** Fewer digits leave fewer values: that is told as rounding, not as a loss of values. */
async function isRounded(task: TableTask, column: ColumnComparison): Promise<boolean> {
  const name = ident(column.column);
  const { baseline, incident } = task.predicates;
  const shares = [0, 1, 2, 3].flatMap((digits) =>
    [baseline, incident].map(
      (window, w) =>
        `avg((${name} = round(${name}, ${String(digits)}))::INT) FILTER (WHERE ${window}) AS ${w === 0 ? "b" : "i"}${String(digits)}`,
    ),
  );
  const table = await queryTable(
    task.engine,
    `SELECT ${shares.join(", ")} FROM ${ident(task.table.name)} WHERE (${baseline} OR ${incident}) AND isfinite(${name})`,
    withoutProgress(task.options),
  );
  const read = (which: string): number => Number(readColumn(table, which)[0] ?? 0);
  return [0, 1, 2, 3].some((d) => read(`i${String(d)}`) >= 0.95 && read(`b${String(d)}`) <= 0.5);
}

/**
 * The fewest distinct values in a stretch of the baseline that has as many rows
 * as the incident (in the order of time); infinite where the baseline is not
 * longer than the incident or has no time.
 */
async function fewestInSlices(task: TableTask, column: ColumnComparison): Promise<number> {
  const time = task.table.timeColumn;
  const slices = Math.min(MOST_SLICES, Math.floor(task.rows.baseline / task.rows.incident));
  if (time === null || slices < 2) return Infinity;
  const name = ident(column.column);
  const [row] = await queryRows(
    task.engine,
    `SELECT min(d) AS fewest FROM (SELECT slice, count(DISTINCT x) AS d FROM (
  SELECT ${name} AS x, ntile(${String(slices)}) OVER (ORDER BY ${ident(time)}) AS slice
  FROM ${ident(task.table.name)} WHERE ${task.predicates.baseline} AND ${name} IS NOT NULL)
GROUP BY 1)`,
    { fewest: NUMBER },
    withoutProgress(task.options),
  );
  return row?.fewest ?? Infinity;
}
