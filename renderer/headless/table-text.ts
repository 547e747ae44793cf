import { formatIso, type EvidenceTime } from "../../shared/base/time.ts";
import type { ImportPlan } from "../../shared/importers/importer.ts";
import type { Engine } from "../../shared/tables/engine.ts";
import { queryTable, readColumn } from "../../shared/tables/rows.ts";
import { ident } from "../../shared/tables/sql.ts";

const PAGE = 50_000;

/**
 * The main table of an import as text, in pages and in the order of its rows:
 * times as ISO 8601 in UTC, numbers that JSON does not have as their names.
 */
export async function* tableText(
  engine: Engine,
  { table, batchColumns }: Pick<ImportPlan, "table" | "batchColumns">,
  tableRows: number,
  as: "csv" | "jsonl",
): AsyncGenerator<string> {
  const times = new Set(batchColumns.filter((c) => c.type === "timestamp").map((c) => c.name));
  for (let offset = 0; offset < Math.max(1, tableRows); offset += PAGE) {
    const sql = `SELECT * FROM ${ident(table)} LIMIT ${PAGE} OFFSET ${offset}`;
    const page = await queryTable(engine, sql);
    const names = page.schema.fields.map((f) => f.name);
    const columns = names.map((name) =>
      readColumn(page, name).map((v) => plain(v, times.has(name))),
    );
    yield as === "csv"
      ? csv(names, columns, page.numRows, offset === 0)
      : jsonl(names, columns, page.numRows);
  }
}

function plain(value: unknown, isTime: boolean): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (isTime && typeof value === "number") return formatIso(value as EvidenceTime);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  return typeof value === "string" || typeof value === "boolean" ? value : JSON.stringify(value);
}

type Cell = ReturnType<typeof plain>;

function jsonl(names: readonly string[], columns: readonly Cell[][], rows: number): string {
  let text = "";
  for (let r = 0; r < rows; r++) {
    text += `${JSON.stringify(Object.fromEntries(names.map((n, c) => [n, columns[c]?.[r] ?? null])))}\n`;
  }
  return text;
}

function csv(
  names: readonly string[],
  columns: readonly Cell[][],
  rows: number,
  header: boolean,
): string {
  let text = header ? `${names.map(cell).join(",")}\n` : "";
  for (let r = 0; r < rows; r++) text += `${columns.map((c) => cell(c[r] ?? null)).join(",")}\n`;
  return text;
}

function cell(value: Cell): string {
  if (value === null) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
