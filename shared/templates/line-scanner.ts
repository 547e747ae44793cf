import {
  addressEnd,
  boundEnd,
  hourAt,
  isInsideSentence,
  isInsideWord,
  isMethod,
  requestEnd,
} from "./address-spans.ts";
import {
  ALPHA,
  APOSTROPHE,
  AT,
  BREAK,
  CLASS_OF,
  DIGIT,
  DOT,
  HEX_LETTER,
  LOWER,
  SLASH,
  UPPER,
} from "./byte-classes.ts";
import {
  classifyChunk,
  CUT_AFTER,
  GAP,
  isMailAddress,
  lastAt,
  VALUE,
  WORD,
} from "./chunk-kinds.ts";
import {
  clockEnd,
  dateInWordsEnd,
  hardwareAddressEnd,
  ipv6End,
  mayBeginDate,
  timeOfDayEnd,
} from "./time-spans.ts";

/** What is beyond belongs to the last token, a value. */
const MOST_TOKENS = 512;
const MOST_BYTES = 4096;

/**
 * Cuts a message into gaps, words and values, and hashes it with the values left
 * out. Nothing is allocated: the tokens of the latest message stand in `kinds`,
 * `starts` and `ends`, and its shape in the answer of `scan`.
 */
export class LineScanner {
  readonly kinds = new Uint8Array(MOST_TOKENS + 8);
  readonly starts = new Uint32Array(MOST_TOKENS + 8);
  readonly ends = new Uint32Array(MOST_TOKENS + 8);
  count = 0;
  private high = 0;
  private low = 0;

  /**
   * Scans `bytes` from `start` to `end` (UTF-8, one message) and answers the id of
   * its shape: 53 bits that depend on nothing but the message with its values masked.
   */
  scan(bytes: Uint8Array, start: number, end: number): number {
    this.count = 0;
    this.high = 0x811c9dc5;
    this.low = 0x2545f491;
    let at = start;
    let last = end;
    while (at < last && (bytes[at] ?? 0) <= 32) at++;
    while (last > at && (bytes[last - 1] ?? 0) <= 32) last--;
    let stop = Math.min(last, at + MOST_BYTES);
    // Not within a character of several bytes.
    while (stop < last && ((bytes[stop] ?? 0) & 0xc0) === 0x80) stop--;
    while (at < stop && this.count < MOST_TOKENS) {
      const isBreak = ((CLASS_OF[bytes[at] ?? 0] ?? 0) & BREAK) !== 0;
      const next = isBreak ? this.scanGap(bytes, at, stop) : this.scanChunk(bytes, at, stop);
      at = Math.abs(next);
      // A message's first line makes its shape; a stack trace below is one value.
      if (next < 0) break;
    }
    if (at < last) this.emitValue(at, last);
    return this.shapeId();
  }

  /** Blanks and punctuation; answers minus the end where a line ends and another follows. */
  private scanGap(bytes: Uint8Array, start: number, stop: number): number {
    let at = start;
    while (at < stop) {
      const byte = bytes[at] ?? 0;
      if (((CLASS_OF[byte] ?? 0) & BREAK) === 0) break;
      if (byte === 10) {
        if (at > start) this.emit(bytes, GAP, start, at);
        return -at;
      }
      if (byte === 60) {
        const beyond = boundEnd(bytes, at, stop);
        if (beyond > 0) {
          if (at > start) this.emit(bytes, GAP, start, at);
          return this.emitValue(at, beyond);
        }
      }
      at++;
    }
    this.emit(bytes, GAP, start, at);
    return at;
  }

  /** One chunk of what is neither blank nor bracket; may become several tokens. */
  private scanChunk(bytes: Uint8Array, start: number, stop: number): number {
    let at = start;
    let flags = 0;
    let digits = 0;
    while (at < stop) {
      const kind = CLASS_OF[bytes[at] ?? 0] ?? 0;
      if ((kind & BREAK) !== 0) {
        if (kind !== APOSTROPHE || !isInsideWord(bytes, at, start, stop)) break;
      }
      flags |= kind;
      digits += kind & DIGIT;
      at++;
    }
    const next = at < stop ? (bytes[at] ?? 0) : 0;
    if (next === 58 || bytes[start] === 47) {
      const beyond = this.isAfterMethod(bytes, start) ? requestEnd(bytes, start, at, stop) : -1;
      if (beyond > 0) return this.emitValue(start, beyond);
    }
    if (next === 58) {
      const beyond = this.scanColon(bytes, start, at, stop, flags, digits);
      if (beyond > 0) return beyond;
    }
    if (digits === 0 && at - start === 3 && (flags & UPPER) !== 0) {
      if (mayBeginDate(bytes, start, stop)) {
        const beyond = dateInWordsEnd(bytes, start, stop);
        if (beyond > 0) return this.emitValue(start, beyond);
      }
    }
    if ((flags & (DOT | AT)) !== 0) return this.scanMarked(bytes, start, at, stop, flags, digits);
    return this.emitChunk(bytes, start, at, flags, digits);
  }

  /** Whether the token before the blank before `start` is a method of HTTP. */
  private isAfterMethod(bytes: Uint8Array, start: number): boolean {
    const method = this.count - 2;
    if (method < 0 || this.kinds[method] !== WORD || bytes[start - 1] !== 32) return false;
    const from = this.starts[method] ?? 0;
    const length = start - 1 - from;
    return length >= 3 && length <= 7 && isMethod(bytes, from, length);
  }

  /** A chunk before a colon: a time, an address, a drive, a scheme; -1 for none of them. */
  private scanColon(
    bytes: Uint8Array,
    start: number,
    colon: number,
    stop: number,
    flags: number,
    digits: number,
  ): number {
    const length = colon - start;
    const after = bytes[colon + 1] ?? 0;
    if (length === 1 && (flags & ALPHA) !== 0 && colon + 2 < stop) {
      if (after === 92 || (after === 47 && bytes[colon + 2] !== 47))
        return this.emitValue(start, addressEnd(bytes, colon + 2, stop));
    }
    if (after === 47 && bytes[colon + 2] === 47 && colon + 3 < stop && digits <= 1) {
      if ((flags & ALPHA) === 0) return -1;
      this.emit(bytes, WORD, start, colon + 3);
      return this.emitValue(colon + 3, addressEnd(bytes, colon + 3, stop));
    }
    if ((flags & ~(DIGIT | HEX_LETTER | UPPER | LOWER)) === 0 && length <= 4) {
      const address = length === 2 ? hardwareAddressEnd(bytes, start, stop) : -1;
      const span = address > 0 ? address : ipv6End(bytes, start, stop);
      if (span > 0) return this.emitValue(start, span);
    }
    if (digits === 0) return -1;
    // The hour may be the end of the chunk: 2015-10-17T15:37:56.
    const hour = length <= 2 ? start : hourAt(bytes, start, colon);
    const time = hour < 0 ? -1 : timeOfDayEnd(bytes, hour, stop);
    if (time < 0 && length === 2 && digits === 2) {
      const minutes = clockEnd(bytes, start, stop);
      return minutes > 0 ? this.emitValue(start, minutes) : -1;
    }
    return time > 0 ? this.emitValue(start, time) : -1;
  }

  /** A chunk with dots or an `@`: what hangs on it is cut off first. */
  private scanMarked(
    bytes: Uint8Array,
    start: number,
    end: number,
    limit: number,
    flags: number,
    digits: number,
  ): number {
    let stop = end;
    // The end of a sentence, or an ellipsis; a path may end with a dot.
    if ((flags & SLASH) !== 0 && isInsideSentence(bytes, end, limit)) stop = end;
    else while (stop > start && bytes[stop - 1] === 46) stop--;
    if (stop === start) return this.emitGap(bytes, start, end);
    if (bytes[start] === 46 && bytes[start + 1] === 46 && bytes[start + 2] !== 47) {
      let dots = start;
      while (bytes[dots] === 46) dots++;
      return this.emitGap(bytes, start, dots);
    }
    // A dotted leader: enable.......0
    for (let i = start; i + 2 < stop; i++) {
      if (bytes[i] === 46 && bytes[i + 1] === 46 && bytes[i + 2] === 46) {
        this.emitCounted(bytes, start, i);
        return i;
      }
    }
    if ((flags & AT) !== 0) {
      const at = lastAt(bytes, start, stop);
      if (!isMailAddress(bytes, start, stop, at)) {
        if (at > start) this.emitCounted(bytes, start, at);
        this.emitGap(bytes, at, at + 1);
        if (at + 1 < stop) this.emitCounted(bytes, at + 1, stop);
        return stop;
      }
      return this.emitValue(start, stop);
    }
    return this.emitChunk(bytes, start, stop, flags, digits);
  }

  private emitCounted(bytes: Uint8Array, start: number, end: number): void {
    let flags = 0;
    let digits = 0;
    for (let i = start; i < end; i++) {
      const kind = CLASS_OF[bytes[i] ?? 0] ?? 0;
      flags |= kind;
      digits += kind & DIGIT;
    }
    this.emitChunk(bytes, start, end, flags, digits);
  }

  private emitChunk(
    bytes: Uint8Array,
    start: number,
    end: number,
    flags: number,
    digits: number,
  ): number {
    const kind = classifyChunk(bytes, start, end, flags, digits);
    if (kind === VALUE) return this.emitValue(start, end);
    if (kind > CUT_AFTER) {
      this.emit(bytes, WORD, start, start + kind - CUT_AFTER);
      return this.emitValue(start + kind - CUT_AFTER, end);
    }
    this.emit(bytes, kind, start, end);
    return end;
  }

  private emitGap(bytes: Uint8Array, start: number, end: number): number {
    this.emit(bytes, GAP, start, end);
    return end;
  }

  /** FNV-1a in two lanes with different primes. */
  private emit(bytes: Uint8Array, kind: number, start: number, end: number): void {
    let high = this.high ^ kind;
    let low = this.low + kind;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] ?? 0;
      high = Math.imul(high ^ byte, 0x01000193);
      low = Math.imul(low ^ byte, 0x5bd1e995);
    }
    this.high = Math.imul(high ^ 0x1ff, 0x01000193);
    this.low = Math.imul(low ^ (low >>> 15), 0x2c1b3c6d);
    const n = this.count++;
    this.kinds[n] = kind;
    this.starts[n] = start;
    this.ends[n] = end;
  }

  private emitValue(start: number, end: number): number {
    this.high = Math.imul(this.high ^ 0x2a7, 0x01000193);
    this.low = Math.imul(this.low ^ 0x3b5, 0x5bd1e995);
    const n = this.count++;
    this.kinds[n] = VALUE;
    this.starts[n] = start;
    this.ends[n] = end;
    return end;
  }

  private shapeId(): number {
    let high = this.high ^ (this.low >>> 13);
    let low = this.low ^ (this.high >>> 16);
    high = Math.imul(high ^ (high >>> 16), 0x85ebca6b);
    low = Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
    high ^= high >>> 13;
    low ^= low >>> 16;
    return (high >>> 11) * 4294967296 + (low >>> 0);
  }
}
