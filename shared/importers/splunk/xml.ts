import type { Position } from "../fixed-tables-writer.ts";
import type { Source } from "../importer.ts";
import type { JsonObject } from "../json-fields.ts";
import { detectText, keepsOffsets, textChunks } from "../text.ts";

/** A part of XML results: a result with its fields, a message, or a result that is broken. */
export type XmlPart =
  | ({
      readonly kind: "result";
      readonly row: JsonObject;
      readonly preview: boolean;
      readonly text: string;
    } & Position)
  | { readonly kind: "message"; readonly type: string; readonly text: string }
  | ({ readonly kind: "bad"; readonly reason: string; readonly text: string } & Position)
  /** The end of a set of results. */
  | { readonly kind: "end"; readonly preview: boolean };

/** A result longer than this has lost its end. */
const MOST = 64 * 1024 * 1024;
const TAG = /<(result|results|msg|\/results)(?=[\s>/])([^<>]*)>/g;

/** Results of `output_mode=xml`, one by one: `<results><result><field k="…"><value><text>…`. */
export async function* xmlParts(source: Source): AsyncGenerator<XmlPart> {
  const format = detectText(await source.head());
  const scanner = new XmlScanner(keepsOffsets(format) ? format.bom : null);
  for await (const chunk of textChunks(source, format)) yield* scanner.push(chunk);
  yield* scanner.finish();
}

/** The same for bytes that are at hand; what they cut off is left out. */
export function xmlPartsOf(bytes: Uint8Array): XmlPart[] {
  return [...new XmlScanner(0).push(bytes)];
}

/** Cuts XML into results. The buffer holds one character for each byte, so that places are exact. */
class XmlScanner {
  #buffer = "";
  #line = 1;
  #offset: number;
  readonly #offsets: boolean;
  #preview = false;

  constructor(base: number | null) {
    this.#offsets = base !== null;
    this.#offset = base ?? 0;
  }

  *push(chunk: Uint8Array): Generator<XmlPart> {
    this.#buffer += latin1(chunk);
    let from = 0;
    for (;;) {
      TAG.lastIndex = from;
      const tag = TAG.exec(this.#buffer);
      if (tag === null) {
        // A tag may go on in the next chunk.
        const open = this.#buffer.lastIndexOf("<");
        const kept = open >= from && !this.#buffer.includes(">", open) ? open : this.#buffer.length;
        this.#drop(kept);
        return;
      }
      const [whole, name = "", attributes = ""] = tag;
      const start = tag.index;
      const end = start + whole.length;
      if (name === "results" || name === "/results") {
        if (name === "/results") yield { kind: "end", preview: this.#preview };
        this.#preview = name === "results" && /\bpreview\s*=\s*["'](?:1|true)["']/.test(attributes);
        from = end;
        continue;
      }
      const closing = name === "result" ? "</result>" : "</msg>";
      const close = attributes.endsWith("/") ? end : this.#buffer.indexOf(closing, end);
      if (close < 0) {
        this.#drop(start);
        if (this.#buffer.length > MOST) {
          yield {
            ...this.#at(),
            kind: "bad",
            reason: "it is longer than 64 MiB",
            text: this.#kept(),
          };
          this.#drop(this.#buffer.length);
        }
        return;
      }
      this.#drop(start);
      const after = close - start + (attributes.endsWith("/") ? 0 : closing.length);
      const text = utf8(this.#buffer.slice(0, after));
      if (name === "msg") {
        const type = /\btype\s*=\s*["'](\w+)["']/.exec(attributes)?.[1] ?? "";
        yield { kind: "message", type, text: plainText(text) };
      } else {
        yield { ...this.#at(), kind: "result", row: fieldsOf(text), preview: this.#preview, text };
      }
      this.#drop(after);
      from = 0;
    }
  }

  *finish(): Generator<XmlPart> {
    if (!/^<result[\s>]/.test(this.#buffer)) return;
    yield {
      ...this.#at(),
      kind: "bad",
      reason: "the file ends in the middle of it",
      text: this.#kept(),
    };
  }

  #at(): Position {
    return { line: this.#line, offset: this.#offsets ? this.#offset : -1 };
  }

  #kept(): string {
    return utf8(this.#buffer.slice(0, 8000));
  }

  #drop(count: number): void {
    for (
      let i = this.#buffer.indexOf("\n");
      i >= 0 && i < count;
      i = this.#buffer.indexOf("\n", i + 1)
    )
      this.#line++;
    this.#buffer = this.#buffer.slice(count);
    this.#offset += count;
  }
}

const FIELD = /<field\s+k\s*=\s*(?:"([^"]*)"|'([^']*)')\s*(?:\/>|>([\s\S]*?)<\/field>)/g;
const VALUE =
  /<value\b[^>]*>[\s\S]*?<text\b[^>]*?(?:\/>|>([\s\S]*?)<\/text>)[\s\S]*?<\/value>|<v\b[^>]*?(?:\/>|>([\s\S]*?)<\/v>)/g;

function fieldsOf(text: string): JsonObject {
  const row: Record<string, unknown> = {};
  for (const [, double, single, content = ""] of text.matchAll(FIELD)) {
    const name = plainText(double ?? single ?? "");
    const values = [...content.matchAll(VALUE)].map((m) => plainText(m[1] ?? m[2] ?? ""));
    row[name] = values.length > 1 ? values : (values[0] ?? null);
  }
  return row;
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
};

/** Text without tags (`<sg>` marks what a search found) and with its entities as characters. */
function plainText(xml: string): string {
  return xml
    .replace(/<[^>]*>/g, "")
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
      if (typeof name === "string") return ENTITIES[name] ?? whole;
      const code = typeof decimal === "string" ? Number(decimal) : parseInt(String(hex), 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    });
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  // `apply` takes no more than some ten thousand arguments.
  for (let i = 0; i < bytes.length; i += 8192)
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}

const decoder = new TextDecoder();

function utf8(text: string): string {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return decoder.decode(bytes);
}
