import { digits, isDigit, number } from "./bytes.ts";
import {
  century,
  cursor,
  dateMicros,
  fraction,
  isDate,
  looseTime,
  monthAt,
  packedTime,
  settle,
  timeOfDay,
  yearlessDate,
  type Clock,
} from "./clock.ts";
import { DAY, HOUR } from "../../base/time.ts";
import { zoneAt } from "./zones.ts";

/** Place after the time, or -1 when there is none at `at`; the instant is left in the clock. */
export type ReadTime = (bytes: Uint8Array, at: number, end: number, clock: Clock) => number;

/** `2026-03-01T10:00:00.123+02:00`, with `-`, `/` or `.` in the date, `T`, blank, `_` or `:` before the time. */
export function readIso(bytes: Uint8Array, at: number, end: number, clock: Clock): number {
  if (at + 19 > end) return -1;
  const sep = bytes[at + 4] ?? 0;
  if ((sep !== 0x2d && sep !== 0x2f && sep !== 0x2e) || bytes[at + 7] !== sep) return -1;
  const year = digits(bytes, at, 4);
  const month = digits(bytes, at + 5, 2);
  const day = digits(bytes, at + 8, 2);
  if (year < 0 || month < 0 || day < 0 || !isDate(year, month, day)) return -1;
  const between = bytes[at + 10] ?? 0;
  if (
    between !== 0x54 &&
    between !== 0x20 &&
    between !== 0x5f &&
    between !== 0x3a &&
    between !== 0x2d &&
    between !== 0x74
  )
    return -1;
  // BGL writes `2005-06-03-15.42.50.675872`.
  const time = timeOfDay(
    bytes,
    at + 11,
    end,
    between === 0x2d && bytes[at + 13] === 0x2e ? 0x2e : 0x3a,
  );
  if (cursor.end < 0) return -1;
  return settle(bytes, end, dateMicros(year, month, day) + time, clock);
}

/** `20260301T100000Z`, `20260301.100000,123`, `20171223-22:15:29:606`, `20260301 10:00:00`. */
export function readCompact(bytes: Uint8Array, at: number, end: number, clock: Clock): number {
  if (at + 15 > end) return -1;
  const year = digits(bytes, at, 4);
  const month = digits(bytes, at + 4, 2);
  const day = digits(bytes, at + 6, 2);
  if (year < 1970 || month < 0 || day < 0 || !isDate(year, month, day)) return -1;
  const between = bytes[at + 8] ?? 0;
  if (
    between !== 0x54 &&
    between !== 0x20 &&
    between !== 0x2e &&
    between !== 0x2d &&
    between !== 0x5f
  )
    return -1;
  const time =
    bytes[at + 10] === 0x3a || bytes[at + 11] === 0x3a
      ? looseTime(bytes, at + 9, end)
      : packedTime(bytes, at + 9, end);
  if (cursor.end < 0) return -1;
  return settle(bytes, end, dateMicros(year, month, day) + time, clock);
}

/** `081109 203615` (HDFS). */
export function readShortCompact(bytes: Uint8Array, at: number, end: number, clock: Clock): number {
  if (at + 13 > end || bytes[at + 6] !== 0x20) return -1;
  const year = digits(bytes, at, 2);
  const month = digits(bytes, at + 2, 2);
  const day = digits(bytes, at + 4, 2);
  if (year < 0 || month < 0 || day < 0 || !isDate(century(year), month, day)) return -1;
  const time = packedTime(bytes, at + 7, end);
  if (cursor.end < 0 || isDigit(bytes[cursor.end] ?? 0)) return -1;
  return settle(bytes, end, dateMicros(century(year), month, day) + time, clock);
}

/** `17/06/09 20:10:40` (Spark): year, month, day. */
export function readShortDate(bytes: Uint8Array, at: number, end: number, clock: Clock): number {
  if (at + 17 > end || bytes[at + 2] !== 0x2f || bytes[at + 5] !== 0x2f || bytes[at + 8] !== 0x20)
    return -1;
  const year = digits(bytes, at, 2);
  const month = digits(bytes, at + 3, 2);
  const day = digits(bytes, at + 6, 2);
  if (year < 0 || month < 0 || day < 0 || !isDate(century(year), month, day)) return -1;
  const time = timeOfDay(bytes, at + 9, end);
  if (cursor.end < 0) return -1;
  return settle(bytes, end, dateMicros(century(year), month, day) + time, clock);
}

/** `Oct 11 22:14:15`, `Oct  1 22:14:15.123`, with a year before or after the time. */
export function readMonthDay(bytes: Uint8Array, at: number, end: number, clock: Clock): number {
  if (at + 14 > end || bytes[at + 3] !== 0x20) return -1;
  const month = monthAt(bytes, at);
  if (month === 0) return -1;
  let i = at + 4;
  if (bytes[i] === 0x20) i++;
  const from = i;
  while (i - from < 2 && isDigit(bytes[i] ?? 0)) i++;
  const day = i === from ? 0 : number(bytes, from, i);
  if (day < 1 || day > 31 || bytes[i] !== 0x20) return -1;
  i++;
  let year = -1;
  if (bytes[i + 4] === 0x20) {
    year = digits(bytes, i, 4);
    if (year >= 1970) i += 5;
  }
  const time = timeOfDay(bytes, i, end);
  if (cursor.end < 0) return -1;
  if (year < 0 && bytes[cursor.end] === 0x20 && !isDigit(bytes[cursor.end + 5] ?? 0x20)) {
    year = digits(bytes, cursor.end + 1, Math.min(4, end - cursor.end - 1));
    if (year >= 1970 && year < 2200) cursor.end += 5;
    else year = -1;
  }
  if (year >= 0) {
    if (!isDate(year, month, day)) return -1;
    return settle(bytes, end, dateMicros(year, month, day) + time, clock);
  }
  const after = cursor.end;
  const date = yearlessDate(month, day, clock);
  if (Number.isNaN(date)) return -1;
  clock.micros = clock.toUtc(date + time);
  return after;
}

/** `[Sun Dec 04 04:47:44.123456 2005]`, `Wed May 19 08:00:01 EST 2021`: the C library's `ctime`. */
export function readCtime(bytes: Uint8Array, at: number, end: number, clock: Clock): number {
  if (at + 20 > end || bytes[at + 3] !== 0x20 || monthAt(bytes, at + 4) === 0) return -1;
  const month = monthAt(bytes, at + 4);
  let i = at + 8;
  if (bytes[i] === 0x20) i++;
  const from = i;
  while (i - from < 2 && isDigit(bytes[i] ?? 0)) i++;
  const day = i === from ? 0 : number(bytes, from, i);
  const time = timeOfDay(bytes, i + 1, end);
  if (cursor.end < 0) return -1;
  const zone = zoneAt(bytes, cursor.end, end);
  const offset = zone?.offset ?? 0;
  const yearAt = (zone?.end ?? cursor.end) + 1;
  const year = yearAt + 4 <= end ? digits(bytes, yearAt, 4) : -1;
  if (year < 0 || !isDate(year, month, day)) return -1;
  const local = dateMicros(year, month, day) + time;
  if (zone !== null) clock.zoned++;
  clock.micros = zone === null ? clock.toUtc(local) : local - offset;
  return yearAt + 4;
}

/** `17/May/2015:10:05:03 +0000` (web servers), `01-Mar-2026 10:00:00.123` (Tomcat), `01 Mar 2026 10:00:00` (Redis). */
export function readDayMonth(bytes: Uint8Array, at: number, end: number, clock: Clock): number {
  let i = at;
  while (i - at < 2 && isDigit(bytes[i] ?? 0)) i++;
  if (i === at || i + 18 > end) return -1;
  const day = number(bytes, at, i);
  const sep = bytes[i] ?? 0;
  if ((sep !== 0x2f && sep !== 0x2d && sep !== 0x20) || bytes[i + 4] !== sep) return -1;
  const month = monthAt(bytes, i + 1);
  const year = digits(bytes, i + 5, 4);
  const between = bytes[i + 9] ?? 0;
  if (
    month === 0 ||
    year < 0 ||
    !isDate(year, month, day) ||
    (between !== 0x3a && between !== 0x20)
  )
    return -1;
  const time = timeOfDay(bytes, i + 10, end);
  if (cursor.end < 0) return -1;
  return settle(bytes, end, dateMicros(year, month, day) + time, clock);
}

/** `Mar 01, 2026 10:00:00 AM` (java.util.logging). */
export function readMonthDayYear(bytes: Uint8Array, at: number, end: number, clock: Clock): number {
  const month = at + 20 <= end ? monthAt(bytes, at) : 0;
  if (month === 0 || bytes[at + 3] !== 0x20) return -1;
  let i = at + 4;
  while (i - at < 6 && isDigit(bytes[i] ?? 0)) i++;
  if (i === at + 4 || bytes[i] !== 0x2c || bytes[i + 1] !== 0x20) return -1;
  const day = number(bytes, at + 4, i);
  const year = digits(bytes, i + 2, 4);
  i += 6;
  if (bytes[i] === 0x2c) i++;
  const time = looseTime(bytes, i + 1, end);
  if (cursor.end < 0 || !isDate(year, month, day)) return -1;
  return settle(bytes, end, dateMicros(year, month, day) + halfDay(bytes, end, time), clock);
}

/** `03/01/2026 10:00:00 AM` and `1/3/2026, 10:00:00`: month first unless the clock says day first. */
export function readSlashes(bytes: Uint8Array, at: number, end: number, clock: Clock): number {
  let i = at;
  const parts = [0, 0];
  for (let p = 0; p < 2; p++) {
    const from = i;
    while (i - from < 2 && isDigit(bytes[i] ?? 0)) i++;
    if (i === from || (bytes[i] !== 0x2f && bytes[i] !== 0x2e)) return -1;
    parts[p] = number(bytes, from, i++);
  }
  const [first = 0, second = 0] = parts;
  const year = i + 4 <= end ? digits(bytes, i, 4) : -1;
  const dayFirst = clock.dayFirst || bytes[i - 1] === 0x2e || first > 12;
  const [month, day] = dayFirst ? [second, first] : [first, second];
  if (year < 0 || !isDate(year, month, day)) return -1;
  const dotted = bytes[i - 1] === 0x2e;
  i += 4;
  if (bytes[i] === 0x2c) i++;
  if (bytes[i] !== 0x20 && bytes[i] !== 0x3a) return -1;
  const time = looseTime(bytes, i + 1, end);
  if (cursor.end < 0) return -1;
  if (first > 12) clock.dayFirstOnly++;
  else if (second > 12) clock.monthFirstOnly++;
  else if (!dotted && first !== second) clock.ambiguous++;
  return settle(bytes, end, dateMicros(year, month, day) + halfDay(bytes, end, time), clock);
}

/** Applies ` AM` / ` PM` after the time that was read last. */
function halfDay(bytes: Uint8Array, end: number, time: number): number {
  const at = cursor.end + (bytes[cursor.end] === 0x20 ? 1 : 0);
  const half = (bytes[at] ?? 0) | 0x20;
  if (at + 2 > end || ((bytes[at + 1] ?? 0) | 0x20) !== 0x6d || (half !== 0x61 && half !== 0x70))
    return time;
  cursor.end = at + 2;
  const noon = 12 * 3_600_000_000;
  return (time % noon) + (half === 0x70 ? noon : 0);
}

/** `0301 10:00:00.123456` (glog), `03-01 10:00:00.123` (logcat), `03.01 10:00:00`: month and day without a year. */
export function readMonthDayDigits(
  bytes: Uint8Array,
  at: number,
  end: number,
  clock: Clock,
): number {
  const sep = bytes[at + 2] ?? 0;
  const width = isDigit(sep) ? 0 : 1;
  if (width === 1 && sep !== 0x2d && sep !== 0x2e) return -1;
  const timeAt = at + 5 + width;
  if (timeAt + 8 > end || bytes[timeAt - 1] !== 0x20) return -1;
  const month = digits(bytes, at, 2);
  const day = digits(bytes, at + 2 + width, 2);
  if (month < 1 || month > 12 || day < 1 || day > 31) return -1;
  const time = timeOfDay(bytes, timeAt, end);
  if (cursor.end < 0) return -1;
  const after = cursor.end;
  const date = yearlessDate(month, day, clock);
  if (Number.isNaN(date)) return -1;
  clock.micros = clock.toUtc(date + time);
  return after;
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by magnitude (1990 to 2200). */
export function readEpoch(bytes: Uint8Array, at: number, end: number, clock: Clock): number {
  let i = at;
  while (i < end && i - at < 20 && isDigit(bytes[i] ?? 0)) i++;
  const count = i - at;
  if (count < 9 || count > 19) return -1;
  let micros = epochMicros(
    number(bytes, at, Math.min(i, at + 16)) * (count > 16 ? 10 ** (count - 16) : 1),
  );
  if (Number.isNaN(micros)) return -1;
  if (count <= 10) {
    micros += fraction(bytes, i, end);
    i = cursor.end;
  }
  clock.zoned++;
  clock.micros = micros;
  return i;
}

/** µs of a number of seconds, ms, µs or ns since 1970 by magnitude, or NaN outside 1990 to 2200. */
export function epochMicros(value: number): number {
  const scale = value < 1e11 ? 1e6 : value < 1e14 ? 1e3 : value < 1e17 ? 1 : 1e-3;
  const micros = value * scale;
  return micros >= 631_152_000e6 && micros < 7_258_118_400e6 ? Math.round(micros) : NaN;
}

const TAI64_ORIGIN = 2 ** 62;
/** TAI is ahead of UTC by 10 s in 1972 and by 37 s since 2017; multilog's own converters use 10. */
const TAI_AHEAD = 10;

/** `@40000000433225833b6e1a8c`: TAI64N, https://cr.yp.to/libtai/tai64.html */
export function readTai64n(bytes: Uint8Array, at: number, end: number, clock: Clock): number {
  if (bytes[at] !== 0x40 || at + 25 > end) return -1;
  const hex = String.fromCharCode(...bytes.subarray(at + 1, at + 25));
  if (!/^4[0-9a-f]{23}$/.test(hex)) return -1;
  const seconds = Number(BigInt(`0x${hex.slice(0, 16)}`) - BigInt(TAI64_ORIGIN)) - TAI_AHEAD;
  clock.zoned++;
  clock.micros = seconds * 1e6 + Math.floor(parseInt(hex.slice(16), 16) / 1000);
  return at + 25;
}

/**
 * `10:00:00.123`: the day is the clock's, where it knows one, and goes on by
 * one when the times fall by more than an hour.
 */
export function readTimeOfDay(bytes: Uint8Array, at: number, end: number, clock: Clock): number {
  const time = timeOfDay(bytes, at, end);
  if (cursor.end < 0) return -1;
  const after = cursor.end;
  clock.dateless++;
  if (Number.isNaN(clock.day)) {
    clock.micros = NaN;
    return after;
  }
  // A late line of the evening before, just behind midnight.
  const late = clock.days > 0 && time - clock.timeOfDay > DAY - HOUR;
  if (!late) {
    if (time < clock.timeOfDay - HOUR) {
      clock.day += DAY;
      clock.days++;
    }
    clock.timeOfDay = time;
  }
  clock.micros = clock.toUtc(clock.day - (late ? DAY : 0) + time);
  return after;
}

/** No time at all: for layouts that are told by the rest of the line. */
export function readNothing(_bytes: Uint8Array, at: number, _end: number, clock: Clock): number {
  clock.micros = NaN;
  return at;
}
