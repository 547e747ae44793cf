import { isBlank, textOf } from "./bytes.ts";
import { epochMicros, readIso } from "./clocks.ts";
import { fieldName, type FieldsBuffer } from "./fields.ts";
import { levelOfBytes, levelOfWord } from "./levels.ts";
import { wholeLine, type ReadLine, type RecordHead } from "./line-reader.ts";
import type { Clock } from "./clock.ts";

/**
 * logfmt: `time="2026-03-01T10:00:00Z" level=error msg="no such pod" pod=a`.
 * https://brandur.org/logfmt
 */
const TIMES = new Set(["time", "ts", "t", "timestamp", "@timestamp", "date", "datetime"]);
const LEVELS = new Set(["level", "lvl", "severity", "loglevel"]);
const MESSAGES = new Set(["msg", "message"]);
const SERVICES = new Set(["service", "app", "application", "svc"]);
const HOSTS = new Set(["host", "hostname", "node"]);

/** Names as they were seen, so that each is encoded once. */
const names = new Map<string, Uint8Array>();

/** Three pairs or more, and a time among them. */
export function isLogfmt(line: Uint8Array): boolean {
  const keys: string[] = [];
  eachPair(line, 0, line.length, (key) => keys.push(key));
  return keys.length >= 3 && keys.some((key) => TIMES.has(key)) && isKeyByte(line[0] ?? 0);
}

export const readLogfmt: ReadLine = (bytes, start, end, clock, head) => {
  if (!isKeyByte(bytes[start] ?? 0)) return false;
  wholeLine(bytes, start, end, NaN, head);
  eachPair(bytes, start, end, (key, from, to, quoted) => {
    if (TIMES.has(key) && Number.isNaN(head.micros)) {
      if (readTime(bytes, from, to, clock, head)) return;
    } else if (LEVELS.has(key)) {
      head.level =
        levelOfBytes(bytes, from, to) ?? levelOfWord(textOf(bytes, from, to)) ?? head.level;
      return;
    } else if (MESSAGES.has(key)) {
      head.messageStart = from;
      head.messageEnd = to;
      return;
    } else if (SERVICES.has(key)) {
      head.serviceStart = from;
      head.serviceEnd = to;
      return;
    } else if (HOSTS.has(key)) {
      head.hostStart = from;
      head.hostEnd = to;
      return;
    }
    addPair(head.fields, key, bytes, from, to, quoted);
  });
  return !Number.isNaN(head.micros);
};

function readTime(
  bytes: Uint8Array,
  from: number,
  to: number,
  clock: Clock,
  head: RecordHead,
): boolean {
  if (readIso(bytes, from, to, clock) < 0) {
    const micros = epochMicros(Number(textOf(bytes, from, to)));
    if (Number.isNaN(micros)) return false;
    clock.zoned++;
    clock.micros = micros;
  }
  head.micros = clock.micros;
  return true;
}

function addPair(
  fields: FieldsBuffer,
  key: string,
  bytes: Uint8Array,
  from: number,
  to: number,
  quoted: boolean,
): void {
  let name = names.get(key);
  if (name === undefined) {
    name = fieldName(key);
    if (names.size < 10_000) names.set(key, name);
  }
  if (quoted && bytes.subarray(from, to).includes(0x5c)) {
    fields.addJson(name, JSON.stringify(unescape(textOf(bytes, from, to))));
  } else fields.add(name, bytes, from, to, !quoted && allDigits(bytes, from, to));
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) =>
    char === "n" ? "\n" : char === "t" ? "\t" : char,
  );
}

/** Calls `pair` with each key and the range of its value. */
function eachPair(
  bytes: Uint8Array,
  start: number,
  end: number,
  pair: (key: string, from: number, to: number, quoted: boolean) => void,
): void {
  let at = start;
  while (at < end) {
    while (at < end && isBlank(bytes[at] ?? 0)) at++;
    const keyFrom = at;
    while (at < end && isKeyByte(bytes[at] ?? 0)) at++;
    if (at === keyFrom || bytes[at] !== 0x3d) {
      while (at < end && !isBlank(bytes[at] ?? 0)) at++;
      continue;
    }
    const key = textOf(bytes, keyFrom, at++);
    const quoted = bytes[at] === 0x22;
    const from = quoted ? at + 1 : at;
    at = from;
    while (at < end && (quoted ? bytes[at] !== 0x22 : !isBlank(bytes[at] ?? 0)))
      at += quoted && bytes[at] === 0x5c ? 2 : 1;
    pair(key, from, Math.min(at, end), quoted);
    if (quoted) at++;
  }
}

function isKeyByte(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x5f ||
    byte === 0x2e ||
    byte === 0x2d ||
    byte === 0x40 ||
    byte === 0x2f
  );
}

function allDigits(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++)
    if ((bytes[i] ?? 0) < 0x30 || (bytes[i] ?? 0) > 0x39) return false;
  return to > from;
}
