/** Small readers of ASCII inside bytes. None looks behind `end` of its caller. */

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

export function isAlpha(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

export function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}

/** Number of exactly `count` digits at `at`, or -1. */
export function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return count > 0 ? value : -1;
}

/** Value of a range that holds digits only. */
export function number(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 10 + (bytes[i] ?? 0) - 0x30;
  return value;
}

/** Place after the blanks at `at`. */
export function skipBlanks(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && (bytes[i] === 0x20 || bytes[i] === 0x09)) i++;
  return i;
}

const decoder = new TextDecoder();

export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

export const ESCAPE = 0x1b;

/** The line without ECMA-48 control sequences (colours, erase line). */
export function withoutColours(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const out = new Uint8Array(end - start);
  let length = 0;
  for (let i = start; i < end; i++) {
    if (bytes[i] === ESCAPE && bytes[i + 1] === 0x5b) {
      i += 2;
      while (i < end && ((bytes[i] ?? 0) < 0x40 || (bytes[i] ?? 0) > 0x7e)) i++;
    } else out[length++] = bytes[i] ?? 0;
  }
  return out.subarray(0, length);
}
