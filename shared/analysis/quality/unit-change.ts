import { formatNumber, formatShare } from "../sentences.ts";
import { finitePart } from "../compare-numeric.ts";
import { hasDistinct, lowerBound, upperBound } from "../statistics/bins.ts";
import { ksDistance } from "../statistics/kolmogorov-smirnov.ts";
import { quantileSorted } from "../statistics/quantiles.ts";
import { quantileFact, type ContentFinding, type NumberPair } from "./content-finding.ts";
import type { NameHints } from "./name-hints.ts";
import { probableUnits, UNIT_FACTORS, type UnitFactor } from "./unit-factors.ts";

/** Fewer values or distinct values have no shape to compare. */
const LEAST_ROWS = 50;
const LEAST_DISTINCT = 10;
/** A share of converted rows below this cannot be told from outliers. */
const LEAST_SHARE = 0.02;
/** Rows outside the baseline's range show a conversion at smaller shares. */
const LEAST_OUTSIDE = 0.005;
/** From this share on all rows count as converted: the rest is noise of the fit. */
const WHOLE = 0.97;
const GRID = 100;

interface Fit {
  readonly factor: UnitFactor;
  /** Share of the incident's rows that are converted. */
  readonly share: number;
  /** Largest distance of the distribution functions that the conversion leaves. */
  readonly left: number;
}

/**
 * Finds a change of unit: the incident's distribution is that of the baseline
 * converted by a customary factor, for all of its rows or for a share of them.
 *
 * For every candidate T the share s in `F_i = (1-s)·F_b + s·F_T(b)` is the least
 * squares solution over a grid of points (the mixture proportion estimate of a
 * known component: Titterington, Smith, Makov 1985, 4.5), and its quality the
 * largest distance left (Kolmogorov-Smirnov). A fit is believed when it leaves a
 * small part of the distance there was: a distribution that merely grew keeps
 * its neighbourhood but not its shape. Null where nothing of the kind shows.
 */
export function findUnitChange(pair: NumberPair, hints: NameHints): ContentFinding | null {
  const b = finitePart(pair.baseline);
  const i = finitePart(pair.incident);
  if (b.length < LEAST_ROWS || i.length < LEAST_ROWS || !hasDistinct(b, LEAST_DISTINCT)) {
    return null;
  }
  const before = ksDistance(b, i);
  // The 99 % point of the distance between two samples of one population.
  const noise = 1.63 * Math.sqrt(1 / b.length + 1 / i.length);
  const grid = quantileGrid(b);
  if (before < Math.max(LEAST_SHARE, 2 * noise)) {
    const part = fitOutside(b, i, grid, hints);
    return part === null ? null : told(pair.name, b, i, part, before, hints);
  }
  const incidentGrid = quantileGrid(i);
  let best: Fit | null = null;
  for (const factor of UNIT_FACTORS) {
    if (factor.only !== null && factor.only !== hints.quantity) continue;
    const fit = fitMixture(b, i, grid, incidentGrid, factor);
    if (!believed(fit, before, noise)) continue;
    if (best === null || fit.left < best.left - 0.005) best = fit;
  }
  best ??= fitOutside(b, i, grid, hints);
  return best === null ? null : told(pair.name, b, i, best, before, hints);
}

/**
 * A small converted part whose values lie outside the baseline's range, where
 * nothing blurs them: these rows alone must be distributed as the converted
 * baseline is out there.
 */
function fitOutside(
  b: Float64Array,
  i: Float64Array,
  grid: readonly number[],
  hints: NameHints,
): Fit | null {
  const low = b[0] ?? 0;
  const high = b[b.length - 1] ?? 0;
  const below = lowerBound(i, low);
  const above = upperBound(i, high);
  const outside = new Float64Array([...i.subarray(0, below), ...i.subarray(above)]);
  if (outside.length < LEAST_ROWS || outside.length < LEAST_OUTSIDE * i.length) return null;
  const noise = 1.36 * Math.sqrt(1 / outside.length + 1 / b.length);
  let best: Fit | null = null;
  for (const factor of UNIT_FACTORS) {
    if (factor.only !== null && factor.only !== hints.quantity) continue;
    const converted = Float64Array.from(grid, (x) => factor.scale * x + factor.offset)
      .filter((x) => x < low || x > high)
      .sort();
    if (converted.length < grid.length / 2) continue;
    const left = ksDistance(converted, outside);
    if (left > Math.min(0.2, noise + 1 / GRID)) continue;
    const share = Math.min(1, (outside.length / i.length) * (grid.length / converted.length));
    if (best === null || left < best.left) best = { factor, share, left };
  }
  return best;
}

/**
 * A quick look by seven quantiles (0.01 to 0.99) at whether some change of unit
 * could lie behind a difference; `findUnitChange` decides.
 */
export function isUnitPlausible(
  b: readonly number[],
  i: readonly number[],
  hints: NameHints,
): boolean {
  const apart = (from: readonly number[]): number =>
    from.reduce((sum, x, k) => sum + Math.abs(x - (i[k] ?? 0)), 0);
  const [low = 0, , quarter = 0, middle = 0, threeQuarters = 0, , high = 0] = b;
  const lowest = i[0] ?? 0;
  const highest = i[i.length - 1] ?? 0;
  return UNIT_FACTORS.some(({ scale, offset, only }) => {
    if (only !== null && only !== hints.quantity) return false;
    const convert = (x: number): number => scale * x + offset;
    const converted = b.map(convert).sort((x, y) => x - y);
    if (apart(converted) < 0.5 * apart(b)) return true;
    // A part of the rows shows at one end first.
    const ends = [convert(quarter), convert(threeQuarters)];
    const up = convert(middle) > threeQuarters && highest > high && highest >= Math.min(...ends);
    const down = convert(middle) < quarter && lowest < low && lowest <= Math.max(...ends);
    return up || down;
  });
}

/** Points at which distribution functions are compared: quantiles and both ends. */
function quantileGrid(sorted: Float64Array): number[] {
  return Array.from({ length: GRID + 1 }, (_, k) => quantileSorted(sorted, k / GRID));
}

function fitMixture(
  b: Float64Array,
  i: Float64Array,
  grid: readonly number[],
  incidentGrid: readonly number[],
  factor: UnitFactor,
): Fit {
  const { scale, offset } = factor;
  const points = [...grid, ...grid.map((x) => scale * x + offset), ...incidentGrid];
  let top = 0;
  let bottom = 0;
  const gaps = points.map((x) => {
    const own = upperBound(b, x) / b.length;
    const converted = convertedShare(b, (x - offset) / scale, scale < 0);
    const now = upperBound(i, x) / i.length;
    top += (now - own) * (converted - own);
    bottom += (converted - own) ** 2;
    return [now - own, converted - own] as const;
  });
  const raw = bottom === 0 ? 0 : Math.min(1, Math.max(0, top / bottom));
  const share = raw >= WHOLE ? 1 : raw;
  const left = gaps.reduce((most, [now, full]) => Math.max(most, Math.abs(now - share * full)), 0);
  return { factor, share, left };
}

/** Share of converted baseline values up to a point that reads `x` before the conversion. */
function convertedShare(b: Float64Array, x: number, flipped: boolean): number {
  // Rounding of x · scale / scale must not lose a tie.
  const at = x + Math.abs(x) * 1e-12;
  return flipped
    ? 1 - upperBound(b, x - Math.abs(x) * 1e-12 - Number.MIN_VALUE) / b.length
    : upperBound(b, at) / b.length;
}

function believed({ factor, share, left }: Fit, before: number, noise: number): boolean {
  const size = Math.abs(Math.log(Math.abs(factor.scale)));
  // Growth by a small factor happens; it takes the very same shape to be believed.
  const small = factor.offset === 0 && factor.scale > 0 && size < Math.log(50);
  if (share === 1) {
    return left <= Math.max(noise, small ? Math.min(0.04, before / 5) : before / 4);
  }
  // What the share explains must stand out by far from what it does not.
  return share >= LEAST_SHARE && left <= Math.max(Math.min(noise, before / 4), before / 8);
}

function told(
  name: string,
  b: Float64Array,
  i: Float64Array,
  { factor, share, left }: Fit,
  before: number,
  hints: NameHints,
): ContentFinding {
  const units = probableUnits(factor, hints.quantity, hints.share || isShare(b, i));
  const change =
    factor.offset !== 0
      ? `converted (${factor.words}) against`
      : factor.scale === -1
        ? "the negative of"
        : factor.words;
  const reading = units === "" || factor.scale === -1 ? "" : ` (probably ${units})`;
  const medians = `median ${formatNumber(quantileSorted(b, 0.5))} → ${formatNumber(quantileSorted(i, 0.5))}`;
  const subject =
    share === 1 ? `\`${name}\` is` : `\`${name}\` is, in about ${formatShare(share)} of rows,`;
  const converted = b.map((x) => factor.scale * x + factor.offset).sort();
  return {
    kind: "unit",
    statistic: { name: "unit_share", value: share, p: null },
    effect: { name: "unit_share", value: share },
    measure: "converted_share",
    size: share,
    sentence: `${subject} ${change} what it was${reading}: ${medians}, and the whole distribution agrees`,
    facts: [
      {
        name: "Conversion",
        value: `× ${formatNumber(factor.scale)}${factor.offset === 0 ? "" : ` ${factor.offset > 0 ? "+" : "−"} ${formatNumber(Math.abs(factor.offset))}`}`,
      },
      ...(units === "" ? [] : [{ name: "Probable units", value: units }]),
      { name: "Share of rows converted", value: share === 1 ? "all" : formatShare(share) },
      quantileFact("Baseline quantiles", b),
      quantileFact("Incident quantiles", i),
      quantileFact("Baseline quantiles, converted", converted),
      {
        name: "Distance of the distributions (KS)",
        value: `${formatNumber(before)} as they stand, ${formatNumber(left)} after the conversion`,
      },
    ],
    condition: null,
  };
}

/** Values between 0 and 1 in one window, and up to 100 in the other. */
function isShare(b: Float64Array, i: Float64Array): boolean {
  const [low, high] = (b[b.length - 1] ?? 0) < (i[i.length - 1] ?? 0) ? [b, i] : ([i, b] as const);
  return (
    (low[0] ?? -1) >= 0 && (low[low.length - 1] ?? 2) <= 1 && (high[high.length - 1] ?? 101) <= 100
  );
}
