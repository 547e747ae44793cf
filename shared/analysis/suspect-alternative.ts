import type { Check, Suspect } from "../model/suspect.ts";
import { pairUp, type Course } from "./course.ts";
import { formatNumber } from "./sentences.ts";
import { spearman } from "./statistics/spearman.ts";

/** A suspect with its course over time. */
export interface Rival {
  readonly suspect: Suspect;
  readonly course: Course;
}

/** Courses that go together this much cannot be told apart by time. */
const ALIKE = 0.8;
/** A rival with less of the score than this is none. */
const LEAST_SCORE = 0.5;
/** Fewer common points tell nothing. */
const LEAST_POINTS = 8;

/**
 * Whether another suspect would explain the same: it rose and fell with this one
 * (rank correlation of .8 or more), began no later, and has at least half its score.
 */
export function checkAlternative(own: Rival, others: readonly Rival[]): Check {
  const name = "alternative";
  const alike = others
    .filter((o) => o.suspect.score >= LEAST_SCORE * own.suspect.score && beganBy(o, own))
    .map((o) => ({ ...o, rho: togetherness(own.course, o.course) }))
    .filter(({ rho }) => rho >= ALIKE)
    .sort((a, b) => b.suspect.score - a.suspect.score || b.rho - a.rho);
  const [best] = alike;
  if (best === undefined) {
    const why = "no other suspect of this weight moved alike at the same time";
    return { name, result: "supports", why };
  }
  const { suspect, rho } = best;
  const of = suspect.service === null ? "" : ` of ${suspect.service}`;
  const more = alike.length === 1 ? "" : `, and ${String(alike.length - 1)} more`;
  const moved = `\`${suspect.name}\`${of} moved alike (rank correlation ${formatNumber(rho)})${more}`;
  return suspect.score > own.suspect.score
    ? { name, result: "contradicts", why: `${moved} and ranks higher: it would explain the same` }
    : { name, result: "unknown", why: `${moved}: time alone does not tell them apart` };
}

function beganBy({ suspect: { onset } }: Rival, own: Rival): boolean {
  if (onset === null || own.suspect.onset === null) return true;
  return onset.from <= own.suspect.onset.to;
}

function togetherness(a: Course, b: Course): number {
  const pairs = pairUp(a, b);
  if (pairs.length < LEAST_POINTS) return 0;
  const rho = spearman(
    pairs.map((p) => p[0]),
    pairs.map((p) => p[1]),
  );
  return Number.isNaN(rho) ? 0 : Math.abs(rho);
}
