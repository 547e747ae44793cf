import type { LogChangeKind } from "../../model/log-comparison.ts";
import type { Verdict } from "../../model/shift.ts";
import {
  dispersionOf,
  largestPlacebo,
  rateRatioInterval,
  shrunkRatio,
  spreadOf,
} from "./count-statistics.ts";
import type { SparseCounts } from "./unit-counts.ts";

/**
 * From which size on a change of a rate counts. Twice as many is what doubled
 * load or a retry brings; four times as many is another regime.
 */
export const RATIO = { minor: 2, major: 4 } as const;

/** Fewer lines in the window that has more are too few to tell a rate of. */
export const SUPPORT = { minor: 5, major: 10 } as const;

/**
 * Lines that came or went, as a share of the lines of their services: one in a
 * hundred is what a person scrolling sees, one in a thousand what a search finds.
 * Errors count whatever their share: a cause is often a handful of lines.
 */
export const SHARE = { minor: 0.001, major: 0.01 } as const;

/** A rise is a burst when four fifths of its lines are in so small a part of the incident. */
const BURST_SPREAD = 0.2;
const LEAST_BURST_BUCKETS = 10;
/** Stretches of the baseline that are compared with the rest of it. */
const PLACEBO_PARTS = { least: 8, most: 64 } as const;

/** Counts of a unit, or of a service, in both windows. */
export interface WindowCounts {
  readonly baseline: number;
  readonly incident: number;
  readonly baselineBuckets: SparseCounts;
  readonly incidentBuckets: SparseCounts;
}

/** Lengths of the windows in buckets, the last one in part. */
export interface Lengths {
  readonly baseline: number;
  readonly incident: number;
}

export interface RateChange {
  readonly kind: LogChangeKind;
  /** Incident over baseline, lines per time. */
  readonly timeRatio: number | null;
  readonly low: number;
  readonly high: number;
  readonly dispersion: number;
  readonly placebo: number | null;
  /** By what the lines were expected to change alone. */
  readonly activity: number;
  /** What counts: the smaller of the changes in time and against the activity, 1 or more; below support 1. */
  readonly factor: number;
  /** By size, own variation and support. */
  readonly verdict: Verdict;
}

/**
 * How a rate changed. A verdict needs a ratio in time and one against what its
 * services did (`activity`) of the same direction, and the smaller of them large
 * enough; the 99 % interval that allows for bursts (`dispersionOf`) beyond 1,
 * for major beyond `RATIO.minor`; and for major a change larger than all that
 * stretches of the baseline differ from the rest of it.
 */
export function rateChange(counts: WindowCounts, lengths: Lengths, activity: number): RateChange {
  const { baseline, incident } = counts;
  const exposure = lengths.incident / lengths.baseline;
  const inTime = shrunkRatio(incident, baseline * exposure);
  const inVolume = shrunkRatio(incident, baseline * exposure * activity);
  const rises = inTime > 1;
  const factors = rises ? [inTime, inVolume] : [1 / inTime, 1 / inVolume];
  const factor = Math.max(1, Math.min(...factors));
  const dispersion = dispersionOfBoth(counts, lengths);
  const { low, high } = rateRatioInterval(baseline / dispersion, incident / dispersion, exposure);
  // The bound that is nearer to no change, as a factor of 1 or more.
  const bound = Math.min(
    rises ? low : 1 / high,
    rises ? low / activity : activity === 0 ? 0 : activity / high,
  );
  const parts = partsOf(lengths);
  const placebo = largestPlacebo(counts.baselineBuckets, lengths.baseline, parts, rises);
  const verdict = verdictOf(Math.max(baseline, incident), factor, bound, placebo, inTime);
  return {
    kind: kindOf(counts, lengths, verdict, rises),
    timeRatio: baseline === 0 ? null : incident / baseline / exposure,
    ...{ low, high, dispersion, placebo, activity, factor, verdict },
  };
}

/** As long as the incident, where the baseline has room for more than the fewest. */
function partsOf({ baseline, incident }: Lengths): number {
  const parts = Math.floor(baseline / incident);
  return Math.min(PLACEBO_PARTS.most, Math.max(PLACEBO_PARTS.least, parts));
}

/**
 * The baseline's dispersion; where it has too few lines to tell, lines per bucket
 * that has any, in the incident: a banner of thirty lines is one event.
 */
function dispersionOfBoth(counts: WindowCounts, lengths: Lengths): number {
  const own = dispersionOf(counts.baselineBuckets, Math.floor(lengths.baseline));
  if (counts.baseline >= SUPPORT.major) return own;
  const active = counts.incidentBuckets.places.length;
  return Math.max(own, active === 0 ? 1 : counts.incident / active);
}

function verdictOf(
  lines: number,
  factor: number,
  bound: number,
  placebo: number | null,
  inTime: number,
): Verdict {
  if (lines < SUPPORT.minor || factor < RATIO.minor || bound <= 1) return "none";
  const change = Math.max(inTime, 1 / inTime);
  const isMajor =
    lines >= SUPPORT.major &&
    factor >= RATIO.major &&
    bound >= RATIO.minor &&
    (placebo === null || change > placebo);
  return isMajor ? "major" : "minor";
}

function kindOf(
  counts: WindowCounts,
  lengths: Lengths,
  verdict: Verdict,
  rises: boolean,
): LogChangeKind {
  if (counts.baseline === 0) return "new";
  if (counts.incident === 0) return "vanished";
  if (verdict === "none") return "steady";
  if (!rises) return "thinned";
  const isShort = spreadOf(counts.incidentBuckets, lengths.incident) <= BURST_SPREAD;
  return isShort && lengths.incident >= LEAST_BURST_BUCKETS ? "burst" : "level_shift";
}

/** Takes back what is too small a share of its services' lines to matter. */
export function limitByShare(verdict: Verdict, share: number, isSevere: boolean): Verdict {
  if (isSevere || verdict === "none") return verdict;
  if (share < SHARE.minor) return "none";
  return share < SHARE.major ? "minor" : verdict;
}

/** Least buckets with lines that a new (vanished) unit needs to be more than what comes and goes anyway. */
export interface UsualNovelty {
  readonly came: number;
  readonly went: number;
}

/**
 * How much comes and goes inside the baseline: buckets with lines of the largest
 * unit that only its later (earlier) half has.
 */
export function usualNovelty(units: Iterable<SparseCounts>, baselineLength: number): UsualNovelty {
  let [came, went] = [0, 0];
  for (const { places } of units) {
    const [first, last] = [places[0], places[places.length - 1]];
    if (first === undefined || last === undefined) continue;
    if (first >= baselineLength / 2) came = Math.max(came, places.length);
    else if (last < baselineLength / 2) went = Math.max(went, places.length);
  }
  return { came, went };
}
