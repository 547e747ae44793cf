import type { EventRow, SpanRow } from "../fixed-tables-writer.ts";
import { listOf, objectOf, textOf, type JsonObject } from "../json-fields.ts";
import { describeSpanEvent, withoutStack } from "../traces/span-events.ts";
import type { Origin } from "./origin.ts";
import {
  camelKeys,
  enumOf,
  hexId,
  isoOfNanos,
  microsOf,
  nanosOf,
  plainAttributes,
  restOf,
  unreadTime,
} from "./values.ts";

const KINDS = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const CODES = ["UNSET", "OK", "ERROR"];

const SPAN_KEYS = new Set(
  (
    "traceId spanId traceState parentSpanId flags name kind startTimeUnixNano endTimeUnixNano attributes " +
    "droppedAttributesCount events droppedEventsCount links droppedLinksCount status"
  ).split(" "),
);
const EVENT_KEYS = new Set("timeUnixNano name attributes droppedAttributesCount".split(" "));
const LINK_KEYS = new Set(
  "traceId spanId traceState attributes droppedAttributesCount flags".split(" "),
);
const STATUS_KEYS = new Set(["code", "message"]);

export interface SpanRows {
  readonly span: SpanRow;
  readonly events: readonly EventRow[];
}

/**
 * The row of a `Span`, and one for each of its events
 * (https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto).
 */
export function spanRowsOf(record: JsonObject, origin: Origin): SpanRows {
  const span = camelKeys(record);
  const start = nanosOf(span["startTimeUnixNano"]);
  const end = nanosOf(span["endTimeUnixNano"]);
  const status = camelKeys(objectOf(span["status"]) ?? {});
  const links = listOf(span["links"]).map(linkOf);
  const row: SpanRow = {
    ts: microsOf(start),
    traceId: hexId(span["traceId"]),
    spanId: hexId(span["spanId"]),
    parentId: hexId(span["parentSpanId"]),
    service: origin.service,
    name: textOf(span["name"]),
    duration: start === null || end === null ? null : Number(end - start) / 1000,
    status: nameOf(status["code"] ?? 0, "STATUS_CODE_", CODES),
    fields: {
      kind: span["kind"] === undefined ? null : nameOf(span["kind"], "SPAN_KIND_", KINDS),
      status_message: textOf(status["message"]),
      status: restOf(status, STATUS_KEYS),
      trace_state: textOf(span["traceState"]),
      flags: someCount(span["flags"]),
      end_time: start === null && end !== null ? isoOfNanos(end) : null,
      start_time_unix_nano: unreadTime(span["startTimeUnixNano"]),
      end_time_unix_nano: unreadTime(span["endTimeUnixNano"]),
      attributes: someOf(plainAttributes(span["attributes"])),
      dropped_attributes_count: someCount(span["droppedAttributesCount"]),
      event_count: someCount(listOf(span["events"]).length),
      dropped_events_count: someCount(span["droppedEventsCount"]),
      link_count: someCount(links.length),
      links: links.length === 0 ? null : links,
      dropped_links_count: someCount(span["droppedLinksCount"]),
      scope: origin.scope,
      resource: origin.resourceAndHost,
      ...restOf(span, SPAN_KEYS),
    },
  };
  return { span: row, events: listOf(span["events"]).map((e) => eventRowOf(e, row)) };
}

function eventRowOf(value: unknown, span: SpanRow): EventRow {
  const event = camelKeys(objectOf(value) ?? { value });
  const attributes = plainAttributes(event["attributes"]);
  const name = textOf(event["name"]);
  return {
    ts: microsOf(nanosOf(event["timeUnixNano"])),
    service: span.service ?? null,
    ...describeSpanEvent(name, attributes),
    fields: {
      event: name,
      trace_id: span.traceId,
      span_id: span.spanId,
      span: span.name,
      time_unix_nano: unreadTime(event["timeUnixNano"]),
      attributes: someOf(withoutStack(attributes)),
      dropped_attributes_count: someCount(event["droppedAttributesCount"]),
      ...restOf(event, EVENT_KEYS),
    },
  };
}

function linkOf(value: unknown): Record<string, unknown> {
  const link = camelKeys(objectOf(value) ?? { value });
  const entries = Object.entries({
    trace_id: hexId(link["traceId"]),
    span_id: hexId(link["spanId"]),
    trace_state: textOf(link["traceState"]),
    attributes: someOf(plainAttributes(link["attributes"])),
    dropped_attributes_count: someCount(link["droppedAttributesCount"]),
    flags: someCount(link["flags"]),
    ...restOf(link, LINK_KEYS),
  });
  return Object.fromEntries(entries.filter(([, v]) => v !== null && v !== undefined));
}

/** The name of an enum's value in lower case; a value that is not known stands as it is. */
function nameOf(value: unknown, prefix: string, names: readonly string[]): string {
  const number = enumOf(value, prefix, names);
  return (number === null ? undefined : names[number]?.toLowerCase()) ?? String(value);
}

function someOf(object: Readonly<Record<string, unknown>> | null): unknown {
  return object === null || Object.keys(object).length === 0 ? null : object;
}

function someCount(value: unknown): unknown {
  return value === 0 || value === "0" ? null : value;
}
