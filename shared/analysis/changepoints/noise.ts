import { quantileSorted } from "../statistics/quantiles.ts";
import { chiSquaredIsf } from "../statistics/special-functions.ts";

/** What is left of a series besides its levels, trends and changes. */
export interface Noise {
  /** Standard deviation of one point. */
  readonly scale: number;
  /** √m times the standard deviation of a mean of m points: equal to `scale` without memory. */
  readonly longRun: number;
}

/** Blocks reach to this share of the series. */
const LONGEST_BLOCK = 1 / 24;

/** Changes that a series may have; what changes more often does so by habit, and that is noise. */
const MOST_CHANGES = 10;

/** Between these the quantile of the absolute differences lies that tells the scale. */
const LOWEST_LEVEL = 0.25;
const HIGHEST_LEVEL = 0.9;

/**
 * Robust scale of a series' noise, by differences, which changes of level touch
 * only where they happen (Rice 1984; von Neumann 1941). Autocorrelation makes
 * means of neighbours vary more than √m says; so differences of the means of
 * adjacent blocks of 1, 2, 4… points are looked at too, and the largest scale that
 * they imply counts (overlapping batch means, Meketon and Schmeiser 1984). For
 * an AR(1) with coefficient φ and long blocks `longRun / scale` tends to
 * √((1 + φ) / (1 − φ)), the inflation of Bai (1997); for a random walk it grows with the blocks.
 *
 * A change touches two blocks' length of differences. The scale is read from as high
 * a quantile as ten changes leave clean: from a low one bursts that come and go a
 * hundred times would be a hundred changes of a quiet series, and not its noise.
 */
export function estimateNoise(values: readonly number[]): Noise {
  const n = values.length;
  const sums = [0];
  for (const v of values) sums.push((sums[sums.length - 1] ?? 0) + v);
  let scale = 0;
  let longRun = 0;
  for (let block = 1; block === 1 || block <= n * LONGEST_BLOCK; block *= 2) {
    const implied = Math.sqrt(block / 2) * spreadOfChanges(sums, block, levelFor(block, n));
    if (block === 1) scale = implied;
    longRun = Math.max(longRun, implied);
  }
  return { scale, longRun };
}

/** Quantile of the differences of blocks that {@link MOST_CHANGES} changes leave clean. */
function levelFor(block: number, n: number): number {
  return Math.max(LOWEST_LEVEL, HIGHEST_LEVEL * (1 - (2 * block * MOST_CHANGES) / n));
}

/** Robust standard deviation of mean(next block) − mean(block), over all starts. */
function spreadOfChanges(sums: readonly number[], block: number, level: number): number {
  const changes: number[] = [];
  for (let i = 0; i + 2 * block < sums.length; i++) {
    const middle = sums[i + block] ?? 0;
    changes.push(((sums[i + 2 * block] ?? 0) - 2 * middle + (sums[i] ?? 0)) / block);
  }
  // The quantile of a normal variable's absolute value is the root of that of χ² with one degree.
  return spreadAboutZero(changes, level, Math.sqrt(chiSquaredIsf(1 - level, 1)));
}

/** Standard normal quantiles of the absolute value, for series where most values are equal. */
const FALLBACKS = [
  [0.5, 0.6744897501960817],
  [0.75, 1.1503493803760083],
  [0.9, 1.6448536269514722],
  [0.97, 2.17009037758456],
] as const;

/**
 * Robust standard deviation about 0, from a quantile of the absolute values:
 * the lowest of `level`, .5, .75, .9 and .97 that is not 0, else the root mean square.
 */
export function spreadAboutZero(
  values: readonly number[],
  level = 0.5,
  normal = 0.6744897501960817,
): number {
  const sorted = values.map(Math.abs).sort((a, b) => a - b);
  for (const [at, unit] of [[level, normal], ...FALLBACKS] as const) {
    const quantile = quantileSorted(sorted, at);
    if (quantile > 0) return quantile / unit;
  }
  const squares = sorted.reduce((s, v) => s + v * v, 0);
  return sorted.length === 0 ? 0 : Math.sqrt(squares / sorted.length);
}
