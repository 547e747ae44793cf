import type { Range } from "../../widgets/chart/lane-geometry.ts";

/** A finer aggregation to ask for while a part of the time is visible. */
export interface LaneQuery {
  readonly range: Range;
  readonly buckets: number;
}

/** Buckets for a width: one per 1.5 px, in steps, so that a small resize asks nothing new. */
export function bucketsFor(width: number): number {
  return Math.max(64, Math.ceil(width / 1.5 / 64) * 64);
}

/**
 * What to ask for a visible range: wider than what is seen, on a grid that
 * depends on the zoom only, so that panning meets answers that are there
 * already. Null where the data for everything is as fine.
 */
export function queryFor(visible: Range, bounds: Range, width: number): LaneQuery | null {
  const span = visible.to - visible.from;
  const whole = bounds.to - bounds.from;
  if (span > whole * 0.7 || span <= 0) return null;
  const tile = 2 ** Math.ceil(Math.log2(span)) / 2;
  const from = Math.max(bounds.from, (Math.floor(visible.from / tile) - 1) * tile);
  const to = Math.min(bounds.to, (Math.ceil(visible.to / tile) + 1) * tile);
  return {
    range: { from, to },
    buckets: Math.ceil((bucketsFor(width) * (to - from)) / span / 64) * 64,
  };
}
