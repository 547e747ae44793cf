import type { DimensionSplit, SegmentChange } from "../../model/attribution.ts";
import { valuePair, type ValueSums } from "./cube-query.ts";
import { partOf, segmentChange, type Whole } from "./mix-rate.ts";
import { surprise, type Forecast } from "./potential.ts";
import { addPairs, type MetricScale, type SumPair } from "./segment-sums.ts";
import { simpsonParadox } from "./simpson.ts";

/** Values that are listed one by one; rows of rarer ones are counted together. */
const MOST_LISTED = 200;

/**
 * The change of the whole over the values of one column, exactly: rare values
 * stand together, and rows that lack a value are a segment of their own.
 */
export function splitByColumn(
  column: string,
  values: readonly ValueSums[],
  whole: Whole,
  name: string,
): DimensionSplit {
  const rows = ({ parts }: ValueSums): number => parts[0].n + parts[1].n + parts[2].n;
  const ordered = [...values].sort((a, b) => rows(b) - rows(a));
  const listed = ordered.slice(0, MOST_LISTED);
  const pooled = ordered.slice(MOST_LISTED);
  const pairs = listed.map(({ parts }) => valuePair(parts));
  const rest = addPairs(pooled.map(({ parts }) => valuePair(parts)));
  const all = pooled.length === 0 ? pairs : [...pairs, rest];
  const parts = all.map((p) => partOf(p, whole));
  const segments = pairs
    .map((pair, k) => segmentChange([{ column, value: listed[k]?.value ?? null }], pair, whole))
    .sort((a, b) => Math.abs(b.total.value) - Math.abs(a.total.value));
  const others: SegmentChange[] = pooled.length === 0 ? [] : [segmentChange([], rest, whole)];
  return {
    column,
    mix: parts.reduce((s, p) => s + p.mix, 0),
    rate: parts.reduce((s, p) => s + p.rate, 0),
    surprise: surpriseOf(all, whole.scale),
    segments: [...segments, ...others],
    pooled: pooled.length,
    simpson: simpsonParadox(pairs, whole, column, name),
  };
}

/** Of a sum, of its amounts; of a ratio, of numerators and denominators (Bhagwan et al. 2014). */
function surpriseOf(pairs: readonly SumPair[], { additive }: MetricScale): number {
  const of = (key: "num" | "den"): Forecast[] =>
    pairs.map(({ baseline, incident }) => ({ expected: baseline[key], actual: incident[key] }));
  return surprise(of("num")) + (additive ? 0 : surprise(of("den")));
}
