import { err, ok } from "../base/result.ts";
import type { ImportNote } from "../model/evidence.ts";
import type { Importer, ImportPlan, Sink } from "./importer.ts";
import { elementsOf, jsonElements, type JsonElement } from "./json-elements.ts";
import { objectOf, textOf } from "./json-fields.ts";
import {
  readExperiment,
  readModelVersion,
  readPoint,
  readRegisteredModel,
  readRun,
} from "./mlflow/rest.ts";
import type { RunLabels } from "./mlflow/records.ts";
import {
  MlflowWriter,
  planMlflowTables,
  RunKeys,
  serviceOfTags,
  type MlflowKind,
} from "./mlflow/tables.ts";
import { checkCancelled } from "./text-log/cancelled.ts";

/** Where the REST API puts its records. Lists come from searches, single ones from `get`. */
const PATTERNS = [
  "runs.*",
  "run",
  "experiments.*",
  "experiment",
  "metrics.*",
  "model_versions.*",
  "model_version",
  "registered_models.*",
  "registered_model",
  "next_page_token",
] as const;
type Pattern = (typeof PATTERNS)[number];

const KINDS: Readonly<Record<Pattern, MlflowKind | null>> = {
  "runs.*": "runs",
  run: "runs",
  "experiments.*": "others",
  experiment: "others",
  "metrics.*": "points",
  "model_versions.*": "others",
  model_version: "others",
  "registered_models.*": "others",
  registered_model: "others",
  next_page_token: null,
};

const HEAD = 1024 * 1024;
const PREVIEW_ROWS = 20;

/**
 * Answers of MLflow's REST API: `runs/search`, `experiments/search`,
 * `metrics/get-history`, `model-versions/search`, `registered-models/search`
 * and their `get` (https://mlflow.org/docs/latest/rest-api.html). Several
 * pages may follow each other in one file.
 */
export const mlflowJsonImporter: Importer = {
  id: "mlflow-json",
  name: "MLflow REST answers",
  description:
    "JSON of MLflow's REST API: runs, experiments, metric histories, registered models and their versions",
  extensions: ["json"],

  detect(head) {
    if (!mayBeMlflow(head)) return 0;
    const found = elementsOf(head, PATTERNS).filter((e) => e.pattern >= 0);
    const records = found.filter((e) => PATTERNS[e.pattern] !== "next_page_token");
    if (records.length === 0) return 0;
    return records.slice(0, 20).every(isRecordOf) ? 0.97 : 0;
  },

  async plan(source, options) {
    const head = await source.head(HEAD);
    const found = elementsOf(head, PATTERNS);
    const keys = new RunKeys();
    const kinds = new Set<MlflowKind>();
    const rows: string[][] = [];
    for (const element of found) {
      const pattern = PATTERNS[element.pattern];
      const kind = pattern === undefined ? null : KINDS[pattern];
      if (kind === null) continue;
      kinds.add(kind);
      if (kind === "runs") addKeys(keys, element.value);
      if (rows.length < PREVIEW_ROWS) rows.push([element.text().slice(0, 200)]);
    }
    if (kinds.size === 0) {
      return err({
        kind: "unsupported",
        file: source.name,
        message: `No run, experiment, metric or model of MLflow was found at the beginning of “${source.name}”.`,
        advice: "Save the answer of the REST API as it came, or choose another importer.",
      });
    }
    const notes: ImportNote[] = [];
    if (head.length >= HEAD && kinds.has("runs"))
      notes.push({
        kind: "info",
        message:
          "Parameters, metrics and tags that do not occur in the first runs are kept as JSON in the column “fields”.",
      });
    const { main, further } = planMlflowTables(kinds, keys, options);
    const plan: ImportPlan = {
      ...main,
      importer: "mlflow-json",
      options,
      preview: { header: ["record"], rows },
      notes,
      further,
    };
    return ok(plan);
  },

  async read(source, plan, sink) {
    const reader = new AnswerReader(sink, plan, source.name);
    for await (const element of jsonElements(source, PATTERNS)) {
      checkCancelled(sink.signal, source.name);
      await reader.element(element);
    }
    await reader.finish();
  },
};

/** A cheap look before anything is parsed. */
function mayBeMlflow(head: Uint8Array): boolean {
  const first = head.find((byte) => byte > 0x20 && byte < 0x80);
  if (first !== 0x7b) return false;
  const text = new TextDecoder().decode(head.subarray(0, 64 * 1024));
  return /"(?:runs?|experiments?|metrics|model_versions?|registered_models?)"\s*:\s*[[{]/.test(
    text,
  );
}

function isRecordOf(element: JsonElement): boolean {
  const object = objectOf(element.value);
  if (object === null) return false;
  const has = (...keys: string[]): boolean => keys.every((k) => k in object);
  const pattern = PATTERNS[element.pattern];
  switch (pattern) {
    case "runs.*":
    case "run": {
      const info = objectOf(object["info"]) ?? {};
      return ("run_id" in info || "run_uuid" in info) && "experiment_id" in info;
    }
    case "experiments.*":
    case "experiment":
      return has("experiment_id", "name") && (has("artifact_location") || has("lifecycle_stage"));
    case "metrics.*":
      return has("key", "value", "timestamp") && typeof object["key"] === "string";
    case "model_versions.*":
    case "model_version":
      return has("name", "version", "creation_timestamp");
    case "registered_models.*":
    case "registered_model":
      return has("name", "creation_timestamp");
    case "next_page_token":
    case undefined:
      break;
  }
  return false;
}

function addKeys(keys: RunKeys, value: unknown): void {
  const read = readRun(value);
  if (read === null) return;
  for (const [key, of] of read.run.params) keys.param(key, of);
  for (const [key] of read.run.metrics) keys.metrics.add(key);
  for (const [key] of read.run.tags) keys.tags.add(key);
}

/** Turns the elements of an answer into rows. */
class AnswerReader {
  readonly #writer: MlflowWriter;
  /** Label of points that do not name their run: an identifier in the file's name. */
  readonly #runId: string | null;
  #token = false;
  #pages = 0;

  constructor(
    readonly sink: Sink,
    plan: ImportPlan,
    readonly file: string,
  ) {
    this.#writer = new MlflowWriter(sink, plan);
    this.#runId = /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/.exec(file)?.[0] ?? null;
  }

  async element(element: JsonElement): Promise<void> {
    const pattern = PATTERNS[element.pattern];
    if (pattern === undefined || element.bad !== null) {
      this.#reject(element, element.bad ?? "this is no part of an answer");
      return;
    }
    this.#page(element, pattern);
    const kind = KINDS[pattern];
    if (kind === null) return;
    if (!this.#writer.takes(kind)) {
      this.#reject(
        element,
        `records under “${pattern.replace(".*", "")}” do not occur in the first MiB of this file: import them as a file of their own`,
      );
      return;
    }
    if (this.#write(pattern, element)) this.sink.accepted(1);
    else this.#reject(element, `this is no record of MLflow as “${pattern}” holds them`);
    await this.#writer.deliver();
  }

  async finish(): Promise<void> {
    await this.#writer.finish();
    if (this.#token)
      this.sink.note(
        "warning",
        "This export may be cut off: its last page has a next_page_token, so there are more records on the server. Ask for the next pages and put them in the same file.",
      );
  }

  /** The token of a page that another one follows says nothing. */
  #page(element: JsonElement, pattern: Pattern): void {
    if (element.document >= this.#pages) {
      this.#pages = element.document + 1;
      this.#token = false;
    }
    if (pattern === "next_page_token") this.#token = (textOf(element.value) ?? "") !== "";
  }

  #write(pattern: Pattern, element: JsonElement): boolean {
    const { value } = element;
    const writer = this.#writer;
    switch (pattern) {
      case "runs.*":
      case "run":
        return this.#run(element);
      case "experiments.*":
      case "experiment": {
        const experiment = readExperiment(value);
        if (experiment !== null) writer.experiment(experiment, element);
        return experiment !== null;
      }
      case "metrics.*": {
        const point = readPoint(value);
        if (point === null) return false;
        const runId = textOf(objectOf(value)?.["run_id"]) ?? this.#runId;
        if (runId === null) this.sink.note("warning", NO_RUN_NOTE);
        writer.point(point, { ...NO_RUN, runId }, element);
        return true;
      }
      case "model_versions.*":
      case "model_version": {
        const version = readModelVersion(value);
        if (version !== null) writer.modelVersion(version, element);
        return version !== null;
      }
      case "registered_models.*":
      case "registered_model": {
        const read = readRegisteredModel(value);
        if (read === null) return false;
        writer.registeredModel(read.model, element);
        for (const version of read.versions) writer.modelVersion(version, element);
        return true;
      }
      case "next_page_token":
        return false;
    }
  }

  #run(element: JsonElement): boolean {
    const read = readRun(element.value);
    if (read === null) return false;
    const { run, points } = read;
    this.#writer.run(run, element);
    const labels: RunLabels = {
      runId: run.id,
      runName: run.name,
      experiment: run.experimentId,
      service: serviceOfTags(run.tags),
    };
    for (const point of points) this.#writer.point(point, labels, element);
    return true;
  }

  #reject(element: JsonElement, reason: string): void {
    this.sink.reject(element.line, element.offset, reason, element.text());
  }
}

const NO_RUN_NOTE =
  "The answer does not say which run its metrics belong to. Put the run's identifier into the file's name to keep several runs apart.";
const NO_RUN: RunLabels = { runId: null, runName: null, experiment: null, service: null };
