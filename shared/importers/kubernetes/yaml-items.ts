import type { Position } from "../fixed-tables-writer.ts";
import type { Source } from "../importer.ts";
import { detectText, lines } from "../text.ts";
import { parseYaml } from "../training-runs/small-file.ts";

/** An object of a YAML file: an item of a list, or a document that is none. */
export interface YamlItem extends Position {
  /** Null where it could not be read. */
  readonly value: Readonly<Record<string, unknown>> | null;
  /** Why not. */
  readonly bad: string | null;
  readonly text: () => string;
}

/** An item longer than this has lost its indentation. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

/**
 * The items of lists and the other documents of a YAML file, one by one: by
 * indentation, as block sequences under a top-level `items:` are written. What
 * a list says beside its items (`kind: List`, `metadata:`) comes as an object
 * without items.
 */
export async function* yamlItems(source: Source): AsyncGenerator<YamlItem> {
  const splitter = new ItemSplitter();
  const decoder = new TextDecoder();
  const long: YamlItem[] = [];
  const onReject = ({ line, offset, reason, text }: LineOf): void => {
    long.push({ line, offset, value: null, bad: reason, text: () => text });
  };
  for await (const block of lines(source, detectText(await source.head()), { onReject })) {
    for (let i = 0; i < block.count; i++) {
      const text = decoder.decode(block.bytes.subarray(block.starts[i], block.ends[i]));
      const at = { line: block.firstLine + i, offset: block.offsets[i] ?? -1 };
      yield* splitter.line(text, at);
    }
    yield* long.splice(0);
  }
  yield* splitter.finish();
  yield* long;
}

interface LineOf extends Position {
  readonly reason: string;
  readonly text: string;
}

/** The same for text that is at hand; the last one may be cut and is left out. */
export function yamlItemsOf(text: string, complete: boolean): YamlItem[] {
  const splitter = new ItemSplitter();
  const found: YamlItem[] = [];
  let line = 0;
  for (const each of text.split(/\r?\n/))
    found.push(...splitter.line(each, { line: ++line, offset: -1 }));
  const rest = [...splitter.finish()];
  return complete ? [...found, ...rest] : found;
}

class ItemSplitter {
  #lines: string[] = [];
  #length = 0;
  #at: Position | null = null;
  /** What the document says outside its items. */
  #outside: string[] = [];
  #outsideLength = 0;
  #outsideAt: Position | null = null;
  /** Columns before the dash of an item; -1 before the first, null outside of items. */
  #indent: number | null = null;

  *line(text: string, at: Position): Generator<YamlItem> {
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(text)) {
      yield* this.finish();
      return;
    }
    if (text.trim() === "" || /^\s*#/.test(text)) {
      if (this.#at !== null) this.#push(text);
      return;
    }
    const indent = text.length - text.trimStart().length;
    const dash = /^\s*-(?:\s|$)/.test(text);
    if (this.#indent === -1 && dash) this.#indent = indent;
    if (this.#indent !== null && this.#indent >= 0) {
      if (dash && indent === this.#indent) {
        yield* this.#item();
        this.#at = at;
        this.#push(`${" ".repeat(indent + 1)}${text.slice(indent + 1)}`);
        return;
      }
      if (indent > this.#indent) {
        this.#push(text);
        return;
      }
    }
    yield* this.#item();
    this.#indent = /^items:\s*$/.test(text) ? -1 : null;
    this.#outsideAt ??= at;
    if (this.#indent !== null) return;
    this.#outsideLength += text.length + 1;
    if (this.#outsideLength <= MOST_CHARACTERS) this.#outside.push(text);
  }

  *finish(): Generator<YamlItem> {
    yield* this.#item();
    if (this.#outsideAt !== null) yield itemOf(this.#outside, this.#outsideAt, this.#outsideLength);
    this.#outside = [];
    this.#outsideLength = 0;
    this.#outsideAt = null;
    this.#indent = null;
  }

  *#item(): Generator<YamlItem> {
    if (this.#at !== null) yield itemOf(this.#lines, this.#at, this.#length);
    this.#at = null;
    this.#lines = [];
    this.#length = 0;
  }

  #push(text: string): void {
    this.#length += text.length + 1;
    if (this.#length <= MOST_CHARACTERS) this.#lines.push(text);
  }
}

function itemOf(all: readonly string[], at: Position, length: number): YamlItem {
  const text = all.join("\n");
  const bad = (why: string): YamlItem => ({ ...at, value: null, bad: why, text: () => text });
  if (length > MOST_CHARACTERS) return bad("it is longer than 8 MiB");
  const parsed = parseYaml(text, false);
  return parsed.ok ? { ...at, value: parsed.value, bad: null, text: () => text } : bad(parsed.why);
}
