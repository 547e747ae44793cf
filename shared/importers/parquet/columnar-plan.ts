import type { Data, Schema } from "apache-arrow";
import { Fault } from "../../base/result.ts";
import type {
  ImportNote,
  ImportOptions,
  MetricLayout,
  PlannedColumn,
} from "../../model/evidence.ts";
import { FIXED_TABLES, PROVENANCE_COLUMNS, type TableColumn } from "../../tables/fixed-tables.ts";
import { chooseTarget } from "../delimited/target.ts";
import type { ImportError, ImportPlan } from "../importer.ts";
import { tableNameOf } from "../roles.ts";
import {
  cellsOf,
  convertColumn,
  planColumns,
  sampledColumn,
  type ParquetColumn,
} from "./columns.ts";
import { toNatural } from "./convert.ts";

const PREVIEW_ROWS = 50;

/** A file of Arrow columns, and what becomes of them. */
export interface ColumnarTable {
  readonly columns: readonly ParquetColumn[];
  readonly layout: MetricLayout | null;
  readonly plan: ImportPlan;
}

/**
 * Target, types and roles of a file of Arrow columns. `raw`: its first rows,
 * or null where they could not be read; `complete`: they are all.
 */
export function planColumnar(
  importer: string,
  schema: Schema,
  raw: readonly Data[] | null,
  complete: boolean,
  file: string,
  options: ImportOptions,
): ColumnarTable {
  const natural = raw?.map((data) => tryNatural(data)) ?? null;
  const settings = {
    zone: options.timezone ?? "UTC",
    ...(options.dayFirst === undefined ? {} : { dayFirst: options.dayFirst }),
  };
  const columns = planColumns(schema, natural, options.types ?? {}, settings);
  if (columns.length === 0) throw new Fault(noColumns(file));
  const converted =
    raw === null ? null : columns.map((column, i) => tryConvert(column, required(raw[i])));
  const sampled = columns.map((column, i) => sampledColumn(column, converted?.[i] ?? null));
  const choice = chooseTarget(sampled, file, complete, options);
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
    importer,
    options: { ...options, target, ...(choice.layout === null ? {} : { layout: choice.layout }) },
    target,
    table: target === "own" ? (options.table ?? tableNameOf(file)) : target,
    columns: planned,
    batchColumns: [...(target === "own" ? own : FIXED_TABLES[target]), ...PROVENANCE_COLUMNS],
    preview: previewOf(columns, converted),
    notes: planNotes(columns, schema, options),
  };
  return { columns, layout: choice.layout, plan };
}

/** A file without columns. */
export function noColumns(file: string): ImportError {
  return {
    kind: "no-columns",
    file,
    message: `“${file}” has no columns.`,
    advice: "Check the export that made it.",
  };
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

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a batch has fewer columns than the file");
  return value;
}
