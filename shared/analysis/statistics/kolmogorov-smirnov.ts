import { kolmogorovNSf } from "./kolmogorov-distribution.ts";

export interface KsResult {
  /** Largest distance of the two empirical distribution functions, 0 to 1. */
  readonly statistic: number;
  /** Two-sided p-value. */
  readonly p: number;
}

/**
 * Two-sample Kolmogorov-Smirnov test on samples sorted ascending without NaN
 * (infinities allowed, ties handled); exact statistic, p as
 * scipy.stats.ks_2samp(method='asymp'): the one-sample distribution at
 * n·m/(n+m) observations. Null when a sample is empty.
 */
export function kolmogorovSmirnov(a: Float64Array, b: Float64Array): KsResult | null {
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return null;
  const statistic = ksDistance(a, b);
  return { statistic, p: kolmogorovSmirnovP(statistic, n, m) };
}

/** The p-value of a distance between samples of n and m rows. */
export function kolmogorovSmirnovP(statistic: number, n: number, m: number): number {
  const effective = roundHalfEven((n * m) / (n + m));
  // One row each: scipy answers NaN here; no information is p = 1.
  const p = effective < 1 ? 1 : kolmogorovNSf(effective, statistic);
  return Math.min(1, Math.max(0, p));
}

/** The statistic alone. Both samples sorted ascending, not empty. */
export function ksDistance(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const m = b.length;
  let i = 0;
  let j = 0;
  let most = 0;
  while (i < n && j < m) {
    const x = a[i] as number;
    const y = b[j] as number;
    const at = x <= y ? x : y;
    while (i < n && (a[i] as number) === at) i++;
    while (j < m && (b[j] as number) === at) j++;
    const distance = Math.abs(i / n - j / m);
    if (distance > most) most = distance;
  }
  return most;
}

/** As numpy.round. */
function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
