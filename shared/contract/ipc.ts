import { z } from "zod";
import { CaseEvent, JournalLine } from "../case/events.ts";
import { CaseFile } from "../model/case.ts";
import { CaseDigest } from "../model/library.ts";
import { OriginalStatus } from "../model/evidence.ts";

/**
 * Every message between the window and the main process, in one place.
 * The main process checks the arguments, the window checks the answers.
 *
 * Failures that a person can do something about come back as
 * `{ ok: false, error: { kind, message, path? } }`; anything else rejects.
 */
export const IpcError = z.object({
  kind: z.enum([
    "not-found",
    "permission",
    "disk-full",
    "damaged",
    "locked",
    "cancelled",
    "invalid",
    "io",
  ]),
  message: z.string(),
  path: z.string().optional(),
});
export type IpcError = z.infer<typeof IpcError>;

function answer<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion("ok", [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), error: IpcError }),
  ]);
}

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

export const AppInfo = z.object({
  version: z.string(),
  electron: z.string(),
  chrome: z.string(),
  platform: z.string(),
  /** True while the end-to-end tests drive the window. */
  e2e: z.boolean(),
  /** Milliseconds since the epoch at which the process was created. */
  processStartedAt: z.number(),
  /** Where a case goes whose place nobody asked for (the sample): `Documents/Inquest`. */
  casesDirectory: z.string(),
});
export type AppInfo = z.infer<typeof AppInfo>;

export const RecentCase = z.object({
  path: z.string(),
  name: z.string(),
  openedAt: z.string(),
  exists: z.boolean(),
});
export type RecentCase = z.infer<typeof RecentCase>;

/** A case as read from disk. */
export const OpenedCase = z.object({
  path: z.string(),
  file: CaseFile,
  journal: z.array(JournalLine),
  /** Set when another window holds the case: nothing can be written. */
  readOnly: z.object({ holder: z.string() }).nullable(),
  /** What was wrong with the journal and what was done about it, in words. */
  journalTrouble: z.array(
    z.object({
      kind: z.enum(["torn", "chain", "unreadable"]),
      line: z.number(),
      message: z.string(),
    }),
  ),
});
export type OpenedCase = z.infer<typeof OpenedCase>;

/**
 * Leave to read one file, given by a person's choice; the id is the host of its
 * `evidence://` URL. Of a folder, the bytes there are a tar archive of the files
 * below it: sorted by path, without times and owners.
 */
export const Grant = z.object({
  id: z.string(),
  path: z.string(),
  name: z.string(),
  size: z.number(),
  mtimeMs: z.number(),
  isFolder: z.boolean(),
});
export type Grant = z.infer<typeof Grant>;

export const GrantOutcome = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), grant: Grant }),
  z.object({ ok: z.literal(false), path: z.string(), error: IpcError }),
]);
export type GrantOutcome = z.infer<typeof GrantOutcome>;

export const OriginalCheck = z.object({
  id: z.string(),
  status: OriginalStatus,
  message: z.string(),
});
export type OriginalCheck = z.infer<typeof OriginalCheck>;

export const Sample = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  recipePath: z.string(),
});
export type Sample = z.infer<typeof Sample>;

/** What the command line asks of a hidden window. Paths are absolute. */
export const HeadlessJob = z.discriminatedUnion("command", [
  z.object({
    command: z.literal("run"),
    recipe: z.string(),
    out: z.string(),
    json: z.boolean(),
  }),
  z.object({
    command: z.literal("verify"),
    target: z.string(),
    /** Of an encrypted bundle; the environment may hold it as well. */
    passphraseFile: z.string().nullable(),
    /** Fingerprint of the key that must have signed a bundle. */
    signer: z.string().nullable(),
    /** Folder in which originals are looked for by their names. */
    evidence: z.string().nullable(),
    json: z.boolean(),
  }),
  z.object({
    command: z.literal("import"),
    file: z.string(),
    as: z.enum(["csv", "jsonl", "arrow"]),
    /** Which part of a container. */
    member: z.string().nullable(),
    json: z.boolean(),
  }),
  z.object({ command: z.literal("formats"), json: z.boolean() }),
]);
export type HeadlessJob = z.infer<typeof HeadlessJob>;

export const IPC = {
  /** Who we are. */
  "app.info": { args: z.tuple([]), result: AppInfo },
  "app.samples": { args: z.tuple([]), result: z.array(Sample) },
  /** Full screen, developer tools and the like stay in the menu; this sets the window's title. */
  "app.setTitle": { args: z.tuple([z.string()]), result: z.null() },
  "app.setTheme": { args: z.tuple([z.enum(["light", "dark"])]), result: z.null() },

  /** Makes `directory/NAME.inquest/`; without a directory a dialog asks for the place. */
  "case.create": {
    args: z.tuple([z.object({ name: z.string(), directory: z.string().nullable() })]),
    result: answer(OpenedCase),
  },
  /** Opens a case folder; without a path a dialog asks for it. */
  "case.open": {
    args: z.tuple([z.object({ path: z.string().nullable() })]),
    result: answer(OpenedCase),
  },
  "case.close": { args: z.tuple([z.object({ path: z.string() })]), result: z.null() },
  "case.recent": { args: z.tuple([]), result: z.array(RecentCase) },
  "case.forget": { args: z.tuple([z.object({ path: z.string() })]), result: z.null() },
  /** Appends events to the journal; answers when they are on the disk (fsync). */
  "case.append": {
    args: z.tuple([z.object({ path: z.string(), events: z.array(CaseEvent) })]),
    result: answer(z.array(JournalLine)),
  },
  /**
   * A text being typed, kept beside the journal until the event for it is
   * appended, so that a crash in the middle of typing loses nothing.
   */
  "case.saveDraft": {
    args: z.tuple([z.object({ path: z.string(), key: z.string(), text: z.string().nullable() })]),
    result: answer(z.null()),
  },
  "case.drafts": {
    args: z.tuple([z.object({ path: z.string() })]),
    result: z.record(z.string(), z.string()),
  },
  /** Writes into `exports/` of the case (temporary name, fsync, rename); answers path and SHA-256. */
  "case.writeExport": {
    args: z.tuple([z.object({ path: z.string(), name: z.string(), bytes: Bytes })]),
    result: answer(z.object({ path: z.string(), sha256: z.string() })),
  },
  /** Every case that was ever opened here, as its journal stands on disk; nothing is locked or repaired. */
  "library.cases": {
    args: z.tuple([]),
    result: z.array(
      z.object({
        path: z.string(),
        name: z.string(),
        /** Null where it cannot be read; `message` says why. */
        found: z.object({ file: CaseFile, journal: z.array(JournalLine) }).nullable(),
        message: z.string(),
      }),
    ),
  },
  /** Cases that were imported from files, kept beside the user's settings. */
  "library.past": { args: z.tuple([]), result: z.array(CaseDigest) },
  "library.savePast": { args: z.tuple([z.array(CaseDigest)]), result: answer(z.null()) },
  /** Takes a case out of the library; its folder stays. */
  "library.forget": { args: z.tuple([z.object({ path: z.string() })]), result: z.null() },

  /** SHA-256 of the public key with which this user signs, hex; null while there is none. */
  "bundle.key": {
    args: z.tuple([]),
    result: answer(z.object({ fingerprint: z.string().nullable() })),
  },
  /** Packs a case that is open into `exports/NAME.zip`; see `electron/bundle/write-bundle.ts`. */
  "bundle.write": {
    args: z.tuple([
      z.object({
        path: z.string(),
        name: z.string(),
        files: z.array(z.object({ path: z.string(), bytes: Bytes })),
        journal: z.boolean(),
        evidence: z.boolean(),
        info: z.array(z.tuple([z.string(), z.string()])),
        passphrase: z.string().nullable(),
        signer: z.string().nullable(),
      }),
    ]),
    result: answer(
      z.object({ path: z.string(), sha256: z.string(), fingerprint: z.string().nullable() }),
    ),
  },
  /**
   * Unpacks and checks a bundle, as far as that needs no database; null where
   * the path is none. `originals`: where the original of an evidence is now.
   */
  "bundle.open": {
    args: z.tuple([
      z.object({
        path: z.string(),
        passphraseFile: z.string().nullable(),
        signer: z.string().nullable(),
      }),
    ]),
    result: answer(
      z
        .object({
          checks: z.array(
            z.object({ what: z.string(), holds: z.boolean().nullable(), why: z.string() }),
          ),
          journal: z.array(JournalLine).nullable(),
          journalTrouble: OpenedCase.shape.journalTrouble,
          findings: z.string().nullable(),
          reports: z.record(z.string(), z.string()),
          originals: z.record(z.string(), z.string()),
        })
        .nullable(),
    ),
  },

  /** Shows a file in the file manager. */
  "case.reveal": { args: z.tuple([z.object({ path: z.string() })]), result: z.null() },

  /** File dialog, many files at once. */
  "evidence.choose": { args: z.tuple([]), result: z.array(GrantOutcome) },
  /** The same for folders. */
  "evidence.chooseFolder": { args: z.tuple([]), result: z.array(GrantOutcome) },
  /** Grants for paths that a person dropped on the window, that the open case knows, or that a recipe names. */
  "evidence.grant": {
    args: z.tuple([z.object({ paths: z.array(z.string()) })]),
    result: z.array(GrantOutcome),
  },
  /** SHA-256 of the file or folder as it is now, hex. */
  "evidence.hash": {
    args: z.tuple([z.object({ grantId: z.string() })]),
    result: answer(z.object({ sha256: z.string(), bytes: z.number() })),
  },
  /**
   * SHA-256 of the bytes that the last complete read of `evidence://ID/` (no
   * Range) delivered; waits for its end.
   */
  "evidence.readDigest": {
    args: z.tuple([z.object({ grantId: z.string() })]),
    result: answer(z.object({ sha256: z.string(), bytes: z.number() })),
  },
  /** Compares originals with what the journal says; looks for a renamed file beside a missing one. */
  "evidence.check": {
    args: z.tuple([
      z.object({
        items: z.array(
          z.object({
            id: z.string(),
            path: z.string(),
            size: z.number(),
            mtimeMs: z.number(),
            sha256: z.string(),
          }),
        ),
      }),
    ]),
    result: z.array(OriginalCheck.extend({ foundAt: z.string().optional() })),
  },

  /**
   * A self-contained HTML document to PDF, by the window's own printing;
   * `onePage` prints it smaller, down to 6/10, where it would need a second one.
   */
  "report.printPdf": {
    args: z.tuple([z.object({ html: z.string(), title: z.string(), onePage: z.boolean() })]),
    result: answer(z.object({ bytes: Bytes })),
  },

  /** Text of a recipe and the files its patterns match (absolute, sorted), pattern by pattern. */
  "recipe.read": {
    args: z.tuple([z.object({ path: z.string() })]),
    result: answer(z.object({ path: z.string(), directory: z.string(), text: z.string() })),
  },
  "recipe.match": {
    args: z.tuple([z.object({ directory: z.string(), patterns: z.array(z.string()) })]),
    result: answer(z.array(z.array(z.string()))),
  },

  /** The job of a hidden window; null in a visible one. */
  "headless.job": { args: z.tuple([]), result: HeadlessJob.nullable() },
  /** A line or a progress step for stderr. `fraction` is 0 to 1. */
  "headless.progress": {
    args: z.tuple([z.object({ message: z.string(), fraction: z.number().nullable() })]),
    result: z.null(),
  },
  /** Bytes for stdout. */
  "headless.stdout": { args: z.tuple([z.object({ bytes: Bytes })]), result: z.null() },
  /** A file below the output folder of `run`. */
  "headless.write": {
    args: z.tuple([z.object({ name: z.string(), bytes: Bytes })]),
    result: answer(z.object({ path: z.string(), sha256: z.string() })),
  },
  /** Ends the process with this exit code; `message` goes to stderr. */
  "headless.finish": {
    args: z.tuple([z.object({ code: z.number().int(), message: z.string().nullable() })]),
    result: z.null(),
  },
} as const;

export type IpcChannel = keyof typeof IPC;
export type IpcArgs<C extends IpcChannel> = z.infer<(typeof IPC)[C]["args"]>;
export type IpcResult<C extends IpcChannel> = z.infer<(typeof IPC)[C]["result"]>;

/** Messages that the main process sends without being asked. */
export const IPC_EVENTS = {
  /** A menu item was chosen; the id is a command of the palette. */
  "menu.command": z.object({ id: z.string() }),
  /** Bytes hashed so far. */
  "evidence.hashProgress": z.object({ grantId: z.string(), bytes: z.number() }),
} as const;
export type IpcEvent = keyof typeof IPC_EVENTS;
export type IpcEventData<E extends IpcEvent> = z.infer<(typeof IPC_EVENTS)[E]>;

/** What the preload puts on `window.inquest`. */
export interface InquestBridge {
  invoke(channel: IpcChannel, ...args: unknown[]): Promise<unknown>;
  /** Registers a listener and returns its own unregister function. */
  on(event: IpcEvent, listener: (data: unknown) => void): () => void;
  /** Paths of files that were dropped on the window (empty string where there is none). */
  pathsOf(files: readonly File[]): string[];
}
