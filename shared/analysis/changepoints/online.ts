import type { Columns } from "./costs.ts";

export interface OnlineOptions {
  /** Points between changes to be expected: the hazard is one over it. 250 unless told. */
  readonly expectedLength?: number;
  /** Variance of a point about its level, as a share of the variance of levels, by column. */
  readonly noise?: readonly number[];
  /** What a point weighs, at most 1: less where neighbours repeat each other. */
  readonly weight?: number;
}

export interface OnlineResult {
  /** First indices of the segments of the most probable segmentation, but the first; ascending. */
  readonly changes: readonly number[];
  /** For each point, the probability that a segment starts at it, given the whole series. */
  readonly probability: Float64Array;
  /** For each point, the probability that one started at it or just before, when it was seen. */
  readonly atOnce: Float64Array;
}

/** Run lengths that are less likely than this, given the data so far, are dropped. */
const NEGLIGIBLE = 1e-5;

/** Points that {@link OnlineResult.atOnce} looks back. */
const AT_ONCE = 2;

/** A run that began at `start`, with a normal-inverse-gamma posterior for each column. */
interface Run {
  readonly start: number;
  /** Logarithm of the probability of run and data so far. */
  log: number;
  /** The same for the best segmentation up to here that ends with this run. */
  best: number;
  count: number;
  readonly means: Float64Array;
  readonly betas: Float64Array;
}

/** What a run starts from, and how it learns. */
interface Prior {
  readonly noise: readonly number[];
  readonly weight: number;
  /** From {@link studentConstants}. */
  readonly student: Float64Array;
}

/**
 * Bayesian online changepoint detection (Adams and MacKay 2007) with constant
 * hazard and, within a segment, normal points of unknown mean and variance: the
 * predictive is Student's t. Columns are independent and should have median 0
 * and standard deviation about 1. Run lengths of negligible probability are
 * dropped, so that time is about linear. Beside the online filter it
 * gives the most probable segmentation (the Viterbi recursion of Fearnhead and
 * Liu 2007) and the probability of a change at each point given all points
 * (backward, Fearnhead 2006): with constant hazard the past of a change
 * does not depend on what follows it. `weight` tempers the likelihood, as
 * for a series whose mean of m points varies like that of m × weight.
 */
export function detectOnline(columns: Columns, options: OnlineOptions = {}): OnlineResult {
  const { expectedLength = 250, noise = columns.map(() => 0.1), weight = 1 } = options;
  const n = columns[0]?.length ?? 0;
  const logHazard = -Math.log(expectedLength);
  const logStay = Math.log1p(-1 / expectedLength);
  const student = studentConstants(n, weight);
  const filters: { starts: number[]; shares: number[] }[] = [];
  const atOnce = new Float64Array(n);
  const cameFrom = new Int32Array(n);
  let runs: Run[] = [];
  for (let t = 0; t < n; t++) {
    if (t === 0) runs.push(newRun(0, 0, 0, noise));
    else {
      const all = logSum(runs.map((run) => run.log));
      const last = runs.reduce((a, b) => (b.best > a.best ? b : a));
      cameFrom[t] = last.start;
      for (const run of runs) {
        run.log += logStay;
        run.best += logStay;
      }
      runs.push(newRun(t, all + logHazard, last.best + logHazard, noise));
    }
    for (const run of runs) observe(run, columns, t, { noise, weight, student });
    const total = logSum(runs.map((run) => run.log));
    runs = runs.filter((run) => run.log - total > Math.log(NEGLIGIBLE) || run.start === t);
    for (const run of runs) {
      const share = Math.exp(run.log - total);
      if (run.start > 0 && t - run.start <= AT_ONCE) atOnce[t] = (atOnce[t] ?? 0) + share;
    }
    filters.push({
      starts: runs.map((run) => run.start),
      shares: runs.map((run) => Math.exp(run.log - total)),
    });
  }
  if (n === 0) return { changes: [], probability: new Float64Array(0), atOnce };
  const end = runs.reduce((a, b) => (b.best > a.best ? b : a)).start;
  return { changes: trace(cameFrom, end), probability: smooth(filters), atOnce };
}

function newRun(start: number, log: number, best: number, noise: readonly number[]): Run {
  const means = new Float64Array(noise.length);
  return { start, log, best, count: 0, means, betas: Float64Array.from(noise) };
}

/** Adds the predictive probability of point t to the run, then learns from it. */
function observe(run: Run, columns: Columns, t: number, { noise, weight, student }: Prior): void {
  let log = 0;
  const alpha = 1 + run.count / 2;
  const constant = student[t - run.start] ?? 0;
  for (const [d, column] of columns.entries()) {
    // The prior of the level is that of the whole series: variance 1.
    const kappa = Math.min(1, noise[d] ?? 1) + run.count;
    const beta = run.betas[d] ?? 1;
    const mean = run.means[d] ?? 0;
    const distance = (column[t] ?? 0) - mean;
    const scale = (beta * (kappa + 1)) / (alpha * kappa);
    // Student's t with 2 alpha degrees.
    const far = Math.log1p((distance * distance) / (2 * alpha * scale));
    log += constant - 0.5 * Math.log(scale) - (alpha + 0.5) * far;
    run.means[d] = mean + (weight * distance) / (kappa + weight);
    run.betas[d] = beta + (weight * kappa * distance * distance) / (2 * (kappa + weight));
  }
  run.count += weight;
  run.log += weight * log;
  run.best += weight * log;
}

/**
 * What depends on the degrees alone in the logarithm of Student's density, by the
 * number of points that a run has seen.
 */
function studentConstants(n: number, weight: number): Float64Array {
  return Float64Array.from({ length: n }, (_, seen) => {
    const degrees = 2 + seen * weight;
    return halfStep(degrees / 2) - 0.5 * Math.log(degrees * Math.PI);
  });
}

/** ln Γ(x + ½) − ln Γ(x), for x ≥ ½, to 1e-8; by its asymptotic series from x + 4 on. */
export function halfStep(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < x + 6; at++) shift += Math.log(at / (at + 0.5));
  const r = 1 / at;
  return shift + 0.5 * Math.log(at) - r / 8 + r ** 3 / 192 - r ** 5 / 640 + (17 * r ** 7) / 14336;
}

function logSum(logs: readonly number[]): number {
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((s, v) => s + Math.exp(v - most), 0));
}

function trace(cameFrom: Int32Array, last: number): number[] {
  const changes: number[] = [];
  for (let at = last; at > 0; at = cameFrom[at] ?? 0) changes.push(at);
  return changes.reverse();
}

/** From the filters (shares of run starts after each point) to the probability of a start at each. */
function smooth(filters: readonly { starts: number[]; shares: number[] }[]): Float64Array {
  const n = filters.length;
  const probability = new Float64Array(n);
  for (let t = n; t > 0; t--) {
    const weight = t === n ? 1 : (probability[t] ?? 0);
    const filter = filters[t - 1];
    if (weight === 0 || filter === undefined) continue;
    for (const [k, start] of filter.starts.entries()) {
      if (start > 0) {
        probability[start] = (probability[start] ?? 0) + weight * (filter.shares[k] ?? 0);
      }
    }
  }
  return probability;
}
