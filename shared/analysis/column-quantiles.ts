import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { NUMBER, NUMBERS_OR_NULL, queryRows } from "../tables/rows.ts";
import { ident, text } from "../tables/sql.ts";
import { seriesSource } from "./series-source.ts";
import { windowPredicate, type WindowPair } from "./windows.ts";

/** Quantiles of one column in both windows, at the same probabilities. */
export interface ColumnQuantiles {
  /** 0 (the minimum), 0.01 … 0.99, 1 (the maximum). */
  readonly probabilities: number[];
  /** One a probability, in the column's unit; null where the window has no finite value. */
  readonly baseline: number[] | null;
  readonly incident: number[] | null;
  /** Finite values. */
  readonly baselineValues: number;
  readonly incidentValues: number;
  readonly sql: string;
}

const PROBABILITIES = Array.from({ length: 101 }, (_, k) => k / 100);

/**
 * 99 percentiles, minimum and maximum of a numeric column (series of `metrics`
 * or `spans`) in both windows, exactly, in one scan: linear interpolation
 * between the two nearest values (Hyndman and Fan 1996, type 7, as NumPy's
 * default). Null, NaN and infinities are left out; of a text column the length
 * of each value is taken, as its comparison does. Null where a window does not
 * apply to the table or the table has no such column.
 * @throws Fault<EngineError>
 */
export async function columnQuantiles(
  engine: Engine,
  table: TableMeta,
  column: string,
  windows: WindowPair,
  options: QueryOptions = {},
): Promise<ColumnQuantiles | null> {
  const baseline = windowPredicate(table, windows.baseline);
  const incident = windowPredicate(table, windows.incident);
  const value = valueOf(table, column);
  if (baseline === null || incident === null || value === null) return null;
  const list = `[${PROBABILITIES.join(", ")}]`;
  const sql = `SELECT count(*) FILTER (WHERE b) AS nb, count(*) FILTER (WHERE i) AS ni,
  quantile_cont(x, ${list}) FILTER (WHERE b) AS qb,
  quantile_cont(x, ${list}) FILTER (WHERE i) AS qi
FROM (SELECT ${value.sql} AS x, ${baseline} AS b, ${incident} AS i
  FROM ${value.source} WHERE (${baseline} OR ${incident})${value.condition})
WHERE isfinite(x)`;
  const [row] = await queryRows(
    engine,
    sql,
    { nb: NUMBER, ni: NUMBER, qb: NUMBERS_OR_NULL, qi: NUMBERS_OR_NULL },
    options,
  );
  return {
    probabilities: [...PROBABILITIES],
    baseline: row?.qb ?? null,
    incident: row?.qi ?? null,
    baselineValues: row?.nb ?? 0,
    incidentValues: row?.ni ?? 0,
    sql,
  };
}

interface NumericValue {
  readonly source: string;
  /** DOUBLE. */
  readonly sql: string;
  /** Further condition on the rows, ` AND …` or nothing. */
  readonly condition: string;
}

function valueOf(table: TableMeta, column: string): NumericValue | null {
  if (table.target === "metrics" || table.target === "spans") {
    return {
      source: seriesSource(table),
      sql: "value::DOUBLE",
      condition: ` AND series = ${text(column)}`,
    };
  }
  const type = table.columns.find((c) => c.name === column)?.type;
  const name = ident(column);
  const source = ident(table.name);
  switch (type) {
    case "double":
    case "bigint":
      return { source, sql: `${name}::DOUBLE`, condition: "" };
    case "varchar":
      return { source, sql: `nullif(length(${name}), 0)::DOUBLE`, condition: "" };
    default:
      return null;
  }
}
