import type { Position } from "../fixed-tables-writer.ts";
import { numberOf, textOf, without, writtenOf, type JsonObject } from "../json-fields.ts";
import { rejectRecord, type Reading } from "../json-records.ts";
import { seriesKey, serviceOfLabels } from "../series-key.ts";
import { findLevel, levelOfWord, type Level } from "../text-log/levels.ts";
import type { SplunkTimes } from "./times.ts";

/** Fields in which events say their severity, as extractions and the common information model name them. */
const LEVEL_FIELDS = [
  "log_level",
  "level",
  "loglevel",
  "severity",
  "severity_label",
  "levelname",
  "log.level",
];
/** Columns that Splunk adds to time charts: the width of a bucket, and its days. */
const SPAN = new Set(["_span", "_spandays"]);
const CORE = new Set(["_time", "_raw", "host"]);

/** More combinations of texts than this are no table of measurements but one of events. */
const MOST_GROUPS = 100;

/** What a search's results are, where they have no `_raw`. */
export interface TableShape {
  /** Columns of numbers; none where the rows are events. */
  readonly numeric: ReadonlySet<string>;
}

/** Tells a table of measurements from one of events, by its first rows. */
export function shapeOf(rows: readonly JsonObject[]): TableShape {
  const filled = new Map<string, unknown[]>();
  for (const row of rows)
    for (const [key, value] of Object.entries(row))
      if (!isNothing(value) && !CORE.has(key) && !SPAN.has(key) && !key.startsWith("__mv_"))
        filled.set(key, [...(filled.get(key) ?? []), value]);
  const numeric = new Set(
    [...filled].filter(([, values]) => values.every(isNumber)).map(([key]) => key),
  );
  const groups = new Set(rows.map((row) => JSON.stringify(labelsOf(row, numeric))));
  // In a table by time and group, no pair of them stands twice.
  const pairs = new Set(rows.map((row) => JSON.stringify([row["_time"], labelsOf(row, numeric)])));
  const isTable = groups.size <= MOST_GROUPS && pairs.size === rows.length;
  return { numeric: isTable ? numeric : new Set() };
}

/** Writes the rows of one result: an event with its `_raw`, or a row of a table. */
export function writeResult(
  result: JsonObject,
  shape: TableShape,
  at: Position,
  reading: Reading,
  times: SplunkTimes,
): void {
  const { sink } = reading;
  if (Object.values(result).every(isNothing)) {
    rejectRecord(sink, at, "a result without fields", result);
    return;
  }
  const plain = withValues(result);
  const ts = times.read(plain["_time"] ?? plain["timestamp"]);
  if (writtenOf(plain["_raw"]) === null && shape.numeric.size > 0)
    writeMetrics(plain, shape, ts, at, reading);
  else writeLog(plain, ts, at, reading);
  sink.accepted(1);
}

function writeLog(result: JsonObject, ts: number | null, at: Position, { target }: Reading): void {
  const raw = writtenOf(result["_raw"]);
  const message = raw ?? textOf(result["message"]) ?? textOf(result["msg"]) ?? pairsOf(result);
  const used = new Set(["_raw", "host", ...(ts === null ? [] : ["_time"])]);
  const fields = without(result, used);
  target.log(
    {
      ts,
      level: levelOf(result, raw),
      service:
        textOf(result["service"]) ?? textOf(result["sourcetype"]) ?? textOf(result["source"]),
      host: writtenOf(result["host"]),
      message,
      fields: Object.fromEntries(Object.entries(fields).filter(([, v]) => !isNothing(v))),
    },
    at,
  );
}

/** A row of a table of measurements: each number is a sample, texts are its labels. */
function writeMetrics(
  result: JsonObject,
  shape: TableShape,
  ts: number | null,
  at: Position,
  { target, sink }: Reading,
): void {
  if (ts === null)
    sink.note(
      "warning",
      "Some rows of the table have no time: they are in metrics without one. Search with timechart, or with “bin _time” and “by _time”, to see when.",
    );
  const labels = labelsOf(result, shape.numeric);
  const span = textOf(result["_span"]);
  if (span !== null) sink.note("info", `Each value of the time chart stands for ${span} s.`);
  for (const [name, value] of Object.entries(result)) {
    if (!shape.numeric.has(name)) continue;
    const series = seriesKey(name, labels);
    const service = serviceOfLabels(Object.fromEntries(labels));
    target.metric({ ts, series, name, service, value: numberOf(value) }, at);
  }
  // A row of a sparse chart may hold nothing but its time.
  const missing = [...shape.numeric].filter((name) => !(name in result));
  if (missing.length === shape.numeric.size)
    for (const name of missing)
      target.metric({ ts, series: seriesKey(name, labels), name, value: null }, at);
}

function labelsOf(result: JsonObject, numeric: ReadonlySet<string>): [string, string][] {
  return Object.entries(result)
    .filter(
      ([key, value]) =>
        !numeric.has(key) &&
        key !== "_time" &&
        !SPAN.has(key) &&
        !key.startsWith("__mv_") &&
        !isNothing(value),
    )
    .map(([key, value]) => [key, writtenOf(value) ?? ""]);
}

function levelOf(result: JsonObject, raw: string | null): Level | null {
  for (const key of LEVEL_FIELDS) {
    const word = textOf(result[key]);
    const level = word === null ? null : levelOfWord(word);
    if (level !== null) return level;
  }
  if (raw === null) return null;
  const bytes = encoder.encode(raw.slice(0, 400));
  return findLevel(bytes, 0, bytes.length);
}

const encoder = new TextEncoder();

/** Fields of an event of which no text is left: `user=ada status=denied`. */
function pairsOf(result: JsonObject): string {
  return Object.entries(result)
    .filter(([key, value]) => !key.startsWith("_") && !isNothing(value))
    .map(([key, value]) => `${key}=${writtenOf(value) ?? ""}`)
    .join(" ");
}

/** Lists of fields with several values, which CSV has as `$a$;$b$` in a column of their own. */
function withValues(result: JsonObject): JsonObject {
  if (!Object.keys(result).some((key) => key.startsWith("__mv_"))) return result;
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(result))
    if (!key.startsWith("__mv_")) plain[key] = value;
  for (const [key, value] of Object.entries(result)) {
    if (!key.startsWith("__mv_") || typeof value !== "string" || !/^\$.*\$$/s.test(value)) continue;
    // A dollar sign in a value is doubled.
    const values = value
      .slice(1, -1)
      .split("$;$")
      .map((v) => v.replaceAll("$$", "$"));
    plain[key.slice("__mv_".length)] = values;
  }
  return plain;
}

function isNumber(value: unknown): boolean {
  return typeof value !== "boolean" && numberOf(value) !== null;
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}
