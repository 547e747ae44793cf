import { SECOND } from "../../base/time.ts";
import { NUMBER, queryRows } from "../../tables/rows.ts";
import { text } from "../../tables/sql.ts";
import type { LogTask, LogWindow } from "./log-task.ts";
import { keyOf, unitLines, type LogUnit } from "./log-units.ts";

/** One line follows another when it comes within this time. */
export const WITHIN = 5 * SECOND;
/** Next lines of the same trace, or service and host, that are looked at. */
const NEXT_LINES = 5;
/** Lines of a window that are looked at; of more, the minutes with the least hashes. */
const MOST_LINES = 300_000;
const SLICE = 60 * SECOND;
const SLICES = 10_000;

/** Cases of a template, and how often it was followed by another, in a part of a window. */
export interface FollowerCount {
  readonly first: number;
  /** Null for the row that counts the cases. */
  readonly then: number | null;
  /** 0 and 1 for the halves of the window in time. */
  readonly half: number;
  readonly n: number;
}

/** Keys under which programs note what request a line belongs to. */
const TRACE =
  '(?i)"(?:trace[_.-]?id|x-request-id|request[_.-]?id|correlation[_.-]?id)"\\s*:\\s*"([^"]+)"';

const TRACE_SQL = `nullif(regexp_extract(fields, ${text(TRACE)}, 1), '')`;

/**
 * Whether lines can be grouped by trace: most of the first lines of the baseline
 * name one, and traces have more than one line. Throws `Fault<EngineError>`.
 */
export async function hasTraces(task: LogTask): Promise<boolean> {
  const [found] = await queryRows(
    task.engine,
    `SELECT count(*) AS n, count(trace) AS named, count(DISTINCT trace) AS traces
FROM (SELECT ${TRACE_SQL} AS trace FROM ${task.table} WHERE ${task.baseline.where} LIMIT 20000)`,
    { n: NUMBER, named: NUMBER, traces: NUMBER },
    task.options,
  );
  return found !== undefined && found.named >= found.n / 2 && found.named >= 1.5 * found.traces;
}

/** Share of the window's lines that is looked at, in (0, 1]. */
export function sampledShare(lines: number): number {
  return Math.min(1, MOST_LINES / Math.max(1, lines));
}

/**
 * How often lines of these templates were followed by one of the others among the
 * next `NEXT_LINES` of the same group within `WITHIN`. A line so close to the end of
 * the window (or of a minute of the sample) that its follower may lie beyond it is
 * no case. One scan. Throws `Fault<EngineError>`.
 * @param lines of these templates in the window
 */
export async function countFollowers(
  task: LogTask,
  units: readonly LogUnit[],
  window: LogWindow,
  byTrace: boolean,
  lines: number,
): Promise<FollowerCount[]> {
  const rows = await queryRows(
    task.engine,
    followersSql(task, units, window, byTrace, sampledShare(lines)),
    { first: NUMBER, next: NUMBER, half: NUMBER, n: NUMBER },
    task.options,
  );
  return rows.map(({ first, next, half, n }) => ({ first, then: next < 0 ? null : next, half, n }));
}

/** `next` is -1 in the rows that count the cases. */
export function followersSql(
  task: LogTask,
  units: readonly LogUnit[],
  window: LogWindow,
  byTrace: boolean,
  share: number,
): string {
  const keys = units.map(keyOf).join(", ");
  const all = units.flatMap((u) => u.shapes).join(", ");
  const slice = `epoch_us(ts) // ${String(SLICE)}`;
  const isSampled = share < 1;
  const sampled = isSampled
    ? ` AND hash(${slice}) % ${String(SLICES)} < ${String(Math.ceil(share * SLICES))}`
    : "";
  const group = byTrace
    ? `coalesce(${TRACE_SQL}, '')`
    : "coalesce(service, '') || chr(0) || coalesce(host, '')";
  const middle = Math.floor((window.from + window.to) / 2);
  const end = isSampled
    ? `least(${String(window.to)}, (tm // ${String(SLICE)} + 1) * ${String(SLICE)})`
    : String(window.to);
  const steps = Array.from({ length: NEXT_LINES }, (_, k) => k + 1);
  const next = steps.map(
    (k) =>
      `lead(u, ${String(k)}) OVER w AS u${String(k)}, lead(tm, ${String(k)}) OVER w AS t${String(k)}`,
  );
  const near = steps.map(
    (k) => `CASE WHEN t${String(k)} - tm <= ${String(WITHIN)} THEN u${String(k)} END`,
  );
  return `WITH lines AS (
  SELECT u, epoch_us(ts) AS tm, _ev, _line, ${group} AS g
  FROM ${unitLines(task.table, units, `${window.where}${sampled} AND shape IN (${all})`)} WHERE u IN (${keys})),
ordered AS (
  SELECT u, tm, g, ${next.join(", ")} FROM lines
  WINDOW w AS (PARTITION BY g${isSampled ? `, tm // ${String(SLICE)}` : ""} ORDER BY tm, _ev, _line)),
cases AS (
  SELECT u AS first, (tm >= ${String(middle)})::INTEGER AS half,
    list_distinct([-1, ${near.join(", ")}]) AS others
  FROM ordered WHERE tm + ${String(WITHIN)} <= ${end})
SELECT first, next, half, count(*) AS n FROM (SELECT first, half, unnest(others) AS next FROM cases)
WHERE next IS NOT NULL GROUP BY ALL`;
}
