/** Buckets of one sign of an exponential histogram: number `i` of the list is bucket `offset + i`. */
export interface ExponentialBuckets {
  readonly offset: number;
  readonly counts: readonly number[];
}

export interface ExponentialHistogram {
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: ExponentialBuckets;
  readonly negative: ExponentialBuckets;
  readonly min: number | null;
  readonly max: number | null;
}

/**
 * Estimate of a quantile of an exponential histogram, or null where it is empty.
 *
 * Bucket `i` holds magnitudes in (base^i, base^(i+1)], base = 2^(2^-scale)
 * (https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram).
 * The bucket that holds rank q·n is found by walking from the most negative
 * value to the most positive; inside it the rank is interpolated linearly in
 * the logarithm, base^(i+f), so that the relative error is below base - 1.
 * Values of the zero bucket count as 0. The estimate is kept within min and max.
 */
export function estimateQuantile(histogram: ExponentialHistogram, q: number): number | null {
  const { positive, negative, zeroCount } = histogram;
  const total = sum(positive.counts) + sum(negative.counts) + zeroCount;
  if (total <= 0) return null;
  const estimate = valueAtRank(histogram, q * total);
  const floor = histogram.min ?? -Infinity;
  const ceiling = histogram.max ?? Infinity;
  return Math.min(Math.max(estimate, floor), ceiling);
}

function valueAtRank(histogram: ExponentialHistogram, rank: number): number {
  const { scale, positive, negative, zeroCount } = histogram;
  const bound = (exponent: number): number => 2 ** (exponent * 2 ** -scale);
  let left = rank;
  let last = 0;
  for (let i = negative.counts.length - 1; i >= 0; i--) {
    const count = negative.counts[i] ?? 0;
    if (count <= 0) continue;
    if (left <= count) return -bound(negative.offset + i + 1 - left / count);
    left -= count;
    last = -bound(negative.offset + i);
  }
  if (zeroCount > 0) {
    if (left <= zeroCount) return 0;
    left -= zeroCount;
    last = 0;
  }
  for (let i = 0; i < positive.counts.length; i++) {
    const count = positive.counts[i] ?? 0;
    if (count <= 0) continue;
    if (left <= count) return bound(positive.offset + i + left / count);
    left -= count;
    last = bound(positive.offset + i + 1);
  }
  return last;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
