import type { RecordHead } from "./line-reader.ts";
import type { Level } from "./levels.ts";
import { TraceState } from "./traces.ts";

/** A record of a container's stream, kept until it is known to be complete. */
export interface HeldRecord {
  readonly micros: number;
  readonly level: Level | null;
  readonly service: Uint8Array | null;
  readonly fields: Uint8Array | null;
  readonly line: number;
  readonly offset: number;
  /** Time of the line that was added last. */
  last: number;
  text: Uint8Array;
  length: number;
  /** The runtime cut the line: the next one of the stream goes on without a line break. */
  partial: boolean;
}

/** A program writes the lines of a stack trace at once, µs. */
const NEAR = 100_000;

interface Counts {
  joined: number;
  parts: number;
  split: number;
  unfinished: number;
}

/**
 * Puts the lines of a container's standard output and error together, each by
 * itself because the runtime interleaves them: parts that it cut (CRI tag `P`),
 * and the lines of a stack trace, each of which got a time of its own.
 */
export class StreamJoiner {
  readonly #held: (HeldRecord | null)[] = [null, null];
  readonly #traces = [new TraceState(), new TraceState()];
  #last = -1;

  constructor(readonly maxText: number) {}

  /** Takes the line that `head` describes; gives back the stream's record before it, where that one is complete. */
  add(
    head: RecordHead,
    bytes: Uint8Array,
    line: number,
    offset: number,
    counts: Counts,
  ): HeldRecord | null {
    const { stream, messageStart: start, messageEnd: end } = head;
    const held = this.#held[stream] ?? null;
    const trace = this.#traces[stream];
    this.#last = stream;
    const part = held?.partial === true;
    const near = held !== null && head.micros - held.last <= NEAR;
    const continues = part || (held !== null && trace?.continues(bytes, start, end, near) === true);
    if (held !== null && continues) {
      if (held.length + end - start <= this.maxText) {
        append(held, bytes, start, end, !part);
        held.partial = head.partial;
        held.last = head.micros;
        counts.joined++;
        if (part) counts.parts++;
        return null;
      }
      counts.split++;
    } else trace?.begin(bytes, start, end, head.level);
    const next = newRecord(head, bytes, line, offset);
    this.#held[stream] = next;
    return held;
  }

  /** Adds a line that the runtime did not write to the record read last; false where there is none. */
  append(
    bytes: Uint8Array,
    start: number,
    end: number,
    joins: (bytes: Uint8Array, start: number, end: number) => boolean,
  ): boolean {
    const held = this.#held[this.#last] ?? null;
    if (held === null || !joins(bytes, start, end)) return false;
    if (held.length + end - start > this.maxText) return false;
    append(held, bytes, start, end, true);
    return true;
  }

  /** The records that are left, in the order of their lines. */
  finish(counts: Counts): HeldRecord[] {
    const left = this.#held.filter((record) => record !== null);
    counts.unfinished += left.filter((record) => record.partial).length;
    this.#held.fill(null);
    return left.sort((a, b) => a.line - b.line);
  }
}

function newRecord(head: RecordHead, bytes: Uint8Array, line: number, offset: number): HeldRecord {
  const text = bytes.slice(head.messageStart, head.messageEnd);
  const { fields } = head;
  return {
    micros: head.micros,
    last: head.micros,
    level: head.level,
    service: head.serviceStart < 0 ? null : bytes.slice(head.serviceStart, head.serviceEnd),
    fields: fields.length === 0 ? null : fields.bytes.slice(0, fields.length),
    line,
    offset,
    text,
    length: text.length,
    partial: head.partial,
  };
}

function append(
  held: HeldRecord,
  bytes: Uint8Array,
  start: number,
  end: number,
  newline: boolean,
): void {
  const length = held.length + end - start + (newline ? 1 : 0);
  if (length > held.text.length) {
    const larger = new Uint8Array(Math.max(length, held.text.length * 2));
    larger.set(held.text.subarray(0, held.length));
    held.text = larger;
  }
  if (newline) held.text[held.length] = 0x0a;
  held.text.set(bytes.subarray(start, end), length - (end - start));
  held.length = length;
}
