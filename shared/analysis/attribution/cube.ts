import { NO_ROWS, SUM_NAMES, type SumName, type SumPair, type Sums } from "./segment-sums.ts";

/** A column of the cube with the values that are told apart; null is a missing value. */
export interface CubeColumn {
  readonly name: string;
  readonly values: readonly (string | null)[];
}

export type SumArrays = Readonly<Record<SumName, Float64Array>>;

/** Sums of each combination of values that occurs (a leaf), in the three parts of the rows. */
export interface Cube {
  readonly columns: readonly CubeColumn[];
  readonly leaves: number;
  /** By column: the value of each leaf as its place in `values`, -1 for one that is not listed. */
  readonly codes: readonly Int32Array[];
  /** First and second half of the baseline, incident. */
  readonly parts: readonly [SumArrays, SumArrays, SumArrays];
}

/** Both sides that are compared, by leaf. */
export interface ArrayPair {
  readonly baseline: SumArrays;
  readonly incident: SumArrays;
}

/** All combinations of values of some columns: the nodes of one cuboid of the lattice. */
export interface Cuboid {
  /** Places of its columns in the cube, ascending. Empty for all rows. */
  readonly columns: readonly number[];
  /** Node of each leaf; -1 where a value is not listed. */
  readonly nodeOfLeaf: Int32Array;
  readonly nodes: number;
  /** Values of the nodes: `codes[node * columns.length + k]`. */
  readonly codes: Int32Array;
  /** Which nodes have enough rows to be an explanation. */
  readonly supported: Uint8Array;
  readonly candidates: number;
}

function emptyArrays(length: number): SumArrays {
  const make = (): Float64Array => new Float64Array(length);
  return { n: make(), num: make(), den: make(), nn: make(), nd: make(), dd: make() };
}

export function emptyCube(columns: readonly CubeColumn[], leaves: number): Cube {
  return {
    columns,
    leaves,
    codes: columns.map(() => new Int32Array(leaves)),
    parts: [emptyArrays(leaves), emptyArrays(leaves), emptyArrays(leaves)],
  };
}

/** Baseline (both halves) against incident, as copies that may be changed. */
export function windowsOf({ parts, leaves }: Cube): ArrayPair {
  const baseline = emptyArrays(leaves);
  for (const s of SUM_NAMES) {
    const out = baseline[s];
    const [first, second] = [parts[0][s], parts[1][s]];
    for (let k = 0; k < leaves; k++) out[k] = (first[k] ?? 0) + (second[k] ?? 0);
  }
  return { baseline, incident: copyArrays(parts[2]) };
}

/** The halves of the baseline against each other. */
export function halvesOf({ parts }: Cube): ArrayPair {
  return { baseline: parts[0], incident: parts[1] };
}

function copyArrays(from: SumArrays): SumArrays {
  const copy = (s: SumName): Float64Array => from[s].slice();
  return {
    ...{ n: copy("n"), num: copy("num"), den: copy("den") },
    ...{ nn: copy("nn"), nd: copy("nd"), dd: copy("dd") },
  };
}

/** Which segments are large enough to be an explanation. */
export interface Support {
  /** Share of a window's rows, in one of the windows. */
  readonly share: number;
  /** Rows of both windows together. */
  readonly rows: number;
}

/**
 * All cuboids of up to `depth` columns, the empty one first. A node is kept
 * apart only where all of its values are listed; combinations of supported
 * nodes' values that fall below the support are no candidates, nor is anything
 * below them (support can only shrink on the way down).
 */
export function cuboidsOf(cube: Cube, depth: number, support: Support): Cuboid[] {
  const all: number[][] = [[]];
  for (const set of all) {
    if (set.length === depth) continue;
    for (let c = (set.at(-1) ?? -1) + 1; c < cube.columns.length; c++) all.push([...set, c]);
  }
  const pair = windowsOf(cube);
  return all.map((columns) => cuboidOf(cube, columns, pair, support));
}

function cuboidOf(
  cube: Cube,
  columns: readonly number[],
  { baseline, incident }: ArrayPair,
  support: Support,
): Cuboid {
  const nodeOfLeaf = new Int32Array(cube.leaves);
  const byKey = new Map<number, number>();
  const codes: number[] = [];
  for (let leaf = 0; leaf < cube.leaves; leaf++) {
    let key = 0;
    for (const c of columns) {
      const code = cube.codes[c]?.[leaf] ?? -1;
      // At most three columns of 200 values: the key stays exact.
      key = code < 0 || key < 0 ? -1 : key * 4096 + code;
    }
    let node = key < 0 ? -1 : byKey.get(key);
    if (node === undefined) {
      node = byKey.size;
      byKey.set(key, node);
      for (const c of columns) codes.push(cube.codes[c]?.[leaf] ?? -1);
    }
    nodeOfLeaf[leaf] = node;
  }
  const shape = { columns, nodeOfLeaf, nodes: byKey.size, codes: Int32Array.from(codes) };
  const b = sumByNode(shape, baseline.n);
  const i = sumByNode(shape, incident.n);
  const ofB = support.share * total(baseline.n);
  const ofI = support.share * total(incident.n);
  const supported = new Uint8Array(byKey.size);
  let candidates = 0;
  for (let node = 0; node < byKey.size; node++) {
    const [before, after] = [b[node] ?? 0, i[node] ?? 0];
    const enough = (before >= ofB || after >= ofI) && before + after >= support.rows;
    supported[node] = enough ? 1 : 0;
    candidates += enough ? 1 : 0;
  }
  return { ...shape, supported, candidates };
}

function total(list: Float64Array): number {
  let sum = 0;
  for (const x of list) sum += x;
  return sum;
}

function sumByNode(
  { nodeOfLeaf, nodes }: Pick<Cuboid, "nodeOfLeaf" | "nodes">,
  values: Float64Array,
): Float64Array {
  const out = new Float64Array(nodes);
  for (let leaf = 0; leaf < nodeOfLeaf.length; leaf++) {
    const node = nodeOfLeaf[leaf] ?? -1;
    if (node >= 0) out[node] = (out[node] ?? 0) + (values[leaf] ?? 0);
  }
  return out;
}

/** Sums of all nodes of a cuboid, on both sides. */
export function sumNodes(cuboid: Pick<Cuboid, "nodeOfLeaf" | "nodes">, pair: ArrayPair): ArrayPair {
  const side = (a: SumArrays): SumArrays => ({
    ...{ n: sumByNode(cuboid, a.n), num: sumByNode(cuboid, a.num), den: sumByNode(cuboid, a.den) },
    ...{ nn: sumByNode(cuboid, a.nn), nd: sumByNode(cuboid, a.nd), dd: sumByNode(cuboid, a.dd) },
  });
  return { baseline: side(pair.baseline), incident: side(pair.incident) };
}

/** Both sides at one place. */
export function pairAt({ baseline, incident }: ArrayPair, at: number): SumPair {
  return { baseline: sumsAt(baseline, at), incident: sumsAt(incident, at) };
}

function sumsAt(a: SumArrays, at: number): Sums {
  return {
    ...{ n: a.n[at] ?? 0, num: a.num[at] ?? 0, den: a.den[at] ?? 0 },
    ...{ nn: a.nn[at] ?? 0, nd: a.nd[at] ?? 0, dd: a.dd[at] ?? 0 },
  };
}

/** Sums over all leaves. */
export function totalPair(pair: ArrayPair): SumPair {
  const side = (a: SumArrays): Sums => {
    const out = { ...NO_ROWS };
    for (const s of SUM_NAMES) out[s] = total(a[s]);
    return out;
  };
  return { baseline: side(pair.baseline), incident: side(pair.incident) };
}

/** Takes leaves out of both sides, in place. */
export function removeLeaves(pair: ArrayPair, { nodeOfLeaf }: Cuboid, node: number): void {
  for (let leaf = 0; leaf < nodeOfLeaf.length; leaf++) {
    if (nodeOfLeaf[leaf] !== node) continue;
    for (const s of SUM_NAMES) {
      pair.baseline[s][leaf] = 0;
      pair.incident[s][leaf] = 0;
    }
  }
}

/** Weighs the incident's rows: `inside` those of a node, `outside` all others; in place. */
export function reweigh(
  { incident }: ArrayPair,
  { nodeOfLeaf }: Cuboid,
  node: number,
  inside: number,
  outside: number,
): void {
  for (let leaf = 0; leaf < nodeOfLeaf.length; leaf++) {
    const w = nodeOfLeaf[leaf] === node ? inside : outside;
    incident.num[leaf] = (incident.num[leaf] ?? 0) * w;
    incident.den[leaf] = (incident.den[leaf] ?? 0) * w;
    for (const s of ["nn", "nd", "dd"] as const) {
      incident[s][leaf] = (incident[s][leaf] ?? 0) * w * w;
    }
  }
}
