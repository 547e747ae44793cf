import { err, ok } from "../base/result.ts";
import type { ImportNote } from "../model/evidence.ts";
import type { Importer, ImportPlan, Source } from "./importer.ts";
import { sortStore, type StoreFiles } from "./mlflow/store-paths.ts";
import { StoreReader } from "./mlflow/store-reader.ts";
import { MlflowWriter, planMlflowTables, RunKeys } from "./mlflow/tables.ts";
import { readSmallFile } from "./training-runs/small-file.ts";

export { recogniseMlflowStore } from "./mlflow/store-paths.ts";

/** Runs whose parameters say what the columns hold. */
const SAMPLED_RUNS = 200;
const PREVIEW_ROWS = 20;

/**
 * A folder of MLflow's file store, `mlruns/`
 * (https://mlflow.org/docs/latest/self-hosting/architecture/backend-store/).
 *
 * Experiments, runs, lines of metrics, registered models and their versions
 * are the records. Runs go to `mlflow_runs`; each metric point to `metrics`
 * and, with its step, to `mlflow_metrics`; starts and ends of runs and the
 * registry to `events`.
 */
export const mlflowStoreImporter: Importer = {
  id: "mlflow-store",
  name: "MLflow file store",
  description:
    "A folder mlruns/ of MLflow: runs with parameters and tags, metric histories, registered models",
  extensions: [],

  // Chosen by the names of the files in a folder, never by the content of one.
  detect: () => 0,

  async plan(source, options) {
    const store = sortStore(source.files ?? []);
    const { runs, experiments, models } = store;
    if (runs.size + experiments.size + models.size === 0) {
      return err({
        kind: "unsupported",
        file: source.name,
        message: `“${source.name}” holds no experiment, run or registered model of MLflow.`,
        advice: "Choose the folder mlruns that lies where MLflow ran, or a ZIP of it.",
      });
    }
    const keys = await keysOf(store);
    const { main, further } = planMlflowTables(new Set(["runs"]), keys, options);
    const plan: ImportPlan = {
      ...main,
      importer: "mlflow-store",
      options,
      preview: previewOf(store),
      notes: notesOf(store),
      further,
    };
    return ok(plan);
  },

  async read(source: Source, plan, sink) {
    const writer = new MlflowWriter(sink, plan);
    await new StoreReader(sortStore(source.files ?? []), sink, writer, source.name).read();
  },
};

async function keysOf(store: StoreFiles): Promise<RunKeys> {
  const keys = new RunKeys();
  let sampled = 0;
  for (const run of store.runs.values()) {
    const read = sampled++ < SAMPLED_RUNS;
    for (const [key, file] of run.params) {
      const text = read ? await readSmallFile(file.source) : null;
      keys.param(key, text?.trim());
    }
    for (const key of run.metrics.keys()) keys.metrics.add(key);
    for (const key of run.tags.keys()) keys.tags.add(key);
  }
  return keys;
}

function previewOf(store: StoreFiles): ImportPlan["preview"] {
  const rows = [...store.runs.values()]
    .slice(0, PREVIEW_ROWS)
    .map((run) => [
      run.experiment,
      run.id,
      String(run.metrics.size),
      String(run.params.size),
      String(run.tags.size),
    ]);
  return { header: ["experiment", "run", "metrics", "parameters", "tags"], rows };
}

function notesOf(store: StoreFiles): ImportNote[] {
  const notes: ImportNote[] = [];
  for (const [what, count] of store.left) {
    if (what === "files of the file system") continue;
    notes.push({
      kind: "info",
      message: `Not read: ${what} (${count} file${count === 1 ? "" : "s"}).`,
    });
  }
  const deleted = [...store.runs.values()].filter((run) => run.trashed).length;
  if (deleted > 0) {
    notes.push({
      kind: "info",
      message: `${deleted} run${deleted === 1 ? "" : "s"} in .trash, the folder of deleted experiments: marked in the column “deleted”.`,
    });
  }
  return notes;
}
