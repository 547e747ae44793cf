/** Sums over the rows of a segment in one window; d and x are denominator and numerator of a row. */
export interface Sums {
  readonly n: number;
  /** Σ x, Σ d, Σ x², Σ x d, Σ d². */
  readonly num: number;
  readonly den: number;
  readonly nn: number;
  readonly nd: number;
  readonly dd: number;
}

export type SumName = keyof Sums;
export const SUM_NAMES = ["n", "num", "den", "nn", "nd", "dd"] as const satisfies SumName[];

export const NO_ROWS: Sums = { n: 0, num: 0, den: 0, nn: 0, nd: 0, dd: 0 };

/** A segment in both windows. */
export interface SumPair {
  readonly baseline: Sums;
  readonly incident: Sums;
}

/** How sums become the metric: Σ x / Σ d, or Σ x per unit of time where it is additive. */
export interface MetricScale {
  readonly additive: boolean;
  /** Length of the windows, in the unit of the metric (hours); 1 for ratios. */
  readonly baselineSpan: number;
  readonly incidentSpan: number;
}

export const RATIO_SCALE: MetricScale = { additive: false, baselineSpan: 1, incidentSpan: 1 };

export function addSums(list: readonly Sums[]): Sums {
  const total = { ...NO_ROWS };
  for (const s of list) for (const key of SUM_NAMES) total[key] += s[key];
  return total;
}

export function addPairs(pairs: readonly SumPair[]): SumPair {
  return {
    baseline: addSums(pairs.map((p) => p.baseline)),
    incident: addSums(pairs.map((p) => p.incident)),
  };
}

/** The sums of rows of `all` that are not in `part`. */
function withoutSums(all: Sums, part: Sums): Sums {
  const rest = { ...NO_ROWS };
  for (const key of SUM_NAMES) rest[key] = all[key] - part[key];
  return rest;
}

/** Value of the metric; null where a ratio has no denominator. */
export function valueOf(s: Sums, scale: MetricScale, window: keyof SumPair): number | null {
  if (scale.additive) {
    return s.num / (window === "baseline" ? scale.baselineSpan : scale.incidentSpan);
  }
  return s.n > 0 && s.den > 0 ? s.num / s.den : null;
}

/** The rows of both sides that are not in `part`. */
export function withoutPair(all: SumPair, part: SumPair): SumPair {
  return {
    baseline: withoutSums(all.baseline, part.baseline),
    incident: withoutSums(all.incident, part.incident),
  };
}

/** What is expected of the incident: the baseline's value times `factor` plus `offset`. */
export interface Ripple {
  readonly factor: number;
  readonly offset: number;
}

export const NO_RIPPLE: Ripple = { factor: 1, offset: 0 };

/** A change and its variance where nothing changed. */
export interface Change {
  readonly change: number;
  readonly variance: number;
}

/**
 * The change of a segment's value beyond what is expected, with the variance
 * that it has when rows of both windows come from one process: of a ratio by
 * the delta method (Cochran 1977, ratio estimator) around the common ratio, as
 * in the score test of two proportions, so that a segment without spread in one
 * window is not taken for certain; of a sum as compound Poisson, Σ x² pooled
 * over both windows. Null where a window has no rows for a ratio.
 */
export function changeOf(
  b: Sums,
  i: Sums,
  scale: MetricScale,
  { factor, offset }: Ripple = NO_RIPPLE,
): Change | null {
  const before = valueOf(b, scale, "baseline");
  const after = valueOf(i, scale, "incident");
  if (before === null || after === null) return null;
  const change = after - (before * factor + offset);
  if (scale.additive) {
    const { baselineSpan, incidentSpan } = scale;
    const rate = (b.nn + i.nn) / (baselineSpan + incidentSpan);
    return { change, variance: rate * (1 / baselineSpan + 1 / incidentSpan) };
  }
  const common = (b.num + i.num) / (b.den + i.den);
  const weight = b.dd + i.dd;
  const spread = (squaresAround(b, common) + squaresAround(i, common)) / weight;
  return { change, variance: spread * (b.dd / b.den ** 2 + i.dd / i.den ** 2) };
}

/** Variance of one window's value, around itself; smoothed towards `spread` by five rows. */
export function valueVariance(s: Sums, scale: MetricScale, span: number, spread = 0): number {
  if (scale.additive) return s.nn / span ** 2;
  if (s.den <= 0 || s.dd <= 0) return 0;
  const prior = (PRIOR_ROWS * s.dd) / Math.max(1, s.n);
  const own = squaresAround(s, s.num / s.den);
  return ((own + prior * spread) / (s.dd + prior)) * (s.dd / s.den ** 2);
}

const PRIOR_ROWS = 5;

/** Variance of one row's contribution, Σ (x - r d)² / Σ d². */
export function rowSpread(s: Sums): number {
  return s.den > 0 && s.dd > 0 ? squaresAround(s, s.num / s.den) / s.dd : 0;
}

/** Σ (x - r d)². */
function squaresAround({ nn, nd, dd }: Sums, r: number): number {
  return Math.max(0, nn - 2 * r * nd + r * r * dd);
}
