import type { Position } from "../fixed-tables-writer.ts";
import type { Pair } from "../mlflow/records.ts";
import { epochMicros } from "../training-runs/times.ts";
import { quoted, type Database, type SqliteValue } from "./database.ts";
import type { TableInfo } from "./tables.ts";

/** A row by its columns. */
export type Row = Readonly<Record<string, SqliteValue>>;

/** The store's tables, rows as objects; a table that an older MLflow has not is an empty one. */
export class StoreTables {
  constructor(
    readonly database: Database,
    readonly tables: readonly TableInfo[],
  ) {}

  *rows(table: string, columns = "*", where = "1", limit = -1): Generator<Row> {
    const info = this.tables.find((t) => t.name === table);
    if (info === undefined) return;
    const names =
      columns === "*" ? info.columns.map((c) => c.name) : [columns.split(" ").at(-1) ?? ""];
    const list = columns === "*" ? names.map(quoted).join(", ") : columns;
    const number = columns === "*" ? (info.rowid ?? "NULL") : "NULL";
    const select = columns.startsWith("DISTINCT") ? list : `${list}, ${number}`;
    const sql = `SELECT ${select} FROM main.${quoted(table)} WHERE ${where} LIMIT ${limit}`;
    for (const row of this.database.rows(sql)) {
      const object = Object.fromEntries(names.map((name, i) => [name, row[i] ?? null]));
      yield { ...object, [NUMBER]: row[names.length] ?? null };
    }
  }

  count(table: string): number {
    return this.tables.some((t) => t.name === table)
      ? Number(this.database.all(`SELECT count(*) FROM main.${quoted(table)}`)[0]?.[0] ?? 0)
      : 0;
  }

  /** Parameters, tags and the like by what they belong to. */
  pairs(
    table: string,
    owner: string,
    where = "1",
    key = "key",
    value = "value",
  ): Map<string, Pair[]> {
    const pairs = new Map<string, Pair[]>();
    for (const row of this.rows(table, "*", where)) {
      const of = textOf(row[owner]);
      const list = pairs.get(of) ?? [];
      list.push([textOf(row[key]), textOf(row[value])]);
      pairs.set(of, list);
    }
    return pairs;
  }
}

/** Key under which a row's number stands; no column is called so. */
const NUMBER = "";

/** The row's number as its place. */
export function placeOf(row: Row): Position {
  const number = row[NUMBER];
  return { line: typeof number === "number" ? number : 1, offset: -1 };
}

/** A text in SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A value as text; empty for NULL. */
export function textOf(value: SqliteValue | undefined): string {
  if (value === null || value === undefined) return "";
  return value instanceof Uint8Array ? `${value.length} bytes` : String(value);
}

/** A text that says something, or null. */
export function wordOf(value: SqliteValue | undefined): string | null {
  const text = textOf(value);
  return text === "" ? null : text;
}

/** What a row says beside these columns, without what says nothing. */
export function others(row: Row, known: string): Record<string, unknown> {
  const keys = new Set([NUMBER, ...known.split(" ")]);
  return Object.fromEntries(
    Object.entries(row)
      .filter(([key, value]) => !keys.has(key) && value !== null && value !== "")
      .map(([key, value]) => [key, typeof value === "number" ? value : textOf(value)]),
  );
}

/** Times that are written but could not be read, as they stand. */
export function unread(row: Row, names: readonly string[]): Record<string, unknown> {
  const bad = names.filter((n) => wordOf(row[n]) !== null && epochMicros(row[n]) === null);
  return Object.fromEntries(bad.map((n) => [n, textOf(row[n])]));
}
