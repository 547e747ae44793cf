import type { ContainedFile } from "../importer.ts";

/** Files of one run, by key. */
export interface RunFiles {
  readonly experiment: string;
  readonly id: string;
  readonly trashed: boolean;
  meta: ContainedFile | null;
  readonly metrics: Map<string, ContainedFile>;
  readonly params: Map<string, ContainedFile>;
  readonly tags: Map<string, ContainedFile>;
  readonly inputs: ContainedFile[];
}

/** Files of one experiment. */
export interface ExperimentFiles {
  readonly id: string;
  readonly trashed: boolean;
  meta: ContainedFile | null;
  readonly tags: Map<string, ContainedFile>;
  /** Descriptions of data sets, by identifier. */
  readonly datasets: Map<string, ContainedFile>;
}

/** Files of a logged model (MLflow 3). */
export interface LoggedModelFiles {
  readonly experiment: string;
  readonly id: string;
  meta: ContainedFile | null;
  readonly metrics: Map<string, ContainedFile>;
  readonly params: Map<string, ContainedFile>;
  readonly tags: Map<string, ContainedFile>;
}

/** Files of a name in the model registry. */
export interface RegisteredFiles {
  readonly name: string;
  meta: ContainedFile | null;
  readonly tags: Map<string, ContainedFile>;
  readonly aliases: Map<string, ContainedFile>;
  readonly versions: Map<string, VersionFiles>;
}
export interface VersionFiles {
  meta: ContainedFile | null;
  readonly tags: Map<string, ContainedFile>;
}

export interface StoreFiles {
  readonly experiments: Map<string, ExperimentFiles>;
  readonly runs: Map<string, RunFiles>;
  readonly logged: Map<string, LoggedModelFiles>;
  readonly models: Map<string, RegisteredFiles>;
  /** Files that hold nothing to import, counted by what they are. */
  readonly left: Map<string, number>;
}

const RUN_ID = /^[0-9a-f]{32}$/;
const RUN_PATH = /^(?:(.*)\/)?([0-9a-f]{32})\/(?:meta\.yaml$|metrics\/|params\/|tags\/mlflow\.)/;
const VERSION_PATH = /^(?:(.*)\/)?models\/[^/]+\/version-\d+\/meta\.yaml$/;

/** Folders (ending in `/`, "" for the root) below which an `mlruns/` store lies. */
export function recogniseMlflowStore(paths: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    const run = RUN_PATH.exec(path);
    if (run !== null) found.add(storeOf(run[1] ?? ""));
    const version = VERSION_PATH.exec(path);
    if (version !== null) found.add(version[1] === undefined ? "" : `${version[1]}/`);
  }
  // Artifacts may hold a store of their own: it belongs to the outer one.
  const all = [...found].sort();
  return all.filter((root) => !all.some((o) => o !== root && root.startsWith(o)));
}

/** The store above the folder of an experiment. */
function storeOf(experiment: string): string {
  const steps = experiment.split("/");
  steps.pop();
  if (steps.at(-1) === ".trash") steps.pop();
  return steps.length === 0 ? "" : `${steps.join("/")}/`;
}

/** Puts the files of a store in order. */
export function sortStore(files: readonly ContainedFile[]): StoreFiles {
  const store: StoreFiles = {
    experiments: new Map(),
    runs: new Map(),
    logged: new Map(),
    models: new Map(),
    left: new Map(),
  };
  for (const file of files) {
    const left = placeFile(store, file.path, file);
    if (left !== null) store.left.set(left, (store.left.get(left) ?? 0) + 1);
  }
  return store;
}

/** Null where the file has its place, else what it is. */
function placeFile(store: StoreFiles, path: string, file: ContainedFile): string | null {
  const steps = path.split("/");
  if (steps.some((s) => s.startsWith("._") || s === ".DS_Store")) return "files of the file system";
  const trashed = steps[0] === ".trash";
  if (trashed) steps.shift();
  if (steps[0] === "models") return placeModel(store, steps.slice(1), file);
  // The folder of an experiment by itself: its runs stand at the top.
  if (RUN_ID.test(steps[0] ?? "") || EXPERIMENT_FILES.has(steps[0] ?? "")) steps.unshift("");
  const [id = "", second = "", ...rest] = steps;
  if (second === "meta.yaml" && rest.length === 0) {
    experimentOf(store, id, trashed).meta = file;
    return null;
  }
  if (second === "tags") return put(experimentOf(store, id, trashed).tags, rest, file);
  if (second === "datasets" && rest[1] === "meta.yaml")
    return put(experimentOf(store, id, trashed).datasets, rest.slice(0, 1), file);
  if (second === "traces") return "files of traces";
  if (second === "models") return placeLogged(store, id, rest, file);
  if (RUN_ID.test(second)) return placeRun(store, { id, run: second, trashed }, rest, file);
  return "other files";
}

const EXPERIMENT_FILES = new Set(["meta.yaml", "tags", "datasets"]);

function placeRun(
  store: StoreFiles,
  at: { readonly id: string; readonly run: string; readonly trashed: boolean },
  steps: readonly string[],
  file: ContainedFile,
): string | null {
  const [first = "", ...rest] = steps;
  if (first === "artifacts") return "artifacts";
  const key = `${at.id}/${at.run}`;
  let run = store.runs.get(key);
  if (run === undefined) {
    run = {
      experiment: at.id,
      id: at.run,
      trashed: at.trashed,
      meta: null,
      metrics: new Map(),
      params: new Map(),
      tags: new Map(),
      inputs: [],
    };
    store.runs.set(key, run);
  }
  if (first === "meta.yaml" && rest.length === 0) {
    run.meta = file;
    return null;
  }
  if (first === "metrics" || first === "params" || first === "tags")
    return put(run[first], rest, file);
  if (first === "inputs" && rest.at(-1) === "meta.yaml") {
    run.inputs.push(file);
    return null;
  }
  return first === "outputs" ? "outputs of runs" : "other files";
}

function placeLogged(
  store: StoreFiles,
  experiment: string,
  steps: readonly string[],
  file: ContainedFile,
): string | null {
  const [id = "", first = "", ...rest] = steps;
  if (first === "artifacts") return "artifacts";
  const key = `${experiment}/${id}`;
  let model = store.logged.get(key);
  if (model === undefined) {
    model = { experiment, id, meta: null, metrics: new Map(), params: new Map(), tags: new Map() };
    store.logged.set(key, model);
  }
  if (first === "meta.yaml" && rest.length === 0) {
    model.meta = file;
    return null;
  }
  if (first === "metrics" || first === "params" || first === "tags")
    return put(model[first], rest, file);
  return "other files";
}

function placeModel(
  store: StoreFiles,
  steps: readonly string[],
  file: ContainedFile,
): string | null {
  const [name = "", first = "", ...rest] = steps;
  let model = store.models.get(name);
  if (model === undefined) {
    model = { name, meta: null, tags: new Map(), aliases: new Map(), versions: new Map() };
    store.models.set(name, model);
  }
  if (first === "meta.yaml" && rest.length === 0) {
    model.meta = file;
    return null;
  }
  if (first === "tags" || first === "aliases") return put(model[first], rest, file);
  const number = /^version-(\d+)$/.exec(first)?.[1];
  if (number === undefined) return "other files";
  const version = model.versions.get(number) ?? {
    meta: null,
    tags: new Map<string, ContainedFile>(),
  };
  model.versions.set(number, version);
  if (rest.length === 1 && rest[0] === "meta.yaml") {
    version.meta = file;
    return null;
  }
  return rest[0] === "tags" ? put(version.tags, rest.slice(1), file) : "other files";
}

function experimentOf(store: StoreFiles, id: string, trashed: boolean): ExperimentFiles {
  const known = store.experiments.get(id);
  if (known !== undefined) return known;
  const made: ExperimentFiles = { id, trashed, meta: null, tags: new Map(), datasets: new Map() };
  store.experiments.set(id, made);
  return made;
}

/** A `/` in a key makes folders. */
function put(
  files: Map<string, ContainedFile>,
  steps: readonly string[],
  file: ContainedFile,
): null | string {
  if (steps.length === 0) return "other files";
  files.set(steps.join("/"), file);
  return null;
}
