import type { Decomposition, Estimate } from "../../model/model-checks.ts";
import { logOdds, sigmoid } from "./calibration-maps.ts";
import { bootstrapInterval, resampledTotal, seededUniform } from "./intervals.ts";
import { rocAuc } from "./ranking-areas.ts";
import type { ScoreHistogram } from "./score-histogram.ts";

/**
 * Rows of one stratum of the inputs with label y and prediction p. `baseline`
 * and `incident` are weights in the windows, `share` the mean weight that the
 * shared distribution gives such a row (between 0 and 1).
 */
export interface Stratum {
  /** Ascending with the score. */
  readonly bin: number;
  /** Coarser group of scores, within which P(y|x) is taken as one rate. */
  readonly group: number;
  readonly y: boolean;
  /** Null where there are scores only. */
  readonly p: boolean | null;
  readonly baseline: number;
  readonly incident: number;
  readonly baselineSquares: number;
  readonly incidentSquares: number;
  /** Σ w π(x) of the baseline rows and Σ w (1 - π(x)) of the incident rows. */
  readonly sharedBaseline: number;
  readonly sharedIncident: number;
}

export type DecomposedMetric = "accuracy" | "roc_auc";

export interface DecompositionParts {
  readonly baseline: number;
  readonly incident: number;
  readonly change: Estimate;
  readonly parts: Decomposition["parts"];
  readonly ifOnlyLabels: number;
}

/** Weights of strata in one of the worlds between baseline and incident. */
type World = readonly number[];

/**
 * Splits the change of a metric into parts that add up, along the path
 *
 *   baseline inputs → shared inputs, all with the baseline's P(y|x)   (inputs)
 *   … with the odds of y multiplied by one factor for all inputs      (labels)
 *   … with the incident's P(y|x)                                      (concept)
 *   shared inputs → incident inputs, with the incident's P(y|x)       (inputs)
 *
 * Shared inputs have density ∝ p q / (p + q), so that P(y|x) is compared only
 * where both windows have rows and no weight exceeds 1 (DISDE: Cai, Namkoong
 * and Yadlowsky 2023, arXiv:2303.02011). The factor is the one that brings the
 * baseline's P(y|x) to the incident's positive rate on shared inputs: a pure
 * change of class shares moves the odds of all inputs alike (Saerens, Latinne
 * and Decaestecker 2002), so that what remains is concept drift.
 *
 * On the path `label_shift`, for windows whose P(x|y) agrees, the change that
 * class shares alone bring goes to labels, the rest to concept.
 *
 * Intervals by Poisson bootstrap of the strata, with π(x) kept. Null where the
 * metric is not defined in one of the worlds.
 */
export function decompose(
  strata: readonly Stratum[],
  metric: DecomposedMetric,
  path: Decomposition["path"],
  draws = 200,
  seed = 1,
): DecompositionParts | null {
  const once = splitOnce(strata, metric, path);
  if (once === null) return null;
  const uniform = seededUniform(seed);
  const lists = { change: [], inputs: [], labels: [], concept: [] } as Record<
    "change" | "inputs" | "labels" | "concept",
    number[]
  >;
  for (let k = 0; k < draws; k++) {
    const drawn = splitOnce(resampled(strata, uniform), metric, path);
    if (drawn === null) continue;
    lists.change.push(drawn.incident - drawn.baseline);
    lists.inputs.push(drawn.inputs);
    lists.labels.push(drawn.labels);
    lists.concept.push(drawn.concept);
  }
  const interval = (value: number, list: readonly number[]): Estimate =>
    bootstrapInterval(value, list) ?? { value, low: -1, high: 1 };
  return {
    baseline: once.baseline,
    incident: once.incident,
    ifOnlyLabels: once.ifOnlyLabels,
    change: interval(once.incident - once.baseline, lists.change),
    parts: {
      inputs: interval(once.inputs, lists.inputs),
      labels: interval(once.labels, lists.labels),
      concept: interval(once.concept, lists.concept),
    },
  };
}

interface Split {
  baseline: number;
  incident: number;
  inputs: number;
  labels: number;
  concept: number;
  ifOnlyLabels: number;
}

function splitOnce(
  strata: readonly Stratum[],
  metric: DecomposedMetric,
  path: Decomposition["path"],
): Split | null {
  const worlds = {
    p: strata.map((s) => s.baseline),
    q: strata.map((s) => s.incident),
    sharedP: strata.map((s) => s.sharedBaseline),
    sharedQ: strata.map((s) => s.sharedIncident),
  };
  const of = (world: World): number | null => metricOf(strata, world, metric);
  const baseline = of(worlds.p);
  const incident = of(worlds.q);
  const onlyLabels = of(withLabelShares(strata, worlds.p, worlds.q));
  if (baseline === null || incident === null || onlyLabels === null) return null;
  const ifOnlyLabels = onlyLabels - baseline;
  const change = incident - baseline;
  if (path === "label_shift") {
    return {
      baseline,
      incident,
      inputs: 0,
      labels: ifOnlyLabels,
      concept: change - ifOnlyLabels,
      ifOnlyLabels,
    };
  }
  const sharedP = of(worlds.sharedP);
  const sharedQ = of(worlds.sharedQ);
  const moved = of(withPositiveRate(strata, worlds.sharedP, rateOf(strata, worlds.sharedQ)));
  if (sharedP === null || sharedQ === null || moved === null) return null;
  return {
    baseline,
    incident,
    inputs: sharedP - baseline + (incident - sharedQ),
    labels: moved - sharedP,
    concept: sharedQ - moved,
    ifOnlyLabels,
  };
}

function metricOf(
  strata: readonly Stratum[],
  world: World,
  metric: DecomposedMetric,
): number | null {
  if (metric === "accuracy") {
    let right = 0;
    let all = 0;
    strata.forEach(({ y, p }, k) => {
      if (p === null) return;
      all += world[k] ?? 0;
      if (y === p) right += world[k] ?? 0;
    });
    return all > 0 ? right / all : null;
  }
  return rocAuc(worldHistogram(strata, world));
}

/** Score histogram of a world; only the order of its bins matters. */
function worldHistogram(strata: readonly Stratum[], world: World): ScoreHistogram {
  const places = new Map<number, number>();
  for (const bin of [...new Set(strata.map((s) => s.bin))].sort((a, b) => a - b)) {
    places.set(bin, places.size);
  }
  const positives = new Float64Array(places.size);
  const negatives = new Float64Array(places.size);
  strata.forEach(({ bin, y }, k) => {
    const at = places.get(bin) ?? 0;
    const side = y ? positives : negatives;
    side[at] = (side[at] ?? 0) + (world[k] ?? 0);
  });
  const scores = Float64Array.from(places.values());
  return { scores, positives, negatives, positiveSquares: positives, negativeSquares: negatives };
}

function rateOf(strata: readonly Stratum[], world: World): number {
  let positives = 0;
  let all = 0;
  strata.forEach(({ y }, k) => {
    all += world[k] ?? 0;
    if (y) positives += world[k] ?? 0;
  });
  return all > 0 ? positives / all : 0;
}

/** The world with its classes weighed as often as in another: P(x|y) stays. */
function withLabelShares(strata: readonly Stratum[], world: World, other: World): World {
  const from = rateOf(strata, world);
  const to = rateOf(strata, other);
  return strata.map(
    ({ y }, k) => (world[k] ?? 0) * (y ? ratio(to, from) : ratio(1 - to, 1 - from)),
  );
}

function ratio(a: number, b: number): number {
  return b > 0 ? a / b : 0;
}

/**
 * The world with the odds of the positive class multiplied by one factor in
 * every group, so that the positive rate becomes `rate`: P(x) stays.
 */
function withPositiveRate(strata: readonly Stratum[], world: World, rate: number): World {
  const groups = new Map<number, { positive: number; negative: number }>();
  strata.forEach(({ group, y }, k) => {
    const found = groups.get(group) ?? { positive: 0, negative: 0 };
    if (y) found.positive += world[k] ?? 0;
    else found.negative += world[k] ?? 0;
    groups.set(group, found);
  });
  const list = [...groups.values()].filter((b) => b.positive + b.negative > 0);
  const all = list.reduce((s, b) => s + b.positive + b.negative, 0);
  const moved = (positive: number, negative: number, shift: number): number => {
    const p = positive / (positive + negative);
    return p <= 0 || p >= 1 ? p : sigmoid(logOdds(p) + shift);
  };
  const rateAt = (shift: number): number =>
    list.reduce((s, b) => s + (b.positive + b.negative) * moved(b.positive, b.negative, shift), 0) /
    all;
  let low = -30;
  let high = 30;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (rateAt(middle) < rate) low = middle;
    else high = middle;
  }
  const shift = (low + high) / 2;
  return strata.map(({ group, y }, k) => {
    const { positive, negative } = groups.get(group) ?? { positive: 0, negative: 0 };
    if (positive <= 0 || negative <= 0) return world[k] ?? 0;
    const p = moved(positive, negative, shift);
    const before = positive / (positive + negative);
    return (world[k] ?? 0) * (y ? p / before : (1 - p) / (1 - before));
  });
}

/** A Poisson bootstrap: each stratum's rows in each window, their mean π(x) kept. */
function resampled(strata: readonly Stratum[], uniform: () => number): Stratum[] {
  return strata.map((s) => {
    const baseline = resampledTotal(s.baseline, s.baselineSquares, uniform);
    const incident = resampledTotal(s.incident, s.incidentSquares, uniform);
    return {
      ...s,
      baseline,
      incident,
      sharedBaseline: s.baseline > 0 ? (s.sharedBaseline * baseline) / s.baseline : 0,
      sharedIncident: s.incident > 0 ? (s.sharedIncident * incident) / s.incident : 0,
    };
  });
}

/**
 * Class weights w(y) = q(y) / p(y) that the incident's predictions imply when
 * only class shares changed: w = C⁻¹ μ with C(i, j) = P(predicted i, true j) in
 * the baseline and μ(i) = Q(predicted i) (black-box shift estimation, BBSE:
 * Lipton, Wang and Smola 2018, arXiv:1802.03916). Negative weights become 0.
 * Null where C cannot be inverted: predictions say too little about labels.
 * @param joint baseline weights, rows of prediction and columns of truth
 * @param predicted incident weights by prediction
 */
export function bbseWeights(
  joint: readonly (readonly number[])[],
  predicted: readonly number[],
): number[] | null {
  const all = joint.flat().reduce((s, v) => s + v, 0);
  const sum = predicted.reduce((s, v) => s + v, 0);
  if (all <= 0 || sum <= 0) return null;
  const rows = joint.map((row, i) => [...row.map((v) => v / all), (predicted[i] ?? 0) / sum]);
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    }
    const top = rows[pivot] ?? [];
    rows[pivot] = rows[column] ?? [];
    rows[column] = top;
    const lead = top[column] ?? 0;
    if (Math.abs(lead) < 1e-9) return null;
    for (let row = 0; row < n; row++) {
      const line = rows[row] ?? [];
      const factor = row === column ? 0 : (line[column] ?? 0) / lead;
      if (factor !== 0) line.forEach((v, k) => (line[k] = v - factor * (top[k] ?? 0)));
    }
  }
  return rows.map((row, k) => Math.max(0, (row[n] ?? 0) / (row[k] ?? 1)));
}
