import type { ColumnType } from "../model/role.ts";
import { ident } from "./sql.ts";

/** A column as DuckDB and Arrow see it. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/**
 * Columns that every imported row carries, last in each table: number of the
 * evidence (`E3` is 3), 1-based line (text) or record (columnar) in it, and the
 * byte offset of the record in the decompressed content (NULL for columnar).
 */
export const PROVENANCE_COLUMNS: readonly TableColumn[] = [
  { name: "_ev", type: "bigint" },
  { name: "_line", type: "bigint" },
  { name: "_off", type: "bigint" },
];

/** Tables with a fixed schema over all evidence. Times are UTC. */
export const FIXED_TABLES = {
  logs: [
    { name: "ts", type: "timestamp" },
    /** `fatal`, `error`, `warn`, `info`, `debug`, `trace`; NULL where the line does not say. */
    { name: "level", type: "varchar" },
    { name: "service", type: "varchar" },
    { name: "host", type: "varchar" },
    { name: "message", type: "varchar" },
    /** Further fields of the record as a JSON object, or NULL. */
    { name: "fields", type: "varchar" },
  ],
  metrics: [
    { name: "ts", type: "timestamp" },
    /** Series key: name and sorted labels, `http_errors_total{job="api"}`. */
    { name: "series", type: "varchar" },
    { name: "name", type: "varchar" },
    { name: "service", type: "varchar" },
    { name: "value", type: "double" },
    { name: "unit", type: "varchar" },
  ],
  events: [
    { name: "ts", type: "timestamp" },
    /** `deployment`, `config`, `model`, `alert`, `expectation`, `incident`, `note`, … as the source says. */
    { name: "kind", type: "varchar" },
    { name: "title", type: "varchar" },
    { name: "service", type: "varchar" },
    { name: "detail", type: "varchar" },
    { name: "fields", type: "varchar" },
  ],
  spans: [
    { name: "ts", type: "timestamp" },
    { name: "trace_id", type: "varchar" },
    { name: "span_id", type: "varchar" },
    { name: "parent_id", type: "varchar" },
    { name: "service", type: "varchar" },
    { name: "name", type: "varchar" },
    /** Microseconds. */
    { name: "duration", type: "bigint" },
    { name: "status", type: "varchar" },
    { name: "fields", type: "varchar" },
  ],
} as const satisfies Record<string, readonly TableColumn[]>;

export type FixedTable = keyof typeof FIXED_TABLES;

/** Records that could not become rows: where they are, why, and their text (first 2,000 characters). */
export const REJECTS_TABLE = "rejects";
export const REJECTS_COLUMNS: readonly TableColumn[] = [
  { name: "_ev", type: "bigint" },
  { name: "_line", type: "bigint" },
  { name: "_off", type: "bigint" },
  { name: "reason", type: "varchar" },
  { name: "text", type: "varchar" },
];

const DUCKDB_TYPES: Record<ColumnType, string> = {
  timestamp: "TIMESTAMP",
  double: "DOUBLE",
  bigint: "BIGINT",
  boolean: "BOOLEAN",
  varchar: "VARCHAR",
};

/** `CREATE TABLE IF NOT EXISTS` for columns in this order. */
export function createTableSql(name: string, columns: readonly TableColumn[]): string {
  const list = columns.map((c) => `${ident(c.name)} ${DUCKDB_TYPES[c.type]}`).join(", ");
  return `CREATE TABLE IF NOT EXISTS ${ident(name)} (${list})`;
}
