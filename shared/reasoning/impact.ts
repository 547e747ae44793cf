import type { CaseState } from "../model/case.ts";
import type { Finding } from "../model/finding.ts";
import {
  MILESTONES,
  type Basis,
  type ImpactItem,
  type Items,
  type Milestone,
  type Objective,
} from "../model/reasoning.ts";
import { citedText } from "./why-tree.ts";

const MINUTE = 60_000_000;

/** A length of time of the incident's course, in µs. */
export interface CourseLength {
  readonly name: string;
  /** `MTTD` and the like, as the field abbreviates it. */
  readonly abbreviation: string;
  /** Between which milestones. */
  readonly from: Milestone["id"];
  readonly to: Milestone["id"];
  /** Null where one of them is missing or they are in the wrong order. */
  readonly length: number | null;
  readonly estimated: boolean;
}

const LENGTHS: readonly Pick<CourseLength, "name" | "abbreviation" | "from" | "to">[] = [
  { name: "Time to detect", abbreviation: "TTD", from: "started", to: "detected" },
  { name: "Time to mitigate", abbreviation: "TTM", from: "started", to: "mitigated" },
  { name: "Time to resolve", abbreviation: "TTR", from: "started", to: "resolved" },
  { name: "Response", abbreviation: "detected to resolved", from: "detected", to: "resolved" },
];

/**
 * How long it took, counted from the start of the impact as in Beyer et al.,
 * "The Site Reliability Workbook" (2018). MTTD and MTTR are the means of these
 * over many incidents (see the library of cases).
 */
export function courseLengths(milestones: readonly Milestone[]): CourseLength[] {
  return LENGTHS.map((l) => {
    const from = milestones.find((m) => m.id === l.from);
    const to = milestones.find((m) => m.id === l.to);
    const length = from === undefined || to === undefined ? null : to.at - from.at;
    return {
      ...l,
      length: length === null || length < 0 ? null : length,
      estimated: from?.basis === "estimate" || to?.basis === "estimate",
    };
  });
}

/** What is missing or cannot be in the course of the incident. */
export function courseWarnings(milestones: readonly Milestone[]): string[] {
  const at = (id: Milestone["id"]) => milestones.find((m) => m.id === id)?.at ?? null;
  const warnings: string[] = [];
  const missing = MILESTONES.filter((id) => at(id) === null);
  if (missing.length > 0 && missing.length < MILESTONES.length) {
    warnings.push(`Not known yet: when it was ${missing.join(", ")}.`);
  }
  for (let i = 0; i < MILESTONES.length; i++) {
    for (let k = i + 1; k < MILESTONES.length; k++) {
      const [early, late] = [MILESTONES[i], MILESTONES[k]];
      if (early === undefined || late === undefined) continue;
      const [a, b] = [at(early), at(late)];
      // What is detected late may have been mitigated before by itself.
      if (a !== null && b !== null && b < a && !(early === "detected" && late === "mitigated")) {
        warnings.push(`It was ${late} before it ${early === "started" ? "" : "was "}${early}.`);
      }
    }
  }
  return warnings;
}

/** What a service level allowed, and what the incident took of it. */
export interface Budget {
  readonly objective: Objective;
  /** Minutes or requests that may be bad in the period. */
  readonly budget: number | null;
  readonly bad: number | null;
  /** 1 is all of it. */
  readonly share: number | null;
  readonly breached: boolean | null;
}

/**
 * Error budget: (1 - target) of the period's minutes, or of its requests (Beyer
 * et al., "Site Reliability Engineering", 2016, ch. 3). Where minutes count and
 * nobody typed them, the time from start to mitigation, else to resolution, is
 * taken as bad.
 */
export function errorBudget(objective: Objective, milestones: readonly Milestone[]): Budget {
  const { target, periodDays, measure, total } = objective;
  const whole = measure === "minutes" ? periodDays * 1440 : total;
  // 1 - 0.999 is not 0.001; parts in a billion are no part of a service level.
  const budget = whole === null ? null : Number((whole * (1 - target)).toPrecision(9));
  const lengths = courseLengths(milestones);
  const lasted = lengths[1]?.length ?? lengths[2]?.length ?? null;
  const own = measure === "minutes" && lasted !== null ? lasted / MINUTE : null;
  const bad = objective.bad ?? own;
  const share = budget === null || bad === null ? null : bad / budget;
  return { objective, budget, bad, share, breached: share === null ? null : share > 1 };
}

/** What does not hold together in a number of the impact. */
export function impactWarnings(item: ImpactItem, findings: readonly Finding[]): string[] {
  const { low, likely, high, basis, findingIds } = item;
  const warnings: string[] = [];
  const known = [low, likely, high].filter((n) => n !== null);
  if (known.some((n, i) => i > 0 && n < (known[i - 1] ?? n))) {
    warnings.push("Low, likely and high are not in this order.");
  }
  if (likely === null) warnings.push("The likely value is missing.");
  if (basis === "estimate" && (low === null || high === null)) {
    warnings.push("An estimate needs a low and a high value.");
  }
  const sourced = findings.some((f) => findingIds.includes(f.id) && f.provenance !== null);
  if (basis === "query" && !sourced) {
    warnings.push("It is said to come from a query, but cites no finding with one.");
  }
  return warnings;
}

/** Requests of the incident from what a recipe or a person said of an hour; null without it. */
export function requestsInIncident(state: Pick<CaseState, "impact" | "windows">): number | null {
  const { incident } = state.windows;
  const perHour = state.impact?.requests_per_hour;
  if (perHour === undefined || incident?.from === undefined) return null;
  if (incident.from === null || incident.to === null) return null;
  return perHour * ((incident.to - incident.from) / 3.6e9);
}

/** Rows of the impact for readers: name, low, likely, high, unit, where it comes from. */
export function impactRows(
  items: Items,
  findings: readonly Finding[],
  number: (value: number) => string,
): string[][] {
  const text = (value: number | null): string => (value === null ? "–" : number(value));
  return items.impacts.map((i) => [
    i.note.trim() === "" ? i.name : `${i.name}. ${i.note.trim()}`,
    text(i.low),
    text(i.likely),
    text(i.high),
    i.unit,
    basisText(i.basis, citedText(i.findingIds, findings)),
  ]);
}

/** `query, F2`, `estimate`. */
export function basisText(basis: Basis, cited: string): string {
  const name = basis === "input" ? "typed in" : basis;
  return cited === "" ? name : `${name}, ${cited}`;
}
