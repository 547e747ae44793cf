import { DAY, HOUR } from "../../base/time.ts";
import type { RowRhythm, WindowRhythm } from "./row-rhythm.ts";

/** A stretch of empty buckets. */
export interface SilentRun {
  /** Bucket numbers `[first, last)`. */
  readonly first: number;
  readonly last: number;
  /** Rows that the baseline's rhythm lets expect in it. */
  readonly expected: number;
  /** Whether it is long and at hours of the day of which the baseline has none: a night, maybe. */
  readonly strange: boolean;
}

/** What is silent in the incident and was not in the baseline. */
export interface Silence {
  /** Unusual runs inside the window, those with most expected rows first. */
  readonly gaps: readonly SilentRun[];
  /** The unusual run that reaches the end of the window. */
  readonly end: SilentRun | null;
  /** Rows that the rhythm lets expect in the whole incident. */
  readonly expected: number;
  /** The most rows that were to be expected in a run of the baseline that had none. */
  readonly usual: SilentRun | null;
  /** How the rhythm was taken: by hour of the week, of the day, or as one rate. */
  readonly by: "hour of the week" | "hour of the day" | "mean rate";
}

export interface SilenceLimits {
  /** Fewer expected rows than these may well be missing by chance: e^-12 for a Poisson process. */
  readonly leastExpected: number;
  /** Times the longest silence of the baseline. */
  readonly ratio: number;
}

/** Runs that may be outages; with more of them the rows are thinner altogether. */
const FEW = 5;

/**
 * Finds stretches without rows where the baseline's rhythm lets expect rows.
 * The rhythm is the mean rows per bucket by hour of the week (two weeks of
 * baseline at least), else by hour of the day (one day), else one rate; where
 * the incident has fewer rows altogether the rate is lowered to its own, so that
 * thinner traffic is not a gap. Pure.
 * @param busy false for buckets that do not count, such as those without any row of the table
 */
export function findSilence(
  rhythm: RowRhythm,
  limits: SilenceLimits,
  busy: (bucket: number) => boolean = () => true,
): Silence {
  const { baseline, incident, width } = rhythm;
  const slots = slotsOf(baseline, width);
  const rate = slotRates(baseline, width, slots);
  const rateAt = (k: number): number => rate[slotOf(k, width, slots)] ?? 0;
  const usual = usualRun(baseline, rateAt);
  let expected = 0;
  for (let k = incident.first; k < incident.last; k++) expected += rateAt(k);
  const raw = runsOf(incident, rateAt, busy);
  const silent = raw.slice(0, FEW).reduce((s, r) => s + r.expected, 0);
  const rows = incident.counts.reduce((s, n) => s + n, 0);
  const scale = Math.min(1, rows / Math.max(1, expected - silent));
  const limit = Math.max(limits.leastExpected, limits.ratio * (usual?.expected ?? 0));
  const unusual = raw
    .map((r) => ({
      ...r,
      expected: r.expected * scale,
      strange: isStrange(r, baseline, width),
    }))
    .filter((r) => r.expected >= limit);
  return {
    gaps: unusual.filter((r) => r.last < incident.last),
    end: unusual.find((r) => r.last === incident.last) ?? null,
    expected: expected * scale,
    usual,
    by: slots === 168 ? "hour of the week" : slots === 24 ? "hour of the day" : "mean rate",
  };
}

/** Slots of the rhythm that a window can tell: 168 hours of a week, 24 of a day, or one. */
function slotsOf(window: WindowRhythm, width: number): number {
  const days = ((window.last - window.first) * width) / DAY;
  // The first day begins with its first row: a night may be missing from it.
  return days >= 14 ? 168 : days >= 0.75 ? 24 : 1;
}

function slotOf(k: number, width: number, slots: number): number {
  return Math.floor((k * width) / HOUR) % slots;
}

function slotRates(window: WindowRhythm, width: number, slots: number): Float64Array {
  const sums = new Float64Array(slots);
  const buckets = new Float64Array(slots);
  window.counts.forEach((n, i) => {
    const slot = slotOf(window.first + i, width, slots);
    sums[slot] = (sums[slot] ?? 0) + n;
    buckets[slot] = (buckets[slot] ?? 0) + 1;
  });
  return sums.map((s, slot) => s / Math.max(1, buckets[slot] ?? 0));
}

/**
 * The longest silence of the baseline by expected rows. Runs at its edges go on
 * beyond it: together they count as one, as a night that midnight cuts in two.
 */
function usualRun(window: WindowRhythm, rateAt: (k: number) => number): SilentRun | null {
  const runs = runsOf(window, rateAt, () => true);
  const start = runs.find((r) => r.first === window.first);
  const end = runs.find((r) => r.last === window.last);
  const [longest] = runs;
  if (start === undefined || end === undefined || start === end) return longest ?? null;
  const expected = start.expected + end.expected;
  if (longest !== undefined && longest.expected >= expected) return longest;
  return { ...end, last: end.last + start.last - start.first, expected };
}

/** A run of two hours and more that a baseline shorter than a day cannot judge. */
function isStrange(run: SilentRun, baseline: WindowRhythm, width: number): boolean {
  if ((baseline.last - baseline.first) * width >= DAY) return false;
  if ((run.last - run.first) * width < 2 * HOUR) return false;
  const hours = new Set<number>();
  for (let k = baseline.first; k < baseline.last; k++) hours.add(slotOf(k, width, 24));
  for (let k = run.first; k < run.last; k++) {
    if (!hours.has(slotOf(k, width, 24))) return true;
  }
  return false;
}

/** Runs of empty buckets, those with most expected rows first. */
function runsOf(
  window: WindowRhythm,
  rateAt: (k: number) => number,
  busy: (k: number) => boolean,
): SilentRun[] {
  const runs: SilentRun[] = [];
  let start: number | null = null;
  let expected = 0;
  for (let k = window.first; k <= window.last; k++) {
    const empty = k < window.last && (window.counts[k - window.first] ?? 0) === 0;
    if (empty) {
      start ??= k;
      if (busy(k)) expected += rateAt(k);
    } else if (start !== null) {
      runs.push({ first: start, last: k, expected, strange: false });
      start = null;
      expected = 0;
    }
  }
  return runs.sort((a, b) => b.expected - a.expected);
}
