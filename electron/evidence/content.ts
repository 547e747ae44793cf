import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { LEFT_OUT } from "../../shared/base/folder-archive.ts";
import { fault } from "../faults.ts";
import { filesBelow, toMs, type FoundFile } from "./folder-files.ts";
import { openReadOnly } from "./open-read-only.ts";
import { BLOCK, headerBlocks, headerLength, paddedTo, type TarFile } from "./tar-blocks.ts";

/** The bytes of an original: those of a file, or of the archive that a folder is as evidence. */
export interface Content {
  readonly path: string;
  readonly isFolder: boolean;
  readonly size: number;
  readonly mtimeMs: number;
  /** Differs when a size, time or name does. */
  readonly fingerprint: string;
  /** The latest change of content or name, in ms since the epoch. */
  readonly changedMs: number;
  /** Fills a buffer with the bytes from `at` on; answers how many there were. */
  read(buffer: Buffer, at: number): Promise<number>;
}

/** A file or a folder as it is now. `most`: a larger folder is a fault. */
export async function openContent(path: string, most?: number): Promise<Content> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? openFolder(path, most) : openFile(path);
}

async function openFile(path: string): Promise<Content> {
  const { handle } = await openReadOnly(path);
  const found = await handle.stat({ bigint: true }).finally(() => handle.close());
  const { dev, ino, size, mtimeNs, ctimeNs } = found;
  return {
    path,
    isFolder: false,
    size: Number(size),
    mtimeMs: toMs(mtimeNs),
    fingerprint: [dev, ino, size, mtimeNs, ctimeNs].join(":"),
    changedMs: Math.max(toMs(mtimeNs), toMs(ctimeNs)),
    read: async (buffer, at) => {
      const now = await openReadOnly(path);
      try {
        if (BigInt(now.found.ino) !== BigInt(Number(ino)) || now.found.dev !== Number(dev)) {
          throw changed(path, "was replaced by another file");
        }
        return (await now.handle.read(buffer, 0, buffer.length, at)).bytesRead;
      } finally {
        await now.handle.close();
      }
    },
  };
}

// --- Folders ---------------------------------------------------------------

/** A folder as a tar archive of the files below it: sorted by path, without times and owners. */
async function openFolder(path: string, most?: number): Promise<Content> {
  const { files, mtimeMs } = await filesBelow(path, most);
  if (files.length === 0) throw fault("invalid", `${path} is a folder without files.`, path);
  const archive = new FolderArchive(path, files);
  const fingerprint = createHash("sha256");
  for (const { name, size, mtimeNs, ctimeNs, ino, link, leftOut } of files) {
    fingerprint.update([name, size, mtimeNs, ctimeNs, ino, link, leftOut].join("\0"));
  }
  return {
    path,
    isFolder: true,
    size: archive.size,
    mtimeMs,
    fingerprint: fingerprint.digest("hex"),
    changedMs: files.reduce((ms, f) => Math.max(ms, toMs(f.ctimeNs)), mtimeMs),
    read: (buffer, at) => archive.read(buffer, at),
  };
}

/** Where each file stands in the archive of a folder. */
class FolderArchive {
  readonly size: number;
  readonly #starts: Float64Array;

  constructor(
    readonly root: string,
    readonly files: readonly FoundFile[],
  ) {
    this.#starts = new Float64Array(files.length);
    let at = 0;
    for (const [i, file] of files.entries()) {
      this.#starts[i] = at;
      at += headerLength(tarFile(file)) + paddedTo(BLOCK, file.size);
    }
    // Two blocks of zeros are the mark of the end.
    this.size = at + 2 * BLOCK;
  }

  async read(buffer: Buffer, from: number): Promise<number> {
    const length = Math.max(0, Math.min(buffer.length, this.size - from));
    buffer.fill(0, 0, length);
    const end = from + length;
    for (let i = this.#fileAt(from); i < this.files.length; i++) {
      const file = this.files[i];
      const start = this.#starts[i];
      if (file === undefined || start === undefined || start >= end) break;
      const header = headerBlocks(tarFile(file));
      copyPart(header, start, buffer, from);
      const content = start + header.length;
      const first = Math.max(from, content);
      const last = Math.min(end, content + file.size);
      if (first < last) {
        await this.#readFile(file, buffer.subarray(first - from, last - from), first - content);
      }
    }
    return length;
  }

  /** Index of the file that stands at this place. */
  #fileAt(at: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  async #readFile(file: FoundFile, into: Buffer, at: number): Promise<void> {
    const path = join(this.root, file.name);
    const handle = await open(path, "r");
    try {
      const found = await handle.stat({ bigint: true });
      if (found.mtimeNs !== file.mtimeNs || Number(found.size) !== file.size) {
        throw changed(path, "changed");
      }
      for (let done = 0; done < into.length;) {
        const { bytesRead } = await handle.read(into, done, into.length - done, at + done);
        if (bytesRead === 0) throw changed(path, "became shorter");
        done += bytesRead;
      }
    } finally {
      await handle.close();
    }
  }
}

function tarFile({ name, size, link, leftOut }: FoundFile): TarFile {
  return {
    name,
    size,
    type: link === "" ? "file" : "link",
    link,
    comment: leftOut === null ? null : LEFT_OUT + leftOut,
  };
}

/** Copies what of `part`, which stands at `start`, falls into `buffer`, which stands at `from`. */
function copyPart(part: Buffer, start: number, buffer: Buffer, from: number): void {
  if (start >= from) part.copy(buffer, start - from);
  else if (start + part.length > from) part.copy(buffer, 0, from - start);
}

function changed(path: string, what: string): Error {
  return fault("io", `${path} ${what} while it was being read.`, path);
}
