import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { errnoOf, onFile } from "../faults.ts";
import { writeAtomically } from "./atomic-write.ts";

const DraftFile = z.record(z.string(), z.string());

/**
 * `drafts.json` of one open case: texts that are being typed, by key. While
 * one write is under way, later changes gather and go into the next.
 */
export class Drafts {
  #texts: Map<string, string> | null = null;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, "drafts.json");
  }

  /** All drafts by key. A file that cannot be parsed counts as empty; it is replaced by the next save. */
  async all(): Promise<Record<string, string>> {
    return Object.fromEntries(await this.#load());
  }

  /** Keeps a text, or deletes it (`null`); answers when that is on the disk. */
  async save(key: string, text: string | null): Promise<void> {
    const texts = await this.#load();
    if (text === null && !texts.has(key)) return;
    if (text === null) texts.delete(key);
    else texts.set(key, text);
    this.#next ??= this.#writeAfter(this.#writing, texts);
    await this.#next;
  }

  async #writeAfter(before: Promise<void>, texts: Map<string, string>): Promise<void> {
    await before.catch(() => undefined);
    this.#next = null;
    this.#writing = onFile(this.#path, () =>
      writeAtomically(this.#path, JSON.stringify(Object.fromEntries(texts), null, 1)),
    );
    await this.#writing;
  }

  async #load(): Promise<Map<string, string>> {
    if (this.#texts !== null) return this.#texts;
    const read = await readDrafts(this.#path);
    return (this.#texts ??= read);
  }
}

async function readDrafts(path: string): Promise<Map<string, string>> {
  try {
    const parsed = DraftFile.safeParse(JSON.parse(await readFile(path, "utf8")));
    return new Map(Object.entries(parsed.success ? parsed.data : {}));
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT" || thrown instanceof SyntaxError) return new Map();
    throw thrown;
  }
}
