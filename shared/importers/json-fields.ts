import { elementsOf, parseJson, type JsonElement } from "./json-elements.ts";
import { epochMicros } from "./text-log/clocks.ts";
import {
  compileTime,
  detectTimeLayout,
  type DetectedTime,
  type TimeLayout,
  type TimeParser,
} from "./times.ts";

/** A JSON object, as it comes from `JSON.parse`. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object, or null where it is a list, a scalar or nothing. */
export function objectOf(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : null;
}

/** The value as a list; an empty one where it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text that says something: strings as they are, numbers and booleans written out; else null. */
export function textOf(value: unknown): string | null {
  if (typeof value === "string") return value === "" ? null : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

/** The same, and objects and lists as JSON. */
export function writtenOf(value: unknown): string | null {
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return textOf(value);
}

/** A number, or one that is written as a text (`"12"`, `"NaN"`, `"-Infinity"`); else null. */
export function numberOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return null;
  if (/^[+-]?inf(?:inity)?$/i.test(value)) return value.startsWith("-") ? -Infinity : Infinity;
  if (/^nan$/i.test(value)) return NaN;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}

/** The value of an element with integers that a double cannot hold as texts. */
export function exactValue(element: JsonElement): unknown {
  if (!hasLongInteger(element.value)) return element.value;
  const exact = element
    .text()
    .replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, (token) =>
      token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${token}"`,
    );
  const { value, bad } = parseJson(exact);
  return bad === null ? value : element.value;
}

function hasLongInteger(value: unknown): boolean {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null) return false;
  for (const inner of Array.isArray(value) ? (value as unknown[]) : Object.values(value))
    if (hasLongInteger(inner)) return true;
  return false;
}

/** µs of a number of milliseconds since 1970, or null where no clock could say so. */
export function microsOfMillis(millis: unknown): number | null {
  if (typeof millis !== "number") return null;
  const micros = Math.round(millis * 1000);
  return Number.isSafeInteger(micros) ? micros : null;
}

/** The value at the first of these dotted paths that holds one; a key may have dots in itself. */
export function valueAt(object: JsonObject, paths: readonly string[]): unknown {
  for (const path of paths) {
    const value = descend(object, path);
    if (value !== undefined && value !== null && value !== "") return value;
  }
  return undefined;
}

function descend(object: JsonObject, path: string): unknown {
  if (path in object) return object[path];
  const dot = path.indexOf(".");
  if (dot < 0) return undefined;
  const inner = objectOf(object[path.slice(0, dot)]);
  return inner === null ? undefined : descend(inner, path.slice(dot + 1));
}

/** An object without some of its keys. */
export function without(object: JsonObject, keys: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.has(key)));
}

/**
 * The first value at each path in the first bytes of JSON, for recognising.
 * `[]` in a path is any index of a list, `*` any key of an object.
 */
export function firstValues(
  head: Uint8Array,
  paths: readonly string[],
): ReadonlyMap<string, unknown> {
  const isList = firstByte(head) === 0x5b;
  // A path of a list would be taken for one of an object's keys, and stop what goes deeper.
  const asked = paths.filter((p) => (p.startsWith("[]") ? isList : !isList));
  const steps = asked.map((p) => p.split("."));
  const found = new Map<string, unknown>();
  const patterns = asked.map((p) => p.replaceAll("[]", "*"));
  for (const element of elementsOf(head, patterns)) {
    const shape = element.path.map((step) => (typeof step === "number" ? "[]" : step));
    // Several paths may be one pattern: each is asked for itself.
    steps.forEach((wanted, i) => {
      const path = asked[i] ?? "";
      if (element.bad !== null || found.has(path) || wanted.length !== shape.length) return;
      if (wanted.every((step, d) => step === shape[d] || (step === "*" && shape[d] !== "[]")))
        found.set(path, element.value);
    });
  }
  return found;
}

/** The first byte that is no blank and no byte order mark. */
function firstByte(head: Uint8Array): number | undefined {
  return head.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
}

/** Reads instants as JSON has them: epochs of any unit, ISO 8601, and other layouts by their look. */
export class Instants {
  /** How many times were read that name no zone. */
  unzoned = 0;
  readonly #parsers = new Map<TimeLayout, TimeParser>();
  readonly #zone: string;
  #dayFirst: boolean | undefined;
  #learnt: TimeLayout | null = null;

  /** `zone`: of times that name none; UTC by default. */
  constructor(zone: string | undefined, dayFirst?: boolean) {
    this.#zone = zone ?? "UTC";
    this.#dayFirst = dayFirst;
  }

  /** Takes the layout that reads all of these: one alone may not tell day from month. */
  learn(samples: readonly string[]): DetectedTime | null {
    const detected = detectTimeLayout(samples);
    if (detected === null || detected.layout.startsWith("epoch")) return detected;
    this.#learnt = detected.layout;
    this.#dayFirst ??= detected.dayFirst;
    return detected;
  }

  /** µs UTC, or null where the value is no instant. */
  read(value: unknown): number | null {
    if (typeof value === "number") return orNull(epochMicros(value));
    if (typeof value !== "string" || value.length < 6 || value.length > 60) return null;
    if (/^\d{9,15}(?:\.\d+)?$/.test(value)) return orNull(epochMicros(Number(value)));
    // A double does not hold 19 digits.
    if (/^\d{16}$/.test(value)) return orNull(epochMicros(Number(value)));
    if (/^\d{19}$/.test(value)) return orNull(epochMicros(Number(value.slice(0, 16))));
    const iso = this.#parse(this.#learnt ?? "iso", value);
    const zoned = /(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$/i.test(value);
    if (!Number.isNaN(iso)) {
      if (!zoned) this.unzoned++;
      return iso;
    }
    const layout = detectTimeLayout([value]);
    if (layout === null || !layout.hasYear) return null;
    if (!layout.hasZone) this.unzoned++;
    return orNull(this.#parse(layout.layout, value));
  }

  #parse(layout: TimeLayout, text: string): number {
    let parser = this.#parsers.get(layout);
    if (parser === undefined) {
      const order = this.#dayFirst;
      const zone = this.#zone;
      parser = compileTime(layout, order === undefined ? { zone } : { zone, dayFirst: order });
      this.#parsers.set(layout, parser);
    }
    const bytes = encoder.encode(text);
    return parser(bytes, 0, bytes.length);
  }
}

const encoder = new TextEncoder();

function orNull(micros: number): number | null {
  return Number.isNaN(micros) ? null : micros;
}
