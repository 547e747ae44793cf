import { tableFromIPC } from "apache-arrow";
import type { Importer, ImportPlan, Source } from "../../../shared/importers/importer.ts";
import type { TableColumn } from "../../../shared/tables/fixed-tables.ts";
import type { ImportOptions } from "../../../shared/model/evidence.ts";
import { readColumn } from "../../../shared/tables/rows.ts";
import { KeepingSink, sourceOf, type Reject } from "../../support/sources.ts";

export type Cell = string | number | boolean | null;

/** What an importer made of a content, without a database. */
export interface Reading {
  readonly plan: ImportPlan;
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly rejects: readonly Reject[];
  /** Notes of the plan and of the reading. */
  readonly notes: readonly string[];
  readonly accepted: number;
  /** Tables beside the main one. */
  readonly further: readonly Rows[];
}

/** The rows of one table. */
export interface Rows {
  readonly table: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

export async function readAll(
  importer: Importer,
  content: string | Uint8Array,
  settings: { name?: string; chunk?: number; options?: ImportOptions } = {},
): Promise<Reading> {
  return readSource(importer, await sourceOf(content, settings), settings.options);
}

/** The same for a source that was opened already. */
export async function readSource(
  importer: Importer,
  source: Source,
  options: ImportOptions = {},
): Promise<Reading> {
  const planned = await importer.plan(source, options);
  if (!planned.ok) throw new Error(planned.error.message);
  const plan = planned.value;
  const sink = new KeepingSink();
  await importer.read(source, plan, sink);
  const header = plan.batchColumns.map((column) => column.name);
  const rows = rowsOf(sink.batches, plan.batchColumns);
  for (const name of sink.further.keys()) {
    if (!plan.further?.some((f) => f.table === name)) throw new Error(`${name} is not planned`);
  }
  const further = (plan.further ?? []).map(({ table, batchColumns: columns }) => ({
    table,
    columns,
    rows: rowsOf(sink.further.get(table) ?? [], columns),
  }));
  const notes = [...plan.notes.map((note) => note.message), ...sink.notes.keys()];
  return { plan, header, rows, rejects: sink.rejects, notes, accepted: sink.rows, further };
}

function rowsOf(batches: readonly Uint8Array[], columns: readonly TableColumn[]): Cell[][] {
  return batches.flatMap((batch) => {
    const table = tableFromIPC(batch);
    const cells = columns.map(({ name }) => readColumn(table, name));
    return Array.from({ length: table.numRows }, (_, r) => cells.map((c) => c[r] as Cell));
  });
}

/** The rows as a table that a person can check: times in ISO, NULL as `·`, blanks at line ends visible. */
export function draw(reading: Reading): string {
  const { plan } = reading;
  return [
    `${plan.importer} → ${plan.table}`,
    ...reading.notes.map((note) => `note: ${note}`),
    "",
    ...drawRows(plan.batchColumns, reading.rows),
    ...reading.further
      .filter((f) => f.rows.length > 0)
      .flatMap((f) => ["", `→ ${f.table}`, ...drawRows(f.columns, f.rows)]),
    ...reading.rejects.map(
      (r) => `reject: line ${r.line} at ${r.offset}: ${r.reason}: ${JSON.stringify(r.text)}`,
    ),
    "",
  ].join("\n");
}

function drawRows(columns: readonly TableColumn[], rows: readonly (readonly Cell[])[]): string[] {
  const header = columns.map((c) => c.name);
  const cells = rows.map((row) =>
    row.map((cell, c) => text(cell, columns[c]?.type === "timestamp")),
  );
  const widths = header.map((name, c) =>
    Math.max(name.length, ...cells.map((row) => row[c]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, c) => cell.padEnd(widths[c] ?? 0))
      .join(" | ")
      .trimEnd();
  return [line(header), ...cells.map(line)];
}

function text(cell: Cell, time: boolean): string {
  if (cell === null) return "·";
  if (time && typeof cell === "number") {
    const millis = Math.floor(cell / 1000);
    return `${new Date(millis).toISOString().slice(0, -1)}${String(cell - millis * 1000).padStart(3, "0")}`;
  }
  return typeof cell === "string"
    ? cell.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t")
    : String(cell);
}
