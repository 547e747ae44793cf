import type { ImportNote, ImportOptions } from "../model/evidence.ts";
import { FIXED_TABLES, type FixedTable } from "../tables/fixed-tables.ts";
import {
  fixedBatchColumns,
  fixedPlanColumns,
  furtherFixedTable,
  type Position,
} from "./fixed-tables-writer.ts";
import type { ImportPlan, Sink } from "./importer.ts";
import { elementsOf } from "./json-elements.ts";
import type { Instants } from "./json-fields.ts";
import { KEPT_TEXT } from "./text.ts";
import type { PreviewRows, RowTarget } from "./traces/preview-rows.ts";

/** How a file of JSON is laid out: a list, documents one after the other, or one document. */
export type JsonLayout = "list" | "documents" | "document";

/** The layout that the first bytes show. */
export function layoutOfJson(head: Uint8Array): JsonLayout {
  if (firstCharacter(head) === "[") return "list";
  return elementsOf(head, [""]).filter((e) => e.pattern >= 0).length > 1 ? "documents" : "document";
}

/** First character that is no blank and no byte order mark. */
export function firstCharacter(head: Uint8Array): string {
  return new TextDecoder().decode(head.subarray(0, 4096)).trimStart().charAt(0);
}

/** What a reader of records needs: where rows go, and what reads their times. */
export interface Reading {
  readonly target: RowTarget;
  readonly sink: Sink;
  readonly instants: Instants;
}

/** Puts a record among the rejects. */
export function rejectRecord(sink: Sink, at: Position, reason: string, value: unknown): void {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  sink.reject(at.line, at.offset, reason, text.slice(0, KEPT_TEXT));
}

/** The note on an export that does not hold all that it should. */
export function noteCut(sink: Sink, why: string): void {
  sink.note("warning", `This export may be cut off: ${why}`);
}

/**
 * A plan for a file of known records: `main` unless the person chose another
 * of its tables, the rest beside it; with a note where times name no zone.
 */
export function planRecords(
  importer: string,
  options: ImportOptions,
  tables: readonly FixedTable[],
  main: FixedTable,
  preview: PreviewRows,
  instants: Instants,
  sources: Readonly<Partial<Record<FixedTable, Readonly<Record<string, string>>>>>,
): ImportPlan {
  const target = tables.find((table) => table === options.target) ?? main;
  return {
    importer,
    options: { ...options, target },
    target,
    table: target,
    columns: fixedPlanColumns(target, sources[target]),
    batchColumns: fixedBatchColumns(target),
    preview: preview.previewOf(target),
    notes: zoneNotes(instants, options),
    further: tables.filter((table) => table !== target).map(furtherFixedTable),
  };
}

/** The main table of a plan by `planRecords`. */
export function mainOfPlan(plan: ImportPlan): FixedTable {
  return plan.target in FIXED_TABLES ? (plan.target as FixedTable) : "events";
}

function zoneNotes(instants: Instants, options: ImportOptions): ImportNote[] {
  if (instants.unzoned === 0) return [];
  return [
    {
      kind: options.timezone === undefined ? "warning" : "info",
      message: `The times do not say their zone: they were taken as ${options.timezone ?? "UTC"}. Another one can be set in the options.`,
    },
  ];
}
