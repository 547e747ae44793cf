import { BatchBuilder } from "../../tables/batch.ts";
import type { TableColumn } from "../../tables/fixed-tables.ts";
import type { Sink } from "../importer.ts";
import type { LineBlock } from "../text.ts";
import { ESCAPE, textOf, withoutColours } from "./bytes.ts";
import type { Clock } from "./clock.ts";
import { LEVELS, type Level } from "./levels.ts";
import { newHead, type ReadLine } from "./line-reader.ts";
import { StreamJoiner, type HeldRecord } from "./streams.ts";

/** Columns of `logs`, by position. */
const TS = 0;
const LEVEL = 1;
const SERVICE = 2;
const HOST = 3;
const MESSAGE = 4;
const FIELDS = 5;
const EVIDENCE = 6;
const LINE = 7;
const OFFSET = 8;

/** A record that goes on for longer than this is split into several rows. */
const MAX_MESSAGE = 1024 * 1024;

const NEWLINE = 0x0a;

const encoder = new TextEncoder();
const LEVEL_BYTES = new Map<Level, Uint8Array>(
  LEVELS.map((level) => [level, encoder.encode(level)]),
);

/** What became of the lines: every line is counted exactly once in `records`, `joined`, `blank` or `directives`. */
// A type, not an interface, so that it is a record of numbers to others.
export type LineCounts = {
  lines: number;
  records: number;
  joined: number;
  blank: number;
  /** Lines that describe the log. */
  directives: number;
  /** Records before the first line with a time. */
  leading: number;
  /** Records without a time. */
  undated: number;
  /** Lines in which colour codes of a terminal were dropped. */
  coloured: number;
  /** Long records that became several rows. */
  split: number;
  /** Parts of lines that a container runtime cut, joined again. */
  parts: number;
  /** Records whose last part is missing. */
  unfinished: number;
  /** Records without the field that tells services apart. */
  unsplit: number;
  repaired: number;
};

/** Nothing seen yet. */
export const NO_COUNTS: Readonly<LineCounts> = {
  lines: 0,
  records: 0,
  joined: 0,
  blank: 0,
  directives: 0,
  leading: 0,
  undated: 0,
  coloured: 0,
  split: 0,
  parts: 0,
  unfinished: 0,
  unsplit: 0,
  repaired: 0,
};

/** How the lines of a file become records. */
export interface RecordRules {
  readonly read: ReadLine;
  /** Whether a line that begins no record belongs to the open one. */
  readonly joins: (bytes: Uint8Array, start: number, end: number) => boolean;
  /** Whether a line that the layout reads begins a record; null where all do. */
  readonly begins: ((bytes: Uint8Array, start: number, end: number) => boolean) | null;
  /** Whether a line describes the log and is no record. */
  readonly skips: ((bytes: Uint8Array, start: number, end: number) => boolean) | null;
  readonly clock: Clock;
  /** Added to every time, µs. */
  readonly offset: number;
  /** Service of the rows whose line names none. */
  readonly service: string | undefined;
  /** Field whose value is the service. */
  readonly splitBy: string | undefined;
}

/** Turns lines into rows of `logs`: one row per record, continuation lines joined with a line break. */
export class RecordWriter {
  readonly counts: LineCounts = { ...NO_COUNTS };
  readonly #builder: BatchBuilder;
  readonly #head = newHead();
  readonly #service: Uint8Array | null;
  /** A row was begun and may go on. */
  #open = false;
  /** The open row began with a time. */
  #dated = false;
  /** Records of containers that may go on, by stream. */
  readonly #streams: StreamJoiner;
  #started = false;
  #lastMicros = NaN;
  #lastLevel: Level | null = null;
  /** Message of the open row: a range of the current block, or `#joined`. */
  #from = 0;
  #to = 0;
  #bytes: Uint8Array;
  #joined = new Uint8Array(64 * 1024);
  #blanks = 0;
  #reported = 0;

  constructor(
    columns: readonly TableColumn[],
    readonly rules: RecordRules,
    readonly sink: Sink,
  ) {
    this.#builder = new BatchBuilder(columns);
    this.#service = rules.service === undefined ? null : encoder.encode(rules.service);
    this.#bytes = this.#joined;
    this.#streams = new StreamJoiner(MAX_MESSAGE);
  }

  async block(block: LineBlock): Promise<void> {
    const { bytes, starts, ends, offsets } = block;
    const coloured = bytes.includes(ESCAPE);
    this.counts.repaired += block.repaired;
    this.counts.lines += block.count;
    for (let i = 0; i < block.count; i++) {
      let text = bytes;
      let start = starts[i] ?? 0;
      let end = ends[i] ?? 0;
      if (coloured) {
        const escape = bytes.indexOf(ESCAPE, start);
        if (escape >= 0 && escape < end) {
          text = withoutColours(bytes, start, end);
          start = 0;
          end = text.length;
          this.counts.coloured++;
        }
      }
      const line = block.firstLine + i;
      const offset = offsets[i] ?? -1;
      const row = this.#next(text, start, end);
      if (row === "none") continue;
      if (row === "held") {
        const done = this.#streams.add(this.#head, text, line, offset, this.counts);
        if (done !== null) await this.#held(done);
        continue;
      }
      this.#end();
      if (this.#builder.full) await this.#flush();
      if (row === "record") this.#begin(text, line, offset);
      else this.#undated(text, start, end, line, offset, row === "split");
    }
    this.#keep();
    this.#report();
  }

  async finish(): Promise<void> {
    this.#end();
    for (const record of this.#streams.finish(this.counts)) await this.#held(record);
    if (this.#builder.rows > 0) await this.#flush();
    this.#report();
  }

  /** The row of a container's record, which is complete. */
  async #held(record: HeldRecord): Promise<void> {
    if (this.#builder.full) await this.#flush();
    const builder = this.#builder;
    this.#place(record.micros + this.rules.offset, record.level, record.line, record.offset);
    const service = this.#splitHeld(record) ?? record.service ?? this.#service;
    if (service !== null) builder.utf8Bytes(SERVICE, service, 0, service.length);
    if (record.fields !== null) builder.utf8Bytes(FIELDS, record.fields, 0, record.fields.length);
    builder.utf8Bytes(MESSAGE, record.text, 0, record.length);
    builder.endRow();
    this.#open = false;
    this.#started = true;
  }

  #splitHeld(record: HeldRecord): Uint8Array | null {
    const field = this.rules.splitBy;
    if (field === undefined || record.fields === null) return null;
    const value = (
      JSON.parse(textOf(record.fields, 0, record.fields.length)) as Record<string, unknown>
    )[field];
    return typeof value === "string" ? encoder.encode(value) : null;
  }

  /** What a line begins. A line that begins nothing has been added to the open row. */
  #next(
    bytes: Uint8Array,
    start: number,
    end: number,
  ): "record" | "undated" | "split" | "none" | "held" {
    const { rules } = this;
    if (start === end) {
      if (this.#open) this.#blanks++;
      this.counts.blank++;
      return "none";
    }
    if (rules.skips?.(bytes, start, end) === true) {
      this.counts.directives++;
      return "none";
    }
    const begins = rules.begins === null || rules.begins(bytes, start, end);
    if (begins && rules.read(bytes, start, end, rules.clock, this.#head))
      return this.#head.stream >= 0 ? "held" : "record";
    if (rules.begins !== null && begins) return "undated";
    if (!this.#open || !this.#dated || !rules.joins(bytes, start, end)) {
      if (this.#open || !this.#streams.append(bytes, start, end, rules.joins)) return "undated";
    } else {
      if (this.#to - this.#from + end - start > MAX_MESSAGE) return "split";
      this.#append(bytes, start, end, true);
    }
    this.counts.joined++;
    return "none";
  }

  /** Begins the row that `#head` describes. */
  #begin(bytes: Uint8Array, line: number, offset: number): void {
    const head = this.#head;
    const builder = this.#builder;
    this.#place(head.micros + this.rules.offset, head.level, line, offset);
    const split = this.#split(bytes);
    if (split !== null) builder.utf8(SERVICE, split);
    else if (head.serviceStart >= 0)
      builder.utf8Bytes(SERVICE, bytes, head.serviceStart, head.serviceEnd);
    else if (this.#service !== null)
      builder.utf8Bytes(SERVICE, this.#service, 0, this.#service.length);
    if (head.hostStart >= 0) builder.utf8Bytes(HOST, bytes, head.hostStart, head.hostEnd);
    if (head.fields.length > 0) builder.utf8Bytes(FIELDS, head.fields.bytes, 0, head.fields.length);
    this.#message(bytes, head.messageStart, head.messageEnd);
    this.#dated = true;
    this.#started = true;
  }

  /** Service by the field that tells services apart, or null. */
  #split(bytes: Uint8Array): string | null {
    const field = this.rules.splitBy;
    if (field === undefined || field === "service") return null;
    const head = this.#head;
    if (field === "host" && head.hostStart >= 0) return textOf(bytes, head.hostStart, head.hostEnd);
    const value = head.fields.value(field);
    if (value === null) this.counts.unsplit++;
    return value;
  }

  /** Begins a row from a line without a time; as the next part of a long record it keeps that one's time. */
  #undated(
    bytes: Uint8Array,
    start: number,
    end: number,
    line: number,
    offset: number,
    split: boolean,
  ): void {
    if (split) this.counts.split++;
    else if (!this.#started) this.counts.leading++;
    this.#place(split ? this.#lastMicros : NaN, split ? this.#lastLevel : null, line, offset);
    if (this.#service !== null)
      this.#builder.utf8Bytes(SERVICE, this.#service, 0, this.#service.length);
    this.#message(bytes, start, end);
    this.#dated = split;
  }

  #place(micros: number, level: Level | null, line: number, offset: number): void {
    const builder = this.#builder;
    if (Number.isNaN(micros)) this.counts.undated++;
    else builder.timestamp(TS, micros);
    const word = level === null ? undefined : LEVEL_BYTES.get(level);
    if (word !== undefined) builder.utf8Bytes(LEVEL, word, 0, word.length);
    builder.bigint(EVIDENCE, this.sink.evidence);
    builder.bigint(LINE, line);
    if (offset >= 0) builder.bigint(OFFSET, offset);
    this.#lastMicros = micros;
    this.#lastLevel = level;
    this.#open = true;
    this.counts.records++;
  }

  #message(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#from = start;
    this.#to = end;
  }

  /** Adds text to the open row's message. */
  #append(bytes: Uint8Array, start: number, end: number, newline: boolean): void {
    this.#keep();
    const breaks = newline ? this.#blanks + 1 : 0;
    this.#blanks = 0;
    this.#reserve(this.#to + breaks + end - start);
    this.#joined.fill(NEWLINE, this.#to, this.#to + breaks);
    this.#joined.set(bytes.subarray(start, end), this.#to + breaks);
    this.#to += breaks + end - start;
  }

  /** Copies the open row's message out of the block, which is not valid for long. */
  #keep(): void {
    if (!this.#open || this.#bytes === this.#joined) return;
    const length = this.#to - this.#from;
    this.#reserve(length);
    this.#joined.set(this.#bytes.subarray(this.#from, this.#to), 0);
    this.#message(this.#joined, 0, length);
  }

  #reserve(length: number): void {
    if (length <= this.#joined.length) return;
    const larger = new Uint8Array(Math.max(length, this.#joined.length * 2));
    larger.set(this.#joined);
    if (this.#bytes === this.#joined) this.#bytes = larger;
    this.#joined = larger;
  }

  #end(): void {
    if (!this.#open) return;
    this.#builder.utf8Bytes(MESSAGE, this.#bytes, this.#from, this.#to);
    this.#builder.endRow();
    this.#open = false;
    this.#blanks = 0;
  }

  /** Only between rows: an open row has cells in the batch. */
  async #flush(): Promise<void> {
    const rows = this.#builder.rows;
    await this.sink.batch(this.#builder.flush(), rows);
  }

  #report(): void {
    const done = this.counts.records - (this.#open ? 1 : 0);
    this.sink.accepted(done - this.#reported);
    this.#reported = done;
  }
}
