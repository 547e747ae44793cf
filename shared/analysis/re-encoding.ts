import type { Role } from "../model/role.ts";
import { isSuccessive } from "./quality/name-hints.ts";

/** One value with its rows in both windows. */
export interface CategoryCount {
  readonly value: string;
  readonly baseline: number;
  readonly incident: number;
}

/** Former values that now read as one other value. */
export interface CodeChange {
  readonly from: readonly string[];
  readonly to: string;
  /** Share of the baseline's rows with the former values. */
  readonly lostShare: number;
  /** How much the new value's share grew. */
  readonly gainedShare: number;
  /** Another assignment fits the shares as well. */
  readonly ambiguous: boolean;
  /** Which part of the rows is changed already, in (0, 1); left out where all of them are. */
  readonly part?: number;
}

/** A value is gone when less than this part of its former share is left. */
const LEFT = 0.02;
/** Rarer values say nothing about a mapping. */
const LEAST_SHARE = 0.002;
const LEAST_ROWS = 10;
/** Where the new value existed before, chance growth must be told apart. */
const LEAST_SHARE_OF_KNOWN = 0.01;
/** Subsets of vanished values are tried up to this many values. */
const MOST_SUBSET = 10;

export interface Side {
  value: string;
  share: number;
  known: boolean;
}

/**
 * Finds values that were renamed: some vanished between the windows and others
 * appeared or grew by the same share of rows. The mapping is one-to-one or
 * many-to-one; matches by equal text up to case and blanks come first, then the
 * subset of vanished values whose summed share comes closest to the growth. A
 * match must lie within three standard errors or a tenth of the share. Rows in
 * total are those with a value.
 */
export function inferReEncoding(
  categories: readonly CategoryCount[],
  baselineRows: number,
  incidentRows: number,
): CodeChange[] {
  if (baselineRows === 0 || incidentRows === 0) return [];
  const lost: Side[] = [];
  const gained: Side[] = [];
  // So many rows to expect that none of all values is absent by chance (1 in 1,000).
  const expectedRows = Math.max(LEAST_ROWS, Math.log(1000 * categories.length));
  const drift: number[] = [];
  let came = 0;
  let went = 0;
  for (const c of categories) {
    const p = c.baseline / baselineRows;
    const q = c.incident / incidentRows;
    if (c.baseline === 0) came += q;
    if (q <= LEFT * p) went += p - q;
    if (p >= LEAST_SHARE && p * incidentRows >= expectedRows && q <= LEFT * p) {
      lost.push({ value: c.value, share: p - q, known: true });
    } else if (q - p >= LEAST_SHARE && c.incident >= LEAST_ROWS) {
      gained.push({ value: c.value, share: q - p, known: c.baseline > 0 });
    } else {
      drift.push(Math.abs(q - p));
    }
  }
  if (lost.length === 0 || lost.length > 60) return [];
  const chance = drift.sort((a, b) => a - b)[Math.floor(drift.length / 2)] ?? 0;
  const targets = gained.filter(
    (g) => !g.known || g.share >= Math.max(LEAST_SHARE_OF_KNOWN, 3 * chance),
  );
  const tolerance = (s: number): number =>
    Math.max(3 * Math.sqrt(s * (1 - s) * (1 / baselineRows + 1 / incidentRows)), 0.1 * s);
  const changes = takeByName(lost, targets, tolerance);
  const named = changes.length;
  for (;;) {
    const best = bestMatch(lost, targets, tolerance);
    if (best === null) return onlyTelling(changes, named, Math.max(came, went));
    for (const side of best.from) lost.splice(lost.indexOf(side), 1);
    targets.splice(targets.indexOf(best.to), 1);
    changes.push({
      from: best.from.map((side) => side.value),
      to: best.to.value,
      lostShare: best.sum,
      gainedShare: best.to.share,
      ambiguous: best.ambiguous,
    });
  }
}

/**
 * Matches by share alone are believed when they explain most of what vanished
 * and of what is new: where a column changed throughout, some shares agree by
 * chance. Matches by name (the first ones) stay.
 * @param changed share of rows whose value vanished or is new, the larger of both
 */
function onlyTelling(changes: readonly CodeChange[], named: number, changed: number): CodeChange[] {
  const share = (list: readonly CodeChange[]): number =>
    list.reduce((sum, c) => sum + c.lostShare, 0);
  const byName = changes.slice(0, named);
  const rest = changed - share(byName);
  return share(changes.slice(named)) >= rest / 2 ? [...changes] : byName;
}

/** `Male` → `male`: equal text up to case, blanks and punctuation. Removes what it takes. */
function takeByName(
  lost: Side[],
  targets: Side[],
  tolerance: (share: number) => number,
): CodeChange[] {
  const changes: CodeChange[] = [];
  for (const to of [...targets]) {
    const from = lost.filter((side) => plainText(side.value) === plainText(to.value));
    const sum = from.reduce((s, side) => s + side.share, 0);
    if (from.length === 0 || Math.abs(sum - to.share) > Math.max(tolerance(sum), 0.3 * sum)) {
      continue;
    }
    for (const side of from) lost.splice(lost.indexOf(side), 1);
    targets.splice(targets.indexOf(to), 1);
    changes.push({
      from: from.map((side) => side.value),
      to: to.value,
      lostShare: sum,
      gainedShare: to.share,
      ambiguous: false,
    });
  }
  return changes;
}

function plainText(value: string): string {
  if (/\d/u.test(value) && Number.isFinite(Number(value))) return String(Number(value));
  const plain = value.toLowerCase().replace(/[\s_\-.]+/gu, "");
  const number = Number(plain);
  return plain !== "" && Number.isFinite(number) ? String(number) : plain;
}

/**
 * Whether vanished and new values of a column succeed each other in time
 * (versions, dates, batch ids), so that one is not the other's new name: by the
 * role or name of the column, or because all of them differ in a number only and
 * every new one comes after every vanished one. Short bare numbers are codes
 * unless the name says otherwise.
 */
export function valuesSucceed(
  name: string,
  role: Role,
  categories: readonly CategoryCount[],
): boolean {
  const went = categories.filter((c) => c.incident === 0).map((c) => c.value);
  const came = categories.filter((c) => c.baseline === 0).map((c) => c.value);
  if (went.length === 0 || came.length === 0) return false;
  const plain = new Set(went.map(plainText));
  if (came.some((value) => plain.has(plainText(value)))) return false;
  if (role === "model_version") return true;
  const shapes = new Set([...went, ...came].map((value) => value.replace(/\d+/gu, "0")));
  const [shape = ""] = shapes;
  if (shapes.size !== 1 || !shape.includes("0")) return false;
  const last = went.reduce((a, b) => (inOrder(a, b) < 0 ? b : a));
  const first = came.reduce((a, b) => (inOrder(a, b) > 0 ? b : a));
  if (inOrder(last, first) >= 0) return false;
  return shape !== "0" || last.length >= 5 || isSuccessive(name, role);
}

const inOrder = new Intl.Collator("en", { numeric: true }).compare;

export interface Match {
  readonly from: Side[];
  readonly to: Side;
  readonly sum: number;
  readonly ambiguous: boolean;
}

/** The closest match of a target with a subset of the lost values, in units of its tolerance. */
export function bestMatch(
  lost: readonly Side[],
  targets: readonly Side[],
  tolerance: (share: number) => number,
): Match | null {
  const candidates = [...lost].sort((a, b) => b.share - a.share).slice(0, MOST_SUBSET);
  let best: Match | null = null;
  let bestError = 1;
  for (const to of targets) {
    let fitting = 0;
    let own = null as Omit<Match, "ambiguous"> | null;
    for (let mask = 1; mask < 1 << candidates.length; mask++) {
      const from = candidates.filter((_, k) => (mask >> k) & 1);
      const sum = from.reduce((s, side) => s + side.share, 0);
      // Each further value makes a chance match more likely.
      const error = Math.abs(sum - to.share) / tolerance(sum) + 0.1 * (from.length - 1);
      if (error >= 1) continue;
      fitting++;
      if (error < bestError) {
        bestError = error;
        own = { from, to, sum };
      }
    }
    if (own !== null) best = withAmbiguity(own, fitting > 1);
  }
  return best;
}

function withAmbiguity(match: Omit<Match, "ambiguous">, ambiguous: boolean): Match {
  return { ...match, ambiguous };
}
