import { BadCompression } from "./bad-compression.ts";
import { BitReader, MORE } from "./bit-reader.ts";
import { Crc32 } from "./crc32.ts";
import { Inflater } from "./inflate.ts";

/** Flags of a member's header: RFC 1952, 2.3.1. */
const HEADER_CHECK = 2;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;
const RESERVED = 0xe0;

/**
 * Decompressed content of all gzip members, by our own code: half as fast
 * as the platform's, and exact. What comes before a cut or a damage depends on
 * the bytes alone, so the same file gives the same rows everywhere. Bytes behind
 * the last member that belong to none are passed over. Throws `BadCompression`.
 */
export async function* gunzipExactly(
  compressed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const bits = new BitReader();
  const members = readMembers(bits);
  for await (const chunk of compressed) {
    bits.push(chunk);
    for (;;) {
      const next = members.next();
      if (next.done === true) return;
      if (typeof next.value === "string") break;
      yield next.value;
    }
  }
  const last = members.next();
  if (last.done === true || last.value === "between") return;
  throw new BadCompression("truncated", "unexpected end of file");
}

/** Content as it comes; `between` and `within` members it waits for input. */
function* readMembers(bits: BitReader): Generator<Uint8Array | "between" | "within", void> {
  for (let isFirst = true; ; isFirst = false) {
    for (;;) {
      const header = readHeader(bits);
      if (header === "whole") break;
      if (header === "none" && !isFirst) return;
      if (header === "none") throw new BadCompression("damaged", "incorrect header check");
      yield isFirst || !bits.empty ? "within" : "between";
    }
    const checksum = new Crc32();
    const inflater = new Inflater(bits);
    let size = 0;
    for (;;) {
      const state = inflater.run();
      const content = inflater.take();
      checksum.update(content);
      size += content.length;
      if (content.length > 0) yield content;
      if (state === "end") break;
      if (state === "more") yield "within";
    }
    for (;;) {
      const trailer = readTrailer(bits);
      if (trailer === null) {
        yield "within";
        continue;
      }
      if (trailer.checksum !== checksum.value) {
        throw new BadCompression("damaged", "incorrect data check");
      }
      if (trailer.size !== size % 2 ** 32) {
        throw new BadCompression("damaged", "incorrect length check");
      }
      break;
    }
  }
}

/** `more`: the input ends in the middle of it, and nothing of it was taken. */
function readHeader(bits: BitReader): "whole" | "none" | "more" {
  const mark = bits.mark();
  const result = tryHeader(bits);
  if (result === "more") bits.back(mark);
  return result;
}

function tryHeader(bits: BitReader): "whole" | "none" | "more" {
  for (const expected of [0x1f, 0x8b, 8]) {
    const byte = bits.take(8);
    if (byte === MORE) return "more";
    if (byte !== expected) return "none";
  }
  const flags = bits.take(8);
  if (flags === MORE) return "more";
  if ((flags & RESERVED) !== 0) return "none";
  // Time, level, system.
  if (!skip(bits, 6)) return "more";
  if ((flags & EXTRA) !== 0) {
    const length = bits.take(16);
    if (length === MORE || !skip(bits, length)) return "more";
  }
  if ((flags & NAME) !== 0 && !skipText(bits)) return "more";
  if ((flags & COMMENT) !== 0 && !skipText(bits)) return "more";
  return (flags & HEADER_CHECK) !== 0 && !skip(bits, 2) ? "more" : "whole";
}

function skip(bits: BitReader, count: number): boolean {
  for (let i = 0; i < count; i++) if (bits.take(8) === MORE) return false;
  return true;
}

function skipText(bits: BitReader): boolean {
  for (;;) {
    const byte = bits.take(8);
    if (byte === MORE) return false;
    if (byte === 0) return true;
  }
}

function readTrailer(bits: BitReader): { checksum: number; size: number } | null {
  const mark = bits.mark();
  const halves = [bits.take(16), bits.take(16), bits.take(16), bits.take(16)];
  if (halves.includes(MORE)) {
    bits.back(mark);
    return null;
  }
  const [a = 0, b = 0, c = 0, d = 0] = halves;
  return { checksum: a + b * 65536, size: c + d * 65536 };
}
