import { prefixMoments, residuals, type Columns, type Moments } from "./costs.ts";

/** Where between two segments the change lies. */
export interface OnsetInterval {
  /** Most likely first index that moved. */
  readonly index: number;
  /** Credible interval of it, at most `level` of the probability lies outside. */
  readonly first: number;
  readonly last: number;
  /** Step: jumped. Ramp: left its course without a jump, and went on. */
  readonly shape: "step" | "ramp";
}

export interface Boundary {
  /** First index of the segment before the change. */
  readonly start: number;
  /** First index after the change, as segmented. */
  readonly change: number;
  /** Index after the last of the segment that follows. */
  readonly end: number;
}

export interface IntervalOptions {
  /** Probability that the interval holds; .95 unless told. */
  readonly level?: number;
  /** Variance that the residuals are to be judged by, by column; else their own. */
  readonly variance?: readonly number[];
  /** Least points on either side; 2 unless told. */
  readonly margin?: number;
}

/** A place of the change and what is left unexplained with it. */
interface Fit {
  readonly index: number;
  readonly shape: "step" | "ramp";
  readonly error: number;
}

/** A ramp must explain this much more than a step per log n, in variances, and the reverse. */
const SLOPE = 2;

/**
 * The place of a change within its two neighbouring segments, with an interval.
 * Every place is tried, as a step (each side its own mean or line) and as a ramp
 * (one continuous course that bends there: the first point off the old level is
 * the onset). With a flat prior and normal noise the probability of a place is
 * proportional to exp(−error / 2σ²): Smith (1975) for steps, Bacon and Watts
 * (1971) for bends. The interval is the hull of the most probable places of
 * the likelier shape. Autocorrelation is met by giving the long-run
 * variance as `variance`, as Bai (1997) has it.
 */
export function onsetInterval(
  columns: Columns,
  { start, change, end }: Boundary,
  options: IntervalOptions = {},
): OnsetInterval {
  const { level = 0.95, margin = 2 } = options;
  const parts = columns.map((column) => column.slice(start, end));
  const m = end - start;
  const moments = parts.map(prefixMoments);
  const slopes = chooseSlopes(moments, change - start, m, options.variance);
  const fits: Fit[] = [];
  for (let at = Math.max(1, margin); at <= m - Math.max(1, margin); at++) {
    let step = 0;
    let ramp = 0;
    for (const [d, part] of parts.entries()) {
      const sums = moments[d] ?? prefixMoments(part);
      const scale = options.variance?.[d] ?? 1;
      step += sideError(sums, 0, at, slopes.before) / scale;
      step += sideError(sums, at, m, slopes.after) / scale;
      ramp += bendError(sums, part.length, at, slopes.before) / scale;
    }
    fits.push({ index: at, shape: "step", error: step });
    if (m - at >= 3) fits.push({ index: at, shape: "ramp", error: ramp });
  }
  const first = fits[0];
  if (first === undefined) return { index: change, first: change, last: change, shape: "step" };
  const steps = fits.filter((f) => f.shape === "step");
  const ramps = fits.filter((f) => f.shape === "ramp");
  const least = Math.min(...fits.map((f) => f.error));
  const unit = options.variance === undefined ? Math.max(least, 1e-12) / (m * columns.length) : 1;
  const fewer = slopes.after ? SLOPE * Math.log(m) * unit * columns.length : 0;
  const rampWins =
    ramps.length > 0 &&
    Math.min(...ramps.map((f) => f.error)) < Math.min(...steps.map((f) => f.error)) + fewer;
  return hullOf(rampWins ? ramps : steps, unit, level, start);
}

/** Which side of the segmented change goes along a line: where that saves 2 log n variances. */
function chooseSlopes(
  moments: readonly Moments[],
  change: number,
  m: number,
  variance: readonly number[] | undefined,
): { before: boolean; after: boolean } {
  const saves = (from: number, to: number): boolean => {
    let saved = 0;
    for (const [d, sums] of moments.entries()) {
      const { aboutMean, aboutLine } = residuals(sums, from, to);
      const own = aboutLine / Math.max(1, to - from - 2);
      saved += (aboutMean - aboutLine) / Math.max(variance?.[d] ?? own, 1e-300);
    }
    return saved > SLOPE * Math.log(m) * moments.length;
  };
  return { before: saves(0, change), after: saves(change, m) };
}

function sideError(sums: Moments, from: number, to: number, isSloped: boolean): number {
  const { aboutMean, aboutLine } = residuals(sums, from, to);
  return isSloped ? aboutLine : aboutMean;
}

/**
 * Least squares of level (and trend, where `isSloped`) and a bend whose first
 * point is `at`: regressors 1, x and max(0, x − at + 1).
 */
function bendError({ y, yy, xy }: Moments, m: number, at: number, isSloped: boolean): number {
  const k = m - at;
  // Sums over the bend's own 1…k, and of x·h with x centred as in xy.
  const h = (k * (k + 1)) / 2;
  const hh = (k * (k + 1) * (2 * k + 1)) / 6;
  const offset = at - 1 - m / 2;
  const xh = hh + offset * h;
  const sumY = y[m] ?? 0;
  const sumXY = xy[m] ?? 0;
  const lateY = sumY - (y[at] ?? 0);
  const hy = sumXY - (xy[at] ?? 0) - offset * lateY;
  // x runs from −m/2 to m/2 − 1.
  const x = -m / 2;
  const xx = (m * (m * m - 1)) / 12 + m / 4;
  const normal = isSloped
    ? [
        [m, x, h, sumY],
        [x, xx, xh, sumXY],
        [h, xh, hh, hy],
      ]
    : [
        [m, h, sumY],
        [h, hh, hy],
      ];
  return Math.max(0, (yy[m] ?? 0) - explained(normal));
}

/** bᵀA⁻¹b of the normal equations [A | b], by Cholesky's elimination. */
function explained(rows: number[][]): number {
  let total = 0;
  for (const [k, row] of rows.entries()) {
    const pivot = row[k] ?? 0;
    if (!(pivot > 1e-9)) continue;
    const right = row[rows.length] ?? 0;
    total += (right * right) / pivot;
    for (const other of rows.slice(k + 1)) {
      const factor = (other[k] ?? 0) / pivot;
      for (let j = k; j <= rows.length; j++) other[j] = (other[j] ?? 0) - factor * (row[j] ?? 0);
    }
  }
  return total;
}

/** The most probable places that together reach `level`, from first to last. */
function hullOf(fits: readonly Fit[], unit: number, level: number, start: number): OnsetInterval {
  const least = Math.min(...fits.map((f) => f.error));
  const places = fits
    .map((f) => ({ ...f, weight: Math.exp((least - f.error) / (2 * unit)) }))
    .sort((a, b) => b.weight - a.weight);
  const total = places.reduce((s, p) => s + p.weight, 0);
  let held = 0;
  const inside = places.filter(({ weight }) => {
    const isNeeded = held < level * total;
    held += weight;
    return isNeeded;
  });
  const best = inside[0]?.index ?? 0;
  const shape = fits[0]?.shape ?? "step";
  return {
    index: start + best,
    first: start + Math.min(best, ...inside.map((p) => p.index)),
    last: start + Math.max(best, ...inside.map((p) => p.index)),
    shape,
  };
}
