import type { LogRow } from "../fixed-tables-writer.ts";
import {
  objectOf,
  textOf,
  valueAt,
  without,
  writtenOf,
  type Instants,
  type JsonObject,
} from "../json-fields.ts";
import { serviceOfLabels } from "../series-key.ts";
import { levelOfNumber, levelOfWord, type Level } from "../text-log/levels.ts";

/** https://docs.datadoghq.com/logs/log_configuration/pipelines/: what a log's date and status may be called. */
const DATES =
  "@timestamp timestamp _timestamp Timestamp eventTime date published_date syslog.timestamp".split(
    " ",
  );
const STATUSES = "status severity level syslog.severity".split(" ");
const HOSTS = "host hostname syslog.hostname".split(" ");
const SERVICES = "service service.name syslog.appname".split(" ");
const MESSAGES = "message msg log error.message title".split(" ");

/** Keys of a log that have columns, so that the fields need not repeat them. */
const COLUMNS = new Set([
  "timestamp",
  "date",
  "host",
  "service",
  "status",
  "message",
  "attributes",
]);

/**
 * The row of a log, from the core of its record (`attributes` of the second
 * API, `content` of the first, a whole record of an archive) and what stands
 * around it (`id`, `type`).
 */
export function logOf(core: JsonObject, around: JsonObject, instants: Instants): LogRow {
  const custom = objectOf(core["attributes"]) ?? {};
  const tags = tagsOf(core["tags"]);
  const find = (names: readonly string[]): unknown =>
    valueAt(core, names) ?? valueAt(custom, names);
  const date = find(DATES);
  const ts = instants.read(date);
  const status = find(STATUSES);
  const level = levelOf(status);
  const rest: Record<string, unknown> = { ...custom };
  // What an outer key says is kept beside an attribute of the same name.
  for (const [key, value] of Object.entries({ ...without(core, COLUMNS), ...around }))
    rest[key in rest ? `_${key}` : key] = value;
  if (Array.isArray(rest["tags"]) && rest["tags"].length === 0) delete rest["tags"];
  const own = textOf(core["attributes"]);
  if (own !== null) rest["attributes"] = own;
  return {
    ts,
    level,
    service: textOf(find(SERVICES)) ?? serviceOfLabels(tags),
    host: textOf(find(HOSTS)) ?? tags["host"] ?? null,
    message: writtenOf(find(MESSAGES)),
    fields: {
      ...rest,
      ...(ts === null && date !== undefined ? { timestamp: date } : {}),
      ...(level !== textOf(status)?.toLowerCase() ? { status } : {}),
    },
  };
}

/** The level of a Datadog status: a word, or a number of syslog. */
export function levelOf(status: unknown): Level | null {
  if (typeof status === "number") return levelOfNumber(status);
  const text = textOf(status);
  if (text === null) return null;
  return /^\d+$/.test(text) ? levelOfNumber(Number(text)) : levelOfWord(text);
}

/** Tags of the form `key:value`, by key; a tag without a value is left out. */
export function tagsOf(tags: unknown): Record<string, string> {
  const list = Array.isArray(tags)
    ? (tags as unknown[])
    : typeof tags === "string"
      ? tags.split(",")
      : [];
  const found: Record<string, string> = {};
  for (const tag of list) {
    const match = /^\s*([^:]+):(.+)$/s.exec(textOf(tag) ?? "");
    const [, key = "", value = ""] = match ?? [];
    if (key === "") continue;
    found[key] = key in found ? `${found[key] ?? ""},${value}` : value;
  }
  return found;
}
