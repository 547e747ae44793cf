import { Z95 } from "./intervals.ts";

/** Count, sum and sum of squares of one quantity. */
export interface Moments {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

/** Rows of one bin of a feature in one window, and the quantity that is watched in them. */
export interface BinMoments extends Moments {
  readonly rows: number;
}

export interface BinPair {
  readonly baseline: BinMoments;
  readonly incident: BinMoments;
}

/** How much of a change lies where a feature moved, in [0, 1], with its 95 % interval. */
export interface ImpactShare {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  /** The change over all rows, and what is left of it where the feature did not move. */
  readonly change: number;
  readonly unmoved: number;
}

/** Rows of a bin in each window, below which its mean says nothing. */
const LEAST_ROWS = 20;

/** A mean and the variance of its estimate. */
interface Mean {
  readonly mean: number;
  readonly variance: number;
}

/** Variances of small bins lean on that of all rows, as if these had 5 rows more. */
const PRIOR_ROWS = 5;

function meanOf({ n, sum, squares }: Moments, pooled: number): Mean {
  const mean = sum / n;
  const spread = Math.max(0, squares / n - mean * mean);
  return { mean, variance: (n * spread + PRIOR_ROWS * pooled) / (n + PRIOR_ROWS) / n };
}

/**
 * The change of a mean between two windows, and the part of it that a feature's
 * shift carries. Each bin's change is regressed on the share of its incident
 * rows that the feature's shift brought there, `max(0, q − p) / q` (p and q the
 * bin's shares of rows), by least squares with the inverse variance of each
 * change as its weight. The intercept is the change of rows that did not move;
 * what it lacks of the whole change went with the shift: rows in bins that
 * grew do worse, or the bins that grew did worse all along. A feature that
 * merely shifted leaves the same change in every bin: its share is 0. Bins with
 * fewer than 20 rows in either window say nothing. The share is 0 as long as
 * its interval holds 0, and null where the windows have no bin in common.
 * (Regression on the excess share follows the mixture view of Elkan 2001: a bin
 * of the incident mixes rows as they were with newcomers.)
 */
export function impactShare(bins: readonly BinPair[]): ImpactShare | null {
  const total = {
    baseline: add(bins.map((b) => b.baseline)),
    incident: add(bins.map((b) => b.incident)),
  };
  if (total.baseline.n < LEAST_ROWS || total.incident.n < LEAST_ROWS) return null;
  const pooled = varianceOf(total.baseline);
  const before = meanOf(total.baseline, pooled);
  const after = meanOf(total.incident, pooled);
  const change = after.mean - before.mean;
  const points = bins.flatMap(({ baseline, incident }) => {
    if (baseline.n < LEAST_ROWS || incident.n < LEAST_ROWS) return [];
    const p = baseline.rows / total.baseline.rows;
    const q = incident.rows / total.incident.rows;
    const b = meanOf(baseline, pooled);
    const i = meanOf(incident, pooled);
    const variance = b.variance + i.variance;
    return variance > 0
      ? [{ x: Math.max(0, q - p) / q, y: i.mean - b.mean, weight: 1 / variance }]
      : [];
  });
  const unmoved = intercept(points);
  if (unmoved === null || change === 0) return null;
  const error = Math.sqrt(unmoved.variance + before.variance + after.variance);
  const share = (change - unmoved.value) / change;
  const half = (Z95 * error) / Math.abs(change);
  const certain = share - half > 0;
  return {
    share: certain ? clamp(share) : 0,
    low: certain ? clamp(share - half) : 0,
    high: clamp(share + half),
    change,
    unmoved: unmoved.value,
  };
}

/** Sums of several bins. */
export function add(parts: readonly BinMoments[]): BinMoments {
  return parts.reduce(
    (s, m) => ({
      rows: s.rows + m.rows,
      n: s.n + m.n,
      sum: s.sum + m.sum,
      squares: s.squares + m.squares,
    }),
    { rows: 0, n: 0, sum: 0, squares: 0 },
  );
}

export function varianceOf({ n, sum, squares }: Moments): number {
  return n === 0 ? 0 : Math.max(0, squares / n - (sum / n) ** 2);
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

/** Weighted least squares at x = 0; the weighted mean where no x differs. Spread beyond the weights widens it. */
function intercept(points: readonly Point[]): { value: number; variance: number } | null {
  const sum = (f: (p: Point) => number): number => points.reduce((s, p) => s + p.weight * f(p), 0);
  const weight = sum(() => 1);
  if (points.length === 0 || weight === 0) return null;
  const meanX = sum((p) => p.x) / weight;
  const meanY = sum((p) => p.y) / weight;
  const xx = sum((p) => (p.x - meanX) ** 2);
  const sloped = xx / weight > 1e-6;
  const slope = sloped ? sum((p) => (p.x - meanX) * (p.y - meanY)) / xx : 0;
  const value = meanY - slope * meanX;
  const freedom = points.length - (sloped ? 2 : 1);
  const misfit = sum((p) => (p.y - value - slope * p.x) ** 2);
  const widen = freedom > 0 ? Math.max(1, misfit / freedom) : 1;
  return { value, variance: (1 / weight + (sloped ? meanX ** 2 / xx : 0)) * widen };
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
