import { open as openFile, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { OpenedCase } from "../../shared/contract/ipc.ts";
import { FIRST_PREV, type CaseEvent, type JournalLine } from "../../shared/case/events.ts";
import { readLinks, sealLine, verifyChain, type HashText } from "../../shared/case/hash-chain.ts";
import { CASE_FORMAT, upgradeLine } from "../../shared/case/upgrade.ts";
import { fault, onFile } from "../faults.ts";
import { syncDirectory } from "./atomic-write.ts";

/** The few file operations that an append needs; tests inject ones that fail. */
export interface JournalHandle {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly hash: HashText;
  readonly actor: string;
  /** Nothing is repaired and nothing can be appended. */
  readonly readOnly: boolean;
  readonly now?: () => Date;
  readonly openHandle?: (path: string) => Promise<JournalHandle>;
}

type Trouble = OpenedCase["journalTrouble"][number];

interface JournalContent {
  /** The lines as today's events, in order, without the unreadable ones. */
  readonly lines: JournalLine[];
  readonly trouble: Trouble[];
  /** Bytes of the complete lines. */
  readonly length: number;
  /** What follows the last complete line: left by a write that did not end. */
  readonly torn: Uint8Array;
  /** The last line is whole and sound and lacks nothing but its line end. */
  readonly needsLineEnd: boolean;
  readonly last: { seq: number; hash: string };
}

const LINE_END = 0x0a;

/**
 * `journal.jsonl` of one open case: one event a line, appended, synced and
 * chained by hashes. Appends are done one after the other; each answers when
 * its lines are on the disk.
 */
export class JournalFile {
  readonly lines: JournalLine[];
  readonly trouble: readonly Trouble[];
  #length: number;
  #last: { seq: number; hash: string };
  #queue: Promise<unknown> = Promise.resolve();
  /** Set when a failed append could not be taken back: tried again before the next one. */
  #dirty = false;

  private constructor(
    private readonly path: string,
    private readonly handle: JournalHandle | null,
    private readonly options: JournalOptions,
    content: JournalContent,
  ) {
    this.lines = content.lines;
    this.trouble = content.trouble;
    this.#length = content.length;
    this.#last = content.last;
  }

  /**
   * Reads a journal and, unless it is opened read-only, sets a torn last line
   * aside to `journal.torn`. Every trouble found is reported and none of them
   * keeps the rest from being read.
   */
  static async open(path: string, options: JournalOptions): Promise<JournalFile> {
    return onFile(path, async () => {
      const bytes = await readFile(path);
      const content = readJournal(bytes, options);
      if (options.readOnly) return new JournalFile(path, null, options, content);
      const handle = await (options.openHandle ?? openForWriting)(path);
      try {
        const journal = new JournalFile(path, handle, options, content);
        await journal.#repair(content);
        return journal;
      } catch (thrown) {
        await handle.close();
        throw thrown;
      }
    });
  }

  /** Appends events; answers the sealed lines once they are on the disk. All of them, or none. */
  append(events: readonly CaseEvent[]): Promise<JournalLine[]> {
    const work = this.#queue.then(() => onFile(this.path, () => this.#append(events)));
    this.#queue = work.catch(() => undefined);
    return work;
  }

  /** Waits for appends under way and closes the file. */
  async close(): Promise<void> {
    const closed = this.#queue.then(() => this.handle?.close());
    this.#queue = closed.catch(() => undefined);
    await closed;
  }

  /** Sets a torn line aside before it is cut off, and ends a whole last line that lacks its end. */
  async #repair(content: JournalContent): Promise<void> {
    if (content.torn.length > 0) {
      await setAside(this.path, content.torn);
      await this.handle?.truncate(content.length);
      await this.handle?.datasync();
    }
    if (content.needsLineEnd) await this.#write(Uint8Array.of(LINE_END));
  }

  async #append(events: readonly CaseEvent[]): Promise<JournalLine[]> {
    let { seq, hash } = this.#last;
    const at = (this.options.now?.() ?? new Date()).toISOString();
    const sealed = events.map((event) => {
      const draft = {
        ...event,
        seq: ++seq,
        at,
        actor: this.options.actor,
        prev: hash,
      };
      const line = sealLine(draft, this.options.hash);
      hash = line.hash;
      return line;
    });
    const text = sealed.map((line) => `${JSON.stringify(line)}\n`).join("");
    await this.#write(new TextEncoder().encode(text));
    this.#last = { seq, hash };
    this.lines.push(...sealed);
    return sealed;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const { handle } = this;
    if (handle === null) throw fault("locked", "The case is open read-only.", this.path);
    if (this.#dirty) await this.#takeBack(handle);
    try {
      let done = 0;
      while (done < bytes.length) {
        const left = bytes.length - done;
        const { bytesWritten } = await handle.write(bytes, done, left, this.#length + done);
        if (bytesWritten === 0) throw fault("io", "The journal could not be written.", this.path);
        done += bytesWritten;
      }
      await handle.datasync();
    } catch (thrown) {
      this.#dirty = true;
      await this.#takeBack(handle).catch(() => undefined);
      throw thrown;
    }
    this.#length += bytes.length;
  }

  /** Cuts off what a failed append left behind. */
  async #takeBack(handle: JournalHandle): Promise<void> {
    await handle.truncate(this.#length);
    await handle.datasync();
    this.#dirty = false;
  }
}

/** Splits and checks the bytes of a journal. */
export function readJournal(
  bytes: Uint8Array,
  options: Pick<JournalOptions, "hash" | "readOnly">,
): JournalContent {
  const end = bytes.lastIndexOf(LINE_END) + 1;
  const texts = splitLines(bytes.subarray(0, end));
  const rest = bytes.subarray(end);
  const needsLineEnd =
    rest.length > 0 && isWholeLine(rest, parse(texts.at(-1) ?? ""), options.hash);
  if (needsLineEnd) texts.push(new TextDecoder().decode(rest));

  const values = texts.map(parse);
  const trouble: Trouble[] = verifyChain(values, options.hash).map(({ line, message }) => ({
    kind: "chain",
    line,
    message,
  }));
  const lines: JournalLine[] = [];
  values.forEach((value, index) => {
    const read = upgradeLine(value, CASE_FORMAT);
    if (read.ok) lines.push(read.value);
    else trouble.push(unreadable(index + 1, value === null ? "it is not JSON" : read.error));
  });

  const torn = needsLineEnd ? new Uint8Array() : rest;
  if (torn.length > 0) trouble.push(tornLine(texts.length + 1, torn.length, options.readOnly));
  trouble.sort((a, b) => a.line - b.line);
  const length = bytes.length - torn.length;
  return { lines, trouble, length, torn, needsLineEnd, last: lastLink(values) };
}

function splitLines(bytes: Uint8Array): string[] {
  const texts = new TextDecoder().decode(bytes).split("\n");
  texts.pop();
  return texts;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** True for a last line without line end that is all there and follows the line before. */
function isWholeLine(bytes: Uint8Array, before: unknown, hash: HashText): boolean {
  const value = parse(new TextDecoder().decode(bytes));
  const links = readLinks(value);
  if (links === null) return false;
  const prev = before === null ? FIRST_PREV : readLinks(before)?.hash;
  return links.prev === prev && sealsTo(links, hash);
}

function sealsTo(links: { hash: string; content: object }, hash: HashText): boolean {
  return sealLine(links.content as Parameters<typeof sealLine>[0], hash).hash === links.hash;
}

/** Where the next line links to: the last line that has links, and the highest number in use. */
function lastLink(values: readonly unknown[]): { seq: number; hash: string } {
  let last = { seq: 0, hash: FIRST_PREV };
  for (const value of values) {
    const links = readLinks(value);
    if (links !== null) last = { seq: Math.max(links.seq, last.seq), hash: links.hash };
  }
  return last;
}

function unreadable(line: number, why: string): Trouble {
  return {
    kind: "unreadable",
    line,
    message: `Line ${String(line)} of the journal cannot be read (${why}). It stays in the file; what it recorded is missing from the case.`,
  };
}

function tornLine(line: number, bytes: number, readOnly: boolean): Trouble {
  const done = readOnly
    ? "It was left where it is, because the case is open read-only"
    : "It was moved to journal.torn";
  return {
    kind: "torn",
    line,
    message: `The last line of the journal was cut off while it was being written (${String(bytes)} bytes). ${done}; everything before it is there.`,
  };
}

async function setAside(journal: string, torn: Uint8Array): Promise<void> {
  const handle = await openFile(join(dirname(journal), "journal.torn"), "a");
  try {
    await handle.writeFile(torn);
    await handle.writeFile("\n");
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncDirectory(dirname(journal));
}

function openForWriting(path: string): Promise<JournalHandle> {
  return openFile(path, "r+");
}
