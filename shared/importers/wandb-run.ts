import { err, ok } from "../base/result.ts";
import type { ImportNote, ImportOptions } from "../model/evidence.ts";
import type { ContainedFile, Importer, ImportPlan, Sink, Source } from "./importer.ts";
import { parseJson } from "./json-elements.ts";
import { Instants, objectOf, type JsonObject } from "./json-fields.ts";
import { parseYaml, readSmallFile } from "./training-runs/small-file.ts";
import { readHistory } from "./wandb/history.ts";
import { runColumns, writeRun, type RunFiles } from "./wandb/run-files.ts";
import { planRuns, WandbWriter } from "./wandb/tables.ts";

/** Files that make a folder one of a run, and those that do so only beside another one. */
const SURE = /(?:^|\/)(?:wandb-history\.jsonl|wandb-metadata\.json|run-[^/]+\.wandb)$/;
const SUMMARY = /(?:^|\/)wandb-summary\.json$/;

/** Folders (ending in `/`, "" for the root) of runs, each with its `files/` or its history. */
export function recogniseWandbRun(paths: readonly string[]): string[] {
  const all = new Set(paths);
  const found = new Set<string>();
  for (const path of paths) {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const sure = SURE.test(path) || (SUMMARY.test(path) && all.has(`${folder}config.yaml`));
    if (sure) found.add(folder.replace(/(?:^|(?<=\/))files\/$/, ""));
  }
  // A link such as latest-run/ may lie beside the run that it means: both are listed.
  return [...found].sort();
}

/**
 * A run folder of W&B: `files/` with configuration, summary and metadata, and
 * the histories where they are written as JSON lines
 * (https://docs.wandb.ai/support/kb-articles/local_folder_run_files/).
 *
 * The run is a record, and so is each line of a history. The run goes to
 * `wandb_runs`, numbers to `metrics` and, with their step, to `wandb_metrics`,
 * the start to `events`.
 */
export const wandbRunImporter: Importer = {
  id: "wandb-run",
  name: "Weights & Biases run folder",
  description:
    "A folder of a W&B run: configuration, summary, metadata, history and system metrics as JSON lines",
  extensions: [],

  // Chosen by the names of the files in a folder, never by the content of one.
  detect: () => 0,

  async plan(source, options) {
    const files = source.files ?? [];
    const sorted = sortFiles(files);
    if (sorted.small.size + sorted.histories.length + sorted.binary.length === 0) {
      return err({
        kind: "unsupported",
        file: source.name,
        message: `“${source.name}” holds no file of a W&B run.`,
        advice: "Choose a folder such as wandb/run-20260216_100000-abcd1234.",
      });
    }
    const run = await readSmall(sorted, null);
    const { main, further } = planRuns(runColumns(run), options, true);
    const instants = new Instants(options.timezone);
    instants.read(run.metadata?.["startedAt"]);
    const plan: ImportPlan = {
      ...main,
      importer: "wandb-run",
      options,
      preview: { header: ["file"], rows: files.slice(0, 20).map((f) => [f.path]) },
      notes: [...zoneNotes(instants, options), ...leftNotes(sorted)],
      further,
    };
    return ok(plan);
  },

  async read(source, plan, sink) {
    const sorted = sortFiles(source.files ?? []);
    const writer = new WandbWriter(sink, plan);
    const runId = runIdOf(sorted, source, plan.options);
    const labels = { runId, runName: null };
    for (const { path, source: history } of sorted.histories)
      await readHistory(history, labels, writer, sink, path);
    const run = await readSmall(sorted, sink);
    if (run.config !== null || run.summary !== null || run.metadata !== null) {
      writeRun(run, runId, writer, new Instants(plan.options.timezone), { line: 1, offset: 0 });
      sink.accepted(1);
    }
    if (!sorted.histories.some((f) => /history\.jsonl$/.test(f.path))) {
      for (const { path } of sorted.binary) sink.reject(1, 0, `${path}: ${BINARY}`, path);
    }
    await writer.finish();
  },
};

const BINARY =
  "W&B's binary log of a run is not read. Upload it with “wandb sync”, then export the history with run.scan_history() as JSON lines, as Parquet, or as the CSV of a chart";

interface SortedFiles {
  /** Configuration, summary and metadata, by file name. */
  readonly small: ReadonlyMap<string, ContainedFile>;
  readonly histories: readonly ContainedFile[];
  /** `run-….wandb`. */
  readonly binary: readonly ContainedFile[];
  readonly left: readonly ContainedFile[];
}

const SMALL = new Set(["config.yaml", "wandb-summary.json", "wandb-metadata.json"]);
const HISTORIES = new Set(["wandb-history.jsonl", "wandb-events.jsonl"]);

function sortFiles(files: readonly ContainedFile[]): SortedFiles {
  const small = new Map<string, ContainedFile>();
  const histories: ContainedFile[] = [];
  const binary: ContainedFile[] = [];
  const left: ContainedFile[] = [];
  for (const file of files) {
    const name = file.path.replace(/^files\//, "");
    if (SMALL.has(name) && !small.has(name)) small.set(name, file);
    else if (HISTORIES.has(name)) histories.push(file);
    else if (/^run-[^/]+\.wandb$/.test(name)) binary.push(file);
    else left.push(file);
  }
  return { small, histories, binary, left };
}

/** The identifier of the run: in the name of its log, or of its folder. */
function runIdOf(sorted: SortedFiles, source: Source, options: ImportOptions): string | null {
  for (const { path } of sorted.binary) {
    const id = /run-([^/]+)\.wandb$/.exec(path)?.[1];
    if (id !== undefined) return id;
  }
  for (const name of [options.member ?? "", source.name]) {
    const id = /run-\d{8}_\d{6}-([^/]+?)\/?$/.exec(name)?.[1];
    if (id !== undefined) return id;
  }
  return null;
}

/** The small files; broken ones are rejected by name where there is a sink. */
async function readSmall(sorted: SortedFiles, sink: Sink | null): Promise<RunFiles> {
  const read = async (name: string): Promise<JsonObject | null> => {
    const file = sorted.small.get(name);
    const text = file === undefined ? null : await readSmallFile(file.source);
    if (file === undefined) return null;
    if (text === null) {
      sink?.reject(1, 0, `${file.path} is larger than 8 MiB`, file.path);
      return null;
    }
    const { value, why } = parseSmall(name, text);
    if (value === null) sink?.reject(1, 0, `${file.path} cannot be read: ${why}`, text);
    return value;
  };
  return {
    config: await read("config.yaml"),
    summary: await read("wandb-summary.json"),
    metadata: await read("wandb-metadata.json"),
  };
}

function parseSmall(name: string, text: string): { value: JsonObject | null; why: string } {
  if (name.endsWith(".yaml")) {
    const parsed = parseYaml(text, false);
    return parsed.ok ? { value: parsed.value, why: "" } : { value: null, why: parsed.why };
  }
  const { value, bad } = parseJson(text);
  return { value: objectOf(value), why: bad ?? "it is no JSON object" };
}

/** A note where times name no zone. */
export function zoneNotes(instants: Instants, options: ImportOptions): ImportNote[] {
  if (instants.unzoned === 0 || options.timezone !== undefined) return [];
  return [
    {
      kind: "warning",
      message:
        "The times of the run name no zone: they are read as UTC. Set the time zone if it is another.",
    },
  ];
}

function leftNotes(sorted: SortedFiles): ImportNote[] {
  const notes: ImportNote[] = [];
  const logs = sorted.left.filter((f) => /(?:^|\/)output\.log$|\.log$/.test(f.path));
  const others = sorted.left.filter((f) => !logs.includes(f));
  if (logs.length > 0)
    notes.push({
      kind: "info",
      message: `Not read here: ${listOf(logs)}. Add a log as a file of its own to search it.`,
    });
  if (others.length > 0) notes.push({ kind: "info", message: `Not read: ${listOf(others)}.` });
  const hasHistory = sorted.histories.some((f) => /history\.jsonl$/.test(f.path));
  if (sorted.binary.length > 0)
    notes.push(
      hasHistory
        ? {
            kind: "info",
            message: `Not read: ${listOf(sorted.binary)}; wandb-history.jsonl has the history.`,
          }
        : {
            kind: "warning",
            message: `The history of the run is missing: ${listOf(sorted.binary)} cannot be read. ${BINARY}.`,
          },
    );
  return notes;
}

function listOf(files: readonly ContainedFile[]): string {
  const names = files.slice(0, 5).map((f) => f.path);
  const more = files.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
