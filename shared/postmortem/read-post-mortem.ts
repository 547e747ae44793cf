import { casual, type ParsedResult } from "chrono-node/en";
import { DAY, HOUR, MINUTE, SECOND } from "../base/time.ts";
import type { Layer } from "../model/role.ts";
import { masked, plain, segmentsOf, sentencesOf, type Segment } from "./text-segments.ts";
import { isAlike, tell, withoutTime } from "./told.ts";

/** Something that does not stand beside the time in the text. */
export interface Assumption {
  readonly what: "year" | "date" | "zone" | "day after" | "time";
  /** Where it comes from, in words. */
  readonly why: string;
}

/** A time of a post-mortem with what it tells of. */
export interface PostMortemEntry {
  /** 1-based line of the time. */
  readonly line: number;
  /** Place of the time in the text, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** The time as it stands there. */
  readonly said: string;
  /** The sentence or list item, without Markdown. */
  readonly quote: string;
  /** µs UTC. */
  readonly at: number;
  readonly to: number | null;
  readonly text: string;
  readonly kind: string;
  readonly layer: Layer;
  /** The word that decided the kind; null where none did. */
  readonly word: string | null;
  readonly assumed: readonly Assumption[];
  /** False for times of publication, and for days whose sentence has no word of an event. */
  readonly isLikely: boolean;
}

export interface PostMortem {
  /** In the order of the text. */
  readonly entries: readonly PostMortemEntry[];
  /** Times that were repeated, with the line of the entry that stands for them. */
  readonly repeated: readonly {
    readonly line: number;
    readonly said: string;
    readonly of: number;
  }[];
  /** Whether some time took its day, or its zone, from the options. */
  readonly needs: { readonly date: boolean; readonly zone: boolean };
}

export interface PostMortemOptions {
  /** The day to take where the text names none: any µs UTC in it. */
  readonly reference: number;
  /** Minutes east of UTC to take where the text names no zone. */
  readonly zoneMinutes: number;
}

/** What was read so far and holds for what follows. */
interface Reading {
  readonly text: string;
  readonly options: PostMortemOptions;
  /** µs UTC of the last date or time. */
  last: number | null;
  /** µs UTC of a date of publication: it gives the year at most. */
  published: number | null;
  /** Line that named the date; null where none did. */
  dateLine: number | null;
  zone: number | null;
  zoneLine: number | null;
  /** The last time of a list, to see a day end. */
  lastListed: number | null;
}

/** "All times are in UTC", "(times in PST)": for the whole text, wherever it stands. */
const ZONE_OF_ALL =
  /\b[Tt]imes?(?: (?:below|are|listed|given|shown|here|in this \w+))*(?: in)?:? \(?([A-Z]{2,5}(?:[+-]\d{1,2})?)\b/u;
const PUBLISHED =
  /\b(?:published|posted|last (?:updated|modified|edited)|updated on|copyright|©|written by|author|(?:after|source:?) (?:the|their|its|our) (?:public |published |official )?(?:report|article|post|post-?mortem))\b/iu;
const DURATION =
  /\bfor (?:about |approximately |around |nearly |roughly |~ ?)?(\d+(?:\.\d+)?|an?|two|three) ?(seconds?|secs?|minutes?|mins?|hours?|hrs?|days?)\b/iu;
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^s/iu, SECOND],
  [/^m/iu, MINUTE],
  [/^h/iu, HOUR],
  [/^d/iu, DAY],
];
/** A length of time, which chrono takes for a time in the future. */
const IS_LENGTH = /^(?:for|within|in|over|after|every|last|past|during)\b/iu;
/** Between the two times of a range. */
const JOINS = /^\s*(?:and|to|until|till|through|–|—|-|→)\s*$/iu;
const NEXT_DAY = /\b(?:next|following) (?:day|morning|afternoon|evening|night)?[\s,]*(?:at\s*)?$/iu;
/** A time of a list that lies this far before the one above it is of the next day. */
const DAY_TURN = 6 * HOUR;

/**
 * Reads the times of a public post-mortem, text or Markdown, in English, with what
 * happened then. A date, or a zone, that was named once holds for the bare times
 * that follow; what does not stand beside a time is in its `assumed`, never silent.
 * Every time that chrono-node finds ends in an entry or in `repeated`; a day by itself
 * does where a sentence tells of it. Code blocks, addresses, versions, ratios and
 * lengths of time are no times.
 */
export function readPostMortem(text: string, options: PostMortemOptions): PostMortem {
  const named = ZONE_OF_ALL.exec(text);
  const reading: Reading = {
    ...{ text, options, last: null, published: null, dateLine: null, lastListed: null },
    zone: named === null ? null : zoneMinutes(named[1] ?? ""),
    zoneLine: named === null ? null : lineOf(text, named.index),
  };
  const whole = masked(text);
  const entries: PostMortemEntry[] = [];
  const repeated: { line: number; said: string; of: number }[] = [];
  for (const segment of segmentsOf(text).flatMap((s) => parted(s, text, whole))) {
    for (const entry of readSegment(segment, reading)) {
      const same = entries.find((e) => e.at === entry.at && isAlike(e.text, entry.text));
      if (same === undefined) entries.push(entry);
      else repeated.push({ line: entry.line, said: entry.said, of: same.line });
    }
  }
  const lacks = (what: Assumption["what"]) =>
    entries.some((e) => e.assumed.some((a) => a.what === what && a.why === NOWHERE[what]));
  return {
    ...{ entries, repeated },
    needs: { date: lacks("date") || lacks("year"), zone: lacks("zone") },
  };
}

const NOWHERE: Readonly<Record<Assumption["what"], string>> = {
  year: "the text names none",
  date: "the text names none before it",
  zone: "the text names none",
  "day after": "",
  time: "",
};

/** A list item with several times is read sentence by sentence. */
function parted(segment: Segment, text: string, whole: string): Segment[] {
  if (segment.kind !== "item" || foundIn(segment.text).length < 3) return [segment];
  const parts = sentencesOf(text, whole, segment.start, segment.end);
  return parts.length < 2 ? [segment] : parts;
}

/** Times and dates in a text; of their values only what stands in it is to be used. */
function foundIn(text: string): ParsedResult[] {
  return casual.parse(text).filter((r) => !IS_LENGTH.test(r.text) && (hasTime(r) || hasDate(r)));
}

function readSegment(segment: Segment, reading: Reading): PostMortemEntry[] {
  const results = foundIn(segment.text);
  const entries: PostMortemEntry[] = [];
  for (let k = 0; k < results.length; k++) {
    const result = results[k];
    if (result === undefined) continue;
    const next = results[k + 1];
    const between = next === undefined ? "" : segment.text.slice(endOf(result), next.index);
    if (!hasTime(result)) {
      // "On 12 March, between 14:03 and 15:47": the day of the time beside it.
      const isOfNext = next !== undefined && hasTime(next) && !hasDate(next);
      const entry = dateOnly(segment, result, reading);
      if (entry !== null && !isOfNext) entries.push(entry);
      continue;
    }
    const isRange = next !== undefined && hasTime(next) && JOINS.test(between);
    entries.push(timed(segment, result, isRange ? next : null, reading));
    if (isRange) k++;
  }
  return entries;
}

/** A time read again with what is known at its place. */
function resolved(result: ParsedResult, reading: Reading): ParsedResult {
  const { last, published, zone, options } = reading;
  const [again] = casual.parse(result.text, {
    instant: new Date((last ?? published ?? options.reference) / 1000),
    timezone: zone ?? options.zoneMinutes,
  });
  return again ?? result;
}

/** A date without a time: the day of what follows; an entry where a sentence tells of it. */
function dateOnly(segment: Segment, found: ParsedResult, reading: Reading): PostMortemEntry | null {
  const result = resolved(found, reading);
  const at = result.start.date().getTime() * 1000;
  const place = segment.start + found.index;
  const quote = plain(reading.text.slice(segment.start, segment.end));
  const isPublished = PUBLISHED.test(quote);
  if (isPublished) reading.published ??= at;
  else {
    const years = yearAssumed(result, reading);
    reading.last = at;
    reading.dateLine = lineOf(reading.text, place);
    reading.lastListed = null;
    const rest = withoutTime(quote, plain(found.text));
    // A heading or a line of its own names the day and nothing else.
    if (segment.kind !== "heading" && wordCount(rest) >= 3) {
      const entry = entryOf(segment, found, endOf(found), reading, dayStart(at, reading), null, [
        ...years,
        { what: "time", why: "the text names the day only" },
      ]);
      return { ...entry, isLikely: entry.word !== null };
    }
  }
  return null;
}

function timed(
  segment: Segment,
  found: ParsedResult,
  second: ParsedResult | null,
  reading: Reading,
): PostMortemEntry {
  const assumed: Assumption[] = [];
  const line = lineOf(reading.text, segment.start + found.index);
  // The zone behind a range is that of both its times.
  const zoned = [found, second].find((r) => r?.start.isCertain("timezoneOffset") === true);
  if (zoned !== undefined && zoned !== null && reading.zone === null) {
    reading.zone = resolved(zoned, reading).start.get("timezoneOffset");
    reading.zoneLine = line;
  } else if (zoned === undefined || zoned === null) {
    assumed.push({
      what: "zone",
      why: reading.zoneLine === null ? NOWHERE.zone : `taken from line ${String(reading.zoneLine)}`,
    });
  }
  const own = zoned === undefined || zoned === null ? reading : zonedReading(zoned, reading);
  const result = resolved(found, own);
  let at = result.start.date().getTime() * 1000;
  if (hasDate(found)) {
    assumed.push(...yearAssumed(result, reading));
    reading.dateLine = line;
  } else if (!isRelative(found)) {
    const before = segment.text.slice(0, found.index);
    if (NEXT_DAY.test(before) || /^(?:next|following)\b/iu.test(found.text)) at += DAY;
    else if (reading.dateLine === null) assumed.push({ what: "date", why: NOWHERE.date });
    else if (reading.dateLine !== line)
      assumed.push({ what: "date", why: `taken from line ${String(reading.dateLine)}` });
    const isListed = segment.kind === "item" && reading.lastListed !== null;
    if (isListed && at < (reading.lastListed ?? 0) - DAY_TURN) {
      at += DAY;
      assumed.push({ what: "day after", why: "the time above it is later in the day" });
    }
  }
  reading.last = at;
  if (segment.kind === "item") reading.lastListed = at;
  const quote = plain(reading.text.slice(segment.start, segment.end));
  const to = endTime(result, second, at, own) ?? durationEnd(quote, at);
  return entryOf(segment, found, endOf(second ?? found), reading, at, to, assumed);
}

/** What is known at a time that names its own zone. */
function zonedReading(zoned: ParsedResult, reading: Reading): Reading {
  return { ...reading, zone: resolved(zoned, reading).start.get("timezoneOffset") };
}

function endTime(
  result: ParsedResult,
  second: ParsedResult | null,
  at: number,
  reading: Reading,
): number | null {
  const parts =
    second === null ? (result.end ?? null) : resolved(second, { ...reading, last: at }).start;
  if (parts === null) return null;
  let to = parts.date().getTime() * 1000;
  while (to < at) to += DAY;
  return to > at ? to : null;
}

function durationEnd(quote: string, at: number): number | null {
  const match = DURATION.exec(quote);
  if (match === null) return null;
  const [, amount = "", unit = ""] = match;
  const words: Readonly<Record<string, number>> = { a: 1, an: 1, two: 2, three: 3 };
  const size = UNITS.find(([pattern]) => pattern.test(unit))?.[1] ?? MINUTE;
  return at + Math.round((words[amount.toLowerCase()] ?? Number(amount)) * size);
}

function entryOf(
  segment: Segment,
  found: ParsedResult,
  foundEnd: number,
  reading: Reading,
  at: number,
  to: number | null,
  assumed: readonly Assumption[],
): PostMortemEntry {
  const start = segment.start + found.index;
  const end = segment.start + foundEnd;
  const said = plain(reading.text.slice(start, end));
  const quote = plain(reading.text.slice(segment.start, segment.end));
  const rest = withoutTime(quote, said);
  return {
    // Of a list item or table row what stands beside the time, of prose the sentence.
    ...tell(segment.kind === "item" && rest !== "" ? rest : quote),
    ...{ line: lineOf(reading.text, start), start, end, said, quote, at, to, assumed },
    isLikely: !PUBLISHED.test(quote),
  };
}

function yearAssumed(result: ParsedResult, reading: Reading): Assumption[] {
  if (result.start.isCertain("year") || result.start.isCertain("weekday")) return [];
  if (isRelative(result)) return [];
  if (reading.last !== null) return [];
  return [
    {
      what: "year",
      why: reading.published === null ? NOWHERE.year : "taken from the date of publication",
    },
  ];
}

/** Begin of the day in the zone that holds. */
function dayStart(at: number, { zone, options }: Reading): number {
  const shift = (zone ?? options.zoneMinutes) * MINUTE;
  return Math.floor((at + shift) / DAY) * DAY - shift;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function wordCount(text: string): number {
  return text.split(/\s+/u).filter((w) => /\p{L}/u.test(w)).length;
}

/** Without a bracket that was opened before the time. */
function endOf({ index, text }: ParsedResult): number {
  return index + (text.includes("(") ? text : text.replace(/\)+$/u, "")).length;
}

function hasTime(result: ParsedResult): boolean {
  return result.start.isCertain("hour");
}

function hasDate({ start }: ParsedResult): boolean {
  return (start.isCertain("day") && start.isCertain("month")) || start.isCertain("weekday");
}

/** "Twenty minutes later": counted from the time before it. */
function isRelative(result: ParsedResult): boolean {
  return /\b(?:later|afterwards?|ago|earlier|before)\b/iu.test(result.text);
}

/** Minutes east of UTC of an abbreviation; null where chrono does not know it. */
function zoneMinutes(name: string): number | null {
  const [result] = casual.parse(`12:00 ${name}`, new Date(0));
  return result?.start.isCertain("timezoneOffset") === true
    ? result.start.get("timezoneOffset")
    : null;
}
