import type { LogRow } from "../fixed-tables-writer.ts";
import { textOf, type JsonObject } from "../json-fields.ts";
import { LEVELS, levelOfOtel, levelOfWord } from "../text-log/levels.ts";
import type { Origin } from "./origin.ts";
import {
  camelKeys,
  enumOf,
  hexId,
  isoOfNanos,
  microsOf,
  nanosOf,
  plainAttributes,
  plainValue,
  restOf,
  textOfPlain,
  unreadTime,
} from "./values.ts";

const KNOWN = new Set(
  (
    "timeUnixNano observedTimeUnixNano severityNumber severityText body attributes " +
    "droppedAttributesCount flags traceId spanId eventName"
  ).split(" "),
);

/** Names of `SeverityNumber` by number: `TRACE`, `TRACE2`, … `FATAL4` are 1 to 24. */
const SEVERITIES = [
  "UNSPECIFIED",
  ...["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"].flatMap((name) =>
    ["", "2", "3", "4"].map((n) => name + n),
  ),
];

/**
 * The row of a `LogRecord`
 * (https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto).
 * The time is the event's own, else that of its observation.
 */
export function logRowOf(record: JsonObject, origin: Origin): LogRow {
  const log = camelKeys(record);
  const time = nanosOf(log["timeUnixNano"]);
  const observed = nanosOf(log["observedTimeUnixNano"]);
  const severity = enumOf(log["severityNumber"], "SEVERITY_NUMBER_", SEVERITIES);
  const severityText = textOf(log["severityText"]);
  const level =
    (severity === null ? null : levelOfOtel(severity)) ??
    (severityText === null ? null : levelOfWord(severityText));
  const attributes = plainAttributes(log["attributes"]);
  const message = textOfPlain(plainValue(log["body"]));
  return {
    ts: microsOf(time ?? observed),
    level,
    service: origin.service,
    host: origin.host,
    message: message?.replace(/\r?\n$/, "") ?? null,
    fields: {
      event_name: textOf(log["eventName"]),
      trace_id: hexId(log["traceId"]),
      span_id: hexId(log["spanId"]),
      severity_text: severityText?.toLowerCase() === level ? null : severityText,
      severity_number: isPlainLevel(severity) ? null : (severity ?? log["severityNumber"]),
      observed_time: time === null || observed === null ? null : isoOfNanos(observed),
      time_unix_nano: unreadTime(log["timeUnixNano"]),
      observed_time_unix_nano: unreadTime(log["observedTimeUnixNano"]),
      flags: textOf(log["flags"]) === "0" ? null : log["flags"],
      attributes: Object.keys(attributes).length === 0 ? null : attributes,
      dropped_attributes_count:
        log["droppedAttributesCount"] === 0 ? null : log["droppedAttributesCount"],
      scope: origin.scope,
      resource: origin.resource,
      ...restOf(log, KNOWN),
    },
  };
}

/** The first number of a level says no more than the level: 9 is `info`, but 10 is `INFO2`. */
function isPlainLevel(severity: number | null): boolean {
  return (
    severity === 0 || (severity !== null && severity % 4 === 1 && severity < LEVELS.length * 4)
  );
}
