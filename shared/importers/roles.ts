import type { ColumnType, Role } from "../model/role.ts";

/** What a sample says about a column, whatever file it stands in. */
export interface ColumnProfile {
  readonly name: string;
  readonly type: ColumnType;
  /** Cells of the sample that hold something, and how many different ones. */
  readonly filled: number;
  readonly distinct: number;
  /** Range of numbers, where known. */
  readonly min?: number;
  readonly max?: number;
  /** Mean length of texts. */
  readonly meanLength?: number;
  /** The numbers count up by one. */
  readonly counts?: boolean;
}

export interface AssignedRole {
  readonly role: Role;
  /** Why, in words a person understands. */
  readonly reason: string;
}

/** Lower-case words of a name: `PodClientLatencyP90(s)` → `pod client latency p90 s`. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((w) => w !== "");
}

const TIME_NAMES = [
  "event_timestamp",
  "__log_timestamp",
  "timestamp",
  "@timestamp",
  "ts",
  "event_time",
  "time",
  "datetime",
  "date_time",
  "_time",
  "date",
  "_timestamp",
];

const LABELS = new Set([
  "label",
  "target",
  "y",
  "y true",
  "actual",
  "actuals",
  "truth",
  "ground truth",
  "outcome",
  "observed",
  "clicked",
  "converted",
  "churned",
  "churn",
  "survived",
  "is fraud",
  "fraud",
  "clf target",
  "class",
]);
const PREDICTIONS = new Set([
  "prediction",
  "predictions",
  "predicted",
  "pred",
  "y pred",
  "yhat",
  "y hat",
  "forecast",
  "predicted label",
  "predicted class",
  "model output",
]);
const SCORES = new Set([
  "score",
  "proba",
  "probability",
  "prob",
  "confidence",
  "logit",
  "y pred proba",
  "y score",
  "propensity",
]);
const SEGMENTS = new Set([
  "country",
  "region",
  "state",
  "city",
  "device",
  "platform",
  "os",
  "browser",
  "segment",
  "tier",
  "plan",
  "channel",
  "language",
  "locale",
  "market",
  "environment",
  "env",
  "zone",
  "cluster",
  "store",
  "tenant",
  "cohort",
  "group",
  "category",
  "source",
  "src",
  "dataset",
]);
const ENTITIES = new Set(["id", "uuid", "guid", "key", "user", "customer", "entity", "ssn"]);

/** A role for each column, at most one of them the time by which rows are placed. */
export function assignRoles(columns: readonly ColumnProfile[]): AssignedRole[] {
  const time = mainTime(columns);
  return columns.map((column, index) => {
    if (column.type === "timestamp") {
      if (index === time) {
        return { role: "timestamp", reason: "its values are times" };
      }
      const main = columns[time]?.name ?? "";
      return {
        role: "ignore",
        reason: `another time; rows are placed by “${main}”`,
      };
    }
    return assignRole(column);
  });
}

/** Index of the time column that places the rows, or -1. */
export function mainTime(columns: readonly ColumnProfile[]): number {
  let best = -1;
  let bestRank = Infinity;
  columns.forEach((column, index) => {
    if (column.type !== "timestamp") return;
    const name = column.name.toLowerCase();
    const listed = TIME_NAMES.indexOf(name);
    const secondary = /creat|updat|ingest|modif|load|end|dropoff|_arr|expire/.test(name);
    const rank = listed !== -1 ? listed : secondary ? 100 + index : 50 + index;
    if (rank < bestRank) {
      bestRank = rank;
      best = index;
    }
  });
  return best;
}

function assignRole(column: ColumnProfile): AssignedRole {
  const words = wordsOf(column.name);
  const name = words.join(" ");
  const numeric = column.type === "double" || column.type === "bigint";
  const named = `named “${column.name}”`;
  if (isRowNumber(column, name)) {
    return { role: "ignore", reason: "it counts the rows" };
  }
  if (/^model (?:version|name|id)$|^(?:model|version)$/.test(name) && column.distinct <= 100) {
    return { role: "model_version", reason: named };
  }
  if (name === "weight" || name === "sample weight") {
    return numeric ? { role: "weight", reason: named } : feature(column);
  }
  if (numeric && (SCORES.has(name) || isProbability(column, words))) {
    return { role: "score", reason: `${named}, a number` };
  }
  if (PREDICTIONS.has(name) || words[0] === "predicted" || words[0] === "pred") {
    return { role: "prediction", reason: named };
  }
  const categories = column.type !== "double" || column.distinct <= 100;
  const isLabel = LABELS.has(name) || /^(?:outcome|target|label|actual)$/.test(words.at(-1) ?? "");
  if (isLabel && (categories || name !== "class")) {
    return { role: "label", reason: named };
  }
  if (column.type !== "double" && words.some((w) => ENTITIES.has(w))) {
    return entityOrSegment(column, named);
  }
  if (column.type === "varchar" && words.some((w) => SEGMENTS.has(w))) {
    if (column.distinct <= 1000) {
      return { role: "segment", reason: `${named}, ${count(column.distinct, "value")}` };
    }
  }
  return feature(column);
}

function isRowNumber(column: ColumnProfile, name: string): boolean {
  if (column.counts !== true || column.filled < 3) return false;
  return /^(?:column 1|unnamed \d+|index|row|row number|line id|tuple id|no|nr)$/.test(name);
}

const AGGREGATES = new Set([
  ..."avg average mean median min max sum total std stddev rate".split(" "),
  ..."p5 p10 p25 p50 p75 p90 p95 p99 p999".split(" "),
]);

/** A share between 0 and 1 whose name says that it is one row's probability. */
function isProbability(column: ColumnProfile, words: readonly string[]): boolean {
  const { min, max } = column;
  // The average score of an hour is a metric, not the score of a row.
  if (words.some((w) => AGGREGATES.has(w))) return false;
  if (min === undefined || max === undefined || min < 0 || max > 1) return false;
  return (
    words.some(
      (w) => w === "proba" || w === "probability" || w === "score" || /^prob\d*$/.test(w),
    ) && words.at(-1) !== "outcome"
  );
}

function entityOrSegment(column: ColumnProfile, named: string): AssignedRole {
  const few = column.distinct <= 1000 && column.distinct * 2 < column.filled;
  return few
    ? { role: "segment", reason: `${named}, but only ${count(column.distinct, "value")}` }
    : { role: "entity", reason: `${named}, mostly different values` };
}

function feature(column: ColumnProfile): AssignedRole {
  if (column.filled === 0) {
    return { role: "feature", reason: "empty in the first rows" };
  }
  if (column.type !== "varchar") {
    return { role: "feature", reason: column.type === "boolean" ? "yes or no" : "a number" };
  }
  const unique = column.filled >= 20 && column.distinct > column.filled * 0.9;
  if (unique && (column.meanLength ?? 0) > 40) {
    return { role: "ignore", reason: "free text" };
  }
  if (unique) return { role: "ignore", reason: "nearly every value is different" };
  return { role: "feature", reason: `a category with ${count(column.distinct, "value")}` };
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/**
 * Name of the table for a file: without extensions, dates and part numbers,
 * so that daily snapshots meet in one table
 * (`user_features_2024-05-01.parquet` → `user_features`).
 */
export function tableNameOf(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
  const stem = base.replace(/\.(?:gz|zst|zstd)$/i, "").replace(/\.[a-z][a-z\d]{0,8}$/i, "");
  const bare = stem
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(
      /\d{4}[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?(?:[T_-]?\d{2}[-_:]?\d{2}(?:[-_:]?\d{2})?Z?)?(?!\d)/g,
      "_",
    )
    .replace(/(?:^|[-_. ])part[-_. ]?\d+(?:[-_. ]of[-_. ]?\d+)?/gi, "_")
    .replace(/[-_. ]\d+(?=$|[-_. ])/g, "_")
    .replace(/^\d+[-_. ]+/, "")
    .toLowerCase()
    .replace(/[^a-z\d]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (bare === "") return "table_data";
  const RESERVED = ["logs", "metrics", "events", "spans", "rejects"];
  const name = /^\d/.test(bare) ? `t_${bare}` : bare;
  return RESERVED.includes(name) ? `${name}_table` : name;
}
