import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { RecentCase } from "../../shared/contract/ipc.ts";
import { writeAtomically } from "./atomic-write.ts";

const Entry = z.object({
  path: z.string(),
  name: z.string(),
  openedAt: z.string(),
});
type Entry = z.infer<typeof Entry>;

const KEPT = 20;

/**
 * A list of cases opened on this computer, the latest first, in the user's data
 * folder: the recent ones in `recent-cases.json`, or all in `known-cases.json`.
 */
export class RecentCases {
  readonly #file: string;
  readonly #kept: number;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(userData: string, which: "recent" | "known" = "recent") {
    this.#file = join(userData, `${which}-cases.json`);
    this.#kept = which === "recent" ? KEPT : Infinity;
  }

  /** The cases, each with whether its folder is still there. */
  async list(): Promise<RecentCase[]> {
    const entries = await this.#read();
    return Promise.all(
      entries.map(async (entry) => ({
        ...entry,
        exists: await isFolder(entry.path),
      })),
    );
  }

  /** Puts a case at the top. */
  remember(path: string, name: string): Promise<void> {
    const entry = { path, name, openedAt: new Date().toISOString() };
    return this.#change((entries) => [entry, ...entries.filter((other) => other.path !== path)]);
  }

  forget(path: string): Promise<void> {
    return this.#change((entries) => entries.filter((other) => other.path !== path));
  }

  #change(edit: (entries: Entry[]) => Entry[]): Promise<void> {
    const work = this.#queue.then(async () => {
      const entries = edit(await this.#read()).slice(0, this.#kept);
      await writeAtomically(this.#file, JSON.stringify(entries, null, 1));
    });
    this.#queue = work.catch(() => undefined);
    return work;
  }

  /** A list that cannot be read is an empty list: it is a convenience, not case work. */
  async #read(): Promise<Entry[]> {
    try {
      return z.array(Entry).parse(JSON.parse(await readFile(this.#file, "utf8")));
    } catch {
      return [];
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() ?? false;
}
