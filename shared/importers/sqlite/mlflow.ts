import type { ImportNote, ImportOptions } from "../../model/evidence.ts";
import type { Position } from "../fixed-tables-writer.ts";
import type { ImportPlan, Sink } from "../importer.ts";
import { statusOf, type MetricPoint, type Pair, type RunLabels } from "../mlflow/records.ts";
import { MlflowWriter, planMlflowTables, RunKeys, serviceOfTags } from "../mlflow/tables.ts";
import { checkCancelled } from "../text-log/cancelled.ts";
import { epochMicros } from "../training-runs/times.ts";
import { quoted, type Database, type SqliteValue } from "./database.ts";
import type { OpenedDatabase } from "./open.ts";
import type { TableInfo } from "./tables.ts";

/** Member that is the whole store. */
export const MLFLOW = "mlflow";

/** Tables of the store (https://github.com/mlflow/mlflow/blob/master/mlflow/store/db/base_sql_model.py) that are read with it. */
export const MLFLOW_TABLES: ReadonlySet<string> = new Set([
  "alembic_version",
  "experiments",
  "experiment_tags",
  "runs",
  "params",
  "tags",
  "metrics",
  "latest_metrics",
  "datasets",
  "inputs",
  "input_tags",
  "registered_models",
  "registered_model_tags",
  "registered_model_aliases",
  "model_versions",
  "model_version_tags",
  "logged_models",
  "logged_model_params",
  "logged_model_tags",
  "logged_model_metrics",
]);

/** Runs whose parts are fetched together. */
const RUNS_AT_ONCE = 1000;
const PREVIEW_ROWS = 20;
const SAMPLED_VALUES = 200;
/** Points between two looks at whether a batch has to be sent. */
const POINTS_AT_ONCE = 4096;
/** What the store writes where a value is infinite: SQL has no infinity. */
const LARGEST = 1.7976931348623157e308;

/** True where the tables are those of an MLflow tracking store. */
export function isMlflowStore(tables: readonly TableInfo[]): boolean {
  const has = (name: string, ...columns: string[]): boolean => {
    const table = tables.find((t) => t.name === name);
    return columns.every((c) => table?.columns.some((column) => column.name === c) === true);
  };
  return (
    has("experiments", "experiment_id", "lifecycle_stage") &&
    has("runs", "run_uuid", "experiment_id", "status") &&
    has("metrics", "key", "value", "timestamp", "run_uuid")
  );
}

/** The plan of the whole store. */
export function planMlflow(
  { database, tables, header }: OpenedDatabase,
  file: string,
  options: ImportOptions,
): ImportPlan {
  const store = new Store(database, tables);
  const { main, further } = planMlflowTables(new Set(["runs"]), keysOf(store), options);
  const rest = tables.filter((t) => !t.inner && !MLFLOW_TABLES.has(t.name)).map((t) => t.name);
  const filled = rest.filter((name) => store.count(name) > 0);
  const notes: ImportNote[] = [];
  if (header.wal) {
    notes.push({
      kind: "warning",
      message: `“${file}” is in WAL mode: rows that still stand in the file -wal beside it are missing here.`,
    });
  }
  if (filled.length > 0)
    notes.push({ kind: "info", message: `Not read with the store: ${filled.join(", ")}.` });
  return {
    ...main,
    importer: "sqlite",
    options: { ...options, member: MLFLOW },
    preview: previewOf(store),
    notes,
    further,
  };
}

function keysOf(store: Store): RunKeys {
  const keys = new RunKeys();
  for (const { key } of store.rows("params", "DISTINCT key")) {
    keys.param(textOf(key));
    const values = store.rows("params", "value", `key = ${literal(textOf(key))}`, SAMPLED_VALUES);
    for (const { value } of values) keys.param(textOf(key), textOf(value).trim());
  }
  for (const { key } of store.rows("metrics", "DISTINCT key")) keys.metrics.add(textOf(key));
  for (const { key } of store.rows("tags", "DISTINCT key")) keys.tags.add(textOf(key));
  return keys;
}

function previewOf(store: Store): ImportPlan["preview"] {
  const rows = [...store.rows("runs", "*", "1", PREVIEW_ROWS)];
  return {
    header: ["experiment", "run", "name", "status"],
    rows: rows.map((run) =>
      ["experiment_id", "run_uuid", "name", "status"].map((column) => textOf(run[column])),
    ),
  };
}

/** Reads the whole store. A record is an experiment, a run, a point of a metric, a model or a version of one. */
export async function readMlflow(
  { database, tables }: OpenedDatabase,
  plan: ImportPlan,
  sink: Sink,
  file: string,
): Promise<void> {
  const writer = new MlflowWriter(sink, plan);
  await new StoreReader(new Store(database, tables), writer, sink, file).read();
  await writer.finish();
}

// --- Tables ----------------------------------------------------------------

type Row = Readonly<Record<string, SqliteValue>>;

/** The store's tables, rows as objects; a table that an older MLflow has not is an empty one. */
class Store {
  constructor(
    readonly database: Database,
    readonly tables: readonly TableInfo[],
  ) {}

  *rows(table: string, columns = "*", where = "1", limit = -1): Generator<Row> {
    const info = this.tables.find((t) => t.name === table);
    if (info === undefined) return;
    const names =
      columns === "*" ? info.columns.map((c) => c.name) : [columns.split(" ").at(-1) ?? ""];
    const list = columns === "*" ? names.map(quoted).join(", ") : columns;
    const number = columns === "*" ? (info.rowid ?? "NULL") : "NULL";
    const select = columns.startsWith("DISTINCT") ? list : `${list}, ${number}`;
    const sql = `SELECT ${select} FROM main.${quoted(table)} WHERE ${where} LIMIT ${limit}`;
    for (const row of this.database.rows(sql)) {
      const object = Object.fromEntries(names.map((name, i) => [name, row[i] ?? null]));
      yield { ...object, [NUMBER]: row[names.length] ?? null };
    }
  }

  count(table: string): number {
    return this.tables.some((t) => t.name === table)
      ? Number(this.database.all(`SELECT count(*) FROM main.${quoted(table)}`)[0]?.[0] ?? 0)
      : 0;
  }

  /** Parameters, tags and the like by what they belong to. */
  pairs(
    table: string,
    owner: string,
    where = "1",
    key = "key",
    value = "value",
  ): Map<string, Pair[]> {
    const pairs = new Map<string, Pair[]>();
    for (const row of this.rows(table, "*", where)) {
      const of = textOf(row[owner]);
      const list = pairs.get(of) ?? [];
      list.push([textOf(row[key]), textOf(row[value])]);
      pairs.set(of, list);
    }
    return pairs;
  }
}

/** Key under which a row's number stands; no column is called so. */
const NUMBER = "";

function placeOf(row: Row): Position {
  const number = row[NUMBER];
  return { line: typeof number === "number" ? number : 1, offset: -1 };
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function textOf(value: SqliteValue | undefined): string {
  if (value === null || value === undefined) return "";
  return value instanceof Uint8Array ? `${value.length} bytes` : String(value);
}

function wordOf(value: SqliteValue | undefined): string | null {
  const text = textOf(value);
  return text === "" ? null : text;
}

/** What a row says beside these columns, without what says nothing. */
function others(row: Row, known: string): Record<string, unknown> {
  const keys = new Set([NUMBER, ...known.split(" ")]);
  return Object.fromEntries(
    Object.entries(row)
      .filter(([key, value]) => !keys.has(key) && value !== null && value !== "")
      .map(([key, value]) => [key, typeof value === "number" ? value : textOf(value)]),
  );
}

/** Times that are written but could not be read, as they stand. */
function unread(row: Row, names: readonly string[]): Record<string, unknown> {
  const bad = names.filter((n) => wordOf(row[n]) !== null && epochMicros(row[n]) === null);
  return Object.fromEntries(bad.map((n) => [n, textOf(row[n])]));
}

// --- Records ---------------------------------------------------------------

interface ExperimentOf {
  readonly name: string | null;
  readonly deleted: boolean;
  readonly service: string | null;
}

class StoreReader {
  readonly #experiments = new Map<string, ExperimentOf>();
  readonly #labels = new Map<string, RunLabels>();
  #pending = 0;

  constructor(
    readonly store: Store,
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
