import type { Source } from "../importer.ts";

/** Content that can be read from any place. */
export interface Bytes {
  readonly size: number;
  /** Bytes `[from, to)`. */
  stream(from: number, to: number): Promise<ReadableStream<Uint8Array>>;
}

/** A source whose bytes on disk can be had in parts (see `SourceInput.slice`). */
interface SlicedSource extends Source {
  readonly slice?: ((from: number, to: number) => Promise<ReadableStream<Uint8Array>>) | null;
}

/** Reads ahead so much, so that many small files cost few requests. */
const WINDOW = 4 * 1024 * 1024;
/** Requests up to this size are answered from what was read ahead. */
const SMALL = 256 * 1024;

/** Content of a source for random access: in parts where its place allows it, else as one blob. */
export async function bytesOf(source: SlicedSource): Promise<Bytes> {
  const { slice } = source;
  if (source.compression === "none" && typeof slice === "function") {
    return new ReadAhead({ size: source.size, stream: slice });
  }
  return blobBytes(await source.blob());
}

export function blobBytes(blob: Blob): Bytes {
  return {
    size: blob.size,
    stream: (from, to) => Promise.resolve(blob.slice(from, to).stream()),
  };
}

/** Bytes `[from, to)` at once; fewer at the end of the content. */
export async function readBytes(bytes: Bytes, from: number, to: number): Promise<Uint8Array> {
  const end = Math.min(to, bytes.size);
  if (from >= end) return new Uint8Array(0);
  return collect(chunksOf(await bytes.stream(from, end)), end - from);
}

/** Chunks of a stream; who stops early gives the stream up. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((thrown: unknown) => {
        ended = true;
        throw thrown;
      });
      if (done) break;
      if (value.length > 0) yield value;
    }
    ended = true;
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined);
  }
}

/** The opposite: a stream that asks for a chunk when one is taken. */
export function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await iterator.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

async function collect(chunks: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const all = new Uint8Array(size);
  let at = 0;
  for await (const chunk of chunks) {
    const part = chunk.subarray(0, size - at);
    all.set(part, at);
    at += part.length;
    if (at === size) break;
  }
  return all.subarray(0, at);
}

/** Keeps the last window that was read: neighbours are asked for one after the other. */
class ReadAhead implements Bytes {
  readonly size: number;
  #from = 0;
  #window: Promise<Uint8Array> = Promise.resolve(new Uint8Array(0));
  #to = 0;

  constructor(readonly inner: Bytes) {
    this.size = inner.size;
  }

  async stream(from: number, to: number): Promise<ReadableStream<Uint8Array>> {
    if (to - from > SMALL) return this.inner.stream(from, to);
    if (from < this.#from || to > this.#to) {
      const end = Math.min(this.size, Math.max(to, from + WINDOW));
      const window = readBytes(this.inner, from, end);
      this.#from = from;
      this.#to = end;
      this.#window = window;
      window.catch(() => {
        if (this.#window === window) this.#to = this.#from;
      });
    }
    const start = this.#from;
    const window = await this.#window;
    return streamOf(one(window.slice(from - start, to - start)));
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable of what is there already
async function* one(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  if (chunk.length > 0) yield chunk;
}
