import { FOLDER } from "./member-names.ts";
import { decodeName } from "./tar-header.ts";
import { readBytes, type Bytes } from "./bytes.ts";
import { ENCRYPTED, unsupportedMethod, type ZipEntry } from "./zip-entry.ts";

const HEADER = 30;
const WINDOW = 1024 * 1024;

interface Local {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  /** Sizes and checksum follow the content. */
  readonly described: boolean;
  readonly start: number;
  readonly zip64: boolean;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
}

interface Described {
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where the next header begins. */
  readonly next: number;
}

/**
 * The files of a ZIP archive whose directory is missing, by the headers that
 * stand before each of them. The last one may be cut off.
 */
export async function findZipEntries(bytes: Bytes): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  let at = await firstHeader(bytes);
  while (at !== null) {
    const local = await readLocal(bytes, at);
    if (local === null) break;
    const known = local.described ? await findDescriptor(bytes, local) : plain(local);
    entries.push(entryOf(local, known, bytes));
    at = known === null || known.next > bytes.size ? null : known.next;
  }
  return entries;
}

function plain(local: Local): Described {
  const { crc, compressedSize, size, start } = local;
  return { crc, compressedSize, size, next: start + compressedSize };
}

function entryOf(local: Local, known: Described | null, bytes: Bytes): ZipEntry {
  const { name, method, start } = local;
  const available = bytes.size - start;
  const cut = known === null || known.compressedSize > available;
  const compressedSize = known?.compressedSize ?? available + 1;
  const skipped = name.endsWith("/")
    ? FOLDER
    : local.encrypted
      ? ENCRYPTED
      : unsupportedMethod(method);
  const size = known?.size ?? null;
  const place = { method, start, compressedSize, size: size ?? Infinity, crc: known?.crc ?? 0 };
  return { name, size, compressedSize, skipped, cut, place: () => Promise.resolve(place) };
}

async function firstHeader(bytes: Bytes): Promise<number | null> {
  const head = await readBytes(bytes, 0, 8);
  const signature = signatureAt(head, 0);
  if (signature === LOCAL) return 0;
  // The mark of an archive that was to be split and is not.
  return signature === DESCRIPTOR || signature === SPAN ? 4 : null;
}

async function readLocal(bytes: Bytes, at: number): Promise<Local | null> {
  const header = await readBytes(bytes, at, at + HEADER);
  if (header.length < HEADER || signatureAt(header, 0) !== LOCAL) return null;
  const view = viewOf(header);
  const nameLength = view.getUint16(26, true);
  const extraLength = view.getUint16(28, true);
  const start = at + HEADER + nameLength + extraLength;
  const behind = await readBytes(bytes, at + HEADER, start);
  if (behind.length < nameLength + extraLength) return null;
  const flags = view.getUint16(6, true);
  const narrow = { compressedSize: view.getUint32(18, true), size: view.getUint32(22, true) };
  const wide = wideSizes(behind.subarray(nameLength));
  const sizes = wide !== null && narrow.size === 0xffffffff ? wide : narrow;
  return {
    name: decodeName(behind.subarray(0, nameLength)),
    method: view.getUint16(8, true),
    encrypted: (flags & 1) !== 0,
    described: (flags & 8) !== 0 && sizes.compressedSize === 0,
    start,
    zip64: wide !== null,
    crc: view.getUint32(14, true),
    ...sizes,
  };
}

/** Sizes of the ZIP64 field. */
function wideSizes(extra: Uint8Array): { size: number; compressedSize: number } | null {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length;) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1 && length >= 16 && at + 20 <= extra.length) {
      return {
        size: Number(view.getBigUint64(at + 4, true)),
        compressedSize: Number(view.getBigUint64(at + 12, true)),
      };
    }
    at += 4 + length;
  }
  return null;
}

/**
 * The data descriptor behind content of unknown length: the first one whose
 * size is the distance to the content's start. Null where the archive ends
 * before.
 */
async function findDescriptor(bytes: Bytes, local: Local): Promise<Described | null> {
  const overlap = 24;
  for (let from = local.start; from < bytes.size; from += WINDOW) {
    const data = await readBytes(bytes, from, from + WINDOW + overlap);
    const view = viewOf(data);
    for (let i = data.indexOf(0x50); i !== -1 && i < WINDOW; i = data.indexOf(0x50, i + 1)) {
      if (i + 16 > data.length || view.getUint32(i, true) !== DESCRIPTOR) continue;
      const length = from + i - local.start;
      const crc = view.getUint32(i + 4, true);
      if (!local.zip64 && view.getUint32(i + 8, true) === length) {
        return {
          crc,
          compressedSize: length,
          size: view.getUint32(i + 12, true),
          next: from + i + 16,
        };
      }
      if (i + 24 <= data.length && Number(view.getBigUint64(i + 8, true)) === length) {
        const size = Number(view.getBigUint64(i + 16, true));
        return { crc, compressedSize: length, size, next: from + i + 24 };
      }
    }
  }
  return null;
}

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const SPAN = 0x30304b50;

function signatureAt(data: Uint8Array, at: number): number {
  return data.length < at + 4 ? 0 : viewOf(data).getUint32(at, true);
}

function viewOf(data: Uint8Array): DataView {
  return new DataView(data.buffer, data.byteOffset, data.length);
}
