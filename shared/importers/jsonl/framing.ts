import type { Source } from "../importer.ts";
import { lines, type LineBlock, type LineReject, type TextFormat } from "../text.ts";

/** How the objects of a file follow each other. */
export type Framing =
  /** One object per line. */
  | "lines"
  /** `[{…},{…}]`, or objects one after the other over several lines. */
  | "stream";

/** Calls for each document of a block: bytes that should be one JSON object. */
export interface Frames {
  /** The documents that end in this block. */
  push(block: LineBlock, onDocument: OnDocument): void;
  /** What is left at the end: a document that was cut off. */
  finish(onDocument: OnDocument): void;
}

export type OnDocument = (
  bytes: Uint8Array,
  start: number,
  end: number,
  line: number,
  offset: number,
) => void;

/** `lines` when the first line that holds something holds a whole object. */
export function framingOf(
  sample: readonly Uint8Array[],
  isObject: (line: Uint8Array) => boolean,
): Framing {
  const filled = sample.filter((line) => line.some((byte) => byte > 0x20)).slice(0, 20);
  const first = filled[0];
  if (first !== undefined && isObject(first)) return "lines";
  return filled.length > 1 &&
    filled.filter(isObject).length > filled.length / 2 &&
    first?.[0] !== 0x5b
    ? "lines"
    : "stream";
}

export function createFrames(framing: Framing): Frames {
  return framing === "lines" ? new LineFrames() : new StreamFrames();
}

export function blocksOf(
  source: Source,
  format: TextFormat,
  onReject: (reject: LineReject) => void,
): AsyncGenerator<LineBlock> {
  return lines(source, format, { onReject });
}

class LineFrames implements Frames {
  push(block: LineBlock, onDocument: OnDocument): void {
    for (let i = 0; i < block.count; i++) {
      const start = block.starts[i] ?? 0;
      const end = block.ends[i] ?? 0;
      if (end > start && !isBlankRange(block.bytes, start, end)) {
        onDocument(block.bytes, start, end, block.firstLine + i, block.offsets[i] ?? -1);
      }
    }
  }

  finish(): void {
    // Every line was told when it came.
  }
}

function isBlankRange(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if ((bytes[i] ?? 0) > 0x20) return false;
  return true;
}

/** An object that goes on for longer than this has lost a quote or a brace. */
const MAX_OBJECT = 64 * 1024 * 1024;

/** Cuts objects out of a text by their braces. */
class StreamFrames implements Frames {
  #buffer = new Uint8Array(64 * 1024);
  #length = 0;
  #depth = 0;
  #string = false;
  #escaped = false;
  #line = 0;
  #offset = 0;
  /** Bytes between objects that are no separators, told as a document that is no object. */
  #stray = false;

  push(block: LineBlock, onDocument: OnDocument): void {
    for (let i = 0; i < block.count; i++) {
      const end = block.ends[i] ?? 0;
      let start = block.starts[i] ?? 0;
      const offset = (block.offsets[i] ?? -1) - start;
      for (let at = start; at < end; at++) {
        const byte = block.bytes[at] ?? 0;
        if (this.#depth === 0) {
          if (byte === 0x7b) {
            if (this.#stray) this.#emit(block.bytes, start, at, onDocument);
            this.#begin(block.firstLine + i, offset + at);
            start = at;
            this.#depth = 1;
          } else if (
            !this.#stray &&
            byte > 0x20 &&
            byte !== 0x2c &&
            byte !== 0x5b &&
            byte !== 0x5d &&
            byte !== 0x1e
          ) {
            this.#begin(block.firstLine + i, offset + at);
            start = at;
            this.#stray = true;
          }
        } else if (this.#inside(byte)) {
          this.#emit(block.bytes, start, at + 1, onDocument);
          start = at + 1;
        }
      }
      if (this.#stray) this.#emit(block.bytes, start, end, onDocument);
      else if (this.#depth > 0) this.#keep(block.bytes, start, end, 0x0a);
      if (this.#length > MAX_OBJECT) {
        this.#depth = 0;
        this.#emit(block.bytes, end, end, onDocument);
      }
    }
  }

  finish(onDocument: OnDocument): void {
    if (this.#depth > 0) onDocument(this.#buffer, 0, this.#length, this.#line, this.#offset);
  }

  #begin(line: number, offset: number): void {
    this.#line = line;
    this.#offset = offset;
    this.#length = 0;
    this.#string = false;
  }

  /** True when the byte ends the object. */
  #inside(byte: number): boolean {
    if (this.#string) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === 0x5c) this.#escaped = true;
      else if (byte === 0x22) this.#string = false;
      return false;
    }
    if (byte === 0x22) this.#string = true;
    else if (byte === 0x7b || byte === 0x5b) this.#depth++;
    else if ((byte === 0x7d || byte === 0x5d) && --this.#depth === 0) return true;
    return false;
  }

  #emit(bytes: Uint8Array, start: number, end: number, onDocument: OnDocument): void {
    if (this.#length === 0) onDocument(bytes, start, end, this.#line, this.#offset);
    else {
      this.#keep(bytes, start, end, 0);
      onDocument(this.#buffer, 0, this.#length, this.#line, this.#offset);
    }
    this.#length = 0;
    this.#stray = false;
  }

  #keep(bytes: Uint8Array, start: number, end: number, newline: number): void {
    const more = end - start + 1;
    if (this.#length + more > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + more));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes.subarray(start, end), this.#length);
    this.#length += end - start;
    if (newline > 0) this.#buffer[this.#length++] = newline;
  }
}
