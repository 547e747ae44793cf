import type { Sink } from "../importer.ts";
import { statusOf, type MetricPoint, type Pair, type RunLabels } from "../mlflow/records.ts";
import { serviceOfTags, type MlflowWriter } from "../mlflow/tables.ts";
import { checkCancelled } from "../text-log/cancelled.ts";
import { epochMicros } from "../training-runs/times.ts";
import type { SqliteValue } from "./database.ts";
import {
  literal,
  others,
  placeOf,
  textOf,
  unread,
  wordOf,
  type Row,
  type StoreTables,
} from "./mlflow-tables.ts";

/** Runs whose parts are fetched together. */
const RUNS_AT_ONCE = 1000;
/** Points between two looks at whether a batch has to be sent. */
const POINTS_AT_ONCE = 4096;
/** What the store writes where a value is infinite: SQL has no infinity. */
const LARGEST = 1.7976931348623157e308;

interface ExperimentOf {
  readonly name: string | null;
  readonly deleted: boolean;
  readonly service: string | null;
}

/** Reads a store. A record is an experiment, a run, a point of a metric, a model or a version of one. */
export class StoreReader {
  readonly #experiments = new Map<string, ExperimentOf>();
  readonly #labels = new Map<string, RunLabels>();
  #pending = 0;

  constructor(
    readonly store: StoreTables,
    readonly writer: MlflowWriter,
    readonly sink: Sink,
    readonly file: string,
  ) {}

  async read(): Promise<void> {
    await this.#readExperiments();
    await this.#readRuns();
    await this.#readPoints();
    await this.#readLogged();
    await this.#readRegistry();
  }

  async #readExperiments(): Promise<void> {
    const tags = this.store.pairs("experiment_tags", "experiment_id");
    for (const row of this.store.rows("experiments")) {
      const id = textOf(row["experiment_id"]);
      const own = tags.get(id) ?? [];
      const name = wordOf(row["name"]);
      const stage = wordOf(row["lifecycle_stage"]);
      const service = serviceOfTags(own);
      this.#experiments.set(id, { name, deleted: stage === "deleted", service });
      this.writer.experiment(
        {
          id,
          name,
          lifecycleStage: stage,
          created: epochMicros(row["creation_time"]),
          updated: epochMicros(row["last_update_time"]),
          artifactLocation: wordOf(row["artifact_location"]),
          tags: own,
          fields: others(row, EXPERIMENT_COLUMNS),
        },
        placeOf(row),
      );
      await this.#accept(1);
    }
  }

  async #readRuns(): Promise<void> {
    let chunk: Row[] = [];
    for (const row of this.store.rows("runs")) {
      chunk.push(row);
      if (chunk.length < RUNS_AT_ONCE) continue;
      await this.#readChunk(chunk);
      chunk = [];
    }
    await this.#readChunk(chunk);
  }

  async #readChunk(runs: readonly Row[]): Promise<void> {
    if (runs.length === 0) return;
    const ids = runs.map((run) => literal(textOf(run["run_uuid"]))).join(", ");
    const where = `run_uuid IN (${ids})`;
    const params = this.store.pairs("params", "run_uuid", where);
    const tags = this.store.pairs("tags", "run_uuid", where);
    const last = new Map<string, [string, number][]>();
    for (const row of this.store.rows("latest_metrics", "*", where)) {
      const value = valueOf(row["value"], row["is_nan"]);
      const id = textOf(row["run_uuid"]);
      if (value !== null) last.set(id, [...(last.get(id) ?? []), [textOf(row["key"]), value]]);
    }
    const inputs = this.#inputsOf(ids);
    for (const row of runs) {
      const id = textOf(row["run_uuid"]);
      this.#run(row, params.get(id) ?? [], tags.get(id) ?? [], last.get(id) ?? [], inputs.get(id));
      await this.#accept(1);
    }
  }

  #run(
    row: Row,
    params: readonly Pair[],
    tags: readonly Pair[],
    metrics: readonly (readonly [string, number])[],
    inputs: readonly unknown[] | undefined,
  ): void {
    const id = textOf(row["run_uuid"]);
    const experimentId = wordOf(row["experiment_id"]);
    const experiment = this.#experiments.get(experimentId ?? "");
    const tag = (key: string): string | null => tags.find(([k]) => k === key)?.[1] ?? null;
    const name = wordOf(row["name"]) ?? tag("mlflow.runName");
    const stage = wordOf(row["lifecycle_stage"]);
    const service = serviceOfTags(tags) ?? experiment?.service ?? null;
    this.#labels.set(id, {
      runId: id,
      runName: name,
      experiment: experiment?.name ?? experimentId,
      service,
    });
    this.writer.run(
      {
        id,
        name,
        experimentId,
        experiment: experiment?.name ?? null,
        status: statusOf(row["status"]),
        start: epochMicros(row["start_time"]),
        end: epochMicros(row["end_time"]),
        lifecycleStage: stage,
        deleted: stage === "deleted" || experiment?.deleted === true,
        deletedAt: epochMicros(row["deleted_time"]),
        service,
        user: tag("mlflow.user") ?? wordOf(row["user_id"]),
        sourceName: wordOf(row["source_name"]) ?? tag("mlflow.source.name"),
        artifactUri: wordOf(row["artifact_uri"]),
        params,
        metrics,
        tags,
        fields: {
          ...(inputs === undefined ? {} : { inputs }),
          ...others(row, RUN_COLUMNS),
          ...unread(row, ["start_time", "end_time", "deleted_time"]),
        },
      },
      placeOf(row),
    );
  }

  /** Data sets that went into these runs. */
  #inputsOf(ids: string): Map<string, unknown[]> {
    const inputs = new Map<string, unknown[]>();
    const where = `destination_type = 'RUN' AND destination_id IN (${ids})`;
    for (const row of this.store.rows("inputs", "*", where)) {
      const run = textOf(row["destination_id"]);
      const dataset = `dataset_uuid = ${literal(textOf(row["source_id"]))}`;
      const input = `input_uuid = ${literal(textOf(row["input_uuid"]))}`;
      const [described] = this.store.rows("datasets", "*", dataset);
      const tags = [...this.store.rows("input_tags", "*", input)];
      const list = inputs.get(run) ?? [];
      list.push({
        ...(described === undefined ? others(row, "") : others(described, "experiment_id")),
        ...(tags.length === 0
          ? {}
          : { tags: Object.fromEntries(tags.map((t) => [textOf(t["name"]), textOf(t["value"])])) }),
      });
      inputs.set(run, list);
    }
    return inputs;
  }

  async #readPoints(): Promise<void> {
    for (const row of this.store.rows("metrics")) {
      const point = pointOf({
        key: row["key"],
        value: valueOf(row["value"], row["is_nan"]),
        time: row["timestamp"],
        step: row["step"],
      });
      await this.#point(row, point, textOf(row["run_uuid"]));
    }
    await this.#accept(0);
  }

  async #point(row: Row, point: MetricPoint | null, runId: string): Promise<void> {
    if (point === null) {
      const text = JSON.stringify(others(row, ""));
      this.sink.reject(placeOf(row).line, -1, "a point of a metric has no name or no value", text);
      return;
    }
    const labels = this.#labels.get(runId) ?? {
      runId: runId === "" ? null : runId,
      runName: null,
      experiment: null,
      service: null,
    };
    this.writer.point(point, labels, placeOf(row));
    this.#pending++;
    if (this.writer.full || this.#pending >= POINTS_AT_ONCE) await this.#accept(0);
  }

  async #readLogged(): Promise<void> {
    const params = this.store.pairs(
      "logged_model_params",
      "model_id",
      "1",
      "param_key",
      "param_value",
    );
    const tags = this.store.pairs("logged_model_tags", "model_id", "1", "tag_key", "tag_value");
    for (const row of this.store.rows("logged_models")) {
      const id = textOf(row["model_id"]);
      const experiment = textOf(row["experiment_id"]);
      this.writer.loggedModel(
        {
          id,
          name: wordOf(row["name"]),
          created: epochMicros(row["creation_timestamp_ms"]),
          status: LOGGED_STATUS[textOf(row["status"])] ?? wordOf(row["status"]),
          runId: wordOf(row["source_run_id"]),
          experiment: this.#experiments.get(experiment)?.name ?? experiment,
          params: params.get(id) ?? [],
          tags: tags.get(id) ?? [],
          fields: others(row, LOGGED_COLUMNS),
        },
        placeOf(row),
      );
      await this.#accept(1);
    }
    for (const row of this.store.rows("logged_model_metrics")) {
      const point = pointOf({
        key: row["metric_name"],
        value: valueOf(row["metric_value"], 0),
        time: row["metric_timestamp_ms"],
        step: row["metric_step"],
      });
      const modelId = wordOf(row["model_id"]);
      const fields = others(row, LOGGED_METRIC_COLUMNS);
      const full =
        point === null ? null : { ...point, modelId, fields: { ...fields, ...point.fields } };
      await this.#point(row, full, textOf(row["run_id"]));
    }
    await this.#accept(0);
  }

  async #readRegistry(): Promise<void> {
    const tags = this.store.pairs("registered_model_tags", "name");
    const aliases = this.store.pairs("registered_model_aliases", "name", "1", "alias", "version");
    for (const row of this.store.rows("registered_models")) {
      const name = textOf(row["name"]);
      this.writer.registeredModel(
        {
          name,
          created: epochMicros(row["creation_time"]),
          updated: epochMicros(row["last_updated_time"]),
          description: wordOf(row["description"]),
          tags: tags.get(name) ?? [],
          aliases: Object.fromEntries(aliases.get(name) ?? []),
          fields: others(row, MODEL_COLUMNS),
        },
        placeOf(row),
      );
      await this.#accept(1);
    }
    for (const row of this.store.rows("model_versions")) {
      const name = textOf(row["name"]);
      const version = textOf(row["version"]);
      const where = `name = ${literal(name)} AND version = ${literal(version)}`;
      this.writer.modelVersion(
        {
          name,
          version,
          stage: wordOf(row["current_stage"]),
          aliases: (aliases.get(name) ?? []).flatMap(([alias, of]) =>
            of === version ? [alias] : [],
          ),
          created: epochMicros(row["creation_time"]),
          updated: epochMicros(row["last_updated_time"]),
          runId: wordOf(row["run_id"]),
          source: wordOf(row["source"]),
          status: wordOf(row["status"]),
          description: wordOf(row["description"]),
          user: wordOf(row["user_id"]),
          tags: this.store.pairs("model_version_tags", "name", where).get(name) ?? [],
          fields: others(row, VERSION_COLUMNS),
        },
        placeOf(row),
      );
      await this.#accept(1);
    }
  }

  async #accept(records: number): Promise<void> {
    checkCancelled(this.sink.signal, this.file);
    this.sink.accepted(records + this.#pending);
    this.#pending = 0;
    await this.writer.deliver();
  }
}

/** Finite values as they are; the largest number stands for infinity. */
function valueOf(value: SqliteValue | undefined, isNan: SqliteValue | undefined): number | null {
  if (isNan === 1) return NaN;
  if (typeof value !== "number" && typeof value !== "bigint") return null;
  const number = Number(value);
  return Math.abs(number) === LARGEST ? Math.sign(number) * Infinity : number;
}

function pointOf(of: {
  readonly key: SqliteValue | undefined;
  readonly value: number | null;
  readonly time: SqliteValue | undefined;
  readonly step: SqliteValue | undefined;
}): MetricPoint | null {
  const key = wordOf(of.key);
  if (key === null || of.value === null) return null;
  const ts = epochMicros(of.time);
  const step = typeof of.step === "number" && Number.isSafeInteger(of.step) ? of.step : null;
  const fields = {
    ...(ts === null && wordOf(of.time) !== null ? { timestamp: textOf(of.time) } : {}),
    ...(step === null && wordOf(of.step) !== null ? { step: textOf(of.step) } : {}),
  };
  return { key, value: of.value, ts, step, ...(Object.keys(fields).length > 0 ? { fields } : {}) };
}

/** https://mlflow.org/docs/latest/rest-api.html */
const LOGGED_STATUS: Readonly<Record<string, string>> = {
  "1": "PENDING",
  "2": "READY",
  "3": "FAILED",
};

const EXPERIMENT_COLUMNS =
  "experiment_id name artifact_location lifecycle_stage creation_time last_update_time";
const RUN_COLUMNS =
  "run_uuid name source_name user_id status start_time end_time lifecycle_stage artifact_uri experiment_id deleted_time";
const MODEL_COLUMNS = "name creation_time last_updated_time description";
const VERSION_COLUMNS =
  "name version creation_time last_updated_time description user_id current_stage source run_id status";
const LOGGED_COLUMNS = "model_id experiment_id name creation_timestamp_ms status source_run_id";
const LOGGED_METRIC_COLUMNS =
  "model_id metric_name metric_timestamp_ms metric_step metric_value run_id experiment_id";
