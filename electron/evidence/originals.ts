import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { OriginalCheck } from "../../shared/contract/ipc.ts";
import { ipcErrorOf } from "../faults.ts";
import { openContent } from "./content.ts";
import { hashContent, hashFile } from "./hashing.ts";

/** What the journal recorded of an original. */
export interface RecordedOriginal {
  readonly id: string;
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: string;
}

export type OriginalFinding = OriginalCheck & { foundAt?: string | undefined };

/**
 * Compares an original on disk with what was recorded. Equal size and time
 * count as unchanged; if either differs the content decides. A missing file is
 * looked for under another name in the same folder.
 */
export async function checkOriginal(recorded: RecordedOriginal): Promise<OriginalFinding> {
  const { id, path } = recorded;
  try {
    const found = await openContent(path);
    if (found.size !== recorded.size) {
      return {
        id,
        status: "changed",
        message: `${path} has ${String(found.size)} bytes; it had ${String(recorded.size)} when it was added.`,
      };
    }
    if (found.mtimeMs === recorded.mtimeMs) {
      return {
        id,
        status: "unchanged",
        message: `${path} has the size and time it was added with.`,
      };
    }
    return await compareContent(recorded);
  } catch (thrown) {
    const error = ipcErrorOf(thrown, path);
    if (error === null) throw thrown;
    if (error.kind !== "not-found") return { id, status: "unreadable", message: error.message };
    return searchMoved(recorded);
  }
}

async function compareContent(recorded: RecordedOriginal): Promise<OriginalFinding> {
  const { id, path } = recorded;
  const { sha256 } = await hashFile(path);
  if (sha256 === recorded.sha256) {
    const message = `${path} has a new time but the content it was added with.`;
    return { id, status: "unchanged", message };
  }
  const message = `${path} has other content than when it was added (SHA-256 ${sha256}, then ${recorded.sha256}).`;
  return { id, status: "changed", message };
}

async function searchMoved(recorded: RecordedOriginal): Promise<OriginalFinding> {
  const { id, path } = recorded;
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.sort()) {
    const candidate = join(folder, name);
    if (!(await isSame(candidate, recorded))) continue;
    return {
      id,
      status: "moved",
      message: `${path} is not there, but ${name} beside it has the same content.`,
      foundAt: candidate,
    };
  }
  const where =
    names.length > 0 ? "and no file beside it has its content" : "nor is the folder it was in";
  return { id, status: "missing", message: `${path} is not there, ${where}.` };
}

async function isSame(path: string, recorded: RecordedOriginal): Promise<boolean> {
  try {
    // A folder beside it may be somebody's whole disk.
    const found = await openContent(path, recorded.size);
    if (found.size !== recorded.size) return false;
    return (await hashContent(found)).sha256 === recorded.sha256;
  } catch {
    return false;
  }
}
