import type { Decomposition, Estimate } from "../../model/model-checks.ts";
import { logOdds, sigmoid } from "./calibration-maps.ts";
import { bootstrapInterval, resampledTotal, seededUniform } from "./intervals.ts";
import { rocAuc } from "./ranking-areas.ts";

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

interface DecompositionParts {
  readonly baseline: number;
  readonly incident: number;
  readonly change: Estimate;
  readonly parts: Decomposition["parts"];
  readonly ifOnlyLabels: number;
}

/** Weights of strata in one of the worlds between baseline and incident. */
type World = Float64Array;

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
  const layout = layoutOf(strata);
  const once = splitOnce(layout, worldsOf(strata), metric, path);
  if (once === null) return null;
  const uniform = seededUniform(seed);
  const lists = { change: [], inputs: [], labels: [], concept: [] } as Record<
    "change" | "inputs" | "labels" | "concept",
    number[]
  >;
  for (let k = 0; k < draws; k++) {
    const drawn = splitOnce(layout, resampledWorlds(strata, uniform), metric, path);
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

/** What the strata are, apart from their weights: laid out once for all draws. */
interface Layout {
  readonly y: Uint8Array;
  /** 1 right, 0 wrong, 2 without prediction. */
  readonly right: Uint8Array;
  /** Place of the score among all scores. */
  readonly place: Int32Array;
  readonly places: number;
  readonly group: Int32Array;
  readonly groups: number;
}

/** Weights of the strata in the windows and on shared inputs. */
interface Worlds {
  readonly p: World;
  readonly q: World;
  readonly sharedP: World;
  readonly sharedQ: World;
}

function layoutOf(strata: readonly Stratum[]): Layout {
  const index = (values: readonly number[]): [Int32Array, number] => {
    const order = [...new Set(values)].sort((a, b) => a - b);
    const places = new Map(order.map((v, k) => [v, k]));
    return [Int32Array.from(values, (v) => places.get(v) ?? 0), order.length];
  };
  const [place, places] = index(strata.map((s) => s.bin));
  const [group, groups] = index(strata.map((s) => s.group));
  return {
    y: Uint8Array.from(strata, (s) => (s.y ? 1 : 0)),
    right: Uint8Array.from(strata, (s) => (s.p === null ? 2 : s.p === s.y ? 1 : 0)),
    ...{ place, places, group, groups },
  };
}

function worldsOf(strata: readonly Stratum[]): Worlds {
  return {
    p: Float64Array.from(strata, (s) => s.baseline),
    q: Float64Array.from(strata, (s) => s.incident),
    sharedP: Float64Array.from(strata, (s) => s.sharedBaseline),
    sharedQ: Float64Array.from(strata, (s) => s.sharedIncident),
  };
}

function splitOnce(
  layout: Layout,
  { p, q, sharedP, sharedQ }: Worlds,
  metric: DecomposedMetric,
  path: Decomposition["path"],
): Split | null {
  const of = (world: World): number | null => metricOf(layout, world, metric);
  const baseline = of(p);
  const incident = of(q);
  const onlyLabels = of(withLabelShares(layout, p, rateOf(layout, q)));
  if (baseline === null || incident === null || onlyLabels === null) return null;
  const ifOnlyLabels = onlyLabels - baseline;
  const change = incident - baseline;
  if (path === "label_shift") {
    const parts = { inputs: 0, labels: ifOnlyLabels, concept: change - ifOnlyLabels };
    return { baseline, incident, ...parts, ifOnlyLabels };
  }
  const onSharedP = of(sharedP);
  const onSharedQ = of(sharedQ);
  const moved = of(withPositiveRate(layout, sharedP, rateOf(layout, sharedQ)));
  if (onSharedP === null || onSharedQ === null || moved === null) return null;
  return {
    baseline,
    incident,
    inputs: onSharedP - baseline + (incident - onSharedQ),
    labels: moved - onSharedP,
    concept: onSharedQ - moved,
    ifOnlyLabels,
  };
}

function metricOf(layout: Layout, world: World, metric: DecomposedMetric): number | null {
  if (metric === "accuracy") {
    let right = 0;
    let all = 0;
    for (let k = 0; k < world.length; k++) {
      if (layout.right[k] === 2) continue;
      all += world[k] ?? 0;
      if (layout.right[k] === 1) right += world[k] ?? 0;
    }
    return all > 0 ? right / all : null;
  }
  const sides = bySide(layout.place, layout.places, layout.y, world);
  return rocAuc({
    scores: new Float64Array(layout.places),
    ...{ positives: sides.positive, negatives: sides.negative },
    ...{ positiveSquares: sides.positive, negativeSquares: sides.negative },
  });
}

/** Weights of positives and negatives by place. */
function bySide(
  place: Int32Array,
  places: number,
  y: Uint8Array,
  world: World,
): { positive: Float64Array; negative: Float64Array } {
  const positive = new Float64Array(places);
  const negative = new Float64Array(places);
  for (let k = 0; k < world.length; k++) {
    const at = place[k] ?? 0;
    const side = y[k] === 1 ? positive : negative;
    side[at] = (side[at] ?? 0) + (world[k] ?? 0);
  }
  return { positive, negative };
}

function rateOf({ y }: Layout, world: World): number {
  let positives = 0;
  let all = 0;
  for (let k = 0; k < world.length; k++) {
    all += world[k] ?? 0;
    if (y[k] === 1) positives += world[k] ?? 0;
  }
  return all > 0 ? positives / all : 0;
}

/** The world with its classes as frequent as `rate` says: P(x|y) stays. */
function withLabelShares(layout: Layout, world: World, rate: number): World {
  const before = rateOf(layout, world);
  const yes = before > 0 ? rate / before : 0;
  const no = before < 1 ? (1 - rate) / (1 - before) : 0;
  return world.map((w, k) => w * (layout.y[k] === 1 ? yes : no));
}

/**
 * The world with the odds of the positive class multiplied by one factor in
 * every group, so that the positive rate becomes `rate`: P(x) stays.
 */
function withPositiveRate(layout: Layout, world: World, rate: number): World {
  const { group, groups, y } = layout;
  const { positive, negative } = bySide(group, groups, y, world);
  const all = rows(positive) + rows(negative);
  const before = positive.map((p, g) => p / (p + (negative[g] ?? 0)));
  const moved = (p: number, shift: number): number =>
    p > 0 && p < 1 ? sigmoid(logOdds(p) + shift) : p;
  const rateAt = (shift: number): number => {
    let sum = 0;
    before.forEach((p, g) => {
      const weight = (positive[g] ?? 0) + (negative[g] ?? 0);
      if (weight > 0) sum += weight * moved(p, shift);
    });
    return sum / all;
  };
  let low = -30;
  let high = 30;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (rateAt(middle) < rate) low = middle;
    else high = middle;
  }
  const shift = (low + high) / 2;
  const factors = before.map((p) => (p > 0 && p < 1 ? moved(p, shift) / p : 1));
  const others = before.map((p) => (p > 0 && p < 1 ? (1 - moved(p, shift)) / (1 - p) : 1));
  return world.map((w, k) => w * ((y[k] === 1 ? factors : others)[group[k] ?? 0] ?? 1));
}

function rows(weights: Float64Array): number {
  let all = 0;
  for (const w of weights) all += w;
  return all;
}

/** A Poisson bootstrap: each stratum's rows in each window, their mean π(x) kept. */
function resampledWorlds(strata: readonly Stratum[], uniform: () => number): Worlds {
  const size = strata.length;
  const empty = (): Float64Array => new Float64Array(size);
  const out = { p: empty(), q: empty(), sharedP: empty(), sharedQ: empty() };
  strata.forEach((s, k) => {
    const p = resampledTotal(s.baseline, s.baselineSquares, uniform);
    const q = resampledTotal(s.incident, s.incidentSquares, uniform);
    out.p[k] = p;
    out.q[k] = q;
    out.sharedP[k] = s.baseline > 0 ? (s.sharedBaseline * p) / s.baseline : 0;
    out.sharedQ[k] = s.incident > 0 ? (s.sharedIncident * q) / s.incident : 0;
  });
  return out;
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
