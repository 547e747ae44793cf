import { DAY } from "../../base/time.ts";
import type { TimeRange } from "../windows.ts";

/** Windows inside the baseline that stand for an incident in which nothing happened. */
export interface PlaceboWindows {
  readonly windows: readonly TimeRange[];
  /** How they were chosen, to follow "windows". */
  readonly how:
    | "at the same hours"
    | "at the same hours and weekday"
    | "of the same length"
    | "shorter than the incident";
}

/** Fewer say nothing about what is usual: the most of three is beaten by chance in one case of four. */
const FEWEST = 4;
const MOST = 24;
const WEEK = 7 * DAY;

/**
 * Placebo incidents inside a baseline, none overlapping another. An incident
 * shorter than a day is moved back by whole weeks, or else by whole days, so that
 * what an hour and a weekday usually bring is part of what is usual; a longer one
 * gives windows of its length, at most a quarter of the baseline, side by side.
 * @param baseline, incident half-open ranges in µs
 * @returns null where the baseline has no room for four
 */
export function placeboWindows(baseline: TimeRange, incident: TimeRange): PlaceboWindows | null {
  const length = incident.to - incident.from;
  if (length <= 0 || baseline.to <= baseline.from) return null;
  if (length < DAY) {
    for (const [step, how] of [
      [WEEK, "at the same hours and weekday"],
      [DAY, "at the same hours"],
    ] as const) {
      const windows = moved(baseline, incident, step);
      if (windows.length >= FEWEST) return { windows: spread(windows), how };
    }
  }
  const quarter = (baseline.to - baseline.from) / FEWEST;
  const tile = Math.min(length, quarter);
  const count = Math.floor((baseline.to - baseline.from) / tile + 1e-9);
  const windows = Array.from({ length: count }, (_, k) => ({
    from: Math.round(baseline.to - (k + 1) * tile),
    to: Math.round(baseline.to - k * tile),
  }));
  return {
    windows: spread(windows),
    how: tile < length ? "shorter than the incident" : "of the same length",
  };
}

/** The incident, a whole number of steps earlier or later, where it lies inside the baseline. */
function moved(baseline: TimeRange, incident: TimeRange, step: number): TimeRange[] {
  const first = Math.ceil((baseline.from - incident.from) / step);
  const last = Math.floor((baseline.to - incident.to) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => ({
    from: incident.from + (last - k) * step,
    to: incident.to + (last - k) * step,
  }));
}

/** At most `MOST`, evenly over all of them. */
function spread(windows: readonly TimeRange[]): TimeRange[] {
  if (windows.length <= MOST) return [...windows];
  return Array.from({ length: MOST }, (_, k) => {
    const at = Math.floor((k * windows.length) / MOST);
    return windows[at] as TimeRange;
  });
}
