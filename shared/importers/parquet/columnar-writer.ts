import type { Data } from "apache-arrow";
import { BATCH_ROWS, BatchBuilder } from "../../tables/batch.ts";
import type { Cells } from "../delimited/cells.ts";
import type { Analysis } from "../delimited/plan.ts";
import { createWriter, METRIC_TERMS } from "../delimited/writers.ts";
import type { ImportPlan, Sink } from "../importer.ts";
import { ArrowCells } from "./arrow-cells.ts";
import type { ColumnarTable } from "./columnar-plan.ts";
import { convertColumn, type ParquetColumn } from "./columns.ts";
import { ownBatch } from "./own-batch.ts";

/** Takes the columns of one record batch after the other, and delivers rows. */
export interface ColumnarWriter {
  /** `before`: rows of the file that came before these. */
  batch(data: readonly Data[], before: number): Promise<void>;
  finish(): Promise<void>;
}

/** The writer for a table's target. */
export function createColumnarWriter(table: ColumnarTable, sink: Sink): ColumnarWriter {
  const { plan, columns } = table;
  const inner = plan.target === "own" ? ownWriter(columns, plan, sink) : fixedWriter(table, sink);
  return {
    async batch(data, before) {
      const converted = columns.map((column, i) => convertColumn(column, required(data[i])));
      await inner.batch(converted, data[0]?.length ?? 0, before);
    },
    finish: () => inner.finish(),
  };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a batch has fewer columns than the file");
  return value;
}

interface ConvertedWriter {
  batch(data: readonly Data[], length: number, before: number): Promise<void>;
  finish(): Promise<void>;
}

/** Whole columns at a time. */
function ownWriter(
  columns: readonly ParquetColumn[],
  plan: ImportPlan,
  sink: Sink,
): ConvertedWriter {
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
function fixedWriter({ plan, layout, columns }: ColumnarTable, sink: Sink): ConvertedWriter {
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
