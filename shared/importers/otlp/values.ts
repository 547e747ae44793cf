import { listOf, objectOf, type JsonObject } from "../json-fields.ts";

/** What an OTLP `AnyValue` says, as plain JSON. */
export type Plain =
  string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };
export type PlainObject = Readonly<Record<string, Plain>>;

/** Values nested deeper than this are kept as JSON text. */
const DEEPEST = 64;

/** An object with lowerCamelCase keys, however they were written (`time_unix_nano`); itself where they are. */
export function camelKeys(object: JsonObject): JsonObject {
  for (const key in object) {
    if (!key.includes("_")) continue;
    const entries = Object.entries(object);
    return Object.fromEntries(entries.map(([k, value]) => [camel(k), value]));
  }
  return object;
}

function camel(key: string): string {
  return key.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** What stands under keys that are not known, to be kept among the fields. */
export function restOf(object: JsonObject, known: ReadonlySet<string>): JsonObject | null {
  for (const key in object) {
    if (known.has(key)) continue;
    return Object.fromEntries(Object.entries(object).filter(([k]) => !known.has(k)));
  }
  return null;
}

/** The value that an `AnyValue` carries. Integers beyond 2^53 and non-finite numbers become texts, bytes base64. */
export function plainValue(any: unknown, depth = 0): Plain {
  const object = objectOf(any);
  // Some writers put plain JSON where an AnyValue belongs.
  if (object === null) return plainJson(any);
  const { stringValue: text } = object;
  if (typeof text === "string") return text;
  if (depth > DEEPEST) return JSON.stringify(any, writeBigInt);
  const value = camelKeys(object);
  const { stringValue, intValue, doubleValue, boolValue, bytesValue } = value;
  if (stringValue !== undefined) return plainJson(stringValue);
  if (intValue !== undefined) return plainInt(intValue);
  if (doubleValue !== undefined) return plainDouble(doubleValue);
  if (boolValue !== undefined) return plainJson(boolValue);
  if (bytesValue !== undefined) return plainJson(bytesValue);
  if (value["arrayValue"] !== undefined)
    return listOf(objectOf(value["arrayValue"])?.["values"]).map((v) => plainValue(v, depth + 1));
  if (value["kvlistValue"] !== undefined)
    return plainAttributes(objectOf(value["kvlistValue"])?.["values"], depth + 1);
  return Object.keys(value).length === 0 ? null : plainJson(any);
}

/** A list of `{key, value}` as an object; a key that comes again is named `key_2`. */
export function plainAttributes(list: unknown, depth = 0): PlainObject {
  const object = objectOf(list);
  if (object !== null)
    return Object.fromEntries(Object.entries(object).map(([k, v]) => [k, plainValue(v, depth)]));
  const found = new Map<string, Plain>();
  for (const item of listOf(list)) {
    const pair = objectOf(item);
    if (pair === null) continue;
    const { key } = pair;
    let name = typeof key === "string" ? key : "";
    for (let n = 2; found.has(name); n++) name = `${String(key)}_${n}`;
    found.set(name, plainValue(pair["value"], depth));
  }
  return Object.fromEntries(found);
}

function plainJson(value: unknown): Plain {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return plainDouble(value);
  return typeof value === "bigint" ? plainInt(value) : (value as Plain);
}

function plainInt(value: unknown): Plain {
  if (typeof value === "number") return value;
  const text = String(value);
  const number = Number(text);
  return Number.isSafeInteger(number) && /^-?\d+$/.test(text) ? number : text;
}

function plainDouble(value: unknown): Plain {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  return plainJson(value);
}

/** For `JSON.stringify`: 64-bit integers as texts. */
export function writeBigInt(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** A value as one text: strings as they are, all else as JSON; null for nothing. */
export function textOfPlain(value: Plain): string | null {
  if (value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Trace and span ids as lower-case hex. Plain protobuf JSON writes them in
 * base64 instead of the hex that OTLP asks for; the lengths tell which.
 * An id of zeros means none.
 */
export function hexId(value: unknown): string | null {
  if (typeof value !== "string" || value === "") return null;
  let hex = value.toLowerCase();
  if (!/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/.test(hex)) {
    const bytes = /^(?:[\w+/-]{22}(?:==)?|[\w+/-]{11}=?)$/.test(value) ? bytesOf64(value) : null;
    if (bytes === null) return value;
    hex = bytes;
  }
  return /^0+$/.test(hex) ? null : hex;
}

function bytesOf64(base64: string): string | null {
  try {
    const binary = atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
    return Array.from(binary, (c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  } catch {
    return null;
  }
}

/** Nanoseconds since the epoch, written as text or number; null where there are none or zero, which means unknown. */
export function nanosOf(value: unknown): bigint | null {
  if (typeof value === "bigint") return value > 0n ? value : null;
  if (typeof value === "number")
    return Number.isFinite(value) && value > 0 ? BigInt(Math.trunc(value)) : null;
  if (typeof value !== "string" || !/^\d{1,20}$/.test(value)) return null;
  const nanos = BigInt(value);
  return nanos > 0n ? nanos : null;
}

export function microsOf(nanos: bigint | null): number | null {
  return nanos === null ? null : Number(nanos / 1000n);
}

/** `2026-03-01T10:00:00.123456789Z`. */
export function isoOfNanos(nanos: bigint): string {
  const seconds = new Date(Number(nanos / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(nanos % 1_000_000_000n).padStart(9, "0")}Z`;
}

/** What a time that could not be read says; null for a good one and for none. */
export function unreadTime(value: unknown): unknown {
  const none = value === undefined || value === null || value === "" || Number(value) === 0;
  return none || nanosOf(value) !== null ? null : value;
}

/** A count: 64-bit integers may be texts. Null where it is none. */
export function countOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : null;
}

/** The number of an enum that may be written as a number, as digits or by name. */
export function enumOf(value: unknown, prefix: string, names: readonly string[]): number | null {
  const number = countOf(value);
  if (number !== null || typeof value !== "string") return number;
  const name = value.toUpperCase();
  const at = names.indexOf(name.startsWith(prefix) ? name.slice(prefix.length) : name);
  return at < 0 ? null : at;
}
