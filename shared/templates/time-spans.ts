import { ALPHA, CLASS_OF, DIGIT, HEX_LETTER, SPACE, UPPER } from "./byte-classes.ts";

/**
 * Ends of values that hold blanks or colons: dates in words, times of day,
 * hardware and IPv6 addresses. Each function answers the end of what stands at
 * `start`, or -1.
 */

/** `Fri Jun 17 07:07:00 2005`, `Jun 17 07:07:00`, `Sat, 17 Jun 2005 07:07:00 GMT`. */
export function dateInWordsEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  if (WEEKDAYS.has(wordAt(bytes, at, end))) {
    at = blanksEnd(bytes, at + 3 < end && bytes[at + 3] === 44 ? at + 4 : at + 3, end);
    if (at < 0) return -1;
  }
  if (MONTHS.has(wordAt(bytes, at, end))) {
    at = blanksEnd(bytes, at + 3, end);
    if (at < 0) return -1;
    at = digitsEnd(bytes, at, end, 1, 2);
  } else {
    at = digitsEnd(bytes, at, end, 1, 2);
    if (at < 0) return -1;
    at = blanksEnd(bytes, at, end);
    if (at < 0 || !MONTHS.has(wordAt(bytes, at, end))) return -1;
    at += 3;
  }
  return at < 0 || isWordByte(bytes, at, end) ? -1 : restOfDate(bytes, at, end);
}

/** What may follow the day: a time, a zone, a year, in any of the usual orders. */
function restOfDate(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  for (let part = 0; part < 4; part++) {
    const next = blanksEnd(bytes, at < end && bytes[at] === 44 ? at + 1 : at, end);
    if (next < 0) return at;
    const time = timeOfDayEnd(bytes, next, end);
    const year = time > 0 ? time : digitsEnd(bytes, next, end, 4, 4);
    const stop = year > 0 ? year : part > 0 ? zoneEnd(bytes, next, end) : -1;
    if (stop < 0 || isWordByte(bytes, stop, end)) return at;
    at = stop;
  }
  return at;
}

const ZONES: ReadonlySet<number> = new Set(
  ["UTC", "GMT", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "CET", "BST", "JST"].map(
    packed,
  ),
);

function zoneEnd(bytes: Uint8Array, at: number, end: number): number {
  if (ZONES.has(wordAt(bytes, at, end))) return at + 3;
  if (bytes[at] !== 43 && bytes[at] !== 45) return -1;
  return digitsEnd(bytes, at + 1, end, 4, 4);
}

/** `07:07:00`, `7:07:00.123`, `15:37:56,547`. */
export function timeOfDayEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = digitsEnd(bytes, start, end, 1, 2);
  if (at < 0 || bytes[at] !== 58) return -1;
  at = digitsEnd(bytes, at + 1, end, 2, 2);
  if (at < 0 || bytes[at] !== 58) return -1;
  at = digitsEnd(bytes, at + 1, end, 2, 2);
  if (at < 0) return -1;
  if (bytes[at] === 46 || bytes[at] === 44) {
    const fraction = digitsEnd(bytes, at + 1, end, 1, 9);
    if (fraction > 0) at = fraction;
  }
  if (at >= end) return at;
  if (bytes[at] === 90 && !isWordByte(bytes, at + 1, end)) return at + 1;
  return bytes[at] === 58 || isWordByte(bytes, at, end) ? -1 : at;
}

/** `07:15`, hours or minutes, with nothing of the kind before or behind. */
export function clockEnd(bytes: Uint8Array, start: number, end: number): number {
  const colon = digitsEnd(bytes, start, end, 2, 2);
  if (colon < 0 || bytes[colon] !== 58) return -1;
  const at = digitsEnd(bytes, colon + 1, end, 2, 2);
  if (at < 0 || at === end) return at;
  return bytes[at] === 58 || isWordByte(bytes, at, end) ? -1 : at;
}

/** `00:11:43:e3:ba:c3` */
export function hardwareAddressEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let part = 0; part < 6; part++) {
    if (part > 0 && bytes[at++] !== 58) return -1;
    if (!isHex(bytes, at, end) || !isHex(bytes, at + 1, end)) return -1;
    at += 2;
  }
  // Infiniband and FireWire addresses go on.
  while (bytes[at] === 58 && isHex(bytes, at + 1, end) && isHex(bytes, at + 2, end)) at += 3;
  return isWordByte(bytes, at, end) ? -1 : at;
}

/** `fe80::1`, `2001:db8:0:0:0:0:0:1` */
export function ipv6End(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let colons = 0;
  let isShortened = false;
  let run = 0;
  for (; at < end && at - start < 46; at++) {
    if (bytes[at] === 58) {
      colons++;
      if (bytes[at - 1] === 58 && at > start) isShortened = true;
      run = 0;
    } else if (isHex(bytes, at, end)) {
      if (++run > 4) return -1;
    } else break;
  }
  if (isWordByte(bytes, at, end) || !(isShortened || colons === 7)) return -1;
  while (bytes[at - 1] === 58 && bytes[at - 2] !== 58) at--;
  return colons >= 2 ? at : -1;
}

function wordAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 3 > end || isWordByte(bytes, at + 3, end)) return 0;
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}

function packed(word: string): number {
  return (word.charCodeAt(0) << 16) | (word.charCodeAt(1) << 8) | word.charCodeAt(2);
}

const WEEKDAYS: ReadonlySet<number> = new Set(
  ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map(packed),
);
const MONTHS: ReadonlySet<number> = new Set(
  ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].map(packed),
);

/** Whether a word of three letters here can begin a date; cheap, for the scanner's hot path. */
export function mayBeginDate(bytes: Uint8Array, at: number, end: number): boolean {
  if (((CLASS_OF[bytes[at] ?? 0] ?? 0) & UPPER) === 0) return false;
  const word = wordAt(bytes, at, end);
  return MONTHS.has(word) || WEEKDAYS.has(word);
}

function blanksEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && ((CLASS_OF[bytes[at] ?? 0] ?? 0) & SPACE) !== 0 && bytes[at] !== 10) at++;
  return at > from && at < end ? at : -1;
}

function digitsEnd(
  bytes: Uint8Array,
  from: number,
  end: number,
  least: number,
  most: number,
): number {
  let at = from;
  while (at < end && ((CLASS_OF[bytes[at] ?? 0] ?? 0) & DIGIT) !== 0) at++;
  return at - from >= least && at - from <= most ? at : -1;
}

function isHex(bytes: Uint8Array, at: number, end: number): boolean {
  return at < end && ((CLASS_OF[bytes[at] ?? 0] ?? 0) & (DIGIT | HEX_LETTER)) !== 0;
}

function isWordByte(bytes: Uint8Array, at: number, end: number): boolean {
  return at < end && ((CLASS_OF[bytes[at] ?? 0] ?? 0) & (ALPHA | DIGIT)) !== 0;
}
