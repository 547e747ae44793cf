import { isBlank, textOf } from "./bytes.ts";
import { fieldName, type FieldsBuffer } from "./fields.ts";

/** Names as they were seen, so that each is encoded once. */
const names = new Map<string, Uint8Array>();

/** Adds a pair's value as a field: digits as a number, escapes of a quoted text resolved. */
export function addPair(
  fields: FieldsBuffer,
  key: string,
  bytes: Uint8Array,
  from: number,
  to: number,
  quoted: boolean,
): void {
  let name = names.get(key);
  if (name === undefined) {
    name = fieldName(key);
    if (names.size < 10_000) names.set(key, name);
  }
  if (quoted && bytes.subarray(from, to).includes(0x5c)) {
    fields.addJson(name, JSON.stringify(unescape(textOf(bytes, from, to))));
  } else fields.add(name, bytes, from, to, !quoted && allDigits(bytes, from, to));
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) =>
    char === "n" ? "\n" : char === "t" ? "\t" : char,
  );
}

/** Calls `pair` with each key and the range of its value. */
export function eachPair(
  bytes: Uint8Array,
  start: number,
  end: number,
  pair: (key: string, from: number, to: number, quoted: boolean) => void,
): void {
  let at = start;
  while (at < end) {
    while (at < end && isBlank(bytes[at] ?? 0)) at++;
    const keyFrom = at;
    while (at < end && isKeyByte(bytes[at] ?? 0)) at++;
    if (at === keyFrom || bytes[at] !== 0x3d) {
      while (at < end && !isBlank(bytes[at] ?? 0)) at++;
      continue;
    }
    const key = textOf(bytes, keyFrom, at++);
    const quoted = bytes[at] === 0x22;
    const from = quoted ? at + 1 : at;
    at = from;
    while (at < end && (quoted ? bytes[at] !== 0x22 : !isBlank(bytes[at] ?? 0)))
      at += quoted && bytes[at] === 0x5c ? 2 : 1;
    pair(key, from, Math.min(at, end), quoted);
    if (quoted) at++;
  }
}

export function isKeyByte(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x5f ||
    byte === 0x2e ||
    byte === 0x2d ||
    byte === 0x40 ||
    byte === 0x2f
  );
}

function allDigits(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++)
    if ((bytes[i] ?? 0) < 0x30 || (bytes[i] ?? 0) > 0x39) return false;
  return to > from;
}

/** Whether a text is nothing but pairs: `rt=0.003 uct="-"`. */
export function isPairs(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const from = at;
    while (at < end && isKeyByte(bytes[at] ?? 0)) at++;
    if (at === from || bytes[at] !== 0x3d) return false;
    const quoted = bytes[++at] === 0x22;
    if (quoted) {
      at++;
      while (at < end && bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1;
      if (at++ >= end) return false;
    }
    while (at < end && !isBlank(bytes[at] ?? 0)) at++;
    while (at < end && isBlank(bytes[at] ?? 0)) at++;
  }
  return end > start;
}
