import { pairAt, sumNodes, totalPair, type ArrayPair, type Cuboid } from "./cube.ts";
import {
  changeOf,
  NO_RIPPLE,
  valueOf,
  type MetricScale,
  type Ripple,
  type SumPair,
} from "./segment-sums.ts";

/** Median z² of the values of single columns between the halves, over its median by chance. */
export function inflationOf(
  cuboids: readonly Cuboid[],
  halves: ArrayPair,
  scale: MetricScale,
): number {
  const ripple = rippleOf(totalPair(halves), scale, "factor");
  const z2: number[] = [];
  for (const cuboid of cuboids) {
    if (cuboid.columns.length !== 1) continue;
    const sums = sumNodes(cuboid, halves);
    for (let node = 0; node < cuboid.nodes; node++) {
      if (cuboid.supported[node] !== 1) continue;
      const { baseline, incident } = pairAt(sums, node);
      const c = changeOf(baseline, incident, scale, ripple);
      if (c !== null && c.variance > 0) z2.push(c.change ** 2 / c.variance);
    }
  }
  if (z2.length === 0) return 1;
  z2.sort((a, b) => a - b);
  // Of few values the median says little: their mean, which by chance is 1.
  const few = z2.reduce((a, b) => a + b, 0) / z2.length / (1 + 3 / Math.sqrt(z2.length));
  const many = (z2[Math.floor(z2.length / 2)] ?? 0) / MEDIAN_CHI2;
  return Math.max(1, z2.length < 8 ? few : many);
}

/** Median of the chi-squared distribution with one degree of freedom. */
const MEDIAN_CHI2 = 0.4549364;

/** The size of a change, one standard error towards 0: chance is not usual. */
export function excess(pair: SumPair, scale: MetricScale, inflation: number): number | null {
  const c = changeOf(pair.baseline, pair.incident, scale);
  return c === null ? null : Math.max(0, Math.abs(c.change) - Math.sqrt(c.variance * inflation));
}

/** What one change of all rows does to every segment: the same factor, or the same difference. */
export function rippleOf(pair: SumPair, scale: MetricScale, form: "factor" | "offset"): Ripple {
  const b = valueOf(pair.baseline, scale, "baseline");
  const i = valueOf(pair.incident, scale, "incident");
  if (b === null || i === null) return NO_RIPPLE;
  if (form === "offset" && !scale.additive) return { factor: 1, offset: i - b };
  return b === 0 ? NO_RIPPLE : { factor: i / b, offset: 0 };
}
