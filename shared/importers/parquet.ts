import { tableFromIPC, type Data, type Schema } from "apache-arrow";
import type * as ParquetWasm from "parquet-wasm";
import { Fault, ok, err, type Result } from "../base/result.ts";
import type { ImportNote, ImportOptions, MetricLayout, PlannedColumn } from "../model/evidence.ts";
import { BATCH_ROWS, BatchBuilder } from "../tables/batch.ts";
import { FIXED_TABLES, PROVENANCE_COLUMNS, type TableColumn } from "../tables/fixed-tables.ts";
import type { Cells } from "./delimited/cells.ts";
import type { Analysis } from "./delimited/plan.ts";
import { chooseTarget } from "./delimited/target.ts";
import { createWriter, METRIC_TERMS } from "./delimited/writers.ts";
import type { ImportError, ImportPlan, Importer, Sink, Source } from "./importer.ts";
import { ArrowCells } from "./parquet/arrow-cells.ts";
import {
  cellsOf,
  convertColumn,
  planColumns,
  sampledColumn,
  type ParquetColumn,
} from "./parquet/columns.ts";
import { toNatural } from "./parquet/convert.ts";
import { DecodeError, guarded, messageOf, setCrashWatch, type OnCrash } from "./parquet/guard.ts";
import { ownBatch } from "./parquet/own-batch.ts";
import { tableNameOf } from "./roles.ts";
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
const PREVIEW_ROWS = 50;

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
      return ok(opened.plan);
    } catch (thrown) {
      if (thrown instanceof Fault) return err(thrown.error as ImportError);
      throw thrown;
    }
  },

  async read(source, plan, sink): Promise<void> {
    const opened = await open(source, plan.options);
    const columns = opened.columns;
    const write =
      plan.target === "own" ? ownWriter(columns, plan, sink) : fixedWriter(opened, sink);
    let rows = 0;
    try {
      for await (const batch of batches(opened.file, { batchSize: BATCH_ROWS })) {
        checkCancelled(sink.signal, source.name);
        const data = columns.map((column, i) => convertColumn(column, required(batch[i])));
        const length = batch[0]?.length ?? 0;
        await write.batch(data, length, rows);
        rows += length;
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
  readonly columns: readonly ParquetColumn[];
  readonly layout: MetricLayout | null;
  readonly plan: ImportPlan;
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
  const natural = raw?.map((data) => tryNatural(data)) ?? null;
  const settings = {
    zone: options.timezone ?? "UTC",
    ...(options.dayFirst === undefined ? {} : { dayFirst: options.dayFirst }),
  };
  const columns = planColumns(schema, natural, options.types ?? {}, settings);
  if (columns.length === 0) throw new Fault(noColumns(source.name));
  const converted =
    raw === null ? null : columns.map((column, i) => tryConvert(column, required(raw[i])));
  const sampled = columns.map((column, i) => sampledColumn(column, converted?.[i] ?? null));
  const choice = chooseTarget(sampled, source.name, rows <= SAMPLE_ROWS, options);
  const planned = columns.map((column, i): PlannedColumn => {
    const set = options.roles?.[column.name];
    const role = choice.roles[i];
    return {
      name: column.name,
      source: i,
      type: column.type,
      role: set ?? role?.role ?? "feature",
      reason: set === undefined ? (role?.reason ?? "") : "set by you",
    };
  });
  const own: readonly TableColumn[] = columns.map(({ name, type }) => ({ name, type }));
  const { target } = choice;
  const plan: ImportPlan = {
    importer: "parquet",
    options: { ...options, target, ...(choice.layout === null ? {} : { layout: choice.layout }) },
    target,
    table: target === "own" ? (options.table ?? tableNameOf(source.name)) : target,
    columns: planned,
    batchColumns: [...(target === "own" ? own : FIXED_TABLES[target]), ...PROVENANCE_COLUMNS],
    preview: previewOf(columns, converted),
    notes: planNotes(columns, schema, options),
  };
  return { file, rows, columns, layout: choice.layout, plan };
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

function noColumns(file: string): ImportError {
  return {
    kind: "no-columns",
    file,
    message: `“${file}” has no columns.`,
    advice: "Check the export that made it.",
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

function tryNatural(data: Data): Data {
  try {
    return toNatural(data);
  } catch {
    return data;
  }
}

function tryConvert(column: ParquetColumn, data: Data): Data | null {
  try {
    return convertColumn(column, data);
  } catch {
    return null;
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a batch has fewer columns than the file");
  return value;
}

interface Writer {
  batch(data: readonly Data[], length: number, before: number): Promise<void>;
  finish(): Promise<void>;
}

/** Whole columns at a time. */
function ownWriter(columns: readonly ParquetColumn[], plan: ImportPlan, sink: Sink): Writer {
  return {
    async batch(data, length, before) {
      if (length === 0) return;
      await sink.batch(
        ownBatch(plan.batchColumns, columns, data, length, before, sink.evidence),
        length,
      );
      sink.accepted(length);
    },
    finish: () => Promise.resolve(),
  };
}

/** Row by row, by the writers of delimited text. */
function fixedWriter(opened: Opened, sink: Sink): Writer {
  const { plan, layout, columns } = opened;
  const terms = plan.target === "metrics" ? METRIC_TERMS : [];
  const builder = new BatchBuilder(plan.batchColumns, BATCH_ROWS, terms);
  const cells = new ArrowCells(columns);
  const ready: { ipc: Uint8Array; rows: number }[] = [];
  const flush = (): void => {
    const rows = builder.rows;
    if (rows > 0) ready.push({ ipc: builder.flush(), rows });
  };
  // The writers use no more of an analysis and of cells than is given here.
  const header = {
    rows: 0,
    names: columns.map((c) => c.name),
    parts: columns.map((c) => [c.name]),
    levels: [],
    renamed: [],
  };
  const analysis = { plan, layout, header } as unknown as Analysis;
  const write = createWriter(analysis, cells as unknown as Cells, builder, flush);
  const send = async (): Promise<void> => {
    for (const { ipc, rows } of ready.splice(0)) await sink.batch(ipc, rows);
  };
  return {
    async batch(data, length, before) {
      cells.set(data);
      let accepted = 0;
      for (let row = 0; row < length; row++) {
        cells.row = row;
        const reason = write({ evidence: sink.evidence, line: before + row + 1, offset: -1 });
        if (reason === null) accepted++;
        else {
          builder.rollbackRow();
          sink.reject(before + row + 1, -1, reason, rowText(columns, data, row));
        }
        if (builder.full) {
          flush();
          await send();
        }
      }
      sink.accepted(accepted);
      await send();
    },
    async finish() {
      flush();
      await send();
    },
  };
}

function rowText(columns: readonly ParquetColumn[], data: readonly Data[], row: number): string {
  const cells = new ArrowCells(columns);
  cells.set(data);
  cells.row = row;
  return columns.map((_, c) => cells.string(c) ?? "").join(",");
}

function previewOf(
  columns: readonly ParquetColumn[],
  converted: readonly (Data | null)[] | null,
): ImportPlan["preview"] {
  const cells = columns.map((column, i) => {
    const data = converted?.[i] ?? null;
    return data === null ? [] : cellsOf(data, column.type);
  });
  const rows = Math.min(PREVIEW_ROWS, Math.max(0, ...cells.map((list) => list.length)));
  return {
    header: columns.map((c) => c.name),
    rows: Array.from({ length: rows }, (_, r) => cells.map((list) => list[r] ?? "")),
  };
}

function planNotes(
  columns: readonly ParquetColumn[],
  schema: Schema,
  options: ImportOptions,
): ImportNote[] {
  const notes: ImportNote[] = columns.flatMap((column) =>
    column.notes.map((message) => ({ kind: "info" as const, message })),
  );
  columns.forEach((column, i) => {
    const type: unknown = schema.fields[i]?.type;
    const local =
      typeof type === "object" &&
      type !== null &&
      "timezone" in type &&
      (type.timezone === null || type.timezone === undefined || type.timezone === "");
    if ((local || !column.zoned) && column.type === "timestamp" && options.timezone === undefined) {
      notes.push({
        kind: "info",
        message: `The times in “${column.name}” carry no zone; they are read as UTC.`,
      });
    }
  });
  return notes;
}
