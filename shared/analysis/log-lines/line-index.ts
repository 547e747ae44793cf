import type { LogFilter, LogIndex, LogSegment } from "../../model/log-query.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, NUMBER_OR_NULL, queryRows, STRING } from "../../tables/rows.ts";
import { snapBucket } from "../buckets.ts";
import type { TimeRange } from "../windows.ts";
import { filterSql } from "./line-filter.ts";
import { spanSql } from "./line-order.ts";
import { signalOf } from "./signal.ts";
import { textShapes } from "./text-shapes.ts";

/** Buckets of the first count; the picture above the list is made of them. */
const BUCKETS = 4000;
/** A page sorts at most about this many lines; denser stretches are counted finer. */
const MOST_LINES = 20_000;
/** Into how many parts, at least, a dense bucket is cut. */
const PARTS = 64;
/** Lines of a file without times, in one stretch. */
const UNTIMED_LINES = 16_384;
/** Most severe first; other texts follow by name. */
const LEVEL_ORDER = ["fatal", "error", "warn", "info", "debug", "trace", "other"];

export interface LogIndexInput {
  readonly filter: LogFilter;
  /** All that the lines cover, µs UTC, half-open; null where no line has a time. */
  readonly bounds: TimeRange | null;
  /** Only lines of this time; null for all, those without a time among them. */
  readonly range: TimeRange | null;
}

/** Lines of one level in one bucket. */
interface Count {
  readonly from: number;
  readonly level: string;
  readonly n: number;
}

/** What is counted, the same for coarse and fine buckets. */
interface Task {
  readonly engine: Engine;
  readonly condition: string;
  /** A multiple of every bucket width before all times: `//` cuts towards zero. */
  readonly origin: number;
  readonly range: TimeRange | null;
  readonly options: QueryOptions;
}

/**
 * How many lines a filter leaves and where they stand, in one scan of the
 * columns that it needs. With it a list can go to any line by its number and
 * sorts one stretch, not all lines.
 */
export async function logIndex(
  engine: Engine,
  { filter, bounds, range }: LogIndexInput,
  given: QueryOptions = {},
): Promise<LogIndex> {
  const options = signalOf(given);
  const shapes = filter.search === null ? null : await textShapes(engine, filter.search, options);
  const whole = range ?? bounds ?? { from: 0, to: 1 };
  const bucket = snapBucket(Math.max(1, (whole.to - whole.from) / BUCKETS));
  const task: Task = {
    engine,
    condition: filterSql(filter, shapes) ?? "true",
    origin: Math.min(0, Math.floor((bounds?.from ?? 0) / bucket) * bucket),
    range,
    options,
  };
  const { timed, untimed } = await countLevels(task, bucket);
  const segments = await timedSegments(task, timed, bucket);
  if (untimed > 0) segments.push(...(await untimedSegments(task)));
  return {
    total: segments.reduce((sum, s) => sum + s.lines, 0),
    untimed,
    segments,
    bucket,
    ...byLevel(timed),
  };
}

/** SQL: the start of the bucket of a line, in µs. */
function bucketSql({ origin }: Task, width: number): string {
  return `((epoch_us(ts) - (${String(origin)})) // ${String(width)}) * ${String(width)} + (${String(origin)})`;
}

async function countLevels(
  task: Task,
  width: number,
  within = "true",
): Promise<{ timed: Count[]; untimed: number }> {
  const inRange = task.range === null ? "true" : spanSql({ kind: "time", ...task.range });
  const rows = await queryRows(
    task.engine,
    `SELECT ${bucketSql(task, width)} AS k, coalesce(level, 'other') AS level, count(*) AS n
     FROM logs WHERE ${within} AND ${inRange} AND ${task.condition} GROUP BY 1, 2 ORDER BY 1, 2`,
    { k: NUMBER_OR_NULL, level: STRING, n: NUMBER },
    task.options,
  );
  return {
    timed: rows.flatMap(({ k, level, n }) => (k === null ? [] : [{ from: k, level, n }])),
    untimed: rows.reduce((sum, { k, n }) => (k === null ? sum + n : sum), 0),
  };
}

/** Stretches of a count with this width; where there are too many lines in one, of a finer count. */
async function timedSegments(
  task: Task,
  counts: readonly Count[],
  width: number,
): Promise<LogSegment[]> {
  const sums = sumsOf(counts);
  const dense = [...sums].filter(([, s]) => s.lines > MOST_LINES && width > 1).map(([k]) => k);
  const isDense = new Set(dense);
  const segments = [...sums]
    .filter(([from]) => !isDense.has(from))
    .map(([from, sum]) => ({ span: clipped(task.range, from, from + width), ...sum }));
  const [first] = dense;
  const last = dense.at(-1);
  if (first === undefined || last === undefined) return segments;
  const finer = finerWidth(width);
  const within = `${spanSql({ kind: "time", from: first, to: last + width })} AND ${bucketSql(task, width)} IN (${dense.join(", ")})`;
  const { timed } = await countLevels(task, finer, within);
  return [...segments, ...(await timedSegments(task, timed, finer))].sort(
    (a, b) => startOf(a) - startOf(b),
  );
}

/** The widest bucket that cuts one of `width` in whole parts, and in `PARTS` of them at least. */
function finerWidth(width: number): number {
  if (width <= PARTS) return 1;
  let parts = PARTS;
  while (width % parts !== 0) parts++;
  return width / parts;
}

function clipped(range: TimeRange | null, from: number, to: number): LogSegment["span"] {
  if (range === null) return { kind: "time", from, to };
  return { kind: "time", from: Math.max(from, range.from), to: Math.min(to, range.to) };
}

function startOf({ span }: LogSegment): number {
  return span.from;
}

/** Lines without a time, by file and place in it. */
async function untimedSegments({ engine, condition, options }: Task): Promise<LogSegment[]> {
  const rows = await queryRows(
    engine,
    `SELECT _ev AS ev, _line // ${String(UNTIMED_LINES)} AS k, coalesce(level, 'other') AS level, count(*) AS n
     FROM logs WHERE ts IS NULL AND ${condition} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    { ev: NUMBER, k: NUMBER, level: STRING, n: NUMBER },
    options,
  );
  return [...new Set(rows.map((row) => row.ev))].flatMap((evidence) => {
    const own = rows.filter((row) => row.ev === evidence);
    return [...sumsOf(own.map(({ k, level, n }) => ({ from: k, level, n })))].map(([k, sum]) => ({
      span: {
        kind: "lines" as const,
        evidence,
        from: k * UNTIMED_LINES,
        to: (k + 1) * UNTIMED_LINES,
      },
      ...sum,
    }));
  });
}

/** Lines by bucket, in the order of the counts. */
function sumsOf(counts: readonly Count[]): Map<number, Omit<LogSegment, "span">> {
  const sums = new Map<number, { lines: number; errors: number; warnings: number }>();
  for (const { from, level, n } of counts) {
    let sum = sums.get(from);
    if (sum === undefined) sums.set(from, (sum = { lines: 0, errors: 0, warnings: 0 }));
    sum.lines += n;
    if (level === "error" || level === "fatal") sum.errors += n;
    if (level === "warn") sum.warnings += n;
  }
  return sums;
}

function byLevel(counts: readonly Count[]): Pick<LogIndex, "times" | "levels"> {
  const times = [...new Set(counts.map((c) => c.from))];
  const place = new Map(times.map((at, i) => [at, i]));
  const rank = (level: string): number => {
    const known = LEVEL_ORDER.indexOf(level);
    return known === -1 ? LEVEL_ORDER.length : known;
  };
  const names = [...new Set(counts.map((c) => c.level))].sort(
    (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1),
  );
  const levels = names.map((level) => ({ level, counts: new Array<number>(times.length).fill(0) }));
  const byName = new Map(levels.map((l) => [l.level, l.counts]));
  for (const { from, level, n } of counts) {
    const list = byName.get(level);
    if (list !== undefined) list[place.get(from) ?? 0] = n;
  }
  return { times, levels };
}
