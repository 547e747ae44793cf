import { findSensitive } from "./detectors.ts";
import { KnownValues } from "./known-values.ts";
import type { Pseudonyms } from "./pseudonyms.ts";
import { isSecretValue, secrecyOfName } from "./secret-names.ts";
import type { RedactionKind, Sensitive } from "./sensitive.ts";

export interface Redaction {
  readonly kinds: readonly RedactionKind[];
  /** Literal strings to hide: persons, hosts, customers. */
  readonly names: readonly string[];
  readonly pseudonyms: Pseudonyms;
  /** Names of properties that are never touched (`sha256`). */
  readonly keep?: ReadonlySet<string>;
}

/** A replacement as it is made: where in the value, in which text, and what for what. */
export interface Replacement {
  readonly path: string;
  readonly text: string;
  readonly item: Sensitive;
  readonly pseudonym: string;
}

type Note = (replacement: Replacement) => void;

/** A text with pseudonyms for its sensitive values and for those known from before. */
export function redactText(text: string, redaction: Redaction): string {
  return redactNoting(text, redaction, () => undefined);
}

/**
 * A copy of a JSON-like value with pseudonyms in all its texts, also in the
 * names of properties. What is found in one text is replaced in all: the
 * password of one line, quoted in another without its name. A text under a
 * name such as `password` is one secret. Numbers, bytes and what is not plain
 * data stay as they are.
 */
export function redactValue<T>(value: T, redaction: Redaction): T {
  return redactNoting(value, redaction, () => undefined);
}

/** Like `redactValue`; tells of every replacement. */
export function redactNoting<T>(value: T, redaction: Redaction, note: Note): T {
  if (redaction.kinds.length === 0) return value;
  let result: unknown = value;
  // A value found late may stand in a text passed early, and a replacement may bare another value.
  for (let changed = true; changed;) {
    changed = false;
    const pass = new Pass(redaction, (replacement) => {
      changed = true;
      note(replacement);
    });
    result = pass.walk(result, "", "");
  }
  return result as T;
}

class Pass {
  readonly #redaction: Redaction;
  readonly #note: Note;
  readonly #known: KnownValues;

  constructor(redaction: Redaction, note: Note) {
    this.#redaction = redaction;
    this.#note = note;
    this.#known = knownValues(redaction);
  }

  /** `path` leads to the value, `name` is that of the property that holds it. */
  walk(value: unknown, path: string, name: string): unknown {
    if (typeof value === "string") return this.#text(value, path, name);
    if (Array.isArray(value)) return value.map((item, i) => this.walk(item, `${path}[${i}]`, name));
    if (value instanceof Map)
      return new Map(
        Array.from(value, ([key, item]) => [
          this.walk(key, path, ""),
          this.walk(item, stepTo(path, String(key)), typeof key === "string" ? key : ""),
        ]),
      );
    if (value instanceof Set)
      return new Set(Array.from(value, (item) => this.walk(item, path, name)));
    return isPlainObject(value) ? this.#object(value, path) : value;
  }

  #object(value: object, path: string): unknown {
    const entries: [string, unknown][] = [];
    const taken = new Set<string>();
    for (const [key, item] of Object.entries(value)) {
      const at = stepTo(path, key);
      const kept = this.#redaction.keep?.has(key) === true;
      const name = kept ? key : unusedName(this.#text(key, at, ""), taken);
      taken.add(name);
      entries.push([name, kept ? item : this.walk(item, at, key)]);
    }
    return Object.fromEntries(entries);
  }

  #text(text: string, path: string, name: string): string {
    let result = "";
    let rest = 0;
    for (const item of this.#find(text, name)) {
      const pseudonym = this.#redaction.pseudonyms.of(item.kind, item.value);
      this.#note({ path, text, item, pseudonym });
      result += text.slice(rest, item.start) + pseudonym;
      rest = item.end;
    }
    return result + text.slice(rest);
  }

  #find(text: string, name: string): Sensitive[] {
    const { kinds } = this.#redaction;
    if (kinds.includes("secret") && secrecyOfName(name) === "strong" && isSecretValue(text))
      return text === "" ? [] : [{ kind: "secret", start: 0, end: text.length, value: text }];
    return findSensitive(text, this.#redaction, this.#known);
  }
}

const remembered = new WeakMap<
  Pseudonyms,
  { size: number; kinds: readonly RedactionKind[]; known: KnownValues }
>();

/** Values that have a pseudonym; names only as long as they are on the list. */
function knownValues({ pseudonyms, kinds }: Redaction): KnownValues {
  const last = remembered.get(pseudonyms);
  if (last?.size === pseudonyms.size && last.kinds === kinds) return last.known;
  const known = new KnownValues(
    pseudonyms.entries().filter(({ kind }) => kind !== "name" && kinds.includes(kind)),
  );
  remembered.set(pseudonyms, { size: pseudonyms.size, kinds, known });
  return known;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function stepTo(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** Two names may have become the same pseudonym. */
function unusedName(name: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name} (${n})`;
    if (!taken.has(candidate)) return candidate;
  }
}
