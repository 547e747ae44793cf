import { cohensH } from "./effect-sizes.ts";
import { normalTwoSidedP } from "./special-functions.ts";

export interface ProportionChange {
  readonly baselineRate: number;
  readonly incidentRate: number;
  /** Pooled z statistic, positive when the rate rose. */
  readonly z: number;
  /** Two-sided. */
  readonly p: number;
  /** Cohen's h. */
  readonly h: number;
}

/**
 * z test of two proportions with pooled variance (without continuity
 * correction; z² is the chi-squared statistic of the 2×2 table). Null when a
 * sample is empty.
 */
export function twoProportions(
  baselineHits: number,
  baselineRows: number,
  incidentHits: number,
  incidentRows: number,
): ProportionChange | null {
  if (baselineRows === 0 || incidentRows === 0) return null;
  const baselineRate = baselineHits / baselineRows;
  const incidentRate = incidentHits / incidentRows;
  const pooled = (baselineHits + incidentHits) / (baselineRows + incidentRows);
  const variance = pooled * (1 - pooled) * (1 / baselineRows + 1 / incidentRows);
  const z = variance === 0 ? 0 : (incidentRate - baselineRate) / Math.sqrt(variance);
  return {
    baselineRate,
    incidentRate,
    z,
    p: normalTwoSidedP(z),
    h: cohensH(baselineRate, incidentRate),
  };
}
