import { HOUR, MINUTE, SECOND } from "../../base/time.ts";
import type { Fact } from "../../model/shift.ts";
import type { TableMeta } from "../../model/table.ts";
import { NUMBER, NUMBER_OR_NULL, NUMBERS_OR_NULL, queryRows } from "../../tables/rows.ts";
import { ident, num } from "../../tables/sql.ts";
import { formatDuration, formatShare } from "../sentences.ts";
import { withoutProgress, type TableTask } from "../table-task.ts";
import type { CheckFinding } from "./check.ts";
import { hitFacts, shareGain } from "./content-finding.ts";
import { nameWords } from "./name-hints.ts";
import { hoursText } from "./time-zone.ts";
import { isTold } from "./told-finding.ts";

/** Words of columns that say when a row came to be known. */
const ARRIVAL =
  /^(?:creat(?:ed|ion)|ingest(?:ed|ion)?|process(?:ed|ing)?|updat(?:ed|e)|load(?:ed)?|arriv(?:ed|al)|receiv(?:ed|e)|insert(?:ed)?|writ(?:ten|e)|publish(?:ed)?|materiali[sz]ed|modified|available|computed)$/;
const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
const MEDIAN = LEVELS.indexOf(0.5);
const LEAST_ROWS = 50;
/** A late row is late by at least a quarter more than what was usual. */
const MATERIAL = 1.25;
/** A backfill is written within a tenth of the time that it covers. */
const BURST = 0.1;
/** Quantiles of a lag that only moved agree to a minute. */
const RIGID = MINUTE;

/** Whether a column's name says that it holds the time at which a row came to be known. */
export function isArrivalTime(name: string): boolean {
  return nameWords(name).some((w) => ARRIVAL.test(w));
}

/** The column with the time at which rows came to be known, beside the event's time; or null. */
export function arrivalColumn(table: TableMeta): string | null {
  const found = table.columns.find(
    (c) => c.type === "timestamp" && c.name !== table.timeColumn && isArrivalTime(c.name),
  );
  return found?.name ?? null;
}

interface Lag {
  readonly column: string;
  readonly rows: number;
  readonly nextRows: number;
  /** µs, at `LEVELS`. */
  readonly baseline: readonly number[];
  readonly incident: readonly number[];
}

/**
 * The lag of further time columns behind the table's own: jumped by whole hours
 * or half hours as after a change of time zone (all quantiles moved alike, to the
 * minute); else, for columns that say when a row was created, ingested or
 * processed, rows later than 99 % of the baseline's. Late rows that were written
 * within a tenth of the time that they cover are a backfill. One scan for all
 * columns, one more for each that looks late.
 * @throws Fault<EngineError>
 */
export async function checkArrivalLag(task: TableTask): Promise<CheckFinding[]> {
  const time = task.table.timeColumn;
  if (time === null) return [];
  const columns = task.table.columns
    .filter((c) => c.type === "timestamp" && c.name !== time && !c.name.startsWith("_"))
    .map((c) => c.name);
  const found: CheckFinding[] = [];
  for (const lag of await readLags(task, time, columns)) {
    const zone = zoneJump(task, time, lag);
    if (zone !== null) found.push(zone);
    else if (isArrivalTime(lag.column)) found.push(...(await lateRows(task, time, lag)));
  }
  return found.filter(isTold);
}

async function readLags(task: TableTask, time: string, columns: readonly string[]): Promise<Lag[]> {
  const { baseline, incident } = task.predicates;
  const found: Lag[] = [];
  for (const column of columns) {
    const quantiles = (condition: string): string =>
      `quantile_cont(${lagSql(time, column)}::DOUBLE, [${LEVELS.join(", ")}]) FILTER (WHERE ${condition})`;
    const [row] = await queryRows(
      task.engine,
      `SELECT ${quantiles(baseline)} AS b, ${quantiles(incident)} AS i,
  count(${ident(column)}) FILTER (WHERE ${baseline}) AS nb,
  count(${ident(column)}) FILTER (WHERE ${incident}) AS ni
FROM ${ident(task.table.name)} WHERE ${baseline} OR ${incident}`,
      { b: NUMBERS_OR_NULL, i: NUMBERS_OR_NULL, nb: NUMBER, ni: NUMBER },
      withoutProgress(task.options),
    );
    if (row === undefined || row.b === null || row.i === null) continue;
    if (row.nb < LEAST_ROWS || row.ni < LEAST_ROWS) continue;
    found.push({ column, rows: row.nb, nextRows: row.ni, baseline: row.b, incident: row.i });
  }
  return found;
}

/**
 * Whether a distribution of lags moved as a whole by a multiple of half an hour.
 * @param baseline quantiles at 0.05, 0.25, 0.5, 0.75, 0.95 and 0.99 in µs, as those of `incident`
 * @returns the move in µs, or null
 */
export function rigidHours(
  baseline: readonly number[],
  incident: readonly number[],
): number | null {
  const moves = incident.map((v, k) => v - (baseline[k] ?? NaN));
  const middle = moves[MEDIAN] ?? NaN;
  const jump = Math.round(middle / (HOUR / 2)) * (HOUR / 2);
  if (!(Math.abs(jump) >= HOUR) || Math.abs(jump) > 14 * HOUR) return null;
  // The last quantile belongs to a tail: it may wander.
  const steady = moves.slice(0, -1).every((move) => Math.abs(move - jump) <= RIGID);
  return steady ? jump : null;
}

function zoneJump(task: TableTask, time: string, lag: Lag): CheckFinding | null {
  const jump = rigidHours(lag.baseline, lag.incident);
  if (jump === null) return null;
  const hours = jump / HOUR;
  const middleB = lag.baseline[MEDIAN] ?? 0;
  const middleI = lag.incident[MEDIAN] ?? 0;
  return {
    column: lag.column,
    kind: "time_zone",
    statistic: { name: "lag_jump_hours", value: hours, p: null },
    effect: { name: "lag_jump_hours", value: hours },
    measure: "time_zone",
    size: Math.abs(hours),
    sentence: `\`${lag.column}\` lies ${hoursText(jump)} against \`${time}\` than in the baseline, to the minute and for all rows alike (${signedDuration(middleB)} → ${signedDuration(middleI)}), as after a change of time zone`,
    facts: [{ name: "Shift", value: `${String(hours)} h` }, ...lagFacts(lag)],
    sql: lagsSql(task, time, lag.column, lag.baseline[5] ?? 0),
  };
}

async function lateRows(task: TableTask, time: string, lag: Lag): Promise<CheckFinding[]> {
  const usual = lag.baseline[5] ?? 0;
  // A few late rows leave the 95 % quantile where it was; their share is below what counts.
  if ((lag.incident[4] ?? 0) <= usual) return [];
  const sql = lagsSql(task, time, lag.column, usual);
  const [row] = await queryRows(
    task.engine,
    sql,
    {
      baseline_late: NUMBER,
      incident_late: NUMBER,
      late_median: NUMBER_OR_NULL,
      event_spread: NUMBER_OR_NULL,
      arrival_spread: NUMBER_OR_NULL,
    },
    withoutProgress(task.options),
  );
  if (row === undefined || row.late_median === null) return [];
  if (row.late_median < Math.max(MATERIAL * usual, usual + SECOND)) return [];
  const b = { hits: row.baseline_late, rows: lag.rows };
  const i = { hits: row.incident_late, rows: lag.nextRows };
  const { gain, statistic, effect } = shareGain("late_share", b, i);
  const backfill =
    row.event_spread !== null &&
    row.arrival_spread !== null &&
    row.event_spread >= 2 * HOUR &&
    row.arrival_spread <= BURST * row.event_spread;
  const share = formatShare(i.hits / i.rows);
  const limit = signedDuration(usual);
  const written = `written within ${formatDuration(row.arrival_spread ?? 0)} for events of ${formatDuration(row.event_spread ?? 0)}`;
  return [
    {
      column: lag.column,
      kind: backfill ? "backfill" : "late_arrival",
      statistic,
      effect,
      measure: "late_share",
      size: gain,
      sentence: backfill
        ? `${share} of the incident's rows of \`${task.table.name}\` were filled in afterwards: by \`${lag.column}\` they came more than ${limit} after \`${time}\`, ${written}`
        : `${share} of the incident's rows of \`${task.table.name}\` arrived late: \`${lag.column}\` lies more than ${limit} after \`${time}\`, which 99 % of the baseline's rows stayed below`,
      facts: [
        ...hitFacts(`Rows later than ${limit}`, b, i),
        { name: "Median lag of the late rows", value: formatDuration(row.late_median) },
        ...lagFacts(lag),
      ],
      sql,
    },
  ];
}

function lagFacts({ baseline, incident }: Lag): Fact[] {
  const told = (q: readonly number[]): string =>
    [2, 4, 5]
      .map((k) => `${String(Math.round((LEVELS[k] ?? 0) * 100))} %: ${signedDuration(q[k] ?? 0)}`)
      .join(", ");
  return [
    { name: "Lag, baseline", value: told(baseline) },
    { name: "Lag, incident", value: told(incident) },
  ];
}

function signedDuration(value: number): string {
  return value < 0 ? `-${formatDuration(value)}` : formatDuration(value);
}

function lagSql(time: string, column: string): string {
  return `(epoch_us(${ident(column)}) - epoch_us(${ident(time)}))`;
}

function lagsSql(
  { table, predicates }: TableTask,
  time: string,
  column: string,
  usual: number,
): string {
  const { baseline, incident } = predicates;
  const late = `lag > ${num(Math.round(usual))}`;
  const spread = (x: string): string =>
    `(quantile_cont(${x}, 0.95) FILTER (WHERE in_i AND ${late}) - quantile_cont(${x}, 0.05) FILTER (WHERE in_i AND ${late}))`;
  return `SELECT count(*) FILTER (WHERE in_b AND ${late}) AS baseline_late,
  count(*) FILTER (WHERE in_i AND ${late}) AS incident_late,
  median(lag) FILTER (WHERE in_i AND ${late}) AS late_median,
  ${spread("event")} AS event_spread, ${spread("arrival")} AS arrival_spread,
  median(lag) FILTER (WHERE in_b) AS baseline_median, median(lag) FILTER (WHERE in_i) AS incident_median
FROM (SELECT ${lagSql(time, column)} AS lag, epoch_us(${ident(time)})::DOUBLE AS event,
    epoch_us(${ident(column)})::DOUBLE AS arrival, ${baseline} AS in_b, ${incident} AS in_i
  FROM ${ident(table.name)} WHERE ${baseline} OR ${incident})`;
}
