import { DAY, MINUTE } from "../base/time.ts";
import type { Dependency, Symptom } from "../model/case.ts";
import type { Comparison } from "../model/comparison.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { queryRows, STRING } from "../tables/rows.ts";
import { ident } from "../tables/sql.ts";
import { compareAll } from "./compare-all.ts";
import { courseRange, meanCourse, seriesCourses, type Course } from "./course.ts";
import { courseOf, onsetOfCourse, type OnsetEstimate } from "./onset.ts";
import { outsideSigns, type OutsideSign } from "./outside-signs.ts";
import { graphOf, readDependencies, type DependencyGraph } from "./rca/dependencies.ts";
import { rankServices } from "./rca/rank-services.ts";
import { readPoints } from "./rca/read-points.ts";
import { signalsAt, type SeriesPoints } from "./rca/series-points.ts";
import { serviceCandidates } from "./rca/service-candidates.ts";
import { signalKind, type SignalKind } from "./rca/signal-kind.ts";
import { candidates, type Candidate } from "./suspect-candidates.ts";
import type { CaseEvent, SymptomOnset } from "./suspect-checks.ts";
import { touchedRows, type TouchedRows } from "./suspect-coverage.ts";
import { changesByPeople, readEvents } from "./suspect-events.ts";
import { throwIfCancelled, withoutProgress } from "./table-task.ts";
import { windowPredicate, type WindowPair } from "./windows.ts";

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

/** When and how the trouble was to be seen. */
export interface FoundSymptom {
  readonly onset: SymptomOnset | null;
  readonly course: Course | null;
}

/** All that the ranking needs, read once: the rest is arithmetic, for whichever onset. */
export interface Material {
  readonly input: SuspectsInput;
  readonly graph: DependencyGraph;
  readonly symptomKind: SignalKind | null;
  /** Columns that moved, of those that are looked at. */
  readonly columns: readonly Candidate[];
  readonly points: readonly SeriesPoints[];
  readonly events: readonly CaseEvent[];
  /** Strengths of the columns between the baseline's halves; null when it has no two ends. */
  readonly placebo: ReadonlyMap<string, number> | null;
  readonly symptom: FoundSymptom;
  /** By `keyOf`. */
  readonly courses: ReadonlyMap<string, Course>;
  readonly onsets: ReadonlyMap<string, OnsetEstimate>;
  /** Which rows a column's change touches, and what their outcome is. */
  readonly touched: ReadonlyMap<string, TouchedRows>;
  /** µs within which a move follows promptly. */
  readonly prompt: number;
  readonly outside: readonly OutsideSign[];
  /** Messages of the incident's errors and warnings, the most frequent of each statement. */
  readonly messages: readonly string[];
}

/** Onsets and placebos are worked out for so many of the strongest candidates. */
export const EXAMINED = 40;
/** Series of a service whose onsets are told. */
export const TIMED_SIGNALS = 4;

/**
 * Reads what a ranking needs.
 * @param onsets further beginnings of the incident (µs UTC) at which it will be asked for
 * @throws Fault<EngineError>
 */
export async function readMaterial(
  engine: Engine,
  input: SuspectsInput,
  onsets: readonly number[] = [],
  options: QueryOptions = {},
): Promise<Material> {
  const { comparison, tables, windows } = input;
  const quiet = withoutProgress(options);
  const graph = graphOf(await readDependencies(engine, tables, input.dependencies ?? [], quiet));
  const points = await readPoints(engine, tables, windows, quiet);
  options.onProgress?.(0.2);
  const base = {
    ...{ input, graph, points },
    symptomKind: input.symptom === null ? null : signalKind(input.symptom.metric),
    columns: candidates(comparison, tables, input.symptom),
  };
  const given = candidatesAt(base, null);
  const columns = given.filter((c) => c.signals === undefined);
  const placebo = await placeboStrengths(engine, tables, windows, columns, quiet);
  options.onProgress?.(0.5);
  const services = [null, ...onsets].flatMap((onset) =>
    (onset === null ? given : candidatesAt(base, onset)).filter((c) => c.signals !== undefined),
  );
  const courses = await seriesCoursesOf(engine, services, windows, quiet);
  const touched = new Map<string, TouchedRows>();
  for (const [k, candidate] of columns.entries()) {
    throwIfCancelled(options);
    const { table, compared } = candidate;
    const course = await courseOf(engine, table, compared.column, compared, windows, quiet);
    if (course !== null) courses.set(keyOf(candidate), course);
    const rows = await touchedRows(engine, candidate, input.symptom, windows, quiet);
    if (rows !== null) touched.set(keyOf(candidate), rows);
    options.onProgress?.(0.5 + (0.4 * (k + 1)) / columns.length);
  }
  const found = new Map<string, OnsetEstimate>();
  for (const [key, course] of courses) {
    const onset = onsetOfCourse(course);
    if (onset !== null) found.set(key, onset);
  }
  return {
    ...{ ...base, columns, placebo, courses, touched, onsets: found },
    events: changesByPeople(input.events ?? (await readEvents(engine, tables, windows, quiet))),
    symptom: await findSymptom(engine, input, given, quiet),
    prompt: promptness(windows),
    outside: await outsideSigns(engine, tables, windows, quiet),
    messages: await troubleMessages(engine, tables, windows, quiet),
  };
}

/** Statements whose messages are read. */
const MOST_MESSAGES = 40;

/** What the logs of the incident complain of: one message of each statement. */
async function troubleMessages(
  engine: Engine,
  tables: readonly TableMeta[],
  windows: WindowPair,
  options: QueryOptions,
): Promise<string[]> {
  const logs = tables.find((t) => t.target === "logs");
  const late = logs === undefined ? null : windowPredicate(logs, windows.incident);
  if (logs === undefined || late === null) return [];
  const rows = await queryRows(
    engine,
    `SELECT min(message) AS message FROM ${ident(logs.name)}
WHERE ${late} AND level IN ('warn', 'error', 'fatal') AND message IS NOT NULL
GROUP BY coalesce(shape, hash(message) % 1000) ORDER BY count(*) DESC, 1 LIMIT ${String(MOST_MESSAGES)}`,
    { message: STRING },
    options,
  );
  return rows.map((row) => row.message);
}

/**
 * The strongest candidates, should the incident have begun at `onset`. Services
 * are measured anew; a column keeps its strength in proportion to how its course
 * moved at that time.
 * @param onset µs UTC; null for the windows as they are
 */
export function candidatesAt(
  material: Pick<Material, "input" | "graph" | "points" | "symptomKind" | "columns">,
  onset: number | null,
): Candidate[] {
  const { input, graph, points, symptomKind, columns } = material;
  const services = rankServices(signalsAt(points, onset), graph, symptomKind);
  return [...columns, ...serviceCandidates(services, input.comparison, input.tables, input.symptom)]
    .sort((a, b) => b.strength - a.strength)
    .slice(0, EXAMINED);
}

export function keyOf(candidate: {
  readonly table: { readonly name: string };
  readonly compared: { readonly column: string };
}): string {
  return seriesKey(candidate.table.name, candidate.compared.column);
}

export function seriesKey(table: string, series: string): string {
  return `${table}\u0000${series}`;
}

/** The courses of all series among the candidates, one query for each table. */
async function seriesCoursesOf(
  engine: Engine,
  services: readonly Candidate[],
  windows: WindowPair,
  options: QueryOptions,
): Promise<Map<string, Course>> {
  const found = new Map<string, Course>();
  for (const table of new Set(services.map((c) => c.table))) {
    if (table.target === "logs") continue;
    const series = services.flatMap((c) =>
      (c.signals ?? [])
        .slice(0, TIMED_SIGNALS)
        .map((s) => ({ table: s.table, name: s.series }))
        .concat({ table: c.table.name, name: c.compared.column })
        .flatMap((s) => (s.table === table.name ? [s.name] : [])),
    );
    const own = await seriesCourses(engine, table, [...new Set(series)], windows, options);
    for (const [key, course] of own) found.set(seriesKey(table.name, key), course);
  }
  return found;
}

/** Moves within a twentieth of the time looked at follow promptly; at least a minute. */
function promptness(windows: WindowPair): number {
  const range = courseRange(windows);
  return range === null ? DAY : Math.max(MINUTE, (range.to - range.from) / 20);
}

async function placeboStrengths(
  engine: Engine,
  tables: readonly TableMeta[],
  windows: WindowPair,
  columns: readonly Candidate[],
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
  const used = new Set(columns.map((c) => c.table.name));
  const own = tables
    .filter((t) => used.has(t.name))
    .map((t) => ({ ...t, columns: examinedColumns(t, columns) }));
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
function examinedColumns(table: TableMeta, columns: readonly Candidate[]): TableMeta["columns"] {
  if (table.target !== "own") return table.columns;
  const names = new Set(
    columns.filter((c) => c.table.name === table.name).map((c) => c.compared.column),
  );
  return table.columns.filter(
    (c) =>
      names.has(c.name) ||
      c.name === table.timeColumn ||
      c.role === "model_version" ||
      c.role === "segment",
  );
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
