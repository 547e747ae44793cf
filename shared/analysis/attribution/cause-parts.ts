import type { AttributionCause, SegmentPredicate } from "../../model/attribution.ts";
import { causeSentence } from "./attribution-sentences.ts";
import {
  NO_ROWS,
  addPairs,
  valueOf,
  withoutPair,
  type MetricScale,
  type SumPair,
} from "./segment-sums.ts";
import { pairAt, sumNodes, windowsOf, totalPair, type Cube, type Cuboid } from "./cube.ts";
import { predicatesOf, type FoundCause, type Search } from "./explanation-search.ts";
import { middleLevel, segmentChange, type Whole } from "./mix-rate.ts";
import { generalizedPotential, type Forecast } from "./potential.ts";
import { segmentLabel, type WaterfallPart } from "./waterfall.ts";

/** Below this share of the denominator, the rest's value says too little to be a level. */
const LEAST_REST = 0.05;

/**
 * The causes that a search found with their numbers, strongest first, and the
 * parts of the change, exactly: each row counts in the first cause that holds
 * it, or in the rest. Changed shares are valued against the rest, so that a
 * cause carries both sides of its own growth and the rest carries none.
 */
export function describeCauses(
  cube: Cube,
  search: Search,
  whole: Whole,
  told: Parameters<typeof causeSentence>[0],
): { causes: AttributionCause[]; parts: WaterfallPart[] } {
  const { scale } = whole;
  const named = search.causes.filter((c) => c.kind !== "everywhere");
  const own = disjoint(cube, named);
  const rest = withoutPair(whole.pair, addPairs(own));
  const valued = { ...whole, level: levelOf(rest, whole) };
  const elsewhere = {
    baseline: named.length === 0 ? null : valueOf(rest.baseline, scale, "baseline"),
    incident: named.length === 0 ? null : valueOf(rest.incident, scale, "incident"),
  };
  const change = told.change.value;
  const describe = (
    cause: FoundCause,
    where: SegmentPredicate[],
    pair: SumPair,
  ): AttributionCause => {
    const segment = segmentChange(where, pair, valued);
    const { kind, statistic, p, usual } = cause;
    const share = told.changed && change !== 0 ? segment.total.value / change : null;
    const potential = where.length === 0 ? null : potentialOf(cube, cause, search, scale);
    const facts = { kind, segment, elsewhere, share, statistic, p, usual, potential };
    return { ...facts, sentence: causeSentence(told, facts) };
  };
  const causes = named.map((cause, k) =>
    describe(cause, predicatesOf(cube, cause), own[k] ?? NOTHING),
  );
  const everywhere = search.causes.find((c) => c.kind === "everywhere");
  if (everywhere !== undefined) causes.push(describe(everywhere, [], rest));
  causes.sort((a, b) => Math.abs(b.segment.total.value) - Math.abs(a.segment.total.value));
  const left = segmentChange([], rest, valued).total.value;
  const parts = causes
    .filter((c) => c.kind !== "everywhere")
    .map(({ segment: { where, total } }) => ({
      label: segmentLabel(where),
      ...{ where, change: total.value },
    }));
  const others = {
    label: parts.length === 0 ? "all rows" : "everything else",
    where: [],
    change: left,
  };
  return { causes, parts: [...parts, others] };
}

const NOTHING: SumPair = { baseline: NO_ROWS, incident: NO_ROWS };

function levelOf(rest: SumPair, { pair, scale, level }: Whole): number {
  if (scale.additive) return level;
  const least = LEAST_REST * Math.min(pair.baseline.den, pair.incident.den);
  return rest.baseline.den < least || rest.incident.den < least ? level : middleLevel(rest, scale);
}

/** The sums of each cause's rows that no earlier cause holds. */
function disjoint(cube: Cube, causes: readonly FoundCause[]): SumPair[] {
  const nodeOfLeaf = new Int32Array(cube.leaves).map((_, leaf) =>
    causes.findIndex(({ cuboid, node }) => cuboid.nodeOfLeaf[leaf] === node),
  );
  const nodes = { nodeOfLeaf, nodes: causes.length };
  const sums = sumNodes(nodes, windowsOf(cube));
  return causes.map((_, k) => pairAt(sums, k));
}

/**
 * The generalized potential score over the cells of the cause's own columns and
 * the first others, three at most: cells of more columns hold too few rows.
 */
function potentialOf(
  cube: Cube,
  { cuboid, node }: FoundCause,
  { cuboids }: Search,
  scale: MetricScale,
): number | null {
  const holds = (c: Cuboid): boolean => cuboid.columns.every((k) => c.columns.includes(k));
  const cells = cuboids.reduce(
    (a, b) => (holds(b) && b.columns.length > a.columns.length ? b : a),
    cuboid,
  );
  const pair = windowsOf(cube);
  const sums = sumNodes(cells, pair);
  const all = totalPair(pair);
  const inside: Forecast[] = [];
  const outside: Forecast[] = [];
  for (let cell = 0; cell < cells.nodes; cell++) {
    const { baseline, incident } = pairAt(sums, cell);
    const usual =
      valueOf(baseline, scale, "baseline") ?? valueOf(all.baseline, scale, "baseline") ?? 0;
    const forecast = scale.additive
      ? { expected: usual, actual: incident.num / scale.incidentSpan }
      : { expected: usual * incident.den, actual: incident.num };
    (isInside(cells, cell, cuboid, node) ? inside : outside).push(forecast);
  }
  return generalizedPotential(inside, outside);
}

/** Whether a cell of a finer cuboid lies in a node of a coarser one. */
function isInside(cells: Cuboid, cell: number, cuboid: Cuboid, node: number): boolean {
  return cuboid.columns.every((column, k) => {
    const at = cells.columns.indexOf(column);
    const code = cells.codes[cell * cells.columns.length + at];
    return code === cuboid.codes[node * cuboid.columns.length + k];
  });
}
