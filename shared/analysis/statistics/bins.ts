import { quantileSorted } from "./quantiles.ts";

/**
 * Interior edges that cut a baseline into bins of equal share: its quantiles
 * at i/bins, duplicates (ties) removed. A bin holds `edge[i-1] <= x < edge[i]`,
 * the first and last are open to the outside. Empty for an empty baseline.
 */
export function quantileEdges(baseline: Float64Array, bins = 10): number[] {
  if (baseline.length === 0) return [];
  const edges: number[] = [];
  for (let i = 1; i < bins; i++) {
    const edge = quantileSorted(baseline, i / bins);
    if (edge !== edges[edges.length - 1]) edges.push(edge);
  }
  return edges;
}

/**
 * Counts of a sorted sample between interior edges (ascending):
 * `edges.length + 1` counts; as numpy.searchsorted(side='left') on the sample.
 */
export function countBetween(sorted: Float64Array, edges: readonly number[]): number[] {
  const counts: number[] = [];
  let before = 0;
  for (const edge of edges) {
    const at = lowerBound(sorted, edge);
    counts.push(at - before);
    before = at;
  }
  counts.push(sorted.length - before);
  return counts;
}

/** Index of the first element that is not below `x`. */
export function lowerBound(sorted: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first element that is above `x`. */
export function upperBound(sorted: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Distinct values, ascending, with their counts in two samples. */
export interface ValueCounts {
  readonly values: number[];
  readonly a: number[];
  readonly b: number[];
}

/**
 * The distinct values of both sorted samples with their counts, ascending;
 * null as soon as there are more than `most`.
 */
export function countValues(a: Float64Array, b: Float64Array, most: number): ValueCounts | null {
  const out: ValueCounts = { values: [], a: [], b: [] };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (out.values.length === most) return null;
    const at = Math.min(
      i < a.length ? (a[i] as number) : Infinity,
      j < b.length ? (b[j] as number) : Infinity,
    );
    const nextI = upperBoundFrom(a, i, at);
    const nextJ = upperBoundFrom(b, j, at);
    out.values.push(at);
    out.a.push(nextI - i);
    out.b.push(nextJ - j);
    i = nextI;
    j = nextJ;
  }
  return out;
}

/** Number of distinct values of a sorted sample. */
export function countDistinct(sorted: Float64Array): number {
  let distinct = sorted.length === 0 ? 0 : 1;
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i] !== sorted[i - 1]) distinct++;
  }
  return distinct;
}

/** Galloping search: cheap for short runs, logarithmic for long ones. */
function upperBoundFrom(sorted: Float64Array, from: number, x: number): number {
  if (from >= sorted.length || (sorted[from] as number) > x) return from;
  let step = 1;
  let low = from;
  while (low + step < sorted.length && (sorted[low + step] as number) <= x) {
    low += step;
    step *= 2;
  }
  let high = Math.min(sorted.length, low + step);
  low++;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a sorted sample has at least so many distinct values; stops once it has. */
export function hasDistinct(sorted: Float64Array, least: number): boolean {
  let distinct = 0;
  let last: number | undefined;
  for (const value of sorted) {
    if (value === last) continue;
    last = value;
    distinct++;
    if (distinct >= least) return true;
  }
  return distinct >= least;
}
