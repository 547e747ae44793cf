/** Quantiles of a sample at 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99 with its ends. */
export interface TailSample {
  readonly min: number;
  readonly max: number;
  readonly quantiles: readonly number[];
  readonly rows: number;
}

/**
 * The level that the largest of `rows` new values from the same process passes
 * with a probability of about `chance`, by extrapolating the upper tail.
 *
 * The tail beyond the 99 % quantile is taken as generalized Pareto (Pickands
 * 1975). Its shape ξ comes from Pickands' ratio of quantile spacings
 * (75 %, 95 % and 99 %: tail shares 1/4, 1/20, 1/100, each a fifth of the one
 * before), or from the sample's own largest value where that asks for a heavier
 * tail; two standard errors are added, so that short samples judge mildly.
 * @returns a level not below the sample's maximum
 */
export function upperTailLevel(sample: TailSample, rows: number, chance = 0.001): number {
  const [, , , , q75 = 0, q95 = 0, q99 = 0] = sample.quantiles;
  return tailLevel(q75, q95, q99, sample.max, sample.rows, rows, chance);
}

/** As `upperTailLevel`, for the smallest value. */
export function lowerTailLevel(sample: TailSample, rows: number, chance = 0.001): number {
  const [q01 = 0, q05 = 0, q25 = 0] = sample.quantiles;
  return -tailLevel(-q25, -q05, -q01, -sample.min, sample.rows, rows, chance);
}

function tailLevel(
  q75: number,
  q95: number,
  q99: number,
  max: number,
  n: number,
  rows: number,
  chance: number,
): number {
  const near = Math.max(q95 - q75, 1e-300);
  const spacing = Math.max(q99 - q95, near / 25, 0);
  const error = 2 * Math.sqrt(25 / Math.max(n, 25));
  const byQuantiles = Math.log(spacing / near) / Math.log(5);
  const byMaximum = shapeOf(spacing, (max - q99) / spacing, Math.max(1.5, 0.01 * n));
  const shape = Math.min(3, Math.max(byQuantiles, byMaximum) + error);
  const times = Math.max(1, 0.01 / (chance / Math.max(1, rows)));
  return Math.max(max, q99 + spacing * growth(shape, times));
}

/** Distance beyond the 99 % quantile, in spacings, at a tail share `times` smaller. */
function growth(shape: number, times: number): number {
  const step = Math.log(times) / Math.log(5);
  if (Math.abs(shape) < 1e-6) return step;
  const factor = 5 ** shape;
  return (factor * (factor ** step - 1)) / (factor - 1);
}

/** The shape at which a sample's maximum lies where it does; by bisection, -2 to 3. */
function shapeOf(spacing: number, reached: number, times: number): number {
  if (spacing <= 0 || reached <= 0) return -2;
  let low = -2;
  let high = 3;
  for (let k = 0; k < 40; k++) {
    const middle = (low + high) / 2;
    if (growth(middle, times) < reached) low = middle;
    else high = middle;
  }
  return high;
}
