import type { ImportOptions } from "../../model/evidence.ts";
import { FixedTablesWriter, furtherFixedTable, type Position } from "../fixed-tables-writer.ts";
import type { FurtherTable, ImportPlan, Sink } from "../importer.ts";
import { seriesKey, serviceOfLabels } from "../series-key.ts";
import {
  column,
  furtherOwnTable,
  OwnTableWriter,
  planOwnTable,
  typeOfSettings,
  type ColumnSpec,
} from "../training-runs/own-table.ts";
import type {
  Experiment,
  LoggedModel,
  MetricPoint,
  ModelVersion,
  Pair,
  RegisteredModel,
  Run,
  RunLabels,
} from "./records.ts";

const RUNS_TABLE = "mlflow_runs";
const METRICS_TABLE = "mlflow_metrics";

/** Keys of the runs that are there, with values of the first of them. */
export class RunKeys {
  readonly params = new Map<string, string[]>();
  readonly metrics = new Set<string>();
  readonly tags = new Set<string>();

  param(key: string, value?: string): void {
    const values = this.params.get(key) ?? [];
    if (value !== undefined && values.length < 200) values.push(value);
    this.params.set(key, values);
  }
}

/** Kinds of records that a file may hold. */
export type MlflowKind = "runs" | "points" | "others";

/** The tables of a plan, the main one first. */
export interface MlflowTables {
  readonly main: FurtherTable;
  readonly further: readonly FurtherTable[];
}

/** The tables that records of these kinds fill. */
export function planMlflowTables(
  kinds: ReadonlySet<MlflowKind>,
  keys: RunKeys,
  options: ImportOptions,
): MlflowTables {
  const tables: FurtherTable[] = [];
  if (kinds.has("runs"))
    tables.push(
      furtherOwnTable(planOwnTable(options.table ?? RUNS_TABLE, runColumns(keys), options)),
    );
  if (kinds.has("runs") || kinds.has("points"))
    tables.push(
      furtherFixedTable("metrics"),
      furtherOwnTable(planOwnTable(METRICS_TABLE, METRIC_COLUMNS, {})),
    );
  if (kinds.has("runs") || kinds.has("others")) tables.push(furtherFixedTable("events"));
  const [main = furtherFixedTable("events"), ...further] = tables;
  return { main, further };
}

function runColumns(keys: RunKeys): ColumnSpec[] {
  const sorted = (names: Iterable<string>): string[] => [...names].sort();
  return [
    column("run_id", "varchar", "entity"),
    column("run_name", "varchar"),
    column("experiment_id", "varchar"),
    column("experiment", "varchar", "segment"),
    column("status", "varchar", "segment"),
    column("start_time", "timestamp", "timestamp"),
    column("end_time", "timestamp", "ignore"),
    column("lifecycle_stage", "varchar"),
    column("deleted", "boolean", "segment"),
    column("user", "varchar", "segment"),
    column("source_name", "varchar"),
    column("artifact_uri", "varchar", "ignore"),
    ...sorted(keys.params.keys()).map((key) =>
      column(
        `params.${key}`,
        typeOfSettings(keys.params.get(key) ?? []),
        "feature",
        "a parameter of the runs",
      ),
    ),
    ...sorted(keys.metrics).map((key) =>
      column(`metrics.${key}`, "double", "feature", "the last value of a metric of the runs"),
    ),
    ...sorted(keys.tags).map((key) =>
      column(`tags.${key}`, "varchar", tagRole(key), "a tag of the runs"),
    ),
  ];
}

function tagRole(key: string): "feature" | "ignore" {
  return key.startsWith("mlflow.log-model") ? "ignore" : "feature";
}

const METRIC_COLUMNS: readonly ColumnSpec[] = [
  column("run_id", "varchar", "entity"),
  column("run_name", "varchar"),
  column("experiment", "varchar", "segment"),
  column("key", "varchar", "series"),
  column("step", "bigint"),
  column("ts", "timestamp", "timestamp"),
  column("value", "double", "value"),
  column("model_id", "varchar"),
];

/**
 * Writes MLflow's records into the tables of `planMlflowTables`, whatever they
 * were read from. It does not count records: call `sink.accepted`. Await
 * `deliver` between records and `finish` at the end.
 */
export class MlflowWriter {
  readonly #fixed: FixedTablesWriter;
  readonly #runs: OwnTableWriter | null;
  readonly #points: OwnTableWriter | null;
  readonly #service: string | undefined;

  constructor(sink: Sink, plan: ImportPlan) {
    const { target } = plan;
    // No record goes to spans: a main table of its own leaves all fixed ones further.
    this.#fixed = new FixedTablesWriter(sink, target === "own" ? "spans" : target);
    const points = plan.further?.find((t) => t.table === METRICS_TABLE);
    this.#runs = target === "own" ? new OwnTableWriter(sink, plan, plan.options) : null;
    this.#points =
      points === undefined ? null : new OwnTableWriter(sink, points, {}, METRICS_TABLE);
    this.#service = plan.options.service;
  }

  /** True where the plan has tables for records of this kind. */
  takes(kind: MlflowKind): boolean {
    if (kind === "runs") return this.#runs !== null;
    return kind === "points" ? this.#points !== null : this.#fixed.main !== "metrics";
  }

  /** One row of the runs, and an event each for its start, its end and its being deleted. */
  run(run: Run, at: Position): void {
    this.#runs?.row(runCells(run), at);
    const name = run.name ?? run.id;
    const common = {
      kind: "training run",
      service: this.#serviceOf(run.tags) ?? run.service ?? null,
      fields: {
        run_id: run.id,
        run_name: run.name,
        experiment: run.experiment ?? run.experimentId,
        status: run.status,
        user: run.user,
        source_name: run.sourceName,
        commit: tagOf(run.tags, "mlflow.source.git.commit"),
        parent_run_id: tagOf(run.tags, "mlflow.parentRunId"),
        deleted: run.deleted ? true : null,
      },
    };
    const detail = run.experiment === null ? null : `experiment ${run.experiment}`;
    const deletedAt = run.deletedAt ?? null;
    if (run.start !== null)
      this.#fixed.event(
        { ...common, ts: run.start, title: `training run ${name} started`, detail },
        at,
      );
    if (run.end !== null)
      this.#fixed.event(
        { ...common, ts: run.end, title: `training run ${name} ${endWord(run.status)}`, detail },
        at,
      );
    if (deletedAt !== null)
      this.#fixed.event(
        { ...common, ts: deletedAt, title: `training run ${name} was deleted`, detail },
        at,
      );
  }

  /**
   * A point of a metric: with its step in `mlflow_metrics`, and in `metrics`
   * if it has a time. Points of a logged model repeat those of its run, and
   * stay out of `metrics`.
   */
  point(point: MetricPoint, run: RunLabels, at: Position): void {
    this.#points?.row(
      [
        ["run_id", run.runId],
        ["run_name", run.runName],
        ["experiment", run.experiment],
        ["key", point.key],
        ["step", point.step],
        ["ts", point.ts],
        ["value", point.value],
        ["model_id", point.modelId],
        ["fields", point.fields],
      ],
      at,
    );
    if (point.ts === null || (point.modelId ?? null) !== null) return;
    this.#fixed.metric(
      {
        ts: point.ts,
        series: seriesKey(point.key, [
          ["experiment", run.experiment ?? ""],
          ["run_id", run.runId ?? ""],
          ["run_name", run.runName ?? ""],
        ]),
        name: point.key,
        service: this.#service ?? run.service,
        value: point.value,
      },
      at,
    );
  }

  experiment(experiment: Experiment, at: Position): void {
    const { name, id } = experiment;
    this.#fixed.event(
      {
        ts: experiment.created,
        kind: "experiment",
        title: `experiment ${name ?? id} created`,
        service: this.#serviceOf(experiment.tags),
        fields: {
          experiment_id: id,
          name,
          lifecycle_stage: experiment.lifecycleStage,
          last_update_time: isoOf(experiment.updated),
          artifact_location: experiment.artifactLocation,
          tags: tagFields(experiment.tags),
          ...experiment.fields,
        },
      },
      at,
    );
  }

  registeredModel(model: RegisteredModel, at: Position): void {
    const { name, description } = model;
    const aliases = Object.keys(model.aliases).length > 0 ? model.aliases : null;
    this.#fixed.event(
      {
        ts: model.created,
        kind: "model",
        title: `model ${name} registered`,
        service: this.#serviceOf(model.tags),
        detail: description,
        fields: {
          model: name,
          aliases,
          last_updated: isoOf(model.updated),
          tags: tagFields(model.tags),
          ...model.fields,
        },
      },
      at,
    );
  }

  /** An event for the version, and one for its last change where there was one after it. */
  modelVersion(version: ModelVersion, at: Position): void {
    const title = `model ${version.name} version ${version.version}`;
    const common = {
      kind: "model",
      service: this.#serviceOf(version.tags),
      fields: {
        model: version.name,
        version: version.version,
        stage: version.stage,
        aliases: version.aliases.length > 0 ? version.aliases : null,
        run_id: version.runId,
        source: version.source,
        status: version.status,
        user: version.user,
        tags: tagFields(version.tags),
        ...version.fields,
      },
    };
    const { created, updated, description: detail } = version;
    this.#fixed.event({ ...common, ts: created, title: `${title} created`, detail }, at);
    if (updated === null || updated === created) return;
    const state = [
      version.stage === null || version.stage === "None" ? "" : `stage ${version.stage}`,
      version.aliases.length === 0 ? "" : `alias ${version.aliases.join(", ")}`,
    ].filter((s) => s !== "");
    const now = state.length === 0 ? "" : `: now ${state.join(", ")}`;
    this.#fixed.event({ ...common, ts: updated, title: `${title} last changed${now}`, detail }, at);
  }

  loggedModel(model: LoggedModel, at: Position): void {
    this.#fixed.event(
      {
        ts: model.created,
        kind: "model",
        title: `model ${model.name ?? model.id} logged`,
        service: this.#serviceOf(model.tags),
        fields: {
          model_id: model.id,
          model: model.name,
          run_id: model.runId,
          experiment: model.experiment,
          status: model.status,
          params: tagFields(model.params),
          tags: tagFields(model.tags),
          ...model.fields,
        },
      },
      at,
    );
  }

  /** True when the next record has to wait for `deliver`. */
  get full(): boolean {
    return this.#fixed.full || this.#points?.full === true;
  }

  /** Sends batches that are full. */
  async deliver(): Promise<void> {
    await this.#fixed.deliver();
    await this.#runs?.deliver();
    await this.#points?.deliver();
  }

  /** Sends what is left. */
  async finish(): Promise<void> {
    await this.#runs?.finish();
    await this.#points?.finish();
    await this.#fixed.finish();
  }

  #serviceOf(tags: readonly Pair[]): string | null {
    return this.#service ?? serviceOfTags(tags);
  }
}

/** The service that tags name. */
export function serviceOfTags(tags: readonly Pair[]): string | null {
  return serviceOfLabels(Object.fromEntries(tags));
}

function* runCells(run: Run): Generator<readonly [string, unknown]> {
  yield ["run_id", run.id];
  yield ["run_name", run.name];
  yield ["experiment_id", run.experimentId];
  yield ["experiment", run.experiment];
  yield ["status", run.status];
  yield ["start_time", run.start];
  yield ["end_time", run.end];
  yield ["lifecycle_stage", run.lifecycleStage];
  yield ["deleted", run.deleted];
  yield ["user", run.user];
  yield ["source_name", run.sourceName];
  yield ["artifact_uri", run.artifactUri];
  for (const [key, value] of run.params) yield [`params.${key}`, value];
  for (const [key, value] of run.metrics) yield [`metrics.${key}`, value];
  for (const [key, value] of run.tags) yield [`tags.${key}`, value];
  yield ["fields", run.fields];
}

const END_WORDS: Readonly<Record<string, string>> = {
  FINISHED: "finished",
  FAILED: "failed",
  KILLED: "was killed",
};

function endWord(status: string | null): string {
  return END_WORDS[status ?? ""] ?? "ended";
}

function tagOf(tags: readonly Pair[], key: string): string | null {
  return tags.find(([k]) => k === key)?.[1] ?? null;
}

function tagFields(tags: readonly Pair[]): Record<string, string> | null {
  return tags.length === 0 ? null : Object.fromEntries(tags);
}

function isoOf(micros: number | null): string | null {
  return micros === null ? null : new Date(micros / 1000).toISOString();
}
