import { chiSquaredSf } from "./special-functions.ts";

export interface ChiSquaredResult {
  readonly statistic: number;
  readonly degrees: number;
  readonly p: number;
  /** G = 2 Σ O·ln(O/E), the likelihood ratio, and its p over the same degrees of freedom. */
  readonly g: number;
  readonly gP: number;
  /** Cramér's V, 0 to 1: √(χ²/n) for two rows. */
  readonly cramersV: number;
  /** Cramér's V without its bias in small samples (Bergsma 2013). */
  readonly cramersVCorrected: number;
}

/**
 * Pearson's chi-squared test of a 2×k table of counts, and the G-test; as
 * scipy.stats.chi2_contingency(correction=False), the latter with
 * lambda_="log-likelihood". Categories that occur in neither row are left out.
 * Null when a row is empty.
 */
export function chiSquared(
  baseline: readonly number[],
  incident: readonly number[],
): ChiSquaredResult | null {
  const n = baseline.reduce((s, c) => s + c, 0);
  const m = incident.reduce((s, c) => s + c, 0);
  if (n === 0 || m === 0) return null;
  const total = n + m;
  let statistic = 0;
  let likelihood = 0;
  let categories = 0;
  for (let i = 0; i < baseline.length; i++) {
    const b = baseline[i] ?? 0;
    const c = incident[i] ?? 0;
    if (b + c === 0) continue;
    categories++;
    const expectedB = ((b + c) * n) / total;
    const expectedC = ((b + c) * m) / total;
    statistic += (b - expectedB) ** 2 / expectedB + (c - expectedC) ** 2 / expectedC;
    if (b > 0) likelihood += b * Math.log(b / expectedB);
    if (c > 0) likelihood += c * Math.log(c / expectedC);
  }
  const degrees = categories - 1;
  if (degrees === 0) {
    return {
      statistic: 0,
      degrees: 0,
      p: 1,
      g: 0,
      gP: 1,
      cramersV: 0,
      cramersVCorrected: 0,
    };
  }
  const g = Math.max(0, 2 * likelihood);
  const phi2 = statistic / total;
  const corrected = Math.max(0, phi2 - degrees / (total - 1));
  const rows = 2 - 1 / (total - 1);
  const columns = categories - degrees ** 2 / (total - 1);
  const smaller = Math.min(rows, columns) - 1;
  return {
    statistic,
    degrees,
    p: chiSquaredSf(statistic, degrees),
    g,
    gP: chiSquaredSf(g, degrees),
    cramersV: Math.sqrt(phi2),
    cramersVCorrected: smaller > 0 ? Math.sqrt(corrected / smaller) : 0,
  };
}
