import type { EventRow, SpanRow } from "../fixed-tables-writer.ts";
import { parseJson } from "../json-elements.ts";
import { listOf, numberOf, objectOf, textOf, type JsonObject } from "../json-fields.ts";
import { restOf } from "../otlp/values.ts";
import { describeSpanEvent, withoutStack } from "./span-events.ts";
import { CORE_ANNOTATIONS } from "./zipkin-v1.ts";

const KNOWN = new Set(
  (
    "traceId id parentId name timestamp timestamp_millis duration kind localEndpoint remoteEndpoint tags " +
    "annotations shared debug"
  ).split(" "),
);

export interface ZipkinSpan {
  readonly span: SpanRow;
  readonly events: readonly EventRow[];
}

interface Annotation {
  readonly ts: number | null;
  readonly value: string;
  readonly endpoint: JsonObject | null;
}

/**
 * A span of Zipkin in version 2 (https://zipkin.io/zipkin-api/). Times and
 * durations are µs. Null where it has no id.
 */
export function zipkinSpanOf(value: JsonObject): ZipkinSpan | null {
  const spanId = textOf(value["id"])?.toLowerCase() ?? null;
  if (spanId === null) return null;
  const annotations = listOf(value["annotations"]).map(annotationOf);
  const tags = objectOf(value["tags"]) ?? {};
  const endpoint = objectOf(value["localEndpoint"]);
  const start = microsOf(value["timestamp"]);
  const span: SpanRow = {
    // The server's half of a shared span may leave its time to the client's.
    ts: start ?? earliest(annotations),
    traceId: textOf(value["traceId"])?.toLowerCase() ?? null,
    spanId,
    parentId: textOf(value["parentId"])?.toLowerCase() ?? null,
    service: textOf(endpoint?.["serviceName"]),
    name: textOf(value["name"]),
    duration: numberOf(value["duration"]),
    status: statusOf(tags),
    fields: {
      kind: textOf(value["kind"])?.toLowerCase(),
      shared: value["shared"] === true ? true : null,
      debug: value["debug"] === true ? true : null,
      timestamp: start === null ? value["timestamp"] : null,
      attributes: Object.keys(tags).length === 0 ? null : tags,
      event_count: annotations.length === 0 ? null : annotations.length,
      local: someOf(restOf(endpoint ?? {}, new Set(["serviceName"]))),
      remote: objectOf(value["remoteEndpoint"]),
      ...restOf(value, KNOWN),
    },
  };
  return { span, events: annotations.map((a) => eventOf(a, span)) };
}

/** What OpenTelemetry says of the status, else the tag `error`, which may be empty. */
function statusOf(tags: JsonObject): string | null {
  const code = textOf(tags["otel.status_code"]);
  if (code !== null) return code.toLowerCase();
  return "error" in tags && textOf(tags["error"]) !== "false" ? "error" : null;
}

function annotationOf(item: unknown): Annotation {
  const annotation = objectOf(item) ?? {};
  return {
    ts: microsOf(annotation["timestamp"]),
    value: textOf(annotation["value"]) ?? "unnamed event",
    endpoint: objectOf(annotation["endpoint"]),
  };
}

function eventOf(annotation: Annotation, span: SpanRow): EventRow {
  const otel = otelEventOf(annotation.value);
  const name = otel?.name ?? CORE_ANNOTATIONS[annotation.value] ?? annotation.value;
  const attributes = otel?.attributes ?? {};
  return {
    ts: annotation.ts,
    service: textOf(annotation.endpoint?.["serviceName"]) ?? span.service ?? null,
    ...describeSpanEvent(name, attributes),
    fields: {
      event: otel?.name ?? annotation.value,
      trace_id: span.traceId,
      span_id: span.spanId,
      span: span.name,
      attributes: someOf(withoutStack(attributes)),
      endpoint: annotation.endpoint,
    },
  };
}

/**
 * OpenTelemetry writes its events as `{"name": {attributes}}`, some of its
 * exporters without the outer braces
 * (https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/#events).
 */
function otelEventOf(value: string): { name: string; attributes: JsonObject } | null {
  if (!/^\{?\s*"/.test(value) || !value.endsWith("}")) return null;
  const { value: read } = parseJson(value.startsWith("{") ? value : `{${value}}`);
  const [entry, ...others] = Object.entries(objectOf(read) ?? {});
  const attributes = objectOf(entry?.[1]);
  if (entry === undefined || others.length > 0 || attributes === null) return null;
  return { name: entry[0], attributes };
}

function microsOf(value: unknown): number | null {
  const number = numberOf(value);
  return number === null || !Number.isFinite(number) || number <= 0 ? null : Math.round(number);
}

function earliest(annotations: readonly Annotation[]): number | null {
  const times = annotations.map((a) => a.ts).filter((ts) => ts !== null);
  return times.length === 0 ? null : Math.min(...times);
}

function someOf(object: JsonObject | null): JsonObject | null {
  return object === null || Object.keys(object).length === 0 ? null : object;
}
