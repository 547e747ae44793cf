import { randomBytes } from "node:crypto";
import { realpath } from "node:fs/promises";
import { basename, isAbsolute } from "node:path";
import type { Grant, GrantOutcome } from "../../shared/contract/ipc.ts";
import { fault, ipcErrorOf, onFile } from "../faults.ts";
import { openContent, type Content } from "./content.ts";
import { hashContent, type Digest } from "./hashing.ts";

/** A read of a whole file, under way or done. */
export interface LastRead {
  /** Digest of what was delivered; waits for the end. A read that was given up is a fault. */
  digest(patienceMs?: number): Promise<Digest>;
}

/** A file or folder that the window may read. */
export interface GrantedFile {
  readonly grant: Grant;
  /** The file itself, without symbolic links. */
  readonly realPath: string;
  /** A folder as it was when it was last looked at; null for a file. */
  folder: Content | null;
  /** What was hashed last. */
  hashed: { readonly fingerprint: string; readonly digest: Digest } | null;
  /** The last read of the whole file over `evidence://`; null before the first. */
  lastRead: LastRead | null;
}

/** The files that the window may read, by the host of their `evidence://` URL. Files are only ever opened for reading. */
export class Grants {
  readonly #files = new Map<string, GrantedFile>();

  /** Gives leave to read a file, or says why it cannot be read. */
  async grant(path: string): Promise<GrantOutcome> {
    try {
      const { realPath, content } = await examine(path);
      const grant: Grant = {
        id: randomBytes(16).toString("hex"),
        path,
        name: basename(path),
        size: content.size,
        mtimeMs: content.mtimeMs,
        isFolder: content.isFolder,
      };
      const folder = content.isFolder ? content : null;
      this.#files.set(grant.id, { grant, realPath, folder, hashed: null, lastRead: null });
      return { ok: true, grant };
    } catch (thrown) {
      const error = ipcErrorOf(thrown, path);
      if (error === null) throw thrown;
      return { ok: false, path, error };
    }
  }

  find(id: string): GrantedFile | undefined {
    return this.#files.get(id);
  }

  /** Like `find`, but an unknown id is a fault. */
  get(id: string): GrantedFile {
    const file = this.#files.get(id);
    if (file === undefined) throw fault("invalid", `There is no leave to read ${id}.`);
    return file;
  }
}

/** A change just before the hashing may have left the times as they are: clocks of file systems are coarse. */
const SETTLED_MS = 2_000;

/**
 * Digest of a granted file or folder as it is now. Of one that has the same
 * size and times as when it was hashed last, the digest is known: a folder of
 * a hundred files is asked for before and after each of them.
 */
export async function hashGranted(
  file: GrantedFile,
  onProgress?: (bytes: number) => void,
): Promise<Digest> {
  return onFile(file.grant.path, async () => {
    const content = await openContent(file.realPath);
    if (content.isFolder) file.folder = content;
    if (file.hashed?.fingerprint === content.fingerprint) return file.hashed.digest;
    const settled = Date.now() - content.changedMs > SETTLED_MS;
    const digest = await hashContent(content, onProgress);
    file.hashed = settled ? { fingerprint: content.fingerprint, digest } : null;
    return digest;
  });
}

async function examine(path: string): Promise<{ realPath: string; content: Content }> {
  if (!isAbsolute(path)) throw fault("invalid", `${path} is not an absolute path.`, path);
  return onFile(path, async () => {
    const realPath = await realpath(path);
    return { realPath, content: await openContent(realPath) };
  });
}
