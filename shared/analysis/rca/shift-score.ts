import { quantileSorted } from "../statistics/quantiles.ts";

/** How far a series moved, and how far it usually moves. */
export interface ShiftScore {
  /** Mean of the incident in noise units from the baseline's median; signed. */
  readonly z: number;
  /** Size that windows of the incident's length inside the baseline reach (98th percentile). */
  readonly usual: number;
  /** How many such windows there were; `usual` counts little when they are few. */
  readonly placebos: number;
  /** `z` against what is usual; signed, 0 where nothing moved. */
  readonly score: number;
  readonly median: number;
  readonly mean: number;
}

/** Fewer points than this tell no noise. */
const LEAST_POINTS = 10;
/** A level that moves by less than this share of itself moves by no more than noise. */
const RELATIVE_NOISE = 0.1;
/** So many placebo windows count as much as the belief that nothing unusual happens. */
const PRIOR_WINDOWS = 20;

/**
 * Robust shift of a series: mean of the incident against median and spread of
 * the baseline, as in BARO (Pham et al. 2024), with three corrections. The
 * spread has a floor (a tenth of the level; a Poisson count's own noise), since
 * the interquartile range of a series that rests is zero. It is divided by what
 * windows of the same length inside the baseline reach, so that a series that
 * jumps every night is no suspect for having jumped. And the mean of the window
 * is used in place of its maximum, which grows with the length of the window.
 * @param baseline values in the order of time, none missing; counters as rates
 * @param incident the same
 * @returns null with fewer than 10 points before or none after
 */
export function shiftScore(
  baseline: readonly number[],
  incident: readonly number[],
): ShiftScore | null {
  if (baseline.length < LEAST_POINTS || incident.length === 0) return null;
  const sorted = [...baseline].sort((a, b) => a - b);
  const median = quantileSorted(sorted, 0.5);
  const noise = noiseOf(sorted, median);
  const size = (values: readonly number[], from: number, to: number): number => {
    let sum = 0;
    for (let k = from; k < to; k++) sum += (values[k] ?? 0) - median;
    return sum / (to - from) / noise;
  };
  const z = size(incident, 0, incident.length);
  const length = Math.min(incident.length, baseline.length);
  const placebos: number[] = [];
  for (let k = 0; k + length <= baseline.length; k += length) {
    placebos.push(Math.abs(size(baseline, k, k + length)));
  }
  placebos.sort((a, b) => a - b);
  const usual = placebos.length < 3 ? 0 : quantileSorted(placebos, 0.98);
  const shrunk = (usual * placebos.length) / (placebos.length + PRIOR_WINDOWS);
  return {
    z,
    usual,
    placebos: placebos.length,
    score: z / (1 + shrunk),
    median,
    mean: incident.reduce((sum, v) => sum + v, 0) / incident.length,
  };
}

/** The larger of several spreads, with floors; more than 0. */
function noiseOf(sorted: readonly number[], median: number): number {
  const [q5, q25, q75, q95] = [0.05, 0.25, 0.75, 0.95].map((q) => quantileSorted(sorted, q)) as [
    number,
    number,
    number,
    number,
  ];
  const mean = sorted.reduce((sum, v) => sum + v, 0) / sorted.length;
  const sd = Math.sqrt(sorted.reduce((sum, v) => sum + (v - mean) ** 2, 0) / sorted.length);
  const spread = Math.max((q75 - q25) / 1.349, (q95 - q5) / 6.58, 0.1 * sd, 1e-9);
  const isCount = sorted.every((v) => v >= 0 && Number.isInteger(v));
  return Math.hypot(spread, RELATIVE_NOISE * median, isCount ? Math.sqrt(Math.max(median, 1)) : 0);
}

const COUNTER_NAMES = /_(?:total|count|sum|bucket)(?:\{|$)/u;

/**
 * A counter only grows, so that it is always higher later: its steps are used
 * instead (a fall is a restart, from zero). Other series stay as they are.
 */
export function ratesOf(name: string, values: readonly number[]): readonly number[] {
  if (!COUNTER_NAMES.test(name) || values.length < LEAST_POINTS) return values;
  const steps = values.slice(1).map((v, k) => v - (values[k] ?? 0));
  if (steps.filter((s) => s < 0).length > 0.05 * steps.length) return values;
  return steps.map((step, k) => (step < 0 ? (values[k + 1] ?? 0) : step));
}
