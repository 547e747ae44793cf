import type { Symptom } from "../model/case.ts";
import type { Comparison } from "../model/comparison.ts";
import type { Suspect } from "../model/suspect.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { compareAll } from "./compare-all.ts";
import { meanCourse, type Course } from "./course.ts";
import { courseOf, onsetOfCourse, type OnsetEstimate } from "./onset.ts";
import { formatList } from "./sentences.ts";
import { candidates, type Candidate } from "./suspect-candidates.ts";
import {
  checkAgreement,
  checkEvents,
  checkPrecedence,
  checkSpecificity,
  checkStrength,
  type CaseEvent,
  type SymptomOnset,
} from "./suspect-checks.ts";
import { changesByPeople, eventSuspects, readEvents } from "./suspect-events.ts";
import { throwIfCancelled, withoutProgress } from "./table-task.ts";
import type { WindowPair } from "./windows.ts";

export interface SuspectsInput {
  readonly comparison: Comparison;
  readonly tables: readonly TableMeta[];
  readonly windows: WindowPair;
  readonly symptom: Symptom | null;
  /** Deployments and other changes by people; read from `events` where left out. */
  readonly events?: readonly CaseEvent[];
}

/** Onsets and placebos are worked out for so many of the strongest candidates. */
const EXAMINED = 40;
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
  const all = candidates(comparison, tables, input.symptom).slice(0, EXAMINED);
  const events = changesByPeople(
    input.events ?? (await readEvents(engine, tables, windows, quiet)),
  );
  options.onProgress?.(0.1);
  const placebo = await placeboStrengths(engine, tables, windows, all, quiet);
  options.onProgress?.(0.4);
  const symptom = await findSymptom(engine, input, all, quiet);
  const judged: { suspect: Suspect; onset: OnsetEstimate | null }[] = [];
  for (const [k, candidate] of all.entries()) {
    throwIfCancelled(options);
    const course = await courseOf(
      engine,
      candidate.table,
      candidate.compared.column,
      candidate.compared,
      windows,
      quiet,
    );
    const onset = course === null ? null : onsetOfCourse(course);
    const checks = [
      checkStrength(candidate.strength, candidate.strengthWhy),
      checkPrecedence(onset?.onset ?? null, candidate.isSymptom ? null : symptom.onset),
      checkSpecificity(
        candidate.strength,
        placebo?.get(keyOf(candidate)) ?? (placebo === null ? null : 0),
      ),
      checkAgreement(course, candidate.isSymptom ? null : symptom.course),
      checkEvents(onset?.onset ?? null, events),
    ];
    const factor = checks.reduce((product, c) => product * c.factor, 1);
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
        score: Math.min(1, factor) * (candidate.isSymptom ? SYMPTOM_FACTOR : 1),
        sentence: candidate.isSymptom
          ? `${candidate.sentence} (shows the trouble rather than preceding it)`
          : candidate.sentence,
        checks: checks.map((c) => c.check),
        shiftIds: candidate.shifts.map((s) => s.id),
        evidenceIds: candidate.shifts[0]?.evidenceIds ?? candidate.table.evidenceIds,
      },
    });
    options.onProgress?.(0.4 + (0.6 * (k + 1)) / all.length);
  }
  const grouped = judged.map(({ suspect, onset }) => withCompany(suspect, onset, judged));
  const fromEvents = eventSuspects(events, grouped, symptom.onset);
  return [...grouped, ...fromEvents]
    .sort((a, b) => b.score - a.score || a.name.localeCompare(b.name))
    .map((suspect, k) => ({ ...suspect, rank: k + 1 }));
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
  const used = new Set(all.map((c) => c.table.name));
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
  const fallback: SymptomOnset | null =
    from === null ? null : { at: from, from, to: from, what: "the incident window begins" };
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
