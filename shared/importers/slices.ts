import { Fault } from "../base/result.ts";
import type { ImportNote } from "../model/evidence.ts";
import type { Shape } from "../templates/shape.ts";
import type {
  Counts,
  ImportError,
  ImportPlan,
  Importer,
  Sink,
  Slicing,
  Source,
} from "./importer.ts";
import { WidenColumn } from "./importer.ts";
import { LogShapes } from "./log-shapes.ts";

/**
 * Bytes of a slice: about the text of one batch of rows, so that batches stay
 * large, which the database likes.
 */
const SLICE_BYTES = 12 * 1024 * 1024;
/** Without the end of a record in so many bytes, cutting is given up: the rest is one slice. */
const MOST_BYTES = 96 * 1024 * 1024;
/** Smaller files are read faster by one worker than they are handed out to several. */
export const LEAST_FILE = 24 * 1024 * 1024;

/** Whole records of a file, to be read apart from the rest. */
export interface Slice {
  readonly bytes: Uint8Array;
  /** 1-based line and byte offset in the content at which they begin. */
  readonly line: number;
  readonly offset: number;
  /** Set where the content ends in the middle with this slice. */
  readonly cut: ImportError | null;
}

/** What a slice became; all of it can be cloned between threads. */
export interface SliceResult {
  readonly batches: readonly {
    readonly ipc: Uint8Array;
    readonly rows: number;
    readonly table?: string;
  }[];
  readonly rejects: readonly { line: number; offset: number; reason: string; text: string }[];
  readonly notes: readonly ImportNote[];
  readonly accepted: number;
  readonly counts: Counts;
  /** Shapes of the messages, where the batches are logs. */
  readonly shapes: readonly Shape[];
  /** Set where reading stopped: a column that needs a wider type, or a failure of the whole import. */
  readonly stopped:
    | { readonly widen: { readonly column: string; readonly to: "double" | "varchar" } }
    | { readonly error: ImportError }
    | null;
}

/** Workers that decode slices of one file under one plan. */
export interface SlicePool {
  /** Slices that may be under way at the same time. */
  readonly width: number;
  decode(slice: Slice): Promise<SliceResult>;
  close(): void;
}

/** Opens a pool for a file: its importer, the first bytes of the content, and the plan. */
export type OpenPool = (
  importer: string,
  head: Uint8Array,
  plan: ImportPlan,
  evidence: number,
) => SlicePool;

/** Cuts the content into slices of whole records. */
export async function* slicesOf(
  source: Source,
  slicing: Slicing,
  size = SLICE_BYTES,
): AsyncGenerator<Slice> {
  let buffer = new Uint8Array(size * 2);
  let used = 0;
  let wanted = size;
  let line = 1;
  let offset = 0;
  for await (const chunk of source.stream()) {
    if (used + chunk.length > buffer.length) {
      const larger = new Uint8Array(Math.max(used + chunk.length, buffer.length * 2));
      larger.set(buffer.subarray(0, used));
      buffer = larger;
    }
    buffer.set(chunk, used);
    used += chunk.length;
    if (used < wanted) continue;
    const whole = used > MOST_BYTES ? 0 : slicing.wholeRecords(buffer, used);
    if (whole === 0) {
      // A record longer than all this: more of it is needed.
      wanted = used + size;
      continue;
    }
    yield { bytes: buffer.slice(0, whole), line, offset, cut: null };
    line += countLines(buffer, whole);
    offset += whole;
    buffer.copyWithin(0, whole, used);
    used -= whole;
    wanted = size;
  }
  if (used > 0) yield { bytes: buffer.slice(0, used), line, offset, cut: source.cut };
}

function countLines(bytes: Uint8Array, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1 && at < end; at = bytes.indexOf(10, at + 1)) lines++;
  return lines;
}

/** The source of one slice: its bytes, with the head of the whole file. */
function sliceSource(slice: Slice, head: Uint8Array): Source {
  return {
    name: "",
    size: slice.bytes.length,
    compression: "none",
    consumed: 0,
    cut: slice.cut,
    first: { line: slice.line, offset: slice.offset },
    head: (limit = head.length) => Promise.resolve(head.subarray(0, limit)),
    // eslint-disable-next-line @typescript-eslint/require-await -- one chunk, at hand
    stream: async function* () {
      yield slice.bytes;
    },
    blob: () => Promise.resolve(new Blob([slice.bytes.slice()])),
  };
}

/** Reads one slice: what a worker of the pool does. */
export async function decodeSlice(
  importer: Importer,
  head: Uint8Array,
  plan: ImportPlan,
  evidence: number,
  slice: Slice,
): Promise<SliceResult> {
  const slicing = importer.slicing?.(head, plan) ?? null;
  if (slicing === null) throw new Error(`${importer.id} does not read slices of this file`);
  const sink = new SliceSink(plan, evidence);
  let counts: Counts = {};
  let stopped: SliceResult["stopped"] = null;
  try {
    counts = await slicing.read(sliceSource(slice, head), plan, sink);
  } catch (thrown) {
    if (thrown instanceof WidenColumn)
      stopped = { widen: { column: thrown.column, to: thrown.to } };
    else if (thrown instanceof Fault) stopped = { error: thrown.error as ImportError };
    else throw thrown;
  }
  return { ...sink.result(), counts, stopped };
}

/** Keeps what a slice yields until it is sent back. */
class SliceSink implements Sink {
  readonly signal = new AbortController().signal;
  readonly #batches: { ipc: Uint8Array; rows: number; table?: string }[] = [];
  readonly #rejects: { line: number; offset: number; reason: string; text: string }[] = [];
  readonly #notes: ImportNote[] = [];
  readonly #shapes: LogShapes | null;
  #accepted = 0;

  constructor(
    plan: ImportPlan,
    readonly evidence: number,
  ) {
    this.#shapes = plan.target === "logs" ? new LogShapes(evidence) : null;
  }

  batch(ipc: Uint8Array, rows: number, table?: string): Promise<void> {
    if (table !== undefined) this.#batches.push({ ipc, rows, table });
    else this.#batches.push({ ipc: this.#shapes?.withShapes(ipc) ?? ipc, rows });
    return Promise.resolve();
  }

  reject(line: number, offset: number, reason: string, text: string): void {
    this.#rejects.push({ line, offset, reason, text });
  }

  note(kind: ImportNote["kind"], message: string): void {
    this.#notes.push({ kind, message });
  }

  accepted(records: number): void {
    this.#accepted += records;
  }

  result(): Omit<SliceResult, "counts" | "stopped"> {
    return {
      batches: this.#batches,
      rejects: this.#rejects,
      notes: this.#notes,
      accepted: this.#accepted,
      shapes: this.#shapes?.known() ?? [],
    };
  }
}

/** Counts of parts of a file, together. */
export function addCounts(to: Record<string, number>, counts: Counts): void {
  for (const [name, count] of Object.entries(counts)) to[name] = (to[name] ?? 0) + count;
}

/** The end of the last line that is complete: whole records of formats with one record per line. */
export function wholeLines(bytes: Uint8Array, end: number): number {
  return bytes.lastIndexOf(10, end - 1) + 1;
}
