import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname, isAbsolute, resolve, sep } from "node:path";
import { writeAtomically } from "../case-store/atomic-write.ts";
import { fault, onFile } from "../faults.ts";

/** Writes `name` (which may hold folders) below `folder` and nowhere else; replaces what is there. */
export async function writeBelow(
  folder: string,
  name: string,
  bytes: Uint8Array,
): Promise<{ path: string; sha256: string }> {
  const path = resolve(folder, name);
  if (isAbsolute(name) || !path.startsWith(resolve(folder) + sep)) {
    throw fault("invalid", `${name} is not below the output folder.`, path);
  }
  return onFile(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    await writeAtomically(path, bytes);
    return { path, sha256: createHash("sha256").update(bytes).digest("hex") };
  });
}
