import { Fault } from "../base/result.ts";
import type { ImportError, Source } from "./importer.ts";

/** How the text of a file is written. */
export interface TextFormat {
  /**
   * `utf-8` and `windows-1252` are read as bytes; any other label that
   * `TextDecoder` knows is turned into UTF-8 while reading.
   */
  readonly encoding: string;
  /** Bytes of the byte order mark. */
  readonly bom: number;
  /** Byte that ends a line: LF, or CR in files that have no LF. */
  readonly newline: 10 | 13;
}

const LF = 10;
const CR = 13;

/** Longer lines are rejected, not buffered. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** Of a rejected record, this much is kept. */
export const KEPT_TEXT = 2000;

/**
 * Encoding and line ends by the first bytes. Bytes that are not UTF-8 make a
 * text Windows-1252 when they outnumber the sequences that are.
 */
export function detectText(head: Uint8Array, wanted?: string): TextFormat {
  const marked = byteOrderMark(head);
  const encoding =
    wanted === undefined ? (marked?.encoding ?? guessEncoding(head)) : encodingLabel(wanted);
  const bom = marked?.encoding === encoding ? marked.length : 0;
  return { encoding, bom, newline: findNewline(head, encoding) };
}

function byteOrderMark(
  head: Uint8Array,
): { readonly encoding: string; readonly length: number } | null {
  const [a, b, c] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) {
    return { encoding: "utf-8", length: 3 };
  }
  if (a === 0xff && b === 0xfe) return { encoding: "utf-16le", length: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: "utf-16be", length: 2 };
  return null;
}

/** Latin-1 text always means Windows-1252 (WHATWG Encoding). */
function encodingLabel(wanted: string): string {
  try {
    return new TextDecoder(wanted).encoding;
  } catch {
    throw new Fault<ImportError>({
      kind: "encoding",
      file: "",
      message: `The encoding “${wanted}” is not known.`,
      advice:
        "Choose utf-8, utf-16le, utf-16be, windows-1252 or another name of the WHATWG encoding standard.",
    });
  }
}

function guessEncoding(head: Uint8Array): string {
  const wide = wideZeros(head);
  if (wide !== null) return wide;
  // The last bytes may be half a character.
  const end = Math.max(0, head.length - 3);
  let good = 0;
  let bad = 0;
  for (let at = 0; at < end;) {
    if ((head[at] ?? 0) < 0x80) {
      at++;
      continue;
    }
    const size = sequenceLength(head, at, head.length);
    if (size === 0) bad++;
    else good++;
    at += Math.max(1, size);
  }
  return bad > good ? "windows-1252" : "utf-8";
}

/** UTF-16 without a mark: in mostly western text every other byte is zero. */
function wideZeros(head: Uint8Array): string | null {
  const sample = head.subarray(0, 4096);
  if (sample.length < 4) return null;
  const zeros = [0, 0];
  for (let i = 0; i < sample.length; i++) {
    if (sample[i] === 0) zeros[i & 1] = (zeros[i & 1] ?? 0) + 1;
  }
  const half = sample.length / 2;
  const [even = 0, odd = 0] = zeros;
  if (odd > half * 0.7 && even < half * 0.05) return "utf-16le";
  if (even > half * 0.7 && odd < half * 0.05) return "utf-16be";
  return null;
}

function findNewline(head: Uint8Array, encoding: string): 10 | 13 {
  const wide = encoding.startsWith("utf-16");
  const sample = wide
    ? new TextEncoder().encode(new TextDecoder(encoding).decode(head.subarray(0, 65536)))
    : head;
  if (sample.includes(LF)) return LF;
  const cr = sample.indexOf(CR);
  // A single CR at the very end is half of a CRLF, or a stray.
  return cr !== -1 && cr < sample.length - 1 ? CR : LF;
}

const MAGICS: readonly (readonly [string, readonly number[], string])[] = [
  ["a PNG image", [0x89, 0x50, 0x4e, 0x47], "Attach images to a note instead."],
  ["a JPEG image", [0xff, 0xd8, 0xff], "Attach images to a note instead."],
  ["a GIF image", [0x47, 0x49, 0x46, 0x38], "Attach images to a note instead."],
  ["a PDF document", [0x25, 0x50, 0x44, 0x46, 0x2d], "Export its tables as CSV."],
  [
    "a ZIP archive (or an Office document)",
    [0x50, 0x4b, 0x03, 0x04],
    "Save an old or encrypted document as .xlsx or CSV; unpack an archive that cannot be listed.",
  ],
  ["a 7z archive", [0x37, 0x7a, 0xbc, 0xaf], "Unpack it and add the files inside."],
  [
    "an xz file",
    [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    "Decompress it, or compress it with gzip or zstd.",
  ],
  ["a bzip2 file", [0x42, 0x5a, 0x68], "Decompress it, or compress it with gzip or zstd."],
  ["an LZ4 file", [0x04, 0x22, 0x4d, 0x18], "Decompress it, or compress it with gzip or zstd."],
  ["an ELF program", [0x7f, 0x45, 0x4c, 0x46], "Programs are not evidence that can be read."],
  ["a Windows program", [0x4d, 0x5a, 0x90], "Programs are not evidence that can be read."],
  [
    "an SQLite database",
    [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66],
    "The file is damaged or encrypted: copy it again, or export its tables as CSV.",
  ],
  ["an Avro file", [0x4f, 0x62, 0x6a, 0x01], "Convert it to Parquet or JSON lines."],
  ["an Arrow file", [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], "The file is damaged: copy it again."],
  ["a Feather file of version 1", [0x46, 0x45, 0x41, 0x31], "Save it as Feather 2 or Parquet."],
  ["an ORC file", [0x4f, 0x52, 0x43], "Convert it to Parquet."],
  ["a Parquet file", [0x50, 0x41, 0x52, 0x31], "Import it as Parquet."],
  ["an HDF5 file", [0x89, 0x48, 0x44, 0x46], "Convert it to Parquet or CSV."],
  [
    "a systemd journal",
    [0x4c, 0x50, 0x4b, 0x53, 0x48, 0x48, 0x52, 0x48],
    "Export it with journalctl -o json.",
  ],
  ["a Python pickle", [0x80, 0x04, 0x95], "Convert it to Parquet or CSV."],
  ["a NumPy array", [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], "Convert it to Parquet or CSV."],
];

/** What binary data looks like and what to do with it; `null` for text. */
export function describeBinary(
  head: Uint8Array,
): { readonly what: string; readonly advice: string } | null {
  for (const [what, magic, advice] of MAGICS) {
    const matches = magic.every((byte, i) => head[i] === byte);
    if (matches && (magic.length > 3 || !isText(head))) return { what, advice };
  }
  return isText(head)
    ? null
    : {
        what: "binary data",
        advice: "Export it as text (CSV, JSON lines) or as Parquet.",
      };
}

/** No NUL bytes other than UTF-16's, and few control characters. */
function isText(head: Uint8Array): boolean {
  if (byteOrderMark(head) !== null || wideZeros(head) !== null) return true;
  const sample = head.subarray(0, 65536);
  let control = 0;
  for (const byte of sample) {
    if (byte === 0) return false;
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) control++;
  }
  return control <= sample.length * 0.02;
}

// --- UTF-8 -----------------------------------------------------------------

/** No byte above 0x7f. */
export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  let seen = 0;
  // A view on the words of a short text costs more than its bytes.
  if (end - start < 64) {
    while (at < end) seen |= bytes[at++] ?? 0;
    return (seen & 0x80) === 0;
  }
  while (at < end && ((bytes.byteOffset + at) & 3) !== 0) {
    seen |= bytes[at++] ?? 0;
  }
  const count = (end - at) >> 2;
  if (count > 0) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, count);
    let all = 0;
    for (let i = 0; i < count; i++) all |= words[i] ?? 0;
    if ((all & 0x80808080) !== 0) return false;
    at += count * 4;
  }
  while (at < end) seen |= bytes[at++] ?? 0;
  return (seen & 0x80) === 0;
}

/** Length of the well-formed UTF-8 sequence at `at`, or 0 (Unicode, table 3-7). */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const a = bytes[at] ?? 0;
  if (a < 0x80) return 1;
  if (a < 0xc2 || a > 0xf4) return 0;
  const size = a < 0xe0 ? 2 : a < 0xf0 ? 3 : 4;
  if (at + size > end) return 0;
  const b = bytes[at + 1] ?? 0;
  const low = a === 0xe0 ? 0xa0 : a === 0xf0 ? 0x90 : 0x80;
  const high = a === 0xed ? 0x9f : a === 0xf4 ? 0x8f : 0xbf;
  if (b < low || b > high) return 0;
  for (let i = 2; i < size; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return size;
}

export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end;) {
    if ((bytes[at] ?? 0) < 0x80) {
      at++;
      continue;
    }
    const size = sequenceLength(bytes, at, end);
    if (size === 0) return false;
    at += size;
  }
  return true;
}

/** Windows-1252, 0x80 to 0x9f. Written out: Node 20 decodes the label `windows-1252` as ISO 8859-1. */
const WINDOWS_1252_HIGH = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** UTF-8 of the Windows-1252 characters 0x80 to 0xff. */
const WINDOWS_1252: readonly Uint8Array[] = Array.from({ length: 128 }, (_, i) =>
  new TextEncoder().encode(WINDOWS_1252_HIGH[i] ?? String.fromCharCode(0x80 + i)),
);

/**
 * The same text as UTF-8: sequences that are not UTF-8 are read as
 * Windows-1252, byte by byte. With `all`, every high byte is.
 */
export function repairUtf8(bytes: Uint8Array, start: number, end: number, all = false): Uint8Array {
  const out = new Uint8Array((end - start) * 3);
  let length = 0;
  for (let at = start; at < end;) {
    const byte = bytes[at] ?? 0;
    const size = byte < 0x80 ? 1 : all ? 0 : sequenceLength(bytes, at, end);
    for (let i = 0; i < size; i++) out[length++] = bytes[at + i] ?? 0;
    if (size === 0) {
      for (const b of WINDOWS_1252[byte - 0x80] ?? []) out[length++] = b;
    }
    at += Math.max(1, size);
  }
  return out.subarray(0, length);
}

/** Text of a record as it is kept among the rejects: at most 2,000 characters. */
export function keptText(bytes: Uint8Array, start: number, end: number, encoding: string): string {
  const part = bytes.subarray(start, Math.min(end, start + KEPT_TEXT * 4));
  const all = encoding === "windows-1252";
  const text = new TextDecoder().decode(repairUtf8(part, 0, part.length, all));
  return Array.from(text).slice(0, KEPT_TEXT).join("");
}

// --- Reading ---------------------------------------------------------------

/** Offsets in the original make sense: the bytes are read as they are. */
export function keepsOffsets(format: TextFormat): boolean {
  return format.encoding === "utf-8" || format.encoding === "windows-1252";
}

/**
 * The content after its byte order mark. `utf-8` and `windows-1252` come as
 * they are (high bytes may need `repairUtf8`), everything else as UTF-8.
 */
export async function* textChunks(source: Source, format: TextFormat): AsyncGenerator<Uint8Array> {
  let skip = source.first === undefined || source.first.offset === 0 ? format.bom : 0;
  if (keepsOffsets(format)) {
    for await (const chunk of source.stream()) {
      const from = Math.min(skip, chunk.length);
      skip -= from;
      if (from < chunk.length) yield from > 0 ? chunk.subarray(from) : chunk;
    }
    return;
  }
  const decoder = new TextDecoder(format.encoding);
  const encoder = new TextEncoder();
  for await (const chunk of source.stream()) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== "") yield encoder.encode(text);
  }
  const tail = decoder.decode();
  if (tail !== "") yield encoder.encode(tail);
}

/** Some complete lines. Valid until the next block is asked for. */
export interface LineBlock {
  /** Valid UTF-8. */
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Range of each line in `bytes`, without its line end. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Position of each line in the content; -1 where the encoding was changed. */
  readonly offsets: Float64Array;
  /** 1-based number of the first line; the others follow. */
  readonly firstLine: number;
  /** Lines in which bytes that are not UTF-8 were read as Windows-1252. */
  readonly repaired: number;
}

/** A line that is no line of a block. */
export interface LineReject {
  readonly line: number;
  readonly offset: number;
  readonly reason: string;
  readonly text: string;
}

export interface LineOptions {
  /** Called for lines that are too long, and for the last line of a file that was cut off. */
  readonly onReject: (reject: LineReject) => void;
  readonly maxLine?: number;
}

/**
 * All lines of a text, in blocks. Reads LF, CRLF and (by `format`) CR line
 * ends; a last line without one counts. A line beyond `maxLine` is rejected
 * without being held in memory.
 */
export async function* lines(
  source: Source,
  format: TextFormat,
  options: LineOptions,
): AsyncGenerator<LineBlock> {
  const maxLine = options.maxLine ?? MAX_LINE_BYTES;
  const offsets = keepsOffsets(format);
  const reader = new LineReader(format, maxLine, source.first, (line, offset, head) => {
    options.onReject({
      line,
      offset: offsets ? offset : -1,
      reason: `line longer than ${formatSize(maxLine)}`,
      text: keptText(head, 0, head.length, format.encoding),
    });
  });
  for await (const chunk of textChunks(source, format)) {
    reader.push(chunk);
    let block = reader.next();
    while (block !== null) {
      yield block;
      block = reader.next();
    }
  }
  const last = reader.finish();
  if (last === null) return;
  if (source.cut === null) {
    yield last;
    return;
  }
  options.onReject({
    line: last.firstLine,
    offset: last.offsets[0] ?? -1,
    reason: "cut off: the compressed data ends in the middle of this line",
    text: keptText(last.bytes, last.starts[0] ?? 0, last.ends[0] ?? 0, "utf-8"),
  });
}

function formatSize(bytes: number): string {
  return bytes >= 1048576 ? `${Math.round(bytes / 1048576)} MiB` : `${bytes} bytes`;
}

/** Cuts pushed chunks into lines. */
class LineReader {
  /** Bytes that were not delivered yet: `[0, #used)`. */
  #buffer = new Uint8Array(256 * 1024);
  #used = 0;
  /** No line end in `[0, #searched)`. */
  #searched = 0;
  #line: number;
  /** Position of `#buffer[0]` in the content. */
  #offset: number;
  /** First bytes of a line that is too long, while the rest of it passes. */
  #skipping: Uint8Array | null = null;
  #skipOffset = 0;
  #starts = new Int32Array(4096);
  #ends = new Int32Array(4096);
  #offsets = new Float64Array(4096);
  /** Bytes of the last block that can be dropped. */
  #delivered = 0;

  constructor(
    readonly format: TextFormat,
    readonly maxLine: number,
    first: Source["first"],
    readonly tooLong: (line: number, offset: number, head: Uint8Array) => void,
  ) {
    this.#line = first?.line ?? 1;
    this.#offset = first === undefined || first.offset === 0 ? format.bom : first.offset;
  }

  push(chunk: Uint8Array): void {
    this.#drop();
    if (this.#used + chunk.length > this.#buffer.length) {
      const size = Math.max(this.#used + chunk.length, this.#buffer.length * 2);
      const larger = new Uint8Array(size);
      larger.set(this.#buffer.subarray(0, this.#used));
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.#used);
    this.#used += chunk.length;
  }

  /** The complete lines that were pushed, or `null`. */
  next(): LineBlock | null {
    this.#drop();
    const data = this.#buffer.subarray(0, this.#used);
    const newline = this.format.newline;
    if (this.#skipping !== null && !this.#endSkip(data)) return null;
    const first = this.#line;
    let count = 0;
    let start = this.#delivered;
    let search = Math.max(this.#searched, start);
    for (;;) {
      const end = data.indexOf(newline, search);
      if (end === -1) break;
      if (end - start > this.maxLine) {
        // The lines before it are a block of their own.
        if (count > 0) break;
        this.tooLong(this.#line, this.#offset + start, data.slice(start, start + KEPT_TEXT * 4));
        this.#line++;
        start = end + 1;
        search = start;
        this.#delivered = start;
        this.#searched = start;
        return this.next();
      }
      this.#add(count++, start, end > start && data[end - 1] === CR ? end - 1 : end);
      start = end + 1;
      search = start;
    }
    this.#delivered = start;
    this.#searched = count > 0 ? start : this.#used;
    if (count === 0) {
      // Never less than what is kept of it.
      if (this.#used - start > Math.max(this.maxLine, KEPT_TEXT * 4)) {
        this.#skipping = data.slice(start, start + KEPT_TEXT * 4);
        this.#skipOffset = this.#offset + start;
        this.#delivered = this.#used;
      }
      return null;
    }
    this.#line += count;
    return this.#block(data, count, first);
  }

  /** The last line, where it has no line end. */
  finish(): LineBlock | null {
    this.#drop();
    if (this.#skipping !== null) {
      this.tooLong(this.#line, this.#skipOffset, this.#skipping);
      return null;
    }
    if (this.#used === 0) return null;
    const data = this.#buffer.subarray(0, this.#used);
    if (data.length > this.maxLine) {
      this.tooLong(this.#line, this.#offset, data.slice(0, KEPT_TEXT * 4));
      return null;
    }
    this.#add(0, 0, data[this.#used - 1] === CR ? this.#used - 1 : this.#used);
    return this.#block(data, 1, this.#line);
  }

  #endSkip(data: Uint8Array): boolean {
    const end = data.indexOf(this.format.newline);
    if (end === -1) {
      this.#delivered = this.#used;
      return false;
    }
    this.tooLong(this.#line, this.#skipOffset, this.#skipping ?? data);
    this.#line++;
    this.#skipping = null;
    this.#delivered = end + 1;
    this.#searched = end + 1;
    return true;
  }

  #add(index: number, start: number, end: number): void {
    if (index === this.#starts.length) {
      this.#starts = grown(this.#starts, new Int32Array(index * 2));
      this.#ends = grown(this.#ends, new Int32Array(index * 2));
      this.#offsets = grown(this.#offsets, new Float64Array(index * 2));
    }
    this.#starts[index] = start;
    this.#ends[index] = end;
    this.#offsets[index] = this.#offset + start;
  }

  /** Forgets what was delivered. */
  #drop(): void {
    if (this.#delivered === 0) return;
    this.#buffer.copyWithin(0, this.#delivered, this.#used);
    this.#used -= this.#delivered;
    this.#offset += this.#delivered;
    this.#searched = Math.max(0, this.#searched - this.#delivered);
    this.#delivered = 0;
    if (this.#buffer.length > 8 * 1024 * 1024 && this.#used < 65536) {
      this.#buffer = this.#buffer.slice(0, 256 * 1024);
    }
  }

  #block(data: Uint8Array, count: number, firstLine: number): LineBlock {
    if (!keepsOffsets(this.format)) this.#offsets.fill(-1, 0, count);
    const from = this.#starts[0] ?? 0;
    const to = this.#ends[count - 1] ?? 0;
    const all = this.format.encoding === "windows-1252";
    const clean = isAscii(data, from, to) || (!all && isUtf8(data, from, to));
    let bytes = data;
    let repaired = 0;
    if (!clean) [bytes, repaired] = this.#repair(data, count, all);
    return {
      bytes,
      count,
      starts: this.#starts,
      ends: this.#ends,
      offsets: this.#offsets,
      firstLine,
      repaired,
    };
  }

  #repair(data: Uint8Array, count: number, all: boolean): [Uint8Array, number] {
    const parts: Uint8Array[] = [];
    let length = 0;
    let repaired = 0;
    for (let i = 0; i < count; i++) {
      const start = this.#starts[i] ?? 0;
      const end = this.#ends[i] ?? 0;
      let part = data.subarray(start, end);
      if (all || !isUtf8(data, start, end)) {
        part = repairUtf8(data, start, end, all);
        if (!all) repaired++;
      }
      parts.push(part);
      this.#starts[i] = length;
      length += part.length;
      this.#ends[i] = length;
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return [bytes, repaired];
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
