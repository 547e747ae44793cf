import { textOf } from "./bytes.ts";
import { epochMicros, readIso } from "./clocks.ts";
import { levelOfBytes, levelOfWord } from "./levels.ts";
import { wholeLine, type ReadLine, type RecordHead } from "./line-reader.ts";
import type { Clock } from "./clock.ts";
import { addPair, eachPair, isKeyByte } from "./pairs.ts";

/**
 * logfmt: `time="2026-03-01T10:00:00Z" level=error msg="no such pod" pod=a`.
 * https://brandur.org/logfmt
 */
const TIMES = new Set(["time", "ts", "t", "timestamp", "@timestamp", "date", "datetime"]);
const LEVELS = new Set(["level", "lvl", "severity", "loglevel"]);
const MESSAGES = new Set(["msg", "message"]);
const SERVICES = new Set(["service", "app", "application", "svc"]);
const HOSTS = new Set(["host", "hostname", "node"]);

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
