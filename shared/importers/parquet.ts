import { tableFromIPC, type Data, type Schema } from "apache-arrow";
import type * as ParquetWasm from "parquet-wasm";
import { Fault, ok, err, type Result } from "../base/result.ts";
import type { ImportOptions } from "../model/evidence.ts";
import { BATCH_ROWS } from "../tables/batch.ts";
import type { ImportError, ImportPlan, Importer, Source } from "./importer.ts";
import { planColumnar, type ColumnarTable } from "./parquet/columnar-plan.ts";
import { createColumnarWriter } from "./parquet/columnar-writer.ts";
import { DecodeError, guarded, messageOf, setCrashWatch, type OnCrash } from "./parquet/guard.ts";
import { checkCancelled } from "./text-log/cancelled.ts";

/** What is used of the parquet-wasm package. */
export type ParquetModule = Pick<typeof ParquetWasm, "ParquetFile">;

let loader: (() => Promise<ParquetModule>) | null = null;

/**
 * How parquet-wasm is had: its WebAssembly is fetched differently in a worker
 * and in Node. `onCrash` tells of errors that nobody caught (the `error` event
 * of a worker): pages that are damaged can make the decoder stop without
 * settling its promise. Without it, 30 seconds of silence are taken for that.
 */
export function setParquetLoader(load: () => Promise<ParquetModule>, onCrash?: OnCrash): void {
  loader = load;
  setCrashWatch(onCrash ?? null);
}

const MAGIC = [0x50, 0x41, 0x52, 0x31] as const;
const SAMPLE_ROWS = 1000;

/** Apache Parquet (https://parquet.apache.org/docs/file-format/), decoded by parquet-wasm. */
export const parquetImporter: Importer = {
  id: "parquet",
  name: "Parquet",
  description:
    "Apache Parquet: feature snapshots, predictions, metrics, logs; all types, nested ones as JSON",
  extensions: ["parquet", "pq", "parq"],

  detect(head) {
    return MAGIC.every((byte, i) => head[i] === byte) ? 1 : 0;
  },

  async plan(source, options): Promise<Result<ImportPlan, ImportError>> {
    try {
      const opened = await open(source, options);
      return ok(opened.table.plan);
    } catch (thrown) {
      if (thrown instanceof Fault) return err(thrown.error as ImportError);
      throw thrown;
    }
  },

  async read(source, plan, sink): Promise<void> {
    const opened = await open(source, plan.options);
    const write = createColumnarWriter({ ...opened.table, plan }, sink);
    let rows = 0;
    try {
      for await (const batch of batches(opened.file, { batchSize: BATCH_ROWS })) {
        checkCancelled(sink.signal, source.name);
        await write.batch(batch, rows);
        rows += batch[0]?.length ?? 0;
      }
    } catch (thrown) {
      if (!(thrown instanceof DecodeError)) throw thrown;
      if (rows === 0) throw new Fault(damaged(source.name, thrown.message));
      const lost = opened.rows - rows;
      sink.note(
        "warning",
        `The file is damaged after row ${rows}: ${lost} of its ${opened.rows} rows could not be read (${thrown.message}). The rows before were kept.`,
      );
    }
    await write.finish();
    if (rows > opened.rows) throw new Error(`${rows} rows were read of ${opened.rows}`);
  },
};

interface Opened {
  readonly file: ParquetWasm.ParquetFile;
  readonly rows: number;
  readonly table: ColumnarTable;
}

async function open(source: Source, options: ImportOptions): Promise<Opened> {
  const blob = await source.blob();
  await checkEnds(blob, source.name);
  if (loader === null) throw new Error("setParquetLoader was not called");
  const { ParquetFile } = await loader();
  let file: ParquetWasm.ParquetFile;
  let schema: Schema;
  try {
    file = await guarded(ParquetFile.fromFile(blob));
    schema = tableFromIPC(file.schema().intoIPCStream()).schema;
  } catch (thrown) {
    throw new Fault(damaged(source.name, messageOf(thrown)));
  }
  const rows = file.metadata().fileMetadata().numRows();
  const raw = await sampleOf(file);
  const complete = rows <= SAMPLE_ROWS;
  const table = planColumnar("parquet", schema, raw, complete, source.name, options);
  return { file, rows, table };
}

/** Both ends of a Parquet file carry its magic number; an index of the content stands before the last one. */
async function checkEnds(blob: Blob, file: string): Promise<void> {
  if (blob.size === 0)
    throw new Fault<ImportError>({
      kind: "empty",
      file,
      message: `“${file}” is empty.`,
      advice: "Check the export that made it; there is nothing to import.",
    });
  const tail = new Uint8Array(await blob.slice(Math.max(0, blob.size - 4)).arrayBuffer());
  const text = String.fromCharCode(...tail);
  if (text === "PARE") {
    throw new Fault<ImportError>({
      kind: "unsupported",
      file,
      message: `“${file}” is an encrypted Parquet file.`,
      advice: "Decrypt it with the tool that wrote it, and add the result.",
    });
  }
  if (blob.size >= 12 && text === "PAR1") return;
  throw new Fault<ImportError>({
    kind: "truncated",
    file,
    message: `“${file}” begins as a Parquet file, but its end is missing (${blob.size} bytes are here). The index of a Parquet file stands at its end, so that nothing of it can be read.`,
    advice:
      "Copy the file again from where it came from, and compare the sizes; the job that wrote it may not have finished.",
  });
}

function damaged(file: string, reason: string): ImportError {
  return {
    kind: "damaged",
    file,
    message: `“${file}” is damaged: ${reason}`,
    advice: "Copy the file again from where it came from, and compare the sizes.",
  };
}

/** The columns of each record batch. `for await` over a stream is newer than Chromium 114. */
async function* batches(
  file: ParquetWasm.ParquetFile,
  options: ParquetWasm.ReaderOptions,
): AsyncGenerator<readonly Data[]> {
  let reader: ReadableStreamDefaultReader<ParquetWasm.RecordBatch>;
  try {
    reader = (
      (await guarded(
        file.stream({ ...options, concurrency: 1 }),
      )) as ReadableStream<ParquetWasm.RecordBatch>
    ).getReader();
  } catch (thrown) {
    throw new DecodeError(messageOf(thrown));
  }
  for (;;) {
    let columns: readonly Data[] | null;
    try {
      const { value } = await guarded(reader.read());
      columns =
        value === undefined
          ? null
          : (tableFromIPC(value.intoIPCStream()).batches[0]?.data.children ?? null);
    } catch (thrown) {
      throw new DecodeError(messageOf(thrown));
    }
    if (columns === null) return;
    yield columns;
  }
}

/** The first rows, or null where even they cannot be read. */
async function sampleOf(file: ParquetWasm.ParquetFile): Promise<readonly Data[] | null> {
  try {
    for await (const batch of batches(file, { batchSize: SAMPLE_ROWS, limit: SAMPLE_ROWS }))
      return batch;
  } catch (thrown) {
    if (!(thrown instanceof DecodeError)) throw thrown;
  }
  return null;
}
