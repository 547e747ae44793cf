import type { ContainedFile, Sink } from "../importer.ts";
import { checkCancelled } from "../text-log/cancelled.ts";
import { lines, type TextFormat } from "../text.ts";
import { isRecord } from "../training-runs/own-table.ts";
import { parseYaml, readSmallFile } from "../training-runs/small-file.ts";
import { epochMicros } from "../training-runs/times.ts";
import { readMetricLine } from "./metric-line.ts";
import { isLater, statusOf, type MetricPoint, type Pair, type RunLabels } from "./records.ts";
import type {
  ExperimentFiles,
  LoggedModelFiles,
  RegisteredFiles,
  RunFiles,
  StoreFiles,
  VersionFiles,
} from "./store-paths.ts";
import { serviceOfTags, type MlflowWriter } from "./tables.ts";

type Meta = Readonly<Record<string, unknown>>;

const TOP = { line: 1, offset: 0 };
const FORMAT: TextFormat = { encoding: "utf-8", bom: 0, newline: 10 };
/** Folder of experiments and runs that were deleted. */
const DELETED = "deleted";

/** Reads a file store. A record is an experiment, a run, a line of a metric, a model or a version of one. */
export class StoreReader {
  readonly #experiments = new Map<
    string,
    { readonly name: string | null; readonly deleted: boolean; readonly service: string | null }
  >();

  constructor(
    readonly store: StoreFiles,
    readonly sink: Sink,
    readonly writer: MlflowWriter,
    readonly file: string,
  ) {}

  async read(): Promise<void> {
    const { experiments, runs, logged, models } = this.store;
    for (const experiment of experiments.values()) await this.#experiment(experiment);
    for (const run of runs.values()) await this.#run(run);
    for (const model of logged.values()) await this.#loggedModel(model);
    for (const model of models.values()) await this.#registered(model);
    await this.writer.finish();
  }

  async #experiment(files: ExperimentFiles): Promise<void> {
    const meta = await this.#meta(files.meta);
    const tags = await this.#pairs(files.tags);
    const name = textOf(meta?.["name"]);
    const stage = textOf(meta?.["lifecycle_stage"]);
    this.#experiments.set(files.id, {
      name,
      deleted: files.trashed || stage === DELETED,
      service: serviceOfTags(tags),
    });
    // A folder of runs alone says nothing of its experiment.
    if (meta === null && tags.length === 0) return;
    this.writer.experiment(
      {
        id: files.id === "" ? (textOf(meta?.["experiment_id"]) ?? "") : files.id,
        name,
        lifecycleStage: stage,
        created: epochMicros(meta?.["creation_time"]),
        updated: epochMicros(meta?.["last_update_time"]),
        artifactLocation: textOf(meta?.["artifact_location"]),
        tags,
        fields: { in_trash: files.trashed ? true : null, ...others(meta, EXPERIMENT_KEYS) },
      },
      TOP,
    );
    await this.#accepted();
  }

  async #run(files: RunFiles): Promise<void> {
    const meta = await this.#meta(files.meta);
    const tags = await this.#pairs(files.tags);
    const params = await this.#pairs(files.params);
    const experiment = this.#experiments.get(files.experiment);
    const tag = (key: string): string | null => tags.find(([k]) => k === key)?.[1] ?? null;
    const name = textOf(meta?.["run_name"]) ?? textOf(meta?.["name"]) ?? tag("mlflow.runName");
    const labels = {
      runId: files.id,
      runName: name,
      experiment: experiment?.name ?? (files.experiment === "" ? null : files.experiment),
      service: serviceOfTags(tags) ?? experiment?.service ?? null,
    };
    const last = new Map<string, MetricPoint>();
    for (const [key, file] of files.metrics)
      await this.#points(file, key, null, labels, (point) => {
        const before = last.get(key);
        if (before === undefined || isLater(point, before)) last.set(key, point);
      });
    const stage = textOf(meta?.["lifecycle_stage"]);
    const folder = [...(files.trashed ? [".trash"] : []), files.experiment, files.id];
    if (files.meta === null)
      this.sink.note("warning", `A run has no meta.yaml: its status and times are not known.`);
    this.writer.run(
      {
        id: files.id,
        name,
        experimentId: files.experiment === "" ? textOf(meta?.["experiment_id"]) : files.experiment,
        experiment: experiment?.name ?? null,
        status: statusOf(meta?.["status"]),
        start: epochMicros(meta?.["start_time"]),
        end: epochMicros(meta?.["end_time"]),
        lifecycleStage: stage,
        deleted: files.trashed || stage === DELETED || experiment?.deleted === true,
        deletedAt: epochMicros(meta?.["deleted_time"]),
        service: labels.service,
        user: tag("mlflow.user") ?? textOf(meta?.["user_id"]),
        sourceName: textOf(meta?.["source_name"]) ?? tag("mlflow.source.name"),
        artifactUri: textOf(meta?.["artifact_uri"]),
        params,
        metrics: [...last].map(([key, point]) => [key, point.value] as const),
        tags,
        fields: {
          folder: folder.filter((f) => f !== "").join("/"),
          in_trash: files.trashed ? true : undefined,
          ...(await this.#inputs(files)),
          ...others(meta, RUN_KEYS),
          ...unread(meta, ["start_time", "end_time", "deleted_time"]),
        },
      },
      TOP,
    );
    await this.#accepted();
  }

  /** Data sets that went into a run. */
  async #inputs(files: RunFiles): Promise<Record<string, unknown>> {
    const inputs: unknown[] = [];
    for (const file of files.inputs) {
      const meta = await this.#meta(file);
      if (meta === null) continue;
      const source = textOf(meta["source_id"]) ?? "";
      const described = this.store.experiments.get(files.experiment)?.datasets.get(source);
      const dataset = described === undefined ? null : await this.#meta(described);
      inputs.push(
        dataset === null
          ? meta
          : { name: dataset["name"], digest: dataset["digest"], ...meta, dataset },
      );
    }
    return inputs.length === 0 ? {} : { inputs };
  }

  async #loggedModel(files: LoggedModelFiles): Promise<void> {
    const meta = await this.#meta(files.meta);
    const experiment = this.#experiments.get(files.experiment)?.name ?? files.experiment;
    const runId = textOf(meta?.["source_run_id"]);
    const labels = { runId, runName: null, experiment, service: null };
    for (const [key, file] of files.metrics)
      await this.#points(file, key, files.id, labels, () => undefined);
    this.writer.loggedModel(
      {
        id: files.id,
        name: textOf(meta?.["name"]),
        created: epochMicros(meta?.["creation_timestamp"]),
        status: LOGGED_STATUS[textOf(meta?.["status"]) ?? ""] ?? textOf(meta?.["status"]),
        runId,
        experiment,
        params: await this.#pairs(files.params),
        tags: await this.#pairs(files.tags),
        fields: others(meta, LOGGED_KEYS),
      },
      TOP,
    );
    await this.#accepted();
  }

  async #registered(files: RegisteredFiles): Promise<void> {
    const meta = await this.#meta(files.meta);
    const aliases = Object.fromEntries(await this.#pairs(files.aliases));
    this.writer.registeredModel(
      {
        name: files.name,
        created: epochMicros(meta?.["creation_timestamp"]),
        updated: epochMicros(meta?.["last_updated_timestamp"]),
        description: textOf(meta?.["description"]),
        tags: await this.#pairs(files.tags),
        aliases,
        fields: others(meta, REGISTERED_KEYS),
      },
      TOP,
    );
    await this.#accepted();
    for (const [version, of] of files.versions)
      await this.#version(files.name, version, of, aliases);
  }

  async #version(
    name: string,
    version: string,
    files: VersionFiles,
    aliases: Readonly<Record<string, string>>,
  ): Promise<void> {
    const meta = await this.#meta(files.meta);
    // The version's own list is empty in the file store: the model's aliases say it.
    const own = Object.entries(aliases).filter(([, v]) => v.trim() === version);
    this.writer.modelVersion(
      {
        name,
        version,
        stage: textOf(meta?.["current_stage"]),
        aliases: own.map(([alias]) => alias),
        created: epochMicros(meta?.["creation_timestamp"]),
        updated: epochMicros(meta?.["last_updated_timestamp"]),
        runId: textOf(meta?.["run_id"]),
        source: textOf(meta?.["source"]),
        status: textOf(meta?.["status"]),
        description: textOf(meta?.["description"]),
        user: textOf(meta?.["user_id"]),
        tags: await this.#pairs(files.tags),
        fields: others(meta, VERSION_KEYS),
      },
      TOP,
    );
    await this.#accepted();
  }

  /** Writes the points of a metric file. */
  async #points(
    { path, source }: ContainedFile,
    key: string,
    model: string | null,
    labels: RunLabels,
    onPoint: (point: MetricPoint) => void,
  ): Promise<void> {
    const decoder = new TextDecoder();
    const blocks = lines(source, FORMAT, {
      onReject: ({ line, offset, reason, text }) => {
        this.sink.reject(line, offset, `${path}: ${reason}`, text);
      },
    });
    for await (const block of blocks) {
      checkCancelled(this.sink.signal, this.file);
      let accepted = 0;
      for (let i = 0; i < block.count; i++) {
        const text = decoder.decode(block.bytes.subarray(block.starts[i], block.ends[i]));
        if (text.trim() === "") continue;
        const at = { line: block.firstLine + i, offset: block.offsets[i] ?? -1 };
        const point = readMetricLine(key, text, model);
        if (typeof point === "string") {
          this.sink.reject(at.line, at.offset, `${path}: ${point}`, text);
          continue;
        }
        onPoint(point);
        this.writer.point(point, labels, at);
        accepted++;
        if (this.writer.full) await this.writer.deliver();
      }
      this.sink.accepted(accepted);
    }
  }

  /** A meta.yaml; null where there is none, or it is broken, which is a reject of its own. */
  async #meta(file: ContainedFile | null): Promise<Meta | null> {
    if (file === null) return null;
    const text = await readSmallFile(file.source);
    if (text === null) {
      this.sink.reject(1, 0, `${file.path} is larger than 8 MiB`, file.path);
      return null;
    }
    const parsed = parseYaml(text, true);
    if (parsed.ok) return parsed.value;
    this.sink.reject(1, 0, `${file.path} cannot be read: ${parsed.why}`, text);
    return null;
  }

  /** Parameters or tags: one file each. */
  async #pairs(files: ReadonlyMap<string, ContainedFile>): Promise<Pair[]> {
    const pairs: Pair[] = [];
    for (const [key, file] of files) {
      const text = await readSmallFile(file.source);
      if (text === null) this.sink.reject(1, 0, `${file.path} is larger than 8 MiB`, file.path);
      else pairs.push([key, text.trim()]);
    }
    return pairs;
  }

  async #accepted(): Promise<void> {
    checkCancelled(this.sink.signal, this.file);
    this.sink.accepted(1);
    await this.writer.deliver();
  }
}

/** Status of a logged model: https://mlflow.org/docs/latest/rest-api.html */
const LOGGED_STATUS: Readonly<Record<string, string>> = {
  "1": "PENDING",
  "2": "READY",
  "3": "FAILED",
};

const EXPERIMENT_KEYS = new Set(
  "artifact_location creation_time experiment_id last_update_time lifecycle_stage name tags".split(
    " ",
  ),
);
const RUN_KEYS = new Set(
  "artifact_uri deleted_time end_time experiment_id lifecycle_stage run_id run_name run_uuid name source_name start_time status tags user_id".split(
    " ",
  ),
);
const LOGGED_KEYS = new Set(
  "creation_timestamp experiment_id model_id name source_run_id status tags params".split(" "),
);
const REGISTERED_KEYS = new Set(
  "aliases creation_timestamp description last_updated_timestamp latest_versions name tags".split(
    " ",
  ),
);
const VERSION_KEYS = new Set(
  "aliases creation_timestamp current_stage description last_updated_timestamp name run_id source status tags user_id version".split(
    " ",
  ),
);

/** What a meta.yaml says beside what has its place, without what says nothing. */
function others(meta: Meta | null, known: ReadonlySet<string>): Record<string, unknown> {
  const left = Object.entries(meta ?? {}).filter(
    ([key, value]) => !known.has(key) && value !== null && !isEmpty(value),
  );
  return Object.fromEntries(left);
}

/** Times that are written but could not be read, as they stand. */
function unread(meta: Meta | null, keys: readonly string[]): Record<string, unknown> {
  const bad = keys
    .map((key) => [key, meta?.[key] ?? null] as const)
    .filter(([, value]) => value !== null && epochMicros(value) === null);
  return Object.fromEntries(bad);
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length === 0
    : isRecord(value) && Object.keys(value).length === 0;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
