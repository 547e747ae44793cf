import { Fault } from "../../base/result.ts";
import type { ImportError, Source } from "../importer.ts";
import { BOMB_FROM, BOMB_RATIO, openSource, type SourceInput } from "../source.ts";
import { blobBytes, bytesOf, streamOf, type Bytes } from "./bytes.ts";
import { BytesCursor, StreamCursor } from "./cursor.ts";
import { baseName, CUT, memberName, reasonToSkip, UniqueNames } from "./member-names.ts";
import { StreamedBytes } from "./streamed-bytes.ts";
import { listTar, type TarEntry, type TarListing } from "./tar.ts";
import { parseTarHeader } from "./tar-header.ts";
import { listZip } from "./zip.ts";
import { zipContent } from "./zip-content.ts";
import type { ZipEntry } from "./zip-entry.ts";

/** One file of an archive. */
export interface ArchiveEntry {
  /** Unique in the archive. */
  readonly name: string;
  readonly size: number | null;
  readonly skipped: string | null;
  /** Its content, decompressed once more where it is compressed itself. */
  open(): Promise<Source>;
  /** Its bytes as a blob, where they had to be decompressed to be reached; else null. */
  blob(): Promise<Blob | null>;
}

export interface Archive {
  readonly kind: "zip" | "tar";
  readonly entries: readonly ArchiveEntry[];
  /** What is wrong with it; null where it is whole. */
  readonly trouble: string | null;
}

/** The kind of archive by its first decompressed bytes; null for anything else. */
export function archiveKind(head: Uint8Array): "zip" | "tar" | null {
  const [a, b, c, d] = head;
  if (a === 0x50 && b === 0x4b) {
    const isZip = (c === 3 && d === 4) || (c === 5 && d === 6) || isSpanned(head);
    return isZip ? "zip" : null;
  }
  const header = parseTarHeader(head.subarray(0, 512));
  return header !== null && header.name !== "" ? "tar" : null;
}

/** `PK78` or `PK00`, then the first file. */
function isSpanned([, , c, d, e, f]: Uint8Array): boolean {
  return ((c === 7 && d === 8) || (c === 0x30 && d === 0x30)) && e === 0x50 && f === 0x4b;
}

export async function openArchive(source: Source, kind: "zip" | "tar"): Promise<Archive> {
  return kind === "zip" ? openZip(source) : openTar(source);
}

// --- ZIP -------------------------------------------------------------------

async function openZip(source: Source): Promise<Archive> {
  const bytes = await bytesOf(source);
  const { entries, trouble } = await listZip(bytes);
  refuseBomb(source, entries);
  const names = new UniqueNames();
  return {
    kind: "zip",
    trouble,
    entries: entries.map((entry) => zipMember(source.name, bytes, entry, names)),
  };
}

function zipMember(
  archive: string,
  bytes: Bytes,
  entry: ZipEntry,
  names: UniqueNames,
): ArchiveEntry {
  const name = names.take(memberName(entry.name, true));
  const { size, compressedSize } = entry;
  return {
    name,
    size,
    skipped: entry.skipped ?? (entry.cut ? CUT : reasonToSkip(name, size)),
    open: async () => {
      if (entry.skipped !== null) throw refused(name, archive, entry.skipped);
      const place = await entry.place();
      if (place === null) throw damaged(name, archive);
      return openMember(
        {
          name: baseName(name),
          size: size ?? 0,
          open: () => Promise.resolve(streamOf(zipContent(bytes, place))),
          ...(place.method === 0 && !entry.cut && { slice: sliceOf(bytes, place.start) }),
        },
        (size ?? 0) / Math.max(1, compressedSize),
      );
    },
    blob: () => Promise.resolve(null),
  };
}

/** Overlapping files can make an archive of gigabytes out of kilobytes, each file by itself harmless. */
function refuseBomb(source: Source, entries: readonly ZipEntry[]): void {
  const total = entries.reduce((sum, e) => sum + (e.size ?? 0), 0);
  if (total <= BOMB_FROM || total <= source.size * BOMB_RATIO) return;
  throw new Fault<ImportError>({
    kind: "bomb",
    file: source.name,
    message: `“${source.name}” expands to more than ${BOMB_RATIO} times its size. Such archives are made to fill up memory and disk.`,
    advice: "If you trust it, unpack it yourself, check the sizes, and add the files.",
  });
}

// --- tar -------------------------------------------------------------------

async function openTar(source: Source): Promise<Archive> {
  if (source.compression === "none") {
    const bytes = await bytesOf(source);
    return tarArchive(source, bytes, await listTar(new BytesCursor(bytes)), null);
  }
  const bytes = new StreamedBytes(source);
  const chunks = bytes.all();
  const cursor = new StreamCursor(chunks);
  const listing = await listTar(cursor);
  // To its end: what the compression says of a cut stands there.
  while ((await chunks.next()).done !== true);
  const trouble = source.cut === null ? listing.trouble : (listing.trouble ?? "it was cut off");
  return tarArchive(source, bytes, { ...listing, trouble }, bytes);
}

function tarArchive(
  source: Source,
  bytes: Bytes,
  { entries, trouble }: TarListing,
  streamed: StreamedBytes | null,
): Archive {
  const names = new UniqueNames();
  const expansion = streamed === null ? 1 : bytes.size / Math.max(1, source.size);
  const member = (entry: TarEntry): ArchiveEntry => {
    const name = names.take(memberName(entry.name, false));
    const { offset, available } = entry;
    const cut = available < entry.size;
    return {
      name,
      size: entry.size,
      skipped: entry.skipped ?? (cut ? CUT : reasonToSkip(name, entry.size)),
      open: async () => {
        if (entry.skipped !== null) throw refused(name, source.name, entry.skipped);
        return openMember(
          {
            name: baseName(name),
            size: available,
            open: () => bytes.stream(offset, offset + available),
            slice: sliceOf(bytes, offset),
            ...(cut && { cut: cutOff(name, source.name, entry) }),
          },
          expansion,
        );
      },
      blob: async () =>
        entry.skipped === null && !cut && streamed !== null
          ? streamed.blob(offset, offset + available)
          : null,
    };
  };
  return { kind: "tar", trouble, entries: entries.map(member) };
}

// --- Members ---------------------------------------------------------------

/** What was expanded on the way here may expand less from here on. */
function openMember(input: SourceInput, expansion: number): Promise<Source> {
  return openSource(input, { ratio: BOMB_RATIO / Math.max(1, expansion) });
}

/** A member whose bytes are at hand already. */
export function openBlobMember(name: string, blob: Blob): Promise<Source> {
  const bytes = blobBytes(blob);
  return openMember(
    {
      name: baseName(name),
      size: blob.size,
      open: () => bytes.stream(0, blob.size),
      slice: sliceOf(bytes, 0),
      blob: () => Promise.resolve(blob),
    },
    1,
  );
}

function sliceOf(bytes: Bytes, start: number): NonNullable<SourceInput["slice"]> {
  return (from, to) => bytes.stream(start + from, start + to);
}

function refused(name: string, archive: string, reason: string): Fault<ImportError> {
  return new Fault<ImportError>({
    kind: "unsupported",
    file: name,
    message: `“${name}” in “${archive}” cannot be imported: it is ${reason}.`,
    advice: "Leave it out, or unpack the archive and add the file by itself.",
  });
}

function damaged(name: string, archive: string): Fault<ImportError> {
  return new Fault<ImportError>({
    kind: "damaged",
    file: name,
    message: `“${name}” is not where the directory of “${archive}” says; the archive is damaged.`,
    advice: "Copy the archive again from where it came from, and compare the sizes.",
  });
}

function cutOff(name: string, archive: string, entry: TarEntry): ImportError {
  return {
    kind: "truncated",
    file: name,
    message: `“${archive}” ends in the middle of “${name}”: ${entry.available} of its ${entry.size} bytes are there.`,
    advice: "Copy the archive again from where it came from, and compare the sizes.",
  };
}
