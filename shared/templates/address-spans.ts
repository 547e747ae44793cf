import { ALPHA, CLASS_OF, DIGIT, DOT, SPACE, UPPER } from "./byte-classes.ts";

/**
 * Ends of values that hold marks at which a chunk would end: addresses, requests,
 * bounds; and where a mark that could end a chunk does not.
 */

export function isInsideWord(bytes: Uint8Array, at: number, start: number, stop: number): boolean {
  if (at === start || at + 1 >= stop) return false;
  const before = CLASS_OF[bytes[at - 1] ?? 0] ?? 0;
  const after = CLASS_OF[bytes[at + 1] ?? 0] ?? 0;
  return (before & ALPHA) !== 0 && (after & ALPHA) !== 0;
}

/** Where an address or path in one piece ends: at a blank, a quote or a closing bracket. */
export function addressEnd(bytes: Uint8Array, start: number, stop: number): number {
  let at = start;
  while (at < stop) {
    const byte = bytes[at] ?? 0;
    if (byte <= 32 || byte === 127 || ADDRESS_ENDS.has(byte)) break;
    at++;
  }
  while (at > start + 1 && (bytes[at - 1] === 46 || bytes[at - 1] === 58 || bytes[at - 1] === 63)) {
    at--;
  }
  return at;
}

const ADDRESS_ENDS: ReadonlySet<number> = new Set(
  Array.from("\"'`<>()[]{},;|", (c) => c.charCodeAt(0)),
);

/** The two digits of an hour at the end of a date: after `T` or `_` or `:`. */
export function hourAt(bytes: Uint8Array, start: number, colon: number): number {
  const mark = bytes[colon - 3] ?? 0;
  return colon - start > 8 && (mark === 84 || mark === 95) ? colon - 2 : -1;
}

/** `<1`, `<1ms`: where a bound ends; -1 for `<` before anything else and for `<7>`. */
export function boundEnd(bytes: Uint8Array, start: number, stop: number): number {
  let at = start + 1;
  while (at < stop && ((CLASS_OF[bytes[at] ?? 0] ?? 0) & (DIGIT | DOT | ALPHA)) !== 0) at++;
  const isNumber = at > start + 1 && ((CLASS_OF[bytes[start + 1] ?? 0] ?? 0) & DIGIT) !== 0;
  return isNumber && (at === stop || bytes[at] !== 62) ? at : -1;
}

const METHODS: readonly Uint8Array[] = [
  "GET",
  "PUT",
  "HEAD",
  "POST",
  "PATCH",
  "TRACE",
  "DELETE",
  "OPTIONS",
  "CONNECT",
].map((method) => Uint8Array.from(method, (c) => c.charCodeAt(0)));

export function isMethod(bytes: Uint8Array, from: number, length: number): boolean {
  return METHODS.some((method) => {
    return method.length === length && method.every((byte, i) => bytes[from + i] === byte);
  });
}

/**
 * The end of an HTTP request's target with its query and the protocol behind it:
 * `/v2/servers?limit=1 HTTP/1.1`; -1 for a word that is no target.
 */
export function requestEnd(bytes: Uint8Array, start: number, end: number, stop: number): number {
  const isPath = bytes[start] === 47;
  const isUrl = bytes[end] === 58 && bytes[end + 1] === 47 && bytes[end + 2] === 47;
  if (!isPath && !isUrl) return -1;
  let at = end;
  while (at < stop && (bytes[at] ?? 0) > 32 && bytes[at] !== 34 && bytes[at] !== 39) at++;
  const isProtocol = PROTOCOL.every((byte, i) => at + i < stop && bytes[at + i] === byte);
  if (!isProtocol) return at;
  at += PROTOCOL.length;
  while (at < stop && ((CLASS_OF[bytes[at] ?? 0] ?? 0) & (DIGIT | DOT)) !== 0) at++;
  return at;
}

const PROTOCOL: Uint8Array = Uint8Array.from(" HTTP/", (c) => c.charCodeAt(0));

/** Whether one dot at `end` is followed by a blank and then by no capital. */
export function isInsideSentence(bytes: Uint8Array, end: number, limit: number): boolean {
  if (end + 1 >= limit || bytes[end] !== 32 || bytes[end - 2] === 46) return false;
  return ((CLASS_OF[bytes[end + 1] ?? 0] ?? 0) & (UPPER | SPACE)) === 0;
}
