import { num } from "../../tables/sql.ts";
import { finitePart } from "../compare-numeric.ts";
import { formatNumber, formatShare } from "../sentences.ts";
import { lowerBound, upperBound } from "../statistics/bins.ts";
import { moments } from "../statistics/effect-sizes.ts";
import { quantilesSorted } from "../statistics/quantiles.ts";
import type { ContentFinding, NumberPair } from "./content-finding.ts";
import { lowerTailLevel, upperTailLevel, type TailSample } from "./tail-level.ts";
import { THRESHOLDS } from "../verdict.ts";

/** A tail cannot be extrapolated from fewer rows. */
const LEAST_ROWS = 100;
/** Few wrong rows count when they alone move the mean by this part of a standard deviation. */
const MOVED_MEAN = 0.2;

/** Levels within which values of the same process stay; both ends of the baseline or beyond. */
export function tailLevels(
  baseline: TailSample,
  incidentRows: number,
): { low: number; high: number } {
  return {
    low: lowerTailLevel(baseline, incidentRows),
    high: upperTailLevel(baseline, incidentRows),
  };
}

/** Finite ends of a range of values. */
export interface RangeEnds {
  readonly low: number;
  readonly high: number;
}

/** Rows of the incident outside the baseline's range, and the sums of their values. */
export interface OutsideRows {
  readonly below: number;
  readonly above: number;
  readonly sumBelow: number;
  readonly sumAbove: number;
}

/**
 * Finds values outside the baseline's range that its tails do not let expect in
 * so many rows. The verdict rests on the share of rows outside the range; a few
 * rows so far out that they alone move the mean are worth a look at any share.
 */
export function findOutOfRange({ name, baseline, incident }: NumberPair): ContentFinding | null {
  const b = finitePart(baseline);
  const i = finitePart(incident);
  const quantiles = quantilesSorted(b);
  const [min, max] = [b[0], b[b.length - 1]];
  const [low, high] = [i[0], i[i.length - 1]];
  if (quantiles === null || min === undefined || max === undefined) return null;
  if (low === undefined || high === undefined) return null;
  // Read on only where it can matter: moments take a pass over all values.
  const levels = tailLevels({ min, max, quantiles, rows: b.length }, i.length);
  if (low >= levels.low && high <= levels.high) return null;
  const below = i.subarray(0, lowerBound(i, min));
  const above = i.subarray(upperBound(i, max));
  const sum = (values: Float64Array): number => values.reduce((s, x) => s + x, 0);
  return outOfRange(
    name,
    { min, max, quantiles, rows: b.length, sd: moments(b)?.sd ?? 0 },
    { low, high, mean: moments(i)?.mean ?? 0, rows: i.length },
    { below: below.length, above: above.length, sumBelow: sum(below), sumAbove: sum(above) },
  );
}

/** As `findOutOfRange`, from counts; rows without infinities. */
export function outOfRange(
  name: string,
  baseline: TailSample & { readonly sd: number },
  incident: RangeEnds & { readonly mean: number; readonly rows: number },
  counted: OutsideRows,
): ContentFinding | null {
  const { min, max } = baseline;
  if (baseline.rows < LEAST_ROWS || min === max) return null;
  const levels = tailLevels(baseline, incident.rows);
  const below = incident.low < levels.low ? counted.below : 0;
  const above = incident.high > levels.high ? counted.above : 0;
  const outside = below + above;
  if (outside === 0) return null;
  const share = outside / incident.rows;
  const sum = (below > 0 ? counted.sumBelow : 0) + (above > 0 ? counted.sumAbove : 0);
  const moved = meanMoved(incident, outside, sum, baseline.sd);
  const size = Math.max(share, moved >= MOVED_MEAN ? THRESHOLDS.outside_share.minor : 0);
  const ends = [
    ...(below > 0 ? [`down to ${formatNumber(incident.low)}`] : []),
    ...(above > 0 ? [`up to ${formatNumber(incident.high)}`] : []),
  ].join(" and ");
  const rows =
    outside <= 5
      ? `${String(outside)} ${outside === 1 ? "row" : "rows"}`
      : `${formatShare(share)} of rows`;
  return {
    kind: "out_of_range",
    // No p: neighbouring rows are alike, so that a count of rows overstates what is known.
    statistic: { name: "outside_share", value: share, p: null },
    effect: { name: "outside_share", value: share },
    measure: "outside_share",
    size,
    sentence: `\`${name}\` leaves the baseline's range (${formatNumber(min)} to ${formatNumber(max)}) in ${rows}, ${ends}, beyond what its tails let expect${moved >= MOVED_MEAN ? "; these rows alone move the mean noticeably" : ""}`,
    facts: [
      { name: "Baseline's range", value: `${formatNumber(min)} to ${formatNumber(max)}` },
      {
        name: "Expected at most in as many rows",
        value: `${formatNumber(levels.low)} to ${formatNumber(levels.high)}`,
      },
      {
        name: "Incident's range",
        value: `${formatNumber(incident.low)} to ${formatNumber(incident.high)}`,
      },
      {
        name: "Rows below and above",
        value: `${formatNumber(below)} and ${formatNumber(above)} of ${formatNumber(incident.rows)}`,
      },
      { name: "Mean moved by these rows", value: `${formatNumber(moved)} standard deviations` },
    ],
    condition: (x) => `(${x} < ${num(min)} OR ${x} > ${num(max)})`,
  };
}

/** How far some rows move the incident's mean, in the baseline's standard deviations. */
function meanMoved(
  incident: { readonly mean: number; readonly rows: number },
  rows: number,
  sum: number,
  sd: number,
): number {
  if (rows >= incident.rows || !(sd > 0)) return 0;
  const inside = (incident.mean * incident.rows - sum) / (incident.rows - rows);
  return Math.abs(incident.mean - inside) / sd;
}
