import { isAlpha, isBlank, isDigit, number, skipBlanks } from "./bytes.ts";
import type { Clock } from "./clock.ts";
import { FieldsBuffer, fieldName } from "./fields.ts";
import { ANYWHERE, ANYWHERE_REACH, type LogLayout } from "./layouts.ts";
import { findLevel, levelOfStatus, levelOfSyslog, type Level } from "./levels.ts";
import { addPair, eachPair, isPairs } from "./pairs.ts";
import { compilePattern, type Match, type Pattern } from "./pattern.ts";

/** What the first line of a record says. Ranges are in the line's bytes; start -1 where missing. */
export interface RecordHead {
  micros: number;
  level: Level | null;
  serviceStart: number;
  serviceEnd: number;
  hostStart: number;
  hostEnd: number;
  messageStart: number;
  messageEnd: number;
  /** The record goes on in the next line, without a line break (CRI). */
  partial: boolean;
  /** Stream of a container that the line came from (0 or 1), or -1. */
  stream: number;
  /** The rest of the line fitted the layout too, not only the time. */
  exact: boolean;
  readonly fields: FieldsBuffer;
}

export function newHead(): RecordHead {
  return {
    micros: NaN,
    level: null,
    serviceStart: -1,
    serviceEnd: -1,
    hostStart: -1,
    hostEnd: -1,
    messageStart: 0,
    messageEnd: 0,
    partial: false,
    stream: -1,
    exact: false,
    fields: new FieldsBuffer(),
  };
}

/** Fills `head` and answers true when a line begins a record. */
export type ReadLine = (
  bytes: Uint8Array,
  start: number,
  end: number,
  clock: Clock,
  head: RecordHead,
) => boolean;

/** Slots that say what stands elsewhere in the row already. */
const REDUNDANT = new Set([
  "part",
  "date",
  "epoch",
  "month",
  "day",
  "clock",
  "short",
  "version",
  "weekday",
  "unit",
]);

/** Numbers, unless the server wrote `-`. */
const MEASURED = new Set([
  "bytes",
  "duration",
  "uptime",
  "upstream_bytes",
  "upstream_duration",
  "upstream_status",
]);

function isDecimal(bytes: Uint8Array, start: number, end: number): boolean {
  let points = 0;
  for (let i = start; i < end; i++) {
    if (bytes[i] === 0x2e && i > start && i < end - 1) points++;
    else if (!isDigit(bytes[i] ?? 0)) return false;
  }
  return points === 0 || (points === 1 && (bytes[start] !== 0x30 || bytes[start + 1] === 0x2e));
}

/** The reader of a layout. Lines that have the time but not the rest still begin a record. */
export function layoutReader(layout: LogLayout): ReadLine {
  const exact = patternReader(layout, layout.pattern);
  if (layout.generic === true) return exact;
  if (layout.strict === true) return exact;
  const fallback = layout.fallback === undefined ? null : patternReader(layout, layout.fallback);
  const prefix = patternReader(
    layout,
    `${layout.pattern.slice(0, layout.pattern.indexOf("{time}"))}{time}{message}`,
  );
  return (bytes, start, end, clock, head) => {
    if (exact(bytes, start, end, clock, head)) {
      head.exact = true;
      return true;
    }
    if (
      fallback?.(bytes, start, end, clock, head) !== true &&
      !prefix(bytes, start, end, clock, head)
    )
      return false;
    head.exact = false;
    return true;
  };
}

function patternReader(layout: LogLayout, text: string): ReadLine {
  const pattern = compilePattern(text, layout.time);
  const match = pattern.newMatch();
  const service = pattern.names.indexOf("service");
  const host = pattern.names.indexOf("host");
  const writeFields = fieldsWriter(layout, pattern);
  const finish = finisher(layout, pattern);
  const free = /\{time\}\]?\{message\}$/.test(text);
  return (bytes, start, end, clock, head) => {
    if (!pattern.read(bytes, start, end, clock, match)) return false;
    head.micros = clock.micros;
    head.level = match.level;
    head.messageStart = match.messageStart;
    head.messageEnd = match.messageEnd;
    head.serviceStart = service < 0 ? -1 : (match.starts[service] ?? -1);
    head.serviceEnd = service < 0 ? -1 : (match.ends[service] ?? -1);
    head.hostStart = host < 0 ? -1 : (match.starts[host] ?? -1);
    head.hostEnd = host < 0 ? -1 : (match.ends[host] ?? -1);
    head.partial = false;
    head.stream = -1;
    head.exact = true;
    head.fields.clear();
    if (free) head.messageStart = afterTime(bytes, match.messageStart, end);
    writeFields(bytes, match, head.fields);
    finish(bytes, match, clock, head);
    head.level ??= findLevel(bytes, head.messageStart, head.messageEnd);
    return true;
  };
}

/** Writes the slots that have no column of their own. */
function fieldsWriter(
  layout: LogLayout,
  pattern: Pattern,
): (bytes: Uint8Array, match: Match, fields: FieldsBuffer) => void {
  const slots = pattern.names.flatMap((name, slot) => {
    if (name === "service" || name === "host" || name === "priority" || REDUNDANT.has(name))
      return [];
    if (name === "rest" && layout.meaning === "http") return [];
    return [
      {
        slot,
        name: fieldName(name),
        numeric: pattern.numeric[slot] === true,
        measured: MEASURED.has(name),
      },
    ];
  });
  return (bytes, match, fields) => {
    for (let i = 0; i < slots.length; i++) {
      const entry = slots[i];
      if (entry === undefined) break;
      let start = match.starts[entry.slot] ?? -1;
      if (start < 0) continue;
      let end = match.ends[entry.slot] ?? start;
      while (start < end && isBlank(bytes[start] ?? 0)) start++;
      while (end > start && isBlank(bytes[end - 1] ?? 0)) end--;
      const dash = end - start === 1 && bytes[start] === 0x2d;
      if (end > start && !dash)
        fields.add(
          entry.name,
          bytes,
          start,
          end,
          entry.numeric || (entry.measured && isDecimal(bytes, start, end)),
        );
    }
  };
}

type Finish = (bytes: Uint8Array, match: Match, clock: Clock, head: RecordHead) => void;

const METHOD = fieldName("method");
const PATH = fieldName("path");

function finisher(layout: LogLayout, pattern: Pattern): Finish {
  const slot = (name: string): number => pattern.names.indexOf(name);
  const value = (bytes: Uint8Array, match: Match, at: number): number =>
    at < 0 || (match.starts[at] ?? -1) < 0
      ? NaN
      : number(bytes, match.starts[at] ?? 0, match.ends[at] ?? 0);
  if (layout.meaning === undefined) return () => undefined;
  switch (layout.meaning) {
    case "priority": {
      const priority = slot("priority");
      return (bytes, match, _clock, head) => {
        const level = value(bytes, match, priority);
        if (!Number.isNaN(level)) head.level = levelOfSyslog(level);
      };
    }
    case "http": {
      const status = slot("status");
      const rest = slot("rest");
      return (bytes, match, _clock, head) => {
        const code = value(bytes, match, status);
        if (!Number.isNaN(code)) head.level = levelOfStatus(code);
        addRequest(bytes, head);
        if (rest >= 0) addRest(bytes, match.starts[rest] ?? -1, match.ends[rest] ?? -1, head);
      };
    }
    case "partial": {
      const part = slot("part");
      const stream = slot("stream");
      return (bytes, match, _clock, head) => {
        // The fourth letter of stdout and stderr.
        head.stream = bytes[(match.starts[stream] ?? 0) + 3] === 0x65 ? 1 : 0;
        head.partial = part >= 0 && bytes[match.starts[part] ?? 0] === 0x50;
        // Blanks behind the one that ends the tags belong to the text.
        head.messageStart = Math.min((match.ends[part] ?? 0) + 1, head.messageEnd);
      };
    }
    case "epoch": {
      const epoch = slot("epoch");
      return (bytes, match, clock, head) => {
        const seconds = value(bytes, match, epoch);
        if (Number.isNaN(seconds)) return;
        clock.zoned++;
        head.micros = seconds * 1e6 + (((head.micros % 1e6) + 1e6) % 1e6);
      };
    }
  }
}

/** `GET /path HTTP/1.1` gives `method` and `path`. */
function addRequest(bytes: Uint8Array, head: RecordHead): void {
  let i = head.messageStart;
  while (i < head.messageEnd && isAlpha(bytes[i] ?? 0)) i++;
  if (i === head.messageStart || bytes[i] !== 0x20) return;
  let end = i + 1;
  while (end < head.messageEnd && bytes[end] !== 0x20) end++;
  head.fields.add(METHOD, bytes, head.messageStart, i, false);
  if (end > i + 1) head.fields.add(PATH, bytes, i + 1, end, false);
}

const REST = fieldName("rest");

/** What a web server's own format has behind the known parts: pairs, or one text. */
function addRest(bytes: Uint8Array, start: number, end: number, head: RecordHead): void {
  if (start < 0 || start >= end || (end - start === 1 && bytes[start] === 0x2d)) return;
  if (!isPairs(bytes, start, end)) head.fields.add(REST, bytes, start, end, false);
  else {
    eachPair(bytes, start, end, (key, from, to, quoted) => {
      if (to - from === 1 && bytes[from] === 0x2d) return;
      const name = fieldName(key);
      if (isDecimal(bytes, from, to)) head.fields.add(name, bytes, from, to, true);
      else addPair(head.fields, key, bytes, from, to, quoted);
    });
  }
}

/** Place after what separates a time from the message: `]`, blanks, one `-`, `:`, `|` or `,`. */
function afterTime(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  if (bytes[i] === 0x5d || bytes[i] === 0x29) i++;
  i = skipBlanks(bytes, i, end);
  const mark = bytes[i] ?? 0;
  if (
    i < end &&
    (mark === 0x2d || mark === 0x3a || mark === 0x7c || mark === 0x2c) &&
    isBlank(bytes[i + 1] ?? 0)
  ) {
    i = skipBlanks(bytes, i + 1, end);
  }
  return i;
}

/** Any time within the first bytes of the line begins a record; the whole line is the message. */
export const readAnywhere: ReadLine = (bytes, start, end, clock, head) => {
  const limit = Math.min(end, start + ANYWHERE_REACH);
  for (let at = start; at < limit; at++) {
    const byte = bytes[at] ?? 0;
    const before = at > start ? (bytes[at - 1] ?? 0) : 0x20;
    if (
      (!isDigit(byte) && !isAlpha(byte)) ||
      isDigit(before) ||
      (isAlpha(before) && before !== 0x54)
    )
      continue;
    for (const read of ANYWHERE) {
      const after = read(bytes, at, end, clock);
      if (after < 0 || isDigit(bytes[after] ?? 0)) continue;
      wholeLine(bytes, start, end, clock.micros, head);
      return true;
    }
  }
  return false;
};

/** Every line is a record, with a time where one stands near its beginning. */
export const readMixed: ReadLine = (bytes, start, end, clock, head) => {
  if (!readAnywhere(bytes, start, end, clock, head)) wholeLine(bytes, start, end, NaN, head);
  return true;
};

export function wholeLine(
  bytes: Uint8Array,
  start: number,
  end: number,
  micros: number,
  head: RecordHead,
): void {
  head.micros = micros;
  head.serviceStart = -1;
  head.hostStart = -1;
  head.messageStart = start;
  head.messageEnd = end;
  head.partial = false;
  head.stream = -1;
  head.exact = true;
  head.fields.clear();
  head.level = findLevel(bytes, start, end);
}
