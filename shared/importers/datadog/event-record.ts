import type { EventRow, SpanRow } from "../fixed-tables-writer.ts";
import {
  listOf,
  numberOf,
  objectOf,
  textOf,
  valueAt,
  without,
  type Instants,
  type JsonObject,
} from "../json-fields.ts";
import { serviceOfLabels } from "../series-key.ts";
import { tagsOf } from "./log-record.ts";

/** Kinds by words in an event's source, tags and title. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/monitor|alert/i, "alert"],
  [/deploy|release|rollout|rollback|jenkins|github|gitlab|circleci|argo/i, "deployment"],
  [/incident|pagerduty|opsgenie/i, "incident"],
  [/config|feature.?flag|launchdarkly/i, "config"],
];

function kindOf(...words: readonly unknown[]): string {
  const text = words.map((w) => textOf(w) ?? "").join(" ");
  return KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? "note";
}

const V1_COLUMNS = new Set(["title", "text", "date_happened"]);

/** An event of the first API: https://docs.datadoghq.com/api/v1/events/ */
export function eventOf(event: JsonObject, instants: Instants): EventRow {
  const ts = instants.read(event["date_happened"]);
  const tags = tagsOf(event["tags"]);
  return {
    ts,
    kind:
      textOf(event["monitor_id"]) !== null
        ? "alert"
        : kindOf(event["source"], event["source_type_name"], tags["event_type"], event["title"]),
    title: textOf(event["title"]) ?? "",
    detail: plainText(event["text"]),
    service: serviceOfLabels(tags),
    fields: {
      ...without(event, V1_COLUMNS),
      ...(ts === null ? { date_happened: event["date_happened"] } : {}),
    },
  };
}

/** An event of the second API, whose attributes have attributes of their own: https://docs.datadoghq.com/api/latest/events/ */
export function nestedEventOf(core: JsonObject, around: JsonObject, instants: Instants): EventRow {
  const inner = objectOf(core["attributes"]) ?? {};
  const tags = { ...tagsOf(inner["tags"]), ...tagsOf(core["tags"]) };
  const date = core["timestamp"] ?? inner["timestamp"] ?? inner["date_happened"];
  const ts = instants.read(date);
  const title = valueAt(inner, ["title", "evt.name"]) ?? valueAt(core, ["title"]);
  const detail = plainText(core["message"]);
  return {
    ts,
    kind:
      valueAt(inner, ["monitor_id", "monitor.id"]) !== undefined
        ? "alert"
        : kindOf(
            inner["source_type_name"],
            inner["sourcecategory"],
            valueAt(inner, ["evt.type"]),
            title,
          ),
    title: textOf(title) ?? detail?.split("\n", 1)[0] ?? "",
    detail,
    service: textOf(inner["service"]) ?? serviceOfLabels(tags),
    fields: {
      ...without(inner, new Set(["title", "service", "tags"])),
      tags: [...new Set([...listOf(core["tags"]), ...listOf(inner["tags"])])],
      ...without(core, new Set(["attributes", "message", "tags", "timestamp"])),
      ...around,
      ...(ts === null ? { timestamp: date } : {}),
    },
  };
}

/** A monitor, as the list of monitors states it: its last change of state is what happened. */
export function monitorOf(monitor: JsonObject, instants: Instants): EventRow {
  const date =
    monitor["overall_state_modified"] ?? monitor["last_triggered_ts"] ?? monitor["modified"];
  const ts = instants.read(date);
  const state = textOf(monitor["overall_state"] ?? monitor["status"]) ?? "unknown";
  return {
    ts,
    kind: "alert",
    title: `${textOf(monitor["name"]) ?? "monitor"}: ${state}`,
    detail: plainText(monitor["message"]) ?? textOf(monitor["query"]),
    service: serviceOfLabels(tagsOf(monitor["tags"])),
    fields: {
      ...without(monitor, new Set(["name", "message"])),
    },
  };
}

/** An incident: https://docs.datadoghq.com/api/latest/incidents/ */
export function incidentOf(core: JsonObject, around: JsonObject, instants: Instants): EventRow {
  const date = valueAt(core, ["detected", "created", "customer_impact_start"]);
  const state = textOf(valueAt(core, ["state", "fields.state.value"]));
  const title = textOf(core["title"]) ?? "incident";
  return {
    ts: instants.read(date),
    kind: "incident",
    title: state === null ? title : `${title}: ${state}`,
    detail: textOf(core["customer_impact_scope"]),
    service: null,
    fields: { ...without(core, new Set(["title"])), ...around },
  };
}

const SPAN_COLUMNS = new Set(
  "start_timestamp end_timestamp trace_id span_id parent_id service resource_name attributes".split(
    " ",
  ),
);

/** A span of the spans search: https://docs.datadoghq.com/api/latest/spans/ */
export function spanOf(core: JsonObject, around: JsonObject, instants: Instants): SpanRow {
  const start = instants.read(core["start_timestamp"]);
  const end = instants.read(core["end_timestamp"]);
  const custom = objectOf(core["attributes"]) ?? {};
  const stated = numberOf(valueAt(custom, ["duration"]));
  const parent = textOf(core["parent_id"]);
  const failed =
    textOf(core["status"]) === "error" || numberOf(valueAt(custom, ["error.flag", "error"])) === 1;
  return {
    ts: start,
    traceId: textOf(core["trace_id"]),
    spanId: textOf(core["span_id"]),
    // Zero is no parent.
    parentId: parent === "0" ? null : parent,
    service: textOf(core["service"]),
    name: textOf(core["resource_name"]) ?? textOf(custom["operation_name"]),
    // Datadog counts durations in ns.
    duration: start !== null && end !== null ? end - start : stated === null ? null : stated / 1000,
    status: failed ? "error" : (textOf(core["status"]) ?? null),
    fields: {
      ...custom,
      ...without(core, SPAN_COLUMNS),
      ...around,
      ...(start === null ? { start_timestamp: core["start_timestamp"] } : {}),
    },
  };
}

/** Events of the first API are fenced for Markdown: `%%% \n … \n %%%`. */
function plainText(text: unknown): string | null {
  const plain = (textOf(text) ?? "").replace(/^%%%\s*|\s*%%%\s*$/g, "").trim();
  return plain === "" ? null : plain;
}
