import { randomBytes } from "node:crypto";
import { realpath } from "node:fs/promises";
import { basename, isAbsolute } from "node:path";
import type { Stats } from "node:fs";
import type { Grant, GrantOutcome } from "../../shared/contract/ipc.ts";
import { fault, ipcErrorOf, onFile } from "../faults.ts";
import type { Digest } from "./hashing.ts";
import { openReadOnly } from "./open-read-only.ts";

/** A read of a whole file, under way or done. */
export interface LastRead {
  /** Digest of what was delivered; waits for the end. A read that was given up is a fault. */
  digest(patienceMs?: number): Promise<Digest>;
}

/** A file that the window may read. */
export interface GrantedFile {
  readonly grant: Grant;
  /** The file itself, without symbolic links. */
  readonly realPath: string;
  /** The last read of the whole file over `evidence://`; null before the first. */
  lastRead: LastRead | null;
}

/** The files that the window may read, by the host of their `evidence://` URL. Files are only ever opened for reading. */
export class Grants {
  readonly #files = new Map<string, GrantedFile>();

  /** Gives leave to read a file, or says why it cannot be read. */
  async grant(path: string): Promise<GrantOutcome> {
    try {
      const { realPath, found } = await examine(path);
      const grant: Grant = {
        id: randomBytes(16).toString("hex"),
        path,
        name: basename(path),
        size: found.size,
        mtimeMs: found.mtimeMs,
      };
      this.#files.set(grant.id, { grant, realPath, lastRead: null });
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

async function examine(path: string): Promise<{ realPath: string; found: Stats }> {
  if (!isAbsolute(path)) throw fault("invalid", `${path} is not an absolute path.`, path);
  return onFile(path, async () => {
    const realPath = await realpath(path);
    const { handle, found } = await openReadOnly(realPath);
    await handle.close();
    return { realPath, found };
  });
}
