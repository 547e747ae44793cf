import type { Source } from "./importer.ts";
import { detectText, keepsOffsets, textChunks } from "./text.ts";

/** A value of a JSON document, found at one of the paths that were asked for. */
export interface JsonElement {
  /** Index of the pattern that it fits. */
  readonly pattern: number;
  /** Keys and indices from the root of its document. */
  readonly path: readonly (string | number)[];
  /** 0-based number of its document: a file may hold many, one after the other (JSON lines). */
  readonly document: number;
  /** The parsed value; undefined where `bad` is set. Bare `NaN` and `±Infinity` arrive as texts. */
  readonly value: unknown;
  /** Why it could not be read: not JSON, or cut off by the end of the file. */
  readonly bad: string | null;
  /** 1-based line of its first byte. */
  readonly line: number;
  /** Offset of its first byte in the decompressed content; -1 where the encoding is not UTF-8. */
  readonly offset: number;
  /** Its text as it stands in the file; for a bad element, the beginning of it. */
  readonly text: () => string;
}

/** A value longer than this has lost a quote or a bracket. */
const MAX_ELEMENT = 64 * 1024 * 1024;
const KEPT = 2000;

/**
 * Elements of large JSON documents without holding the documents: each pattern
 * is a path with `*` for any key or index (`data.result.*`; the empty pattern
 * is a whole document, `*` an element of a top-level array). A pattern that
 * another one goes into is delivered whole and not descended into. Documents
 * may follow each other with or without commas and line breaks. After a syntax
 * error, which is delivered as a bad element with pattern -1, reading goes on
 * at the next line.
 */
export async function* jsonElements(
  source: Source,
  patterns: readonly string[],
): AsyncGenerator<JsonElement> {
  const format = detectText(await source.head());
  const picker = new JsonPicker(patterns, keepsOffsets(format) ? format.bom : null);
  for await (const chunk of textChunks(source, format)) yield* picker.push(chunk);
  yield* picker.finish();
}

/** The same for bytes that are at hand, such as a head; what it cuts off is not delivered. */
export function elementsOf(bytes: Uint8Array, patterns: readonly string[]): JsonElement[] {
  const { bom } = detectText(bytes);
  return new JsonPicker(patterns, bom).push(bytes.subarray(bom));
}

const decoder = new TextDecoder();

const enum Expect {
  Value,
  /** Key or end of an object. */
  Key,
  Colon,
  /** Comma or end. */
  Next,
}

interface Level {
  readonly object: boolean;
  key: string | number;
  /** Patterns that this container's path is a beginning of. */
  readonly alive: readonly number[];
}

class JsonPicker {
  readonly #patterns: readonly (readonly string[])[];
  readonly #offsets: boolean;
  readonly #levels: Level[] = [];
  #expect = Expect.Value;
  #document = 0;
  #line = 1;
  /** Bytes before the current chunk. */
  #before = 0;

  // A value (or key) that is being passed over or kept.
  #inside = false;
  #pattern = -1;
  #isKey = false;
  #scalar = false;
  #string = false;
  #escaped = false;
  #depth = 0;
  #from = 0;
  #startLine = 0;
  #startOffset = 0;
  #kept: Uint8Array[] = [];
  #keptLength = 0;
  /** Everything up to the next line break belongs to a syntax error. */
  #lost = false;

  /** `base`: offset of the first byte, or null where offsets mean nothing. */
  constructor(patterns: readonly string[], base: number | null) {
    this.#patterns = patterns.map((p) => (p === "" ? [] : p.split(".")));
    this.#offsets = base !== null;
    this.#before = base ?? 0;
  }

  push(chunk: Uint8Array): JsonElement[] {
    const found: JsonElement[] = [];
    this.#from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === 0x0a) this.#line++;
      if (this.#lost) {
        if (byte === 0x0a) this.#endLost(chunk, at, found);
      } else if (this.#inside) {
        if (this.#step(byte)) {
          // A number ends before the byte that ends it, all else with it.
          const scalar = this.#scalar;
          this.#end(chunk, scalar ? at : at + 1, found);
          if (scalar) this.#between(at, byte, found);
        }
      } else {
        this.#between(at, byte, found);
      }
    }
    if (this.#inside || this.#lost) this.#keep(chunk, this.#from, chunk.length);
    if (this.#keptLength > MAX_ELEMENT && !this.#lost) this.#fail("is longer than 64 MiB", found);
    this.#before += chunk.length;
    return found;
  }

  finish(): JsonElement[] {
    const found: JsonElement[] = [];
    const whole = this.#inside && this.#scalar && this.#levels.length === 0;
    if (whole) this.#end(new Uint8Array(0), 0, found);
    else if (this.#lost) this.#endLost(new Uint8Array(0), 0, found);
    else if (this.#inside && !this.#isKey && this.#pattern >= 0)
      found.push(this.#element(this.#pattern, undefined, "the file ends in the middle of it"));
    else if (this.#inside || this.#levels.length > 0) {
      if (!this.#inside) this.#begin(0, false, -1);
      found.push(this.#element(-1, undefined, "the file ends in the middle of a JSON document"));
    }
    return found;
  }

  /** A byte between values: punctuation, or the first byte of a key or value. */
  #between(at: number, byte: number, found: JsonElement[]): void {
    if (byte <= 0x20) return;
    const level = this.#levels.at(-1);
    if (level === undefined) {
      // Between documents: commas and record separators mean nothing.
      if (byte === 0x2c || byte === 0x1e) return;
      this.#value(at, byte, found);
      return;
    }
    if ((byte === 0x7d && level.object) || (byte === 0x5d && !level.object)) {
      if (this.#expect === Expect.Colon) this.#syntax(at, found);
      else this.#close();
      return;
    }
    switch (this.#expect) {
      case Expect.Key:
        if (byte !== 0x22) this.#syntax(at, found);
        else this.#begin(at, true, -1, byte);
        return;
      case Expect.Colon:
        if (byte !== 0x3a) this.#syntax(at, found);
        else this.#expect = Expect.Value;
        return;
      case Expect.Next:
        if (byte !== 0x2c) {
          this.#syntax(at, found);
          return;
        }
        if (level.object) this.#expect = Expect.Key;
        else {
          this.#expect = Expect.Value;
          level.key = Number(level.key) + 1;
        }
        return;
      case Expect.Value:
        this.#value(at, byte, found);
    }
  }

  #value(at: number, byte: number, found: JsonElement[]): void {
    const container = byte === 0x7b || byte === 0x5b;
    if (!container && !startsScalar(byte)) {
      this.#syntax(at, found);
      return;
    }
    const depth = this.#levels.length;
    const parent = this.#levels.at(-1);
    const alive =
      parent === undefined
        ? this.#patterns.map((_, i) => i)
        : parent.alive.filter((i) => {
            const step = this.#patterns[i]?.[depth - 1];
            return step === "*" || step === String(parent.key);
          });
    const hit = alive.find((i) => this.#patterns[i]?.length === depth);
    const deeper = alive.filter((i) => (this.#patterns[i]?.length ?? 0) > depth);
    if (hit === undefined && container && deeper.length > 0) {
      const object = byte === 0x7b;
      this.#levels.push({ object, key: object ? "" : 0, alive: deeper });
      this.#expect = object ? Expect.Key : Expect.Value;
      return;
    }
    this.#begin(at, false, hit ?? -1, byte);
  }

  #begin(at: number, isKey: boolean, pattern: number, byte = 0): void {
    this.#inside = true;
    this.#isKey = isKey;
    this.#pattern = pattern;
    this.#string = byte === 0x22;
    this.#escaped = false;
    this.#depth = byte === 0x7b || byte === 0x5b ? 1 : 0;
    this.#scalar = !this.#string && this.#depth === 0;
    this.#from = at;
    this.#startLine = this.#line;
    this.#startOffset = this.#before + at;
    this.#kept = [];
    this.#keptLength = 0;
  }

  /** True when this byte ends the value (or, for a number or word, is the first one after it). */
  #step(byte: number): boolean {
    if (this.#string) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === 0x5c) this.#escaped = true;
      else if (byte === 0x22) {
        this.#string = false;
        return this.#depth === 0;
      }
      return false;
    }
    if (this.#scalar) return byte <= 0x20 || byte === 0x2c || byte === 0x7d || byte === 0x5d;
    if (byte === 0x22) this.#string = true;
    else if (byte === 0x7b || byte === 0x5b) this.#depth++;
    else if (byte === 0x7d || byte === 0x5d) return --this.#depth === 0;
    return false;
  }

  #end(chunk: Uint8Array, end: number, found: JsonElement[]): void {
    if (this.#isKey || this.#pattern >= 0) this.#keep(chunk, this.#from, end);
    this.#inside = false;
    const level = this.#levels.at(-1);
    if (this.#isKey) {
      const key = parseJson(this.#text());
      if (level !== undefined) level.key = typeof key.value === "string" ? key.value : "";
      this.#expect = Expect.Colon;
      return;
    }
    if (this.#pattern >= 0) {
      const { value, bad } = parseJson(this.#text());
      found.push(this.#element(this.#pattern, value, bad));
    }
    if (level === undefined) this.#document++;
    this.#expect = level === undefined ? Expect.Value : Expect.Next;
  }

  #close(): void {
    this.#levels.pop();
    if (this.#levels.length === 0) {
      this.#document++;
      this.#expect = Expect.Value;
    } else {
      this.#expect = Expect.Next;
    }
  }

  #keep(chunk: Uint8Array, from: number, end: number): void {
    this.#from = 0;
    const wanted = this.#isKey || this.#pattern >= 0 || this.#lost || this.#keptLength < KEPT;
    if (end <= from || !wanted) return;
    // The chunk's buffer may be used again for the next one.
    this.#kept.push(chunk.slice(from, end));
    this.#keptLength += end - from;
  }

  #syntax(at: number, found: JsonElement[]): void {
    this.#begin(at, false, -1);
    this.#fail("", found);
  }

  #fail(reason: string, found: JsonElement[]): void {
    if (reason !== "") {
      found.push(this.#element(-1, undefined, `the value ${reason}`));
      this.#kept = [];
      this.#keptLength = 0;
      this.#from = 0;
    }
    this.#lost = true;
    this.#inside = false;
    this.#levels.length = 0;
    this.#expect = Expect.Value;
  }

  #endLost(chunk: Uint8Array, at: number, found: JsonElement[]): void {
    this.#keep(chunk, this.#from, at);
    if (this.#keptLength > 0)
      found.push(
        this.#element(-1, undefined, "this is not JSON, or a bracket or quote is missing"),
      );
    this.#lost = false;
    this.#document++;
  }

  #text(): string {
    const [only] = this.#kept;
    return this.#kept.length === 1 && only !== undefined
      ? decoder.decode(only)
      : decoder.decode(concat(this.#kept));
  }

  #element(pattern: number, value: unknown, bad: string | null): JsonElement {
    const kept = this.#kept;
    return {
      pattern,
      path: this.#levels.map((l) => l.key),
      document: this.#document,
      value,
      bad,
      line: this.#startLine,
      offset: this.#offsets ? this.#startOffset : -1,
      text: () => {
        const bytes = concat(kept);
        return decoder.decode(bad === null ? bytes : bytes.subarray(0, KEPT));
      },
    };
  }
}

function startsScalar(byte: number): boolean {
  return (
    byte === 0x22 ||
    byte === 0x2d ||
    (byte >= 0x30 && byte <= 0x39) ||
    // Letters: true, false, null, and NaN and Infinity, which Python writes.
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a)
  );
}

/** `JSON.parse`, and again with bare NaN and Infinity as texts where that fails. */
export function parseJson(text: string): { readonly value: unknown; readonly bad: string | null } {
  try {
    return { value: JSON.parse(text), bad: null };
  } catch (thrown) {
    const named = text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    );
    try {
      return { value: JSON.parse(named), bad: null };
    } catch {
      return { value: undefined, bad: `it is not JSON: ${(thrown as Error).message}` };
    }
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
