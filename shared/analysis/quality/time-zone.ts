import { DAY, HOUR, MINUTE } from "../../base/time.ts";
import type { Fact } from "../../model/shift.ts";
import { queryTable, readColumn } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { formatList, formatNumber } from "../sentences.ts";
import { withoutProgress, type TableTask } from "../table-task.ts";
import type { CheckFinding } from "./check.ts";
import { windowSpans, type RowRhythm, type WindowRhythm } from "./row-rhythm.ts";
import { findZoneShift, meanProfile, type DayProfiles, type ZoneShift } from "./zone-shift.ts";

/** Rows in a part of the day, on average, below which a profile is noise. */
const LEAST_ROWS = 20;
/** Rows vary at least so much over the day (standard deviation / mean) to show a rhythm. */
const LEAST_VARIATION = 0.1;
const MOST_COLUMNS = 12;

/** Whether the rows of the incident follow the baseline's day at another hour. Pure. */
export function rowZoneFinding(task: TableTask, rhythm: RowRhythm): CheckFinding | null {
  const column = task.table.timeColumn;
  const bin = Math.max(HOUR / 2, rhythm.width);
  if (column === null || bin > HOUR) return null;
  const baseline = rowProfiles(rhythm.baseline, rhythm.width, bin);
  const incident = rowProfiles(rhythm.incident, rhythm.width, bin);
  if (!hasRows(baseline) || !hasRows(incident)) return null;
  if (variation(baseline) < LEAST_VARIATION) return null;
  const found = findZoneShift(baseline, incident);
  if (found === null) return null;
  return zoneFinding(
    column,
    found,
    `Rows of \`${task.table.name}\` follow the day of the baseline ${hoursText(found.shift)}`,
    rhythm.sql,
  );
}

/** Whether rows come evenly over the day, so that only their values can tell the hour. */
export function isEven(rhythm: RowRhythm): boolean {
  const bin = Math.max(HOUR / 2, rhythm.width);
  const baseline = rowProfiles(rhythm.baseline, rhythm.width, bin);
  return baseline.days.length > 0 && hasRows(baseline) && variation(baseline) < LEAST_VARIATION;
}

/**
 * Where rows come evenly: whether the mean of numeric columns by half hour
 * follows the baseline's day at another hour. One scan over up to twelve columns;
 * windows with filters and windows that share rows are left alone. Where half of
 * the columns with a rhythm moved by the same hours the time column moved, else
 * the columns did.
 * @throws Fault<EngineError>
 */
export async function valueZoneFindings(
  task: TableTask,
  columns: readonly string[],
): Promise<CheckFinding[]> {
  const spans = windowSpans(task);
  const time = task.table.timeColumn;
  const { baseline, incident } = task.windows;
  const asked = columns.slice(0, MOST_COLUMNS);
  if (spans === null || time === null || asked.length === 0) return [];
  if (baseline.filter !== undefined || incident.filter !== undefined) return [];
  if (spans.baseline.from < spans.incident.to && spans.incident.from < spans.baseline.to) return [];
  const width = HOUR / 2;
  const means = asked.map((name, k) => `avg(${ident(name)}::DOUBLE) AS m${String(k)}`);
  const sql = `SELECT epoch_us(${ident(time)}) // ${String(width)} AS k, ${means.join(", ")}
FROM ${ident(task.table.name)} WHERE ${task.predicates.baseline} OR ${task.predicates.incident} GROUP BY 1`;
  const table = await queryTable(task.engine, sql, withoutProgress(task.options));
  const buckets = readColumn(table, "k").map(Number);
  const moved: { readonly name: string; readonly found: ZoneShift }[] = [];
  let rhythmic = 0;
  for (const [c, name] of asked.entries()) {
    const values = readColumn(table, `m${String(c)}`);
    const byBucket = new Map(buckets.map((k, r) => [k, values[r] as number | null]));
    const at = (k: number): number => byBucket.get(k) ?? NaN;
    const b = dayProfiles(spans.baseline, width, at);
    const i = dayProfiles(spans.incident, width, at);
    if (!hasRhythm(b)) continue;
    rhythmic++;
    const found = findZoneShift(b, i);
    if (found !== null) moved.push({ name, found });
  }
  const [first] = moved;
  if (first === undefined) return [];
  const same = moved.filter((m) => m.found.shift === first.found.shift);
  if (rhythmic >= 2 && same.length * 2 >= rhythmic) {
    const names = formatList(same.map((m) => `\`${m.name}\``));
    const told = `The daily course of ${names} comes ${hoursText(first.found.shift)}`;
    return [zoneFinding(time, first.found, told, sql)];
  }
  return moved.map(({ name, found }) =>
    zoneFinding(
      name,
      found,
      `The daily course of \`${name}\` comes ${hoursText(found.shift)}`,
      sql,
    ),
  );
}

function zoneFinding(column: string, found: ZoneShift, told: string, sql: string): CheckFinding {
  const hours = found.shift / HOUR;
  const facts: Fact[] = [
    { name: "Shift", value: `${formatNumber(hours)} h` },
    { name: "Correlation of the daily profiles at this shift", value: formatNumber(found.atLag) },
    { name: "Correlation without a shift", value: formatNumber(found.atZero) },
    ...(found.sameDays
      ? []
      : [
          {
            name: "Note",
            value: "the baseline has no days of the same kind (weekend, working day)",
          },
        ]),
  ];
  return {
    column,
    kind: "time_zone",
    statistic: { name: "profile_lag_hours", value: hours, p: null },
    effect: { name: "profile_lag_hours", value: hours },
    measure: "time_zone",
    size: Math.abs(hours),
    sentence: `${told}: their profiles match with r = ${formatNumber(found.atLag)} there and ${formatNumber(found.atZero)} at the same hour, as after a change of time zone`,
    facts,
    sql,
  };
}

/** "3 h later", "5 h 30 min earlier". */
export function hoursText(shift: number): string {
  const size = Math.abs(shift);
  const hours = Math.floor(size / HOUR);
  const minutes = Math.round((size - hours * HOUR) / MINUTE);
  const parts = [
    ...(hours > 0 ? [`${String(hours)} h`] : []),
    ...(minutes > 0 ? [`${String(minutes)} min`] : []),
  ];
  return `${parts.join(" ")} ${shift > 0 ? "later" : "earlier"}`;
}

function rowProfiles(window: WindowRhythm, width: number, bin: number): DayProfiles {
  const per = Math.max(1, Math.round(bin / width));
  const at = (k: number): number => {
    let sum = 0;
    for (let n = 0; n < per; n++) {
      const i = k * per + n - window.first;
      if (i < 0 || i >= window.counts.length) return NaN;
      sum += window.counts[i] ?? 0;
    }
    return sum;
  };
  const span = { from: window.first * width, to: window.last * width };
  return dayProfiles(span, bin, at);
}

/**
 * Whole days of a span, counted back from its end so that the latest count.
 * @param at value of the bin `[k * bin, (k + 1) * bin)` µs UTC
 */
function dayProfiles(
  span: { readonly from: number; readonly to: number },
  bin: number,
  at: (k: number) => number,
): DayProfiles {
  const bins = DAY / bin;
  const first = Math.ceil(span.from / bin);
  const last = Math.floor(span.to / bin);
  const days = Math.max(0, Math.floor((last - first) / bins));
  const start = last - days * bins;
  return {
    from: start * bin,
    days: Array.from({ length: days }, (_, d) => {
      const profile = new Float64Array(bins);
      for (let k = start + d * bins; k < start + (d + 1) * bins; k++) profile[k % bins] = at(k);
      return profile;
    }),
  };
}

function hasRows({ days }: DayProfiles): boolean {
  const profile = meanProfile(days);
  const mean = profile.reduce((s, v) => s + v, 0) / Math.max(1, profile.length);
  return mean * days.length >= LEAST_ROWS;
}

function variation({ days }: DayProfiles): number {
  const profile = meanProfile(days);
  const mean = profile.reduce((s, v) => s + v, 0) / profile.length;
  const variance = profile.reduce((s, v) => s + (v - mean) ** 2, 0) / profile.length;
  return mean > 0 ? Math.sqrt(variance) / mean : 0;
}

/** Whether days look alike: the mean of the first half explains most of that of the second. */
function hasRhythm({ days }: DayProfiles): boolean {
  if (days.length < 2) return days.length === 1;
  const a = meanProfile(days.filter((_, d) => d % 2 === 0));
  const b = meanProfile(days.filter((_, d) => d % 2 === 1));
  return correlation(a, b) >= 0.8;
}

function correlation(a: Float64Array, b: Float64Array): number {
  const ma = a.reduce((s, v) => s + v, 0) / a.length;
  const mb = b.reduce((s, v) => s + v, 0) / b.length;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (const [k, x] of a.entries()) {
    const y = b[k] ?? NaN;
    ab += (x - ma) * (y - mb);
    aa += (x - ma) ** 2;
    bb += (y - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}
