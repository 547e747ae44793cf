import { snapBucket } from "../../../shared/analysis/buckets.ts";
import type { LogIndex } from "../../../shared/model/log-query.ts";
import type { Range } from "../../widgets/chart/lane-geometry.ts";

/** Lines of one level, bar by bar. */
interface LevelBars {
  readonly level: string;
  readonly total: number;
  readonly counts: readonly number[];
}
export interface Bars {
  /** Of a bar, in µs. */
  readonly width: number;
  /** Starts of the bars: multiples of the width. */
  readonly starts: readonly number[];
  /** Lines of all levels in the highest bar. */
  readonly highest: number;
  /** From the ground up: what matters most stands where it is seen best. */
  readonly levels: readonly LevelBars[];
}

/** The counts of an index in at most about `most` bars of a round width over the bounds. */
export function barsOf(index: LogIndex, bounds: Range, most: number): Bars {
  const { bucket, times, levels } = index;
  const width = Math.max(bucket, snapBucket((bounds.to - bounds.from) / most));
  const first = Math.floor(bounds.from / width);
  const count = Math.max(1, Math.ceil(bounds.to / width) - first);
  const placeOf = (at: number) => Math.min(count - 1, Math.max(0, Math.floor(at / width) - first));
  const all = new Array<number>(count).fill(0);
  const bars = levels.map(({ level, counts }) => {
    const own = new Array<number>(count).fill(0);
    let total = 0;
    times.forEach((at, i) => {
      const bar = placeOf(at);
      const n = counts[i] ?? 0;
      own[bar] = (own[bar] ?? 0) + n;
      all[bar] = (all[bar] ?? 0) + n;
      total += n;
    });
    return { level, total, counts: own };
  });
  return {
    width,
    starts: all.map((_, i) => (first + i) * width),
    highest: all.reduce((a, b) => Math.max(a, b), 1),
    levels: bars,
  };
}

/** An error among a million lines is still drawn: this high, in px. */
const LEAST_HEIGHT: Readonly<Record<string, number>> = { fatal: 2, error: 2, warn: 1.5 };

/**
 * SVG paths of the levels, stacked.
 * @param x px of a time
 * @param height of the plot, px
 */
export function stackedPaths(
  { starts, width, highest, levels }: Bars,
  x: (at: number) => number,
  height: number,
): { readonly level: string; readonly path: string }[] {
  const ground = new Array<number>(starts.length).fill(0);
  return levels.map(({ level, counts }) => {
    let path = "";
    starts.forEach((start, i) => {
      const n = counts[i] ?? 0;
      if (n === 0) return;
      const below = ground[i] ?? 0;
      const tall = Math.max(LEAST_HEIGHT[level] ?? 0.5, (n / highest) * height);
      ground[i] = below + tall;
      const left = x(start);
      const right = x(start + width);
      const wide = Math.max(1, right - left - (right - left > 3 ? 0.6 : 0)).toFixed(1);
      const top = Math.max(0, height - below - tall).toFixed(1);
      path += `M${left.toFixed(1)} ${top}h${wide}v${Math.min(tall, height).toFixed(1)}h-${wide}z`;
    });
    return { level, path };
  });
}

/** Starts of the bars that have lines. */
export function filledBars({ starts, levels }: Bars): number[] {
  return starts.filter((_, i) => levels.some(({ counts }) => (counts[i] ?? 0) > 0));
}
