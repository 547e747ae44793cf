import { DAY, HOUR, MINUTE, SECOND } from "../../base/time.ts";
import type { Window } from "../../model/window.ts";
import { NUMBER, queryRows, STRING } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { withoutProgress, type TableTask } from "../table-task.ts";
import type { TimeRange } from "../windows.ts";

/** Rows per bucket of time in one window; bucket `k` is `[k * width, (k + 1) * width)` µs UTC. */
export interface WindowRhythm {
  /** As far as the table was collected; for a window with a filter, from its first to its last row. */
  readonly span: TimeRange;
  /** Numbers of the whole buckets inside the span: `[first, last)`. */
  readonly first: number;
  readonly last: number;
  /** Rows of bucket `first + n`, empty ones included. */
  readonly counts: Float64Array;
}

/** Rows of both windows over time. */
export interface RowRhythm {
  /** µs; half an hour or a part of it, hours only for more than a year. */
  readonly width: number;
  readonly baseline: WindowRhythm;
  readonly incident: WindowRhythm;
  /** Times of the first and last row of each bucket with rows, µs UTC. */
  readonly edges: ReadonlyMap<number, TimeRange>;
  /** SQL that repeats the counts. */
  readonly sql: string;
}

/** Parts of a day that half hours and hours are made of. */
const WIDTHS = [
  ...[1, 5, 10, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 30].map((n) => n * MINUTE),
  ...[1, 6, 24].map((n) => n * HOUR),
];

/** The smallest width that cuts a length of time (µs) in at most `most` buckets. */
export function rhythmWidth(length: number, most: number): number {
  return WIDTHS.find((w) => length / w <= most) ?? DAY;
}

/** Rows over time of both windows, in one scan; null for tables without time. */
export async function rowRhythm(task: TableTask, most = 25_000): Promise<RowRhythm | null> {
  const spans = windowSpans(task);
  if (spans === null) return null;
  const width = rhythmWidth(lengthOf(spans.baseline) + lengthOf(spans.incident), most);
  const { baseline, incident } = task.predicates;
  const time = ident(task.table.timeColumn ?? "");
  const sql = `SELECT make_timestamp(k * ${String(width)}) AS bucket, * FROM (
  SELECT epoch_us(${time}) // ${String(width)} AS k, count(*) FILTER (WHERE ${baseline}) AS baseline,
    count(*) FILTER (WHERE ${incident}) AS incident,
    epoch_us(min(${time})) AS earliest, epoch_us(max(${time})) AS latest
  FROM ${ident(task.table.name)} WHERE ${baseline} OR ${incident} GROUP BY 1) ORDER BY k`;
  const rows = await queryRows(
    task.engine,
    sql,
    { k: NUMBER, baseline: NUMBER, incident: NUMBER, earliest: NUMBER, latest: NUMBER },
    withoutProgress(task.options),
  );
  const edges = new Map(rows.map((r) => [r.k, { from: r.earliest, to: r.latest }]));
  const of = (which: "baseline" | "incident"): WindowRhythm =>
    windowRhythm(
      rows.map((r) => ({ ...r, rows: r[which] })),
      width,
      spans[which],
      task.windows[which],
    );
  return { width, baseline: of("baseline"), incident: of("incident"), edges, sql };
}

/** Rows over time of each value of a column, in one scan. Widths are coarser than those of all rows. */
export async function segmentRhythms(
  task: TableTask,
  column: string,
  most = 2000,
): Promise<Map<string, RowRhythm>> {
  const spans = windowSpans(task);
  if (spans === null) return new Map();
  const width = rhythmWidth(lengthOf(spans.baseline) + lengthOf(spans.incident), most);
  const { baseline, incident } = task.predicates;
  const time = ident(task.table.timeColumn ?? "");
  const sql = `SELECT CAST(${ident(column)} AS VARCHAR) AS segment, epoch_us(${time}) // ${String(width)} AS k,
  count(*) FILTER (WHERE ${baseline}) AS baseline, count(*) FILTER (WHERE ${incident}) AS incident,
  epoch_us(min(${time})) AS earliest, epoch_us(max(${time})) AS latest
FROM ${ident(task.table.name)} WHERE (${baseline} OR ${incident}) AND ${ident(column)} IS NOT NULL
GROUP BY ALL ORDER BY segment, k`;
  const rows = await queryRows(
    task.engine,
    sql,
    {
      segment: STRING,
      k: NUMBER,
      baseline: NUMBER,
      incident: NUMBER,
      earliest: NUMBER,
      latest: NUMBER,
    },
    withoutProgress(task.options),
  );
  const bySegment = new Map<string, typeof rows>();
  for (const row of rows) {
    const list = bySegment.get(row.segment);
    if (list === undefined) bySegment.set(row.segment, [row]);
    else list.push(row);
  }
  return new Map(
    [...bySegment].map(([segment, list]) => {
      const of = (which: "baseline" | "incident"): WindowRhythm =>
        windowRhythm(
          list.map((r) => ({ ...r, rows: r[which] })),
          width,
          spans[which],
          { from: null, to: null },
        );
      const edges = new Map(list.map((r) => [r.k, { from: r.earliest, to: r.latest }]));
      return [
        segment,
        { width, baseline: of("baseline"), incident: of("incident"), edges, sql },
      ] as const;
    }),
  );
}

/** Both windows as far as the table was collected; null where one has no length. */
export function windowSpans(
  task: TableTask,
): { readonly baseline: TimeRange; readonly incident: TimeRange } | null {
  if (task.table.timeColumn === null) return null;
  const baseline = spanOf(task.windows.baseline, task);
  const incident = spanOf(task.windows.incident, task);
  return baseline === null || incident === null ? null : { baseline, incident };
}

function spanOf(window: Window, { table }: TableTask): TimeRange | null {
  const from = Math.max(window.from ?? -Infinity, table.from ?? -Infinity);
  const to = Math.min(window.to ?? Infinity, table.to === null ? Infinity : table.to + 1);
  return Number.isFinite(from) && Number.isFinite(to) && to > from ? { from, to } : null;
}

function windowRhythm(
  rows: readonly {
    readonly k: number;
    readonly rows: number;
    readonly earliest: number;
    readonly latest: number;
  }[],
  width: number,
  span: TimeRange,
  window: Window,
): WindowRhythm {
  const own = window.filter === undefined ? span : spanOfRows(rows, span);
  const first = Math.ceil(own.from / width);
  const last = Math.max(first, Math.floor(own.to / width));
  const counts = new Float64Array(last - first);
  for (const row of rows) {
    if (row.k >= first && row.k < last) counts[row.k - first] = row.rows;
  }
  return { span: own, first, last, counts };
}

function spanOfRows(
  rows: readonly { readonly rows: number; readonly earliest: number; readonly latest: number }[],
  span: TimeRange,
): TimeRange {
  let from = Infinity;
  let to = -Infinity;
  for (const row of rows) {
    if (row.rows === 0) continue;
    from = Math.min(from, row.earliest);
    to = Math.max(to, row.latest);
  }
  return to >= from ? { from, to: to + 1 } : span;
}

function lengthOf({ from, to }: TimeRange): number {
  return to - from;
}
