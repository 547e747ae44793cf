import { listOf, objectOf, textOf, without, type JsonObject } from "../json-fields.ts";
import { numberOf } from "../training-runs/own-table.ts";
import { epochMicros } from "../training-runs/times.ts";
import {
  statusOf,
  type Experiment,
  type MetricPoint,
  type ModelVersion,
  type Pair,
  type RegisteredModel,
  type Run,
} from "./records.ts";

/** Reads objects of MLflow's REST API (https://mlflow.org/docs/latest/rest-api.html); null where it is none. */

export function readExperiment(value: unknown): Experiment | null {
  const object = objectOf(value);
  const id = textOf(object?.["experiment_id"]);
  if (object === null || id === null) return null;
  return {
    id,
    name: textOf(object["name"]),
    lifecycleStage: textOf(object["lifecycle_stage"]),
    created: epochMicros(object["creation_time"]),
    updated: epochMicros(object["last_update_time"]),
    artifactLocation: textOf(object["artifact_location"]),
    tags: pairsOf(object["tags"]),
    fields: without(object, EXPERIMENT_KEYS),
  };
}
const EXPERIMENT_KEYS = keys(
  "experiment_id name lifecycle_stage creation_time last_update_time artifact_location tags",
);

/** A run with the points of its metrics. */
export interface RunWithPoints {
  readonly run: Run;
  readonly points: readonly MetricPoint[];
}

export function readRun(value: unknown): RunWithPoints | null {
  const object = objectOf(value);
  const info = objectOf(object?.["info"]);
  const id = textOf(info?.["run_id"]) ?? textOf(info?.["run_uuid"]);
  if (object === null || info === null || id === null) return null;
  const data = objectOf(object["data"]) ?? {};
  const tags = pairsOf(data["tags"]);
  const tag = (key: string): string | null => tags.find(([k]) => k === key)?.[1] ?? null;
  const metrics = listOf(data["metrics"]).map((m) => [m, readPoint(m)] as const);
  const unreadable = metrics.filter(([, point]) => point === null).map(([m]) => m);
  const points = metrics.flatMap(([, point]) => (point === null ? [] : [point]));
  const stage = textOf(info["lifecycle_stage"]);
  const run: Run = {
    id,
    name: textOf(info["run_name"]) ?? textOf(info["name"]) ?? tag("mlflow.runName"),
    experimentId: textOf(info["experiment_id"]),
    experiment: null,
    status: statusOf(info["status"]),
    start: epochMicros(info["start_time"]),
    end: epochMicros(info["end_time"]),
    lifecycleStage: stage,
    deleted: stage === "deleted",
    user: tag("mlflow.user") ?? textOf(info["user_id"]),
    sourceName: textOf(info["source_name"]) ?? tag("mlflow.source.name"),
    artifactUri: textOf(info["artifact_uri"]),
    params: pairsOf(data["params"]),
    metrics: points.map((p) => [p.key, p.value] as const),
    tags,
    fields: {
      ...without(info, INFO_KEYS),
      ...unreadTimes(info, ["start_time", "end_time"]),
      ...without(data, DATA_KEYS),
      ...(unreadable.length > 0 ? { unread_metrics: unreadable } : {}),
      ...unreadPairs(data, ["params", "tags"]),
      ...filled(without(object, RUN_KEYS)),
    },
  };
  return { run, points };
}
const INFO_KEYS = keys(
  "run_id run_uuid run_name name experiment_id status start_time end_time lifecycle_stage user_id source_name artifact_uri",
);
const DATA_KEYS = keys("metrics params tags");
const RUN_KEYS = keys("info data");

export function readPoint(value: unknown): MetricPoint | null {
  const object = objectOf(value);
  const key = textOf(object?.["key"]);
  const number = numberOf(object?.["value"]);
  if (object === null || key === null || number === null) return null;
  const step = numberOf(object["step"] ?? 0);
  const ts = epochMicros(object["timestamp"]);
  const whole = step !== null && Number.isSafeInteger(step);
  const fields = {
    ...without(object, POINT_KEYS),
    ...(ts === null && object["timestamp"] !== undefined ? { timestamp: object["timestamp"] } : {}),
    ...(whole ? {} : { step: object["step"] }),
  };
  return {
    key,
    value: number,
    ts,
    step: whole ? step : null,
    modelId: textOf(object["model_id"]),
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
  };
}
const POINT_KEYS = keys("key value timestamp step run_id model_id");

export function readModelVersion(value: unknown): ModelVersion | null {
  const object = objectOf(value);
  const name = textOf(object?.["name"]);
  const version = textOf(object?.["version"]);
  if (object === null || name === null || version === null) return null;
  return {
    name,
    version,
    stage: textOf(object["current_stage"]),
    aliases: listOf(object["aliases"]).flatMap((a) => textOf(a) ?? []),
    created: epochMicros(object["creation_timestamp"]),
    updated: epochMicros(object["last_updated_timestamp"]),
    runId: textOf(object["run_id"]),
    source: textOf(object["source"]),
    status: textOf(object["status"]),
    description: textOf(object["description"]),
    user: textOf(object["user_id"]),
    tags: pairsOf(object["tags"]),
    fields: without(object, VERSION_KEYS),
  };
}
const VERSION_KEYS = keys(
  "name version current_stage aliases creation_timestamp last_updated_timestamp run_id source status description user_id tags",
);

/** A registered model with those of its versions that the answer holds. */
export interface ModelWithVersions {
  readonly model: RegisteredModel;
  readonly versions: readonly ModelVersion[];
}

export function readRegisteredModel(value: unknown): ModelWithVersions | null {
  const object = objectOf(value);
  const name = textOf(object?.["name"]);
  if (object === null || name === null) return null;
  const aliases = listOf(object["aliases"]).flatMap((a) => {
    const of = objectOf(a);
    const alias = textOf(of?.["alias"]);
    return alias === null ? [] : [[alias, textOf(of?.["version"]) ?? ""] as const];
  });
  const model: RegisteredModel = {
    name,
    created: epochMicros(object["creation_timestamp"]),
    updated: epochMicros(object["last_updated_timestamp"]),
    description: textOf(object["description"]),
    tags: pairsOf(object["tags"]),
    aliases: Object.fromEntries(aliases),
    fields: without(object, REGISTERED_KEYS),
  };
  const versions = listOf(object["latest_versions"]).flatMap((v) => readModelVersion(v) ?? []);
  return { model, versions };
}
const REGISTERED_KEYS = keys(
  "name aliases creation_timestamp last_updated_timestamp description latest_versions tags",
);

/** `[{"key", "value"}, …]`. */
function pairsOf(value: unknown): Pair[] {
  return listOf(value).flatMap((entry) => {
    const object = objectOf(entry);
    const key = textOf(object?.["key"]);
    if (object === null || key === null) return [];
    const of = object["value"];
    return [[key, typeof of === "string" ? of : (textOf(of) ?? "")] as const];
  });
}

/** Entries of lists of pairs that are none. */
function unreadPairs(object: JsonObject, names: readonly string[]): JsonObject {
  const unread = names
    .map(
      (n) => [`unread_${n}`, listOf(object[n]).filter((e) => pairsOf([e]).length === 0)] as const,
    )
    .filter(([, entries]) => entries.length > 0);
  return Object.fromEntries(unread);
}

function unreadTimes(object: JsonObject, names: readonly string[]): JsonObject {
  const bad = names.filter(
    (n) => object[n] !== undefined && object[n] !== null && epochMicros(object[n]) === null,
  );
  return Object.fromEntries(bad.map((n) => [n, object[n]]));
}

/** Without empty objects, as `"inputs": {}`. */
function filled(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([, v]) => {
      const of = objectOf(v);
      return of === null || Object.keys(of).length > 0;
    }),
  );
}

function keys(names: string): ReadonlySet<string> {
  return new Set(names.split(" "));
}
