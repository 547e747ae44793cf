import { pairAt, sumNodes, totalPair, type ArrayPair, type Cuboid } from "./cube.ts";
import { middleLevel } from "./mix-rate.ts";
import { candidatesAt, type NodeRef, type SearchTask } from "./search-task.ts";
import { addPairs, valueOf, withoutPair, type MetricScale, type SumPair } from "./segment-sums.ts";

/** The part of a change that changed shares of one column's values carry. */
export interface ColumnMix {
  readonly cuboid: Cuboid;
  readonly mix: number;
  /** The change at constant shares. */
  readonly rate: number;
  /** Of `mix`, where all rows come from one process. */
  readonly standardError: number;
  /** The same between the halves of the baseline, beyond chance; null when not known. */
  readonly usual: number | null;
}

/** Mix of each single column of the cube; values that are not listed count as one. */
export function mixByColumn(task: SearchTask, pair: ArrayPair): ColumnMix[] {
  return task.cuboids.flatMap((cuboid) => {
    if (cuboid.columns.length !== 1) return [];
    const own = mixOf(cuboid, pair, task.scale, task.inflation);
    const usual =
      task.halvesScale === null
        ? null
        : mixOf(cuboid, task.halves, task.halvesScale, task.inflation);
    return [
      {
        ...{ cuboid, ...own },
        usual: usual === null ? null : Math.max(0, Math.abs(usual.mix) - usual.standardError),
      },
    ];
  });
}

function mixOf(
  cuboid: Cuboid,
  pair: ArrayPair,
  scale: MetricScale,
  inflation: number,
): { mix: number; rate: number; standardError: number } {
  const whole = totalPair(pair);
  const level = middleLevel(whole, scale);
  const sums = sumNodes(cuboid, pair);
  const listed = Array.from({ length: cuboid.nodes }, (_, node) => pairAt(sums, node));
  const rest = withoutPair(whole, addPairs(listed));
  let mix = 0;
  let variance = 0;
  for (const segment of [...listed, rest]) {
    const { s0, s1, middle } = sharesOf(segment, whole, scale);
    if (middle === null) continue;
    mix += (s1 - s0) * (middle - level);
    variance += ((s0 + s1) / 2) * (middle - level) ** 2;
  }
  const change =
    (valueOf(whole.incident, scale, "incident") ?? 0) -
    (valueOf(whole.baseline, scale, "baseline") ?? 0);
  const standardError = Math.sqrt(variance * noiseOfShares(whole) * inflation);
  return { mix, rate: change - mix, standardError };
}

/** 1/n₀ + 1/n₁ with the effective numbers of rows. */
function noiseOfShares({ baseline, incident }: SumPair): number {
  return baseline.dd / baseline.den ** 2 + incident.dd / incident.den ** 2;
}

function sharesOf(
  { baseline, incident }: SumPair,
  whole: SumPair,
  scale: MetricScale,
): { s0: number; s1: number; middle: number | null } {
  const r0 = valueOf(baseline, scale, "baseline");
  const r1 = valueOf(incident, scale, "incident");
  return {
    s0: baseline.den / whole.baseline.den,
    s1: incident.den / whole.incident.den,
    middle: r0 === null ? r1 : r1 === null ? r0 : (r0 + r1) / 2,
  };
}

/** A segment whose share changed. */
export interface MixNode extends NodeRef {
  readonly statistic: number;
  readonly usual: number | null;
  /** Shares of the denominator. */
  readonly baseline: number;
  readonly incident: number;
}

/**
 * The segment, with a value of the column, whose changed share stands for the
 * column's mix: of those that carry at least half as much of the change as the
 * one that carries most, the one whose share changed most by z² (two-proportion
 * test). Of equals, the one that grew.
 */
export function mixNode(
  task: SearchTask,
  pair: ArrayPair,
  { cuboid: column, mix }: ColumnMix,
  nearly: number,
): MixNode | null {
  const whole = totalPair(pair);
  const noise = noiseOfShares(whole) * task.inflation;
  const list: (MixNode & { score: number; carried: number })[] = [];
  for (const cuboid of task.cuboids) {
    if (!column.columns.every((c) => cuboid.columns.includes(c))) continue;
    const depth = cuboid.columns.length;
    const price = 2 * Math.log(Math.max(1, candidatesAt(task.cuboids, depth)));
    const sums = sumNodes(cuboid, pair);
    for (let node = 0; node < cuboid.nodes; node++) {
      if (cuboid.supported[node] !== 1) continue;
      const { s0, s1, middle } = sharesOf(pairAt(sums, node), whole, task.scale);
      const away = awayFromRest(pairAt(sums, node), whole, task.scale, middle);
      const carried = (s1 - s0) * away;
      const s = (s0 + s1) / 2;
      const variance = s * (1 - s) * noise;
      if (Math.sign(carried) !== Math.sign(mix) || variance <= 0) continue;
      const statistic = (s1 - s0) ** 2 / variance;
      const at = { cuboid, node, statistic, score: statistic - price, carried };
      list.push({ ...at, usual: null, baseline: s0, incident: s1 });
    }
  }
  const most = Math.max(0, ...list.map((c) => Math.abs(c.carried)));
  const strong = list.filter((c) => Math.abs(c.carried) >= most / 2);
  const best = strong.reduce<(typeof list)[number] | null>(
    (a, b) => (a === null || b.score > a.score ? b : a),
    null,
  );
  if (best === null) return null;
  const near = strong.filter((c) => c.statistic >= nearly * best.statistic);
  const order = (c: (typeof list)[number]): number =>
    c.cuboid.columns.length * 2 + (c.incident > c.baseline ? 0 : 1);
  return near.reduce((a, b) => (order(b) < order(a) ? b : a), best);
}

/** How far the segment's value lies from that of all other rows. */
function awayFromRest(
  segment: SumPair,
  whole: SumPair,
  scale: MetricScale,
  middle: number | null,
): number {
  const level = middleLevel(withoutPair(whole, segment), scale);
  return (middle ?? level) - level;
}
