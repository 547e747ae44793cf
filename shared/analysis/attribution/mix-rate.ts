import type { SegmentChange, SegmentPredicate, SegmentSide } from "../../model/attribution.ts";
import { normalInterval } from "../model/intervals.ts";
import {
  rowSpread,
  valueOf,
  valueVariance,
  type MetricScale,
  type SumPair,
  type Sums,
} from "./segment-sums.ts";

/** A segment's part of a change, before it has a name. */
export interface Part {
  readonly mix: number;
  readonly rate: number;
  readonly total: number;
  readonly standardError: number;
}

/** The whole, and the level that changed shares are valued against. */
export interface Whole {
  readonly pair: SumPair;
  readonly scale: MetricScale;
  /**
   * Any constant keeps the sum over a partition. The mean of the whole's two
   * values where all segments count alike; the rest's where some are explained.
   */
  readonly level: number;
  /** Variances are this many times those of independent rows. */
  readonly inflation: number;
}

/** The middle of both values of the whole. */
export function middleLevel(pair: SumPair, scale: MetricScale): number {
  const b = valueOf(pair.baseline, scale, "baseline");
  const i = valueOf(pair.incident, scale, "incident");
  return b === null ? (i ?? 0) : i === null ? b : (b + i) / 2;
}

/**
 * A segment's part of the change of the whole, split at the midpoint: with
 * shares s of the denominator and values r,
 *
 *   rate = (s₀ + s₁) / 2 · (r₁ − r₀)
 *   mix  = (s₁ − s₀) · ((r₀ + r₁) / 2 − level)
 *
 * which is the Shapley value of the two factors (Kitagawa 1955; Das Gupta
 * 1993): the interaction goes half to each, and all parts of a partition add up
 * to the change exactly, since Σ(s₁ − s₀) = 0. A segment that one window lacks
 * has no rate part. Of a sum, the part is its own change, all of it rate. The
 * standard error of a mean's part takes shares and values as independent.
 */
export function partOf(segment: SumPair, whole: Whole): Part {
  const { pair, scale, level, inflation } = whole;
  const { baseline: b, incident: i } = segment;
  if (scale.additive) {
    const total = i.num / scale.incidentSpan - b.num / scale.baselineSpan;
    const variance = b.nn / scale.baselineSpan ** 2 + i.nn / scale.incidentSpan ** 2;
    return { mix: 0, rate: total, total, standardError: Math.sqrt(variance * inflation) };
  }
  const s0 = b.den / pair.baseline.den;
  const s1 = i.den / pair.incident.den;
  const total = i.num / pair.incident.den - b.num / pair.baseline.den - (s1 - s0) * level;
  const r0 = valueOf(b, scale, "baseline");
  const r1 = valueOf(i, scale, "incident");
  const middle = (s0 + s1) / 2;
  const rate = r0 === null || r1 === null ? 0 : middle * (r1 - r0);
  const spread = rowSpread(pair.baseline) + rowSpread(pair.incident);
  const before = valueVariance(b, scale, 1, spread / 2);
  const after = valueVariance(i, scale, 1, spread / 2);
  const away = ((r0 ?? r1 ?? level) + (r1 ?? r0 ?? level)) / 2 - level;
  const ofShares = shareVariance(s0, pair.baseline) + shareVariance(s1, pair.incident);
  const ofRates = middle ** 2 * (before + after) + ((s1 - s0) / 2) ** 2 * (before + after);
  return {
    mix: total - rate,
    rate,
    total,
    standardError: Math.sqrt((ofRates + away ** 2 * ofShares) * inflation),
  };
}

/** Variance of a share of the denominator, by its effective number of rows. */
function shareVariance(share: number, whole: Sums): number {
  const s = Math.min(1, Math.max(0, share));
  return whole.den > 0 ? (s * (1 - s) * whole.dd) / whole.den ** 2 : 0;
}

/** A segment with its numbers in both windows and its part of the change. */
export function segmentChange(
  where: readonly SegmentPredicate[],
  segment: SumPair,
  whole: Whole,
): SegmentChange {
  const part = partOf(segment, whole);
  return {
    where: [...where],
    baseline: sideOf(segment.baseline, whole.pair.baseline, whole.scale, "baseline"),
    incident: sideOf(segment.incident, whole.pair.incident, whole.scale, "incident"),
    mix: part.mix,
    rate: part.rate,
    total: normalInterval(part.total, part.standardError),
  };
}

export function sideOf(
  s: Sums,
  whole: Sums,
  scale: MetricScale,
  window: keyof SumPair,
): SegmentSide {
  const [part, all] = scale.additive ? [s.num, whole.num] : [s.den, whole.den];
  return { rows: s.n, share: all === 0 ? 0 : part / all, value: valueOf(s, scale, window) };
}
