import { randomBytes } from "node:crypto";
import { readFileSync, unlinkSync } from "node:fs";
import { link, open, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname, uptime } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { errnoOf } from "../faults.ts";

/** Who holds a case; the content of `case.lock`. */
export const LockHolder = z.object({
  pid: z.number().int(),
  host: z.string(),
  /** When the process began, in the system's own count (Linux: clock ticks since boot); null where unknown. */
  processStart: z.string().nullable(),
  lockedAt: z.string(),
});
export type LockHolder = z.infer<typeof LockHolder>;

export type LockOutcome =
  | { readonly held: true; readonly release: () => void }
  | { readonly held: false; readonly holder: string };

/** What the lock asks about processes; tests pass their own. */
export interface ProcessTable {
  readonly self: LockHolder;
  isRunning(pid: number): boolean;
  /** See `LockHolder.processStart`. */
  startOf(pid: number): string | null;
  /** When the machine was started, ms since the epoch. */
  readonly bootedAt: number;
}

const LOCK_NAME = "case.lock";
/** A lock without readable content is either being written this moment, or left by a crash. */
const GRACE_MS = 10_000;
/** Clocks are set; a lock is only older than the machine's start if it is clearly so. */
const BOOT_MARGIN_MS = 120_000;

/**
 * Takes the lock of a case folder, or says who has it. A lock is stale, and is
 * taken over, when its process is gone from this host, or when its process id
 * now belongs to another process.
 */
export async function lockCase(folder: string, processes = thisMachine()): Promise<LockOutcome> {
  const path = join(folder, LOCK_NAME);
  const content = JSON.stringify(processes.self);
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await createExclusively(path, content)) {
      return {
        held: true,
        release: () => {
          releaseLock(path, content);
        },
      };
    }
    const found = await readFile(path, "utf8").catch(() => null);
    if (found === null) continue;
    const holder = parseHolder(found);
    const stale = holder === null ? await isOld(path) : isStale(holder, processes);
    if (!stale)
      return {
        held: false,
        holder: describeHolder(holder, processes.self.host),
      };
    await removeStale(path, found);
  }
  return {
    held: false,
    holder: "another Inquest that is opening it right now",
  };
}

/** True if the process that took the lock no longer exists. */
export function isStale(holder: LockHolder, processes: ProcessTable): boolean {
  if (holder.host !== processes.self.host) return false;
  if (Date.parse(holder.lockedAt) < processes.bootedAt - BOOT_MARGIN_MS) return true;
  if (!processes.isRunning(holder.pid)) return true;
  const start = processes.startOf(holder.pid);
  return start !== null && holder.processStart !== null && start !== holder.processStart;
}

/** A file that appears with its content or not at all. */
async function createExclusively(path: string, content: string): Promise<boolean> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  const handle = await open(temporary, "wx");
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(temporary, path);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === "EEXIST") return false;
    return await createWithoutLinks(path, content);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** For file systems without hard links (exFAT, some shares). */
async function createWithoutLinks(path: string, content: string): Promise<boolean> {
  try {
    const handle = await open(path, "wx");
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === "EEXIST") return false;
    throw thrown;
  }
}

/** Removes a lock that was found stale, but puts back one that somebody else took in the meantime. */
async function removeStale(path: string, content: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    await rename(path, aside);
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return;
    throw thrown;
  }
  const moved = await readFile(aside, "utf8");
  if (moved !== content) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Synchronous, so that it also works while the application ends. */
function releaseLock(path: string, content: string): void {
  try {
    if (readFileSync(path, "utf8") === content) unlinkSync(path);
  } catch {
    // The folder is gone or was made read-only; a stale lock is recognised later.
  }
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found === null || Date.now() - found.mtimeMs > GRACE_MS;
}

function parseHolder(text: string): LockHolder | null {
  try {
    return LockHolder.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function describeHolder(holder: LockHolder | null, here: string): string {
  if (holder === null) return "another Inquest";
  const where = holder.host === here ? "this computer" : `the computer ${holder.host}`;
  return `another Inquest on ${where} (process ${String(holder.pid)}, since ${holder.lockedAt})`;
}

/** The processes of this machine. */
export function thisMachine(): ProcessTable {
  return {
    self: {
      pid: process.pid,
      host: hostname(),
      processStart: processStart(process.pid),
      lockedAt: new Date().toISOString(),
    },
    isRunning,
    startOf: processStart,
    bootedAt: Date.now() - uptime() * 1000,
  };
}

/** True if a process with that id exists on this machine. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return errnoOf(thrown) === "EPERM";
  }
}

/** Field 22 of /proc/PID/stat; the name in field 2 may itself hold blanks and brackets. */
function processStart(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
