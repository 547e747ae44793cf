import { digits, isBlank, isDigit, number, skipBlanks, textOf } from "./bytes.ts";
import { cursor, dateMicros, isDate, timeOfDay, type Clock } from "./clock.ts";
import { fieldName } from "./fields.ts";
import { levelOfStatus } from "./levels.ts";
import { wholeLine, type ReadLine, type RecordHead } from "./line-reader.ts";

/** Reads lines whose fields are named by lines among them. */
export interface DirectedReader {
  readonly read: ReadLine;
  /** True for a line that describes the lines below it and is no record; what it says holds from here on. */
  readonly skips: (bytes: Uint8Array, start: number, end: number) => boolean;
}

type Kind = "date" | "time" | "local-date" | "local-time" | "host" | "service" | "field";

interface Column {
  readonly kind: Kind;
  readonly name: Uint8Array;
  /** Part of the request that is shown as the message. */
  readonly request: "method" | "uri" | "query" | null;
  readonly status: boolean;
}

const HASH = 0x23;
const QUOTE = 0x22;
const DASH = 0x2d;
const POINT = 0x2e;

const KINDS: Readonly<Record<string, Kind>> = {
  date: "date",
  time: "time",
  "date-local": "local-date",
  "time-local": "local-time",
  "s-computername": "host",
  "s-sitename": "service",
};

const REQUESTS: Readonly<Record<string, Column["request"]>> = {
  "cs-method": "method",
  "cs-uri": "uri",
  "cs-uri-stem": "uri",
  "cs-uri-query": "query",
};

/** Names as web servers' other logs have them here; any other keeps its own. */
const NAMES: Readonly<Record<string, string>> = {
  "c-ip": "ip",
  "s-ip": "server_ip",
  "s-port": "server_port",
  "cs-username": "user",
  "cs-method": "method",
  "cs-uri": "path",
  "cs-uri-stem": "path",
  "cs-uri-query": "query",
  "cs-host": "virtual_host",
  "cs(Host)": "virtual_host",
  "cs(User-Agent)": "agent",
  "cs(Referer)": "referer",
  "cs(Referrer)": "referer",
  "sc-status": "status",
  "sc-bytes": "bytes",
  "cs-bytes": "request_bytes",
};

const FIELDS = /^#Fields:\s*(\S.*)$/i;

/** Whether lines say, before the first record, which fields follow, a time among them. */
export function isW3c(lines: readonly Uint8Array[]): boolean {
  for (const line of lines) {
    if (line[0] !== HASH) return false;
    const named = FIELDS.exec(textOf(line, 0, line.length))?.[1];
    if (named === undefined) continue;
    // Exchange separates its fields with commas: a table.
    return (
      !named.includes(",") && named.split(/\s+/).some((name) => /^time(?:-local)?$/.test(name))
    );
  }
  return false;
}

/**
 * W3C extended log files (https://www.w3.org/TR/WD-logfile.html): IIS, Amazon
 * CloudFront, Windows Firewall and others. The `#Fields` may change on the way:
 * a server writes them anew when it starts. `date` and `time` are UTC by
 * definition, unless the file says otherwise.
 */
export function w3cReader(): DirectedReader {
  let columns: readonly Column[] = [];
  /** Midnight of `#Date`, for lines that have a time only. */
  let day = NaN;
  let isLocal = false;
  let isMicrosoft = false;

  const skips: DirectedReader["skips"] = (bytes, start, end) => {
    if (bytes[start] !== HASH) return false;
    const text = textOf(bytes, start, end);
    const [, key = "", value = ""] = /^#([\w -]+):\s*(.*)$/.exec(text) ?? [];
    switch (key.toLowerCase()) {
      case "software":
        isMicrosoft = /\bMicrosoft\b|\bIIS\b/.test(value);
        break;
      case "time format":
        isLocal = /local/i.test(value);
        break;
      case "date":
      case "start-date":
        day = dateAt(bytes, end - value.length, end);
        break;
      case "fields":
        columns = columnsOf(value, isMicrosoft);
        break;
    }
    return true;
  };

  const read: ReadLine = (bytes, start, end, clock, head) => {
    if (skips(bytes, start, end) || columns.length === 0) return false;
    wholeLine(bytes, start, end, NaN, head);
    head.level = null;
    return readRecord(bytes, start, end, columns, { clock, day, isLocal }, head);
  };
  return { read, skips };
}

function columnsOf(text: string, isMicrosoft: boolean): Column[] {
  const taken = new Set<string>();
  return text
    .trim()
    .split(/\s+/)
    .map((field) => {
      const wanted = nameOf(field, isMicrosoft);
      // Two fields may mean the same: the second keeps its own name.
      const name = taken.has(wanted) ? field : wanted;
      taken.add(name);
      return {
        kind: KINDS[field] ?? "field",
        name: fieldName(name),
        request: REQUESTS[field] ?? null,
        status: field === "sc-status",
      };
    });
}

/** IIS writes milliseconds where the standard says seconds. */
function nameOf(field: string, isMicrosoft: boolean): string {
  if (field === "TimeTakenMS" || (field === "time-taken" && isMicrosoft)) return "time_taken_ms";
  return field === "time-taken" ? "time_taken" : (NAMES[field] ?? field);
}

interface Times {
  readonly clock: Clock;
  readonly day: number;
  readonly isLocal: boolean;
}

function readRecord(
  bytes: Uint8Array,
  start: number,
  end: number,
  columns: readonly Column[],
  times: Times,
  head: RecordHead,
): boolean {
  const found: Found = { date: NaN, time: NaN, localDate: NaN, localTime: NaN };
  let request = -1;
  let text = start;
  let at = skipBlanks(bytes, start, end);
  for (const column of columns) {
    if (at >= end) {
      head.exact = false;
      break;
    }
    const quoted = bytes[at] === QUOTE;
    const stop = quoted ? quoteEnd(bytes, at + 1, end) : wordEnd(bytes, at, end);
    const from = quoted ? at + 1 : at;
    const next = skipBlanks(bytes, quoted ? Math.min(end, stop + 1) : stop, end);
    const isEmpty = stop - from === 0 || (!quoted && stop - from === 1 && bytes[from] === DASH);
    if (takeTime(bytes, from, stop, column.kind, found)) {
      // The message begins behind the time.
      if (text === at) text = next;
    } else if (!isEmpty) {
      if (column.request === "method") request = from;
      addValue(bytes, from, stop, quoted, column, head);
    }
    request = requestEnd(column, request, stop, isEmpty, head);
    at = next;
  }
  const micros = instantOf(found, times);
  if (Number.isNaN(micros)) return false;
  if (at < end) {
    head.fields.add(REST, bytes, at, end, false);
    head.exact = false;
  }
  if (head.messageStart === start) head.messageStart = text;
  head.micros = micros;
  return true;
}

/** Times of a line by their kind: midnights and times of day in µs, NaN where missing. */
interface Found {
  date: number;
  time: number;
  localDate: number;
  localTime: number;
}

/** False for a field of another kind. */
function takeTime(bytes: Uint8Array, from: number, to: number, kind: Kind, found: Found): boolean {
  if (kind === "date") found.date = dateAt(bytes, from, to);
  else if (kind === "local-date") found.localDate = dateAt(bytes, from, to);
  else if (kind === "time") found.time = clockTimeAt(bytes, from, to);
  else if (kind === "local-time") found.localTime = clockTimeAt(bytes, from, to);
  else return false;
  return true;
}

function clockTimeAt(bytes: Uint8Array, from: number, to: number): number {
  const time = timeOfDay(bytes, from, to);
  return cursor.end < 0 ? NaN : time;
}

/** µs UTC, or NaN; where both stand in the line, its UTC is taken. */
function instantOf({ date, time, localDate, localTime }: Found, times: Times): number {
  const { clock, day, isLocal } = times;
  const ofLocal = Number.isNaN(time);
  const own = ofLocal ? localDate : date;
  const dated = (Number.isNaN(own) ? day : own) + (ofLocal ? localTime : time);
  if (Number.isNaN(dated)) return NaN;
  if (!ofLocal && !isLocal) clock.zoned++;
  clock.micros = !ofLocal && !isLocal ? dated : clock.toUtc(dated);
  return clock.micros;
}

const REST = fieldName("rest");

/** `GET /path query` is the message where these stand side by side; answers where the method began, or -1 behind it. */
function requestEnd(
  column: Column,
  method: number,
  stop: number,
  isEmpty: boolean,
  head: RecordHead,
): number {
  if (method < 0 || column.request === "method") return method;
  if (column.request === null) return -1;
  if (!isEmpty) {
    head.messageStart = method;
    head.messageEnd = stop;
  }
  return method;
}

function addValue(
  bytes: Uint8Array,
  from: number,
  to: number,
  quoted: boolean,
  column: Column,
  head: RecordHead,
): void {
  if (column.kind === "host") {
    head.hostStart = from;
    head.hostEnd = to;
  } else if (column.kind === "service") {
    head.serviceStart = from;
    head.serviceEnd = to;
  } else if (quoted && bytes.subarray(from, to).includes(QUOTE)) {
    const text = textOf(bytes, from, to).replaceAll('""', '"');
    head.fields.addJson(column.name, JSON.stringify(text));
  } else {
    const numeric = isNumber(bytes, from, to);
    head.fields.add(column.name, bytes, from, to, numeric);
    if (column.status && numeric) head.level = levelOfStatus(number(bytes, from, to));
  }
}

/** Digits, with a point among them or none. */
function isNumber(bytes: Uint8Array, from: number, to: number): boolean {
  let points = 0;
  for (let i = from; i < to; i++) {
    if (bytes[i] === POINT && i > from && i < to - 1) points++;
    else if (!isDigit(bytes[i] ?? 0)) return false;
  }
  return to > from && points <= 1;
}

function wordEnd(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && !isBlank(bytes[i] ?? 0)) i++;
  return i;
}

/** The quote that ends a text in which quotes are doubled; the end where there is none. */
function quoteEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    if (bytes[i] !== QUOTE) continue;
    if (bytes[i + 1] === QUOTE && i + 1 < end) i++;
    else return i;
  }
  return end;
}

/** Midnight of `2026-03-01` in µs, or NaN. */
function dateAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 10 > end || bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return NaN;
  const [year, month, day] = [
    digits(bytes, at, 4),
    digits(bytes, at + 5, 2),
    digits(bytes, at + 8, 2),
  ];
  return year >= 0 && month >= 0 && day >= 0 && isDate(year, month, day)
    ? dateMicros(year, month, day)
    : NaN;
}
