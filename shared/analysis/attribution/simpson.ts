import type { SimpsonParadox } from "../../model/attribution.ts";
import { normalInterval } from "../model/intervals.ts";
import { formatNumber, formatShare } from "../sentences.ts";
import { partOf, type Whole } from "./mix-rate.ts";
import { changeOf, type SumPair, valueOf, valueVariance } from "./segment-sums.ts";

/** Segments with this share of the rows move against the whole, at least. */
const MOST_ROWS = 0.8;
/** Both changes are this many standard errors from 0. */
const LEAST_Z = 3;
/** The adjusted change is at least this part of the raw one. */
const LEAST_PART = 0.1;
/** Rows of a segment in each window, below which its direction says nothing. */
const LEAST_ROWS = 20;

/**
 * Whether the change within the segments of a column runs against the change of
 * the whole (Simpson 1951): at constant shares (direct standardisation to the
 * mean of both windows) the metric moves the other way, and so do segments with
 * at least 80 % of the rows; both changes by three standard errors. Null where
 * it does not.
 */
export function simpsonParadox(
  segments: readonly SumPair[],
  whole: Whole,
  column: string,
  name: string,
): SimpsonParadox | null {
  const { pair, scale, inflation } = whole;
  if (scale.additive) return null;
  const change = changeOf(pair.baseline, pair.incident, scale);
  if (change === null || change.change ** 2 <= LEAST_Z ** 2 * change.variance * inflation) {
    return null;
  }
  let adjusted = 0;
  let variance = 0;
  let against = 0;
  let rows = 0;
  let rowsAgainst = 0;
  let compared = 0;
  for (const segment of segments) {
    const { baseline: b, incident: i } = segment;
    const s = (b.den / pair.baseline.den + i.den / pair.incident.den) / 2;
    const { rate } = partOf(segment, whole);
    adjusted += rate;
    if (b.n < LEAST_ROWS || i.n < LEAST_ROWS) continue;
    variance += s ** 2 * (valueVariance(b, scale, 1) + valueVariance(i, scale, 1)) * inflation;
    compared += 1;
    rows += s;
    if (rate * change.change < 0) {
      against += 1;
      rowsAgainst += s;
    }
  }
  const paradox =
    compared > 1 &&
    adjusted * change.change < 0 &&
    Math.abs(adjusted) >= LEAST_PART * Math.abs(change.change) &&
    adjusted ** 2 > LEAST_Z ** 2 * variance &&
    rowsAgainst >= MOST_ROWS * rows;
  if (!paradox) return null;
  const share = rowsAgainst / rows;
  const verb = (value: number): string => (value > 0 ? "rose" : "fell");
  const which =
    against === compared
      ? `all ${String(compared)} values`
      : `${String(against)} of ${String(compared)} values (${formatShare(share)} of the rows)`;
  const before = valueOf(pair.baseline, scale, "baseline") ?? 0;
  const after = valueOf(pair.incident, scale, "incident") ?? 0;
  return {
    adjusted: normalInterval(adjusted, Math.sqrt(variance)),
    ...{ against, compared, share },
    sentence:
      `Simpson’s paradox: as a whole, ${name} ${verb(change.change)} (${formatNumber(before)} → ${formatNumber(after)}), ` +
      `yet it ${verb(adjusted)} in ${which} of \`${column}\`. The whole moved because their shares of the rows changed; ` +
      `at constant shares it would have changed by ${adjusted > 0 ? "+" : "−"}${formatNumber(Math.abs(adjusted))}.`,
  };
}
