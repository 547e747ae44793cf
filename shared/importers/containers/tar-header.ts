/** One header block of a tar archive. */
export interface TarHeader {
  readonly name: string;
  readonly size: number;
  /** Type flag: `0` a file, `5` a folder, `x` pax records, … */
  readonly type: string;
  readonly link: string;
}

export const BLOCK = 512;

/**
 * Reads a header block (POSIX ustar,
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06,
 * and what GNU and the seventh edition write). Null where its checksum does not
 * hold: then it is no header.
 */
export function parseTarHeader(block: Uint8Array): TarHeader | null {
  if (block.length < BLOCK || !checksumHolds(block)) return null;
  const size = number(block, 124, 12);
  if (size === null) return null;
  // GNU archives use the place of the prefix for times.
  const isUstar = text(block, 257, 6) === "ustar" && block[262] === 0;
  const prefix = isUstar ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size,
    type: String.fromCharCode(block[156] === 0 ? 0x30 : (block[156] ?? 0x30)),
    link: text(block, 157, 100),
  };
}

export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** Records `LENGTH KEY=VALUE\n` of a pax header; null where they are damaged. */
export function parsePaxRecords(data: Uint8Array): Map<string, string> | null {
  const records = new Map<string, string>();
  for (let at = 0; at < data.length && data[at] !== 0;) {
    const space = data.indexOf(0x20, at);
    const length = space === -1 ? NaN : Number(decode(data.subarray(at, space)));
    const end = at + length;
    if (!(length > space - at + 1) || end > data.length) return null;
    const record = decode(data.subarray(space + 1, end - 1));
    const equals = record.indexOf("=");
    if (equals <= 0) return null;
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at = end;
  }
  return records;
}

/** Text up to a zero byte, as UTF-8, or Latin-1 where it is none. */
export function decodeName(data: Uint8Array): string {
  const zero = data.indexOf(0);
  return decode(zero === -1 ? data : data.subarray(0, zero));
}

function decode(data: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(data);
  } catch {
    return new TextDecoder("windows-1252").decode(data);
  }
}

function text(block: Uint8Array, at: number, length: number): string {
  return decodeName(block.subarray(at, at + length));
}

/** Octal digits, or GNU's big-endian number with its first bit set. */
function number(block: Uint8Array, at: number, length: number): number | null {
  const first = block[at] ?? 0;
  if ((first & 0x80) !== 0) {
    let value = first & 0x7f;
    for (let i = 1; i < length; i++) value = value * 256 + (block[at + i] ?? 0);
    return Number.isSafeInteger(value) ? value : null;
  }
  const digits = text(block, at, length).trim();
  if (digits === "") return 0;
  return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : null;
}

/** Sum of all bytes, the checksum's own counted as spaces; some old writers summed signed bytes. */
function checksumHolds(block: Uint8Array): boolean {
  const stored = number(block, 148, 8);
  if (stored === null || stored === 0) return false;
  let unsigned = 0;
  let signed = 0;
  for (let i = 0; i < BLOCK; i++) {
    const byte = i >= 148 && i < 156 ? 0x20 : (block[i] ?? 0);
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return stored === unsigned || stored === signed;
}
