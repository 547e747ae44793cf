import type { BatchBuilder } from "../../tables/batch.ts";
import { isAscii, isUtf8, repairUtf8 } from "../text.ts";
import type { TimeParser } from "../times.ts";
import { FieldCombinations } from "./combinations.ts";
import {
  isNaNText,
  parseDouble,
  parseFormatted,
  parseInteger,
  parseLong,
  type NumberFormat,
} from "./numbers.ts";
import { ESCAPED, QUOTED, unescape, type RecordReader } from "./records.ts";
import { isNullText, isPlaceholder, parseBoolean, type ColumnGuess } from "./types.ts";

const SPACE = 32;
const decoder = new TextDecoder();

/** A cell that is not what its column holds. */
export interface BadCell {
  readonly column: number;
  readonly text: string;
  readonly expected: "number" | "integer" | "time" | "boolean";
}

/** Typed access to the fields of the reader's current record. */
export class Cells {
  /** Set by a read that failed. */
  bad: BadCell | null = null;
  /** The content may hold bytes above 0x7f. */
  highBytes = false;
  /** Bytes that are not UTF-8 were repaired in this record. */
  repaired = false;
  /** Range of the field that was looked at last, white space and quotes removed. */
  #start = 0;
  #end = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #allHigh: boolean;
  #combinations: FieldCombinations | null = null;

  constructor(
    readonly reader: RecordReader,
    readonly guesses: readonly ColumnGuess[],
    readonly times: readonly (TimeParser | null)[],
  ) {
    this.#allHigh = reader.dialect.format.encoding === "windows-1252";
  }

  /** Looks at a field; `false` where it is NULL. */
  #open(c: number): boolean {
    const reader = this.reader;
    let start = reader.starts[c] ?? 0;
    let end = reader.ends[c] ?? 0;
    let bytes = reader.bytes;
    if (((reader.flags[c] ?? 0) & ESCAPED) !== 0) {
      bytes = unescape(bytes, start, end, reader.dialect);
      start = 0;
      end = bytes.length;
    }
    while (start < end && (bytes[start] ?? 0) <= SPACE) start++;
    while (end > start && (bytes[end - 1] ?? 0) <= SPACE) end--;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    return start < end && !this.#isNull(start, end);
  }

  /** NULL, NA, None and the like. Only short texts that begin with one of their letters are looked at. */
  #isNull(start: number, end: number): boolean {
    if (end - start > 4 || end - start < 2) return false;
    const first = this.#bytes[start] ?? 0;
    // N n < # \
    if (first !== 78 && first !== 110 && first !== 60 && first !== 35 && first !== 92) {
      return false;
    }
    return isNullText(this.#latin());
  }

  #latin(): string {
    let text = "";
    for (let i = this.#start; i < this.#end && text.length < 400; i++) {
      text += String.fromCharCode(this.#bytes[i] ?? 0);
    }
    return text;
  }

  #fail(c: number, expected: BadCell["expected"]): void {
    this.bad = { column: c, text: this.#string(), expected };
  }

  /** Appends a time; NULL where the cell is empty. */
  timestamp(builder: BatchBuilder, to: number, c: number): boolean {
    const time = this.time(c);
    if (time === null) return this.bad === null;
    builder.timestamp(to, time);
    return true;
  }

  /** µs; `null` for an empty cell, and for one that is no time (then `bad` is set). */
  time(c: number): number | null {
    if (!this.#open(c)) return null;
    const parse = this.times[c];
    if (parse === null || parse === undefined) return null;
    const time = parse(this.#bytes, this.#start, this.#end);
    if (!Number.isNaN(time)) return time;
    if (!isPlaceholder(this.#latin())) this.#fail(c, "time");
    return null;
  }

  double(builder: BatchBuilder, to: number, c: number): boolean {
    const value = this.number(c);
    if (value === null) return this.bad === null;
    builder.double(to, value);
    return true;
  }

  /** A number, NaN included; `null` for an empty cell, and for one that is no number (then `bad` is set). */
  number(c: number): number | null {
    if (!this.#open(c)) return null;
    const format: NumberFormat | null = this.guesses[c]?.format ?? null;
    const value =
      format === null
        ? parseDouble(this.#bytes, this.#start, this.#end)
        : parseFormatted(this.#string(), format);
    if (value === value || isNaNText(this.#bytes, this.#start, this.#end)) {
      return value;
    }
    if (!isPlaceholder(this.#latin())) this.#fail(c, "number");
    return null;
  }

  bigint(builder: BatchBuilder, to: number, c: number): boolean {
    if (!this.#open(c)) return true;
    const value = parseInteger(this.#bytes, this.#start, this.#end);
    if (value === value) {
      builder.bigint(to, value);
      return true;
    }
    const long = parseLong(this.#bytes, this.#start, this.#end);
    if (long !== null) {
      builder.bigint64(to, long);
      return true;
    }
    if (isPlaceholder(this.#latin())) return true;
    this.#fail(c, "integer");
    return false;
  }

  boolean(builder: BatchBuilder, to: number, c: number): boolean {
    if (!this.#open(c)) return true;
    const text = this.#latin();
    const value = parseBoolean(text);
    if (value !== null) {
      builder.boolean(to, value);
      return true;
    }
    if (isPlaceholder(text)) return true;
    this.#fail(c, "boolean");
    return false;
  }

  /** Appends a text as it stands. NULL words are NULL unless they are quoted. */
  text(builder: BatchBuilder, to: number, c: number): void {
    const reader = this.reader;
    const flags = reader.flags[c] ?? 0;
    let start = reader.starts[c] ?? 0;
    let end = reader.ends[c] ?? 0;
    if (start === end) return;
    let bytes = reader.bytes;
    if (flags !== 0) {
      if ((flags & ESCAPED) !== 0) {
        bytes = unescape(bytes, start, end, reader.dialect);
        start = 0;
        end = bytes.length;
      }
    } else {
      this.#bytes = bytes;
      this.#start = start;
      this.#end = end;
      if (this.#isNull(start, end)) return;
    }
    if (this.highBytes && !this.#isClean(bytes, start, end)) {
      bytes = repairUtf8(bytes, start, end, this.#allHigh);
      start = 0;
      end = bytes.length;
      if (!this.#allHigh) this.repaired = true;
    }
    builder.utf8Bytes(to, bytes, start, end);
  }

  #isClean(bytes: Uint8Array, start: number, end: number): boolean {
    return isAscii(bytes, start, end) || (!this.#allHigh && isUtf8(bytes, start, end));
  }

  /**
   * Number of what these fields say together, the same for the same bytes; -1
   * when too many are known. `columns` are the same in every call.
   */
  combination(columns: readonly number[]): number {
    this.#combinations ??= new FieldCombinations(columns);
    return this.#combinations.find(this.reader);
  }

  /** A text, or `null` for NULL. */
  string(c: number): string | null {
    const quoted = ((this.reader.flags[c] ?? 0) & QUOTED) !== 0;
    const isThere = this.#open(c);
    if (!isThere && (!quoted || this.#start === this.#end)) return null;
    return this.#string();
  }

  #string(): string {
    const bytes = this.#bytes;
    const start = this.#start;
    const end = this.#end;
    if (end - start < 32 && isAscii(bytes, start, end)) return this.#latin();
    if (this.highBytes && !this.#isClean(bytes, start, end)) {
      if (!this.#allHigh) this.repaired = true;
      return decoder.decode(repairUtf8(bytes, start, end, this.#allHigh));
    }
    return decoder.decode(bytes.subarray(start, end));
  }
}
