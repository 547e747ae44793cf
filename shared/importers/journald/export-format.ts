import type { Source } from "../importer.ts";
import { keptText } from "../text.ts";
import type { JournalValue, Outcome } from "./entry.ts";
import { bytesText } from "./forms.ts";

/** Larger entries are refused, not buffered. */
const MAX_ENTRY = 64 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * Entries of the journal export format: `KEY=value` lines, or `KEY`, newline,
 * 64-bit little-endian length, data, newline for data that is not plain text;
 * an empty line ends an entry. https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-export-format
 */
export async function* exportEntries(source: Source): AsyncGenerator<Outcome> {
  const reader = new ExportReader();
  for await (const chunk of source.stream()) {
    reader.push(chunk);
    yield* reader.outcomes(false);
  }
  yield* reader.outcomes(true);
  if (source.cut === null) return;
  yield* reader.cut("cut off: the compressed data ends in the middle of this entry");
}

class ExportReader {
  #buffer = new Uint8Array(256 * 1024);
  #used = 0;
  /** Place of the next byte to read, and of the entry's first. */
  #at = 0;
  #begin = 0;
  /** Of `#buffer[0]` in the content. */
  #offset = 0;
  #line = 1;
  #firstLine = 1;
  #fields: Record<string, JournalValue> = {};
  #count = 0;
  /** Why the rest of this entry is passed over. */
  #broken: string | null = null;

  push(chunk: Uint8Array): void {
    // What was delivered is dropped; an entry that is not complete stays.
    this.#buffer.copyWithin(0, this.#begin, this.#used);
    this.#used -= this.#begin;
    this.#at -= this.#begin;
    this.#offset += this.#begin;
    this.#begin = 0;
    if (this.#used + chunk.length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(this.#used + chunk.length, this.#buffer.length * 2));
      larger.set(this.#buffer.subarray(0, this.#used));
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.#used);
    this.#used += chunk.length;
  }

  *outcomes(last: boolean): Generator<Outcome> {
    for (;;) {
      const newline = this.#buffer.indexOf(NEWLINE, this.#at);
      const ends = newline >= 0 && newline < this.#used;
      if (!ends && !last) {
        yield* this.#tooLarge();
        return;
      }
      const end = ends ? newline : this.#used;
      if (end === this.#at) {
        // An empty line, or the end of the file.
        yield* this.#end(ends ? end + 1 : end);
        if (!ends) return;
        this.#line++;
        this.#firstLine = this.#line;
        continue;
      }
      const equals = this.#buffer.indexOf(0x3d, this.#at);
      if (equals > this.#at && equals < end) {
        this.#field(this.#at, equals, equals + 1, end);
        this.#line++;
        this.#at = ends ? end + 1 : end;
      } else if (!this.#binary(end, last)) {
        yield* this.#tooLarge();
        return;
      }
    }
  }

  /** A field whose data stands behind its length; false where more bytes are needed. */
  #binary(nameEnd: number, last: boolean): boolean {
    const from = nameEnd + 9;
    let size = Infinity;
    if (from <= this.#used) {
      const view = new DataView(this.#buffer.buffer, nameEnd + 1, 8);
      size = view.getUint32(0, true) + view.getUint32(4, true) * 4294967296;
    }
    const fits = from + size < this.#used;
    if (size <= MAX_ENTRY && !fits && !last) return false;
    if (size === Infinity && !last) return false;
    if (fits && this.#buffer[from + size] === NEWLINE && this.#isName(this.#at, nameEnd)) {
      this.#field(this.#at, nameEnd, from, from + size);
      for (let i = nameEnd; i <= from + size; i++) if (this.#buffer[i] === NEWLINE) this.#line++;
      this.#at = from + size + 1;
      return true;
    }
    this.#broken ??= fits
      ? "a line is neither KEY=value nor the name of a binary field"
      : "the file ends in the middle of this entry";
    this.#line++;
    this.#at = Math.min(nameEnd + 1, this.#used);
    return true;
  }

  #isName(from: number, to: number): boolean {
    for (let i = from; i < to; i++) {
      const byte = this.#buffer[i] ?? 0;
      const fits =
        (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f;
      if (!fits) return false;
    }
    return to > from && to - from <= 64;
  }

  #field(nameFrom: number, nameTo: number, from: number, to: number): void {
    if (!this.#isName(nameFrom, nameTo)) {
      this.#broken ??= "a line is neither KEY=value nor the name of a binary field";
      return;
    }
    const name = bytesText(this.#buffer.subarray(nameFrom, nameTo));
    const value = bytesText(this.#buffer.subarray(from, to));
    const before = this.#fields[name];
    if (before === undefined) this.#fields[name] = value;
    else if (typeof before === "string") this.#fields[name] = [before, value];
    else this.#fields[name] = [...(before ?? []), value];
    this.#count++;
  }

  *#end(next: number): Generator<Outcome> {
    const begun = this.#count > 0 || this.#broken !== null;
    if (begun) yield this.#outcome(this.#broken);
    this.#begin = next;
    this.#at = next;
    this.#fields = {};
    this.#count = 0;
    this.#broken = null;
  }

  #outcome(broken: string | null): Outcome {
    const at = { line: this.#firstLine, offset: this.#offset + this.#begin };
    if (broken === null) return { ...at, entry: this.#fields, reason: "", text: "" };
    const text = keptText(this.#buffer, this.#begin, this.#at, "utf-8");
    return { ...at, entry: null, reason: broken, text };
  }

  /** Gives up an entry that is too large, keeping the place. */
  *#tooLarge(): Generator<Outcome> {
    if (this.#used - this.#begin <= MAX_ENTRY) return;
    yield this.#outcome("entry larger than 64 MiB");
    this.#begin = this.#used;
    this.#at = this.#used;
    this.#fields = {};
    this.#count = 0;
    // The rest of it is passed over without a second refusal.
    this.#broken = null;
  }

  *cut(reason: string): Generator<Outcome> {
    if (this.#count > 0) yield this.#outcome(reason);
  }
}
