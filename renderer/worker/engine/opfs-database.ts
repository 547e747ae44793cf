import {
  DuckDBAccessMode,
  DuckDBDataProtocol,
  type AsyncDuckDB,
  type DuckDBQueryConfig,
} from "@duckdb/duckdb-wasm";
import { endOfBlocks, HEAD_BYTES } from "./database-header.ts";

/** Folder of the origin's private file system for temporary files. */
const SPILL = "spill";

/** After a worker ended, its file handles stay locked for a moment. */
const LOCK_RETRIES = 80;
const LOCK_WAIT = 100;

/**
 * Opens `NAME.duckdb` of the origin's private file system, its write-ahead log
 * registered beforehand (otherwise commits that are only in it can be lost).
 * A file that cannot be read is deleted and made anew: answers true then.
 */
export async function openInOpfs(
  db: AsyncDuckDB,
  name: string,
  query: DuckDBQueryConfig,
): Promise<boolean> {
  try {
    await openOnce(db, name, query);
    return false;
  } catch (thrown) {
    if (isLocked(thrown) || !isDamaged(thrown)) throw thrown;
    await db.dropFiles([path(name), `${path(name)}.wal`]).catch(() => null);
    await deleteDatabaseFiles(name);
    await openOnce(db, name, query);
    return true;
  }
}

async function openOnce(db: AsyncDuckDB, name: string, query: DuckDBQueryConfig): Promise<void> {
  const root = await navigator.storage.getDirectory();
  for (const suffix of ["", ".wal"]) {
    const handle = await root.getFileHandle(`${name}.duckdb${suffix}`, { create: true });
    await patiently(() =>
      db.registerFileHandle(path(name) + suffix, handle, DuckDBDataProtocol.BROWSER_FSACCESS, true),
    );
  }
  await db.open({ path: path(name), accessMode: DuckDBAccessMode.READ_WRITE, query });
}

/** Sizes of the blocks that DuckDB evicts, as they stand in the names of its temporary files. */
const BLOCK_SIZES = ["DEFAULT", "S32K", "S64K", "S96K", "S128K", "S160K", "S192K", "S224K"];
const FILES_PER_SIZE = 4;

/**
 * Files for what does not fit into memory. Every name that DuckDB may use has to
 * be registered beforehand: files made on demand gave wrong results in silence.
 * @returns the settings to be said before external access is switched off
 */
export async function registerSpill(db: AsyncDuckDB): Promise<string[]> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(SPILL, { create: true });
  for (const size of BLOCK_SIZES) {
    for (let i = 0; i < FILES_PER_SIZE; i++) {
      const handle = await folder.getFileHandle(`${size}-${i}`, { create: true });
      await patiently(() =>
        db.registerFileHandle(
          `opfs://${SPILL}/duckdb_temp_storage_${size}-${i}`,
          handle,
          DuckDBDataProtocol.BROWSER_FSACCESS,
          true,
        ),
      );
    }
  }
  return [`SET temp_directory='opfs://${SPILL}'`, "SET max_temp_directory_size='10GB'"];
}

/** Gives the room back that an interrupted write took; leaves a database alone that cannot be read. */
export async function giveRoomBack(name: string): Promise<void> {
  const root = await navigator.storage.getDirectory();
  await patiently(() => cutTail(root, `${name}.duckdb`)).catch(() => undefined);
}

/**
 * Cuts off what an import that did not end left behind the last block of a
 * database: on a full disk nothing else could be written. A database whose log
 * still holds commits stays as it is, for they may point at those blocks.
 */
async function cutTail(folder: FileSystemDirectoryHandle, file: string): Promise<void> {
  const log = await (await folder.getFileHandle(`${file}.wal`, { create: true })).getFile();
  if (log.size > 0) return;
  const handle = await (await folder.getFileHandle(file)).createSyncAccessHandle();
  try {
    const head = new Uint8Array(HEAD_BYTES);
    handle.read(head, { at: 0 });
    const end = endOfBlocks(new DataView(head.buffer));
    if (end === null || end >= handle.getSize()) return;
    handle.truncate(end);
    handle.flush();
  } finally {
    handle.close();
  }
}

/** Deletes a database and its log; files that are not there are no trouble. */
export async function deleteDatabaseFiles(name: string): Promise<void> {
  const root = await navigator.storage.getDirectory();
  for (const suffix of ["", ".wal"]) {
    await patiently(() =>
      root.removeEntry(`${name}.duckdb${suffix}`).catch((thrown: unknown) => {
        if (thrown instanceof DOMException && thrown.name === "NotFoundError") return;
        throw thrown;
      }),
    );
  }
}

function path(name: string): string {
  return `opfs://${name}.duckdb`;
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (thrown) {
      if (!isLocked(thrown) || attempt >= LOCK_RETRIES) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, LOCK_WAIT));
    }
  }
}

function isLocked(thrown: unknown): boolean {
  return /NoModificationAllowed|Access Handles cannot be created|locked/i.test(textOf(thrown));
}

/** Lack of space or memory says nothing about the file; anything else that keeps it from opening does. */
function isDamaged(thrown: unknown): boolean {
  return !/QuotaExceeded|No space left|out of memory|bad_alloc/i.test(textOf(thrown));
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name} ${thrown.message}` : String(thrown);
}
