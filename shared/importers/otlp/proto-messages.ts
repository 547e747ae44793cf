import { PbfReader } from "pbf";
import { originOf, type Origin } from "./origin.ts";
import { BadProtobuf, decodeMessage, fieldsOf, hex, type RawField } from "./proto-decode.ts";
import { BYTES, lengthAt, MOST_MESSAGE, RECORDS, signalOf, type Framing } from "./proto-framing.ts";
import { RESOURCE, SCOPE } from "./proto-schema.ts";
import type { OtlpRecord, OtlpReject, Signal } from "./records.ts";

type Item = OtlpRecord | OtlpReject;

/** A part of the file that is decoded as one: a message, or a resource with its records. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** 1-based: the "line" of its records. */
  readonly number: number;
  /** Of its first byte in the content. */
  readonly offset: number;
  /** Why it cannot be decoded, if it cannot. */
  readonly bad: string | null;
  /** The file ends in the middle of it. */
  readonly cut: boolean;
}

/** Bytes of a reject that are shown, as hex. */
const SHOWN = 200;

/**
 * The messages of a length-delimited file; of a file that is one message, its
 * resources with their records, one after the other, as if each were a message.
 * No more than one is held at a time.
 */
export async function* piecesOf(
  chunks: AsyncIterable<Uint8Array>,
  framing: Framing,
): AsyncGenerator<Piece> {
  const queue = new ByteQueue();
  let number = 1;
  for await (const chunk of chunks) {
    queue.push(chunk);
    for (;;) {
      const size = sizeOf(queue, framing);
      if (size !== null && (size.bad !== null || size.length > MOST_MESSAGE)) {
        const bad = size.bad ?? `is ${size.length} bytes long, which is more than 256 MiB`;
        yield { ...rest(queue, number), bad: `${bad}; what follows it cannot be read`, cut: false };
        return;
      }
      if (size === null || queue.length < size.prefix + size.length) break;
      queue.drop(size.prefix);
      const { offset } = queue;
      yield { bytes: queue.take(size.length), number, offset, bad: null, cut: false };
      number++;
    }
  }
  if (queue.length === 0) return;
  queue.drop(sizeOf(queue, framing)?.prefix ?? queue.length);
  yield { ...rest(queue, number), bad: null, cut: true };
}

function rest(queue: ByteQueue, number: number): Pick<Piece, "bytes" | "number" | "offset"> {
  const { offset } = queue;
  return { bytes: queue.take(queue.length), number, offset };
}

interface Size {
  /** Bytes before the message: its length, or its field number and length. */
  readonly prefix: number;
  readonly length: number;
  readonly bad: string | null;
}

/** Null while the prefix is not complete. */
function sizeOf(queue: ByteQueue, framing: Framing): Size | null {
  return framing === "delimited" ? delimitedSize(queue) : groupSize(queue);
}

function delimitedSize(queue: ByteQueue): Size | null {
  if (queue.length < 4) return null;
  return { prefix: 4, length: lengthAt(queue.peek(4), 0), bad: null };
}

function groupSize(queue: ByteQueue): Size | null {
  const head = queue.peek(Math.min(11, queue.length));
  if (head.length === 0) return null;
  if (head[0] !== 0x0a)
    return {
      prefix: 0,
      length: 0,
      bad: `begins with byte ${hex(head.subarray(0, 1))} instead of 0a`,
    };
  let length = 0;
  for (let i = 1; i < head.length; i++) {
    const byte = head[i] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * (i - 1));
    if (byte < 0x80) return { prefix: i + 1, length, bad: null };
  }
  return head.length < 11 ? null : { prefix: 0, length: 0, bad: "has a length that does not end" };
}

/** Chunks in, exact numbers of bytes out. */
class ByteQueue {
  length = 0;
  /** Of the first byte, from the start of the content. */
  offset = 0;
  #chunks: Uint8Array[] = [];

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    // The chunk's buffer may be used again for the next one.
    this.#chunks.push(chunk.slice());
    this.length += chunk.length;
  }

  /** The first `count` bytes, which stay. */
  peek(count: number): Uint8Array {
    const [first] = this.#chunks;
    if (first !== undefined && first.length >= count) return first.subarray(0, count);
    const joined = new Uint8Array(count);
    let at = 0;
    for (const chunk of this.#chunks) {
      if (at >= count) break;
      joined.set(chunk.subarray(0, count - at), at);
      at += chunk.length;
    }
    return joined;
  }

  take(count: number): Uint8Array {
    const taken = this.peek(count);
    this.drop(count);
    return taken;
  }

  drop(count: number): void {
    let left = count;
    let whole = 0;
    for (; left > 0; whole++) {
      const chunk = this.#chunks[whole];
      if (chunk === undefined || chunk.length > left) break;
      left -= chunk.length;
    }
    if (whole > 0) this.#chunks = this.#chunks.slice(whole);
    const [first] = this.#chunks;
    if (left > 0 && first !== undefined) this.#chunks[0] = first.subarray(left);
    this.length -= count;
    this.offset += count;
  }
}

/** The records of a piece, as far as it goes; what is damaged or cut off comes as a reject. */
export class PieceReader {
  #reader = new PbfReader(new Uint8Array(0));
  #piece: Piece | null = null;

  constructor(
    readonly framing: Framing,
    readonly service: string | null,
  ) {}

  *read(piece: Piece): Generator<Item> {
    this.#piece = piece;
    this.#reader = new PbfReader(piece.bytes);
    const { length: end } = piece.bytes;
    const all: RawField = { number: 1, wire: BYTES, start: 0, end, whole: !piece.cut };
    if (piece.bad !== null) {
      yield this.#reject(piece.bad, all);
      return;
    }
    try {
      if (this.framing === "raw") yield* this.#group(all);
      else yield* this.#request(all);
    } catch (thrown) {
      if (!(thrown instanceof BadProtobuf)) throw thrown;
      yield this.#reject(`is damaged: ${thrown.message}`, all);
      return;
    }
    if (piece.cut) yield this.#reject("is cut off by the end of the file", all);
  }

  *#request(message: RawField): Generator<Item> {
    for (const field of this.#fieldsOf(message)) {
      if (field.number === 1 && field.wire === BYTES) yield* this.#group(field);
      else yield this.#reject(`has a field ${field.number}, which OTLP does not define`, field);
    }
  }

  /** A resource and its scopes, in any order. */
  *#group(group: RawField): Generator<Item> {
    const fields = this.#fieldsOf(group);
    const resource = this.#only(fields, RESOURCE);
    for (const scope of fields) {
      const isScope = (scope.number === 2 || scope.number === 1000) && scope.wire === BYTES;
      if (isScope) yield* this.#scope(scope, resource);
    }
  }

  *#scope(list: RawField, resource: unknown): Generator<Item> {
    const fields = this.#fieldsOf(list);
    const origin = originOf(resource, this.#only(fields, SCOPE), this.service);
    let signal: Signal | null = null;
    for (const field of fields) {
      if (field.number !== 2 || field.wire !== BYTES || !field.whole) continue;
      try {
        signal ??= signalOf(this.#reader, field);
        yield this.#record(field, signal, origin);
      } catch (thrown) {
        if (!(thrown instanceof BadProtobuf)) throw thrown;
        yield this.#reject(`holds a damaged record: ${thrown.message}`, field);
      }
    }
  }

  #fieldsOf(message: RawField): RawField[] {
    return [...fieldsOf(this.#reader, message.start, message.end, !message.whole)];
  }

  #record(field: RawField, signal: Signal, origin: Origin): Item {
    const value = decodeMessage(this.#reader, field.start, field.end, RECORDS[signal].schema);
    return { signal, value, origin, at: this.#at(field) };
  }

  /** The message in field 1, which comes at most once. */
  #only(fields: readonly RawField[], schema: typeof RESOURCE): unknown {
    const field = fields.find(({ number, wire }) => number === 1 && wire === BYTES);
    if (field?.whole !== true) return undefined;
    return decodeMessage(this.#reader, field.start, field.end, schema);
  }

  #at(field: RawField): { line: number; offset: number } {
    return {
      line: this.#piece?.number ?? 0,
      offset: (this.#piece?.offset ?? 0) + field.start,
    };
  }

  #reject(what: string, field: RawField): OtlpReject {
    const end = field.end < 0 ? field.start + 1 : field.end;
    const shown = this.#reader.buf.subarray(field.start, Math.min(end, field.start + SHOWN));
    const at = this.#at(field);
    return { bad: `message ${at.line} ${what}`, at, text: hex(shown) };
  }
}
