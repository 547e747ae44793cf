import { ZSTDDecoder } from "zstddec/stream";
import { BadCompression } from "./bad-compression.ts";
import { gunzipExactly } from "./gunzip-exactly.ts";

export type Compression = "none" | "gzip" | "zstd";

/** Compression by the first bytes (RFC 1952, RFC 8878). */
export function compressionOf(head: Uint8Array): Compression {
  const [a = 0, b, c, d] = head;
  if (a === 0x1f && b === 0x8b) return "gzip";
  const isFrame = a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd;
  // pzstd begins with a frame that says how long the next one is.
  const isSkippable = (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18;
  return isFrame || isSkippable ? "zstd" : "none";
}

// --- gzip ------------------------------------------------------------------

/** A member has at least 10 bytes of header, 2 of data and 8 of trailer. */
const MIN_MEMBER = 20;
const HEADER = 10;
/** Compressed bytes per write: bounds what one write can expand to (1,000 : 1). */
const SLICE = 16 * 1024;

/** A place that looked like the start of a member and was not. */
class FalseBoundary extends Error {
  constructor(readonly at: number) {
    super("not a member");
  }
}

/** The platform gave up; what it had ready was lost, how much depends on its buffers and on time. */
class PlatformFailure extends Error {}

/** Bytes follow the last member that belong to none. */
class TrailingBytes extends Error {
  constructor(readonly at: number) {
    super("trailing bytes");
  }
}

/**
 * Decompressed content of all gzip members. `DecompressionStream` stops with
 * an error after the first member in Chromium, so the members are found here:
 * by their header, and confirmed by the checksum of the member before it. A
 * confirmation that fails starts again without that place, passing over what
 * was already delivered. Where the platform fails for good, our own inflater
 * takes over in the same way and says why; so all that can be read of a file
 * that is cut off or damaged is read, and the same on every platform.
 */
export async function* gunzip(open: () => AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const excluded = new Set<number>();
  let careful = Infinity;
  let delivered = 0;
  for (;;) {
    try {
      for await (const part of passOver(gunzipMembers(open(), excluded, careful), delivered)) {
        delivered += part.length;
        yield part;
      }
      return;
    } catch (thrown) {
      if (thrown instanceof FalseBoundary) excluded.add(thrown.at);
      else if (thrown instanceof TrailingBytes) careful = thrown.at;
      else if (thrown instanceof PlatformFailure) break;
      else throw thrown;
    }
  }
  yield* passOver(gunzipExactly(open()), delivered);
}

async function* passOver(
  chunks: AsyncIterable<Uint8Array>,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  let pass = bytes;
  for await (const chunk of chunks) {
    const part = pass > 0 ? chunk.subarray(pass) : chunk;
    pass = Math.max(0, pass - chunk.length);
    if (part.length > 0) yield part;
  }
}

async function* gunzipMembers(
  compressed: AsyncIterable<Uint8Array>,
  excluded: ReadonlySet<number>,
  careful: number,
): AsyncGenerator<Uint8Array> {
  let member = new GzipMember(0, careful);
  // Bytes at the end of a chunk wait: a header may go on in the next chunk.
  let rest: Uint8Array = new Uint8Array(0);
  let position = 0;
  for await (const next of compressed) {
    const chunk = rest.length > 0 ? concat(rest, next) : next;
    let from = 0;
    const last = chunk.length - HEADER;
    for (let at = chunk.indexOf(0x1f); at !== -1 && at <= last; at = chunk.indexOf(0x1f, at + 1)) {
      const place = position + at;
      if (place - member.start < MIN_MEMBER || excluded.has(place)) continue;
      if (!isMemberHeader(chunk, at)) continue;
      yield* member.write(chunk.subarray(from, at));
      yield* member.end(place);
      member = new GzipMember(place, careful);
      from = at;
    }
    const keep = Math.max(from, chunk.length - HEADER + 1);
    yield* member.write(chunk.subarray(from, keep));
    rest = chunk.slice(keep);
    position += keep;
    if (member.finished) return;
  }
  yield* member.write(rest);
  yield* member.end(null);
}

/** Magic, deflate, no reserved flags, known level and system. */
function isMemberHeader(bytes: Uint8Array, at: number): boolean {
  const level = bytes[at + 8] ?? 0;
  const system = bytes[at + 9] ?? 0;
  return (
    bytes[at + 1] === 0x8b &&
    bytes[at + 2] === 8 &&
    ((bytes[at + 3] ?? 0) & 0xe0) === 0 &&
    (level === 0 || level === 2 || level === 4) &&
    (system <= 13 || system === 255)
  );
}

/** One gzip member on its way through a `DecompressionStream`. */
class GzipMember {
  /** Trailing bytes were found: nothing more to read. */
  finished = false;
  #written = 0;
  #output: Uint8Array[] = [];
  readonly #writer: WritableStreamDefaultWriter<BufferSource>;
  readonly #done: Promise<unknown>;

  constructor(
    readonly start: number,
    /** From here on bytes are written one by one, so that the end is found exactly. */
    readonly careful: number,
  ) {
    const stream = new DecompressionStream("gzip");
    this.#writer = stream.writable.getWriter();
    this.#done = this.#pump(stream.readable.getReader());
  }

  /** Takes all output at once: what waits in a stream's queue is lost when the stream fails. */
  async #pump(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<unknown> {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return null;
        this.#output.push(value);
      }
    } catch (thrown) {
      return thrown ?? new Error("failed");
    }
  }

  async *write(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length && !this.finished;) {
      const place = this.start + this.#written;
      const size = place >= this.careful ? 1 : Math.min(SLICE, this.careful - place);
      const slice = bytes.slice(from, from + size);
      try {
        await this.#writer.write(slice);
      } catch (thrown) {
        if (!isTrailing(thrown)) throw new PlatformFailure(messageOf(thrown));
        if (place < this.careful) throw new TrailingBytes(place);
        this.finished = true;
      }
      from += slice.length;
      this.#written += slice.length;
      yield* this.#take();
    }
  }

  /** Closes the member; `next` is where another seems to start, `null` at the end of the file. */
  async *end(next: number | null): AsyncGenerator<Uint8Array> {
    if (this.finished) return;
    let failure: unknown = null;
    try {
      await this.#writer.close();
    } catch (thrown) {
      failure = thrown ?? new Error("failed");
    }
    failure = (await this.#done) ?? failure;
    if (failure !== null) {
      throw next === null ? new PlatformFailure(messageOf(failure)) : new FalseBoundary(next);
    }
    yield* this.#take();
  }

  *#take(): Generator<Uint8Array> {
    const output = this.#output;
    this.#output = [];
    yield* output;
  }
}

function isTrailing(thrown: unknown): boolean {
  return /junk|trailing/i.test(messageOf(thrown));
}

/** Message of an error and of its cause (Node hides zlib's behind a TypeError). */
function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error
    ? `${thrown.message}: ${thrown.cause.message}`
    : thrown.message;
}

// --- zstd ------------------------------------------------------------------

/** What the decoder's WebAssembly module exports (zstd.h, streaming part). */
interface ZstdExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(size: number): number;
  free(pointer: number): void;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): number;
  ZSTD_decompressStream(context: number, out: number, input: number): number;
  ZSTD_DStreamOutSize(): number;
}

let zstd: Promise<ZstdExports> | undefined;

/**
 * The exports of `zstddec`. Its own streaming call wants all input at once and
 * does not look at error codes (damaged data makes it loop for ever), so only
 * its module is used.
 */
function loadZstd(): Promise<ZstdExports> {
  zstd ??= (async () => {
    const decoder = new ZSTDDecoder();
    const keep = decoder._init.bind(decoder);
    let exports: ZstdExports | undefined;
    decoder._init = (result) => {
      exports = result.instance.exports as unknown as ZstdExports;
      keep(result);
    };
    // It fetches its module from a data: URL, which the content security
    // policy forbids. `init` calls `fetch` at once, so it can be answered here.
    const original = globalThis.fetch;
    let ready: Promise<void>;
    globalThis.fetch = (url) => Promise.resolve(dataResponse(typeof url === "string" ? url : ""));
    try {
      ready = decoder.init();
    } finally {
      globalThis.fetch = original;
    }
    await ready;
    if (exports === undefined) throw new Error("zstddec was already in use");
    return exports;
  })();
  return zstd;
}

function dataResponse(url: string): Response {
  const text = atob(url.slice(url.indexOf(",") + 1));
  return new Response(Uint8Array.from(text, (c) => c.charCodeAt(0)));
}

/** `ZSTD_error_frameParameter_windowTooLarge`. */
const WINDOW_TOO_LARGE = -16;

/** Decompressed content of all zstd frames, in chunks of at most 128 KiB. */
export async function* unzstd(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const wasm = await loadZstd();
  const context = wasm.ZSTD_createDCtx();
  const outSize = wasm.ZSTD_DStreamOutSize();
  const out = wasm.malloc(outSize);
  const input = wasm.malloc(SLICE);
  // Two structs {pointer, size, position} of 32-bit numbers.
  const inBuffer = wasm.malloc(24);
  const outBuffer = inBuffer + 12;
  let state = 0;
  try {
    for await (const chunk of compressed) {
      for (let from = 0; from < chunk.length; from += SLICE) {
        const slice = chunk.subarray(from, from + SLICE);
        new Uint8Array(wasm.memory.buffer).set(slice, input);
        let position = 0;
        let produced = 0;
        // Output that did not fit is asked for even when all input is taken.
        while (position < slice.length || produced === outSize) {
          const view = new DataView(wasm.memory.buffer);
          view.setUint32(inBuffer, input, true);
          view.setUint32(inBuffer + 4, slice.length, true);
          view.setUint32(inBuffer + 8, position, true);
          view.setUint32(outBuffer, out, true);
          view.setUint32(outBuffer + 4, outSize, true);
          view.setUint32(outBuffer + 8, 0, true);
          const before = state;
          state = wasm.ZSTD_decompressStream(context, outBuffer, inBuffer);
          if (state < 0) throw zstdError(state);
          const after = new DataView(wasm.memory.buffer);
          const taken = after.getUint32(inBuffer + 8, true) - position;
          position += taken;
          produced = after.getUint32(outBuffer + 8, true);
          if (taken === 0 && produced === 0) {
            // Asked at the end of a frame: the decoder waits for the next one.
            if (position < slice.length) throw zstdError(-1);
            state = before;
          }
          if (produced > 0) {
            yield new Uint8Array(wasm.memory.buffer).slice(out, out + produced);
          }
        }
      }
    }
    if (state !== 0) {
      throw new BadCompression("truncated", "the last frame is not complete");
    }
  } finally {
    wasm.ZSTD_freeDCtx(context);
    for (const pointer of [out, input, inBuffer]) wasm.free(pointer);
  }
}

function zstdError(code: number): BadCompression {
  return code === WINDOW_TOO_LARGE
    ? new BadCompression("unsupported", "its window is larger than 128 MiB")
    : new BadCompression("damaged", `zstd error ${-code}`);
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
