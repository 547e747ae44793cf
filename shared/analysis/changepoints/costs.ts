import { lowHalves } from "./low-halves.ts";
import type { SegmentCost } from "./segmentation.ts";

/** Columns of a series of n points in d dimensions, each of length n, without missing values. */
export type Columns = readonly (readonly number[])[];

/**
 * Absolute distance from the segment's median, summed over columns; as CostL1
 * of ruptures. A few outliers do not move it. One cost takes O(log n).
 */
export function absoluteCost(columns: Columns): SegmentCost {
  const halves = columns.map((column) => ({
    sums: prefixMoments(centred(column)).y,
    low: lowHalves(centred(column)),
  }));
  return {
    length: columns[0]?.length ?? 0,
    of: (start, end) => {
      let total = 0;
      for (const { sums, low } of halves) {
        const { sum, middle } = low(start, end);
        const odd = (end - start) % 2 === 1 ? middle : 0;
        total += Math.max(0, between(sums, start, end) - 2 * sum - odd);
      }
      return total;
    },
  };
}

/**
 * Minus the length times the squared mean rank, in the metric of the ranks'
 * covariance: the statistic of Lung-Yut-Fong, Lévy-Leduc and Cappé,
 * "Homogeneity and change-point detection tests for multivariate data using
 * rank statistics" (2015); as CostRank of ruptures. The saving of a change where
 * there is none follows χ² with d degrees, whatever the distribution.
 */
export function rankCost(columns: Columns): SegmentCost {
  const n = columns[0]?.length ?? 0;
  const ranks = columns.map((column) => midRanks(column).map((r) => r - (n + 1) / 2));
  const sums = ranks.map((column) => prefixMoments(column).y);
  const inverse = inverseOf(covariance(ranks));
  return {
    length: n,
    of: (start, end) => {
      let total = 0;
      for (const [i, row] of inverse.entries()) {
        const left = between(sums[i], start, end);
        for (const [j, weight] of row.entries())
          total += weight * left * between(sums[j], start, end);
      }
      return -total / (end - start);
    },
  };
}

/**
 * Squared distance from the segment's mean, or from its least-squares line where
 * that saves more than `slope`; summed over columns. A trend is then one segment
 * and not a staircase.
 * @param slope what a line must save to be preferred, as a penalty
 */
export function lineCost(columns: Columns, slope: number): SegmentCost {
  const sums = columns.map((column) => prefixMoments(centred(column)));
  return {
    length: columns[0]?.length ?? 0,
    slack: slope,
    of: (start, end) => {
      let flat = 0;
      let sloped = slope;
      for (const moments of sums) {
        const { aboutMean, aboutLine } = residuals(moments, start, end);
        flat += aboutMean;
        sloped += aboutLine;
      }
      return Math.min(flat, sloped);
    },
  };
}

export interface Moments {
  readonly y: Float64Array;
  readonly yy: Float64Array;
  readonly xy: Float64Array;
}

/** Sums over the first k points, for every k: of values, squares and index × value. */
export function prefixMoments(column: readonly number[]): Moments {
  const n = column.length;
  const y = new Float64Array(n + 1);
  const yy = new Float64Array(n + 1);
  const xy = new Float64Array(n + 1);
  for (const [i, v] of column.entries()) {
    y[i + 1] = (y[i] ?? 0) + v;
    yy[i + 1] = (yy[i] ?? 0) + v * v;
    xy[i + 1] = (xy[i] ?? 0) + (i - n / 2) * v;
  }
  return { y, yy, xy };
}

/** Sums of squares of a segment about its mean and about its line; and these two. */
export function residuals(
  { y, yy, xy }: Moments,
  start: number,
  end: number,
): { aboutMean: number; aboutLine: number; mean: number; slope: number } {
  const m = end - start;
  const sum = between(y, start, end);
  const aboutMean = Math.max(0, between(yy, start, end) - (sum * sum) / m);
  const centre = (start + end - 1) / 2 - (y.length - 1) / 2;
  const cross = between(xy, start, end) - centre * sum;
  const spread = (m * (m * m - 1)) / 12;
  const aboutLine = spread > 0 ? Math.max(0, aboutMean - (cross * cross) / spread) : aboutMean;
  return { aboutMean, aboutLine, mean: sum / m, slope: spread > 0 ? cross / spread : 0 };
}

function between(sums: Float64Array | undefined, start: number, end: number): number {
  return (sums?.[end] ?? 0) - (sums?.[start] ?? 0);
}

/** Less the mean, so that prefix sums of large levels keep their digits. */
function centred(column: readonly number[]): number[] {
  const mean = column.reduce((s, v) => s + v, 0) / column.length;
  return column.map((v) => v - mean);
}

/** Ranks from 1; equal values share the mean of theirs. */
export function midRanks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    const value = values[order[from] ?? 0];
    while (to < order.length && values[order[to] ?? 0] === value) to++;
    for (let k = from; k < to; k++) ranks[order[k] ?? 0] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

function covariance(columns: Columns): number[][] {
  const n = columns[0]?.length ?? 1;
  return columns.map((a) => columns.map((b) => a.reduce((s, v, i) => s + v * (b[i] ?? 0), 0) / n));
}

/** Gauss and Jordan with pivoting; a column that others determine gets weight 0. */
function inverseOf(matrix: number[][]): number[][] {
  const d = matrix.length;
  const work = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  const dropped = new Set<number>();
  for (let k = 0; k < d; k++) {
    const row = work[k] ?? [];
    const pivot = row[k] ?? 0;
    if (pivot <= 1e-10 * (matrix[k]?.[k] ?? 0)) {
      dropped.add(k);
      continue;
    }
    for (let j = 0; j < 2 * d; j++) row[j] = (row[j] ?? 0) / pivot;
    for (const [i, other] of work.entries()) {
      const factor = other[k] ?? 0;
      if (i === k || factor === 0) continue;
      for (let j = 0; j < 2 * d; j++) other[j] = (other[j] ?? 0) - factor * (row[j] ?? 0);
    }
  }
  return work.map((row, i) =>
    row.slice(d).map((v, j) => (dropped.has(i) || dropped.has(j) ? 0 : v)),
  );
}
