import { err, ok, type Result } from "../../base/result.ts";
import { isAlpha, isBlank, isDigit, skipBlanks } from "./bytes.ts";
import type { ReadTime } from "./clocks.ts";
import * as clocks from "./clocks.ts";

/**
 * Patterns that a person writes for a log that no layout reads: literal text
 * with groups, as in grok (https://www.elastic.co/docs/reference/logstash/plugins/plugins-filters-grok):
 *
 *     %{TIMESTAMP:ts} [%{LEVEL:level}] %{NOTSPACE:service}: %{GREEDY:message}
 *
 * A group is `%{TYPE:field}`, or `%{TYPE}` for text that is not kept. The
 * fields `ts`, `level`, `service`, `host` and `message` fill columns, every
 * other one goes into `fields`. A blank in the pattern stands for one or more
 * blanks or tabs; `%%` is a percent sign. The whole line has to fit.
 *
 * `TIMESTAMP` reads every layout of `clocks.ts`; `%{TIMESTAMP:ts:syslog}` only that one.
 */
export const GROUP_TYPES = [
  "TIMESTAMP",
  "LEVEL",
  "WORD",
  "NOTSPACE",
  "NUMBER",
  "INT",
  "IP",
  "HOST",
  "UUID",
  "QUOTED",
  "DATA",
  "GREEDY",
] as const;
export type GroupType = (typeof GROUP_TYPES)[number];

/** What is wrong with a pattern, and at which character (1-based). */
export interface PatternError {
  readonly column: number;
  readonly message: string;
}

export type Element =
  | { readonly kind: "literal"; readonly bytes: Uint8Array; readonly column: number }
  | { readonly kind: "blank"; readonly column: number }
  | {
      readonly kind: "group";
      readonly type: GroupType;
      /** Empty for a group that is not kept. */
      readonly field: string;
      readonly times: readonly ReadTime[];
      readonly column: number;
    };

/** Layouts of a timestamp by the names that `times.ts` uses, and `time` for a time of day. */
const TIMES: Readonly<Record<string, readonly ReadTime[]>> = {
  iso: [clocks.readIso],
  "iso-basic": [clocks.readCompact],
  db2: [clocks.readIso],
  "epoch-s": [clocks.readEpoch],
  "epoch-ms": [clocks.readEpoch],
  "epoch-us": [clocks.readEpoch],
  "epoch-ns": [clocks.readEpoch],
  access: [clocks.readDayMonth],
  syslog: [clocks.readMonthDay],
  ctime: [clocks.readCtime],
  numeric: [clocks.readSlashes],
  rfc2822: [readRfc2822],
  "month-name": [clocks.readMonthDayYear],
  compact: [clocks.readShortCompact, clocks.readShortDate],
  glog: [clocks.readMonthDayDigits],
  tai64n: [clocks.readTai64n],
  time: [clocks.readTimeOfDay],
};
const ANY_TIME: readonly ReadTime[] = [...new Set(Object.values(TIMES).flat())];

/** `Sun, 01 Mar 2026 10:00:00 +0000`; the weekday may be missing. */
function readRfc2822(...[bytes, at, end, clock]: Parameters<ReadTime>): number {
  let start = at;
  while (start < end && start - at < 9 && isAlpha(bytes[start] ?? 0)) start++;
  if (start > at) {
    if (bytes[start] === 0x2c) start++;
    start = skipBlanks(bytes, start, end);
  }
  return clocks.readDayMonth(bytes, start, end, clock);
}

const encoder = new TextEncoder();

/** The elements of a pattern, or what is wrong with it. */
export function parseUserPattern(text: string): Result<readonly Element[], PatternError> {
  const elements: Element[] = [];
  const fields = new Set<string>();
  let literal = "";
  let from = 0;
  const endLiteral = (): void => {
    if (literal === "") return;
    elements.push({ kind: "literal", bytes: encoder.encode(literal), column: from + 1 });
    literal = "";
  };
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === " " || char === "\t") {
      endLiteral();
      if (elements.at(-1)?.kind !== "blank") elements.push({ kind: "blank", column: i + 1 });
    } else if (char === "%" && text.charAt(i + 1) === "{") {
      endLiteral();
      const close = text.indexOf("}", i);
      if (close < 0) return wrong(i, "This group has no closing bracket }.");
      const group = parseGroup(text.slice(i + 2, close), i, fields);
      if (!group.ok) return group;
      elements.push(group.value);
      i = close;
    } else {
      if (char === "%" && text.charAt(i + 1) === "%") i++;
      if (literal === "") from = i;
      literal += char;
    }
  }
  endLiteral();
  return checked(elements);
}

function parseGroup(spec: string, at: number, fields: Set<string>): Result<Element, PatternError> {
  const [type = "", field = "", layout, ...more] = spec.split(":");
  const known = GROUP_TYPES.find((t) => t === type);
  if (known === undefined)
    return wrong(at, `“${type}” is no type of group: use one of ${GROUP_TYPES.join(", ")}.`);
  if (more.length > 0 || (layout !== undefined && known !== "TIMESTAMP"))
    return wrong(at, "A group is written %{TYPE:field}.");
  if (field !== "" && !/^[\w@.-]+$/.test(field))
    return wrong(at, `“${field}” is no field name: use letters, digits, “_”, “.”, “-” and “@”.`);
  if (fields.has(field)) return wrong(at, `The field “${field}” occurs twice.`);
  if (field !== "") fields.add(field);
  if (field === "ts" && known !== "TIMESTAMP")
    return wrong(at, "The field ts needs the type TIMESTAMP.");
  const times = layout === undefined ? ANY_TIME : TIMES[layout];
  if (times === undefined) {
    const names = Object.keys(TIMES).join(", ");
    return wrong(at, `“${layout ?? ""}” is no layout of times: use one of ${names}.`);
  }
  return ok({ kind: "group", type: known, field, times, column: at + 1 });
}

/** Refuses what could not be read without trying many ways. */
function checked(elements: readonly Element[]): Result<readonly Element[], PatternError> {
  if (!elements.some((e) => e.kind === "group")) return wrong(0, "The pattern has no group.");
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i];
    const next = elements[i + 1];
    if (element === undefined || !isFlexible(element)) continue;
    if (next !== undefined && isFlexible(next))
      return wrong(
        next.column - 1,
        "Two groups of open length follow each other: put text or a blank between them.",
      );
    if (typeOf(element) !== "GREEDY") continue;
    const later = elements.slice(i + 1).find((e) => isFlexible(e));
    if (later !== undefined)
      return wrong(
        later.column - 1,
        "After GREEDY no group of open length may follow: use DATA for the first of them.",
      );
  }
  return ok(elements);
}

function wrong(at: number, message: string): { ok: false; error: PatternError } {
  return err({ column: at + 1, message });
}

function typeOf(element: Element | undefined): GroupType | null {
  return element?.kind === "group" ? element.type : null;
}

/** Groups whose end is found by what follows them. */
export function isFlexible(element: Element | undefined): boolean {
  const type = typeOf(element);
  return type === "DATA" || type === "GREEDY" || type === "NOTSPACE";
}

/** End of a group of closed length at `at`, or -1. Values are in `[valueStart, valueEnd)` of `quoted` only. */
export function groupEnd(type: GroupType, bytes: Uint8Array, at: number, end: number): number {
  switch (type) {
    case "WORD":
    case "LEVEL":
      return run(bytes, at, end, (b) => isAlpha(b) || isDigit(b) || b === 0x5f || b >= 0x80);
    case "HOST":
      return run(
        bytes,
        at,
        end,
        (b) => isAlpha(b) || isDigit(b) || b === 0x2e || b === 0x2d || b === 0x5f,
      );
    case "INT":
      return run(bytes, at + sign(bytes, at), end, isDigit);
    case "NUMBER":
      return numberEnd(bytes, at, end);
    case "UUID":
      return uuidEnd(bytes, at, end);
    case "IP":
      return addressEnd(bytes, at, end);
    case "QUOTED":
      return quotedEnd(bytes, at, end);
    case "TIMESTAMP":
    case "NOTSPACE":
    case "DATA":
    case "GREEDY":
      return -1;
  }
}

function run(bytes: Uint8Array, at: number, end: number, fits: (byte: number) => boolean): number {
  let i = at;
  while (i < end && fits(bytes[i] ?? 0)) i++;
  return i > at ? i : -1;
}

function sign(bytes: Uint8Array, at: number): number {
  return bytes[at] === 0x2d || bytes[at] === 0x2b ? 1 : 0;
}

function numberEnd(bytes: Uint8Array, at: number, end: number): number {
  let i = at + sign(bytes, at);
  const from = i;
  while (i < end && isDigit(bytes[i] ?? 0)) i++;
  if (i === from) return -1;
  if (i + 1 < end && bytes[i] === 0x2e && isDigit(bytes[i + 1] ?? 0)) {
    i++;
    while (i < end && isDigit(bytes[i] ?? 0)) i++;
  }
  if (i + 1 < end && ((bytes[i] ?? 0) | 0x20) === 0x65) {
    const exponent = i + 1 + sign(bytes, i + 1);
    if (exponent < end && isDigit(bytes[exponent] ?? 0)) {
      i = exponent;
      while (i < end && isDigit(bytes[i] ?? 0)) i++;
    }
  }
  return i;
}

function isHex(byte: number): boolean {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

function uuidEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at + 36 > end) return -1;
  for (let i = 0; i < 36; i++) {
    const byte = bytes[at + i] ?? 0;
    const dash = i === 8 || i === 13 || i === 18 || i === 23;
    if (dash ? byte !== 0x2d : !isHex(byte)) return -1;
  }
  return at + 36;
}

/** IPv4, or IPv6 with at least two colons. */
function addressEnd(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  for (let part = 0; part < 4; part++) {
    const from = i;
    while (i < end && i - from < 3 && isDigit(bytes[i] ?? 0)) i++;
    if (i === from || (part < 3 && bytes[i++] !== 0x2e)) return sixEnd(bytes, at, end);
  }
  return i;
}

function sixEnd(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  let colons = 0;
  while (i < end && i - at < 45) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x3a) colons++;
    else if (!isHex(byte) && byte !== 0x2e) break;
    i++;
  }
  // A colon at the end belongs to what follows.
  while (i > at && bytes[i - 1] === 0x3a && bytes[i - 2] !== 0x3a) {
    i--;
    colons--;
  }
  return colons >= 2 ? i : -1;
}

function quotedEnd(bytes: Uint8Array, at: number, end: number): number {
  const quote = bytes[at];
  if (quote !== 0x22 && quote !== 0x27) return -1;
  for (let i = at + 1; i < end; i++) {
    if (bytes[i] === 0x5c) i++;
    else if (bytes[i] === quote) return i + 1;
  }
  return -1;
}

/** Whether a byte ends a text without blanks. */
export function endsWord(byte: number): boolean {
  return isBlank(byte);
}
