import { createHash } from "node:crypto";
import { access, mkdir, readFile, realpath } from "node:fs/promises";
import { extname, join } from "node:path";
import type { CaseEvent, JournalLine } from "../../shared/case/events.ts";
import { refusedWhenFinal } from "../../shared/case/review.ts";
import type { OpenedCase } from "../../shared/contract/ipc.ts";
import type { CaseFile } from "../../shared/model/case.ts";
import { fault, onFile } from "../faults.ts";
import { writeAtomically } from "./atomic-write.ts";
import { createCaseFolder, fileNameOf, isWritable, readCaseFolder } from "./case-folder.ts";
import { lockCase, type LockOutcome } from "./case-lock.ts";
import { Drafts } from "./drafts.ts";
import { JournalFile } from "./journal-file.ts";

interface OpenCase {
  readonly path: string;
  readonly file: CaseFile;
  readonly journal: JournalFile;
  readonly drafts: Drafts;
  readonly readOnly: { holder: string } | null;
  readonly release: () => void;
}

/** The cases that this process has open, by folder. */
export class CaseStore {
  readonly #open = new Map<string, OpenCase>();
  /** Opening and closing happen one after the other. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly actor: string,
    /** Set where nothing may be written at all, with the reason. */
    private readonly neverWrite: string | null = null,
  ) {}

  /** Makes a new case with `case/created` as its first line, and opens it. */
  async create(directory: string, name: string): Promise<OpenedCase> {
    const { path, file } = await createCaseFolder(directory, name);
    await this.open(path);
    await this.append(path, [{ type: "case/created", data: { name: file.name } }]);
    return this.open(path);
  }

  /** Opens a case, or answers its present state if this process has it open already (a reloaded window). */
  open(path: string): Promise<OpenedCase> {
    return this.#inTurn(async () => {
      const real = await onFile(path, () => realpath(path));
      const known = this.#open.get(real) ?? (await this.#openNew(real));
      this.#open.set(real, known);
      return answerOf(known);
    });
  }

  /** Closes a case and gives its lock back; a case that is not open is left alone. */
  close(path: string): Promise<void> {
    return this.#inTurn(async () => {
      const real = await realpath(path).catch(() => path);
      const known = this.#open.get(real);
      if (known === undefined) return;
      this.#open.delete(real);
      await known.journal.close();
      known.release();
    });
  }

  /** Appends to the journal; nothing that would change a final report. */
  async append(path: string, events: readonly CaseEvent[]): Promise<JournalLine[]> {
    const { journal } = await this.#writable(path);
    const refused = refusedWhenFinal(journal.lines, events);
    if (refused !== null) throw fault("invalid", refused);
    return journal.append(events);
  }

  async saveDraft(path: string, key: string, text: string | null): Promise<void> {
    await (await this.#writable(path)).drafts.save(key, text);
  }

  async drafts(path: string): Promise<Record<string, string>> {
    return (await this.#known(path)).drafts.all();
  }

  /**
   * Writes into `exports/`. A file that is there with other content stays: its
   * SHA-256 may be on record, so the new one gets a number.
   */
  async writeExport(
    path: string,
    name: string,
    bytes: Uint8Array,
  ): Promise<{ path: string; sha256: string }> {
    const known = await this.#writable(path);
    const folder = join(known.path, "exports");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return onFile(folder, async () => {
      await mkdir(folder, { recursive: true });
      const target = await freeName(folder, fileNameOf(name), sha256);
      await writeAtomically(target, bytes);
      return { path: target, sha256 };
    });
  }

  hasOpenCases(): boolean {
    return this.#open.size > 0;
  }

  /** Closes everything, at the end of the process. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((path) => this.close(path)));
  }

  /** Gives the locks back at once, for an end that cannot wait. */
  releaseLocks(): void {
    for (const known of this.#open.values()) known.release();
  }

  async #openNew(path: string): Promise<OpenCase> {
    const file = await readCaseFolder(path);
    const lock = await this.#lock(path);
    try {
      const journal = await JournalFile.open(join(path, "journal.jsonl"), {
        hash: (text) => createHash("sha256").update(text).digest("hex"),
        actor: this.actor,
        readOnly: !lock.held,
      });
      const readOnly = lock.held ? null : { holder: lock.holder };
      const release = lock.held ? lock.release : () => undefined;
      return {
        path,
        file,
        journal,
        drafts: new Drafts(path),
        readOnly,
        release,
      };
    } catch (thrown) {
      if (lock.held) lock.release();
      throw thrown;
    }
  }

  async #lock(path: string): Promise<LockOutcome> {
    if (this.neverWrite !== null) return { held: false, holder: this.neverWrite };
    if (!(await isWritable(path))) return { held: false, holder: "a write-protected folder" };
    return onFile(path, () => lockCase(path));
  }

  async #known(path: string): Promise<OpenCase> {
    const real = await onFile(path, () => realpath(path));
    const known = this.#open.get(real);
    if (known === undefined) throw fault("invalid", `The case ${path} is not open.`, path);
    return known;
  }

  async #writable(path: string): Promise<OpenCase> {
    const known = await this.#known(path);
    if (known.readOnly === null) return known;
    throw fault("locked", `The case is open read-only: held by ${known.readOnly.holder}.`, path);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }
}

function answerOf(known: OpenCase): OpenedCase {
  return {
    path: known.path,
    file: known.file,
    journal: [...known.journal.lines],
    readOnly: known.readOnly,
    journalTrouble: [...known.journal.trouble],
  };
}

/** `NAME.ext`, or `NAME-2.ext` … where that is taken by a file with other content. */
async function freeName(folder: string, name: string, sha256: string): Promise<string> {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? name : `${stem}-${String(number)}${extension}`);
    const taken = await access(path).then(
      () => true,
      () => false,
    );
    if (!taken) return path;
    const content = await readFile(path).catch(() => null);
    if (content !== null && createHash("sha256").update(content).digest("hex") === sha256)
      return path;
  }
}
