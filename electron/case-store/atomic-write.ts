import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Writes a file so that at any instant either the old or the new content is
 * there: temporary name in the same folder, fsync, rename, fsync of the folder.
 */
export async function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const unique = randomBytes(6).toString("hex");
  const temporary = join(dirname(path), `.${basename(path).slice(0, 200)}.${unique}.tmp`);
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
  await syncDirectory(dirname(path));
}

/** Makes names in a folder durable. Not every system lets a folder be synced; there it is left out. */
export async function syncDirectory(path: string): Promise<void> {
  try {
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows refuses to open folders, some network file systems to sync them.
  }
}
