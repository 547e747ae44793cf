import { median, scaledMad } from "./statistics/quantiles.ts";

/** Where a course began to move, as indices into it. */
export interface Changepoint {
  /** First index that moved. */
  readonly index: number;
  /** Interval of about 95 %. */
  readonly first: number;
  readonly last: number;
  /** Step: jumped and stayed. Ramp: moved on and on. */
  readonly shape: "step" | "ramp";
  /** Mean after the change, in robust standard deviations of the baseline. */
  readonly size: number;
}

/** Beyond this many robust standard deviations a point weighs no more. */
const WINSOR = 12;

/**
 * Least likelihood ratio (in squared standard deviations) of a change against
 * none. The best of a hundred starts reaches 9 or 10 by chance.
 */
const LEAST_GAIN = 16;

/**
 * The single most likely change of a course away from its baseline level. The
 * course is standardised by the median and MAD of the baseline's part; then for
 * each start a step and a ramp (flat before, straight after) are fitted by
 * least squares and the best is kept. The interval holds all starts whose
 * likelihood ratio against the best stays below 3.84 (χ² with one degree).
 * Null for fewer than 6 points, a level that stays within one deviation, or a
 * change that chance explains.
 * @param baseline number of leading points that belong to the baseline
 */
export function findChange(values: readonly number[], baseline: number): Changepoint | null {
  const n = values.length;
  const reference = values.slice(0, Math.max(3, baseline));
  if (n < 6 || reference.length < 3) return null;
  const centre = median(reference);
  const scale = robustScale(reference, centre);
  const z = values.map((v) => Math.max(-WINSOR, Math.min(WINSOR, (v - centre) / scale)));
  const fits = fitAll(z);
  const best = fits.reduce((a, b) => (b.error < a.error ? b : a));
  const floor = Math.max(best.error, 1e-9 * n);
  const near = fits.filter((f) => n * Math.log(Math.max(f.error, 1e-9 * n) / floor) <= 3.84);
  const after = z.slice(best.index);
  const size = after.reduce((s, v) => s + v, 0) / after.length;
  const total = z.reduce((s, v) => s + v * v, 0);
  const gain = (total - best.error) / Math.max(1, best.error / n);
  if (Math.abs(size) < 1 || gain < LEAST_GAIN) return null;
  return {
    index: best.index,
    first: Math.min(best.index, ...near.map((f) => f.index)),
    last: Math.max(best.index, ...near.map((f) => f.index)),
    shape: best.shape,
    size,
  };
}

/** MAD; where more than half of the values are equal, what else tells a scale. */
function robustScale(reference: readonly number[], centre: number): number {
  const mad = scaledMad(reference, centre);
  if (mad > 0) return mad;
  const squares = reference.reduce((s, v) => s + (v - centre) ** 2, 0);
  const sd = Math.sqrt(squares / reference.length);
  return sd > 0 ? sd : Math.max(Math.abs(centre) * 1e-3, 1e-9);
}

interface Fit {
  readonly index: number;
  readonly shape: "step" | "ramp";
  readonly error: number;
}

/** Squared errors of a step and a ramp that start at each index; the level before is 0. */
function fitAll(z: readonly number[]): Fit[] {
  const n = z.length;
  const fits: Fit[] = [];
  const total = z.reduce((s, v) => s + v * v, 0);
  for (let start = 2; start < n; start++) {
    let sum = 0;
    let cross = 0;
    let squares = 0;
    for (let k = start; k < n; k++) {
      const x = k - start + 1;
      const v = z[k] ?? 0;
      sum += v;
      cross += x * v;
      squares += x * x;
    }
    const length = n - start;
    fits.push({
      index: start,
      shape: "step",
      error: total - (sum * sum) / length,
    });
    // A ramp over two points is a step by another name.
    if (length > 3)
      fits.push({
        index: start,
        shape: "ramp",
        error: total - (cross * cross) / squares,
      });
  }
  return fits;
}
