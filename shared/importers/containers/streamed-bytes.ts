import type { Source } from "../importer.ts";
import { blobBytes, chunksOf, streamOf, type Bytes } from "./bytes.ts";

/** Decompressed content that is kept at a time. Blobs lie on disk when memory is short. */
const KEPT = 1024 ** 3;

/**
 * Decompressed content for random access. A part of it is kept, so that files
 * that are asked for one after the other cost one decompression, not one each.
 */
export class StreamedBytes implements Bytes {
  /** Known once the content was read to its end. */
  size = Infinity;
  #from = 0;
  #kept: Blob = new Blob([]);
  /** Readings of the source wait for each other: it counts what it has read. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly source: Source,
    readonly most = KEPT,
  ) {}

  /** The content from front to back; its beginning is kept on the way. */
  async *all(): AsyncGenerator<Uint8Array> {
    const keeper = new Keeper(this.most);
    let length = 0;
    for await (const chunk of this.source.stream()) {
      length += chunk.length;
      keeper.add(chunk);
      yield chunk;
    }
    this.size = length;
    this.#from = 0;
    this.#kept = keeper.blob();
  }

  async stream(from: number, to: number): Promise<ReadableStream<Uint8Array>> {
    const work = this.#turn.then(() => this.#stream(from, to));
    this.#turn = work.catch(() => undefined);
    return work;
  }

  async #stream(from: number, to: number): Promise<ReadableStream<Uint8Array>> {
    if (to - from > this.most) return streamOf(this.#part(from, to));
    if (from < this.#from || to > this.#from + this.#kept.size) await this.#keepFrom(from);
    return blobBytes(this.#kept).stream(from - this.#from, to - this.#from);
  }

  async #keepFrom(from: number): Promise<void> {
    const keeper = new Keeper(this.most);
    for await (const chunk of this.#part(from, from + this.most)) keeper.add(chunk);
    this.#from = from;
    this.#kept = keeper.blob();
  }

  async *#part(from: number, to: number): AsyncGenerator<Uint8Array> {
    let at = 0;
    for await (const chunk of this.source.stream()) {
      const part = chunk.subarray(Math.max(0, from - at), Math.max(0, to - at));
      at += chunk.length;
      if (part.length > 0) yield part;
      if (at >= to) return;
    }
  }

  /** The content `[from, to)` as a blob of its own, where that much is kept. */
  async blob(from: number, to: number): Promise<Blob | null> {
    if (to - from > this.most) return null;
    const parts: Blob[] = [];
    for await (const chunk of chunksOf(await this.stream(from, to))) {
      parts.push(new Blob([chunk.slice()]));
    }
    return new Blob(parts);
  }
}

/** Collects chunks to a blob, up to a limit. */
class Keeper {
  #left: number;
  readonly #parts: Blob[] = [];
  #pending: Uint8Array[] = [];
  #pendingSize = 0;

  constructor(most: number) {
    this.#left = most;
  }

  add(chunk: Uint8Array): void {
    const part = chunk.slice(0, this.#left);
    this.#left -= part.length;
    if (part.length === 0) return;
    this.#pending.push(part);
    this.#pendingSize += part.length;
    if (this.#pendingSize >= 1024 * 1024) this.#flush();
  }

  blob(): Blob {
    this.#flush();
    return new Blob(this.#parts);
  }

  #flush(): void {
    this.#parts.push(new Blob(this.#pending as BlobPart[]));
    this.#pending = [];
    this.#pendingSize = 0;
  }
}
