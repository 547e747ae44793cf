import { isAlpha, isBlank, isDigit, skipBlanks } from "./bytes.ts";
import type { Clock } from "./clock.ts";
import type { ReadTime } from "./clocks.ts";
import { levelOfBytes, levelOfLetter, type Level } from "./levels.ts";

const enum Op {
  Time,
  Blank,
  Message,
  Byte,
  Maybe,
  Field,
}

const enum Kind {
  Token,
  In,
  Any,
  Quoted,
  Num,
  Dec,
  Level,
  Letter,
  Words,
  Sd,
}

/**
 * Line patterns, written the way loggers' own are:
 * `{time} [{thread:in}] {level} {logger} - {message}`.
 *
 * | written | means |
 * | --- | --- |
 * | a blank | one or more blanks or tabs |
 * | `{name}` | text without blanks up to what follows in the pattern |
 * | `{name:in}` | text up to the closing bracket that follows, brackets inside counted |
 * | `{name:any}` | text, blanks allowed, up to what follows |
 * | `{name:quoted}` | text up to the next `"` that has no backslash before it |
 * | `{name:num}` | digits |
 * | `{name:dec}` | digits with or without a decimal point |
 * | `{name:sd}` | structured data of RFC 5424 |
 * | `{name:a\|b}` | one of these words |
 * | `{level}` | a word that means a level; `{level:letter}` one letter of it |
 * | `{time}` | the layout's time |
 * | `{message}` | the rest of the line |
 * | `(…)?` | may be missing |
 * | `\x` | the character itself |
 */
type Step =
  | { readonly op: Op.Time | Op.Blank | Op.Message }
  | { readonly op: Op.Byte; readonly byte: number }
  /** The group and all that follows it; the steps after this one go on without the group. */
  | {
      readonly op: Op.Maybe;
      readonly steps: readonly Step[];
      /** Slots that these fill: a group that did not fit leaves nothing behind. */
      readonly slots: readonly number[];
    }
  | {
      readonly op: Op.Field;
      readonly slot: number;
      readonly kind: Kind;
      /** What may follow: one or two bytes each. */
      readonly stops: readonly Stop[];
      readonly words: readonly Uint8Array[];
    };

/** A byte and the one after it; `BLANK` for a blank, `ANY` for anything (the end of the line too). */
interface Stop {
  readonly first: number;
  readonly second: number;
}
const BLANK = -1;
const ANY = -2;

/** What a line's beginning held: byte ranges by slot, start -1 where missing. */
export interface Match {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  level: Level | null;
  messageStart: number;
  messageEnd: number;
  /** The time was read: the line begins a record, even if the rest did not fit. */
  timed: boolean;
  timeEnd: number;
}

export interface Pattern {
  /** Names of the slots, `message`, `level` and `time` left out. */
  readonly names: readonly string[];
  /** Whether the slot holds digits only. */
  readonly numeric: readonly boolean[];
  /** Fills `match`; false when the line does not fit (then look at `match.timed`). */
  read(bytes: Uint8Array, start: number, end: number, clock: Clock, match: Match): boolean;
  newMatch(): Match;
}

const encoder = new TextEncoder();

export function compilePattern(text: string, readTime: ReadTime): Pattern {
  const names: string[] = [];
  const numeric: boolean[] = [];
  const steps = parse(text, names, numeric);
  return {
    names,
    numeric,
    newMatch: () => ({
      starts: new Int32Array(names.length),
      ends: new Int32Array(names.length),
      level: null,
      messageStart: 0,
      messageEnd: 0,
      timed: false,
      timeEnd: 0,
    }),
    read(bytes, start, end, clock, match) {
      match.level = null;
      match.timed = false;
      match.messageStart = end;
      match.messageEnd = end;
      match.starts.fill(-1);
      return run(steps, bytes, start, end, clock, match, readTime) >= 0;
    },
  };
}

/** Place after the steps, or -1. */
function run(
  steps: readonly Step[],
  bytes: Uint8Array,
  start: number,
  end: number,
  clock: Clock,
  match: Match,
  readTime: ReadTime,
): number {
  let at = start;
  for (let s = 0; s < steps.length; s++) {
    const step = steps[s];
    if (step === undefined) break;
    switch (step.op) {
      case Op.Byte:
        if (at >= end || bytes[at] !== step.byte) return -1;
        at++;
        break;
      case Op.Blank: {
        const next = skipBlanks(bytes, at, end);
        if (next === at && at < end) return -1;
        at = next;
        break;
      }
      case Op.Time:
        at = readTime(bytes, at, end, clock);
        if (at < 0) return -1;
        match.timed = true;
        match.timeEnd = at;
        break;
      case Op.Message:
        match.messageStart = at;
        match.messageEnd = end;
        at = end;
        break;
      case Op.Maybe: {
        const { level } = match;
        const next = run(step.steps, bytes, at, end, clock, match, readTime);
        if (next >= 0) return next;
        for (let i = 0; i < step.slots.length; i++) match.starts[step.slots[i] ?? 0] = -1;
        match.level = level;
        break;
      }
      case Op.Field:
        at = readField(step, bytes, at, end, match);
        if (at < 0) return -1;
        break;
    }
  }
  return at;
}

/** The slots that steps fill. */
function slotsOf(steps: readonly Step[]): number[] {
  const slots = steps.flatMap((step) =>
    step.op === Op.Maybe ? step.slots : step.op === Op.Field && step.slot >= 0 ? [step.slot] : [],
  );
  return [...new Set(slots)];
}

/** Slot numbers of fields that have a place of their own in a record. */
const LEVEL_SLOT = -1;
const MESSAGE_SLOT = -2;

function readField(
  step: Step & { op: Op.Field },
  bytes: Uint8Array,
  at: number,
  end: number,
  match: Match,
): number {
  let to: number;
  switch (step.kind) {
    case Kind.Token:
      to = stopAt(step.stops, bytes, at, end, false);
      break;
    case Kind.In:
      to = closingBracket(bytes, at, end, step.stops[0]?.first ?? ANY);
      break;
    case Kind.Any:
      to = stopAt(step.stops, bytes, at, end, true);
      break;
    case Kind.Quoted:
      to = quoteEnd(bytes, at, end);
      break;
    case Kind.Num:
      to = at;
      while (to < end && isDigit(bytes[to] ?? 0)) to++;
      break;
    case Kind.Dec:
      to = decimalEnd(bytes, at, end);
      break;
    case Kind.Letter:
      match.level = at < end ? levelOfLetter(bytes[at] ?? 0) : null;
      return match.level === null ? -1 : at + 1;
    case Kind.Level: {
      to = at;
      while (to < end && (isAlpha(bytes[to] ?? 0) || isDigit(bytes[to] ?? 0))) to++;
      match.level = levelOfBytes(bytes, at, to);
      return match.level === null ? -1 : to;
    }
    case Kind.Sd:
      to = structuredEnd(bytes, at, end);
      break;
    case Kind.Words:
      to = wordEnd(bytes, at, end, step.words);
      break;
  }
  if (
    to < 0 ||
    (to === at && step.kind !== Kind.In && step.kind !== Kind.Quoted && step.kind !== Kind.Any)
  )
    return -1;
  if (step.slot === MESSAGE_SLOT) {
    match.messageStart = at;
    match.messageEnd = to;
  } else if (step.slot >= 0) {
    match.starts[step.slot] = at;
    match.ends[step.slot] = to;
  }
  return to;
}

/** Where a text ends that one of `stops` follows, or -1; without `blanks` a blank ends it in any case. */
function stopAt(
  stops: readonly Stop[],
  bytes: Uint8Array,
  at: number,
  end: number,
  blanks: boolean,
): number {
  for (let i = at; i < end; i++) {
    const byte = bytes[i] ?? 0;
    for (let s = 0; s < stops.length; s++) {
      const stop = stops[s];
      if (stop === undefined) break;
      if (stop.first === byte || (stop.first === BLANK && isBlank(byte))) {
        const next = stop.first === BLANK ? skipBlanks(bytes, i, end) : i + 1;
        if (i > at && follows(bytes, next, end, stop.second)) return i;
      }
    }
    if (!blanks && isBlank(byte)) return stops.some((stop) => stop.first === ANY) ? i : -1;
  }
  return stops.some((stop) => stop.first < 0) ? end : -1;
}

function follows(bytes: Uint8Array, at: number, end: number, wanted: number): boolean {
  if (wanted === ANY) return true;
  if (wanted === BLANK) return at >= end || isBlank(bytes[at] ?? 0);
  return at < end && bytes[at] === wanted;
}

const OPENING: Record<number, number> = { 0x5d: 0x5b, 0x29: 0x28, 0x7d: 0x7b, 0x3e: 0x3c };

function closingBracket(bytes: Uint8Array, at: number, end: number, close: number): number {
  const open = OPENING[close] ?? 0;
  let depth = 0;
  for (let i = at; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === open) depth++;
    else if (byte === close && depth-- === 0) return i;
  }
  return -1;
}

/** `-`, or elements in brackets one after the other (RFC 5424, section 6.3). */
function structuredEnd(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] === 0x2d) return at + 1;
  let i = at;
  while (i < end && bytes[i] === 0x5b) {
    // A bracket in a value has a backslash before it.
    while (i < end && bytes[i] !== 0x5d) i += bytes[i] === 0x5c ? 2 : 1;
    if (i++ >= end) return -1;
  }
  return i > at ? i : -1;
}

/** `12`, `0.003`, followed by a blank or the end. */
function decimalEnd(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && isDigit(bytes[i] ?? 0)) i++;
  if (i > at && bytes[i] === 0x2e && isDigit(bytes[i + 1] ?? 0)) {
    i++;
    while (i < end && isDigit(bytes[i] ?? 0)) i++;
  }
  return i > at && (i >= end || isBlank(bytes[i] ?? 0)) ? i : -1;
}

function quoteEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    if (bytes[i] === 0x5c) i++;
    else if (bytes[i] === 0x22) return i;
  }
  return -1;
}

function wordEnd(bytes: Uint8Array, at: number, end: number, words: readonly Uint8Array[]): number {
  for (const word of words) {
    if (at + word.length <= end && word.every((byte, i) => bytes[at + i] === byte))
      return at + word.length;
  }
  return -1;
}

/** Reads the pattern's text. Errors in it are bugs in `layouts.ts` and throw. */
function parse(text: string, names: string[], numeric: boolean[]): Step[] {
  const steps: Step[] = [];
  let i = 0;
  while (i < text.length) {
    const char = text.charAt(i);
    if (char === "(") {
      const close = groupEnd(text, i);
      const rest = text.slice(close + 2);
      const group = parse(text.slice(i + 1, close) + rest, names, numeric);
      return [
        ...steps,
        { op: Op.Maybe, steps: group, slots: slotsOf(group) },
        ...parse(rest, names, numeric),
      ];
    } else if (char === "{") {
      const close = text.indexOf("}", i);
      steps.push(field(text.slice(i + 1, close), text.slice(close + 1), names, numeric));
      i = close + 1;
    } else if (char === " ") {
      steps.push({ op: Op.Blank });
      i++;
    } else {
      if (char === "\\") i++;
      steps.push({ op: Op.Byte, byte: text.charCodeAt(i) });
      i++;
    }
  }
  return steps;
}

function groupEnd(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text.charAt(i) === "\\") i++;
    else if (text.charAt(i) === "(") depth++;
    else if (text.charAt(i) === ")" && --depth === 0) return i;
  }
  throw new Error(`no end of the group in ${text}`);
}

const KINDS: Readonly<Record<string, Kind>> = {
  in: Kind.In,
  any: Kind.Any,
  quoted: Kind.Quoted,
  num: Kind.Num,
  dec: Kind.Dec,
  sd: Kind.Sd,
};

function field(spec: string, rest: string, names: string[], numeric: boolean[]): Step {
  const [name = "", kind] = spec.split(":");
  if (spec === "time") return { op: Op.Time };
  if (spec === "message") return { op: Op.Message };
  const base = { op: Op.Field, stops: stops(rest), words: [] } as const;
  if (name === "level")
    return { ...base, slot: LEVEL_SLOT, kind: kind === "letter" ? Kind.Letter : Kind.Level };
  let slot = MESSAGE_SLOT;
  if (name !== "message") {
    slot = names.indexOf(name) >= 0 ? names.indexOf(name) : names.push(name) - 1;
    numeric[slot] = kind === "num" || kind === "dec";
  }
  if (kind === undefined) return { ...base, slot, kind: Kind.Token };
  const known = KINDS[kind];
  if (known !== undefined) return { ...base, slot, kind: known };
  const words = kind.split("|").map((word) => encoder.encode(word));
  return { ...base, slot, kind: Kind.Words, words };
}

/** What may follow a field: the beginning of the rest, with and without each group that may be missing. */
function stops(rest: string): Stop[] {
  if (rest.startsWith("(")) {
    const close = groupEnd(rest, 0);
    const after = rest.slice(close + 2);
    return [...stops(rest.slice(1, close) + after), ...stops(after)];
  }
  const codes: number[] = [];
  for (let i = 0; i < rest.length && codes.length < 2; i++) {
    const char = rest.charAt(i);
    if (char === "{" || char === "(") break;
    codes.push(char === " " ? BLANK : rest.charCodeAt(char === "\\" ? ++i : i));
  }
  return [{ first: codes[0] ?? ANY, second: codes[1] ?? ANY }];
}
