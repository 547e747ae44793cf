import type { TableMeta } from "../model/table.ts";
import type { Window } from "../model/window.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { NUMBER, queryRows, queryTable, readColumn } from "../tables/rows.ts";
import { ident, text } from "../tables/sql.ts";
import { windowPredicate, type WindowPair } from "./windows.ts";

/** Which rows of a window are drawn from. */
export type SampleFilter =
  | { readonly kind: "all" }
  /** Rows without a value in the column. */
  | { readonly kind: "missing" }
  /** Rows whose value, as text, is this one. */
  | { readonly kind: "value"; readonly value: string };

/** A cell: text, number, boolean, µs UTC for times, or null. */
export type SampleCell = string | number | boolean | null;

/** Where a sampled row lies, and what is in it. */
export interface SampleRow {
  readonly evidenceId: string;
  /** 1-based. */
  readonly line: number;
  /** Byte offset in the file; null where the format has none. */
  readonly offset: number | null;
  /** One a column of the sample. */
  readonly cells: readonly SampleCell[];
}

export interface WindowSample {
  /** In the order of time and position. */
  readonly rows: readonly SampleRow[];
  /** Rows of the window that pass the filter. */
  readonly total: number;
}

export interface SampleRows {
  /** Without provenance columns. */
  readonly columns: readonly string[];
  readonly baseline: WindowSample;
  readonly incident: WindowSample;
}

/**
 * Up to `limit` rows of each window, spread over all of it: those whose position
 * (file, line, byte) has the smallest hash, so that the same rows come each
 * time. `column` is a column of the table or a series of `metrics` or `spans`;
 * of a series only its own rows are drawn. A window that does not apply to the table has no rows.
 * @throws Fault<EngineError>
 */
export async function sampleRows(
  engine: Engine,
  table: TableMeta,
  column: string,
  windows: WindowPair,
  filter: SampleFilter,
  limit: number,
  options: QueryOptions = {},
): Promise<SampleRows> {
  const condition = conditionOf(table, column, filter);
  const draw = (window: Window): Promise<Drawn> =>
    drawRows(engine, table, window, condition, limit, options);
  const baseline = await draw(windows.baseline);
  const incident = await draw(windows.incident);
  return { columns: baseline.columns, baseline: baseline.sample, incident: incident.sample };
}

function conditionOf(table: TableMeta, column: string, filter: SampleFilter): string {
  if (table.target === "metrics") {
    const own = `series = ${text(column)}`;
    return filter.kind === "missing" ? `${own} AND (value IS NULL OR isnan(value))` : own;
  }
  if (table.target === "spans") {
    // The key as `seriesSource` makes it.
    return `'duration{service="' || coalesce(service, '') || '",operation="' || coalesce(name, '') || '"}' = ${text(column)}`;
  }
  const type = table.columns.find((c) => c.name === column)?.type;
  if (type === undefined) return "true";
  const name = ident(column);
  switch (filter.kind) {
    case "all":
      return "true";
    case "missing":
      return type === "double" ? `(${name} IS NULL OR isnan(${name}))` : `${name} IS NULL`;
    case "value":
      return `CAST(${name} AS VARCHAR) = ${text(filter.value)}`;
  }
}

interface Drawn {
  readonly columns: readonly string[];
  readonly sample: WindowSample;
}

async function drawRows(
  engine: Engine,
  table: TableMeta,
  window: Window,
  condition: string,
  limit: number,
  options: QueryOptions,
): Promise<Drawn> {
  const source = ident(table.name);
  const where = `${windowPredicate(table, window) ?? "false"} AND ${condition}`;
  const order = [...(table.timeColumn === null ? [] : [ident(table.timeColumn)]), "_ev", "_line"];
  const page = await queryTable(
    engine,
    `SELECT * FROM (SELECT * FROM ${source} WHERE ${where}
  ORDER BY hash(_ev, _line, _off) LIMIT ${String(limit)}) ORDER BY ${order.join(", ")}`,
    options,
  );
  const [count] = await queryRows(
    engine,
    `SELECT count(*) AS n FROM ${source} WHERE ${where}`,
    { n: NUMBER },
    options,
  );
  const columns = page.schema.fields.map((f) => f.name).filter((name) => !name.startsWith("_"));
  const cells = columns.map((name) => readColumn(page, name).map(cellOf));
  const [files, lines, offsets] = ["_ev", "_line", "_off"].map((name) => readColumn(page, name));
  const rows = Array.from({ length: page.numRows }, (_, r): SampleRow => {
    const offset = offsets?.[r];
    return {
      evidenceId: `E${String(files?.[r])}`,
      line: Number(lines?.[r] ?? 0),
      offset: typeof offset === "number" ? offset : null,
      cells: cells.map((column) => column[r] ?? null),
    };
  });
  return { columns, sample: { rows, total: count?.n ?? 0 } };
}

function cellOf(value: unknown): SampleCell {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return JSON.stringify(value);
}
