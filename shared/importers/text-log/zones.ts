import { digits, isAlpha } from "./bytes.ts";

/** Abbreviations with one common meaning, in minutes east of UTC. `IST`, `CST` of China and the like are left out. */
const ABBREVIATIONS: Record<string, number> = {
  Z: 0,
  UTC: 0,
  GMT: 0,
  WET: 0,
  WEST: 60,
  BST: 60,
  CET: 60,
  CEST: 120,
  EET: 120,
  EEST: 180,
  MSK: 180,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
  JST: 540,
  KST: 540,
  AEST: 600,
  AEDT: 660,
};

/** The same by the letters as one number: a word such as INFO often follows a time. */
const BY_LETTERS = new Map(
  Object.entries(ABBREVIATIONS).map(([name, minutes]) => {
    let letters = 0;
    for (let i = 0; i < name.length; i++) letters = letters * 32 + name.charCodeAt(i) - 0x40;
    return [letters, minutes] as const;
  }),
);

const MINUTE_MICROS = 60_000_000;

/** The zone found last; reused, so that a line costs no allocation. */
const found = { offset: 0, end: 0 };

/**
 * The zone that follows a time: `Z`, `+02:00`, `-0700`, ` +0200`, ` UTC`,
 * ` CEST`. `offset` is in µs; null where none follows. The result is valid
 * until the next call.
 */
export function zoneAt(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly offset: number; readonly end: number } | null {
  if (at >= end) return null;
  const first = bytes[at] ?? 0;
  const start = first === 0x20 ? at + 1 : at;
  const mark = bytes[start] ?? 0;
  if (mark === 0x2b || mark === 0x2d)
    return numericZone(bytes, start, end, mark === 0x2d ? -1 : 1, start !== at);
  if (mark === 0x5a && start === at && !isAlpha(bytes[at + 1] ?? 0)) return set(0, at + 1);
  if (mark >= 0x41 && mark <= 0x5a) return namedZone(bytes, start, end);
  return null;
}

function numericZone(
  bytes: Uint8Array,
  start: number,
  end: number,
  sign: number,
  detached: boolean,
): typeof found | null {
  if (start + 3 > end) return null;
  const hours = digits(bytes, start + 1, 2);
  if (hours < 0 || hours > 14) return null;
  const colon = bytes[start + 3] === 0x3a ? 1 : 0;
  const at = start + 3 + colon;
  const minutes = at + 2 <= end ? digits(bytes, at, 2) : -1;
  if (minutes > 59) return null;
  if (minutes < 0) {
    // ` -12` after a blank is rather a number than a zone.
    return detached || colon === 1 || isWordByte(bytes[start + 3] ?? 0x20)
      ? null
      : set(sign * hours * 60, start + 3);
  }
  return set(sign * (hours * 60 + minutes), at + 2);
}

function namedZone(bytes: Uint8Array, start: number, end: number): typeof found | null {
  let letters = 0;
  let i = start;
  while (i < end && i - start < 5) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x41 || byte > 0x5a) break;
    letters = letters * 32 + byte - 0x40;
    i++;
  }
  if (i - start < 3 || i - start > 4 || isWordByte(bytes[i] ?? 0x20)) return null;
  const minutes = BY_LETTERS.get(letters);
  return minutes === undefined ? null : set(minutes, i);
}

function isWordByte(byte: number): boolean {
  return isAlpha(byte) || (byte >= 0x30 && byte <= 0x39);
}

function set(minutes: number, end: number): typeof found {
  found.offset = minutes * MINUTE_MICROS;
  found.end = end;
  return found;
}
