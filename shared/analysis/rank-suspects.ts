import type { Suspect, SuspectSignal } from "../model/suspect.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import type { Course } from "./course.ts";
import type { OnsetEstimate } from "./onset.ts";
import { outsideSuspects } from "./outside-signs.ts";
import type { RankedSignal } from "./rca/rank-services.ts";
import { checkAlternative, type Rival } from "./suspect-alternative.ts";
import {
  checkAgreement,
  checkDose,
  checkEvents,
  checkPrecedence,
  checkRecovery,
  checkSpecificity,
  checkStrength,
  checkUsual,
  checkVictim,
  type Judged,
} from "./suspect-checks.ts";
import type { Candidate } from "./suspect-candidates.ts";
import { checkCallers, checkTouched } from "./suspect-coverage.ts";
import { eventSuspects, type Move } from "./suspect-events.ts";
import {
  candidatesAt,
  keyOf,
  readMaterial,
  seriesKey,
  TIMED_SIGNALS,
  type Material,
  type SuspectsInput,
} from "./suspect-material.ts";
import { formatList } from "./sentences.ts";
import { shiftScore } from "./rca/shift-score.ts";

/** A service may well be at fault for what was noticed at it. */
const SYMPTOM_OF_SERVICE_FACTOR = 0.8;
/** Outputs and the symptom itself rank below what may lie behind them. */
const SYMPTOM_FACTOR = 0.25;

/**
 * Ranks what differs between the windows by how well it could explain the
 * incident: strength of the shift × specificity (the same comparison between
 * the baseline's halves) × precedence (onset no later than the symptom's) ×
 * agreement with the symptom's course × an event nearby × where in the rows, and
 * whether it went when the symptom went. Model outputs, labels
 * and the symptom's own metric come last: they show the trouble. Events are
 * suspects by what moved after them. All checks stand with their numbers; none
 * of them proves anything alone.
 * @throws Fault<EngineError>
 */
export async function rankSuspects(
  engine: Engine,
  input: SuspectsInput,
  options: QueryOptions = {},
): Promise<Suspect[]> {
  const material = await readMaterial(engine, input, [], options);
  const { suspects, judged } = ordered(material, null);
  options.onProgress?.(1);
  return suspects.map((suspect) => withAlternative(suspect, suspects, judged));
}

/** Half of the baseline, and the time since; null where the windows are no times. */
function lengthsOf({ input }: Material): { before: number; since: number } | null {
  const { baseline, incident } = input.windows;
  if (baseline.from === null || baseline.to === null) return null;
  if (incident.from === null || incident.to === null) return null;
  const half = (baseline.to - baseline.from) / 2;
  return { before: half, since: half + incident.to - incident.from };
}

interface JudgedCandidate {
  readonly candidate: Candidate;
  readonly suspect: Suspect;
  readonly onset: OnsetEstimate | null;
  readonly course: Course | null;
}

/**
 * The order of suspects, should the incident have begun at `onset`; without the
 * check for alternatives, which changes none.
 * @param onset µs UTC; null for the windows as they are
 */
export function orderSuspects(material: Material, onset: number | null): Suspect[] {
  return ordered(material, onset).suspects;
}

function ordered(
  material: Material,
  onset: number | null,
): { suspects: Suspect[]; judged: JudgedCandidate[] } {
  const all = candidatesAt(material, onset);
  const judged = all.map((candidate) => judgeCandidate(candidate, all, material, onset));
  const grouped = judged.map((own) => withCompany(own, judged));
  const moves = judged.flatMap((own, k) => movesOf(grouped[k], own.onset, material));
  const { events, graph, symptom, prompt, messages } = material;
  const words = [...messages, ...moves.map((m) => m.name)];
  const fromEvents = eventSuspects(events, moves, graph, symptom.onset, prompt, words);
  const strongest = Math.max(0, ...grouped.map((s) => s.score));
  const fromOutside = outsideSuspects(material.outside, strongest, lengthsOf(material));
  const suspects = [...grouped, ...fromEvents, ...fromOutside]
    .sort((a, b) => b.score - a.score || a.name.localeCompare(b.name))
    .map((suspect, k) => ({ ...suspect, rank: k + 1 }));
  return { suspects, judged };
}

function judgeCandidate(
  candidate: Candidate,
  all: readonly Candidate[],
  material: Material,
  at: number | null,
): JudgedCandidate {
  const key = keyOf(candidate);
  const course = material.courses.get(key) ?? null;
  const onset = material.onsets.get(key) ?? null;
  const { isSymptom, signals } = candidate;
  const checks =
    signals === undefined
      ? columnChecks(candidate, course, material, at)
      : serviceChecks(candidate, signals, all, material);
  const shared = {
    onset: isSymptom ? null : material.symptom.onset,
    course: isSymptom ? null : material.symptom.course,
  };
  const [strength, ...others] = checks;
  const judged: Judged[] = [
    strength,
    checkPrecedence(onset?.onset ?? null, shared.onset),
    ...others,
    checkAgreement(course, shared.course),
    checkDose(course, shared.course, onset?.onset ?? null),
    checkRecovery(course, shared.course),
    checkEvents(onset?.onset ?? null, material.events),
  ];
  const product = judged.reduce((product, c) => product * c.factor, 1);
  // The strength of a service is already measured against what is usual for it.
  const factor =
    signals === undefined
      ? product
      : strength.factor * Math.sqrt(product / Math.max(1e-9, strength.factor));
  return {
    ...{ candidate, onset, course },
    suspect: {
      rank: 0,
      kind: candidate.kind,
      name: candidate.compared.column,
      table: candidate.table.name,
      service: candidate.service,
      layer: candidate.layer,
      onset: onset?.onset ?? null,
      score: Math.min(1, factor) * symptomFactor(candidate),
      sentence: isSymptom
        ? `${candidate.sentence} (shows the trouble rather than preceding it)`
        : candidate.sentence,
      ...(signals === undefined ? {} : { signals: signals.map(signalOf) }),
      checks: judged.map((c) => c.check),
      shiftIds: candidate.shifts.map((s) => s.id),
      evidenceIds: candidate.shifts[0]?.evidenceIds ?? candidate.table.evidenceIds,
    },
  };
}

type Checks = readonly [Judged, ...Judged[]];

function columnChecks(
  candidate: Candidate,
  course: Course | null,
  { placebo, touched }: Material,
  at: number | null,
): Checks {
  const strength = strengthAt(candidate.strength, course, at);
  const key = keyOf(candidate);
  return [
    checkStrength(strength, candidate.strengthWhy),
    checkSpecificity(strength, placebo?.get(key) ?? (placebo === null ? null : 0)),
    checkTouched(touched.get(key) ?? null, candidate.isSymptom),
  ];
}

function serviceChecks(
  candidate: Candidate,
  signals: readonly RankedSignal[],
  all: readonly Candidate[],
  { graph }: Material,
): Checks {
  return [
    checkStrength(candidate.strength, candidate.strengthWhy),
    checkUsual(signals),
    checkVictim(signals, graph),
    checkCallers(candidate, all, graph),
  ];
}

/** A column's strength, in proportion to how much its course moved at another onset. */
function strengthAt(strength: number, course: Course | null, at: number | null): number {
  if (at === null || course === null) return strength;
  const given = movedAt(course, course.times[course.baseline] ?? at);
  const moved = movedAt(course, at);
  return given <= 0 ? strength : Math.min(1, strength * Math.min(1.5, moved / given));
}

function movedAt({ times, values }: Course, at: number): number {
  const cut = times.findIndex((t) => t >= at);
  if (cut < 0) return 0;
  return Math.log1p(Math.abs(shiftScore(values.slice(0, cut), values.slice(cut))?.z ?? 0));
}

function symptomFactor({ isSymptom, service, signals }: Candidate): number {
  if (!isSymptom) return 1;
  return signals === undefined || service === null ? SYMPTOM_FACTOR : SYMPTOM_OF_SERVICE_FACTOR;
}

/** What of a suspect moved when: a column once, a service by its strongest series. */
function movesOf(
  suspect: Suspect | undefined,
  onset: OnsetEstimate | null,
  { onsets }: Material,
): Move[] {
  if (suspect === undefined) return [];
  const { name, service, score, signals = [] } = suspect;
  const own: Move[] =
    onset === null ? [] : [{ name, service, onset: onset.onset, strength: score, suspect }];
  const most = Math.max(1e-9, ...signals.map(sizeOf));
  return [
    ...own,
    ...signals.slice(0, TIMED_SIGNALS).flatMap((signal) => {
      const began =
        signal.name === name ? undefined : onsets.get(seriesKey(signal.table, signal.name));
      if (began === undefined) return [];
      const strength = score * (sizeOf(signal) / most);
      return [{ name: signal.name, service, onset: began.onset, strength, suspect }];
    }),
  ];
}

function sizeOf({ z, usual }: SuspectSignal): number {
  return Math.log1p(Math.abs(z) / (1 + usual));
}

function signalOf({ series, table, kind, shift, explainedBy }: RankedSignal): SuspectSignal {
  return {
    ...{ name: series, table, kind, z: shift.z, usual: shift.usual },
    explained_by: explainedBy,
  };
}

/** Says which other columns of the same table moved at the same time. */
function withCompany(
  { suspect, onset }: JudgedCandidate,
  all: readonly JudgedCandidate[],
): Suspect {
  if (onset === null || suspect.kind === "metric") return suspect;
  const same = all.filter(
    (other) =>
      other.suspect !== suspect &&
      other.suspect.table === suspect.table &&
      other.onset !== null &&
      Math.abs(other.onset.onset.at - onset.onset.at) <= onset.course.bucket,
  );
  if (same.length === 0) return suspect;
  const names = formatList(
    same.map((other) => `\`${other.suspect.name}\``),
    4,
  );
  return {
    ...suspect,
    sentence: `${suspect.sentence}. In the same table ${names} moved at the same time`,
  };
}

/** Another suspect that moved alike at the same time could explain the same. */
function withAlternative(
  suspect: Suspect,
  ranked: readonly Suspect[],
  judged: readonly JudgedCandidate[],
): Suspect {
  const courseOf = ({ name, table }: Suspect): Course | null =>
    judged.find((j) => j.suspect.name === name && j.suspect.table === table)?.course ?? null;
  const own = courseOf(suspect);
  if (suspect.kind === "event" || own === null) return suspect;
  const isSymptom = (other: Suspect) =>
    judged.some((j) => j.suspect.name === other.name && j.candidate.isSymptom);
  const rivals: Rival[] = ranked.flatMap((other) => {
    const course = other === suspect || other.kind === "event" ? null : courseOf(other);
    return course === null || isSymptom(other) ? [] : [{ suspect: other, course }];
  });
  return {
    ...suspect,
    checks: [...suspect.checks, checkAlternative({ suspect, course: own }, rivals)],
  };
}
