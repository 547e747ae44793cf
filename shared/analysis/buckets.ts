import { DAY, HOUR, MINUTE, SECOND } from "../base/time.ts";

/** Widths that a bucket of time can have: 1-2-5 steps and whole parts of hours and days. */
const WIDTHS: readonly number[] = [
  ...[1, 10, 100, 1e3, 1e4, 1e5].flatMap((unit) => [unit, 2 * unit, 5 * unit]),
  ...[1, 2, 5, 10, 20, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 20, 30].map((n) => n * MINUTE),
  ...[1, 2, 4, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].map((n) => n * DAY),
];

/**
 * The smallest bucket width (µs) of a fixed list that is not below `width`.
 * Edges are multiples of it since 1970, so that panning meets the same edges.
 */
export function snapBucket(width: number): number {
  return WIDTHS.find((w) => w >= width) ?? 5000 * DAY;
}

/** Bucket width for a range cut in at most `buckets` parts. */
export function bucketOf(
  range: { readonly from: number; readonly to: number },
  buckets: number,
): number {
  return snapBucket(Math.max(1, (range.to - range.from) / Math.max(1, buckets)));
}
