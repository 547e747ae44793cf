import type { LogRow } from "../fixed-tables-writer.ts";
import { objectOf, textOf, type Instants, type JsonObject } from "../json-fields.ts";
import { serviceOfLabels } from "../series-key.ts";
import { findLevel, levelOfWord, type Level } from "../text-log/levels.ts";

const LEVELS = "level detected_level severity severity_text log_level loglevel lvl".split(" ");
const HOSTS = "host hostname host_name node node_name nodename instance".split(" ");

/** A line of a log with the labels of its stream and what Loki keeps beside the line. */
export function logRow(
  labels: JsonObject,
  time: unknown,
  line: string,
  beside: JsonObject,
  instants: Instants,
): LogRow {
  const ts = microsOf(time, instants);
  const all = { ...labels, ...flatten(beside) };
  const known = Object.fromEntries(Object.entries(all).filter(([, v]) => v !== "unknown_service"));
  return {
    ts,
    level: levelOf(all, line),
    service: serviceOfLabels(known),
    host: HOSTS.map((key) => textOf(all[key])).find((host) => host !== null) ?? null,
    message: line,
    fields: { ...all, ...(ts === null ? { timestamp: time } : {}) },
  };
}

/** ns since 1970 as a text, or a time in ISO 8601; in µs. */
function microsOf(time: unknown, instants: Instants): number | null {
  // A double does not hold 19 digits: the last three are cut off before it is made.
  if (typeof time === "string" && /^\d{10,19}$/.test(time))
    return time.length > 3 ? Number(time.slice(0, -3)) : null;
  return typeof time === "string" ? instants.read(time) : null;
}

/** Structured metadata and labels of a parser, which newer answers keep apart. */
function flatten(beside: JsonObject): JsonObject {
  const { structuredMetadata, parsed, ...rest } = beside;
  return { ...rest, ...objectOf(structuredMetadata), ...objectOf(parsed) };
}

const encoder = new TextEncoder();

function levelOf(labels: JsonObject, line: string): Level | null {
  for (const key of LEVELS) {
    const level = levelOfWord(textOf(labels[key]) ?? "");
    if (level !== null) return level;
  }
  const bytes = encoder.encode(line.slice(0, 200));
  return findLevel(bytes, 0, bytes.length);
}

/** Labels of a stream, which older versions write as a selector: `{app="a",env="b"}`. */
export function labelsOf(written: unknown): JsonObject {
  if (typeof written !== "string") return objectOf(written) ?? {};
  const labels: Record<string, string> = {};
  for (const [, key = "", value = ""] of written.matchAll(/([\w.]+)\s*=\s*"((?:[^"\\]|\\.)*)"/g))
    labels[key] = value.replace(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char));
  return labels;
}
