import { noncentralChiSquaredCdf } from "./noncentral-chi-squared.ts";

/** A 95 % confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;
const TAIL = 0.025;

/**
 * Interval of Cliff's delta: the asymmetric one of Cliff (1993), eq. 11, that
 * Feng and Cliff (2004) found to keep its level best, with the normal quantile
 * (R's effsize takes Student's). Where delta is -1 or 1, its variance says
 * nothing; then the far end is (s - z²)/(s + z²) for s rows in the smaller
 * sample (Feng and Cliff 2004).
 * @param variance of delta, `mergeSamples`
 */
export function cliffsDeltaInterval(
  delta: number,
  variance: number,
  n: number,
  m: number,
): Interval | null {
  const smaller = Math.min(n, m);
  if (smaller < 2 || Number.isNaN(delta)) return null;
  const z2 = Z * Z;
  if (Math.abs(delta) >= 1) {
    const inner = (smaller - z2) / (smaller + z2);
    return delta > 0 ? { low: inner, high: 1 } : { low: -1, high: -inner };
  }
  const rest = 1 - delta * delta;
  const half = Z * Math.sqrt(variance) * Math.sqrt(rest * rest + z2 * variance);
  const scale = rest + z2 * variance;
  const centre = delta - delta ** 3;
  return {
    low: Math.max(-1, (centre - half) / scale),
    high: Math.min(1, (centre + half) / scale),
  };
}

/**
 * Interval of Cohen's d by the large-sample variance of Hedges and Olkin (1985,
 * eq. 5.14): (n+m)/(n·m) + d²/(2(n+m)). Within 2 % of the interval by the
 * noncentral t distribution from 50 rows each on.
 */
export function cohensDInterval(d: number, n: number, m: number): Interval | null {
  if (n < 2 || m < 2 || !Number.isFinite(d)) return null;
  const half = Z * Math.sqrt(1 / n + 1 / m + (d * d) / (2 * (n + m)));
  return { low: d - half, high: d + half };
}

/**
 * Interval of Cohen's h: the arcsine transformation has variance 1/n whatever
 * the rate (Cohen 1988, sec. 6.4), so h ± z·√(1/n + 1/m), held to -π to π.
 */
export function cohensHInterval(h: number, n: number, m: number): Interval | null {
  if (n === 0 || m === 0 || Number.isNaN(h)) return null;
  const half = Z * Math.sqrt(1 / n + 1 / m);
  return { low: Math.max(-Math.PI, h - half), high: Math.min(Math.PI, h + half) };
}

/**
 * Interval of the population's Cramér's V of two rows: √(λ/N) for the
 * noncentralities λ under which the statistic is the 97.5 % or the 2.5 % point
 * of chi-squared (Steiger and Fouladi 1997; Smithson 2003, who adds the degrees
 * of freedom to λ, so that his never reaches 0). As R's effectsize.
 */
export function cramersVInterval(
  statistic: number,
  degrees: number,
  total: number,
): Interval | null {
  if (degrees < 1 || total === 0 || !Number.isFinite(statistic)) return null;
  const v = (probability: number): number =>
    Math.min(1, Math.sqrt(noncentrality(statistic, degrees, probability) / total));
  return { low: v(1 - TAIL), high: v(TAIL) };
}

/** λ at which P(X ≤ statistic) is `probability`; 0 where it is less at λ = 0. */
function noncentrality(statistic: number, degrees: number, probability: number): number {
  const above = (lambda: number): boolean =>
    noncentralChiSquaredCdf(statistic, degrees, lambda) > probability;
  if (!above(0)) return 0;
  let low = 0;
  let high = Math.max(10, statistic);
  while (above(high)) {
    low = high;
    high *= 2;
  }
  for (let k = 0; k < 200 && high - low > 1e-12 * high; k++) {
    const middle = (low + high) / 2;
    if (above(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
