import { DAY, formatIso, type EvidenceTime } from "../base/time.ts";
import type { Check, Onset } from "../model/suspect.ts";
import { pairUp, type Course } from "./course.ts";
import type { DependencyGraph } from "./rca/dependencies.ts";
import type { RankedSignal } from "./rca/rank-services.ts";
import { formatDuration, formatList, formatNumber } from "./sentences.ts";
import { quantileSorted } from "./statistics/quantiles.ts";
import { spearman } from "./statistics/spearman.ts";

/** A check with the factor that it gives to a score. */
export interface Judged {
  readonly check: Check;
  readonly factor: number;
}

/** Something that happened at a known time: a deployment, a configuration change. */
export interface CaseEvent {
  /** µs UTC. */
  readonly at: number;
  readonly kind: string;
  readonly title: string;
  readonly service: string | null;
  readonly evidenceId: string | null;
  /** Of the record in its file. */
  readonly line?: number;
  /** All that the record says beside its title. */
  readonly text?: string;
  /** What was changed, by the commit that a deployment carries. */
  readonly change?: string;
}

/** When the trouble was first to be seen, and how that is known. */
export interface SymptomOnset extends Onset {
  readonly what: string;
}

export function checkStrength(strength: number, why: string): Judged {
  const result = strength >= 2 / 3 ? "supports" : strength >= 1 / 3 ? "unknown" : "contradicts";
  return { check: { name: "strength", result, why }, factor: strength };
}

/** It can only lie behind the symptom when it moved no later. */
export function checkPrecedence(onset: Onset | null, symptom: SymptomOnset | null): Judged {
  const name = "precedence";
  if (onset === null) {
    return judged(name, "unknown", "no single time can be told at which it began to move", 0.7);
  }
  const at = formatIso(onset.at as EvidenceTime);
  if (symptom === null) {
    return judged(
      name,
      "unknown",
      `it began to move at ${at}; when the trouble began is not known`,
      0.85,
    );
  }
  const lead = symptom.at - onset.at;
  const when = `it began to move at ${at}, ${symptom.what} at ${formatIso(symptom.at as EvidenceTime)}`;
  if (onset.from > symptom.to) {
    return judged(name, "contradicts", `${when}: ${formatDuration(lead)} later`, 0.4);
  }
  if (onset.to < symptom.from) {
    return judged(name, "supports", `${when}: ${formatDuration(lead)} earlier`, 1);
  }
  return judged(
    name,
    "supports",
    `${when}: within the resolution of the data at the same time`,
    0.95,
  );
}

/**
 * A change that the baseline shows within itself says little.
 * @param placebo strength of the change between the baseline's halves, or null
 */
export function checkSpecificity(strength: number, placebo: number | null): Judged {
  const name = "specificity";
  if (placebo === null) {
    return judged(name, "unknown", "the baseline could not be split for comparison", 0.85);
  }
  const factor = strength ** 2 / Math.max(1e-12, strength ** 2 + placebo ** 2);
  const why = `strength ${formatNumber(strength)} against ${formatNumber(placebo)} between the two halves of the baseline, in which nothing is known to have happened`;
  return judged(
    name,
    factor >= 0.8 ? "supports" : factor >= 0.5 ? "unknown" : "contradicts",
    why,
    factor,
  );
}

/** What its strongest series does inside the baseline; its strength is already measured against that. */
export function checkUsual(signals: readonly RankedSignal[]): Judged {
  const name = "specificity";
  const shift = signals[0]?.shift;
  if (shift === undefined || shift.placebos < 3) {
    return judged(
      name,
      "unknown",
      "the baseline is too short to hold windows like the incident",
      1,
    );
  }
  const why = `it moved by ${formatNumber(Math.abs(shift.z))} noise units; ${String(shift.placebos)} windows as long inside the baseline reach ${formatNumber(shift.usual)}`;
  const ratio = Math.abs(shift.z) / Math.max(1e-9, shift.usual);
  return judged(name, ratio >= 2 ? "supports" : ratio >= 1 ? "unknown" : "contradicts", why, 1);
}

/** Whether a service that it calls has as much trouble of the same kind; its score already lost for that. */
export function checkVictim(signals: readonly RankedSignal[], graph: DependencyGraph): Judged {
  const name = "own trouble";
  const service = signals[0]?.service ?? "";
  const callees = graph.get(service);
  if (graph.size === 0)
    return judged(name, "unknown", "the calls between services are not known", 1);
  if (callees === undefined) {
    return judged(name, "supports", `as far as is known, ${service} calls no other service`, 1);
  }
  const explained = signals.filter((s) => s.explainedBy !== null);
  if (explained.length === 0) {
    const why = `none of the ${String(callees.size)} services that ${service} calls has as much trouble of the same kind`;
    return judged(name, "supports", why, 1);
  }
  const by = [...new Set(explained.map((s) => `\`${s.explainedBy ?? ""}\``))];
  const why = `${formatList(by)}, which ${service} calls, moved in the same way`;
  return judged(name, "contradicts", why, 1);
}

/** Does it rise and fall with the symptom? */
export function checkAgreement(course: Course | null, symptom: Course | null): Judged {
  const name = "agreement";
  if (course === null || symptom === null) {
    return judged(name, "unknown", "there is no course of the symptom to compare with", 1);
  }
  const pairs = pairUp(course, symptom);
  const rho = spearman(
    pairs.map((p) => p[0]),
    pairs.map((p) => p[1]),
  );
  if (Number.isNaN(rho) || pairs.length < 8) {
    return judged(
      name,
      "unknown",
      `only ${String(pairs.length)} points of time are common with the symptom`,
      1,
    );
  }
  const why = `rank correlation ${formatNumber(rho)} with the symptom over ${String(pairs.length)} points of time`;
  const size = Math.abs(rho);
  const result = size >= 0.5 ? "supports" : size < 0.2 ? "contradicts" : "unknown";
  return judged(name, result, why, 0.85 + 0.3 * size);
}

/** Fewer points after the onset tell no dose. */
const LEAST_DOSE_POINTS = 8;

/**
 * Once it moved: more of it, more of the symptom? Unlike `checkAgreement` this is
 * not about the step that both made, so that it tells a dose from a coincidence.
 */
export function checkDose(
  course: Course | null,
  symptom: Course | null,
  onset: Onset | null,
): Judged {
  const name = "dose-response";
  if (course === null || symptom === null || onset === null) {
    return judged(name, "unknown", "needs an onset and a course of the symptom", 1);
  }
  const from = course.times.findIndex((t) => t >= onset.at);
  const late = {
    ...course,
    times: course.times.slice(Math.max(0, from)),
    values: course.values.slice(Math.max(0, from)),
  };
  const pairs = from < 0 ? [] : pairUp(late, symptom);
  const rho = spearman(
    pairs.map((p) => p[0]),
    pairs.map((p) => p[1]),
  );
  if (pairs.length < LEAST_DOSE_POINTS || Number.isNaN(rho)) {
    const why = `only ${String(pairs.length)} points of time after its onset`;
    return judged(name, "unknown", why, 1);
  }
  const why = `rank correlation ${formatNumber(rho)} with the symptom over the ${String(pairs.length)} points of time after its onset`;
  return judged(name, Math.abs(rho) >= 0.5 ? "supports" : "unknown", why, 1);
}

/** Points of time after the incident that tell whether something is over. */
const LEAST_AFTER = 3;
/** So much of the way back is back; so little is not. */
const BACK = 0.7;
const STILL_GONE = 0.3;

/** Whether it went back when the symptom did, where the data reaches beyond the incident. */
export function checkRecovery(course: Course | null, symptom: Course | null): Judged {
  const name = "recovery";
  const own = course === null ? null : wayBack(course);
  const theirs = symptom === null ? null : wayBack(symptom);
  if (own === null || theirs === null) {
    const why =
      course !== null && course.after.length < LEAST_AFTER
        ? "the data ends with the incident"
        : "its course and the symptom's do not both move and reach beyond the incident";
    return judged(name, "unknown", why, 1);
  }
  const percent = (share: number): string =>
    `${formatNumber(Math.round(100 * Math.min(1, Math.max(0, share))))} %`;
  const why = `after the incident it is ${percent(own)} of the way back, the symptom ${percent(theirs)}`;
  if (theirs >= BACK && own >= BACK) return judged(name, "supports", why, 1.05);
  const isApart = (theirs >= BACK && own <= STILL_GONE) || (own >= BACK && theirs <= STILL_GONE);
  return isApart ? judged(name, "contradicts", why, 0.85) : judged(name, "unknown", why, 1);
}

/** How far a course went back to the baseline's level: 0 not at all, 1 wholly; null where that cannot be told. */
function wayBack({ values, baseline, after }: Course): number | null {
  if (after.length < LEAST_AFTER || baseline < LEAST_AFTER) return null;
  const before = [...values.slice(0, baseline)].sort((a, b) => a - b);
  const level = quantileSorted(before, 0.5);
  const noise = (quantileSorted(before, 0.75) - quantileSorted(before, 0.25)) / 1.349;
  const moved = mean(values.slice(baseline)) - level;
  if (Math.abs(moved) <= 2 * noise) return null;
  return 1 - (mean(after) - level) / moved;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);
}

/** Names what was changed by people within a day of the onset. */
export function checkEvents(onset: Onset | null, events: readonly CaseEvent[]): Judged {
  const name = "event nearby";
  if (events.length === 0) {
    return judged(name, "unknown", "the evidence holds no deployments or configuration changes", 1);
  }
  if (onset === null) return judged(name, "unknown", "without an onset no event is near it", 1);
  const near = events
    .filter((e) => e.at >= onset.from - DAY && e.at <= onset.to + DAY)
    .sort((a, b) => Math.abs(a.at - onset.at) - Math.abs(b.at - onset.at))[0];
  if (near === undefined) {
    return judged(
      name,
      "contradicts",
      "no deployment or configuration change within a day of its onset",
      0.95,
    );
  }
  const apart = onset.at - near.at;
  const when = apart >= 0 ? `${formatDuration(apart)} before` : `${formatDuration(apart)} after`;
  return judged(name, "supports", `${near.kind} “${near.title}” ${when} its onset`, 1.1);
}

export function judged(name: string, result: Check["result"], why: string, factor: number): Judged {
  return { check: { name, result, why }, factor };
}
