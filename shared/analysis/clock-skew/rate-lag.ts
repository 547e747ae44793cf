import type { LagPoint } from "../../model/clock-skew.ts";
import { quantileSorted } from "../statistics/quantiles.ts";

/** Records per bucket of a source, dense from its first bucket on. */
export interface Rate {
  /** Number of the first bucket since 1970. */
  readonly first: number;
  readonly counts: Float64Array;
}

export interface RateLag {
  /** Buckets to add to the second source. */
  readonly lag: number;
  /** The peak above the median of all lags, in robust deviations of them. */
  readonly z: number;
  /** Second highest peak over the highest. */
  readonly rival: number;
  /** Stretches of time that speak for it, and the share that the strongest of them has. */
  readonly blocks: number;
  readonly largest: number;
  /** 95 % interval over resampled stretches, in buckets. */
  readonly low: number;
  readonly high: number;
  /** Lag of the first and of the second half of the stretches. */
  readonly halves: readonly [number, number];
  /** Starts (bucket numbers of the first source) of the stretches that speak most for it. */
  readonly best: readonly number[];
  readonly curve: readonly LagPoint[];
}

/** Buckets on each side whose mean is taken off: what changes slower says nothing of a clock. */
const MEAN = 15;
/** One burst must not decide: larger deviations count as this many robust ones. */
const MOST_DEVIATION = 4;
/** Buckets of a stretch. */
const BLOCK = 30;
/** Stretches that a resample draws from, at most. */
const MOST_DRAWN = 60;
/** A peak's own shoulders. */
const SHOULDER = 5;

/**
 * The lag at which the rates of two sources are most alike, by cross-correlation after
 * pre-whitening (Box, Jenkins: Time Series Analysis, 11.2): the square root of the
 * counts, without its moving mean, clipped. The interval comes from a bootstrap of
 * stretches of time. Null where the sources share no stretch.
 * @param stretches both sources over the same times, whitened each by itself
 * @param lags first and last lag in buckets
 * @param resamples of the interval; with none it is the peak's own bucket
 */
export function rateLag(
  stretches: readonly (readonly [Rate, Rate])[],
  lags: readonly [number, number],
  resamples = 200,
): RateLag | null {
  const size = lags[1] - lags[0] + 1;
  const curves = stretches.flatMap(([first, second]) =>
    blockCurves(
      { ...first, counts: whitened(first.counts) },
      { ...second, counts: whitened(second.counts) },
      lags,
    ),
  );
  if (curves.length === 0) return null;
  const total = summed(
    curves.map((c) => c.curve),
    size,
  );
  const peak = argmax(total);
  const { middle, deviation } = spread(total);
  if (!(deviation > 0)) return null;
  const top = (total[peak] ?? 0) - middle;
  const shares = curves.map(({ start, curve }) => ({ start, share: (curve[peak] ?? 0) / top }));
  const speaking = shares.filter((s) => s.share > 0).sort((x, y) => y.share - x.share);
  const [low, high] =
    resamples === 0
      ? [peak, peak]
      : resampled(
          curves.map((c) => c.curve),
          size,
          resamples,
        );
  const half = (part: readonly BlockCurve[]): number =>
    argmax(
      summed(
        part.map((c) => c.curve),
        size,
      ),
    ) + lags[0];
  const cut = Math.floor(curves.length / 2);
  return {
    lag: peak + lags[0],
    z: top / deviation,
    rival: rivalOf(total, peak, middle) / top,
    blocks: speaking.length,
    largest: speaking[0]?.share ?? 0,
    ...{ low: low + lags[0], high: high + lags[0] },
    halves: [half(curves.slice(0, cut)), half(curves.slice(cut))],
    best: speaking.map((s) => s.start),
    curve: Array.from(total, (v, k) => ({ lag: k + lags[0], value: (v - middle) / deviation })),
  };
}

/** Square roots (the variance of counts becomes constant), without the moving mean, clipped. */
export function whitened(counts: Float64Array): Float64Array {
  const roots = Float64Array.from(counts, (n) => Math.sqrt(n + 0.375));
  const sums = new Float64Array(roots.length + 1);
  for (const [k, root] of roots.entries()) sums[k + 1] = (sums[k] ?? 0) + root;
  const out = Float64Array.from(roots, (root, k) => {
    const from = Math.max(0, k - MEAN);
    const to = Math.min(roots.length, k + MEAN + 1);
    return root - ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from);
  });
  const { deviation } = spread(out);
  // Mostly silent: half of the buckets are alike, and the deviation is taken of the others.
  const scale = deviation > 0 ? deviation : rootMeanSquare(out);
  const most = MOST_DEVIATION * scale;
  return scale > 0 ? out.map((v) => Math.max(-most, Math.min(most, v)) / scale) : out;
}

interface BlockCurve {
  readonly start: number;
  /** Products summed over the stretch, by lag. */
  readonly curve: Float64Array;
}

function blockCurves(a: Rate, b: Rate, lags: readonly [number, number]): BlockCurve[] {
  const found: BlockCurve[] = [];
  for (let at = 0; at < a.counts.length; at += BLOCK) {
    const curve = new Float64Array(lags[1] - lags[0] + 1);
    let isEmpty = true;
    for (let i = at; i < Math.min(at + BLOCK, a.counts.length); i++) {
      const x = a.counts[i] ?? 0;
      if (x === 0) continue;
      // The second source is moved by the lag: what it has at t - lag stands at t.
      const base = a.first + i - b.first;
      for (let k = 0; k < curve.length; k++) {
        const y = b.counts[base - (lags[0] + k)];
        if (y === undefined) continue;
        curve[k] = (curve[k] ?? 0) + x * y;
        isEmpty = false;
      }
    }
    if (!isEmpty) found.push({ start: a.first + at, curve });
  }
  return found;
}

function summed(curves: readonly Float64Array[], size: number): Float64Array {
  const total = new Float64Array(size);
  // Hot: iterators of typed arrays take ten times as long.
  for (const curve of curves) {
    for (let k = 0; k < size; k++) total[k] = (total[k] ?? 0) + (curve[k] ?? 0);
  }
  return total;
}

/** Neighbouring stretches together, so that few are left to draw from. */
function merged(curves: readonly Float64Array[], size: number): Float64Array[] {
  const step = Math.ceil(curves.length / MOST_DRAWN);
  return Array.from({ length: Math.ceil(curves.length / step) }, (_, k) =>
    summed(curves.slice(k * step, (k + 1) * step), size),
  );
}

/** 2.5 and 97.5 % of the peaks of resampled stretches; the same in every run. */
function resampled(
  curves: readonly Float64Array[],
  size: number,
  resamples: number,
): readonly [number, number] {
  let state = 12345;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const parts = merged(curves, size);
  const peaks = Array.from({ length: resamples }, () => {
    const drawn = parts.flatMap(() => parts[Math.floor(next() * parts.length)] ?? []);
    return argmax(summed(drawn, size));
  }).sort((x, y) => x - y);
  const at = (q: number): number => peaks[Math.round(q * (resamples - 1))] ?? 0;
  return [at(0.025), at(0.975)];
}

function rivalOf(total: Float64Array, peak: number, middle: number): number {
  let most = 0;
  for (const [k, v] of total.entries())
    if (Math.abs(k - peak) > SHOULDER) most = Math.max(most, v - middle);
  return most;
}

function argmax(values: Float64Array): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if ((values[k] ?? 0) > (values[best] ?? 0)) best = k;
  return best;
}

/** Median and robust deviation (1.4826 × the median distance from it). */
function spread(values: Float64Array): { middle: number; deviation: number } {
  const middle = median(values);
  const distances = values.map((v) => Math.abs(v - middle));
  return { middle, deviation: 1.4826 * median(distances) };
}

function median(values: Float64Array): number {
  return quantileSorted(Float64Array.from(values).sort(), 0.5);
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / Math.max(1, values.length));
}
