import { Fault } from "../shared/base/result.ts";
import type { IpcError } from "../shared/contract/ipc.ts";

type Kind = IpcError["kind"];

/** An expected failure, to be thrown; the window gets it as a value. */
export function fault(kind: Kind, message: string, path?: string): Fault<IpcError> {
  return new Fault<IpcError>(path === undefined ? { kind, message } : { kind, message, path });
}

/** What the operating system's error codes mean to a person. */
const MEANINGS: Record<string, readonly [Kind, string]> = {
  ENOENT: ["not-found", "is not there (any more)"],
  ENOTDIR: ["not-found", "is not there: a part of its path is not a folder"],
  EACCES: ["permission", "may not be accessed by this user"],
  EPERM: ["permission", "may not be accessed by this user"],
  EROFS: ["permission", "is on a medium that cannot be written"],
  ENOSPC: ["disk-full", "could not be written: the disk is full"],
  EDQUOT: ["disk-full", "could not be written: the disk quota is used up"],
  EFBIG: ["disk-full", "could not be written: it is larger than the disk's format allows"],
  EISDIR: ["invalid", "is a folder"],
  ENAMETOOLONG: ["invalid", "has a name that is too long"],
  EEXIST: ["invalid", "is there already"],
  EBUSY: ["locked", "is in use by another program"],
  EIO: ["io", "could not be read or written: the disk reports an error"],
  EMFILE: ["io", "could not be opened: too many files are open"],
  ENFILE: ["io", "could not be opened: too many files are open"],
};

/** The operating system's error code (`ENOENT`), or null for any other throw. */
export function errnoOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !("code" in thrown)) return null;
  const { code } = thrown;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : null;
}

/** A thrown value as an error for the window, or null if it is a bug. `path` is used where the throw names none. */
export function ipcErrorOf(thrown: unknown, path?: string): IpcError | null {
  if (thrown instanceof Fault) return thrown.error as IpcError;
  const code = errnoOf(thrown);
  if (code === null) return null;
  const where = pathOf(thrown) ?? path;
  const [kind, meaning] = MEANINGS[code] ?? ["io", `could not be read or written (${code})`];
  const message = `${where ?? "A file"} ${meaning}.`;
  return where === undefined ? { kind, message } : { kind, message, path: where };
}

/** Runs file work; what the operating system refuses becomes a fault that names `path`. */
export async function onFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = thrown instanceof Fault ? null : ipcErrorOf(thrown, path);
    throw error === null ? thrown : new Fault(error);
  }
}

function pathOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("path" in thrown)) return undefined;
  return typeof thrown.path === "string" ? thrown.path : undefined;
}
