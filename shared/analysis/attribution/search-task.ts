import type { ArrayPair, Cuboid } from "./cube.ts";
import type { MetricScale } from "./segment-sums.ts";

/** A node of the lattice of combinations. */
export interface NodeRef {
  readonly cuboid: Cuboid;
  readonly node: number;
}

/** What stays the same over the rounds of a search. */
export interface SearchTask {
  readonly cuboids: readonly Cuboid[];
  readonly scale: MetricScale;
  readonly halves: ArrayPair;
  /** Null where the baseline could not be halved. */
  readonly halvesScale: MetricScale | null;
  readonly inflation: number;
  /** Segments that are compared, over all cuboids. */
  readonly candidates: number;
  /** Least part of the change that counts, in the unit of the metric. */
  readonly least: number;
}

/** Candidates of so many columns. */
export function candidatesAt(cuboids: readonly Cuboid[], depth: number): number {
  return cuboids.reduce((sum, c) => sum + (c.columns.length === depth ? c.candidates : 0), 0);
}
