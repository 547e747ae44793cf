import type { FixedTablesWriter, Position } from "../fixed-tables-writer.ts";
import {
  numberOf,
  objectOf,
  textOf,
  without,
  writtenOf,
  type Instants,
  type JsonObject,
} from "../json-fields.ts";
import { seriesKey, serviceOfLabels } from "../series-key.ts";
import { levelOfNumber, levelOfWord, type Level } from "../text-log/levels.ts";

/** What an event of New Relic's database becomes. */
type EventKind = "logs" | "metrics" | "events" | "spans" | null;

const MESSAGES = ["message", "log.message", "log", "error.message", "errorMessage"];
const LEVELS = ["level", "log.level", "severity", "log_severity", "severity.text", "loglevel"];
const HOSTS = ["hostname", "host.hostname", "host", "host.name", "fullHostname", "node"];
const SERVICES = ["service.name", "entity.name", "appName", "service_name", "entityName"];
const TIMES = ["timestamp", "@timestamp", "timestamp.ms"];

const first = (event: JsonObject, keys: readonly string[]): string | null => {
  for (const key of keys) {
    const text = textOf(event[key]);
    if (text !== null) return text;
  }
  return null;
};
const keyOf = (event: JsonObject, keys: readonly string[]): string | undefined =>
  keys.find((key) => textOf(event[key]) !== null);

/**
 * Tells by its type, or by its attributes where the query left the type out,
 * what an event is; null for a row without a time (an aggregate).
 * https://docs.newrelic.com/attribute-dictionary/
 */
export function kindOfEvent(event: JsonObject): EventKind {
  if ("beginTimeSeconds" in event) return "metrics";
  if (!TIMES.some((key) => key in event)) return null;
  const type = textOf(event["eventType"]) ?? "";
  if (/^(?:Log|TransactionError|JavaScriptError|MobileCrash)/.test(type)) return "logs";
  if (type === "Metric" || /Sample$/.test(type)) return "metrics";
  if (type === "Span" || type === "Transaction") return "spans";
  if (type !== "") return "events";
  if (typeof event["metricName"] === "string") return "metrics";
  if (keyOf(event, MESSAGES) !== undefined) return "logs";
  const timed = "duration.ms" in event || "duration" in event;
  const named = ["trace.id", "traceId", "name", "transactionName"].some((key) => key in event);
  if (timed && named) return "spans";
  const values = Object.entries(event).filter(([key]) => !isTime(key));
  return values.length > 0 &&
    values.every(([key, v]) => isMeasured(key, v) || typeof v !== "object") &&
    values.some(([key, v]) => isMeasured(key, v))
    ? "metrics"
    : "events";
}

/** A number that measures something: no identifier, no clock. */
function isMeasured(key: string, value: unknown): boolean {
  return (
    typeof value === "number" &&
    !/(?:^|[a-z._])(?:id|Id|ID|pid|port|guid)$/.test(key) &&
    !isTime(key)
  );
}

function isTime(key: string): boolean {
  return /^@?timestamp|^(?:begin|end)TimeSeconds$|(?:^|\.)timestamp$|^endTimestamp$/.test(key);
}

/** Writes an event where its kind says; answers why it could not. */
export function writeEvent(
  writer: FixedTablesWriter,
  event: JsonObject,
  instants: Instants,
  at: Position,
): string | null {
  switch (kindOfEvent(event)) {
    case "logs":
      writeLog(writer, event, instants, at);
      return null;
    case "spans":
      writeSpan(writer, event, instants, at);
      return null;
    case "metrics":
      return "beginTimeSeconds" in event
        ? writeBucket(writer, event, at)
        : writeSample(writer, event, instants, at);
    case "events":
      writeOther(writer, event, instants, at);
      return null;
    case null:
      return "an aggregate without a time, which is no series; add TIMESERIES to the query";
  }
}

/** The time of an event and the keys that need not be repeated among the fields. */
function timeOf(event: JsonObject, instants: Instants): { ts: number | null; used: Set<string> } {
  const key = TIMES.find((k) => event[k] !== undefined && event[k] !== null);
  const ts = key === undefined ? null : instants.read(event[key]);
  return { ts, used: new Set(key !== undefined && ts !== null ? [key] : []) };
}

function writeLog(
  writer: FixedTablesWriter,
  event: JsonObject,
  instants: Instants,
  at: Position,
): void {
  const { ts, used } = timeOf(event, instants);
  const message = keyOf(event, MESSAGES);
  const word = first(event, LEVELS);
  const isError = /Error$|Crash/.test(textOf(event["eventType"]) ?? "");
  const level = levelOf(word) ?? (isError ? "error" : null);
  const levelKey = keyOf(event, LEVELS);
  if (message !== undefined) used.add(message);
  if (levelKey !== undefined && word?.toLowerCase() === level) used.add(levelKey);
  const service = keyOf(event, SERVICES);
  const host = keyOf(event, HOSTS);
  for (const key of [service, host]) if (key !== undefined) used.add(key);
  writer.log(
    {
      ts,
      level,
      service: service === undefined ? serviceOfLabels(event) : textOf(event[service]),
      host: host === undefined ? null : textOf(event[host]),
      message: message === undefined ? null : writtenOf(event[message]),
      fields: without(event, used),
    },
    at,
  );
}

function levelOf(word: string | null): Level | null {
  if (word === null) return null;
  return /^\d+$/.test(word) ? levelOfNumber(Number(word)) : levelOfWord(word);
}

/** Spans, and transactions, which are the spans that enter a service; `duration` is in s, `duration.ms` in ms. */
function writeSpan(
  writer: FixedTablesWriter,
  event: JsonObject,
  instants: Instants,
  at: Position,
): void {
  const { ts, used } = timeOf(event, instants);
  const take = (keys: readonly string[]): string | null => {
    const key = keyOf(event, keys);
    if (key === undefined) return null;
    used.add(key);
    return textOf(event[key]);
  };
  const millis = numberOf(event["duration.ms"]);
  const seconds = numberOf(event["duration"]);
  used.add("duration");
  if (millis !== null) used.add("duration.ms");
  const failed = event["error"] === true || textOf(event["otel.status_code"]) === "ERROR";
  const stated = failed || textOf(event["error.class"] ?? event["errorType"]) !== null;
  writer.span(
    {
      ts,
      traceId: take(["trace.id", "traceId"]),
      spanId: take(["id", "guid", "span.id"]),
      parentId: take(["parentId", "parent.id", "parentSpanId"]),
      service: take(SERVICES),
      name: take(["name", "transactionName"]),
      duration: millis !== null ? millis * 1000 : seconds === null ? null : seconds * 1e6,
      status: stated ? "error" : "error" in event ? "ok" : null,
      fields: without(event, used),
    },
    at,
  );
}

/** A bucket of a time series: a value for each aggregate, labels for the facets. */
function writeBucket(writer: FixedTablesWriter, bucket: JsonObject, at: Position): string | null {
  const begin = numberOf(bucket["beginTimeSeconds"]);
  if (begin === null || Math.abs(begin) > 1e11) return "a bucket without a beginning";
  return writeValues(writer, bucket, Math.round(begin * 1e6), null, at);
}

/** A sample (`SystemSample`, `Metric`, or numbers with a time): a series for each number. */
function writeSample(
  writer: FixedTablesWriter,
  event: JsonObject,
  instants: Instants,
  at: Position,
): string | null {
  const { ts } = timeOf(event, instants);
  if (ts === null) return `the time ${JSON.stringify(event["timestamp"])} cannot be read`;
  return writeValues(writer, event, ts, textOf(event["metricName"]), at);
}

interface Measured {
  readonly name: string;
  readonly value: number | null;
  readonly labels: readonly (readonly [string, string])[];
}

function writeValues(
  writer: FixedTablesWriter,
  row: JsonObject,
  ts: number,
  metric: string | null,
  at: Position,
): string | null {
  const labels: [string, string][] = [];
  const values: Measured[] = [];
  for (const [key, value] of Object.entries(row)) {
    if (isTime(key) || key === "metricName") continue;
    if (key === "facet") {
      // The facet is there again under its own name, or as the only label.
      const parts = (Array.isArray(value) ? (value as unknown[]) : [value]).map(writtenOf);
      parts.forEach((part, i) => {
        const again = Object.keys(row).some(
          (other) => other !== key && textOf(row[other]) === part,
        );
        if (part !== null && !again)
          labels.push([parts.length === 1 ? "facet" : `facet_${i + 1}`, part]);
      });
    } else if (isMeasured(key, value)) {
      values.push({ name: key, value: value as number, labels: [] });
    } else if (objectOf(value) !== null) {
      values.push(...nested(key, objectOf(value) ?? {}));
    } else if (value === null) {
      values.push({ name: key, value: null, labels: [] });
    } else {
      const text = writtenOf(value);
      if (text !== null) labels.push([key, text]);
    }
  }
  const filled = values.filter((v) => v.value !== null);
  // Null is a label that is not set, unless there is nothing else.
  const written = filled.length > 0 ? filled : values;
  if (written.length === 0) return "a sample without a number";
  const { eventType, ...own } = Object.fromEntries(labels);
  const entity = SERVICES.map((key) => own[key]).find((v) => v !== undefined);
  // The entity of a host's sample is the host.
  const isHost = entity !== undefined && HOSTS.some((key) => own[key] === entity);
  const service = (isHost ? undefined : entity) ?? serviceOfLabels(own);
  for (const { name, value, labels: further } of written) {
    const title = metric === null || name === metric ? name : `${metric}.${name}`;
    const full = eventType === undefined || metric !== null ? title : `${eventType}.${title}`;
    const series = seriesKey(full, [...Object.entries(own), ...further]);
    writer.metric({ ts, series, name: full, service, value, unit: unitOf(full) }, at);
  }
  return null;
}

/** `{"95": 1.2}` of a percentile, `{"count": 3, "sum": 9}` of a summary. */
function nested(key: string, value: JsonObject): Measured[] {
  return Object.entries(value).flatMap(([inner, v]): Measured[] => {
    const number = numberOf(v);
    if (number === null) return [];
    return /^\d+(?:\.\d+)?$/.test(inner)
      ? [{ name: key, value: number, labels: [["percentile", inner]] }]
      : [{ name: `${key}.${inner}`, value: number, labels: [] }];
  });
}

/** The unit that the name of an attribute states. */
function unitOf(name: string): string | null {
  if (/Percent(?:age)?$/.test(name) || /^percentage\b/.test(name)) return "%";
  if (/BytesPerSecond$/.test(name)) return "B/s";
  if (/PerSecond$/.test(name)) return "1/s";
  if (/Bytes$/.test(name)) return "B";
  if (/(?:\.ms|Ms|Millis(?:econds)?)$/.test(name)) return "ms";
  // New Relic's own durations are in seconds.
  return /(?:^|\.)(?:duration|databaseDuration|externalDuration|queueDuration)$/.test(name)
    ? "s"
    : null;
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/Deployment|ChangeTracking/i, "deployment"],
  [/Incident|Issue|Alert|Violation|AiSignal/i, "alert"],
  [/Audit/i, "config"],
];

function writeOther(
  writer: FixedTablesWriter,
  event: JsonObject,
  instants: Instants,
  at: Position,
): void {
  const { ts, used } = timeOf(event, instants);
  const type = textOf(event["eventType"]);
  const titleKey = keyOf(event, [
    "title",
    "conditionName",
    "name",
    "displayName",
    "actionName",
    "version",
  ]);
  const state = textOf(event["event"] ?? event["state"]);
  const title = titleKey === undefined ? (type ?? "event") : (textOf(event[titleKey]) ?? "");
  const known = KINDS.find(([pattern]) => pattern.test(type ?? ""));
  writer.event(
    {
      ts,
      kind: known?.[1] ?? type ?? "event",
      title: state === null ? title : `${title}: ${state}`,
      detail: first(event, ["description", "message", "changelog"]),
      service: first(event, SERVICES),
      fields: without(event, used),
    },
    at,
  );
}
