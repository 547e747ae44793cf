/** Gradient-boosted trees for telling two samples apart, small enough to read. */

interface BoostingOptions {
  readonly rounds?: number;
  readonly depth?: number;
  readonly rate?: number;
  /** Least rows (of the training part) in a leaf. */
  readonly leaf?: number;
}

/** Most bins of a feature; the last code stands for missing values. */
const BINS = 32;
const MISSING = BINS;
const CODES = BINS + 1;

/** What the trees of all folds say of the rows. */
export interface CrossValidation {
  /** P(domain = 1) of every row, from trees that did not see it. */
  readonly scores: Float64Array;
  /** Share of the gain of all splits by feature; sums to 1, or to 0 without splits. */
  readonly gain: Float64Array;
  /** The scores with a feature's values shuffled among the rows of each fold. */
  readonly shuffled: (feature: number, uniform: () => number) => Float64Array;
}

/** One split of a tree with a full row of nodes per level: children of k are 2k+1 and 2k+2. */
interface Tree {
  readonly feature: Int32Array;
  readonly code: Int32Array;
  readonly value: Float64Array;
  readonly gain: Float64Array;
}

/** Trees of one fold, their sum on the scale of log odds. */
interface Ensemble {
  readonly prior: number;
  readonly trees: readonly Tree[];
}

/**
 * P(domain = 1 | features) of every row, each from a model that did not see the
 * row (two folds by parity of the row's place): logistic gradient boosting over
 * 32 quantile bins per feature, Newton leaves (Friedman 2001; Chen and Guestrin
 * 2016). Rows of both domains are to be in random order, and of like number.
 * @param features one array per feature, NaN for missing
 * @param domain 0 or 1 per row
 */
export function crossFittedDomain(
  features: readonly Float64Array[],
  domain: Uint8Array,
  options: BoostingOptions = {},
): Float64Array {
  const codes = features.map(quantileCodes);
  return crossValidatedDomain(codes, domain, 2, options).scores;
}

/**
 * The same with any number of folds (by the row's place modulo `folds`), over
 * codes of `quantileCodes` or others of 0 to 32, and with what the splits gained.
 */
export function crossValidatedDomain(
  codes: readonly Uint8Array[],
  domain: Uint8Array,
  folds: number,
  options: BoostingOptions = {},
): CrossValidation {
  const n = domain.length;
  const scores = new Float64Array(n);
  const gain = new Float64Array(codes.length);
  const ensembles: Ensemble[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const training: number[] = [];
    for (let row = 0; row < n; row++) if (row % folds !== fold) training.push(row);
    const ensemble = boost(codes, domain, Int32Array.from(training), options);
    ensembles.push(ensemble);
    for (let row = fold; row < n; row += folds) scores[row] = predict(ensemble, codes, row);
    for (const tree of ensemble.trees) {
      tree.feature.forEach((feature, node) => {
        if (feature >= 0) gain[feature] = (gain[feature] ?? 0) + (tree.gain[node] ?? 0);
      });
    }
  }
  const total = gain.reduce((s, g) => s + g, 0);
  return {
    scores,
    gain: total > 0 ? gain.map((g) => g / total) : gain,
    shuffled: (feature, uniform) => shuffledScores(codes, ensembles, n, feature, uniform),
  };
}

function shuffledScores(
  codes: readonly Uint8Array[],
  ensembles: readonly Ensemble[],
  n: number,
  feature: number,
  uniform: () => number,
): Float64Array {
  const folds = ensembles.length;
  const column = Uint8Array.from(codes[feature] ?? []);
  const scores = new Float64Array(n);
  const others = codes.map((c, k) => (k === feature ? column : c));
  ensembles.forEach((ensemble, fold) => {
    const size = Math.ceil((n - fold) / folds);
    for (let k = size - 1; k > 0; k--) {
      const a = fold + k * folds;
      const b = fold + Math.floor(uniform() * (k + 1)) * folds;
      const kept = column[a] ?? 0;
      column[a] = column[b] ?? 0;
      column[b] = kept;
    }
    for (let row = fold; row < n; row += folds) scores[row] = predict(ensemble, others, row);
  });
  return scores;
}

function predict({ prior, trees }: Ensemble, codes: readonly Uint8Array[], row: number): number {
  let sum = prior;
  for (const tree of trees) sum += leafValue(tree, codes, row);
  return 1 / (1 + Math.exp(-sum));
}

/** Codes of at most 32 quantile bins, 0 the lowest; 32 for NaN. */
export function quantileCodes(values: Float64Array): Uint8Array {
  const sorted = values.filter((v) => !Number.isNaN(v)).sort();
  const edges: number[] = [];
  for (let k = 1; k < BINS; k++) {
    const edge = sorted[Math.floor((k * sorted.length) / BINS)];
    if (edge !== undefined && edge !== edges[edges.length - 1] && edge !== sorted[0]) {
      edges.push(edge);
    }
  }
  return Uint8Array.from(values, (v) => {
    if (Number.isNaN(v)) return MISSING;
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (v >= (edges[middle] as number)) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}

function boost(
  codes: readonly Uint8Array[],
  domain: Uint8Array,
  rows: Int32Array,
  { rounds = 40, depth = 3, rate = 0.2, leaf = 25 }: BoostingOptions,
): Ensemble {
  const ones = rows.reduce((s, row) => s + (domain[row] ?? 0), 0);
  const prior = Math.log((ones + 1) / (rows.length - ones + 1));
  const margin = new Float64Array(domain.length).fill(prior);
  const gradient = new Float64Array(domain.length);
  const curvature = new Float64Array(domain.length);
  const trees: Tree[] = [];
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k] as number;
      const p = 1 / (1 + Math.exp(-(margin[row] as number)));
      gradient[row] = (domain[row] as number) - p;
      curvature[row] = p * (1 - p);
    }
    trees.push(grow(codes, rows, gradient, curvature, margin, { depth, leaf, rate }));
  }
  return { prior, trees };
}

function leafValue(tree: Tree, codes: readonly Uint8Array[], row: number): number {
  let node = 0;
  for (;;) {
    const feature = tree.feature[node] ?? -1;
    if (feature < 0) return tree.value[node] ?? 0;
    const column = codes[feature] as Uint8Array;
    node = 2 * node + ((column[row] as number) <= (tree.code[node] as number) ? 1 : 2);
  }
}

/** A tree on the rows; what its leaves say is added to the rows' margins. */
function grow(
  codes: readonly Uint8Array[],
  rows: Int32Array,
  gradient: Float64Array,
  curvature: Float64Array,
  margin: Float64Array,
  { depth, leaf, rate }: { readonly depth: number; readonly leaf: number; readonly rate: number },
): Tree {
  const size = 2 ** (depth + 1) - 1;
  const tree: Tree = {
    feature: new Int32Array(size).fill(-1),
    code: new Int32Array(size),
    value: new Float64Array(size),
    gain: new Float64Array(size),
  };
  const visit = (node: number, part: Int32Array, left: number, sums: Float64Array | null): void => {
    let g = 0;
    let h = 0;
    for (let k = 0; k < part.length; k++) {
      const row = part[k] as number;
      g += gradient[row] as number;
      h += curvature[row] as number;
    }
    const value = (rate * g) / (h + 1);
    tree.value[node] = value;
    const split = sums === null ? null : bestSplit(sums, codes.length, part.length, g, h, leaf);
    if (split === null) {
      for (let k = 0; k < part.length; k++) {
        const row = part[k] as number;
        margin[row] = (margin[row] as number) + value;
      }
      return;
    }
    tree.feature[node] = split.feature;
    tree.code[node] = split.code;
    tree.gain[node] = split.gain;
    const [low, high] = divide(part, codes[split.feature] ?? new Uint8Array(0), split.code);
    const [ofLow, ofHigh] =
      left === 1 ? [null, null] : childSums(codes, low, high, gradient, curvature, sums);
    visit(2 * node + 1, low, left - 1, ofLow);
    visit(2 * node + 2, high, left - 1, ofHigh);
  };
  visit(0, rows, depth, depth === 0 ? null : codeSums(codes, rows, gradient, curvature));
  return tree;
}

/** Rows whose code is at most `code`, and the others, each in their order. */
function divide(part: Int32Array, column: Uint8Array, code: number): [Int32Array, Int32Array] {
  const sorted = new Int32Array(part.length);
  let low = 0;
  let high = part.length;
  for (let k = 0; k < part.length; k++) {
    const row = part[k] as number;
    if ((column[row] as number) <= code) sorted[low++] = row;
    else sorted[--high] = row;
  }
  return [sorted.subarray(0, low), sorted.subarray(low).reverse()];
}

/** Per feature and code: gradient, curvature and number of rows. */
function codeSums(
  codes: readonly Uint8Array[],
  part: Int32Array,
  gradient: Float64Array,
  curvature: Float64Array,
): Float64Array {
  const sums = new Float64Array(codes.length * CODES * 3);
  const gs = new Float64Array(part.length);
  const hs = new Float64Array(part.length);
  for (let k = 0; k < part.length; k++) {
    gs[k] = gradient[part[k] as number] as number;
    hs[k] = curvature[part[k] as number] as number;
  }
  codes.forEach((column, feature) => {
    const start = feature * CODES * 3;
    for (let k = 0; k < part.length; k++) {
      const place = start + (column[part[k] as number] as number) * 3;
      sums[place] = (sums[place] as number) + (gs[k] as number);
      sums[place + 1] = (sums[place + 1] as number) + (hs[k] as number);
      sums[place + 2] = (sums[place + 2] as number) + 1;
    }
  });
  return sums;
}

/** Sums of both children: counted for the smaller one, the rest of the parent's for the other. */
function childSums(
  codes: readonly Uint8Array[],
  low: Int32Array,
  high: Int32Array,
  gradient: Float64Array,
  curvature: Float64Array,
  parent: Float64Array | null,
): [Float64Array, Float64Array] {
  const small = codeSums(codes, low.length <= high.length ? low : high, gradient, curvature);
  const large = small.map((v, k) => (parent?.[k] ?? 0) - v);
  return low.length <= high.length ? [small, large] : [large, small];
}

/** The split of most gain; null when none gains or leaves would be too small. */
function bestSplit(
  sums: Float64Array,
  features: number,
  rows: number,
  g: number,
  h: number,
  leaf: number,
): { feature: number; code: number; gain: number } | null {
  const whole = (g * g) / (h + 1);
  let best: { feature: number; code: number; gain: number } | null = null;
  let most = 1e-3;
  for (let feature = 0; feature < features; feature++) {
    let leftG = 0;
    let leftH = 0;
    let leftN = 0;
    for (let code = 0; code < MISSING; code++) {
      const place = (feature * CODES + code) * 3;
      leftG += sums[place] ?? 0;
      leftH += sums[place + 1] ?? 0;
      leftN += sums[place + 2] ?? 0;
      if (leftN < leaf || rows - leftN < leaf) continue;
      const gain =
        (leftG * leftG) / (leftH + 1) + ((g - leftG) * (g - leftG)) / (h - leftH + 1) - whole;
      if (gain > most) {
        most = gain;
        best = { feature, code, gain };
      }
    }
  }
  return best;
}
