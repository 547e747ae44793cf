import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { NUMBER, STRING, queryRows } from "../tables/rows.ts";
import { ident } from "../tables/sql.ts";
import type { CategoryCount } from "./re-encoding.ts";
import { windowPredicate, type WindowPair } from "./windows.ts";

/** Rows by value of one column in both windows. */
export interface ColumnCategories {
  /** The most frequent values over both windows, most frequent first. */
  readonly categories: CategoryCount[];
  /** Distinct values over both windows, listed or not. */
  readonly values: number;
  /** Rows with a value. */
  readonly baselineRows: number;
  readonly incidentRows: number;
  readonly sql: string;
}

/**
 * Rows by value, as text, of the most frequent `limit` values, exactly; rows
 * without a value are left out. Null where a window does not apply to the table
 * or the table has no such column.
 * @throws Fault<EngineError>
 */
export async function columnCategories(
  engine: Engine,
  table: TableMeta,
  column: string,
  windows: WindowPair,
  limit: number,
  options: QueryOptions = {},
): Promise<ColumnCategories | null> {
  const baseline = windowPredicate(table, windows.baseline);
  const incident = windowPredicate(table, windows.incident);
  if (baseline === null || incident === null) return null;
  if (!table.columns.some((c) => c.name === column)) return null;
  const sql = `SELECT CAST(${ident(column)} AS VARCHAR) AS value,
  count(*) FILTER (WHERE ${baseline}) AS b, count(*) FILTER (WHERE ${incident}) AS i,
  count(*) OVER () AS distinct_values, sum(b) OVER () AS all_b, sum(i) OVER () AS all_i
FROM ${ident(table.name)}
WHERE (${baseline} OR ${incident}) AND ${ident(column)} IS NOT NULL
GROUP BY 1 ORDER BY b + i DESC, value LIMIT ${String(limit)}`;
  const rows = await queryRows(
    engine,
    sql,
    {
      value: STRING,
      b: NUMBER,
      i: NUMBER,
      distinct_values: NUMBER,
      all_b: NUMBER,
      all_i: NUMBER,
    },
    options,
  );
  const [first] = rows;
  return {
    categories: rows.map((row) => ({ value: row.value, baseline: row.b, incident: row.i })),
    values: first?.distinct_values ?? 0,
    baselineRows: first?.all_b ?? 0,
    incidentRows: first?.all_i ?? 0,
    sql,
  };
}
