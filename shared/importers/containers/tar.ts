import { FOLDER } from "./member-names.ts";
import { LEFT_OUT } from "../../base/folder-archive.ts";
import type { Cursor } from "./cursor.ts";
import {
  BLOCK,
  decodeName,
  isZeroBlock,
  parsePaxRecords,
  parseTarHeader,
  type TarHeader,
} from "./tar-header.ts";

/** One file of a tar archive. */
export interface TarEntry {
  /** As it stands in the archive. */
  readonly name: string;
  readonly size: number;
  /** Where its content begins. */
  readonly offset: number;
  /** Bytes of content that are there: fewer than `size` where the archive was cut off. */
  readonly available: number;
  /** Why it holds no content of its own; null for an ordinary file. */
  readonly skipped: string | null;
}

export interface TarListing {
  readonly entries: TarEntry[];
  /** What is wrong with the archive; null where it is whole. */
  readonly trouble: string | null;
}

/** Pax records and long names are small; more is damage. */
const MOST_EXTRA = 1024 * 1024;
const MOST_ENTRIES = 200_000;

/** What stands before the header of a file. */
interface Extra {
  /** Of this file alone. */
  records: Map<string, string>;
  name: string | null;
  link: string | null;
}

/**
 * Lists a tar archive from its first block to its last. What is behind a
 * damaged header cannot be found; `trouble` says so.
 */
export async function listTar(cursor: Cursor): Promise<TarListing> {
  const entries: TarEntry[] = [];
  const global = new Map<string, string>();
  let extra: Extra = { records: new Map(), name: null, link: null };
  const listing = (trouble: string | null): TarListing => ({ entries, trouble });
  for (;;) {
    const at = cursor.position;
    const block = await cursor.read(BLOCK);
    if (block.length === 0) return listing("it ends without the mark of its end");
    if (block.length < BLOCK) return listing(`it ends in the middle of a header, at byte ${at}`);
    if (isZeroBlock(block)) return listing(null);
    const header = parseTarHeader(block);
    if (header === null)
      return listing(`its header at byte ${at} is damaged; what follows cannot be found`);
    if (entries.length >= MOST_ENTRIES) return listing(`it has more than ${MOST_ENTRIES} files`);
    if (isExtra(header.type)) {
      const data = await extraData(cursor, header);
      if (data === null) return listing(`it ends in the middle of a header, at byte ${at}`);
      if (!applyExtra(header.type, data, extra, global)) {
        return listing(
          `its extended header at byte ${at} is damaged; what follows cannot be found`,
        );
      }
      continue;
    }
    const entry = await passOver(cursor, header, extra, global);
    entries.push(entry);
    extra = { records: new Map(), name: null, link: null };
    if (entry.available < entry.size) return listing(`it ends in the middle of “${entry.name}”`);
  }
}

function isExtra(type: string): boolean {
  return type === "x" || type === "X" || type === "g" || type === "L" || type === "K";
}

async function extraData(cursor: Cursor, header: TarHeader): Promise<Uint8Array | null> {
  if (header.size > MOST_EXTRA) return null;
  const data = await cursor.read(header.size);
  await cursor.skip(padding(header.size));
  return data.length === header.size ? data : null;
}

function applyExtra(
  type: string,
  data: Uint8Array,
  extra: Extra,
  global: Map<string, string>,
): boolean {
  if (type === "L") extra.name = decodeName(data);
  else if (type === "K") extra.link = decodeName(data);
  else {
    const records = parsePaxRecords(data);
    if (records === null) return false;
    const into = type === "g" ? global : extra.records;
    for (const [key, value] of records) into.set(key, value);
  }
  return true;
}

async function passOver(
  cursor: Cursor,
  header: TarHeader,
  extra: Extra,
  global: ReadonlyMap<string, string>,
): Promise<TarEntry> {
  const pax = (key: string): string | null => {
    const value = extra.records.get(key) ?? global.get(key) ?? "";
    return value === "" ? null : value;
  };
  const stated = Number(pax("size") ?? NaN);
  // Links say the size of what they lead to, without its content.
  const hasContent = !"123456".includes(header.type);
  const size = hasContent ? (Number.isSafeInteger(stated) ? stated : header.size) : 0;
  const name = pax("path") ?? extra.name ?? header.name;
  const link = pax("linkpath") ?? extra.link ?? header.link;
  const offset = cursor.position;
  await cursor.skip(size);
  const available = Math.min(size, cursor.end - offset);
  if (available === size) await cursor.skip(padding(size));
  const isSparse = [...extra.records.keys()].some((key) => key.startsWith("GNU.sparse."));
  const skipped = isSparse ? SPARSE : reasonOf(header.type, name, link, pax("comment"));
  return { name: pax("GNU.sparse.name") ?? name, size, offset, available, skipped };
}

const SPARSE = "a sparse file: unpack it with tar and add it by itself";

function reasonOf(type: string, name: string, link: string, comment: string | null): string | null {
  // A folder that is served as an archive says so why a file has no content.
  if (comment?.startsWith(LEFT_OUT) === true) return comment.slice(LEFT_OUT.length);
  switch (type) {
    case "0":
    case "7":
      return name.endsWith("/") ? FOLDER : null;
    case "1":
      return `a link to ${link}`;
    case "2":
      return `a symbolic link to ${link}`;
    case "3":
    case "4":
      return "a device";
    case "5":
      return FOLDER;
    case "6":
      return "a pipe";
    case "S":
      return SPARSE;
    default:
      return `of a type that is not known here (“${type}”)`;
  }
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
