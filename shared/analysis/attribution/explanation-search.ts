import type { SegmentPredicate } from "../../model/attribution.ts";
import { normalTwoSidedP } from "../statistics/special-functions.ts";
import {
  cuboidsOf,
  halvesOf,
  pairAt,
  reweigh,
  removeLeaves,
  sumNodes,
  totalPair,
  windowsOf,
  type ArrayPair,
  type Cube,
  type Cuboid,
  type Support,
} from "./cube.ts";
import { mixByColumn, mixNode } from "./mix-search.ts";
import { candidatesAt, type NodeRef, type SearchTask } from "./search-task.ts";
import {
  changeOf,
  NO_RIPPLE,
  rowSpread,
  valueOf,
  type MetricScale,
  type Ripple,
  type SumPair,
} from "./segment-sums.ts";
import { excess, inflationOf, rippleOf } from "./usual-variation.ts";

/** Combinations of at most three columns. */
export const MOST_DEPTH = 3;
/** A segment has 1 % of the rows of a window, and 40 rows in both together. */
export const SUPPORT: Support = { share: 0.01, rows: 40 };
/** Bonferroni over all candidates: one search in a hundred finds something in nothing. */
const LEAST_P = 0.01;
/** A cause explains a tenth of the change, and 1 % of the level or of a standard deviation. */
const LEAST_SHARE = 0.1;
const LEAST_SIZE = 0.01;
/**
 * A segment that differs a third as much between the halves of the baseline is no
 * news: a steady drift moves twice as far from window to window as from half to half.
 */
const OVER_USUAL = 3;
const MOST_CAUSES = 3;
const MOST_DRIFTING = 5;
/** A more general explanation that says nearly as much is taken instead. */
const NEARLY = 0.95;
/** Rows in each window below which a mean says nothing. */
const LEAST_ROWS = 20;

export interface FoundCause extends NodeRef {
  readonly kind: "rate" | "mix" | "volume" | "everywhere";
  /** z² of the scan, and p over all candidates. */
  readonly statistic: number;
  readonly p: number;
  readonly usual: number | null;
}

export interface Search {
  readonly cuboids: readonly Cuboid[];
  readonly causes: readonly FoundCause[];
  /** Segments that changed, but differ as much within the baseline. */
  readonly drifting: readonly NodeRef[];
  /** Candidates that were compared. */
  readonly candidates: number;
  readonly inflation: number;
  readonly usualChange: number | null;
  readonly changed: boolean;
}

/**
 * The smallest set of segments, of up to three columns each, that explains the
 * change of a metric. Two scans take turns until nothing of weight is left:
 *
 * - Mix: while changed shares of some column carry a part of the change, the
 *   segment whose share changed is named, and the incident's rows are weighed as
 *   if its share had stayed (post-stratification).
 * - Rate (volume, for sums): the candidate with the greatest z² of its change is
 *   named, and its rows are taken out. The expected z² is greatest at the true
 *   segment: a more general one dilutes the change, a more special one has fewer
 *   rows, as in the scan statistic of Kulldorff (1997). This is the ripple
 *   effect of Adtributor (Bhagwan et al. 2014) and Squeeze (Li et al. 2019) put
 *   to use: parts of a cause move alike. A code length of 2 ln(candidates of
 *   that depth) is charged for each, and the most general within 5 % of the best
 *   wins (succinctness). All rows are a candidate too: "everywhere".
 *
 * Nothing is named below the support, above p = .01 over all candidates, below a
 * tenth of the change, or where the same segment differs by a third as much between
 * the halves of the baseline; variances are inflated by how much segments vary
 * between the halves (genomic control, Devlin and Roeder 1999).
 */
export function searchExplanation(
  cube: Cube,
  scale: MetricScale,
  halvesScale: MetricScale | null,
): Search {
  const cuboids = cuboidsOf(cube, MOST_DEPTH, SUPPORT);
  const pair = windowsOf(cube);
  const halves = halvesOf(cube);
  const whole = totalPair(pair);
  const usable = halvesScale !== null && bothSides(totalPair(halves), 2 * LEAST_ROWS);
  const inflation = usable ? inflationOf(cuboids, halves, halvesScale) : 1;
  const change = changeOf(whole.baseline, whole.incident, scale);
  const usualChange = usable ? excess(totalPair(halves), halvesScale, inflation) : null;
  const candidates = cuboids.reduce((sum, c) => sum + c.candidates, 0);
  if (change === null) {
    return {
      cuboids,
      causes: [],
      drifting: [],
      candidates,
      inflation,
      usualChange,
      changed: false,
    };
  }
  const changed =
    change.change ** 2 > 9 * change.variance &&
    Math.abs(change.change) > OVER_USUAL * (usualChange ?? 0);
  const task: SearchTask = {
    ...{ cuboids, scale, halves, inflation, candidates },
    halvesScale: usable ? halvesScale : null,
    least: Math.max(
      changed ? LEAST_SHARE * Math.abs(change.change) : 0,
      LEAST_SIZE * levelOf(whole, scale),
    ),
  };
  const mix = scale.additive ? [] : mixCauses(task, pair);
  const rate = rateCauses(task, pair);
  const { found, drifting } = rate;
  return {
    cuboids,
    causes: [...found, ...mix],
    drifting,
    candidates,
    inflation,
    usualChange,
    changed,
  };
}

function bothSides({ baseline, incident }: SumPair, rows: number): boolean {
  return baseline.n >= rows && incident.n >= rows;
}

/** What a part of the change is measured by: the baseline's level or one row's spread, whichever is less. */
function levelOf({ baseline }: SumPair, scale: MetricScale): number {
  const level = Math.abs(valueOf(baseline, scale, "baseline") ?? 0);
  if (scale.additive) return level;
  const spread = Math.sqrt((rowSpread(baseline) * baseline.dd) / Math.max(1, baseline.n));
  return Math.min(level, spread * (baseline.n / Math.max(1e-300, baseline.den)));
}

/** How much a node differs between the halves of the baseline beyond chance. */
function usualOf({ cuboid, node }: NodeRef, task: SearchTask): number | null {
  if (task.halvesScale === null) return null;
  const pair = pairAt(sumNodes(cuboid, task.halves), node);
  return excess(pair, task.halvesScale, task.inflation);
}

/** Names segments whose share moved the metric, and weighs their change away. */
function mixCauses(task: SearchTask, pair: ArrayPair): FoundCause[] {
  const found: FoundCause[] = [];
  while (found.length < MOST_CAUSES) {
    const columns = mixByColumn(task, pair).filter(
      (m) =>
        Math.abs(m.mix) >= Math.max(task.least, LEAST_SHARE * Math.abs(m.rate)) &&
        normalTwoSidedP(m.mix / m.standardError) * task.cuboids.length < LEAST_P &&
        Math.abs(m.mix) > OVER_USUAL * (m.usual ?? 0),
    );
    const [best] = columns.sort((a, b) => Math.abs(b.mix) - Math.abs(a.mix));
    if (best === undefined) break;
    const at = mixNode(task, pair, best, NEARLY);
    if (at === null || found.some((f) => f.cuboid === at.cuboid && f.node === at.node)) break;
    const p = Math.min(1, normalTwoSidedP(Math.sqrt(at.statistic)) * task.candidates);
    if (p >= LEAST_P) break;
    found.push({ ...at, kind: "mix", p });
    const { baseline, incident } = at;
    if (baseline === 0 || incident === 0) removeLeaves(pair, at.cuboid, at.node);
    else {
      reweigh(pair, at.cuboid, at.node, baseline / incident, (1 - baseline) / (1 - incident));
    }
  }
  return found;
}

/** Names segments whose own value changed, and takes them out; those that always move go unnamed. */
function rateCauses(
  task: SearchTask,
  pair: ArrayPair,
): { found: FoundCause[]; drifting: NodeRef[] } {
  const found: FoundCause[] = [];
  const drifting: NodeRef[] = [];
  let ripple = NO_RIPPLE;
  while (found.length < MOST_CAUSES && drifting.length < MOST_DRIFTING) {
    const best = scan(task, pair, ripple);
    if (best === null) break;
    const everywhere = best.cuboid.columns.length === 0;
    if (!best.news) {
      drifting.push(best);
      if (everywhere) break;
      removeLeaves(pair, best.cuboid, best.node);
      continue;
    }
    const kind = everywhere ? "everywhere" : task.scale.additive ? "volume" : "rate";
    // After other causes it only says that the rest moved as well.
    if (everywhere && found.length > 0) break;
    found.push({ ...best, kind });
    if (everywhere) ripple = betterRipple(task, pair);
    else removeLeaves(pair, best.cuboid, best.node);
  }
  return { found, drifting };
}

/** The form of the common change that leaves less in the values of single columns. */
function betterRipple(task: SearchTask, pair: ArrayPair): Ripple {
  const forms = (["factor", "offset"] as const).map((f) =>
    rippleOf(totalPair(pair), task.scale, f),
  );
  const left = forms.map((ripple) => {
    let sum = 0;
    for (const cuboid of task.cuboids) {
      if (cuboid.columns.length !== 1) continue;
      const sums = sumNodes(cuboid, pair);
      for (let node = 0; node < cuboid.nodes; node++) {
        const { baseline, incident } = pairAt(sums, node);
        const c = changeOf(baseline, incident, task.scale, ripple);
        if (c !== null && c.variance > 0) sum += Math.log1p(c.change ** 2 / c.variance);
      }
    }
    return sum;
  });
  const [factor = NO_RIPPLE, offset = NO_RIPPLE] = forms;
  return (left[1] ?? 0) < (left[0] ?? 0) ? offset : factor;
}

type Scanned = Omit<FoundCause, "kind"> & {
  /** Whether it differs by more than the halves of the baseline let expect. */
  readonly news: boolean;
};

/** The node whose change stands out most, by z² less its code length; null where none does. */
function scan(task: SearchTask, pair: ArrayPair, ripple: Ripple): Scanned | null {
  const { scale } = task;
  const whole = totalPair(pair);
  const width = (s: SumPair): number =>
    scale.additive
      ? 1
      : (s.baseline.den / whole.baseline.den + s.incident.den / whole.incident.den) / 2;
  const list: { cuboid: Cuboid; node: number; statistic: number; score: number }[] = [];
  for (const cuboid of task.cuboids) {
    const depth = cuboid.columns.length;
    if (depth === 0 && ripple !== NO_RIPPLE) continue;
    const price = 2 * Math.log(Math.max(1, candidatesAt(task.cuboids, depth)));
    const sums = sumNodes(cuboid, pair);
    for (let node = 0; node < cuboid.nodes; node++) {
      if (cuboid.supported[node] !== 1) continue;
      const own = pairAt(sums, node);
      if (!scale.additive && !bothSides(own, LEAST_ROWS)) continue;
      const c = changeOf(own.baseline, own.incident, scale, ripple);
      if (c === null || c.variance <= 0) continue;
      if (Math.abs(c.change) * width(own) < task.least) continue;
      const statistic = c.change ** 2 / (c.variance * task.inflation);
      list.push({ cuboid, node, statistic, score: statistic - price });
    }
  }
  const best = succinct(list);
  if (best === null) return null;
  const p = Math.min(1, normalTwoSidedP(Math.sqrt(best.statistic)) * task.candidates);
  if (p >= LEAST_P) return null;
  const usual = usualOf(best, task);
  const own = pairAt(sumNodes(best.cuboid, pair), best.node);
  const change = changeOf(own.baseline, own.incident, scale, ripple)?.change ?? 0;
  return { ...best, p, usual, news: Math.abs(change) > OVER_USUAL * (usual ?? 0) };
}

/** The best by score; instead, the most general that says nearly as much. */
function succinct<T extends NodeRef & { readonly statistic: number; readonly score: number }>(
  list: readonly T[],
): T | null {
  const best = list.reduce<T | null>((a, b) => (a === null || b.score > a.score ? b : a), null);
  if (best === null) return null;
  return list
    .filter((c) => c.statistic >= NEARLY * best.statistic)
    .reduce((a, b) => {
      const shorter = b.cuboid.columns.length - a.cuboid.columns.length;
      return shorter < 0 || (shorter === 0 && b.score > a.score) ? b : a;
    }, best);
}

/** The conditions of a node. */
export function predicatesOf(cube: Cube, { cuboid, node }: NodeRef): SegmentPredicate[] {
  const width = cuboid.columns.length;
  return cuboid.columns.map((c, k) => ({
    column: cube.columns[c]?.name ?? "",
    value: cube.columns[c]?.values[cuboid.codes[node * width + k] ?? -1] ?? null,
  }));
}
