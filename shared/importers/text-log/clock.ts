import { digits, isDigit, number } from "./bytes.ts";
import { zoneAt } from "./zones.ts";

/**
 * The instant that a reader of `clocks.ts` found, and what it needs to know
 * from the lines before.
 */
export interface Clock {
  /** µs UTC, or NaN where the line has no date. */
  micros: number;
  /** Year for times that carry none; goes up when December is followed by January. */
  year: number;
  /** Month of the previous time without a year, 1 to 12, or 0. */
  month: number;
  /** Times read since the start whose line named its zone. */
  zoned: number;
  /** Times read since the start that carried no year. */
  yearless: number;
  /** How often the year went up. */
  turns: number;
  /** Midnight (local µs) of times of day without a date, or NaN. */
  day: number;
  /** How often that went on by a day. */
  days: number;
  /** The previous time of day, µs. */
  timeOfDay: number;
  /** Times read since the start that carried no date. */
  dateless: number;
  /** Dates such as `1/3/2026` read since the start whose day and month could be swapped. */
  ambiguous: number;
  /** Dates of that kind that can only be read one way: day first, month first. */
  dayFirstOnly: number;
  monthFirstOnly: number;
  /** Local µs to UTC µs for times that carry no zone. */
  readonly toUtc: (local: number) => number;
  /** Whether `1/3/2026` is the first of March. */
  dayFirst: boolean;
}

export function createClock(
  year: number,
  toUtc: (local: number) => number = (local) => local,
): Clock {
  return {
    micros: NaN,
    year,
    month: 0,
    zoned: 0,
    yearless: 0,
    turns: 0,
    day: NaN,
    days: 0,
    timeOfDay: 0,
    dateless: 0,
    ambiguous: 0,
    dayFirstOnly: 0,
    monthFirstOnly: 0,
    toUtc,
    dayFirst: false,
  };
}

const DAY_MICROS = 86_400_000_000;

/** Days from 1970-01-01 to a civil date (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

let cachedDate = -1;
let cachedDays = 0;

export function dateMicros(year: number, month: number, day: number): number {
  const key = (year * 16 + month) * 32 + day;
  if (key !== cachedDate) {
    cachedDate = key;
    cachedDays = daysFromCivil(year, month, day) * DAY_MICROS;
  }
  return cachedDays;
}

export function isDate(year: number, month: number, day: number): boolean {
  return (
    year >= 1900 &&
    year < 2300 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31 &&
    (day <= 28 || day <= daysInMonth(year, month))
  );
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Where the time of day read last ended, or -1; one object, so that a line costs no allocation. */
export const cursor = { end: -1 };

/** Reads `HH:MM:SS` with an optional fraction after `.`, `,` or `:`; other separators by `sep`. */
export function timeOfDay(bytes: Uint8Array, at: number, end: number, sep = 0x3a): number {
  cursor.end = -1;
  if (at + 8 > end || bytes[at + 2] !== sep || bytes[at + 5] !== sep) return NaN;
  const hour = digits(bytes, at, 2);
  const minute = digits(bytes, at + 3, 2);
  const second = digits(bytes, at + 6, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return NaN;
  return fraction(bytes, at + 8, end) + ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1e6;
}

/** Fraction of a second in µs (further digits are cut); sets `cursor`. */
export function fraction(bytes: Uint8Array, at: number, end: number): number {
  cursor.end = at;
  const mark = bytes[at] ?? 0;
  if (
    at + 1 >= end ||
    (mark !== 0x2e && mark !== 0x2c && mark !== 0x3a) ||
    !isDigit(bytes[at + 1] ?? 0)
  )
    return 0;
  let micros = 0;
  let scale = 100_000;
  let i = at + 1;
  for (; i < end && isDigit(bytes[i] ?? 0); i++) {
    micros += ((bytes[i] ?? 0) - 0x30) * scale;
    scale = scale > 1 ? scale / 10 : 0;
  }
  // `12:30:15:7 ` is no fraction but a field (`10:22:40:DEBUG` is handled above).
  if (mark === 0x3a && i - at - 1 !== 3) return 0;
  cursor.end = i;
  return micros;
}

/** Turns a local time into the clock's instant, reading a zone where one follows. */
export function settle(bytes: Uint8Array, end: number, local: number, clock: Clock): number {
  const at = cursor.end;
  const zone = zoneAt(bytes, at, end);
  if (zone === null) {
    clock.micros = clock.toUtc(local);
    return at;
  }
  clock.zoned++;
  clock.micros = local - zone.offset;
  return zone.end;
}

export function century(year: number): number {
  return year < 70 ? 2000 + year : 1900 + year;
}

export function packedTime(bytes: Uint8Array, at: number, end: number): number {
  cursor.end = -1;
  if (at + 6 > end) return NaN;
  const hour = digits(bytes, at, 2);
  const minute = digits(bytes, at + 2, 2);
  const second = digits(bytes, at + 4, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return NaN;
  return fraction(bytes, at + 6, end) + ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1e6;
}

/** As `timeOfDay`, with one-digit parts allowed (`0:5:9:606`). */
export function looseTime(bytes: Uint8Array, at: number, end: number): number {
  cursor.end = -1;
  let i = at;
  const parts = [0, 0, 0];
  for (let p = 0; p < 3; p++) {
    const from = i;
    while (i < end && i - from < 2 && isDigit(bytes[i] ?? 0)) i++;
    if (i === from) return NaN;
    parts[p] = number(bytes, from, i);
    if (p < 2 && bytes[i++] !== 0x3a) return NaN;
  }
  const [hour = 0, minute = 0, second = 0] = parts;
  if (hour > 23 || minute > 59 || second > 60) return NaN;
  return fraction(bytes, i, end) + ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1e6;
}

const MONTHS = new Map(
  "jan feb mar apr may jun jul aug sep oct nov dec".split(" ").map((name, i) => {
    return [packMonth(name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2)), i + 1] as const;
  }),
);

function packMonth(a: number, b: number, c: number): number {
  return ((a | 0x20) << 16) | ((b | 0x20) << 8) | (c | 0x20);
}

/** Month number of a three-letter English name at `at`, or 0. */
export function monthAt(bytes: Uint8Array, at: number): number {
  return MONTHS.get(packMonth(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0)) ?? 0;
}

/** Date of a time that carries no year: the year turns when the month falls by more than half a year. */
export function yearlessDate(month: number, day: number, clock: Clock): number {
  if (clock.month - month > 6) {
    clock.year++;
    clock.turns++;
  } else if (month - clock.month > 6 && clock.month > 0 && clock.turns > 0) {
    // A late line of December after the turn.
    return isDate(clock.year - 1, month, day) ? dateMicros(clock.year - 1, month, day) : NaN;
  }
  clock.month = month;
  clock.yearless++;
  if (isDate(clock.year, month, day)) return dateMicros(clock.year, month, day);
  return month === 2 && day === 29 ? dateMicros(clock.year, 2, 28) + DAY_MICROS : NaN;
}
