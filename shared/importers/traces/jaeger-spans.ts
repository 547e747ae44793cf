import type { EventRow, SpanRow } from "../fixed-tables-writer.ts";
import { listOf, numberOf, objectOf, textOf, type JsonObject } from "../json-fields.ts";
import { plainAttributes, restOf, textOfPlain, type PlainObject } from "../otlp/values.ts";
import { describeSpanEvent, withoutStack } from "./span-events.ts";

const KNOWN = new Set(
  (
    "traceID spanID parentSpanID operationName references startTime startTimeMillis duration tags tag " +
    "logs process processID warnings flags"
  ).split(" "),
);

/** What a trace says of its spans. */
export interface JaegerTrace {
  readonly traceId: string | null;
  readonly processes: JsonObject;
  readonly warnings: readonly unknown[];
}

export interface JaegerSpan {
  readonly span: SpanRow;
  readonly events: readonly EventRow[];
  /** Id of a process that is not described. */
  readonly missingProcess: string | null;
}

/**
 * A span of Jaeger's query service or of its Elasticsearch storage
 * (https://github.com/jaegertracing/jaeger/blob/main/internal/uimodel/model.go).
 * Times and durations are µs. Null where it has neither id nor operation.
 */
export function jaegerSpanOf(value: JsonObject, trace: JaegerTrace | null): JaegerSpan | null {
  const traceId = textOf(value["traceID"])?.toLowerCase() ?? trace?.traceId ?? null;
  const spanId = textOf(value["spanID"])?.toLowerCase() ?? null;
  const name = textOf(value["operationName"]);
  if (spanId === null && name === null) return null;
  const processId = textOf(value["processID"]);
  const listed = processId === null ? undefined : trace?.processes[processId];
  const process = objectOf(value["process"]) ?? objectOf(listed);
  const service = textOf(process?.["serviceName"]);
  const tags = tagsOf(value);
  const references = referencesOf(value);
  const parentId = parentOf(references, traceId) ?? textOf(value["parentSpanID"]);
  const others = references.filter((r) => r.spanId !== parentId || r.traceId !== traceId);
  const start = numberOf(value["startTime"]) ?? thousand(numberOf(value["startTimeMillis"]));
  const logs = listOf(value["logs"]);
  const span: SpanRow = {
    ts: start === null || !Number.isFinite(start) ? null : Math.round(start),
    traceId,
    spanId,
    parentId,
    service,
    name,
    duration: numberOf(value["duration"]),
    status: statusOf(tags),
    fields: {
      kind: textOf(tags["span.kind"])?.toLowerCase(),
      status_message: textOf(tags["otel.status_description"]),
      start_time: start === null ? value["startTime"] : null,
      flags: value["flags"] === 0 ? null : value["flags"],
      attributes: someOf(restOf(tags, SHOWN)),
      event_count: logs.length === 0 ? null : logs.length,
      references: others.length === 0 ? null : others.map((r) => r.value),
      warnings: someList(value["warnings"]),
      trace_warnings: someList(trace?.warnings),
      process_id: process === null ? processId : null,
      process: process === null ? null : someOf(processOf(process)),
      ...restOf(value, KNOWN),
    },
  };
  const missing = process === null ? (processId ?? "") : null;
  return { span, events: logs.map((log) => eventOf(log, span)), missingProcess: missing };
}

const SHOWN = new Set(["span.kind", "otel.status_description"]);

function thousand(millis: number | null): number | null {
  return millis === null ? null : millis * 1000;
}

/** What OpenTelemetry says of the status, else the `error` tag of OpenTracing. */
function statusOf(tags: PlainObject): string | null {
  const code = textOf(tags["otel.status_code"]);
  if (code !== null) return code.toLowerCase();
  return textOf(tags["error"]) === "true" ? "error" : null;
}

/** Tags by key; Elasticsearch may hold some as the fields of `tag`, dots written as `@`. */
function tagsOf(object: JsonObject): PlainObject {
  const fields = Object.entries(objectOf(object["tag"]) ?? {}).map(([key, value]) => ({
    key: key.replaceAll("@", "."),
    value,
  }));
  return plainAttributes([...listOf(object["tags"]).map(typedPair), ...fields]);
}

/** `{key, type, value}` with the value as its type says: Elasticsearch holds all of them as texts. */
function typedPair(tag: unknown): unknown {
  const pair = objectOf(tag);
  if (pair === null) return { key: "", value: tag };
  const { key, type, value } = pair;
  if (typeof value !== "string") return { key, value };
  if (type === "int64" || type === "float64") {
    const number = Number(value);
    const exact = type === "float64" || Number.isSafeInteger(number);
    return { key, value: value !== "" && Number.isFinite(number) && exact ? number : value };
  }
  return { key, value: type === "bool" ? value === "true" : value };
}

interface Reference {
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly type: string | null;
  readonly value: unknown;
}

function referencesOf(value: JsonObject): Reference[] {
  return listOf(value["references"]).map((item) => {
    const reference = objectOf(item) ?? {};
    return {
      traceId: textOf(reference["traceID"])?.toLowerCase() ?? null,
      spanId: textOf(reference["spanID"])?.toLowerCase() ?? null,
      type: textOf(reference["refType"]),
      // The interface adds the span itself, and the whole trace with it.
      value: restOf(reference, new Set(["span"])),
    };
  });
}

/** The first span of the same trace that this one is a child of, else that it follows from. */
function parentOf(references: readonly Reference[], traceId: string | null): string | null {
  const own = references.filter((r) => r.traceId === traceId);
  const parent = own.find((r) => r.type === "CHILD_OF") ?? own.find((r) => r.type !== null);
  return parent?.spanId ?? null;
}

function processOf(process: JsonObject): JsonObject {
  return { ...tagsOf(process), ...restOf(process, new Set(["serviceName", "tags", "tag"])) };
}

function eventOf(log: unknown, span: SpanRow): EventRow {
  const object = objectOf(log) ?? {};
  const attributes = tagsOf({ tags: object["fields"] });
  const event = textOf(attributes["event"]);
  const [first] = Object.entries(attributes);
  const name =
    event ??
    textOf(attributes["message"]) ??
    (first === undefined ? null : `${first[0]}=${textOfPlain(first[1]) ?? ""}`);
  const ts = numberOf(object["timestamp"]);
  return {
    ts: ts === null || !Number.isFinite(ts) ? null : Math.round(ts),
    service: span.service ?? null,
    ...describeSpanEvent(name, attributes),
    fields: {
      event,
      trace_id: span.traceId,
      span_id: span.spanId,
      span: span.name,
      timestamp: ts === null ? object["timestamp"] : null,
      attributes: someOf(restOf(withoutStack(attributes), new Set(["event"]))),
      ...restOf(object, new Set(["timestamp", "fields"])),
    },
  };
}

function someOf(object: JsonObject | null): JsonObject | null {
  return object === null || Object.keys(object).length === 0 ? null : object;
}

function someList(value: unknown): readonly unknown[] | null {
  const list = listOf(value);
  return list.length === 0 ? null : list;
}
