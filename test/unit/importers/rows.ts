import { tableFromIPC } from "apache-arrow";
import type { Importer, ImportPlan } from "../../../shared/importers/importer.ts";
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
}

export async function readAll(
  importer: Importer,
  content: string | Uint8Array,
  settings: { name?: string; chunk?: number; options?: ImportOptions } = {},
): Promise<Reading> {
  const source = await sourceOf(content, settings);
  const planned = await importer.plan(source, settings.options ?? {});
  if (!planned.ok) throw new Error(planned.error.message);
  const plan = planned.value;
  const sink = new KeepingSink();
  await importer.read(source, plan, sink);
  const header = plan.batchColumns.map((column) => column.name);
  const rows: Cell[][] = [];
  for (const batch of sink.batches) {
    const table = tableFromIPC(batch);
    const columns = header.map((name) => readColumn(table, name));
    for (let r = 0; r < table.numRows; r++) rows.push(columns.map((column) => column[r] as Cell));
  }
  const notes = [...plan.notes.map((note) => note.message), ...sink.notes.keys()];
  return { plan, header, rows, rejects: sink.rejects, notes, accepted: sink.rows };
}

/** The rows as a table that a person can check: times in ISO, NULL as `·`, blanks at line ends visible. */
export function draw(reading: Reading): string {
  const { header, rows, plan } = reading;
  const cells = rows.map((row) =>
    row.map((cell, c) => text(cell, plan.batchColumns[c]?.type === "timestamp")),
  );
  const widths = header.map((name, c) =>
    Math.max(name.length, ...cells.map((row) => row[c]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, c) => cell.padEnd(widths[c] ?? 0))
      .join(" | ")
      .trimEnd();
  return [
    `${plan.importer} → ${plan.table}`,
    ...reading.notes.map((note) => `note: ${note}`),
    "",
    line(header),
    ...cells.map(line),
    ...reading.rejects.map(
      (r) => `reject: line ${r.line} at ${r.offset}: ${r.reason}: ${JSON.stringify(r.text)}`,
    ),
    "",
  ].join("\n");
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
