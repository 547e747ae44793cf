import type { EventRow, LogRow, MetricRow } from "../fixed-tables-writer.ts";
import {
  listOf,
  numberOf,
  objectOf,
  textOf,
  without,
  writtenOf,
  type Instants,
  type JsonObject,
} from "../json-fields.ts";
import { parseJson } from "../json-elements.ts";
import { seriesKey, serviceOfLabels } from "../series-key.ts";
import { findLevel, levelOfWord } from "../text-log/levels.ts";

const encoder = new TextEncoder();

/** An event of a log stream; `around` is what stands outside of it. */
export function logOfEvent(event: JsonObject, around: JsonObject, instants: Instants): LogRow {
  const ts = instants.read(event["timestamp"]);
  const message = (writtenOf(event["message"]) ?? "").replace(/[\r\n]+$/, "");
  const bytes = encoder.encode(message.slice(0, 200));
  return {
    ts,
    level: findLevel(bytes, 0, bytes.length),
    service: serviceOfGroup(textOf(around["logGroup"])),
    message,
    fields: {
      ...around,
      ...without(event, new Set(["timestamp", "message"])),
      ...(ts === null ? { timestamp: event["timestamp"] } : {}),
    },
  };
}

/** `/aws/lambda/checkout` and `123456789012:/ecs/checkout` are about `checkout`. */
function serviceOfGroup(group: string | null): string | null {
  const name = /\/([^/:]+)$/.exec(group ?? "")?.[1] ?? null;
  return name;
}

/** A row of an Insights query as an object. */
export function insightsRow(pairs: unknown): JsonObject {
  return Object.fromEntries(
    listOf(pairs).map((pair) => {
      const { field, value } = objectOf(pair) ?? {};
      return [textOf(field) ?? "", value];
    }),
  );
}

/** Rows of log queries point to their event; those of `stats` do not. */
export function isInsightsLog(row: JsonObject): boolean {
  return "@ptr" in row || "@message" in row;
}

/** A row of a log query: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html */
export function logOfInsights(row: JsonObject, instants: Instants): LogRow {
  const ts = instants.read(row["@timestamp"]);
  const message = writtenOf(row["@message"] ?? row["message"] ?? row["msg"]);
  const bytes = encoder.encode((message ?? "").slice(0, 200));
  const stated = textOf(row["level"] ?? row["severity"] ?? row["levelname"]);
  return {
    ts,
    level: levelOfWord(stated ?? "") ?? findLevel(bytes, 0, bytes.length),
    service: serviceOfLabels(row) ?? serviceOfGroup(textOf(row["@log"])),
    host: textOf(row["host"] ?? row["hostname"]),
    message: message?.replace(/[\r\n]+$/, "") ?? null,
    fields: without(row, new Set(["@message", ...(ts === null ? [] : ["@timestamp"])])),
  };
}

const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

/** Numbers of a row of `stats … by bin(5m)`; none where it has no time or no number. */
export function metricsOfInsights(row: JsonObject, instants: Instants): MetricRow[] {
  const entries = Object.entries(row);
  const time = entries.find(([, value]) => typeof value === "string" && TIME.test(value));
  if (time === undefined) return [];
  const ts = instants.read(time[1]);
  const others = entries.filter(([key]) => key !== time[0]);
  const isNumber = ([, value]: [string, unknown]): boolean => numberOf(value) !== null;
  const labels = others
    .filter((entry) => !isNumber(entry))
    .map(([key, value]) => [key, writtenOf(value) ?? ""] as const);
  const service = serviceOfLabels(Object.fromEntries(labels));
  return others.filter(isNumber).map(([name, value]) => ({
    ts,
    series: seriesKey(name, labels),
    name,
    service,
    value: numberOf(value),
  }));
}

const STATISTICS = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"];

/** Statistics of one point of `get-metric-statistics`, one row each. */
export function metricsOfDatapoint(
  name: string,
  datapoint: JsonObject,
  instants: Instants,
): MetricRow[] {
  const ts = instants.read(datapoint["Timestamp"]);
  const extended = objectOf(datapoint["ExtendedStatistics"]) ?? {};
  const unit = shortUnit(textOf(datapoint["Unit"]));
  const all = [
    ...STATISTICS.map((key) => [key, datapoint[key]] as const),
    ...Object.entries(extended),
  ];
  if (ts === null) return [];
  return all
    .filter(([, value]) => typeof value === "number")
    .map(([stat, value]) => ({
      ts,
      series: seriesKey(name, [["stat", stat]]),
      name,
      value: numberOf(value),
      unit: stat === "SampleCount" ? null : unit,
    }));
}

const UNITS: Readonly<Record<string, string>> = {
  Seconds: "s",
  Milliseconds: "ms",
  Microseconds: "µs",
  Bytes: "B",
  Kilobytes: "kB",
  Megabytes: "MB",
  Gigabytes: "GB",
  Terabytes: "TB",
  Bits: "bit",
  Percent: "%",
  Count: "count",
  Second: "s",
};

/** `Bytes/Second` is `B/s`; `None` is no unit. */
function shortUnit(unit: string | null): string | null {
  if (unit === null || unit === "None") return null;
  return unit
    .split("/")
    .map((part) => UNITS[part] ?? part)
    .join("/");
}

/** An entry of an alarm's history. */
export function eventOfHistory(item: JsonObject, instants: Instants): EventRow {
  const ts = instants.read(item["Timestamp"]);
  const data = parsed(item["HistoryData"]);
  const state = objectOf(objectOf(data)?.["newState"]);
  return {
    ts,
    kind: item["HistoryItemType"] === "ConfigurationUpdate" ? "config" : "alert",
    title: `${textOf(item["AlarmName"]) ?? "alarm"}: ${textOf(item["HistorySummary"]) ?? ""}`,
    detail: textOf(state?.["stateReason"]),
    fields: {
      ...without(item, new Set(["Timestamp", "HistorySummary"])),
      HistoryData: data,
      ...(ts === null ? { Timestamp: item["Timestamp"] } : {}),
    },
  };
}

/** An alarm of `describe-alarms`: its last change of state is what happened. */
export function eventOfAlarm(alarm: JsonObject, instants: Instants): EventRow {
  const date = alarm["StateUpdatedTimestamp"];
  const ts = instants.read(date);
  return {
    ts,
    kind: "alert",
    title: `${textOf(alarm["AlarmName"]) ?? "alarm"}: ${textOf(alarm["StateValue"]) ?? "unknown"}`,
    detail: textOf(alarm["StateReason"]) ?? textOf(alarm["AlarmDescription"]),
    fields: {
      ...without(
        alarm,
        new Set(["AlarmName", "StateReason", ...(ts === null ? [] : ["StateUpdatedTimestamp"])]),
      ),
    },
  };
}

/** JSON in a text, or the text where it is none. */
function parsed(written: unknown): unknown {
  if (typeof written !== "string") return written;
  const { value, bad } = parseJson(written);
  return bad === null ? value : written;
}
