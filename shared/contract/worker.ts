import type { ColumnSummary, FurtherRows, ImportNote, ImportOptions } from "../model/evidence.ts";
import type { Extracted } from "../importers/containers/container.ts";
import type { ImportError, ImportPlan, Member } from "../importers/importer.ts";
import type { EngineError } from "../tables/engine.ts";

/** Window → engine worker. Every request is answered once, with the same id. */
export type EngineRequest =
  | { readonly type: "open"; readonly database: string | null }
  | { readonly type: "close" }
  | { readonly type: "delete"; readonly database: string }
  | { readonly type: "query"; readonly sql: string; readonly progress: boolean }
  | {
      readonly type: "insert";
      readonly table: string;
      readonly ipc: Uint8Array;
      readonly create: boolean;
    }
  | { readonly type: "checkpoint" }
  | { readonly type: "analyse"; readonly name: string; readonly input: unknown };

export type EngineMessage =
  | { readonly id: number; readonly request: EngineRequest }
  /** Cancels a running request. */
  | { readonly cancel: number }
  /** A port over which an ingest worker speaks the same protocol, on a connection of its own. */
  | { readonly connect: MessagePort; readonly number: number }
  /** The worker behind that port is gone: its transaction is rolled back. */
  | { readonly disconnect: number };

export type EngineReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: EngineError }
  /** A bug, not an expected failure. */
  | { readonly id: number; readonly bug: string }
  | { readonly id: number; readonly progress: number };

/** An original that an ingest worker reads. */
export interface IngestFile {
  readonly url: string;
  readonly name: string;
  readonly size: number;
  /**
   * SHA-256 of the original, where it is known: what a worker keeps of an
   * archive is used only for the same one.
   */
  readonly sha256: string | null;
}

/** What is to be read of it, and how. */
export interface IngestOrder extends IngestFile {
  /** Registry name, or `auto`. */
  readonly importer: string;
  readonly options: ImportOptions;
}

/** The parts of an original that are imported each on its own. */
export interface MemberList {
  readonly members: readonly Member[];
  /** What is wrong with the archive; null where it is whole. */
  readonly trouble: string | null;
}

/** Window → ingest worker. */
export type IngestRequest =
  /** Answers a `MemberList`, or null for a file that is imported as one. */
  | (IngestFile & { readonly type: "members" })
  | (IngestOrder & { readonly type: "plan" })
  /** Answers a member of a compressed archive as `Extracted`, null where it is reached without. */
  | (IngestFile & { readonly type: "extract"; readonly member: string })
  | (IngestOrder & {
      readonly type: "import";
      /** The member, as `extract` answered it. */
      readonly extracted: Extracted | null;
      /** Number of the evidence: `_ev` of its rows. */
      readonly evidence: number;
      /** Speaks the engine's protocol. */
      readonly engine: MessagePort;
    })
  | { readonly type: "formats" };

export type IngestMessage =
  { readonly id: number; readonly request: IngestRequest } | { readonly cancel: number };

export interface ImportProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly rows: number;
  readonly rejected: number;
}

/** What an import came to. */
export interface ImportOutcome {
  readonly plan: ImportPlan;
  readonly columns: ColumnSummary[];
  readonly rows: number;
  readonly rejected: number;
  readonly tableRows: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly notes: ImportNote[];
  /** Tables beside the main one that got rows. */
  readonly further: FurtherRows[];
}

export type IngestReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ImportError }
  | { readonly id: number; readonly bug: string }
  | { readonly id: number; readonly progress: ImportProgress };
