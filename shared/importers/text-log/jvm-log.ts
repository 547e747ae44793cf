import { isDigit, skipBlanks } from "./bytes.ts";
import type { Clock } from "./clock.ts";
import { epochMicros, readIso } from "./clocks.ts";
import { fieldName } from "./fields.ts";
import { levelOfBytes } from "./levels.ts";
import { wholeLine, type ReadLine, type RecordHead } from "./line-reader.ts";

/**
 * Unified logging of the JVM (`-Xlog`, JEP 158): decorations in brackets,
 * each told by its look: `[2026-03-01T10:00:00.123+0000][0.005s][42][info][gc,heap] text`.
 * https://docs.oracle.com/en/java/javase/17/docs/specs/man/java.html#enable-logging-with-the-jvm-unified-logging-framework
 */
const TAGS = fieldName("tags");
const UPTIME = fieldName("uptime");
const UPTIME_MS = fieldName("uptime_ms");
const UPTIME_NS = fieldName("uptime_ns");
const PID = fieldName("pid");
const TID = fieldName("tid");
const NUMBER = fieldName("pid_or_tid");

/** Places of the decorations of the line read last: start and end each. */
const boxes = new Int32Array(32);
/** Which of them are bare numbers. */
const numbers = new Int32Array(16);

/** Number of decorations, brackets without a blank between, or 0. */
function decorations(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let count = 0;
  while (at < end && bytes[at] === 0x5b && count < 16) {
    const close = bytes.indexOf(0x5d, at);
    if (close < 0 || close >= end || close - at > 200) return 0;
    boxes[count * 2] = at + 1;
    boxes[count * 2 + 1] = close;
    count++;
    at = close + 1;
  }
  return at >= end || bytes[at] === 0x20 ? count : 0;
}

/** Small letters and digits, joined with commas (and blanks that align them). */
function isTags(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    const word = (byte >= 0x61 && byte <= 0x7a) || isDigit(byte) || byte === 0x2c;
    if (!word && byte !== 0x20 && byte !== 0x2b) return false;
  }
  return (bytes[start] ?? 0) >= 0x61 && (bytes[start] ?? 0) <= 0x7a;
}

const ELAPSED = 1;
const INSTANT = 2;

/** Reads the lines that have a time or an uptime first and tags last. */
export const readJvmLog: ReadLine = (bytes, start, end, clock, head) => {
  const count = decorations(bytes, start, end);
  const last = count * 2 - 2;
  if (count < 2 || !isTags(bytes, boxes[last] ?? 0, boxes[last + 1] ?? 0)) return false;
  wholeLine(bytes, start, start, NaN, head);
  let seen = 0;
  let bare = 0;
  for (let box = 0; box < count - 1; box++) {
    const from = boxes[box * 2] ?? 0;
    const to = trimmed(bytes, from, boxes[box * 2 + 1] ?? 0);
    const time = readBox(bytes, from, to, clock, head);
    seen |= time;
    if (time !== 0) continue;
    const level = levelOfBytes(bytes, from, to);
    if (level !== null) head.level = level;
    else if (allDigits(bytes, from, to)) numbers[bare++] = box;
    else if (to > from) {
      head.hostStart = from;
      head.hostEnd = to;
    }
  }
  if (seen === 0) return false;
  for (let i = 0; i < bare; i++) {
    // Process and thread, in this order; one alone may be either.
    const name = bare === 1 ? NUMBER : i === 0 ? PID : TID;
    const box = (numbers[i] ?? 0) * 2;
    addBox(bytes, box, name, true, head);
  }
  addBox(bytes, last, TAGS, false, head);
  // One blank ends the decorations; more of them indent the text.
  const close = (boxes[last + 1] ?? 0) + 1;
  head.messageStart = Math.min(end, bytes[close] === 0x20 ? close + 1 : close);
  head.messageEnd = end;
  return true;
};

function addBox(
  bytes: Uint8Array,
  box: number,
  name: Uint8Array,
  numeric: boolean,
  head: RecordHead,
): void {
  const from = boxes[box] ?? 0;
  head.fields.add(name, bytes, from, trimmed(bytes, from, boxes[box + 1] ?? 0), numeric);
}

/** What a decoration says about time: an instant, a time since the start, or nothing. */
function readBox(
  bytes: Uint8Array,
  from: number,
  to: number,
  clock: Clock,
  head: RecordHead,
): number {
  if (!isDigit(bytes[from] ?? 0)) return 0;
  if (bytes[from + 4] === 0x2d && readIso(bytes, from, to, clock) >= 0) {
    head.micros = clock.micros;
    return INSTANT;
  }
  if (bytes[to - 1] !== 0x73) return 0;
  const unit = bytes[to - 2] ?? 0;
  const scaled = unit === 0x6d || unit === 0x6e;
  const number = to - (scaled ? 2 : 1);
  if (!isDecimal(bytes, from, number)) return 0;
  if (scaled && number - from >= (unit === 0x6d ? 12 : 18)) {
    if (Number.isNaN(head.micros)) {
      clock.zoned++;
      head.micros = epochMicros(Number(String.fromCharCode(...bytes.subarray(from, number))));
    }
    return INSTANT;
  }
  const name = !scaled ? UPTIME : unit === 0x6d ? UPTIME_MS : UPTIME_NS;
  head.fields.add(name, bytes, from, number, true);
  return ELAPSED;
}

function trimmed(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && bytes[end - 1] === 0x20) end--;
  return end;
}

function allDigits(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = skipBlanks(bytes, from, to); i < to; i++) if (!isDigit(bytes[i] ?? 0)) return false;
  return to > from;
}

function isDecimal(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++)
    if (!isDigit(bytes[i] ?? 0) && bytes[i] !== 0x2e && bytes[i] !== 0x2c) return false;
  return to > from;
}
