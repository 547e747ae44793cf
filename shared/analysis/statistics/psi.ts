import { countBetween, quantileEdges } from "./bins.ts";
import { chiSquaredIsf, chiSquaredSf } from "./special-functions.ts";

/** Share that stands for an empty bin. */
export const PSI_EPSILON = 1e-4;

/**
 * Population stability index Σ (q - p) ln(q / p) of two histograms over the
 * same bins (Lewis 1994; the symmetrised Kullback-Leibler divergence). A share
 * of zero counts as `PSI_EPSILON`; shares are not normalised again. NaN when a
 * histogram is empty. Customary reading: below .1 stable, above .25 shifted.
 */
export function psiOfCounts(baseline: readonly number[], incident: readonly number[]): number {
  const n = baseline.reduce((s, c) => s + c, 0);
  const m = incident.reduce((s, c) => s + c, 0);
  if (n === 0 || m === 0) return NaN;
  let sum = 0;
  for (let i = 0; i < baseline.length; i++) {
    const p = (baseline[i] ?? 0) / n || PSI_EPSILON;
    const q = (incident[i] ?? 0) / m || PSI_EPSILON;
    sum += (q - p) * Math.log(q / p);
  }
  return sum;
}

/**
 * Expected PSI of two samples of one population, (bins - 1)(1/n + 1/m):
 * Yurdakul (2018), "Statistical properties of population stability index".
 * Subtract it before a threshold, or small samples look shifted.
 */
export function psiNoise(bins: number, n: number, m: number): number {
  return Math.max(0, bins - 1) * (1 / n + 1 / m);
}

/**
 * p-value of a PSI under one population: PSI/(1/n + 1/m) is then about
 * chi-squared with bins - 1 degrees of freedom (Yurdakul and Naranjo 2020,
 * "Statistical properties of the population stability index", J. Risk Model
 * Valid. 14(4)). An approximation for bins that all hold five rows or more.
 */
export function psiP(value: number, bins: number, n: number, m: number): number {
  return bins < 2 ? 1 : chiSquaredSf(value / (1 / n + 1 / m), bins - 1);
}

/**
 * The PSI that two samples of one population exceed with probability `level`,
 * by the same approximation; 0 for a single bin. With many rows it lies far
 * below the customary .1, with few far above.
 */
export function psiCritical(bins: number, n: number, m: number, level = 0.05): number {
  return bins < 2 ? 0 : chiSquaredIsf(level, bins - 1) * (1 / n + 1 / m);
}

/** PSI of two sorted samples over the baseline's quantile bins, 10 by default. */
export function psi(baseline: Float64Array, incident: Float64Array, bins = 10): number {
  const edges = quantileEdges(baseline, bins);
  return psiOfCounts(countBetween(baseline, edges), countBetween(incident, edges));
}
