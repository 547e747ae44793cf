import { bestMatch, type CategoryCount, type CodeChange, type Side } from "./re-encoding.ts";

/** Rarer values say nothing about a mapping. */
const LEAST_SHARE = 0.005;
const LEAST_ROWS = 30;
/** Below this part of the rows, a change of codes cannot be told from a change of shares. */
const LEAST_PART = 0.2;
/** Parts of one rollout differ by no more than this, beyond three standard errors. */
const PART_SPREAD = 0.08;
/** So much of the new values' rows has to be explained. */
const LEAST_EXPLAINED = 0.9;

/**
 * Finds a change of codes that has reached a part of the rows only: a client
 * being rolled out, a pipeline switched in the middle of the window. New values
 * came, and the shares of former ones fell by as much. Two mappings at least are
 * asked for, and that the same part of each former value is changed: one rollout
 * changes them alike, where shifting shares do not.
 * @returns the mappings with their `part`; empty where this does not hold
 */
export function inferPartialReEncoding(
  categories: readonly CategoryCount[],
  baselineRows: number,
  incidentRows: number,
): CodeChange[] {
  if (baselineRows === 0 || incidentRows === 0) return [];
  const fell: Side[] = [];
  const came: Side[] = [];
  const former = new Map<string, number>();
  for (const c of categories) {
    const p = c.baseline / baselineRows;
    const q = c.incident / incidentRows;
    if (c.baseline === 0 && q >= LEAST_SHARE && c.incident >= LEAST_ROWS)
      came.push({ value: c.value, share: q, known: false });
    if (p >= LEAST_SHARE && c.baseline >= LEAST_ROWS && p - q >= LEAST_PART * p) {
      fell.push({ value: c.value, share: p - q, known: true });
      former.set(c.value, p);
    }
  }
  const total = came.reduce((sum, side) => sum + side.share, 0);
  const changes: CodeChange[] = [];
  const tolerance = (share: number): number =>
    Math.max(standardError(share, baselineRows, incidentRows) * 3, 0.1 * share);
  for (;;) {
    const best = bestMatch(fell, came, tolerance);
    if (best === null) break;
    for (const side of best.from) fell.splice(fell.indexOf(side), 1);
    came.splice(came.indexOf(best.to), 1);
    const before = best.from.reduce((sum, side) => sum + (former.get(side.value) ?? 0), 0);
    changes.push({
      from: best.from.map((side) => side.value),
      to: best.to.value,
      lostShare: best.sum,
      gainedShare: best.to.share,
      ambiguous: best.ambiguous,
      part: best.sum / before,
    });
  }
  const explained = changes.reduce((sum, change) => sum + change.gainedShare, 0);
  if (changes.length < 2 || explained < LEAST_EXPLAINED * total) return [];
  return partsAgree(changes, baselineRows, incidentRows) ? changes : [];
}

function partsAgree(changes: readonly CodeChange[], b: number, i: number): boolean {
  const total = changes.reduce((sum, c) => sum + c.lostShare, 0);
  const common = total / changes.reduce((sum, c) => sum + c.lostShare / (c.part ?? 1), 0);
  return changes.every((c) => {
    const before = c.lostShare / (c.part ?? 1);
    const error = standardError(before, b, i) / before;
    return Math.abs((c.part ?? 1) - common) <= PART_SPREAD + 3 * error;
  });
}

/** Of a difference of two shares about `share`. */
function standardError(share: number, b: number, i: number): number {
  return Math.sqrt(share * (1 - share) * (1 / b + 1 / i));
}
