import { Fault } from "../../base/result.ts";
import type { ImportError } from "../importer.ts";

/** The bytes of a database for a reader that cannot wait. */
export interface Pages {
  readonly size: number;
  /** Fills `into` from `offset` on; the number of bytes that were there. */
  read(offset: number, into: Uint8Array): number;
}

/** What a worker's `FileReaderSync` does. */
interface SyncReader {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

/** Databases up to this size are held in memory. */
const IN_MEMORY = 64 * 1024 * 1024;
/** More than this is not held in memory where parts of a file cannot be read. */
const MOST_IN_MEMORY = 1024 * 1024 * 1024;
const WINDOW = 1024 * 1024;
const MOST_WINDOWS = 24;

/** A small database whole, a large one in windows: a worker can read parts of a blob without waiting. */
export async function pagesOf(blob: Blob, file: string): Promise<Pages> {
  const { FileReaderSync: Reader } = globalThis as { FileReaderSync?: new () => SyncReader };
  if (Reader !== undefined && blob.size > IN_MEMORY) return new BlobPages(blob, new Reader());
  if (blob.size > MOST_IN_MEMORY) {
    throw new Fault<ImportError>({
      kind: "out-of-memory",
      file,
      message: `“${file}” is too large to be read here: ${blob.size} bytes, and ${MOST_IN_MEMORY} are possible.`,
      advice: "Export the tables that matter (sqlite3 -csv, or VACUUM INTO after deleting others).",
    });
  }
  return new MemoryPages(new Uint8Array(await blob.arrayBuffer()));
}

/** A database that is in memory as a whole. */
export class MemoryPages implements Pages {
  constructor(readonly bytes: Uint8Array) {}

  get size(): number {
    return this.bytes.length;
  }

  read(offset: number, into: Uint8Array): number {
    const part = this.bytes.subarray(offset, offset + into.length);
    into.set(part);
    return part.length;
  }
}

/** Keeps the windows that were read last. */
class BlobPages implements Pages {
  /** In the order of their last use. */
  readonly #windows = new Map<number, Uint8Array>();

  constructor(
    readonly blob: Blob,
    readonly reader: SyncReader,
  ) {}

  get size(): number {
    return this.blob.size;
  }

  read(offset: number, into: Uint8Array): number {
    let done = 0;
    while (done < into.length && offset + done < this.size) {
      const at = offset + done;
      const number = Math.floor(at / WINDOW);
      const from = at - number * WINDOW;
      const part = this.#window(number).subarray(from, from + into.length - done);
      if (part.length === 0) break;
      into.set(part, done);
      done += part.length;
    }
    return done;
  }

  #window(number: number): Uint8Array {
    let window = this.#windows.get(number);
    if (window === undefined) {
      const from = number * WINDOW;
      window = new Uint8Array(this.reader.readAsArrayBuffer(this.blob.slice(from, from + WINDOW)));
      const [oldest] = this.#windows.keys();
      if (this.#windows.size >= MOST_WINDOWS && oldest !== undefined) this.#windows.delete(oldest);
    } else this.#windows.delete(number);
    this.#windows.set(number, window);
    return window;
  }
}
