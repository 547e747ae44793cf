import type { LogRow } from "../fixed-tables-writer.ts";
import {
  objectOf,
  textOf,
  without,
  writtenOf,
  type Instants,
  type JsonObject,
} from "../json-fields.ts";
import {
  findLevel,
  levelOfNumber,
  levelOfSyslog,
  levelOfWord,
  type Level,
} from "../text-log/levels.ts";

// Names of the Elastic Common Schema, then what shippers and programs use instead:
// https://www.elastic.co/guide/en/ecs/current/ecs-field-reference.html
const TIMES = "@timestamp timestamp time ts @time datetime date event.created".split(" ");
const MESSAGES = "message msg log.original event.original log body text error.message".split(" ");
const LEVELS =
  "log.level level severity loglevel log_level levelname severity_text syslog.severity_label".split(
    " ",
  );
const SERVICES = (
  "service.name service kubernetes.labels.app kubernetes.labels.app_kubernetes_io/name app " +
  "application kubernetes.deployment.name kubernetes.container.name container.name"
).split(" ");
const HOSTS = "host.name host.hostname hostname host agent.hostname beat.hostname".split(" ");
const SYSLOG = "log.syslog.severity.code syslog.severity".split(" ");

/** A document with the keys of its hit (`_index`, `_id`), and what of it has columns. */
export interface HitRow {
  readonly row: LogRow;
  /** Why it says too little to be a log; null where it is one. */
  readonly refused: string | null;
}

/** The row of a hit of a search, or of a line of elasticdump. */
export function rowOfHit(hit: JsonObject, instants: Instants): HitRow {
  const source = objectOf(hit["_source"]) ?? {};
  const fields = unwrapped(objectOf(hit["fields"]) ?? {});
  // Columns of a search may say what the source leaves out, or says otherwise.
  const { added, changed } = compare(fields, source);
  const doc = { ...added, ...source };
  const used: string[] = [];
  const find = (names: readonly string[], accept = textOf): string | null => {
    for (const name of names) {
      const text = accept(lookUp(doc, name));
      if (text === null) continue;
      used.push(name);
      return text;
    }
    return null;
  };
  const time = TIMES.map((name) => ({ name, value: lookUp(doc, name) })).find(
    ({ value }) => value !== undefined && value !== null && value !== "",
  );
  const ts = time === undefined ? null : readTime(time.value, instants);
  if (time !== undefined && ts !== null) used.push(time.name);
  const message = find(MESSAGES) ?? find(["message"], writtenOf);
  const service = find(SERVICES);
  const host = find(HOSTS);
  const level = levelOf(doc, message, used);
  const around = Object.entries(hit).filter(([key]) => key !== "_source" && key !== "fields");
  const rest = used.reduce<JsonObject>(withoutPath, doc);
  return {
    row: {
      ts,
      level,
      service,
      host,
      message,
      fields: { ...Object.fromEntries(around), ...rest, ...changed },
    },
    refused:
      ts === null && message === null ? "a document with neither a time nor a message" : null,
  };
}

/** Dates are ISO 8601 or ms since 1970, also in a text. */
function readTime(value: unknown, instants: Instants): number | null {
  return instants.read(Array.isArray(value) ? (value as unknown[])[0] : value);
}

const encoder = new TextEncoder();

function levelOf(doc: JsonObject, message: string | null, used: string[]): Level | null {
  for (const name of LEVELS) {
    const value = lookUp(doc, name);
    const text = textOf(value);
    if (text === null) continue;
    const level = /^\d+$/.test(text) ? levelOfNumber(Number(text)) : levelOfWord(text);
    if (level === null) continue;
    // The word itself says no more than the column where both are the same.
    if (level === text.toLowerCase()) used.push(name);
    return level;
  }
  for (const name of SYSLOG) {
    const code = lookUp(doc, name);
    if (typeof code === "number") return levelOfSyslog(code);
  }
  const bytes = encoder.encode((message ?? "").slice(0, 200));
  return findLevel(bytes, 0, bytes.length);
}

/** The value at a dotted name, which may be nested, dotted, or both: `{"log.syslog":{"severity":…}}`. */
function lookUp(object: JsonObject, name: string): unknown {
  if (name in object) return object[name];
  for (let dot = name.indexOf("."); dot > 0; dot = name.indexOf(".", dot + 1)) {
    const inner = objectOf(object[name.slice(0, dot)]);
    const value = inner === null ? undefined : lookUp(inner, name.slice(dot + 1));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A copy without the value at a dotted name, and without objects that it leaves empty. */
function withoutPath(object: JsonObject, name: string): JsonObject {
  if (name in object) return without(object, new Set([name]));
  for (let dot = name.indexOf("."); dot > 0; dot = name.indexOf(".", dot + 1)) {
    const key = name.slice(0, dot);
    const inner = objectOf(object[key]);
    if (inner === null || lookUp(inner, name.slice(dot + 1)) === undefined) continue;
    const rest = withoutPath(inner, name.slice(dot + 1));
    return Object.keys(rest).length === 0
      ? without(object, new Set([key]))
      : { ...object, [key]: rest };
  }
  return object;
}

/** `fields` of a search are lists; a list of one value is that value. */
function unwrapped(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value,
    ]),
  );
}

/** What columns of a search say beside the source, and, with `fields.` before, against it. */
function compare(
  fields: JsonObject,
  source: JsonObject,
): { readonly added: JsonObject; readonly changed: JsonObject } {
  const added: Record<string, unknown> = {};
  const changed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    const own = lookUp(source, key);
    if (own === undefined) added[key] = value;
    else if (JSON.stringify(own) !== JSON.stringify(value)) changed[`fields.${key}`] = value;
  }
  return { added, changed };
}
