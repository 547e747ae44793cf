import { foldJournal } from "../../shared/case/fold.ts";
import type { CaseEvent, JournalLine } from "../../shared/case/events.ts";
import { tablesOfEvidence } from "../../shared/analysis/tables-of-case.ts";
import type { IpcError } from "../../shared/contract/ipc.ts";
import type { CaseState } from "../../shared/model/case.ts";
import type { Comparison } from "../../shared/model/comparison.ts";
import type { ComparisonDepth } from "../../shared/analysis/compare-depth.ts";
import type { ModelPerformance } from "../../shared/model/model-checks.ts";
import type { Suspect } from "../../shared/model/suspect.ts";
import { redactReport } from "../../shared/report/redact-report.ts";
import { parseRecipe, type Recipe } from "../../shared/report/recipe.ts";
import { applyRecipe, type RecipeFailure } from "../data/apply-recipe.ts";
import { ipc } from "../data/ipc-client.ts";
import { rebuildCache } from "../data/rebuild-cache.ts";
import { originalsIn } from "../data/exported-text.ts";
import { readyReport, renderReport, type ReportFormat } from "../data/report.ts";
import { reportInput, type ReportParts } from "../data/report-input.ts";
import { getEngine, getIngest } from "../data/services.ts";
import { bindSuites, checkSuites, readSuites } from "./rule-suites.ts";
import { print, progress } from "./output.ts";
import { strongestFindings, TOP_SUSPECTS } from "./strongest-findings.ts";
import type { JobEnd } from "./job-end.ts";

const BAD_RECIPE = 2;
const EVIDENCE_FAILED = 3;
const FAILED = 1;

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
  const suites = await readSuites(recipe.rules, read.value.directory);
  if (!suites.ok) return { code: BAD_RECIPE, message: suites.error };
  const opened = await ipc("case.create", { name: recipe.name, directory: out });
  if (!opened.ok) return { code: cannotCreate(opened.error.kind), message: opened.error.message };

  const journal = new Journal(opened.value.path, opened.value.journal);
  const ready = await getEngine().open("headless");
  if (!ready.ok) return { code: FAILED, message: ready.error.message };
  // With a data folder that the command line names, an earlier run's rows may still be there.
  await rebuildCache([], { engine: getEngine(), ingest: getIngest() });
  const failures = await applyRecipe(recipe, read.value.directory, {
    state: () => journal.state(),
    append: (...events) => journal.append(...events),
    onProgress: (message, fraction) => void progress(message, fraction * 0.7),
  });
  // Without any evidence there is nothing to compare, but what failed is reported all the same.
  const readable = journal.state().evidence.length > 0;
  if (readable) await progress("comparing baseline and incident", 0.75);
  const tables = tablesOfEvidence(journal.state().evidence);
  const bound = bindSuites(suites.value, tables);
  for (const data of bound.sets) await journal.append({ type: "rules/saved", data });
  for (const { file, type, why } of bound.unsupported) {
    await progress(`${file}: ${type} is not supported: ${why}.`, null);
  }
  const comparison = readable ? await analyse(recipe, journal.state()) : null;
  const rules = await checkSuites(getEngine(), bound, tables, recipe.windows.incident);
  if (readable) await progress("ranking suspects", 0.85);
  const suspects = comparison === null ? [] : await rank(recipe, journal.state(), comparison);
  if (readable) await progress("checking models", 0.88);
  const models = readable ? await checkModels(recipe, journal.state()) : null;
  if (comparison !== null) await progress("comparing columns together and by segment", 0.9);
  const depth = comparison === null ? null : await deepen(recipe, journal.state(), comparison);
  if (comparison !== null) {
    const strongest = await strongestFindings(
      getEngine(),
      recipe.windows,
      comparison,
      suspects,
      tables,
    );
    for (const data of strongest) await journal.append({ type: "finding/pinned", data });
  }
  const files = await writeReports(
    recipe,
    journal,
    { comparison, suspects, models, depth, rules },
    failures,
  );
  await ipc("case.close", { path: opened.value.path });

  await summarise(json, journal.state(), comparison, suspects, files, failures);
  const lost = failures.filter((f) => !isDuplicate(f));
  for (const twice of failures.filter(isDuplicate)) await progress(failureText([twice]), null);
  return lost.length === 0
    ? { code: 0, message: `Done: ${files.length} files in ${out}` }
    : { code: EVIDENCE_FAILED, message: failureText(lost) };
}

/** A folder that is taken or a name that cannot be one is a mistake in the order; all else is a failure. */
function cannotCreate(kind: IpcError["kind"]): number {
  return kind === "invalid" ? BAD_RECIPE : FAILED;
}

/** The same bytes are in the case already: nothing is missing in the report. */
function isDuplicate({ error }: RecipeFailure): boolean {
  return error.kind === "duplicate";
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
  const result = await getEngine().analyse("compareAll", {
    tables,
    windows: recipe.windows,
    rules: state.rules,
  });
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
    dependencies: state.dependencies,
  });
  if (!result.ok) throw new Error(`${result.error.message}\n${result.error.sql}`);
  return result.value;
}

async function checkModels(recipe: Recipe, state: CaseState): Promise<ModelPerformance> {
  const tables = tablesOfEvidence(state.evidence);
  const result = await getEngine().analyse("modelPerformance", {
    tables,
    windows: recipe.windows,
  });
  if (!result.ok) throw new Error(`${result.error.message}\n${result.error.sql}`);
  return result.value;
}

async function deepen(
  recipe: Recipe,
  state: CaseState,
  comparison: Comparison,
): Promise<ComparisonDepth> {
  const tables = tablesOfEvidence(state.evidence);
  const { windows } = recipe;
  const result = await getEngine().analyse("compareDepth", { comparison, tables, windows });
  if (!result.ok) throw new Error(`${result.error.message}\n${result.error.sql}`);
  return result.value;
}

type File = { path: string; format: string; sha256: string };

async function writeReports(
  recipe: Recipe,
  journal: Journal,
  found: Pick<ReportParts, "comparison" | "suspects" | "models" | "depth" | "rules">,
  failures: readonly RecipeFailure[],
): Promise<File[]> {
  const failed = failures.map(({ path, error }) => ({
    path,
    reason: error.message,
    advice: error.advice,
  }));
  const info = await ipc("app.info");
  const whole = await reportInput(getEngine(), { state: journal.state(), ...found, failed }, info);
  const { input, pseudonyms } = redactReport(whole, recipe.redact);
  const report = readyReport(input, recipe.audience);
  const originals = recipe.redact.kinds.length === 0 ? [] : pseudonyms.entries();
  const files: File[] = [];
  const write = async (format: ReportFormat, name: string) => {
    await progress(`writing ${name}`, 0.92);
    const bytes = await renderReport(report, format, files);
    const left = await originalsIn(report, format, bytes, originals);
    if (left !== null) throw new Error(left);
    const written = await ipc("headless.write", { name, bytes });
    if (!written.ok) throw new Error(written.error.message);
    files.push({ ...written.value, format });
    const record = { ...written.value, format, at: new Date().toISOString() };
    await journal.append({ type: "report/exported", data: record });
  };
  for (const format of recipe.formats) {
    if (format !== "json") await write(format, `report.${format}`);
  }
  await write("json", "findings.json");
  return files;
}

async function summarise(
  json: boolean,
  state: CaseState,
  comparison: Comparison | null,
  suspects: readonly Suspect[],
  files: readonly File[],
  failures: readonly RecipeFailure[],
): Promise<void> {
  const shifts = comparison?.shifts ?? [];
  if (json) {
    const failed = failures.map(({ path, error }) => ({ path, reason: error.message }));
    const summary = { case: state.name, shifts: shifts.length, suspects, files, failed };
    await print(`${JSON.stringify(summary, null, 2)}\n`);
    return;
  }
  const majors = shifts.filter((s) => s.verdict === "major").length;
  const lines = [
    `${state.name}: ${state.evidence.length} files, ${shifts.length} shifts (${majors} major)`,
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
