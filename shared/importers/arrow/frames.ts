import { Fault } from "../../base/result.ts";
import type { Source } from "../importer.ts";
import { FlatTable } from "./flatbuffer.ts";
import { framesOfBlocks, readFooter } from "./footer.ts";
import { BadArrow, FILE_MAGIC, SCHEMA, type Frame } from "./frame.ts";

const CONTINUATION = 0xffff_ffff;
const MOST_METADATA = 256 * 1024 * 1024;
const MOST_BODY = 2 ** 31 - 1;

export function isFile(head: Uint8Array): boolean {
  return String.fromCharCode(...head.subarray(0, 6)) === FILE_MAGIC;
}

/** True where bytes begin with the schema of an IPC stream. */
export function isStream(head: Uint8Array): boolean {
  if (head.length < 16) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const prefix = view.getUint32(0, true) === CONTINUATION ? 8 : 4;
  const size = view.getUint32(prefix - 4, true);
  // Streams older than 0.15 have no marker; their sizes leave room for text files otherwise.
  if (size < 16 || size > 1024 * 1024 || size % (prefix === 8 ? 8 : 4) !== 0) return false;
  if (head.length < prefix + size) return false;
  try {
    const message = FlatTable.root(head.subarray(prefix, prefix + size));
    const version = message.int16(0);
    const schema = message.table(2);
    if (message.uint8(1) !== SCHEMA || version < 3 || version > 4 || schema === null) return false;
    return message.int64(3) === 0 && schema.tables(1).every((f) => f.uint8(2) > 0);
  } catch {
    return false;
  }
}

/**
 * The messages of an IPC stream or file
 * (https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format).
 * The footer of a file says where they are; where it is missing, the file is
 * read as the stream that stands in it. Throws `BadArrow`, and `RangeError`
 * where a message is damaged.
 */
export async function* framesOf(source: Source): AsyncGenerator<Frame> {
  const file = isFile(await source.head(8));
  const blob = file ? await blobOf(source) : null;
  const footer = blob === null ? null : await readFooter(blob);
  if (blob !== null && footer !== null) {
    yield* framesOfBlocks(blob, footer);
    return;
  }
  const input = new Bytes(source.stream()[Symbol.asyncIterator]());
  try {
    if (file) await input.take(8);
    for (;;) {
      const frame = await nextFrame(input, file);
      if (frame === null) break;
      yield frame;
    }
  } finally {
    await input.end();
  }
  if (file) throw new BadArrow("its footer is missing", "truncated");
}

/** Null where the compression around a file was cut off: what is there can be read as a stream. */
async function blobOf(source: Source): Promise<Blob | null> {
  try {
    return await source.blob();
  } catch (thrown) {
    if (thrown instanceof Fault && (thrown.error as { kind?: unknown }).kind === "truncated")
      return null;
    throw thrown;
  }
}

async function nextFrame(input: Bytes, file: boolean): Promise<Frame | null> {
  const start = await input.peek(4);
  // The stream may end without a mark; a file has its footer behind one.
  if (start.length === 0 && !file) return null;
  const first = await input.uint32();
  const size = first === CONTINUATION ? await input.uint32() : first;
  if (size === 0) return null;
  if (size > MOST_METADATA) throw new BadArrow("a message has an impossible length");
  const bytes = await input.take(size);
  const message = FlatTable.root(bytes);
  const header = message.table(2);
  const length = message.int64(3);
  if (header === null) throw new BadArrow("a message says nothing");
  if (length < 0 || length > MOST_BODY)
    throw new BadArrow("a record batch has an impossible length");
  const body = await input.take(length);
  return { kind: message.uint8(1), bytes, header, body, version: message.int16(0), footer: false };
}

/** Takes pieces of any length from chunks of any length. */
class Bytes {
  #chunks: Uint8Array[] = [];
  #length = 0;
  #ended = false;

  constructor(readonly chunks: AsyncIterator<Uint8Array>) {}

  /** The next bytes without taking them; fewer at the end. */
  async peek(length: number): Promise<Uint8Array> {
    await this.#fill(length);
    return this.#copy(Math.min(length, this.#length));
  }

  /** The next bytes in memory of their own. */
  async take(length: number): Promise<Uint8Array> {
    await this.#fill(length);
    if (this.#length < length) {
      throw new BadArrow(`it ends ${length - this.#length} bytes too early`, "truncated");
    }
    const taken = this.#copy(length);
    this.#drop(length);
    return taken;
  }

  async uint32(): Promise<number> {
    const bytes = await this.take(4);
    return new DataView(bytes.buffer).getUint32(0, true);
  }

  async end(): Promise<void> {
    if (!this.#ended) await this.chunks.return?.();
  }

  async #fill(length: number): Promise<void> {
    while (this.#length < length && !this.#ended) {
      const next = await this.chunks.next();
      if (next.done === true) this.#ended = true;
      else {
        this.#chunks.push(next.value);
        this.#length += next.value.length;
      }
    }
  }

  #copy(length: number): Uint8Array {
    const copy = new Uint8Array(length);
    let at = 0;
    for (const chunk of this.#chunks) {
      if (at >= length) break;
      const part = chunk.subarray(0, length - at);
      copy.set(part, at);
      at += part.length;
    }
    return copy;
  }

  #drop(length: number): void {
    let left = length;
    let chunks = 0;
    for (const chunk of this.#chunks) {
      if (chunk.length > left) break;
      left -= chunk.length;
      chunks++;
    }
    this.#chunks.splice(0, chunks);
    const [first] = this.#chunks;
    if (left > 0 && first !== undefined) this.#chunks[0] = first.subarray(left);
    this.#length -= length;
  }
}
