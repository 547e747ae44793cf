import { foldJournal } from "../../shared/case/fold.ts";
import type { CaseEvent, JournalLine } from "../../shared/case/events.ts";
import { tablesOfEvidence } from "../../shared/analysis/tables-of-case.ts";
import type { CaseState } from "../../shared/model/case.ts";
import type { Comparison } from "../../shared/model/comparison.ts";
import type { Finding } from "../../shared/model/finding.ts";
import type { Suspect } from "../../shared/model/suspect.ts";
import { findingFromShift, findingFromSuspect } from "../../shared/reasoning/make-finding.ts";
import { parseRecipe, type Recipe, type RecipeFormat } from "../../shared/report/recipe.ts";
import { applyRecipe, type RecipeFailure } from "../data/apply-recipe.ts";
import { ipc } from "../data/ipc-client.ts";
import { prepareDatabase } from "../data/rebuild-cache.ts";
import { renderReport, type ReportFormat } from "../data/report.ts";
import { reportInput } from "../data/report-input.ts";
import { getEngine } from "../data/services.ts";
import { print, progress } from "./output.ts";
import type { JobEnd } from "./job-end.ts";

const BAD_RECIPE = 2;
const EVIDENCE_FAILED = 3;
/** Suspects and shifts that become findings by themselves. */
const TOP_SUSPECTS = 3;
const TOP_SHIFTS = 5;

/** `inquest run RECIPE --out DIR`: from files to a case, findings and reports. */
export async function runRecipe(path: string, out: string, json: boolean): Promise<JobEnd> {
  const read = await ipc("recipe.read", { path });
  if (!read.ok) return { code: BAD_RECIPE, message: read.error.message };
  const parsed = parseRecipe(read.value.text);
  if (!parsed.ok) {
    const { line, column, message } = parsed.error;
    return { code: BAD_RECIPE, message: `${path}:${line}:${column}: ${message}` };
  }
  const recipe = parsed.value;
  const opened = await ipc("case.create", { name: recipe.name, directory: out });
  if (!opened.ok) return { code: 1, message: opened.error.message };

  const journal = new Journal(opened.value.path, opened.value.journal);
  const ready = await getEngine().open("headless");
  if (!ready.ok) return { code: 1, message: ready.error.message };
  await prepareDatabase(getEngine());
  const failures = await applyRecipe(recipe, read.value.directory, {
    state: () => journal.state(),
    append: (...events) => journal.append(...events),
    onProgress: (message, fraction) => void progress(message, fraction * 0.7),
  });
  if (journal.state().evidence.length === 0)
    return { code: EVIDENCE_FAILED, message: failureText(failures) };

  await progress("comparing baseline and incident", 0.75);
  const comparison = await analyse(recipe, journal.state());
  await progress("ranking suspects", 0.85);
  const suspects = await rank(recipe, journal.state(), comparison);
  await pinStrongest(journal, recipe, comparison, suspects);
  const files = await writeReports(recipe, journal, comparison, suspects, failures);
  await ipc("case.close", { path: opened.value.path });

  await summarise(json, journal.state(), comparison, suspects, files);
  return failures.length === 0
    ? { code: 0, message: `Done: ${files.length} files in ${out}` }
    : { code: EVIDENCE_FAILED, message: failureText(failures) };
}

/** The journal of the case being made. */
class Journal {
  #lines: JournalLine[];

  constructor(
    readonly path: string,
    lines: readonly JournalLine[],
  ) {
    this.#lines = [...lines];
  }

  state(): CaseState {
    return foldJournal(this.#lines);
  }

  async append(...events: CaseEvent[]): Promise<boolean> {
    const answer = await ipc("case.append", { path: this.path, events });
    if (!answer.ok) throw new Error(answer.error.message);
    this.#lines.push(...answer.value);
    return true;
  }
}

async function analyse(recipe: Recipe, state: CaseState): Promise<Comparison> {
  const tables = tablesOfEvidence(state.evidence);
  const result = await getEngine().analyse("compareAll", { tables, windows: recipe.windows });
  if (!result.ok) throw new Error(`${result.error.message}\n${result.error.sql}`);
  return result.value;
}

async function rank(recipe: Recipe, state: CaseState, comparison: Comparison): Promise<Suspect[]> {
  const tables = tablesOfEvidence(state.evidence);
  const { windows, symptom } = recipe;
  const result = await getEngine().analyse("rankSuspects", {
    comparison,
    tables,
    windows,
    symptom,
  });
  if (!result.ok) throw new Error(`${result.error.message}\n${result.error.sql}`);
  return result.value;
}

/** The first suspects and the strongest shifts go on record, each once. */
async function pinStrongest(
  journal: Journal,
  recipe: Recipe,
  comparison: Comparison,
  suspects: readonly Suspect[],
): Promise<void> {
  const columns = comparison.tables.flatMap((t) => t.columns);
  const columnOf = (shiftIds: readonly string[]) =>
    columns.find((c) => c.shifts.some((s) => shiftIds.includes(s.id))) ?? null;
  const fresh = () => ({ id: crypto.randomUUID(), createdAt: new Date().toISOString() });
  const parameters = { ...recipe.windows };
  const findings: Finding[] = [];
  const told = new Set<string>();
  for (const suspect of suspects.slice(0, TOP_SUSPECTS)) {
    const column = columnOf(suspect.shiftIds);
    const shift = column?.shifts.find((s) => suspect.shiftIds.includes(s.id)) ?? null;
    findings.push(
      await findingFromSuspect(getEngine(), fresh(), suspect, column, shift, parameters),
    );
    for (const id of suspect.shiftIds) told.add(id);
  }
  for (const shift of comparison.shifts
    .filter((s) => s.verdict === "major" && !told.has(s.id))
    .slice(0, TOP_SHIFTS)) {
    const column = columnOf([shift.id]);
    if (column !== null)
      findings.push(await findingFromShift(getEngine(), fresh(), column, shift, parameters));
  }
  for (const finding of findings) await journal.append({ type: "finding/pinned", data: finding });
}

type File = { path: string; format: string; sha256: string };

async function writeReports(
  recipe: Recipe,
  journal: Journal,
  comparison: Comparison,
  suspects: Suspect[],
  failures: readonly RecipeFailure[],
): Promise<File[]> {
  const failed = failures.map(({ path, error }) => ({
    path,
    reason: error.message,
    advice: error.advice,
  }));
  const info = await ipc("app.info");
  const input = await reportInput(
    getEngine(),
    { state: journal.state(), comparison, suspects, failed },
    info,
  );
  const files: File[] = [];
  const write = async (format: ReportFormat, name: string) => {
    await progress(`writing ${name}`, 0.92);
    const bytes = await renderReport(input, format, files);
    const written = await ipc("headless.write", { name, bytes });
    if (!written.ok) throw new Error(written.error.message);
    files.push({ ...written.value, format });
    const record = { ...written.value, format, at: new Date().toISOString() };
    await journal.append({ type: "report/exported", data: record });
  };
  for (const format of recipe.formats) {
    if (isWritten(format)) {
      if (format !== "json") await write(format, `report.${format}`);
    } else {
      await progress(
        `This version does not write ${format}; the other formats were written.`,
        null,
      );
    }
  }
  await write("json", "findings.json");
  return files;
}

function isWritten(format: RecipeFormat): format is ReportFormat {
  return format !== "docx" && format !== "pptx";
}

async function summarise(
  json: boolean,
  state: CaseState,
  comparison: Comparison,
  suspects: readonly Suspect[],
  files: readonly File[],
): Promise<void> {
  if (json) {
    await print(
      `${JSON.stringify({ case: state.name, shifts: comparison.shifts.length, suspects, files }, null, 2)}\n`,
    );
    return;
  }
  const lines = [
    `${state.name}: ${state.evidence.length} files, ${comparison.shifts.length} shifts (${comparison.shifts.filter((s) => s.verdict === "major").length} major)`,
    ...suspects
      .slice(0, TOP_SUSPECTS)
      .map((s) => `  ${s.rank}. ${s.name} (${s.layer}): ${s.sentence}`),
    ...files.map((f) => `  ${f.path}`),
  ];
  await print(`${lines.join("\n")}\n`);
}

function failureText(failures: readonly RecipeFailure[]): string {
  return failures.map(({ path, error }) => `${path}: ${error.message} ${error.advice}`).join("\n");
}
