import type { Result } from "../../base/result.ts";
import { skipBlanks } from "./bytes.ts";
import { createClock, type Clock } from "./clock.ts";
import { fieldName } from "./fields.ts";
import { levelOfBytes, levelOfLetter, findLevel } from "./levels.ts";
import { newHead, wholeLine, type ReadLine, type RecordHead } from "./line-reader.ts";
import { textOf } from "./bytes.ts";
import {
  endsWord,
  groupEnd,
  isFlexible,
  parseUserPattern,
  type Element,
  type PatternError,
} from "./user-pattern.ts";

/** A compiled pattern of a person. */
export interface UserPattern {
  readonly read: ReadLine;
  /** Names of its fields, in order. */
  readonly fields: readonly string[];
  /** How far into the last line that did not fit reading came, and at which character of the pattern it stopped. */
  readonly stopped: { at: number; column: number };
}

/** Bytes that may be looked at in a line of `n` bytes: 64 times the line and a little more. */
const LOOKS = 64;

/**
 * Compiles a pattern. Reading is linear: a group of open length takes the
 * first place (GREEDY: the last) at which the elements up to the next such
 * group fit, and never goes back behind it. A line on which that would take
 * more than 64 looks at each byte counts as one that does not fit.
 */
export function compileUserPattern(text: string): Result<UserPattern, PatternError> {
  const parsed = parseUserPattern(text);
  if (!parsed.ok) return parsed;
  const matcher = new Matcher(parsed.value);
  const fields = parsed.value.flatMap((e) =>
    e.kind === "group" && e.field !== "" ? [e.field] : [],
  );
  return {
    ok: true,
    value: { read: headReader(parsed.value, matcher), fields, stopped: matcher.stopped },
  };
}

class Matcher {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly stopped = { at: 0, column: 1 };
  /** Instant of the group `ts`. */
  micros = NaN;
  #looks = 0;

  constructor(readonly elements: readonly Element[]) {
    this.starts = new Int32Array(elements.length);
    this.ends = new Int32Array(elements.length);
  }

  /** Whether the whole line fits; ranges by element are then in `starts` and `ends`. */
  match(bytes: Uint8Array, start: number, end: number, clock: Clock): boolean {
    this.#looks = LOOKS * (end - start + 64);
    this.stopped.at = start;
    this.stopped.column = this.elements[0]?.column ?? 1;
    this.micros = NaN;
    const { elements } = this;
    let at = this.#fixed(0, bytes, start, end, clock);
    if (at < 0) return false;
    let next = this.#segment(0);
    while (next < elements.length) {
      at = this.#flexible(next, bytes, at, end, clock);
      if (at < 0) return false;
      next = this.#segment(next + 1);
    }
    return skipBlanks(bytes, at, end) === end || this.#stop(end, at, elements.length - 1);
  }

  /** Index of the first element of open length from `from` on. */
  #segment(from: number): number {
    let i = from;
    while (i < this.elements.length && !isFlexible(this.elements[i])) i++;
    return i;
  }

  /** Place after a group of open length and the elements up to the next one, or -1. */
  #flexible(index: number, bytes: Uint8Array, at: number, end: number, clock: Clock): number {
    const element = this.elements[index];
    if (element?.kind !== "group") return -1;
    let limit = end;
    if (element.type === "NOTSPACE") {
      limit = at;
      while (limit < end && !endsWord(bytes[limit] ?? 0)) limit++;
      if (limit === at) return this.#no(at, index);
    }
    const last = this.#segment(index + 1) === this.elements.length;
    const step = element.type === "DATA" ? 1 : -1;
    const first = element.type === "NOTSPACE" ? at + 1 : at;
    for (let to = step > 0 ? first : limit; to >= first && to <= limit; to += step) {
      if (this.#looks-- <= 0) return this.#no(to, index);
      const after = this.#fixed(index + 1, bytes, to, end, clock);
      if (after < 0) continue;
      // The last elements have to reach the end of the line.
      if (last && skipBlanks(bytes, after, end) < end) continue;
      this.starts[index] = at;
      this.ends[index] = to;
      return after;
    }
    return -1;
  }

  /** Place after the elements of closed length from `index` on, or -1. */
  #fixed(index: number, bytes: Uint8Array, start: number, end: number, clock: Clock): number {
    let at = start;
    for (let i = index; i < this.elements.length; i++) {
      const element = this.elements[i];
      if (element === undefined || isFlexible(element)) break;
      const to = this.#element(element, i, bytes, at, end, clock);
      this.#looks -= Math.max(1, to - at);
      if (to < 0) return this.#no(at, i);
      this.starts[i] = at;
      this.ends[i] = to;
      at = to;
    }
    return at;
  }

  #element(
    element: Element,
    index: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    clock: Clock,
  ): number {
    if (element.kind === "blank") {
      const to = skipBlanks(bytes, at, end);
      // At the end of the line a blank may be missing: writers trim it.
      return to > at || at === end ? to : -1;
    }
    if (element.kind === "literal") {
      for (let i = 0; i < element.bytes.length; i++)
        if (at + i >= end || bytes[at + i] !== element.bytes[i]) return -1;
      return at + element.bytes.length;
    }
    if (element.type !== "TIMESTAMP") {
      const to = groupEnd(element.type, bytes, at, end);
      if (to < 0 || element.type !== "LEVEL") return to;
      return levelAt(bytes, at, to) === null ? -1 : to;
    }
    for (const read of element.times) {
      const { month, year, turns } = clock;
      const to = read(bytes, at, end, clock);
      if (to > at) {
        if (element.field === "ts") this.micros = clock.micros;
        return to;
      }
      clock.month = month;
      clock.year = year;
      clock.turns = turns;
    }
    return index < 0 ? index : -1;
  }

  #no(at: number, index: number): -1 {
    if (at >= this.stopped.at) {
      this.stopped.at = at;
      this.stopped.column = this.elements[index]?.column ?? 1;
    }
    return -1;
  }

  #stop(end: number, at: number, index: number): boolean {
    this.#no(Math.min(at, end), index);
    return false;
  }
}

function levelAt(bytes: Uint8Array, from: number, to: number): ReturnType<typeof levelOfLetter> {
  return to - from === 1 ? levelOfLetter(bytes[from] ?? 0) : levelOfBytes(bytes, from, to);
}

/** Puts the groups of a line that fits where they belong. */
function headReader(elements: readonly Element[], matcher: Matcher): ReadLine {
  const groups = elements.flatMap((element, index) => {
    if (element.kind !== "group" || element.field === "" || element.field === "ts") return [];
    const numeric = element.type === "INT" || element.type === "NUMBER";
    return [
      { index, type: element.type, field: element.field, name: fieldName(element.field), numeric },
    ];
  });
  const dated = elements.some((e) => e.kind === "group" && e.field === "ts");
  return (bytes, start, end, clock, head) => {
    if (!matcher.match(bytes, start, end, clock)) return false;
    wholeLine(bytes, start, end, NaN, head);
    if (dated) head.micros = matcher.micros;
    let said = false;
    for (const group of groups) {
      const quoted = group.type === "QUOTED" ? 1 : 0;
      const from = (matcher.starts[group.index] ?? 0) + quoted;
      const to = (matcher.ends[group.index] ?? 0) - quoted;
      said = placeGroup(group.field, bytes, from, to, head) || said;
      if (!isColumn(group.field, bytes, from, to))
        head.fields.add(group.name, bytes, from, to, group.numeric && isPlainNumber(bytes, from));
    }
    if (!said) head.level = findLevel(bytes, head.messageStart, head.messageEnd);
    return true;
  };
}

function isPlainNumber(bytes: Uint8Array, from: number): boolean {
  return bytes[from] !== 0x2b && !(bytes[from] === 0x2d && bytes[from + 1] === 0x30);
}

function isColumn(field: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (field === "level") return levelAt(bytes, from, to) !== null;
  return field === "service" || field === "host" || field === "message";
}

/** Sets the column of a field; true when it was a level. */
function placeGroup(
  field: string,
  bytes: Uint8Array,
  from: number,
  to: number,
  head: RecordHead,
): boolean {
  if (field === "service") {
    head.serviceStart = from;
    head.serviceEnd = to;
  } else if (field === "host") {
    head.hostStart = from;
    head.hostEnd = to;
  } else if (field === "message") {
    head.messageStart = from;
    head.messageEnd = to;
  } else if (field === "level") {
    head.level = levelAt(bytes, from, to);
    return head.level !== null;
  }
  return false;
}

/** What a pattern makes of a sample. */
export interface PatternTest {
  /** Lines that fit. */
  readonly matched: number;
  readonly total: number;
  /** Lines that do not: where reading stopped in the line and in the pattern, both 1-based. */
  readonly failed: readonly {
    readonly line: number;
    readonly text: string;
    readonly stoppedAt: number;
    readonly patternColumn: number;
  }[];
  /** Rows of the lines that fit; times in ISO, `fields` as JSON. */
  readonly rows: readonly {
    readonly line: number;
    readonly ts: string | null;
    readonly level: string | null;
    readonly service: string | null;
    readonly host: string | null;
    readonly message: string;
    readonly fields: string | null;
  }[];
}

const TEST_LINES = 1000;
const encoder = new TextEncoder();

/** Tries a pattern on the first 1,000 lines that are not blank. Times without a zone are shown as UTC, without a year as of `year`. */
export function testPattern(
  pattern: string,
  lines: readonly string[],
  year = new Date().getUTCFullYear(),
): Result<PatternTest, PatternError> {
  const compiled = compileUserPattern(pattern);
  if (!compiled.ok) return compiled;
  const { read, stopped } = compiled.value;
  const clock = createClock(year);
  const head = newHead();
  const failed: PatternTest["failed"][number][] = [];
  const rows: PatternTest["rows"][number][] = [];
  let total = 0;
  for (let i = 0; i < lines.length && total < TEST_LINES; i++) {
    const text = lines[i] ?? "";
    if (text.trim() === "") continue;
    total++;
    const bytes = encoder.encode(text);
    if (!read(bytes, 0, bytes.length, clock, head)) {
      const before = textOf(bytes, 0, stopped.at).length;
      failed.push({ line: i + 1, text, stoppedAt: before + 1, patternColumn: stopped.column });
      continue;
    }
    const range = (from: number, to: number): string | null =>
      from < 0 ? null : textOf(bytes, from, to);
    rows.push({
      line: i + 1,
      ts: Number.isNaN(head.micros) ? null : new Date(head.micros / 1000).toISOString(),
      level: head.level,
      service: range(head.serviceStart, head.serviceEnd),
      host: range(head.hostStart, head.hostEnd),
      message: textOf(bytes, head.messageStart, head.messageEnd),
      fields: head.fields.length === 0 ? null : textOf(head.fields.bytes, 0, head.fields.length),
    });
  }
  return { ok: true, value: { matched: rows.length, total, failed, rows } };
}
