import { createHash } from "node:crypto";
import { onFile } from "../faults.ts";
import { openReadOnly } from "./open-read-only.ts";

/** SHA-256 as hex, and how many bytes it covers. */
export interface Digest {
  readonly sha256: string;
  readonly bytes: number;
}

const CHUNK = 4 * 1024 * 1024;

/** SHA-256 of a file as it is now. `onProgress` gets the bytes so far after each 4 MiB. */
export async function hashFile(
  path: string,
  onProgress?: (bytes: number) => void,
): Promise<Digest> {
  return onFile(path, async () => {
    const { handle } = await openReadOnly(path);
    try {
      const hash = createHash("sha256");
      const buffer = Buffer.allocUnsafe(CHUNK);
      let bytes = 0;
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, CHUNK, bytes);
        if (bytesRead === 0) return { sha256: hash.digest("hex"), bytes };
        hash.update(buffer.subarray(0, bytesRead));
        bytes += bytesRead;
        onProgress?.(bytes);
      }
    } finally {
      await handle.close();
    }
  });
}
