import { createHash } from "node:crypto";
import { onFile } from "../faults.ts";
import { openContent, type Content } from "./content.ts";

/** SHA-256 as hex, and how many bytes it covers. */
export interface Digest {
  readonly sha256: string;
  readonly bytes: number;
}

const CHUNK = 4 * 1024 * 1024;

/** SHA-256 of a file or folder as it is now. `onProgress` gets the bytes so far after each 4 MiB. */
export async function hashFile(
  path: string,
  onProgress?: (bytes: number) => void,
): Promise<Digest> {
  return onFile(path, async () => hashContent(await openContent(path), onProgress));
}

export async function hashContent(
  content: Content,
  onProgress?: (bytes: number) => void,
): Promise<Digest> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(CHUNK);
  let bytes = 0;
  for (;;) {
    const length = await content.read(buffer, bytes);
    if (length === 0) return { sha256: hash.digest("hex"), bytes };
    hash.update(buffer.subarray(0, length));
    bytes += length;
    onProgress?.(bytes);
  }
}
