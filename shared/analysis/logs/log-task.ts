import type { TableMeta } from "../../model/table.ts";
import type { TemplateEdit } from "../../model/template-edit.ts";
import type { Window } from "../../model/window.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, queryRows, TIMESTAMP_OR_NULL } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { snapBucket } from "../buckets.ts";
import { withoutProgress } from "../table-task.ts";
import { whyNotApplicable, windowPredicate, type WindowPair } from "../windows.ts";

/** Logs and windows, as every question about them gets them. */
export interface LogsInput {
  readonly logs: TableMeta;
  readonly windows: WindowPair;
  readonly edits: readonly TemplateEdit[];
}

/** A window of the logs: where it is, as SQL, and what it covers. */
export interface LogWindow {
  /** SQL condition of its lines with a time. */
  readonly where: string;
  /** µs UTC, half-open; as far as there are lines at all. */
  readonly from: number;
  readonly to: number;
  readonly lines: number;
}

export interface LogTask {
  readonly engine: Engine;
  /** Quoted. */
  readonly table: string;
  readonly baseline: LogWindow;
  readonly incident: LogWindow;
  /** µs. */
  readonly bucket: number;
  /** Without progress. */
  readonly options: QueryOptions;
}

/** Buckets of the shorter window at least about so many, of the longer at most so many. */
const WANTED_BUCKETS = 60;
const MOST_BUCKETS = 2000;
const LEAST_BUCKET = 1_000_000;

/**
 * The windows of the logs, or why there is nothing to compare, in words.
 * Throws `Fault<EngineError>`.
 */
export async function logTask(
  engine: Engine,
  { logs, windows }: LogsInput,
  options: QueryOptions = {},
): Promise<LogTask | string> {
  for (const which of ["baseline", "incident"] as const) {
    const why = whyNotApplicable(logs, windows[which]);
    if (why !== null) return why;
  }
  const quiet = withoutProgress(options);
  const table = ident(logs.name);
  const time = ident(logs.timeColumn ?? "ts");
  const whereOf = (window: Window): string =>
    `${windowPredicate(logs, window) ?? "true"} AND ${time} IS NOT NULL`;
  const [b, i] = [whereOf(windows.baseline), whereOf(windows.incident)];
  const [found] = await queryRows(
    engine,
    `SELECT min(${time}) AS first, max(${time}) AS last,
  count(*) FILTER (${b}) AS nb, min(${time}) FILTER (${b}) AS fb, max(${time}) FILTER (${b}) AS lb,
  count(*) FILTER (${i}) AS ni, min(${time}) FILTER (${i}) AS fi, max(${time}) FILTER (${i}) AS li
FROM ${table} WHERE shape IS NOT NULL`,
    {
      ...{ first: TIMESTAMP_OR_NULL, last: TIMESTAMP_OR_NULL },
      ...{ nb: NUMBER, fb: TIMESTAMP_OR_NULL, lb: TIMESTAMP_OR_NULL },
      ...{ ni: NUMBER, fi: TIMESTAMP_OR_NULL, li: TIMESTAMP_OR_NULL },
    },
    quiet,
  );
  if (found === undefined || found.first === null || found.last === null) {
    return "no log line has a time and a message";
  }
  if (found.nb === 0) return "the baseline has no log lines";
  const all = { from: found.first, to: found.last + 1 };
  const baseline = {
    where: b,
    lines: found.nb,
    ...span(windows.baseline, all, found.fb, found.lb),
  };
  const incident = {
    where: i,
    lines: found.ni,
    ...span(windows.incident, all, found.fi, found.li),
  };
  if (incident.to <= incident.from) return "the incident lies outside the time of the logs";
  const lengths = [baseline.to - baseline.from, incident.to - incident.from];
  const bucket = snapBucket(
    Math.max(
      LEAST_BUCKET,
      Math.min(...lengths) / WANTED_BUCKETS,
      Math.max(...lengths) / MOST_BUCKETS,
    ),
  );
  return { engine, table, baseline, incident, bucket, options: quiet };
}

/** A window between its two ends; one that is cut by values only, between its first and last line. */
function span(
  window: Window,
  all: { from: number; to: number },
  first: number | null,
  last: number | null,
): { from: number; to: number } {
  const open = window.from === null && window.to === null && first !== null && last !== null;
  if (open) return { from: first, to: last + 1 };
  return {
    from: Math.max(window.from ?? -Infinity, all.from),
    to: Math.min(window.to ?? Infinity, all.to),
  };
}

/** Length of a window in buckets, a last one that is cut counted in part. */
export function bucketsOf(window: LogWindow, bucket: number): number {
  return (window.to - window.from) / bucket;
}
