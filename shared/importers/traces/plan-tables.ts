import type { ImportNote, ImportOptions } from "../../model/evidence.ts";
import { FIXED_TABLES, type FixedTable } from "../../tables/fixed-tables.ts";
import { fixedBatchColumns, fixedPlanColumns, furtherFixedTable } from "../fixed-tables-writer.ts";
import type { ImportPlan } from "../importer.ts";
import type { PreviewRows } from "./preview-rows.ts";

/**
 * A plan for a file that fills these tables: the main one is the person's
 * choice or that of which the first records make most, the others are further.
 */
export function planTables(
  importer: string,
  options: ImportOptions,
  tables: readonly FixedTable[],
  preview: PreviewRows,
  notes: readonly ImportNote[],
  /** Names that the format has for the columns, by table. */
  sources: Readonly<Partial<Record<FixedTable, Readonly<Record<string, string>>>>> = {},
): ImportPlan {
  const wanted = tables.find((table) => table === options.target);
  // Events accompany spans: they are the main table only where a person says so.
  const target = wanted ?? preview.most(tables.filter((table) => table !== "events"));
  return {
    importer,
    options: { ...options, target },
    target,
    table: target,
    columns: fixedPlanColumns(target, sources[target]),
    batchColumns: fixedBatchColumns(target),
    preview: preview.previewOf(target),
    notes,
    further: tables.filter((table) => table !== target).map(furtherFixedTable),
  };
}

/** The main table of a plan by `planTables`. */
export function mainTableOf(plan: ImportPlan): FixedTable {
  return plan.target in FIXED_TABLES ? (plan.target as FixedTable) : "spans";
}
