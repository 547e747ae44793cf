import { jensenShannon } from "../statistics/jensen-shannon.ts";
import { psiCritical } from "../statistics/psi.ts";
import type { BinCounts, SegmentCounts } from "./segment-counts.ts";

/** Rows that a segment needs in each window before it is judged. */
export const LEAST_ROWS = 100;

/**
 * How far two distributions of bins are apart beyond chance: the Jensen-Shannon
 * distance less what 5 % of pairs of equal samples exceed. Near equality its
 * square is an eighth of the PSI, in nats, whose critical value is known.
 * @param n rows behind the first distribution, `m` behind the second; the
 *   counts themselves may be scaled
 */
export function distanceBeyondChance(
  { baseline, incident }: BinCounts,
  n = sum(baseline),
  m = sum(incident),
): number {
  if (n === 0 || m === 0) return 0;
  const used = baseline.filter((c, k) => c + (incident[k] ?? 0) > 0).length;
  const distance = jensenShannon(baseline, incident);
  return Math.sqrt(Math.max(0, distance ** 2 - psiCritical(used, n, m) / (8 * Math.LN2)));
}

/** Parts of a change of a distribution, each a `distanceBeyondChance`, 0 to 1. */
export interface ChangeParts {
  /** Baseline against incident. */
  readonly whole: number;
  /** Baseline against the baseline's segments in the incident's mix. */
  readonly mix: number;
  /** The baseline's segments in the incident's mix against the incident. */
  readonly within: number;
}

/**
 * Splits the change of a distribution by direct standardisation: what if each
 * segment had stayed as it was and only their shares had changed? Segments that
 * came or went belong to the mix; those too small to know are taken together.
 * The distance being a metric, `whole` is at most `mix` + `within` (chance
 * aside), and both can be large where they cancel out.
 */
export function mixAndWithin(segments: readonly SegmentCounts[]): ChangeParts {
  const groups = grouped(segments);
  const total = sum(groups.map((g) => sum(g.incident)));
  const before = added(groups.map((g) => g.baseline));
  const after = added(groups.map((g) => g.incident));
  const standard = new Array<number>(after.length).fill(0);
  let variance = 0;
  for (const group of groups) {
    const n = sum(group.baseline);
    const m = sum(group.incident);
    if (m === 0) continue;
    const known = n >= LEAST_ROWS;
    (known ? group.baseline : group.incident).forEach((count, k) => {
      standard[k] = (standard[k] ?? 0) + (count * m) / (known ? n : m);
    });
    variance += (m / total) ** 2 / (known ? n : m);
  }
  // As many rows as would make the weighted sum as uncertain as it is.
  const effective = variance === 0 ? 0 : 1 / variance;
  const rows = sum(before);
  return {
    whole: distanceBeyondChance({ baseline: before, incident: after }),
    mix: distanceBeyondChance({ baseline: before, incident: standard }, rows, total),
    within: distanceBeyondChance({ baseline: standard, incident: after }, effective, total),
  };
}

/** Segments large enough in one of the windows, and the others as one. */
function grouped(segments: readonly SegmentCounts[]): BinCounts[] {
  const large = (s: BinCounts): boolean =>
    sum(s.baseline) >= LEAST_ROWS || sum(s.incident) >= LEAST_ROWS;
  const rest = segments.filter((s) => !large(s));
  if (rest.length === 0) return [...segments];
  return [
    ...segments.filter(large),
    {
      baseline: added(rest.map((s) => s.baseline)),
      incident: added(rest.map((s) => s.incident)),
    },
  ];
}

function added(lists: readonly (readonly number[])[]): number[] {
  const out = new Array<number>(lists[0]?.length ?? 0).fill(0);
  for (const list of lists) {
    list.forEach((count, k) => {
      out[k] = (out[k] ?? 0) + count;
    });
  }
  return out;
}

export function sum(values: readonly number[]): number {
  return values.reduce((s, v) => s + v, 0);
}
