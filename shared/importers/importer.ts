import type { Result } from "../base/result.ts";
import type { ImportNote, ImportOptions, PlannedColumn, TargetTable } from "../model/evidence.ts";
import type { TableColumn } from "../tables/fixed-tables.ts";

/**
 * Decompressed content of one evidence file. Compression and slicing are
 * behind this; an importer never sees a path.
 */
export interface Source {
  /** File name without `.gz` / `.zst`. */
  readonly name: string;
  /** Size on disk in bytes (compressed, if it is). */
  readonly size: number;
  readonly compression: "none" | "gzip" | "zstd";
  /** First bytes of the content, at most `limit` (1 MiB by default). */
  head(limit?: number): Promise<Uint8Array>;
  /** Whole content from the start, in chunks of any size. May be called once per read. */
  stream(): AsyncIterable<Uint8Array>;
  /** The content as one random-access blob (columnar formats). */
  blob(): Promise<Blob>;
  /** Bytes of the file on disk consumed by `stream` so far (for progress). */
  readonly consumed: number;
  /**
   * Set when `stream` ended before the content did (compressed data cut
   * off): what it delivered is good, but its last record may be half a one.
   */
  readonly cut: ImportError | null;
  /** Where the content begins in the file, if it is a slice of one; `head` is that of the file then. */
  readonly first?: { readonly line: number; readonly offset: number };
  /**
   * The files below a folder of a container, sorted by path: set only where a
   * folder is imported as one (`ImportOptions.member` ends in `/`). `stream`
   * and `head` then deliver nothing.
   */
  readonly files?: readonly ContainedFile[];
}

/** One file below a folder that is imported as one. */
export interface ContainedFile {
  /** Path below that folder, with `/`. */
  readonly path: string;
  readonly source: Source;
}

/** A part of a file that is imported on its own: a file of an archive, a sheet, a table of a database. */
export interface Member {
  /** What `ImportOptions.member` says: path in the archive (a folder ends in `/`), name of the sheet or table. */
  readonly name: string;
  /** Bytes of content, where the container says. */
  readonly size: number | null;
  /** Rows of it, where they were counted. */
  readonly rows: number | null;
  /** The importer, where it is settled already; else it is detected from the content. */
  readonly importer: string | null;
  /** Why this member is left out unless a person asks for it; null for the ordinary case. */
  readonly skipped: string | null;
}

/** Why a file could not be imported at all. Each message names the file, the place and what to do. */
export interface ImportError {
  readonly kind:
    | "empty"
    | "binary"
    | "truncated"
    | "damaged"
    | "encoding"
    | "line-too-long"
    | "bomb"
    | "unreadable"
    | "vanished"
    | "unsupported"
    | "no-columns"
    | "disk-full"
    | "out-of-memory"
    | "cancelled"
    | "engine"
    | "changed-while-reading"
    | "duplicate";
  readonly file: string;
  /** 1-based line, where there is one. */
  readonly line?: number;
  readonly message: string;
  /** What the person can do. */
  readonly advice: string;
}

/** What will happen to a file: shown before the import, editable through `ImportOptions`. */
export interface ImportPlan {
  readonly importer: string;
  /** All options, detected values filled in. */
  readonly options: ImportOptions;
  readonly target: TargetTable;
  /** DuckDB table name. */
  readonly table: string;
  readonly columns: readonly PlannedColumn[];
  /** Columns of the batches that `read` will deliver, provenance included, in order. */
  readonly batchColumns: readonly TableColumn[];
  /** First records as text, by source column, before conversion. */
  readonly preview: {
    readonly header: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
  readonly notes: readonly ImportNote[];
  /** First lines as they stand in the file, where lines are what it is made of. */
  readonly lines?: readonly string[];
  /** Tables that the file fills beside the main one (a dashboard's annotations beside its series). */
  readonly further?: readonly FurtherTable[];
}

/** A table that a file fills beside its main one. */
export interface FurtherTable {
  readonly target: TargetTable;
  /** DuckDB table name, different from those of the other tables of the plan. */
  readonly table: string;
  readonly columns: readonly PlannedColumn[];
  readonly batchColumns: readonly TableColumn[];
}

/** Where an importer puts what it reads. */
export interface Sink {
  readonly signal: AbortSignal;
  /** Number of the evidence: `_ev` of the rows. */
  readonly evidence: number;
  /**
   * One complete Arrow IPC stream with the plan's `batchColumns`, or with those
   * of the further table of this name. Waits while the database is behind.
   */
  batch(ipc: Uint8Array, tableRows: number, table?: string): Promise<void>;
  /** A record that became no row. Kept, counted, shown. */
  reject(line: number, offset: number, reason: string, text: string): void;
  /** A condition worth knowing; the same message is counted, not repeated. */
  note(kind: ImportNote["kind"], message: string): void;
  /** Records that became rows since the last call (drives progress). */
  accepted(records: number): void;
}

/** Thrown by `read` when a column's sampled type does not hold for the whole file: the runner starts again with a wider one. */
export class WidenColumn extends Error {
  constructor(
    readonly column: string,
    readonly to: "double" | "varchar",
  ) {
    super(`column ${column} needs ${to}`);
  }
}

/** What was seen while reading, by name; counts of the parts of a file add up to those of the file. */
export type Counts = Readonly<Record<string, number>>;

/** How a file is read in parts, by several workers at once. */
export interface Slicing {
  /** Bytes `[0, n)` of `[0, end)` that are whole records; 0 where the first one does not end there. */
  wholeRecords(bytes: Uint8Array, end: number): number;
  /** Reads a part that begins with a record. */
  read(source: Source, plan: ImportPlan, sink: Sink): Promise<Counts>;
  /** Notes on what was seen in all parts. */
  report(counts: Counts, plan: ImportPlan, sink: Sink): void;
}

/** Code that turns one file format into table batches. */
export interface Importer {
  readonly id: string;
  readonly name: string;
  /** For `inquest formats`. */
  readonly description: string;
  readonly extensions: readonly string[];
  /** Confidence 0 to 1 that this importer should read a file with these first bytes and this name. */
  detect(head: Uint8Array, name: string): number;
  /**
   * The parts of a container (workbook, database, archive), in its own order.
   * An importer that has this reads the part that `options.member` names.
   */
  members?(source: Source): Promise<Result<readonly Member[], ImportError>>;
  plan(source: Source, options: ImportOptions): Promise<Result<ImportPlan, ImportError>>;
  /**
   * Reads the whole source. Expected failures are thrown as
   * `Fault<ImportError>`; every record ends in a batch or in `reject`.
   */
  read(source: Source, plan: ImportPlan, sink: Sink): Promise<void>;
  /** How a file with this head is read in parts; null, or missing, where a part cannot be read without what is before it. */
  slicing?(head: Uint8Array, plan: ImportPlan): Slicing | null;
}
