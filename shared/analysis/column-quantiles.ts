import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { NUMBER, NUMBERS, queryRows } from "../tables/rows.ts";
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
  // One sort a window: quantile_cont would select 101 times, which takes several times as long.
  const sorted = `SELECT list_sort(coalesce(list(x) FILTER (WHERE b), [])) AS lb,
  list_sort(coalesce(list(x) FILTER (WHERE i), [])) AS li
FROM (SELECT ${value.sql} AS x, ${baseline} AS b, ${incident} AS i
  FROM ${value.source} WHERE (${baseline} OR ${incident})${value.condition})
WHERE isfinite(x)`;
  const sql = `SELECT len(lb) AS nb, len(li) AS ni,
  ${picked("lb", "k * (nb - 1) // 100")} AS b_low, ${picked("lb", "(k * (nb - 1) + 99) // 100")} AS b_high,
  ${picked("li", "k * (ni - 1) // 100")} AS i_low, ${picked("li", "(k * (ni - 1) + 99) // 100")} AS i_high
FROM (${sorted})`;
  const [row] = await queryRows(
    engine,
    sql,
    { nb: NUMBER, ni: NUMBER, b_low: NUMBERS, b_high: NUMBERS, i_low: NUMBERS, i_high: NUMBERS },
    options,
  );
  return {
    probabilities: [...PROBABILITIES],
    baseline: row === undefined ? null : interpolated(row.nb, row.b_low, row.b_high),
    incident: row === undefined ? null : interpolated(row.ni, row.i_low, row.i_high),
    baselineValues: row?.nb ?? 0,
    incidentValues: row?.ni ?? 0,
    sql,
  };
}

/** Elements of a sorted list at the 0-based position of each of the 101 quantiles. */
function picked(list: string, position: string): string {
  return `list_select(${list}, [1 + ${position} for k in range(101)])`;
}

/** Between the values left and right of each quantile's position; null where there are none. */
function interpolated(
  values: number,
  low: readonly number[],
  high: readonly number[],
): number[] | null {
  if (values === 0) return null;
  return low.map((from, k) => {
    const part = ((k * (values - 1)) % 100) / 100;
    return from + part * ((high[k] ?? from) - from);
  });
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
  if (type === "double" || type === "bigint") {
    return { source, sql: `${name}::DOUBLE`, condition: "" };
  }
  return type === "varchar"
    ? { source, sql: `nullif(length(${name}), 0)::DOUBLE`, condition: "" }
    : null;
}
