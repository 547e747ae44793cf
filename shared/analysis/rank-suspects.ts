import { DAY, MINUTE } from "../base/time.ts";
import type { Dependency, Symptom } from "../model/case.ts";
import type { Comparison } from "../model/comparison.ts";
import type { Suspect, SuspectSignal } from "../model/suspect.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { compareAll } from "./compare-all.ts";
import { courseRange, meanCourse, seriesCourses, type Course } from "./course.ts";
import { courseOf, onsetOfCourse, type OnsetEstimate } from "./onset.ts";
import { graphOf, readDependencies } from "./rca/dependencies.ts";
import { rankServices, type RankedSignal } from "./rca/rank-services.ts";
import { readSignals } from "./rca/read-signals.ts";
import { serviceCandidates } from "./rca/service-candidates.ts";
import { signalKind } from "./rca/signal-kind.ts";
import { formatList } from "./sentences.ts";
import { candidates, type Candidate } from "./suspect-candidates.ts";
import {
  checkAgreement,
  checkEvents,
  checkPrecedence,
  checkSpecificity,
  checkStrength,
  checkUsual,
  checkVictim,
  type CaseEvent,
  type SymptomOnset,
} from "./suspect-checks.ts";
import { changesByPeople, eventSuspects, readEvents, type Move } from "./suspect-events.ts";
import { throwIfCancelled, withoutProgress } from "./table-task.ts";
import type { WindowPair } from "./windows.ts";

export interface SuspectsInput {
  readonly comparison: Comparison;
  readonly tables: readonly TableMeta[];
  readonly windows: WindowPair;
  readonly symptom: Symptom | null;
  /** Calls between services that a person gave, beside those that the evidence shows. */
  readonly dependencies?: readonly Dependency[];
  /** Deployments and other changes by people; read from `events` where left out. */
  readonly events?: readonly CaseEvent[];
}

/** Onsets and placebos are worked out for so many of the strongest candidates. */
const EXAMINED = 40;
/** A service may well be at fault for what was noticed at it. */
const SYMPTOM_OF_SERVICE_FACTOR = 0.8;
/** Series of a service whose onsets are told. */
const TIMED_SIGNALS = 4;
/** Outputs and the symptom itself rank below what may lie behind them. */
const SYMPTOM_FACTOR = 0.25;
/**
 * Ranks what differs between the windows by how well it could explain the
 * incident: strength of the shift × specificity (the same comparison between
 * the baseline's halves) × precedence (onset no later than the symptom's) ×
 * agreement with the symptom's course × an event nearby. Model outputs, labels
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
  const { comparison, tables, windows } = input;
  const quiet = withoutProgress(options);
  const graph = graphOf(await readDependencies(engine, tables, input.dependencies ?? [], quiet));
  const kind = input.symptom === null ? null : signalKind(input.symptom.metric);
  const services = rankServices(await readSignals(engine, tables, windows, quiet), graph, kind);
  const all = [
    ...candidates(comparison, tables, input.symptom),
    ...serviceCandidates(services, comparison, tables, input.symptom),
  ]
    .sort((a, b) => b.strength - a.strength)
    .slice(0, EXAMINED);
  const events = changesByPeople(
    input.events ?? (await readEvents(engine, tables, windows, quiet)),
  );
  options.onProgress?.(0.1);
  const placebo = await placeboStrengths(engine, tables, windows, all, quiet);
  options.onProgress?.(0.4);
  const symptom = await findSymptom(engine, input, all, quiet);
  const courses = await coursesOf(engine, all, windows, quiet);
  const judged: { suspect: Suspect; onset: OnsetEstimate | null }[] = [];
  for (const [k, candidate] of all.entries()) {
    throwIfCancelled(options);
    const course =
      candidate.signals === undefined
        ? await courseOf(
            engine,
            candidate.table,
            candidate.compared.column,
            candidate.compared,
            windows,
            quiet,
          )
        : (courses.get(keyOf(candidate)) ?? null);
    const onset = course === null ? null : onsetOfCourse(course);
    const checks = [
      checkStrength(candidate.strength, candidate.strengthWhy),
      checkPrecedence(onset?.onset ?? null, candidate.isSymptom ? null : symptom.onset),
      candidate.signals === undefined
        ? checkSpecificity(
            candidate.strength,
            placebo?.get(keyOf(candidate)) ?? (placebo === null ? null : 0),
          )
        : checkUsual(candidate.signals),
      ...(candidate.signals === undefined ? [] : [checkVictim(candidate.signals, graph)]),
      checkAgreement(course, candidate.isSymptom ? null : symptom.course),
      checkEvents(onset?.onset ?? null, events),
    ];
    const product = checks.reduce((all, c) => all * c.factor, 1);
    // The strength of a service is already measured against what is usual for it.
    const factor =
      candidate.signals === undefined
        ? product
        : candidate.strength * Math.sqrt(product / Math.max(1e-9, candidate.strength));
    judged.push({
      onset,
      suspect: {
        rank: 0,
        kind: candidate.kind,
        name: candidate.compared.column,
        table: candidate.table.name,
        service: candidate.service,
        layer: candidate.layer,
        onset: onset?.onset ?? null,
        score: Math.min(1, factor) * symptomFactor(candidate),
        sentence: candidate.isSymptom
          ? `${candidate.sentence} (shows the trouble rather than preceding it)`
          : candidate.sentence,
        ...(candidate.signals === undefined ? {} : { signals: candidate.signals.map(signalOf) }),
        checks: checks.map((c) => c.check),
        shiftIds: candidate.shifts.map((s) => s.id),
        evidenceIds: candidate.shifts[0]?.evidenceIds ?? candidate.table.evidenceIds,
      },
    });
    options.onProgress?.(0.4 + (0.6 * (k + 1)) / all.length);
  }
  const grouped = judged.map(({ suspect, onset }) => withCompany(suspect, onset, judged));
  const moves = judged.flatMap(({ onset }, k) => movesOf(grouped[k], onset, courses));
  const fromEvents = eventSuspects(events, moves, graph, symptom.onset, promptness(windows));
  return [...grouped, ...fromEvents]
    .sort((a, b) => b.score - a.score || a.name.localeCompare(b.name))
    .map((suspect, k) => ({ ...suspect, rank: k + 1 }));
}

function symptomFactor({ isSymptom, service, signals }: Candidate): number {
  if (!isSymptom) return 1;
  return signals === undefined || service === null ? SYMPTOM_FACTOR : SYMPTOM_OF_SERVICE_FACTOR;
}

/** The courses of all series among the candidates, one query for each table. */
async function coursesOf(
  engine: Engine,
  all: readonly Candidate[],
  windows: WindowPair,
  options: QueryOptions,
): Promise<Map<string, Course>> {
  const found = new Map<string, Course>();
  const own = all.filter((c) => c.signals !== undefined);
  for (const table of new Set(own.map((c) => c.table))) {
    if (table.target === "logs") continue;
    const series = own.flatMap((c) =>
      (c.signals ?? [])
        .slice(0, TIMED_SIGNALS)
        .map((s) => ({ table: s.table, name: s.series }))
        .concat({ table: c.table.name, name: c.compared.column })
        .flatMap((s) => (s.table === table.name ? [s.name] : [])),
    );
    for (const [key, course] of await seriesCourses(engine, table, series, windows, options)) {
      found.set(`${table.name}\u0000${key}`, course);
    }
  }
  return found;
}

/** Moves within a twentieth of the time looked at follow promptly; at least a minute. */
function promptness(windows: WindowPair): number {
  const range = courseRange(windows);
  return range === null ? DAY : Math.max(MINUTE, (range.to - range.from) / 20);
}

/** What of a suspect moved when: a column once, a service by its strongest series. */
function movesOf(
  suspect: Suspect | undefined,
  onset: OnsetEstimate | null,
  courses: ReadonlyMap<string, Course>,
): Move[] {
  if (suspect === undefined) return [];
  const { name, service, score, signals = [] } = suspect;
  const own: Move[] =
    onset === null ? [] : [{ name, service, onset: onset.onset, strength: score, suspect }];
  const most = Math.max(1e-9, ...signals.map(sizeOf));
  return [
    ...own,
    ...signals.slice(0, TIMED_SIGNALS).flatMap((signal) => {
      const course = courses.get(`${signal.table}\u0000${signal.name}`);
      const began = course === undefined || signal.name === name ? null : onsetOfCourse(course);
      if (began === null) return [];
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

function keyOf(candidate: Candidate): string {
  return `${candidate.table.name}\u0000${candidate.compared.column}`;
}

/** Strengths of the same candidates between the baseline's halves; null when it has no two ends. */
async function placeboStrengths(
  engine: Engine,
  tables: readonly TableMeta[],
  windows: WindowPair,
  all: readonly Candidate[],
  options: QueryOptions,
): Promise<Map<string, number> | null> {
  const { from, to } = windows.baseline;
  if (from === null || to === null) return null;
  const middle = Math.floor((from + to) / 2);
  const halves: WindowPair = {
    baseline: { ...windows.baseline, to: middle },
    incident: { ...windows.baseline, from: middle },
  };
  // Series bring what is usual for them along.
  const used = new Set(all.filter((c) => c.signals === undefined).map((c) => c.table.name));
  const own = tables
    .filter((t) => used.has(t.name))
    .map((t) => ({ ...t, columns: examinedColumns(t, all) }));
  const compared = await compareAll(engine, own, halves, options);
  // The level that chance and slow drift reach, verdict or not.
  const raised = compared.tables.map((t) => ({
    ...t,
    columns: t.columns.map((c) => ({
      ...c,
      shifts: c.shifts.map((s) => ({
        ...s,
        verdict: s.score > 0 ? ("minor" as const) : s.verdict,
      })),
    })),
  }));
  const found = candidates({ tables: raised, schemaChanges: [], shifts: [] }, own, null);
  return new Map(found.map((c) => [keyOf(c), c.strength]));
}

/** Of an own table only the columns in question, the time and what windows filter on. */
function examinedColumns(table: TableMeta, all: readonly Candidate[]): TableMeta["columns"] {
  if (table.target !== "own") return table.columns;
  const names = new Set(
    all.filter((c) => c.table.name === table.name).map((c) => c.compared.column),
  );
  return table.columns.filter(
    (c) =>
      names.has(c.name) ||
      c.name === table.timeColumn ||
      c.role === "model_version" ||
      c.role === "segment",
  );
}

interface FoundSymptom {
  readonly onset: SymptomOnset | null;
  readonly course: Course | null;
}

/**
 * When the trouble began: the onset of the symptom's metric, or of the label or
 * prediction that moved most; else the start of the incident window.
 */
async function findSymptom(
  engine: Engine,
  input: SuspectsInput,
  all: readonly Candidate[],
  options: QueryOptions,
): Promise<FoundSymptom> {
  const { windows, tables, symptom } = input;
  const from = windows.incident.from;
  // A window is drawn by hand: its beginning is no more exact than a part of its length.
  const length = from === null ? 0 : (windows.incident.to ?? from) - from;
  const fallback: SymptomOnset | null =
    from === null
      ? null
      : { at: from, from, to: from + length / 4, what: "the incident window begins" };
  // An output that is merely missing (labels that have not arrived yet) tells no time.
  const outputs = all.filter(
    (c) => c.isSymptom && (c.kind === "metric" || c.shifts.some((s) => s.kind === "distribution")),
  );
  const moved = outputs.find((c) => c.table.target === "metrics") ?? outputs[0];
  const labels = tables.flatMap((table) =>
    table.target === "own" && symptom !== null
      ? table.columns
          .filter((c) => c.role === "label" && c.type !== "varchar")
          .map((c) => ({ table, column: c.name }))
      : [],
  );
  const subject =
    moved === undefined ? labels[0] : { table: moved.table, column: moved.compared.column };
  if (subject === undefined) return { onset: fallback, course: null };
  const type = subject.table.columns.find((c) => c.name === subject.column)?.type;
  if (type === "varchar" || type === "timestamp") return { onset: fallback, course: null };
  const course = await meanCourse(engine, subject.table, subject.column, windows, options);
  const estimate = course === null ? null : onsetOfCourse(course);
  const onset =
    estimate === null ? fallback : { ...estimate.onset, what: `the symptom \`${subject.column}\`` };
  return { onset, course };
}

/** Says which other columns of the same table moved at the same time. */
function withCompany(
  suspect: Suspect,
  onset: OnsetEstimate | null,
  all: readonly { suspect: Suspect; onset: OnsetEstimate | null }[],
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
