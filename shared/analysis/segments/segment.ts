import type { Verdict } from "../../model/shift.ts";

/** Whether a column changed inside segments, because of their mix, both, or not at all. */
export type ChangeCause = "none" | "within" | "mix" | "both";

/** How one column differs between the windows within one value of a segment column. */
export interface Segment {
  /** Null for rows without a value. */
  readonly value: string | null;
  /** Rows of the windows. */
  readonly baseline: number;
  readonly incident: number;
  readonly psi: number;
  readonly jensenShannon: number;
  readonly totalVariation: number;
  /** Of the chi-squared test over the bins, and corrected over all segments judged. */
  readonly p: number;
  readonly q: number;
  readonly verdict: Verdict;
}
