import { quoted, SqliteFailure, type Database } from "./database.ts";

/** A table or view of a database. */
export interface TableInfo {
  readonly name: string;
  readonly kind: "table" | "view" | "virtual";
  /** SQLite's own, or the store of a virtual table. */
  readonly inner: boolean;
  /** How its rows' numbers are asked for; null where they have none. */
  readonly rowid: string | null;
  readonly columns: readonly ColumnInfo[];
}

export interface ColumnInfo {
  readonly name: string;
  /** The type that was declared, in upper case; empty where there is none. */
  readonly declared: string;
}

const ROWIDS = ["rowid", "_rowid_", "oid"];

/** Tables and views in the order in which they were made. */
export function listTables(database: Database): TableInfo[] {
  const kinds = new Map(
    database
      .all("PRAGMA main.table_list")
      .map(([, name, type, , withoutRowid]) => [
        String(name),
        { type: String(type), withoutRowid: withoutRowid === 1 },
      ]),
  );
  const names = database.all(
    "SELECT name FROM main.sqlite_schema WHERE type IN ('table', 'view') ORDER BY rowid",
  );
  return names.flatMap(([text]) => {
    const name = String(text);
    const { type = "table", withoutRowid = false } = kinds.get(name) ?? {};
    const kind = type === "view" || type === "virtual" ? type : "table";
    const columns = columnsOf(database, name);
    const taken = new Set(columns.map((c) => c.name.toLowerCase()));
    const rowid = ROWIDS.find((r) => !taken.has(r)) ?? null;
    const inner = type === "shadow" || name.toLowerCase().startsWith("sqlite_");
    return [
      { name, kind, inner, columns, rowid: kind === "table" && !withoutRowid ? rowid : null },
    ];
  });
}

/** Columns without the hidden ones of virtual tables; none where the table cannot be opened. */
function columnsOf(database: Database, table: string): ColumnInfo[] {
  try {
    return database
      .all(`PRAGMA main.table_xinfo(${quoted(table)})`)
      .filter((row) => row[6] !== 1)
      .map(([, name, type]) => ({
        name: String(name),
        declared: String(type ?? "").toUpperCase(),
      }));
  } catch (thrown) {
    if (thrown instanceof SqliteFailure) return [];
    throw thrown;
  }
}

/** The query of a table's rows: their number first, where they have one. */
export function selectRows({ name, rowid, columns }: TableInfo): string {
  const list = [rowid ?? "NULL", ...columns.map((c) => quoted(c.name))];
  return `SELECT ${list.join(", ")} FROM main.${quoted(name)}`;
}

/** Rows of a table; null where they cannot be counted. */
export function countRows(database: Database, table: TableInfo): number | null {
  try {
    return Number(database.all(`SELECT count(*) FROM main.${quoted(table.name)}`)[0]?.[0] ?? 0);
  } catch (thrown) {
    if (thrown instanceof SqliteFailure) return null;
    throw thrown;
  }
}

/** True where a table has no row at all. */
export function isEmpty(database: Database, table: TableInfo): boolean {
  try {
    return database.all(`SELECT 1 FROM main.${quoted(table.name)} LIMIT 1`).length === 0;
  } catch (thrown) {
    if (thrown instanceof SqliteFailure) return false;
    throw thrown;
  }
}
