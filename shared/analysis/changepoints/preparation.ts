import type { Columns } from "./costs.ts";
import { spreadAboutZero } from "./noise.ts";

/** A value that is missing is null, NaN or infinite. */
export type Value = number | null;

/** n values, or n rows of d values. */
export type SeriesValues = readonly Value[] | readonly (readonly Value[])[];

/** A series without its missing points, by column. */
export interface Present {
  readonly columns: number[][];
  /** Index in the original series of each point that is left. */
  readonly positions: number[];
}

/** Drops points (rows, where any value of the row is missing) and keeps where the others stood. */
export function presentOf(values: SeriesValues): Present {
  const rows = values.map((v) => (typeof v === "object" && v !== null ? v : [v]));
  const positions = rows.flatMap((row, i) =>
    row.length > 0 && row.every((v) => v !== null && Number.isFinite(v)) ? [i] : [],
  );
  const columns = (rows[0] ?? []).map((_, d) => positions.map((i) => rows[i]?.[d] ?? 0));
  return { columns, positions };
}

/** Counts beyond this mean are near enough to normal, and scale like other numbers. */
const LARGEST_COUNT_MEAN = 30;

/**
 * 2 √(x + 3/8) where all values are counts (whole, not negative) of a small mean:
 * Anscombe (1948), after which a Poisson variable has variance 1 at every level.
 */
export function stabiliseCounts(values: readonly number[]): readonly number[] {
  if (!values.every((v) => v >= 0 && Number.isInteger(v))) return values;
  const mean = values.reduce((s, v) => s + v, 0) / values.length;
  if (mean > LARGEST_COUNT_MEAN) return values;
  return values.map((v) => 2 * Math.sqrt(v + 0.375));
}

/** Distance from the running median, in robust standard deviations, beyond which a point is cut. */
const SPIKE = 5;

/**
 * Cuts spikes of fewer than `minLength` points down to five robust standard
 * deviations from the running median of 2 `minLength` + 1 points (the Hampel
 * filter, with winsorising): what lasts no longer is an outlier, not a change. Steps and
 * slopes pass, because a running median keeps them.
 */
export function clipSpikes(values: readonly number[], minLength: number): number[] {
  const centres = runningMedian(values, minLength);
  const residuals = values.map((v, i) => v - (centres[i] ?? 0));
  const limit = SPIKE * spreadAboutZero(residuals);
  return residuals.map((r, i) => (centres[i] ?? 0) + Math.max(-limit, Math.min(limit, r)));
}

/** Median of the points up to `half` away on either side; fewer at the ends. */
export function runningMedian(values: readonly number[], half: number): number[] {
  const n = values.length;
  const window: number[] = [];
  const medians: number[] = [];
  for (let i = -half; i < n; i++) {
    const enters = values[i + half];
    if (enters !== undefined) window.splice(placeOf(window, enters), 0, enters);
    const leaves = values[i - half - 1];
    if (leaves !== undefined) window.splice(placeOf(window, leaves), 1);
    const middle = window.length >> 1;
    const upper = window[middle] ?? 0;
    const lower = window.length % 2 === 1 ? upper : (window[middle - 1] ?? 0);
    if (i >= 0) medians.push((lower + upper) / 2);
  }
  return medians;
}

/** First place in a sorted list whose value is not less. */
function placeOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Variance about the mean, with n in the denominator. */
export function variance(values: readonly number[]): number {
  const mean = values.reduce((s, v) => s + v, 0) / values.length;
  return values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length;
}

export function scaleColumns(columns: Columns, scales: readonly number[]): number[][] {
  return columns.map((column, d) => column.map((v) => v / (scales[d] ?? 1)));
}
