import { constants, type BigIntStats, type Dirent } from "node:fs";
import { access, lstat, readdir, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf, fault, onFile } from "../faults.ts";

/** One file below a folder, as it was found. */
export interface FoundFile {
  /** Path below the folder, with `/`. */
  readonly name: string;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
  /** Where a symbolic link leads; links are not followed. */
  readonly link: string;
  /** Why its content is not taken; null for an ordinary file. */
  readonly leftOut: string | null;
}

export interface FoundFiles {
  /** Sorted by path. */
  readonly files: readonly FoundFile[];
  /** The latest change of a file or folder, in ms since the epoch. */
  readonly mtimeMs: number;
}

/** More files than that are hardly evidence, but somebody's whole disk. */
const MOST_FILES = 100_000;
/** Files that are looked at at the same time. */
const AT_ONCE = 32;
/** They come and go with looking at a folder. */
const FILE_MANAGERS = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

/**
 * All files below a folder. Symbolic links are named, not followed; what cannot
 * be read is named with the reason. More than `most` bytes or too many files
 * are a fault.
 */
export async function filesBelow(root: string, most = Infinity): Promise<FoundFiles> {
  const found = new Walk(root, most);
  await onFile(root, () => found.folder(""));
  const files = found.files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { files, mtimeMs: found.mtimeMs };
}

class Walk {
  readonly files: FoundFile[] = [];
  mtimeMs = 0;
  #bytes = 0;

  constructor(
    readonly root: string,
    readonly most: number,
  ) {}

  async folder(below: string): Promise<void> {
    const path = join(this.root, below);
    this.mtimeMs = Math.max(this.mtimeMs, (await stat(path)).mtimeMs);
    const items = await readdir(path, { withFileTypes: true });
    const wanted = items.filter((item) => !FILE_MANAGERS.has(item.name));
    for (let at = 0; at < wanted.length; at += AT_ONCE) {
      const some = wanted.slice(at, at + AT_ONCE);
      await Promise.all(some.map((item) => this.#item(`${below}${item.name}`, item)));
    }
  }

  async #item(name: string, item: Dirent): Promise<void> {
    try {
      if (item.isDirectory()) await this.#subfolder(name);
      else if (item.isSymbolicLink()) await this.#link(name);
      else if (item.isFile()) await this.#file(name);
      else this.#leaveOut(name, "a pipe, a socket or a device");
    } catch (thrown) {
      const code = errnoOf(thrown);
      if (code === "ENOENT") return;
      if (code !== "EACCES" && code !== "EPERM") throw thrown;
      this.#leaveOut(item.isDirectory() ? `${name}/` : name, "it may not be read by this user");
    }
  }

  async #subfolder(name: string): Promise<void> {
    const isCase = name.endsWith(".inquest") && (await exists(join(this.root, name, "case.json")));
    // It changes with every step of the investigation.
    if (isCase) this.#leaveOut(`${name}/`, "a case of Inquest");
    else await this.folder(`${name}/`);
  }

  async #link(name: string): Promise<void> {
    const path = join(this.root, name);
    this.#add(name, await lstat(path, { bigint: true }), 0, await readlink(path), null);
  }

  async #file(name: string): Promise<void> {
    const path = join(this.root, name);
    const found = await stat(path, { bigint: true });
    if ((found.mode & READABLE_BY_ALL) !== READABLE_BY_ALL) await access(path, constants.R_OK);
    this.#bytes += Number(found.size);
    if (this.#bytes > this.most) throw fault("invalid", `${this.root} is too large.`, this.root);
    this.mtimeMs = Math.max(this.mtimeMs, toMs(found.mtimeNs));
    this.#add(name, found, Number(found.size), "", null);
  }

  #leaveOut(name: string, reason: string): void {
    this.#add(name, NEVER, 0, "", reason);
  }

  #add(
    name: string,
    { mtimeNs, ctimeNs, ino }: Pick<BigIntStats, "mtimeNs" | "ctimeNs" | "ino">,
    size: number,
    link: string,
    leftOut: string | null,
  ): void {
    if (this.files.length >= MOST_FILES) {
      const message = `${this.root} holds more than ${String(MOST_FILES)} files. Add the folders in it that are evidence.`;
      throw fault("invalid", message, this.root);
    }
    this.files.push({ name, size, mtimeNs, ctimeNs, ino, link, leftOut });
  }
}

/** A time as `fs.Stats` gives it in milliseconds. */
export function toMs(ns: bigint): number {
  return Number(ns / 1_000_000_000n) * 1000 + Number(ns % 1_000_000_000n) / 1e6;
}

const READABLE_BY_ALL = 0o444n;
const NEVER = { mtimeNs: 0n, ctimeNs: 0n, ino: 0n };

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
