import type { ImportNote, ImportOptions } from "../../model/evidence.ts";
import type { ImportPlan, Sink } from "../importer.ts";
import { MlflowWriter, planMlflowTables, RunKeys } from "../mlflow/tables.ts";
import { StoreReader } from "./mlflow-reader.ts";
import { literal, StoreTables, textOf } from "./mlflow-tables.ts";
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

const PREVIEW_ROWS = 20;
const SAMPLED_VALUES = 200;

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
  const store = new StoreTables(database, tables);
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

function keysOf(store: StoreTables): RunKeys {
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

function previewOf(store: StoreTables): ImportPlan["preview"] {
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
  await new StoreReader(new StoreTables(database, tables), writer, sink, file).read();
  await writer.finish();
}
