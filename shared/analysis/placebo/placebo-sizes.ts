import { chiSquared } from "../statistics/chi-squared.ts";
import { cohensH } from "../statistics/effect-sizes.ts";
import { jensenShannon } from "../statistics/jensen-shannon.ts";
import { psiOfCounts } from "../statistics/psi.ts";

/** Rows of one window in the bins or categories of a column. */
export interface WindowCounts {
  /** Rows per bin, in the order of the values where they have one. */
  readonly bins: readonly number[];
  /** Rows, with missing values. */
  readonly rows: number;
}

/** Measures that can be read from counts; others have no placebo. */
const MEASURES = {
  cliffs_delta: binnedDelta,
  ks: binnedKs,
  psi: psiOfCounts,
  jensen_shannon: jensenShannon,
  cramers_v: (b: readonly number[], i: readonly number[]) => chiSquared(b, i)?.cramersV ?? 0,
  cohens_h: rateDifference,
  gone_share: goneShare,
} as const;

export type PlaceboMeasure = keyof typeof MEASURES | "null_rate_h";

export function isPlaceboMeasure(name: string): name is PlaceboMeasure {
  return name === "null_rate_h" || name in MEASURES;
}

/**
 * The size of one measure in every placebo window against the rest of the
 * baseline: what two stretches of the baseline usually differ by.
 * @param whole counts of the whole baseline
 * @param windows counts of the placebo windows, each part of `whole`
 * @returns absolute sizes; windows without rows are left out
 */
export function placeboSizes(
  measure: PlaceboMeasure,
  whole: WindowCounts,
  windows: readonly WindowCounts[],
): number[] {
  const sizes: number[] = [];
  for (const window of windows) {
    const rest: WindowCounts = {
      bins: whole.bins.map((count, k) => count - (window.bins[k] ?? 0)),
      rows: whole.rows - window.rows,
    };
    if (window.rows === 0 || rest.rows === 0) continue;
    const size = sizeOf(measure, rest, window);
    if (Number.isFinite(size)) sizes.push(size);
  }
  return sizes;
}

/** The size of a measure between two windows, from counts over the same bins. */
export function sizeOf(
  measure: PlaceboMeasure,
  baseline: WindowCounts,
  incident: WindowCounts,
): number {
  return Math.abs(
    measure === "null_rate_h"
      ? cohensH(missing(baseline), missing(incident))
      : MEASURES[measure](baseline.bins, incident.bins),
  );
}

function missing({ bins, rows }: WindowCounts): number {
  return Math.max(0, 1 - sum(bins) / rows);
}

/** Cliff's delta where rows of one bin count as ties. */
function binnedDelta(baseline: readonly number[], incident: readonly number[]): number {
  const [n, m] = [sum(baseline), sum(incident)];
  let below = 0;
  let dominance = 0;
  baseline.forEach((count, k) => {
    dominance += (incident[k] ?? 0) * (below - (n - below - count));
    below += count;
  });
  return dominance / n / m;
}

function binnedKs(baseline: readonly number[], incident: readonly number[]): number {
  const [n, m] = [sum(baseline), sum(incident)];
  let [b, i, most] = [0, 0, 0];
  baseline.forEach((count, k) => {
    b += count;
    i += incident[k] ?? 0;
    most = Math.max(most, Math.abs(b / n - i / m));
  });
  return most;
}

/** The share of the last of two values. */
function rateDifference(baseline: readonly number[], incident: readonly number[]): number {
  const share = (counts: readonly number[]) => (counts[counts.length - 1] ?? 0) / sum(counts);
  return cohensH(share(baseline), share(incident));
}

/** Share of the baseline's rows in categories that the other window has none of. */
function goneShare(baseline: readonly number[], incident: readonly number[]): number {
  const gone = baseline.filter((_, k) => (incident[k] ?? 0) === 0);
  return sum(gone) / sum(baseline);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
