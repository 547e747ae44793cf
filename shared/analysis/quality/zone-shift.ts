import { DAY, HOUR } from "../../base/time.ts";
import { profileLag, unexplained, type ProfileLag } from "./hour-profile.ts";

/** Values of one window by day and part of the day. */
export interface DayProfiles {
  /** Start of the first day, µs UTC: any time of day; days follow each other. */
  readonly from: number;
  /** Each as long as the day has bins (24 or 48), from the start of the UTC day on; NaN where empty. */
  readonly days: readonly Float64Array[];
}

export interface ZoneShift extends ProfileLag {
  /** µs by which the incident's day comes later. */
  readonly shift: number;
  /** Whether the baseline has days of the same kind (working day, weekend) as the incident. */
  readonly sameDays: boolean;
}

/** A shift of half an hour is no other zone (but for one island). */
const LEAST_SHIFT = HOUR;
/** Between working days and weekends the day itself moves by up to two hours. */
const LEAST_SHIFT_OTHER_DAYS = 3 * HOUR;
const LEAST_R = 0.8;
/** What a shift leaves unexplained, against none: at most a fifth. */
const MUCH_BETTER = 5;
/** What no shift leaves unexplained, against a usual day of the baseline. */
const BEYOND_USUAL = 3;

/**
 * Whether the incident's profile over the day is the baseline's at another hour.
 * Incident days are matched with baseline days of their kind (working day or
 * weekend). A shift is claimed when the profile at the lag has r of at least 0.8
 * and leaves at most a fifth of the variance that no lag leaves unexplained, and
 * when single days of the baseline do not differ nearly as much from the rest.
 * Pure; null where nothing can be told.
 */
export function findZoneShift(baseline: DayProfiles, incident: DayProfiles): ZoneShift | null {
  const bins = baseline.days[0]?.length ?? 0;
  if (bins === 0 || incident.days.length === 0) return null;
  const kinds = incident.days.map((_, d) => isWeekend(incident.from + d * DAY));
  const baseKinds = baseline.days.map((_, d) => isWeekend(baseline.from + d * DAY));
  const sameDays = kinds.every((kind) => baseKinds.includes(kind));
  const parts = incident.days.map((_, d) =>
    meanProfile(baseline.days.filter((__, b) => !sameDays || baseKinds[b] === kinds[d])),
  );
  const before = meanProfile(parts);
  const after = meanProfile(incident.days);
  if (before.some(Number.isNaN) || after.some(Number.isNaN)) return null;
  const found = profileLag(before, after);
  if (found === null) return null;
  const shift = (found.lag * DAY) / bins;
  const least = sameDays ? LEAST_SHIFT : LEAST_SHIFT_OTHER_DAYS;
  if (Math.abs(shift) < least || found.atLag < LEAST_R) return null;
  const left = unexplained(found.atZero);
  if (left < MUCH_BETTER * unexplained(found.atLag)) return null;
  const usual = usualDifference(baseline, baseKinds);
  if (usual !== null && left < BEYOND_USUAL * usual) return null;
  return { ...found, shift, sameDays };
}

/** What a day of the baseline usually leaves unexplained of the others of its kind: the upper quartile. */
function usualDifference(baseline: DayProfiles, kinds: readonly boolean[]): number | null {
  const left = baseline.days.flatMap((day, d) => {
    const others = baseline.days.filter((_, o) => o !== d && kinds[o] === kinds[d]);
    if (others.length === 0) return [];
    const found = profileLag(meanProfile(others), day);
    return found === null || Number.isNaN(found.atZero) ? [] : [unexplained(found.atZero)];
  });
  if (left.length === 0) return null;
  return left.sort((a, b) => a - b)[Math.floor(left.length * 0.75)] ?? null;
}

/** Mean of days bin by bin, over the days that have a value there. */
export function meanProfile(days: readonly Float64Array[]): Float64Array {
  const bins = days[0]?.length ?? 0;
  return Float64Array.from({ length: bins }, (_, k) => {
    const values = days.map((day) => day[k] ?? NaN).filter((v) => !Number.isNaN(v));
    return values.reduce((s, v) => s + v, 0) / values.length;
  });
}

/** By the middle of the day that starts then. */
function isWeekend(from: number): boolean {
  const weekday = (Math.floor((from + DAY / 2) / DAY) + 4) % 7;
  return weekday === 0 || weekday === 6;
}
