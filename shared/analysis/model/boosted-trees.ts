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

/** One split of a tree with a full row of nodes per level: children of k are 2k+1 and 2k+2. */
interface Tree {
  readonly feature: Int32Array;
  readonly code: Int32Array;
  readonly value: Float64Array;
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
  const codes = features.map(binned);
  const n = domain.length;
  const out = new Float64Array(n);
  for (const fold of [0, 1]) {
    const training: number[] = [];
    for (let row = 0; row < n; row++) if (row % 2 !== fold) training.push(row);
    const predict = boost(codes, domain, Int32Array.from(training), options);
    for (let row = fold; row < n; row += 2) out[row] = predict(row);
  }
  return out;
}

/** Codes of quantile bins; `MISSING` for NaN. */
function binned(values: Float64Array): Uint8Array {
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
    let code = 0;
    while (code < edges.length && v >= (edges[code] ?? Infinity)) code++;
    return code;
  });
}

function boost(
  codes: readonly Uint8Array[],
  domain: Uint8Array,
  rows: Int32Array,
  { rounds = 40, depth = 3, rate = 0.2, leaf = 25 }: BoostingOptions,
): (row: number) => number {
  const ones = rows.reduce((s, row) => s + (domain[row] ?? 0), 0);
  const prior = Math.log((ones + 1) / (rows.length - ones + 1));
  const margin = new Float64Array(domain.length).fill(prior);
  const gradient = new Float64Array(domain.length);
  const trees: Tree[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      gradient[row] = (domain[row] ?? 0) - 1 / (1 + Math.exp(-(margin[row] ?? 0)));
    }
    const curvature = (row: number): number => {
      const p = (domain[row] ?? 0) - (gradient[row] ?? 0);
      return p * (1 - p);
    };
    const tree = grow(codes, rows, gradient, curvature, depth, leaf, rate);
    trees.push(tree);
    for (const row of rows) margin[row] = (margin[row] ?? 0) + leafValue(tree, codes, row);
  }
  return (row) => {
    let sum = prior;
    for (const tree of trees) sum += leafValue(tree, codes, row);
    return 1 / (1 + Math.exp(-sum));
  };
}

function leafValue(tree: Tree, codes: readonly Uint8Array[], row: number): number {
  let node = 0;
  for (;;) {
    const feature = tree.feature[node] ?? -1;
    if (feature < 0) return tree.value[node] ?? 0;
    node = 2 * node + ((codes[feature]?.[row] ?? 0) <= (tree.code[node] ?? 0) ? 1 : 2);
  }
}

function grow(
  codes: readonly Uint8Array[],
  rows: Int32Array,
  gradient: Float64Array,
  curvature: (row: number) => number,
  depth: number,
  leaf: number,
  rate: number,
): Tree {
  const size = 2 ** (depth + 1) - 1;
  const tree: Tree = {
    feature: new Int32Array(size).fill(-1),
    code: new Int32Array(size),
    value: new Float64Array(size),
  };
  const visit = (node: number, part: Int32Array, left: number): void => {
    let g = 0;
    let h = 0;
    for (const row of part) {
      g += gradient[row] ?? 0;
      h += curvature(row);
    }
    tree.value[node] = (rate * g) / (h + 1);
    const split = left === 0 ? null : bestSplit(codes, part, gradient, curvature, g, h, leaf);
    if (split === null) return;
    tree.feature[node] = split.feature;
    tree.code[node] = split.code;
    const column = codes[split.feature];
    visit(
      2 * node + 1,
      part.filter((row) => (column?.[row] ?? 0) <= split.code),
      left - 1,
    );
    visit(
      2 * node + 2,
      part.filter((row) => (column?.[row] ?? 0) > split.code),
      left - 1,
    );
  };
  visit(0, rows, depth);
  return tree;
}

/** The split of most gain; null when none gains or leaves would be too small. */
function bestSplit(
  codes: readonly Uint8Array[],
  part: Int32Array,
  gradient: Float64Array,
  curvature: (row: number) => number,
  g: number,
  h: number,
  leaf: number,
): { feature: number; code: number } | null {
  const gs = new Float64Array(CODES);
  const hs = new Float64Array(CODES);
  const ns = new Int32Array(CODES);
  const whole = (g * g) / (h + 1);
  let best: { feature: number; code: number } | null = null;
  let most = 1e-3;
  codes.forEach((column, feature) => {
    gs.fill(0);
    hs.fill(0);
    ns.fill(0);
    for (const row of part) {
      const code = column[row] ?? 0;
      gs[code] = (gs[code] ?? 0) + (gradient[row] ?? 0);
      hs[code] = (hs[code] ?? 0) + curvature(row);
      ns[code] = (ns[code] ?? 0) + 1;
    }
    let leftG = 0;
    let leftH = 0;
    let leftN = 0;
    for (let code = 0; code < MISSING; code++) {
      leftG += gs[code] ?? 0;
      leftH += hs[code] ?? 0;
      leftN += ns[code] ?? 0;
      if (leftN < leaf || part.length - leftN < leaf) continue;
      const gain =
        (leftG * leftG) / (leftH + 1) + ((g - leftG) * (g - leftG)) / (h - leftH + 1) - whole;
      if (gain > most) {
        most = gain;
        best = { feature, code };
      }
    }
  });
  return best;
}
