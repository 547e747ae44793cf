import type { Table } from "apache-arrow";
import type { Evidence } from "../../shared/model/evidence.ts";
import type { ColumnType } from "../../shared/model/role.ts";
import { formatIso, type EvidenceTime } from "../../shared/base/time.ts";
import { queryTable, readColumn } from "../../shared/tables/rows.ts";
import { ident } from "../../shared/tables/sql.ts";
import { REJECTS_TABLE } from "../../shared/tables/fixed-tables.ts";
import { evidenceNumber } from "./import-evidence.ts";
import { getEngine } from "./services.ts";

/** Rows of one evidence file in the order of the file, as text. */
export async function rowsPage(
  evidence: Evidence,
  offset: number,
  limit: number,
  signal?: AbortSignal,
): Promise<string[][]> {
  const names = ["_line", ...evidence.columns.map((c) => c.name)];
  const types: ColumnType[] = ["bigint", ...evidence.columns.map((c) => c.type)];
  const sql =
    `SELECT ${names.map(ident).join(", ")} FROM ${ident(evidence.table)} ` +
    `WHERE _ev = ${evidenceNumber(evidence.id)} LIMIT ${limit} OFFSET ${offset}`;
  return asText(
    await queryTable(getEngine(), sql, signal === undefined ? {} : { signal }),
    names,
    types,
  );
}

/** Rejected records of one evidence file: line, reason, text. */
export async function rejectedPage(
  evidence: Evidence,
  offset: number,
  limit: number,
  signal?: AbortSignal,
): Promise<string[][]> {
  const sql =
    `SELECT _line, reason, text FROM ${ident(REJECTS_TABLE)} ` +
    `WHERE _ev = ${evidenceNumber(evidence.id)} ORDER BY _line LIMIT ${limit} OFFSET ${offset}`;
  return asText(
    await queryTable(getEngine(), sql, signal === undefined ? {} : { signal }),
    ["_line", "reason", "text"],
    ["bigint", "varchar", "varchar"],
  );
}

function asText(table: Table, names: readonly string[], types: readonly ColumnType[]): string[][] {
  const columns = names.map((name) => readColumn(table, name));
  return Array.from({ length: table.numRows }, (_, row) =>
    columns.map((values, c) => cellText(values[row], types[c] ?? "varchar")),
  );
}

function cellText(value: unknown, type: ColumnType): string {
  if (value === null || value === undefined) return "";
  if (type === "timestamp" && typeof value === "number") return formatIso(value as EvidenceTime);
  return typeof value === "string" ? value : JSON.stringify(value);
}
