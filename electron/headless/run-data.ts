import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning } from "../case-store/case-lock.ts";

const PREFIX = "inquest-run-";

/**
 * Makes the data folder of a headless run. It holds tables made from evidence,
 * so what a killed run left behind is removed here, by process id.
 */
export function makeRunData(place = tmpdir()): string {
  for (const name of readdirSync(place)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) removeRunData(join(place, name));
  }
  return mkdtempSync(join(place, `${PREFIX}${String(process.pid)}-`));
}

/** Removes it. What cannot be removed (another user's, or in use on Windows) stays for a later run. */
export function removeRunData(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // See above.
  }
}
