import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, STRING_OR_NULL, queryRows } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import type { WindowPredicates } from "../compare-sql.ts";
import type { ColumnBins } from "./column-bins.ts";

/** Rows by bin of both windows, aligned. */
export interface BinCounts {
  readonly baseline: readonly number[];
  readonly incident: readonly number[];
}

/** Rows of one value of a segment column; null where it has none. */
export interface SegmentCounts extends BinCounts {
  readonly value: string | null;
}

/** A query that answers with `set` (the place of the segment column), `seg`, `bin`, `b`, `i`. */
export function segmentCountsSql(
  table: TableMeta,
  bins: ColumnBins,
  segmentColumns: readonly string[],
  { baseline, incident }: WindowPredicates,
): string {
  const names = segmentColumns.map((_, k) => `s${String(k)}`);
  const values = segmentColumns.map((c, k) => `CAST(${ident(c)} AS VARCHAR) AS ${names[k] ?? ""}`);
  const sets = names.map((name) => `(bin, ${name})`);
  const which = names.map((name, k) => `WHEN grouping(${name}) = 0 THEN ${String(k)}`);
  return `SELECT CASE ${which.join(" ")} END AS "set", coalesce(${names.join(", ")}) AS seg, bin,
  count(*) FILTER (WHERE in_b) AS b, count(*) FILTER (WHERE in_i) AS i
FROM (SELECT ${bins.expression} AS bin, ${[...values, `${baseline} AS in_b`, `${incident} AS in_i`].join(", ")}
  FROM ${ident(table.name)} WHERE ${baseline} OR ${incident})
GROUP BY GROUPING SETS (${sets.join(", ")})`;
}

/**
 * Rows by bin of a column within each value of each segment column, in one scan.
 * @param sql of `segmentCountsSql`
 * @returns for each segment column the counts of its values
 * @throws Fault<EngineError>
 */
export async function segmentCounts(
  engine: Engine,
  sql: string,
  segmentColumns: number,
  options: QueryOptions,
): Promise<SegmentCounts[][]> {
  const rows = await queryRows(
    engine,
    sql,
    { set: NUMBER, seg: STRING_OR_NULL, bin: NUMBER, b: NUMBER, i: NUMBER },
    options,
  );
  const places = new Map(
    [...new Set(rows.map((row) => row.bin))].sort((x, y) => x - y).map((bin, k) => [bin, k]),
  );
  const empty = (): number[] => new Array<number>(places.size).fill(0);
  const found = Array.from(
    { length: segmentColumns },
    () => new Map<string | null, { baseline: number[]; incident: number[] }>(),
  );
  for (const row of rows) {
    const place = places.get(row.bin) ?? 0;
    const values = found[row.set];
    const counts = values?.get(row.seg) ?? { baseline: empty(), incident: empty() };
    values?.set(row.seg, counts);
    counts.baseline[place] = row.b;
    counts.incident[place] = row.i;
  }
  return found.map((values) => [...values].map(([value, counts]) => ({ value, ...counts })));
}
