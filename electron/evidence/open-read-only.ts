import { constants, type Stats } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";
import { fault, onFile } from "../faults.ts";

/** Opens a regular file for reading. Anything that could block or change (pipes, devices) is refused first. */
export async function openReadOnly(path: string): Promise<{ handle: FileHandle; found: Stats }> {
  return onFile(path, async () => {
    refuseOthers(path, await stat(path));
    // O_NONBLOCK is undefined on Windows, which adds nothing to the flags.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await handle.stat();
      refuseOthers(path, found);
      return { handle, found };
    } catch (thrown) {
      await handle.close();
      throw thrown;
    }
  });
}

function refuseOthers(path: string, found: Stats): void {
  if (found.isFile()) return;
  const message = found.isDirectory()
    ? `${path} is a folder.`
    : `${path} is not a regular file (it is a pipe, a socket or a device).`;
  throw fault("invalid", message, path);
}
