import { timestampLiteral, type EvidenceTime } from "../../base/time.ts";
import type { ColumnComparison } from "../../model/shift.ts";
import { queryTable, readColumn } from "../../tables/rows.ts";
import { ident, num } from "../../tables/sql.ts";
import { withoutProgress, type TableTask } from "../table-task.ts";
import { sizeVerdict } from "../verdict.ts";
import type { ContentFinding } from "./content-finding.ts";
import { outOfRange, type RangeEnds } from "./out-of-range.ts";

/**
 * Out-of-range findings of columns that raise no other suspicion: counts of the
 * incident's rows outside the baseline's range, one scan for all columns.
 * @throws Fault<EngineError>
 */
export async function readRanges(
  task: TableTask,
  columns: readonly ColumnComparison[],
): Promise<Map<string, ContentFinding>> {
  const asked = columns.flatMap(({ column, baseline: b, incident: i }) =>
    b.min === null || b.max === null || b.quantiles === null || i.min === null || i.max === null
      ? []
      : [{ column, b, i, min: b.min, max: b.max, quantiles: b.quantiles, low: i.min, high: i.max }],
  );
  if (asked.length === 0) return new Map();
  const counts = asked.flatMap(({ column, min, max }, k) => {
    const x = `${ident(column)}::DOUBLE`;
    const finite = `isfinite(${x})`;
    return [
      `count(*) FILTER (WHERE ${x} < ${num(min)} AND ${finite}) AS nb${String(k)}`,
      `count(*) FILTER (WHERE ${x} > ${num(max)} AND ${finite}) AS na${String(k)}`,
      `sum(${x}) FILTER (WHERE ${x} < ${num(min)} AND ${finite}) AS sb${String(k)}`,
      `sum(${x}) FILTER (WHERE ${x} > ${num(max)} AND ${finite}) AS sa${String(k)}`,
    ];
  });
  const table = await queryTable(
    task.engine,
    `SELECT ${counts.join(", ")} FROM ${ident(task.table.name)} WHERE ${task.predicates.incident}`,
    withoutProgress(task.options),
  );
  const read = (name: string): number => Number(readColumn(table, name)[0] ?? 0);
  const found = new Map<string, ContentFinding>();
  for (const [k, { column, b, i, min, max, quantiles, low, high }] of asked.entries()) {
    const at = String(k);
    const finding = outOfRange(
      column,
      { min, max, quantiles, rows: b.rows - b.nulls, sd: b.sd ?? 0 },
      { low, high, mean: i.mean ?? 0, rows: i.rows - i.nulls },
      {
        below: read(`nb${at}`),
        above: read(`na${at}`),
        sumBelow: read(`sb${at}`),
        sumAbove: read(`sa${at}`),
      },
    );
    if (finding !== null && sizeVerdict(finding.measure, finding.size) !== "none") {
      found.set(column, finding);
    }
  }
  return found;
}

/**
 * Columns whose range moves in the baseline as well: a counter, an id, a slow
 * walk. Then new values out of range are what was to be expected: the halves of
 * the baseline (by time) differ in their ends by half as much. One scan for all.
 * @param outside ends of the incident's range by column
 * @throws Fault<EngineError>
 */
export async function wanderingColumns(
  task: TableTask,
  outside: ReadonlyMap<string, RangeEnds>,
): Promise<Set<string>> {
  const { timeColumn: time, from: first, to: last } = task.table;
  const from = task.windows.baseline.from ?? first;
  const to = task.windows.baseline.to ?? last;
  if (outside.size === 0 || time === null || from === null || to === null) return new Set();
  const middle = timestampLiteral(((from + to) / 2) as EvidenceTime);
  const ends = [...outside.keys()].flatMap((name, k) =>
    ["min", "max"].map(
      (end) =>
        `${end}(${ident(name)}::DOUBLE) FILTER (WHERE isfinite(${ident(name)}::DOUBLE)) AS ${end}${String(k)}`,
    ),
  );
  const table = await queryTable(
    task.engine,
    `SELECT ${ident(time)} >= ${middle} AS late, ${ends.join(", ")}
FROM ${ident(task.table.name)} WHERE ${task.predicates.baseline} GROUP BY 1 ORDER BY 1`,
    withoutProgress(task.options),
  );
  const usual = (apart: number, now: number): boolean => now <= 0 || Math.abs(apart) >= now / 2;
  return new Set(
    [...outside].flatMap(([name, range], k) => {
      const [low1, low2] = readColumn(table, `min${String(k)}`).map(Number);
      const [high1, high2] = readColumn(table, `max${String(k)}`).map(Number);
      if (low1 === undefined || low2 === undefined) return [];
      if (high1 === undefined || high2 === undefined) return [];
      const up = range.high - Math.max(high1, high2);
      const down = Math.min(low1, low2) - range.low;
      return usual(high2 - high1, up) && usual(low2 - low1, down) ? [name] : [];
    }),
  );
}
