import { timestampLiteral, type EvidenceTime } from "../base/time.ts";
import type { ColumnComparison } from "../model/shift.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { NUMBER, NUMBER_OR_NULL, STRING, queryRows } from "../tables/rows.ts";
import { ident, num, text } from "../tables/sql.ts";
import { bucketOf } from "./buckets.ts";
import { seriesSource } from "./series-source.ts";
import { psiNoise } from "./statistics/psi.ts";
import { jensenShannon } from "./statistics/jensen-shannon.ts";
import type { TimeRange, WindowPair } from "./windows.ts";

/** One number per non-empty bucket of time. */
export interface Course {
  /** µs. */
  readonly bucket: number;
  /** µs UTC at bucket starts, ascending. */
  readonly times: number[];
  readonly values: number[];
  /** Mean of the bucket, or squared distance of its distribution from the baseline's. */
  readonly statistic: "mean" | "distance";
  /** Leading points that belong to the baseline. */
  readonly baseline: number;
  /** Values of the time after the incident, as long as the incident at most. */
  readonly after: readonly number[];
}

/** Rows that a bucket of an own table should have, for its shares to mean something. */
const ROWS_PER_BUCKET = 150;
const MOST_BUCKETS = 160;
const LEAST_BUCKETS = 16;

/**
 * The time that a course covers: from the start of the baseline to the end of
 * the incident. Null where a window has no two ends, or the incident comes first.
 */
export function courseRange(windows: WindowPair): TimeRange | null {
  const { baseline, incident } = windows;
  if (baseline.from === null || baseline.to === null) return null;
  if (incident.from === null || incident.to === null) return null;
  if (incident.from < baseline.from) return null;
  return { from: baseline.from, to: Math.max(incident.to, baseline.to) };
}

/** Open ends closed by what the table has: "all until then" is a time too. Values of a column are none. */
export function closedWindows(windows: WindowPair, { from, to }: TableMeta): WindowPair {
  const { baseline, incident } = windows;
  return {
    baseline:
      baseline.filter === undefined && baseline.from === null && baseline.to !== null
        ? { ...baseline, from: from === null ? null : Math.min(from, baseline.to) }
        : baseline,
    incident:
      incident.filter === undefined && incident.to === null && incident.from !== null
        ? { ...incident, to: to === null ? null : Math.max(to + 1, incident.from) }
        : incident,
  };
}

/** That, and as much time after the incident as the incident took: whether it was over then. */
function rangeWithAfter(range: TimeRange, { incident }: WindowPair): TimeRange {
  const [from, to] = [incident.from ?? range.to, incident.to ?? range.to];
  return { from: range.from, to: Math.max(range.to, to + (to - from)) };
}

/** Mean per bucket of a series or a numeric or boolean column. */
export async function meanCourse(
  engine: Engine,
  table: TableMeta,
  column: string,
  open: WindowPair,
  options: QueryOptions = {},
): Promise<Course | null> {
  const windows = closedWindows(open, table);
  const range = courseRange(windows);
  if (range === null || table.timeColumn === null) return null;
  const isSeries = table.target === "metrics" || table.target === "spans";
  const value = isSeries ? "value" : `${ident(column)}::DOUBLE`;
  const source = isSeries ? seriesSource(table) : ident(table.name);
  const own = isSeries ? ` AND series = ${text(column)}` : "";
  const bucket = isSeries ? bucketOf(range, MOST_BUCKETS) : ownBucket(table, range);
  const found = await queryRows(
    engine,
    `SELECT epoch_us(${ident(table.timeColumn)}) // ${String(bucket)} AS k,
  avg(${value}) FILTER (WHERE isfinite(${value})) AS mean
FROM ${source} WHERE ${inRange(table.timeColumn, rangeWithAfter(range, windows))}${own} GROUP BY 1 ORDER BY 1`,
    { k: NUMBER, mean: NUMBER_OR_NULL },
    options,
  );
  const points = found.filter((row) => row.mean !== null);
  return course(
    bucket,
    points.map((p) => p.k),
    points.map((p) => p.mean ?? 0),
    "mean",
    windows,
  );
}

/** `meanCourse` of many series of a table of series at once; series without a point are left out. */
export async function seriesCourses(
  engine: Engine,
  table: TableMeta,
  series: readonly string[],
  open: WindowPair,
  options: QueryOptions = {},
): Promise<Map<string, Course>> {
  const windows = closedWindows(open, table);
  const range = courseRange(windows);
  if (range === null || table.timeColumn === null || series.length === 0) return new Map();
  const bucket = bucketOf(range, MOST_BUCKETS);
  const found = await queryRows(
    engine,
    `SELECT series, list(k ORDER BY k) AS k, list(mean ORDER BY k) AS mean FROM (
  SELECT series, (epoch_us(${ident(table.timeColumn)}) // ${String(bucket)})::DOUBLE AS k, avg(value) AS mean
  FROM ${seriesSource(table)}
  WHERE ${inRange(table.timeColumn, rangeWithAfter(range, windows))} AND isfinite(value) AND series IN (${series.map(text).join(", ")})
  GROUP BY 1, 2) GROUP BY series`,
    { series: STRING, k: "numbers", mean: "numbers" },
    options,
  );
  return new Map(
    found.map(({ series: key, k, mean }) => [key, course(bucket, k, mean, "mean", windows)]),
  );
}

/**
 * How far the values of a column of an own table are from the baseline's
 * profile, per bucket: squared Jensen-Shannon distance over the baseline's
 * quantile bins or most frequent values, missing values as a class of their own,
 * less what chance alone gives.
 */
export async function distanceCourse(
  engine: Engine,
  table: TableMeta,
  compared: ColumnComparison,
  open: WindowPair,
  options: QueryOptions = {},
): Promise<Course | null> {
  const windows = closedWindows(open, table);
  const range = courseRange(windows);
  if (range === null || table.timeColumn === null) return null;
  const classes = classSql(table, compared);
  if (classes === null) return null;
  const bucket = ownBucket(table, range);
  const found = await queryRows(
    engine,
    `SELECT epoch_us(${ident(table.timeColumn)}) // ${String(bucket)} AS k, ${classes} AS c, count(*) AS n
FROM ${ident(table.name)} WHERE ${inRange(table.timeColumn, rangeWithAfter(range, windows))} GROUP BY 1, 2 ORDER BY 1`,
    { k: NUMBER, c: NUMBER, n: NUMBER },
    options,
  );
  const size = found.reduce((most, row) => Math.max(most, row.c), 0) + 1;
  const buckets = new Map<number, number[]>();
  const profile = new Array<number>(size).fill(0);
  for (const row of found) {
    const counts = buckets.get(row.k) ?? new Array<number>(size).fill(0);
    counts[row.c] = row.n;
    buckets.set(row.k, counts);
    if ((row.k + 1) * bucket <= (windows.baseline.to ?? 0)) {
      profile[row.c] = (profile[row.c] ?? 0) + row.n;
    }
  }
  const total = profile.reduce((s, c) => s + c, 0);
  if (total === 0) return null;
  const used = profile.filter((c) => c > 0).length;
  const values = [...buckets.values()].map((counts) => {
    const rows = counts.reduce((s, c) => s + c, 0);
    const noise = psiNoise(used, total, rows) / (8 * Math.LN2);
    return jensenShannon(profile, counts) ** 2 - noise;
  });
  return course(bucket, [...buckets.keys()], values, "distance", windows);
}

function course(
  bucket: number,
  keys: readonly number[],
  values: readonly number[],
  statistic: Course["statistic"],
  windows: WindowPair,
): Course {
  const range = courseRange(windows);
  const times = keys.map((k) => k * bucket);
  const past = times.findIndex((t) => t >= (range?.to ?? Infinity));
  const length = past < 0 ? times.length : past;
  const end = windows.baseline.to ?? 0;
  return {
    bucket,
    times: times.slice(0, length),
    values: values.slice(0, length),
    statistic,
    baseline: times.filter((t) => t + bucket <= end).length,
    after: values.slice(length),
  };
}

/** Values at the same times; the other's latest value at or before each time, at most a bucket old. */
export function pairUp(course: Course, other: Course): [number, number][] {
  const pairs: [number, number][] = [];
  const most = Math.max(course.bucket, other.bucket);
  let k = -1;
  for (const [index, time] of course.times.entries()) {
    while (k + 1 < other.times.length && (other.times[k + 1] ?? 0) <= time) k++;
    if (k < 0 || time - (other.times[k] ?? 0) >= most) continue;
    pairs.push([course.values[index] ?? 0, other.values[k] ?? 0]);
  }
  return pairs;
}

/** Buckets with enough rows each, between 16 and 160 of them. */
function ownBucket(table: TableMeta, range: TimeRange): number {
  const span = (table.to ?? range.to) - (table.from ?? range.from) + 1;
  const rows = table.rows * Math.min(1, (range.to - range.from) / Math.max(1, span));
  const buckets = Math.max(LEAST_BUCKETS, Math.min(MOST_BUCKETS, rows / ROWS_PER_BUCKET));
  return bucketOf(range, buckets);
}

function inRange(timeColumn: string, range: TimeRange): string {
  const at = (t: number): string => timestampLiteral(t as EvidenceTime);
  const time = ident(timeColumn);
  return `${time} >= ${at(range.from)} AND ${time} < ${at(range.to)}`;
}

/** SQL: class number of a value; 0 is missing. Null for columns without classes. */
export function classSql(table: TableMeta, compared: ColumnComparison): string | null {
  if (!table.columns.some((c) => c.name === compared.column)) return null;
  const column = ident(compared.column);
  if (compared.distribution?.kind === "categorical") {
    const cases = compared.distribution.categories.map(
      (value, k) => `WHEN ${text(value)} THEN ${String(k + 1)}`,
    );
    const other = compared.distribution.categories.length + 1;
    return `CASE WHEN ${column} IS NULL THEN 0 ELSE CASE CAST(${column} AS VARCHAR) ${cases.join(" ")} ELSE ${String(other)} END END`;
  }
  const quantiles = compared.baseline.quantiles ?? compared.incident.quantiles;
  if (quantiles === null || compared.type === "timestamp") return null;
  const value = compared.type === "varchar" ? `length(${column})::DOUBLE` : `${column}::DOUBLE`;
  const edges = [...new Set(quantiles)].sort((a, b) => a - b);
  // A class for the edge itself, where many values may be equal.
  const cases = edges.flatMap((edge, k) => [
    `WHEN ${value} < ${num(edge)} THEN ${String(2 * k + 1)}`,
    ...(quantiles.filter((q) => q === edge).length > 1
      ? [`WHEN ${value} = ${num(edge)} THEN ${String(2 * k + 2)}`]
      : []),
  ]);
  return `CASE WHEN ${column} IS NULL OR isnan(${value}) THEN 0 ${cases.join(" ")} ELSE ${String(2 * edges.length + 1)} END`;
}
