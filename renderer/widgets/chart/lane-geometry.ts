import type { LaneData } from "../../../shared/model/timeline.ts";
import { tightScale, type NiceScale } from "./nice-scale.ts";

/** A half-open range in µs UTC. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Aggregated data with the range for which it is to be drawn: coarse data to
 * the left and right of the fine data that has arrived for the middle.
 */
export interface LanePart extends Range {
  readonly data: LaneData;
  /** Counts of wide buckets beside those of narrow ones: what to multiply them with. 1 for all else. */
  readonly factor: number;
}

/** A change of level, µs UTC. */
export interface LaneChange extends Range {
  readonly at: number;
  /** In a sentence. */
  readonly what: string;
}

/** One lane as the chart takes it. */
export interface ChartLane {
  readonly id: string;
  readonly title: string;
  readonly unit?: string;
  readonly parts: readonly LanePart[];
  /** The same lane some days before, moved to the times of today; drawn below it. */
  readonly ghost?: { readonly parts: readonly LanePart[]; readonly label: string };
  /** Where its level changes, with the times between which that lies. */
  readonly changes?: readonly LaneChange[];
  /** What it belongs to, said before the title. */
  readonly group?: string;
  /** What to say instead of data: that it is loading, or why it is missing. */
  readonly status: { readonly kind: "loading" | "failed"; readonly message: string } | null;
}

/** A window drawn through all lanes. */
export interface Band extends Range {
  readonly which: "baseline" | "incident";
}

/** Index of the first time at or after `at`. */
export function firstAtOrAfter(times: ArrayLike<number>, at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Indexes `[first, last)` of the buckets that reach into a range. */
export function bucketsIn(
  times: readonly number[],
  bucket: number,
  range: Range,
): [number, number] {
  return [firstAtOrAfter(times, range.from - bucket + 1), firstAtOrAfter(times, range.to)];
}

export type SeriesData = Extract<LaneData, { kind: "series" }>;
export type LevelsData = Extract<LaneData, { kind: "levels" }>;
export type EventsData = Extract<LaneData, { kind: "events" }>;

const gaps = new WeakMap<object, number>();

/** Distance in µs beyond which two neighbours are not joined by a line: data is missing between them. */
export function gapOf(data: {
  readonly times: readonly number[];
  readonly bucket: number;
}): number {
  const known = gaps.get(data.times);
  if (known !== undefined) return known;
  const distances: number[] = [];
  const stride = Math.max(1, Math.floor(data.times.length / 400));
  for (let i = 1; i < data.times.length; i += stride) {
    distances.push((data.times[i] as number) - (data.times[i - 1] as number));
  }
  distances.sort((a, b) => a - b);
  const median = distances[distances.length >> 1] ?? data.bucket;
  const gap = Math.max(3.5 * median, 2.5 * data.bucket);
  gaps.set(data.times, gap);
  return gap;
}

const EMPTY: NiceScale = { min: 0, max: 1, step: 1, ticks: [] };
const scales = new WeakMap<LaneData, { ghost: LaneData | null; scale: NiceScale }>();

/** Value axis of a lane: that of its finest data, so that it stays while the person pans; its ghost fits too. */
export function scaleOf(
  parts: readonly LanePart[],
  ghostParts: readonly LanePart[] = [],
): NiceScale {
  const finest = finestOf(parts);
  if (finest === null || finest.kind === "events") return EMPTY;
  const ghost = finestOf(ghostParts);
  const known = scales.get(finest);
  if (known?.ghost === ghost) return known.scale;
  const [own, other] = [extentOf(finest), ghost === null ? null : extentOf(ghost)];
  const low = Math.min(own.low, other?.low ?? Infinity);
  const high = Math.max(own.high, other?.high ?? -Infinity);
  const scale = tightScale(low > 0 && low < 0.4 * high ? 0 : low, high, 2.5);
  scales.set(finest, { ghost, scale });
  return scale;
}

function finestOf(parts: readonly LanePart[]): LaneData | null {
  return parts.reduce<LaneData | null>(
    (best, { data }) => (best === null || data.bucket < best.bucket ? data : best),
    null,
  );
}

const extents = new WeakMap<LaneData, { low: number; high: number }>();

function extentOf(data: LaneData): { low: number; high: number } {
  const known = extents.get(data);
  if (known !== undefined) return known;
  let low = Infinity;
  let high = -Infinity;
  if (data.kind === "levels") {
    low = 0;
    for (const total of totals(data)) high = Math.max(high, total);
  } else if (data.kind === "series") {
    for (let i = 0; i < data.times.length; i++) {
      const bottom = data.min[i] ?? data.mean[i];
      const top = data.max[i] ?? data.mean[i];
      if (bottom !== null && bottom !== undefined && bottom < low) low = bottom;
      if (top !== null && top !== undefined && top > high) high = top;
    }
  }
  extents.set(data, { low, high });
  return { low, high };
}

const sums = new WeakMap<LevelsData, number[]>();

/** Rows per bucket over all levels. */
export function totals(data: LevelsData): number[] {
  const known = sums.get(data);
  if (known !== undefined) return known;
  const sum = data.times.map((_, i) =>
    data.levels.reduce((n, level) => n + (level.counts[i] ?? 0), 0),
  );
  sums.set(data, sum);
  return sum;
}

/**
 * Fine data in the middle, coarse data where the fine does not reach.
 * `isCount`: values grow with the width of the bucket.
 */
export function partsOf(
  coarse: LaneData | null,
  fine: (Range & { readonly data: LaneData }) | null,
  isCount: boolean,
): LanePart[] {
  if (fine === null)
    return coarse === null ? [] : [{ data: coarse, from: -Infinity, to: Infinity, factor: 1 }];
  const middle: LanePart = { data: fine.data, from: fine.from, to: fine.to, factor: 1 };
  if (coarse === null) return [middle];
  const factor = isCount ? fine.data.bucket / coarse.bucket : 1;
  return [
    { data: coarse, from: -Infinity, to: fine.from, factor },
    middle,
    { data: coarse, from: fine.to, to: Infinity, factor },
  ];
}
