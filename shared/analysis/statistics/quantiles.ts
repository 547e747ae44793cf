/** Probabilities of `ColumnStats.quantiles`. */
export const QUANTILE_LEVELS = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/**
 * Quantile of a sample sorted ascending, by linear interpolation between order
 * statistics (Hyndman and Fan type 7); as numpy.quantile's default. NaN for an
 * empty sample.
 */
export function quantileSorted(sorted: ArrayLike<number>, level: number): number {
  const n = sorted.length;
  if (n === 0) return NaN;
  const position = Math.min(1, Math.max(0, level)) * (n - 1);
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(n - 1, below + 1)] as number;
  const weight = position - below;
  if (low === high || weight === 0) return low;
  // numpy's lerp: from the nearer end, so that the result is monotonic.
  return weight < 0.5 ? low + (high - low) * weight : high - (high - low) * (1 - weight);
}

/** Several quantiles of a sorted sample; null for an empty one. */
export function quantilesSorted(
  sorted: ArrayLike<number>,
  levels: readonly number[] = QUANTILE_LEVELS,
): number[] | null {
  if (sorted.length === 0) return null;
  return levels.map((level) => quantileSorted(sorted, level));
}

/** Median of values in any order; NaN when there are none. */
export function median(values: readonly number[]): number {
  return quantileSorted(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/**
 * Median absolute deviation times 1.4826, which estimates the standard
 * deviation of a normal sample; as scipy.stats.median_abs_deviation(scale='normal').
 */
export function scaledMad(values: readonly number[], centre = median(values)): number {
  return median(values.map((v) => Math.abs(v - centre))) * 1.482602218505602;
}
