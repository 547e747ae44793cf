import { readBytes, type Bytes } from "./bytes.ts";

/** Reads from front to back and passes over what is not wanted. */
export interface Cursor {
  readonly position: number;
  /** The next bytes; fewer at the end of the content. */
  read(length: number): Promise<Uint8Array>;
  /** Passes over so many bytes, or to the end of the content. */
  skip(length: number): Promise<void>;
  /** Where the content ends, as far as it is known. */
  readonly end: number;
}

/** Jumps over what is skipped. */
export class BytesCursor implements Cursor {
  position = 0;
  readonly end: number;

  constructor(readonly bytes: Bytes) {
    this.end = bytes.size;
  }

  async read(length: number): Promise<Uint8Array> {
    const data = await readBytes(this.bytes, this.position, this.position + length);
    this.position += data.length;
    return data;
  }

  skip(length: number): Promise<void> {
    this.position = Math.min(this.end, this.position + length);
    return Promise.resolve();
  }
}

/** Reads everything on its way. */
export class StreamCursor implements Cursor {
  position = 0;
  #rest: Uint8Array = new Uint8Array(0);
  #ended = false;
  readonly #chunks: AsyncIterator<Uint8Array>;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  get end(): number {
    return this.#ended ? this.position + this.#rest.length : Infinity;
  }

  async read(length: number): Promise<Uint8Array> {
    const data = new Uint8Array(length);
    let at = 0;
    while (at < length && (await this.#fill())) {
      const part = this.#take(length - at);
      data.set(part, at);
      at += part.length;
    }
    return data.subarray(0, at);
  }

  async skip(length: number): Promise<void> {
    let left = length;
    while (left > 0 && (await this.#fill())) left -= this.#take(left).length;
  }

  /** Gives the stream up where its end is not needed. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #fill(): Promise<boolean> {
    while (this.#rest.length === 0 && !this.#ended) {
      const next = await this.#chunks.next();
      if (next.done === true) this.#ended = true;
      else this.#rest = next.value;
    }
    return this.#rest.length > 0;
  }

  #take(most: number): Uint8Array {
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    this.position += part.length;
    return part;
  }
}
