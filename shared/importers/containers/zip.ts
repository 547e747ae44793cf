import { FOLDER } from "./member-names.ts";
import { ZipReader, type Entry } from "@zip.js/zip.js/lib/zip-core-reader.js";
import { readBytes, type Bytes } from "./bytes.ts";
import { contentStart } from "./zip-content.ts";
import { ENCRYPTED, unsupportedMethod, type ZipEntry } from "./zip-entry.ts";
import { findZipEntries } from "./zip-recovery.ts";

export interface ZipListing {
  readonly entries: ZipEntry[];
  /** What is wrong with the archive; null where it is whole. */
  readonly trouble: string | null;
}

const MOST_ENTRIES = 200_000;

/**
 * Lists a ZIP archive (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT)
 * by its central directory, which zip.js reads: ZIP64, names in other
 * encodings, data before the archive. Without a directory (an archive that was
 * cut off) the files are looked for one by one.
 */
export async function listZip(bytes: Bytes): Promise<ZipListing> {
  const entries: ZipEntry[] = [];
  try {
    const reader = new ZipReader(readerOf(bytes), SETTINGS);
    for await (const entry of reader.getEntriesGenerator()) {
      if (entries.length >= MOST_ENTRIES) {
        return { entries, trouble: `it has more than ${MOST_ENTRIES} files` };
      }
      entries.push(entryOf(bytes, entry));
    }
    return { entries, trouble: null };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    if (/split/i.test(why)) return { entries: [], trouble: "it is one part of a split archive" };
    const found = await findZipEntries(bytes);
    return { entries: found, trouble: `its directory cannot be read (${lowerFirst(why)})` };
  }
}

const SETTINGS = {
  useWebWorkers: false,
  // Odd archives are evidence, too; names are never used as paths.
  strictness: "tolerant",
  filenameValidation: "tolerant",
} as const;

/** What zip.js asks of a place to read from. */
function readerOf(bytes: Bytes): ConstructorParameters<typeof ZipReader>[0] {
  const reader = {
    size: bytes.size,
    readUint8Array: (offset: number, length: number) => readBytes(bytes, offset, offset + length),
  };
  return reader as unknown as ConstructorParameters<typeof ZipReader>[0];
}

function entryOf(bytes: Bytes, entry: Entry): ZipEntry {
  const { filename, uncompressedSize, compressedSize, offset, compressionMethod } = entry;
  return {
    name: filename,
    size: uncompressedSize,
    compressedSize,
    skipped: reasonOf(entry),
    cut: false,
    place: async () => {
      const start = await contentStart(bytes, offset);
      if (start === null) return null;
      const crc = (entry.crc32 ?? 0) >>> 0;
      return { method: compressionMethod, start, compressedSize, size: uncompressedSize, crc };
    },
  };
}

function reasonOf(entry: Entry): string | null {
  if (entry.directory) return FOLDER;
  if (entry.symlink) return "a symbolic link";
  if (entry.encrypted) return ENCRYPTED;
  return unsupportedMethod(entry.compressionMethod);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
