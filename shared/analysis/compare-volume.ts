import { HOUR, MINUTE } from "../base/time.ts";
import type { ColumnComparison } from "../model/shift.ts";
import type { TableMeta } from "../model/table.ts";
import type { Window } from "../model/window.ts";
import { NUMBER, queryRows } from "../tables/rows.ts";
import { ident } from "../tables/sql.ts";
import { compareNumeric } from "./compare-numeric.ts";
import type { DraftShift } from "./draft-shift.ts";
import { formatDuration, formatNumber } from "./sentences.ts";
import { finishColumn, withoutProgress, type TableTask } from "./table-task.ts";
import { snapBucket } from "./buckets.ts";

/** Name of the column that stands for rows per time. */
export const VOLUME = "volume";

/** Buckets of the longer window at most. */
const MOST_BUCKETS = 200_000;

/** Rows of a table that are counted per time. */
export interface VolumeSubject {
  /** Column name in the comparison: `volume`, `error lines`. */
  readonly column: string;
  /** In a sentence: "rows", "lines of level error". */
  readonly what: string;
  /** Further SQL condition, or null. */
  readonly condition: string | null;
  readonly kind: "volume" | "level";
}

/**
 * Compares rows per bucket of time (a minute for logs; a fiftieth of the
 * shorter window, at least a minute, elsewhere), empty buckets included. Nothing
 * comes back where a window has no two ends, has a filter, or is shorter than
 * two buckets: rows per time mean nothing then. The size is |log2| of the ratio of means; the p-value is
 * that of the KS test on the buckets, and optimistic where buckets depend on
 * each other.
 */
export async function compareVolume(
  task: TableTask,
  subjects: readonly VolumeSubject[] = [
    { column: VOLUME, what: "rows", condition: null, kind: "volume" },
  ],
): Promise<ColumnComparison[]> {
  const b = spanOf(task.windows.baseline, task.table);
  const i = spanOf(task.windows.incident, task.table);
  if (b === null || i === null || task.table.timeColumn === null) return [];
  const bucket = bucketWidth(
    task,
    Math.min(b.to - b.from, i.to - i.from),
    Math.max(b.to - b.from, i.to - i.from),
  );
  if (bucket === null) return [];
  const found: ColumnComparison[] = [];
  for (const subject of subjects) {
    const source = volumeSource(task, subject, bucket);
    const before = await bucketCounts(task, source, b, bucket);
    const after = await bucketCounts(task, source, i, bucket);
    if (before.length === 0 || after.length === 0) continue;
    const name = `${subject.what} per ${formatDuration(bucket)}`;
    const draft = compareNumeric(
      name,
      { rows: before.length, sorted: before },
      { rows: after.length, sorted: after },
      `rows per ${formatDuration(bucket)}`,
    );
    const shift = volumeShift(
      name,
      subject.kind,
      draft.baseline.mean ?? 0,
      draft.incident.mean ?? 0,
      draft.statistics.find((s) => s.name === "ks")?.p ?? null,
    );
    found.push(
      finishColumn(
        task.table.name,
        {
          column: subject.column,
          type: "bigint",
          role: "value",
          layer: task.table.target === "own" ? "data" : "serving",
          subject: "table",
          service: null,
          unit: `rows per ${formatDuration(bucket)}`,
          evidenceIds: task.evidenceIds,
          sql: () => volumeShiftSql(source, b, i, bucket),
        },
        { ...draft, shifts: [shift] },
      ),
    );
  }
  return found;
}

/** Null where the shorter window does not hold two buckets. */
function bucketWidth(task: TableTask, shorter: number, longer: number): number | null {
  const logs = task.table.target === "logs" && shorter <= 48 * HOUR && shorter >= 10 * MINUTE;
  const wanted = logs ? MINUTE : Math.max(MINUTE, shorter / 50);
  const bucket = snapBucket(Math.max(wanted, longer / MOST_BUCKETS));
  return shorter < 2 * bucket ? null : bucket;
}

function volumeShift(
  name: string,
  kind: "volume" | "level",
  before: number,
  after: number,
  p: number | null,
): DraftShift {
  const ratio = before > 0 && after > 0 ? Math.log2(after / before) : Math.sign(after - before) * 6;
  const told = before === 0 ? "there were none in the baseline" : `before ${formatNumber(before)}`;
  return {
    kind,
    statistic: { name: "log2_ratio", value: ratio, p },
    effect: { name: "log2_ratio", value: ratio },
    measure: "volume",
    size: ratio,
    sentence: `${name}: ${formatNumber(after)} on average, ${told}`,
    query: "volume",
  };
}

/** Rows with their bucket number; whole microseconds divided without rounding. */
function volumeSource(task: TableTask, subject: VolumeSubject, bucket: number): string {
  const time = ident(task.table.timeColumn ?? "ts");
  const filter = task.windows.baseline.filter ?? task.windows.incident.filter;
  const own =
    filter === undefined ? [] : [`(${task.predicates.baseline} OR ${task.predicates.incident})`];
  const conditions = [
    `${time} IS NOT NULL`,
    ...own,
    ...(subject.condition === null ? [] : [subject.condition]),
  ];
  return `(SELECT epoch_us(${time}) // ${String(bucket)} AS k FROM ${ident(task.table.name)} WHERE ${conditions.join(" AND ")})`;
}

/** Whole buckets of a range: `[first, last)` in bucket numbers. */
function wholeBuckets(range: { from: number; to: number }, bucket: number): [number, number] {
  return [Math.ceil(range.from / bucket), Math.floor(range.to / bucket)];
}

async function bucketCounts(
  task: TableTask,
  source: string,
  range: { from: number; to: number },
  bucket: number,
): Promise<Float64Array<ArrayBuffer>> {
  const [first, last] = wholeBuckets(range, bucket);
  const counts = new Float64Array(Math.max(0, last - first));
  const found = await queryRows(
    task.engine,
    `SELECT k, count(*) AS n FROM ${source} WHERE k >= ${String(first)} AND k < ${String(last)} GROUP BY k`,
    { k: NUMBER, n: NUMBER },
    withoutProgress(task.options),
  );
  for (const row of found) counts[row.k - first] = row.n;
  return counts.sort();
}

function volumeShiftSql(
  source: string,
  b: { from: number; to: number },
  i: { from: number; to: number },
  bucket: number,
): string {
  const mean = (range: { from: number; to: number }, name: string): string => {
    const [first, last] = wholeBuckets(range, bucket);
    return `count(*) FILTER (WHERE k >= ${String(first)} AND k < ${String(last)})::DOUBLE / ${String(last - first)} AS ${name}`;
  };
  return `SELECT ${mean(b, "baseline_mean")}, ${mean(i, "incident_mean")}, log2(nullif(incident_mean, 0) / nullif(baseline_mean, 0)) AS log2_ratio FROM ${source}`;
}

/**
 * The range of a window with two ends and no filter, as far as the table has
 * rows: before and after them nothing was collected.
 */
function spanOf(window: Window, table: TableMeta): { from: number; to: number } | null {
  if (window.from === null || window.to === null || window.filter !== undefined) return null;
  const from = Math.max(window.from, table.from ?? -Infinity);
  const to = Math.min(window.to, table.to === null ? Infinity : table.to + 1);
  return to > from ? { from, to } : null;
}
