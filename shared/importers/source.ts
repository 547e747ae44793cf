import { Fault } from "../base/result.ts";
import { BadCompression } from "./bad-compression.ts";
import { compressionOf, gunzip, unzstd, type Compression } from "./decompress.ts";
import type { ImportError, Source } from "./importer.ts";

/** A file as the outside gives it. */
export interface SourceInput {
  /** File name, with its extension of compression. */
  readonly name: string;
  /** Size on disk in bytes. */
  readonly size: number;
  /** The bytes on disk, from the start; may be called several times. */
  readonly open: () => Promise<ReadableStream<Uint8Array>>;
  /** The same for random access. */
  readonly blob?: () => Promise<Blob>;
  /** Bytes `[from, to)` of them, where they can be had without the rest. */
  readonly slice?: (from: number, to: number) => Promise<ReadableStream<Uint8Array>>;
  /** Set where these bytes are all that is left of a longer file. */
  readonly cut?: ImportError;
}

/** When compressed data is taken for a bomb. */
export interface SourceLimits {
  /** Decompressed bytes per compressed byte that are never exceeded by honest data… */
  readonly ratio?: number;
  /** …once this much was decompressed. */
  readonly ratioFrom?: number;
  /** Decompressed bytes that are too much in any case. */
  readonly most?: number;
}

/** The limits that hold where no others are given: see `SourceLimits`. */
export const BOMB_RATIO = 200;
export const BOMB_FROM = 256 * 1024 ** 2;
const HEAD = 1024 * 1024;

/** Opens a file: tells its compression from its first bytes. Failures are thrown as `Fault<ImportError>`. */
export async function openSource(input: SourceInput, limits: SourceLimits = {}): Promise<Source> {
  // Each opening costs a request: what tells the compression is the head of plain content, too.
  const first = await readUpTo(
    rawChunks(input, () => undefined),
    HEAD,
  );
  const compression = compressionOf(first);
  return new FileSource(input, compression, limits, compression === "none" ? first : null);
}

class FileSource implements Source {
  readonly name: string;
  readonly size: number;
  consumed = 0;
  cut: ImportError | null = null;
  #head: Uint8Array | null;
  #headLimit: number;

  constructor(
    readonly input: SourceInput,
    readonly compression: Compression,
    readonly limits: SourceLimits,
    head: Uint8Array | null,
  ) {
    this.#head = head;
    this.#headLimit = head === null ? 0 : HEAD;
    this.name =
      compression === "none" ? input.name : input.name.replace(/\.(?:gz|gzip|tgz|zst|zstd)$/i, "");
    this.size = input.size;
  }

  async head(limit = HEAD): Promise<Uint8Array> {
    if (this.#head === null || this.#headLimit < limit) {
      // A head does not count as progress.
      const { consumed, cut } = this;
      this.#head = await readUpTo(this.stream(), limit);
      this.#headLimit = limit;
      this.consumed = consumed;
      this.cut = cut;
    }
    return this.#head.subarray(0, limit);
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    this.consumed = 0;
    this.cut = null;
    let length = 0;
    try {
      for await (const chunk of this.#content()) {
        length += chunk.length;
        if (this.compression !== "none") this.#checkBomb(length);
        yield chunk;
      }
      this.cut = this.input.cut ?? null;
    } catch (thrown) {
      if (!(thrown instanceof BadCompression)) throw thrown;
      const error = this.#compressionError(thrown, length);
      if (thrown.kind !== "truncated") throw new Fault(error);
      this.cut = error;
    }
  }

  /** Parts of the content, where it lies on disk as it is. */
  get slice(): SourceInput["slice"] | null {
    return this.compression === "none" ? this.input.slice : null;
  }

  async blob(): Promise<Blob> {
    if (this.compression === "none" && this.input.blob !== undefined) {
      try {
        return await this.input.blob();
      } catch (thrown) {
        throw new Fault(readError(this.input.name, thrown));
      }
    }
    const parts: Blob[] = [];
    for await (const chunk of this.stream()) parts.push(new Blob([chunk.slice()]));
    // Half of a columnar file cannot be read: its index stands at the end.
    if (this.cut !== null) throw new Fault(this.cut);
    return new Blob(parts);
  }

  #content(): AsyncIterable<Uint8Array> {
    const raw = (): AsyncIterable<Uint8Array> => {
      this.consumed = 0;
      return rawChunks(this.input, (bytes) => {
        this.consumed += bytes;
      });
    };
    switch (this.compression) {
      case "gzip":
        return gunzip(raw);
      case "zstd":
        return unzstd(raw());
      case "none":
        return checkSize(raw(), this.input);
    }
  }

  #checkBomb(length: number): void {
    const { ratio = BOMB_RATIO, ratioFrom = BOMB_FROM, most = Infinity } = this.limits;
    const expands = length > ratioFrom && length > this.consumed * ratio;
    if (!expands && length <= most) return;
    throw new Fault<ImportError>({
      kind: "bomb",
      file: this.input.name,
      message: expands
        ? `“${this.input.name}” expands to more than ${Math.ceil(ratio)} times its size (${formatBytes(length)} so far). Such files are made to fill up memory and disk.`
        : `“${this.input.name}” expands to more than ${formatBytes(most)}, the limit that was set.`,
      advice: "If you trust the file, decompress it yourself, check its size, and add the result.",
    });
  }

  #compressionError(thrown: BadCompression, length: number): ImportError {
    const file = this.input.name;
    // A file of an archive may be decompressed before it arrives here.
    const what = this.compression === "none" ? "compressed" : this.compression;
    const place = `after ${formatBytes(length)} of content`;
    switch (thrown.kind) {
      case "truncated":
        return {
          kind: "truncated",
          file,
          message: `“${file}” ends in the middle of the compressed data; rows before that point (${formatBytes(length)} of content) were read.`,
          advice: "Copy the file again from where it came from, and compare the sizes.",
        };
      case "damaged":
        return {
          kind: "damaged",
          file,
          message: `The ${what} data of “${file}” is damaged ${place} (${thrown.message}).`,
          advice:
            what === "compressed"
              ? "Copy the archive again from where it came from, and compare the sizes."
              : `Copy the file again, and test it with ${what} -t.`,
        };
      case "unsupported":
        return {
          kind: "unsupported",
          file,
          message: `“${file}” cannot be decompressed here: ${thrown.message}.`,
          advice: "Decompress it, or compress it again without --long.",
        };
    }
  }
}

async function* rawChunks(
  input: SourceInput,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let reader: ReadableStreamDefaultReader<Uint8Array>;
  try {
    reader = (await input.open()).getReader();
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    throw new Fault(readError(input.name, thrown));
  }
  let ended = false;
  try {
    for (;;) {
      let chunk: Uint8Array | undefined;
      try {
        chunk = (await reader.read()).value;
      } catch (thrown) {
        ended = true;
        if (thrown instanceof Fault || thrown instanceof BadCompression) throw thrown;
        throw new Fault(readError(input.name, thrown));
      }
      if (chunk === undefined) break;
      count(chunk.length);
      if (chunk.length > 0) yield chunk;
    }
    ended = true;
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined);
  }
}

/** A file that is written while it is read gives rows that no later reading can confirm. */
async function* checkSize(
  chunks: AsyncIterable<Uint8Array>,
  input: SourceInput,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    yield chunk;
  }
  if (length === input.size) return;
  throw new Fault<ImportError>({
    kind: "changed-while-reading",
    file: input.name,
    message: `“${input.name}” had ${input.size} bytes when it was added, and ${length} when it was read.`,
    advice:
      "Something is still writing to it. Add a copy of the file that does not change any more.",
  });
}

async function readUpTo(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of chunks) {
      parts.push(chunk);
      length += chunk.length;
      if (length >= limit) break;
    }
  } catch (thrown) {
    // What comes before the damage is a head all the same; the reading tells of it.
    if (!(thrown instanceof BadCompression)) throw thrown;
  }
  const head = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    head.set(part, at);
    at += part.length;
  }
  return head.subarray(0, Math.min(length, limit));
}

/** Error of `fetch`, of a `File`, or of a Node stream as an import error. */
function readError(file: string, thrown: unknown): ImportError {
  const name = thrown instanceof Error ? thrown.name : "";
  const code = property(thrown, "code");
  const status = property(thrown, "status");
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  if (name === "NotFoundError" || code === "ENOENT" || status === 404 || status === 410) {
    return {
      kind: "vanished",
      file,
      message: `“${file}” is no longer where it was.`,
      advice: "Put it back, or add it again from its new place.",
    };
  }
  return {
    kind: "unreadable",
    file,
    message: `“${file}” cannot be read: ${reason}`,
    advice: "Check that you may read the file, and that its disk or share is connected.",
  };
}

function property(thrown: unknown, key: string): unknown {
  return typeof thrown === "object" && thrown !== null && key in thrown
    ? (thrown as Record<string, unknown>)[key]
    : undefined;
}

function formatBytes(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ""}`;
}
