import { KEPT_TEXT, MAX_LINE_BYTES, type TextFormat } from "../text.ts";

/** How a delimited text is written. */
export interface Dialect {
  readonly delimiter: number;
  /** 0: no quoting. */
  readonly quote: number;
  /** Quotes inside quotes are written `\"` instead of `""`. */
  readonly backslash: boolean;
  readonly format: TextFormat;
}

/** What `next` found. */
export const MORE = 0;
export const RECORD = 1;
export const REJECT = 2;

/** A quoted field that goes on for longer than this was never closed. */
const MAX_QUOTED_BYTES = 16 * 1024 * 1024;

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const BACKSLASH = 92;

/** The field stands in quotes. */
export const QUOTED = 1;
/** The field holds escaped quotes: read it through `unescape`. */
export const ESCAPED = 2;

/**
 * Cuts pushed bytes into records and fields (RFC 4180, plus backslash escapes
 * where the dialect has them). Lines without any character are no records.
 *
 * A record whose quoting is broken is rejected at its first line, and reading
 * goes on at the next one, so that a stray quote costs one line and not the
 * rest of the file.
 */
export class RecordReader {
  /** Fields of the current record: ranges in `bytes`, and flags. */
  count = 0;
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  flags = new Uint8Array(64);
  bytes: Uint8Array = new Uint8Array(1024 * 1024);
  /** Range of the current record or reject in `bytes`. */
  recordStart = 0;
  recordEnd = 0;
  /** 1-based line on which it begins. */
  line = 1;
  /** Lines that it spans. */
  span = 1;
  /** Why it was rejected. */
  reason = "";
  blankLines = 0;

  #used = 0;
  #position = 0;
  #nextLine = 1;
  #offset: number;
  #ended = false;
  /** Do not try again before this many bytes are there. */
  #wanted = 0;
  #skipping = false;
  #skipHead: Uint8Array | null = null;
  #skipOffset = 0;

  constructor(
    readonly dialect: Dialect,
    readonly maxLine = MAX_LINE_BYTES,
    readonly maxQuoted = MAX_QUOTED_BYTES,
  ) {
    this.#offset = dialect.format.bom;
  }

  /** Position of the current record in the content. */
  get offset(): number {
    return this.#skipHead !== null ? this.#skipOffset : this.#offset + this.recordStart;
  }

  /** Bytes pushed and not read yet. */
  get pending(): number {
    return this.#used - this.#position;
  }

  push(chunk: Uint8Array): void {
    if (this.#skipHead !== null && !this.#skipping) this.#skipHead = null;
    const rest = this.#used - this.#position;
    if (this.#position > 0) {
      this.bytes.copyWithin(0, this.#position, this.#used);
      this.#offset += this.#position;
      this.#wanted = Math.max(0, this.#wanted - this.#position);
      this.#position = 0;
      this.#used = rest;
    }
    if (rest + chunk.length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(rest + chunk.length, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, rest));
      this.bytes = larger;
    }
    this.bytes.set(chunk, rest);
    this.#used += chunk.length;
  }

  /** No more bytes: what is left is the last record. */
  finish(): void {
    this.#ended = true;
    this.#wanted = 0;
  }

  /** Tries again with the bytes that are there, though few came since. */
  release(): void {
    this.#wanted = 0;
  }

  /** Makes all that is left the current record. */
  takeRest(): void {
    this.line = this.#nextLine;
    this.recordStart = this.#position;
    this.recordEnd = this.#used;
    this.#position = this.#used;
    this.#skipping = false;
  }

  /** Reads the next record. */
  next(): typeof MORE | typeof RECORD | typeof REJECT {
    if (this.#skipHead !== null && !this.#skipping) this.#skipHead = null;
    if (this.#skipping) return this.#skip();
    if (this.#used < this.#wanted) return MORE;
    const bytes = this.bytes;
    const used = this.#used;
    const newline = this.dialect.format.newline;
    let at = this.#position;
    // Lines with nothing on them.
    while (at < used) {
      const b = bytes[at];
      if (b === newline) at++;
      else if (b === CR && bytes[at + 1] === LF && at + 1 < used) at += 2;
      else break;
      this.#nextLine++;
      this.blankLines++;
    }
    this.#position = at;
    this.line = this.#nextLine;
    this.recordStart = at;
    if (at >= used) return MORE;
    if (at === used - 1 && bytes[at] === CR && this.#ended) {
      this.#position = used;
      this.blankLines++;
      return MORE;
    }
    return this.#read(at);
  }

  #read(start: number): typeof MORE | typeof RECORD | typeof REJECT {
    const { delimiter, quote } = this.dialect;
    const newline = this.dialect.format.newline;
    const bytes = this.bytes;
    const used = this.#used;
    let starts = this.starts;
    let ends = this.ends;
    let flags = this.flags;
    let at = start;
    let count = 0;
    let span = 1;
    for (;;) {
      if (count === starts.length) {
        this.#growFields();
        ({ starts, ends, flags } = this);
      }
      if (quote !== 0 && bytes[at] === quote && at < used) {
        const closed = this.#readQuoted(at, count);
        if (closed === -1) return this.#incomplete(start, true);
        if (closed === -2) {
          return this.#malformed(
            start,
            "text follows a closing quote, or a quote was never closed",
          );
        }
        span += this.#newlines;
        at = closed;
      } else {
        starts[count] = at;
        while (at < used) {
          const b = bytes[at];
          if (b === delimiter || b === newline) break;
          at++;
        }
        ends[count] = at;
        flags[count] = 0;
      }
      count++;
      if (at >= used) {
        if (!this.#ended) return this.#incomplete(start, span > 1);
        break;
      }
      if (bytes[at] !== delimiter) break;
      at++;
    }
    // `at` is at the line end or at the end of the content.
    if (newline === LF && at > start && bytes[at - 1] === CR) {
      const last = count - 1;
      if ((ends[last] ?? 0) === at && (flags[last] ?? 0) === 0) ends[last] = at - 1;
    }
    this.count = count;
    this.span = span;
    this.recordEnd = at;
    this.#position = Math.min(at + 1, used);
    this.#nextLine = this.line + span;
    if (at - start > this.maxLine) {
      this.reason = longLine(this.maxLine);
      return REJECT;
    }
    return RECORD;
  }

  /** Line ends inside the last quoted field. */
  #newlines = 0;

  /** Reads a quoted field; gives the place after it, -1 without a closing quote, -2 if it is broken. */
  #readQuoted(open: number, field: number): number {
    const { delimiter, quote, backslash } = this.dialect;
    const newline = this.dialect.format.newline;
    const bytes = this.bytes;
    const used = this.#used;
    let at = open + 1;
    let newlines = 0;
    let flag = QUOTED;
    for (;;) {
      if (at >= used) return -1;
      const b = bytes[at];
      if (b === quote) {
        if (at + 1 < used && bytes[at + 1] === quote) {
          flag = QUOTED | ESCAPED;
          at += 2;
          continue;
        }
        if (at + 1 >= used && !this.#ended) return -1;
        break;
      }
      if (b === newline) newlines++;
      else if (backslash && b === BACKSLASH) {
        flag = QUOTED | ESCAPED;
        if (bytes[at + 1] === newline && at + 1 < used) newlines++;
        at++;
      }
      at++;
    }
    this.starts[field] = open + 1;
    this.ends[field] = at;
    this.flags[field] = flag;
    this.#newlines = newlines;
    at++;
    while (at < used && (bytes[at] === SPACE || (bytes[at] === TAB && delimiter !== TAB))) {
      at++;
    }
    if (at >= used) return this.#ended ? at : -1;
    const after = bytes[at];
    if (after === delimiter || after === newline) return at;
    if (after === CR) {
      if (at + 1 >= used) return this.#ended ? at + 1 : -1;
      if (bytes[at + 1] === newline) return at + 1;
    }
    return -2;
  }

  /** The bytes end inside the record. */
  #incomplete(start: number, inQuotes: boolean): typeof MORE | typeof REJECT {
    const length = this.#used - start;
    if (inQuotes && (this.#ended || length > this.maxQuoted)) {
      return this.#malformed(start, "a quote was opened and never closed");
    }
    if (!inQuotes && length > Math.max(this.maxLine, KEPT_TEXT * 4)) {
      this.#skipHead = this.bytes.slice(start, start + KEPT_TEXT * 4);
      this.#skipOffset = this.#offset + start;
      this.#skipping = true;
      this.#position = this.#used;
      return MORE;
    }
    // Twice as much next time, so that long records are not read over and over.
    this.#wanted = this.#used + Math.floor(length / 2);
    return MORE;
  }

  /** Rejects the first line of the record and goes on after it. */
  #malformed(start: number, reason: string): typeof MORE | typeof REJECT {
    const newline = this.dialect.format.newline;
    let end = this.bytes.subarray(0, this.#used).indexOf(newline, start);
    if (end === -1) {
      if (!this.#ended) return this.#incomplete(start, false);
      end = this.#used;
    }
    this.recordEnd = end;
    this.span = 1;
    this.#position = Math.min(end + 1, this.#used);
    this.#nextLine = this.line + 1;
    this.#wanted = 0;
    this.reason = reason;
    return REJECT;
  }

  /** Takes back a record that spans several lines: all but its first line is read again. */
  rejectFirstLine(reason: string): void {
    this.#malformed(this.recordStart, reason);
  }

  /** Passes over the rest of a line that is too long. */
  #skip(): typeof MORE | typeof REJECT {
    const newline = this.dialect.format.newline;
    const data = this.bytes.subarray(0, this.#used);
    const end = data.indexOf(newline, this.#position);
    if (end === -1 && !this.#ended) {
      this.#position = this.#used;
      return MORE;
    }
    this.#skipping = false;
    this.#position = end === -1 ? this.#used : end + 1;
    this.line = this.#nextLine;
    this.#nextLine++;
    this.span = 1;
    this.reason = longLine(this.maxLine);
    return REJECT;
  }

  /** First bytes of the current reject. */
  rejectedText(): Uint8Array {
    return (
      this.#skipHead ??
      this.bytes.subarray(
        this.recordStart,
        Math.min(this.recordEnd, this.recordStart + KEPT_TEXT * 4),
      )
    );
  }

  #growFields(): void {
    const size = this.starts.length * 2;
    const { starts, ends, flags } = this;
    this.starts = new Int32Array(size);
    this.starts.set(starts);
    this.ends = new Int32Array(size);
    this.ends.set(ends);
    this.flags = new Uint8Array(size);
    this.flags.set(flags);
  }
}

function longLine(limit: number): string {
  return limit >= 1048576
    ? `line longer than ${Math.round(limit / 1048576)} MiB`
    : `line longer than ${limit} bytes`;
}

/** Content of an `ESCAPED` field with single quotes and without its escapes. */
export function unescape(
  bytes: Uint8Array,
  start: number,
  end: number,
  dialect: Dialect,
): Uint8Array {
  const out = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end; at++) {
    const b = bytes[at] ?? 0;
    const next = at + 1 < end ? (bytes[at + 1] ?? 0) : 0;
    if (b === dialect.quote && next === dialect.quote) at++;
    else if (
      dialect.backslash &&
      b === BACKSLASH &&
      (next === dialect.quote || next === BACKSLASH)
    ) {
      out[length++] = next;
      at++;
      continue;
    }
    out[length++] = b;
  }
  return out.subarray(0, length);
}
