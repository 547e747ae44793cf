import { gzipSync } from "node:zlib";
import type { ImportPlan, Sink, Source } from "../../shared/importers/importer.ts";
import { openSource, type SourceLimits } from "../../shared/importers/source.ts";

const encoder = new TextEncoder();

/** A source over bytes in memory that arrive in chunks of a given size. */
export function sourceOf(
  content: string | Uint8Array,
  options: { name?: string; chunk?: number; size?: number; limits?: SourceLimits } = {},
): Promise<Source> {
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  const chunk = options.chunk ?? 65536;
  return openSource(
    {
      name: options.name ?? "unknown",
      size: options.size ?? bytes.length,
      open: () => Promise.resolve(streamOf(bytes, chunk)),
    },
    options.limits,
  );
}

export function streamOf(bytes: Uint8Array, chunk: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) {
        controller.close();
        return;
      }
      controller.enqueue(bytes.slice(at, at + chunk));
      at += chunk;
    },
  });
}

export function gzip(content: string | Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(content));
}

export interface Reject {
  readonly line: number;
  readonly offset: number;
  readonly reason: string;
  readonly text: string;
}

/** A sink that keeps everything. */
export class KeepingSink implements Sink {
  readonly signal = new AbortController().signal;
  readonly evidence = 7;
  readonly batches: Uint8Array[] = [];
  /** Batches of further tables, by name. */
  readonly further = new Map<string, Uint8Array[]>();
  readonly rejects: Reject[] = [];
  readonly notes = new Map<string, number>();
  rows = 0;
  tableRows = 0;

  batch(ipc: Uint8Array, tableRows: number, table?: string): Promise<void> {
    if (table === undefined) {
      this.batches.push(ipc);
      this.tableRows += tableRows;
    } else {
      this.further.set(table, [...(this.further.get(table) ?? []), ipc]);
    }
    return Promise.resolve();
  }

  reject(line: number, offset: number, reason: string, text: string): void {
    this.rejects.push({ line, offset, reason, text });
  }

  note(_kind: ImportPlan["notes"][number]["kind"], message: string): void {
    this.notes.set(message, (this.notes.get(message) ?? 0) + 1);
  }

  accepted(records: number): void {
    this.rows += records;
  }
}
