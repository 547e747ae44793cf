import type { Estimate } from "../../model/model-checks.ts";
import { normalTwoSidedP } from "../statistics/special-functions.ts";

/** 97.5 % point of the standard normal distribution: intervals cover 95 %. */
export const Z95 = 1.959963984540054;

/** Value ± z · standard error, kept inside the metric's range. */
export function normalInterval(
  value: number,
  standardError: number,
  least = -Infinity,
  most = Infinity,
): Estimate {
  return {
    value,
    low: Math.max(least, value - Z95 * standardError),
    high: Math.min(most, value + Z95 * standardError),
  };
}

/**
 * Wilson's score interval of a proportion (Wilson 1927); as
 * statsmodels.proportion_confint(method="wilson"). Null without rows.
 * @param rows number of rows, or the effective number of weighted ones
 */
export function wilson(hits: number, rows: number): Estimate | null {
  if (rows <= 0) return null;
  const p = hits / rows;
  const z2 = Z95 * Z95;
  const centre = (p + z2 / (2 * rows)) / (1 + z2 / rows);
  const half = (Z95 / (1 + z2 / rows)) * Math.sqrt((p * (1 - p)) / rows + z2 / (4 * rows * rows));
  return {
    value: p,
    low: Math.min(p, Math.max(0, centre - half)),
    high: Math.max(p, Math.min(1, centre + half)),
  };
}

/**
 * Interval of a difference of two independent estimates from their own
 * intervals (MOVER: Zou and Donner 2008; for Wilson's it is Newcombe's method
 * 10, 1998). Asymmetric intervals keep their asymmetry.
 */
export function differenceInterval(baseline: Estimate, incident: Estimate): Estimate {
  const value = incident.value - baseline.value;
  return {
    value,
    low: value - Math.hypot(incident.value - incident.low, baseline.high - baseline.value),
    high: value + Math.hypot(incident.high - incident.value, baseline.value - baseline.low),
  };
}

/** Two-sided p of "no difference", from an interval, by normal approximation. */
export function pOfInterval({ value, low, high }: Estimate): number | null {
  if (value === 0) return 1;
  // The side towards zero decides.
  const standardError = (value > 0 ? value - low : high - value) / Z95;
  if (!Number.isFinite(standardError)) return null;
  return standardError === 0 ? 0 : normalTwoSidedP(value / standardError);
}

/**
 * Standard error of a smooth function of weighted cell totals by the delta
 * method, each total being Poisson: variance Σ (∂f/∂w)² Σw². For functions that
 * do not change when all totals are doubled (accuracy, F1, MCC …) it equals the
 * multinomial one. Null where the function is not defined at the totals.
 * @param totals Σ w of each cell
 * @param squares Σ w² of each cell: the count where rows weigh 1
 */
export function deltaError(
  totals: readonly number[],
  squares: readonly number[],
  f: (totals: readonly number[]) => number | null,
): number | null {
  const all = totals.reduce((s, t) => s + t, 0);
  const step = all * 1e-6;
  const at = [...totals];
  let variance = 0;
  for (let k = 0; k < at.length; k++) {
    const square = squares[k] ?? 0;
    if (square === 0) continue;
    const kept = at[k] ?? 0;
    at[k] = kept + step;
    const above = f(at);
    at[k] = kept - step;
    const below = f(at);
    at[k] = kept;
    if (above === null || below === null) return null;
    variance += ((above - below) / (2 * step)) ** 2 * square;
  }
  return Math.sqrt(variance);
}

/** Uniform random numbers in [0, 1) that are the same for a seed (mulberry32). */
export function seededUniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * A Poisson random number: by products of uniforms (Knuth) below a mean of 30,
 * above it the rounded normal, whose error is below the noise of a bootstrap.
 */
export function poisson(mean: number, uniform: () => number): number {
  if (mean <= 0) return 0;
  if (mean > 30) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return Math.max(
      0,
      Math.round(mean + Math.sqrt(mean) * radius * Math.cos(2 * Math.PI * uniform())),
    );
  }
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = uniform(); product > limit; product *= uniform()) count++;
  return count;
}

/**
 * A resampled total of a cell with the mean Σw and the variance Σw² of a
 * Poisson bootstrap (Hanley and MacGibbon 2006), without its rows.
 */
export function resampledTotal(total: number, squares: number, uniform: () => number): number {
  if (total <= 0 || squares <= 0) return 0;
  const unit = squares / total;
  return unit * poisson(total / unit, uniform);
}

/** Percentile interval of bootstrap values around the estimate; null below 20 values. */
export function bootstrapInterval(value: number, draws: readonly number[]): Estimate | null {
  const sorted = draws.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length < 20) return null;
  const at = (level: number): number => sorted[Math.round(level * (sorted.length - 1))] ?? value;
  return { value, low: Math.min(value, at(0.025)), high: Math.max(value, at(0.975)) };
}
