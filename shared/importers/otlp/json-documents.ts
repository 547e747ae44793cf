import type { JsonElement } from "../json-elements.ts";
import { listOf, objectOf, type JsonObject } from "../json-fields.ts";
import { KEPT_TEXT } from "../text.ts";
import { isJsonLines } from "../traces/json-lines.ts";
import { originOf, type Origin } from "./origin.ts";
import type { OtlpRecord, OtlpReject, Signal } from "./records.ts";
import { camelKeys } from "./values.ts";

type Item = OtlpRecord | OtlpReject;

/** Keys of the lists of resources, in camel case. `batches` is what Tempo's API answers. */
const RESOURCE_LISTS = ["resourceLogs", "resourceMetrics", "resourceSpans", "batches"] as const;
/** Keys of what a scope holds. */
const RECORD_LISTS: Readonly<Record<string, Signal>> = {
  logRecords: "logs",
  metrics: "metrics",
  spans: "spans",
};
/** Before version 0.15 scopes were called instrumentation libraries. */
const SCOPES = ["scope", "instrumentationLibrary"] as const;

/** How a file is read: whole documents where each is one line, else record by record. */
export interface JsonLayout {
  readonly patterns: readonly string[];
  readonly reader: (service: string | null) => DocumentReader;
}

export interface DocumentReader {
  push(element: JsonElement): Iterable<Item>;
  finish(): Iterable<Item>;
}

/** Tells from the first bytes how a file is best read. */
export function layoutOf(head: Uint8Array): JsonLayout {
  return isJsonLines(head) ? LINES : DEEP;
}

// --- A document a line ------------------------------------------------------

const LINES: JsonLayout = { patterns: [""], reader: (service) => new LineReader(service) };

class LineReader implements DocumentReader {
  constructor(readonly service: string | null) {}

  *push(element: JsonElement): Generator<Item> {
    if (element.bad !== null) {
      yield rejectOf(element, element.bad);
      return;
    }
    const documents = Array.isArray(element.value) ? element.value : [element.value];
    for (const document of documents) yield* this.#document(document, element);
  }

  *finish(): Generator<Item> {
    // Nothing waits.
  }

  *#document(value: unknown, element: JsonElement): Generator<Item> {
    const document = signalsOf(value);
    if (document === null) {
      const profiles = "resourceProfiles" in camelKeys(objectOf(value) ?? {});
      yield rejectOf(
        element,
        profiles
          ? "profiles of OpenTelemetry are not supported"
          : "holds none of resourceLogs, resourceMetrics and resourceSpans",
      );
      return;
    }
    if ("resourceProfiles" in document)
      yield rejectOf(element, "profiles of OpenTelemetry are not supported");
    for (const key of RESOURCE_LISTS) {
      for (const item of listOf(document[key])) {
        const group = objectOf(item);
        if (group === null) yield rejectOf(element, `an element of ${key} is no object`);
        else yield* this.#group(camelKeys(group), element);
      }
    }
  }

  *#group(group: JsonObject, element: JsonElement): Generator<Item> {
    const { resource } = group;
    for (const list of Object.values(group)) {
      // `scopeLogs`, `scopeSpans`, or an older name.
      if (!Array.isArray(list)) continue;
      for (const item of list) {
        const object = objectOf(item);
        if (object === null) {
          yield rejectOf(element, "a scope with its records is no object");
          continue;
        }
        const scoped = camelKeys(object);
        const scope = SCOPES.map((key) => scoped[key]).find((s) => s !== undefined);
        const origin = originOf(resource, scope, this.service);
        for (const [key, signal] of Object.entries(RECORD_LISTS))
          for (const value of listOf(scoped[key])) yield { signal, value, origin, at: element };
      }
    }
  }
}

/** The object that holds lists of resources: the document, or what it wraps (`{"trace": …}`). */
function signalsOf(value: unknown): JsonObject | null {
  const document = camelKeys(objectOf(value) ?? {});
  if (RESOURCE_LISTS.some((key) => Array.isArray(document[key]))) return document;
  for (const inner of Object.values(document)) {
    const wrapped = camelKeys(objectOf(inner) ?? {});
    if (RESOURCE_LISTS.some((key) => Array.isArray(wrapped[key]))) return wrapped;
  }
  return null;
}

function rejectOf(element: JsonElement, bad: string): OtlpReject {
  return { bad, at: element, text: element.text().slice(0, KEPT_TEXT) };
}

// --- Record by record -------------------------------------------------------

type Part = Signal | "resource" | "scope" | "profiles";

interface DeepPattern {
  readonly path: string;
  readonly part: Part;
  /** Steps of the path up to the element of the list of resources. */
  readonly depth: number;
}

const DEEP_PATTERNS: readonly DeepPattern[] = deepPatterns();

function deepPatterns(): DeepPattern[] {
  const found: DeepPattern[] = [];
  const lists = RESOURCE_LISTS.flatMap((key) => [...new Set([key, snake(key)])]);
  // A document, an element of an array of documents, or what a document wraps.
  for (const prefix of ["", "*."]) {
    const depth = prefix === "" ? 2 : 3;
    for (const list of lists) {
      const resource = `${prefix}${list}.*`;
      found.push({ path: `${resource}.resource`, part: "resource", depth });
      for (const scope of SCOPES.flatMap((key) => [...new Set([key, snake(key)])]))
        found.push({ path: `${resource}.*.*.${scope}`, part: "scope", depth });
      for (const [key, part] of Object.entries(RECORD_LISTS))
        for (const name of new Set([key, snake(key)]))
          found.push({ path: `${resource}.*.*.${name}.*`, part, depth });
    }
    for (const list of ["resourceProfiles", "resource_profiles"])
      found.push({ path: `${prefix}${list}.*`, part: "profiles", depth });
  }
  return found;
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const DEEP: JsonLayout = {
  patterns: DEEP_PATTERNS.map((p) => p.path),
  reader: (service) => new DeepReader(service),
};

/** Records that wait for a resource or scope that stands behind them, at most. */
const MOST_WAITING = 20_000;

/** A resource or scope of which its key may have come already. */
class Slot {
  value: unknown;
  known = false;
}

interface Waiting {
  readonly element: JsonElement;
  readonly signal: Signal;
  readonly resource: Slot;
  readonly scope: Slot;
}

/** Joins records with their resource and scope, whichever comes first. */
class DeepReader implements DocumentReader {
  #resourceKey = "";
  #scopeKey = "";
  #resource = new Slot();
  #scope = new Slot();
  #origin: { resource: Slot; scope: Slot; origin: Origin } | null = null;
  #waiting: Waiting[] = [];
  #document = 0;

  constructor(readonly service: string | null) {}

  *push(element: JsonElement): Generator<Item> {
    const pattern = DEEP_PATTERNS[element.pattern];
    if (element.bad !== null || pattern === undefined || pattern.part === "profiles") {
      yield* this.#release(true);
      yield rejectOf(element, element.bad ?? "profiles of OpenTelemetry are not supported");
      if (element.pattern < 0) this.#document = element.document + 1;
      return;
    }
    yield* this.#passedOver(element);
    yield* this.#enter(element, pattern);
    if (pattern.part === "resource" || pattern.part === "scope") {
      const slot = pattern.part === "resource" ? this.#resource : this.#scope;
      slot.value = element.value;
      slot.known = true;
      this.#origin = null;
      yield* this.#release(false);
      return;
    }
    const { part: signal } = pattern;
    this.#waiting.push({ element, signal, resource: this.#resource, scope: this.#scope });
    const full = this.#waiting.length > MOST_WAITING;
    if (full) this.#resource.known = this.#scope.known = true;
    yield* this.#release(full);
  }

  *finish(): Generator<Item> {
    yield* this.#release(true);
  }

  /** Documents between this element's and the last one had nothing at any of the paths. */
  *#passedOver(element: JsonElement): Generator<Item> {
    for (; this.#document < element.document; this.#document++) {
      yield* this.#release(true);
      const seen = this.#resourceKey.startsWith(`${this.#document}:`);
      if (seen) continue;
      const bad = `document ${this.#document + 1}, before this place, holds no record of logs, metrics or spans`;
      yield { bad, at: element, text: "" };
    }
  }

  *#enter(element: JsonElement, { depth, part }: DeepPattern): Generator<Item> {
    const resourceKey = `${element.document}:${element.path.slice(0, depth).join("/")}`;
    if (resourceKey !== this.#resourceKey) {
      yield* this.#release(true);
      this.#resourceKey = resourceKey;
      this.#scopeKey = "";
      this.#resource = new Slot();
      this.#scope = new Slot();
    }
    if (part === "resource") return;
    const scopeKey = element.path.slice(depth, depth + 2).join("/");
    if (scopeKey !== this.#scopeKey) {
      // The scope that is left will not be named any more.
      this.#scope.known = true;
      yield* this.#release(false);
      this.#scopeKey = scopeKey;
      this.#scope = new Slot();
    }
  }

  *#release(all: boolean): Generator<Item> {
    let released = 0;
    for (const { element, signal, resource, scope } of this.#waiting) {
      if (!all && !(resource.known && scope.known)) break;
      released++;
      const origin = this.#originOf(resource, scope);
      yield { signal, value: element.value, origin, at: element };
    }
    if (released > 0) this.#waiting = this.#waiting.slice(released);
  }

  #originOf(resource: Slot, scope: Slot): Origin {
    const last = this.#origin;
    if (last?.resource === resource && last.scope === scope) return last.origin;
    const origin = originOf(resource.value, scope.value, this.service);
    this.#origin = { resource, scope, origin };
    return origin;
  }
}
