import type { ImportOptions } from "../model/evidence.ts";
import type { FixedTable } from "../tables/fixed-tables.ts";
import { clockNotes, withClockOffset } from "./clock-offset.ts";
import { FixedTablesWriter } from "./fixed-tables-writer.ts";
import type { ImportPlan, Sink, Source } from "./importer.ts";
import { elementsOf, jsonElements, type JsonElement } from "./json-elements.ts";
import { Instants } from "./json-fields.ts";
import { mainOfPlan, planRecords, type Reading } from "./json-records.ts";
import { HEAD_SINK } from "./otlp/records.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { PreviewRows } from "./traces/preview-rows.ts";

/** Turns the elements of a JSON file into rows and rejects. */
export interface ElementReader {
  /** `pattern` is the one that the element fits; empty for a bad one between elements. */
  read(element: JsonElement, pattern: string): Promise<void>;
  /** Says what only the end of the file shows. */
  finish(): Promise<void> | void;
}

/** What an importer of JSON elements says of its format. */
export interface ElementFormat {
  readonly id: string;
  readonly tables: readonly FixedTable[];
  readonly sources: Readonly<Partial<Record<FixedTable, Readonly<Record<string, string>>>>>;
  readonly reader: (reading: Reading, options: ImportOptions, file: string) => ElementReader;
}

/** A plan by reading the first bytes: the table with most rows is the main one. */
export async function planElements(
  format: ElementFormat,
  source: Source,
  patterns: readonly string[],
  options: ImportOptions,
): Promise<ImportPlan> {
  const preview = new PreviewRows();
  const instants = new Instants(options.timezone);
  const target = withClockOffset(preview, options);
  const reader = format.reader({ target, sink: HEAD_SINK, instants }, options, source.name);
  for (const element of elementsOf(await source.head(), patterns))
    await reader.read(element, patterns[element.pattern] ?? "");
  await reader.finish();
  const { id, tables, sources } = format;
  const main = preview.most(tables);
  const plan = planRecords(id, options, tables, main, preview, instants, sources);
  return { ...plan, notes: [...plan.notes, ...clockNotes(options)] };
}

/** Reads the whole source. */
export async function readElements(
  format: ElementFormat,
  source: Source,
  patterns: readonly string[],
  plan: ImportPlan,
  sink: Sink,
): Promise<void> {
  const writer = new FixedTablesWriter(sink, mainOfPlan(plan));
  const instants = new Instants(plan.options.timezone);
  const target = withClockOffset(writer, plan.options);
  const reader = format.reader({ target, sink, instants }, plan.options, source.name);
  for await (const element of jsonElements(source, patterns)) {
    checkCancelled(sink.signal, source.name);
    await reader.read(element, patterns[element.pattern] ?? "");
    if (writer.full) await writer.deliver();
  }
  await reader.finish();
  await writer.finish();
}
