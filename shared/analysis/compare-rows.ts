import { timestampLiteral, type EvidenceTime } from "../base/time.ts";
import type { TableMeta } from "../model/table.ts";
import type { Window } from "../model/window.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import {
  NUMBER,
  NUMBER_OR_NULL,
  NUMBERS_OR_NULL,
  STRING,
  queryRows,
  queryTable,
  readColumn,
} from "../tables/rows.ts";
import { ident, text } from "../tables/sql.ts";
import { bucketOf } from "./buckets.ts";
import { seriesSource } from "./series-source.ts";
import { windowPredicate, type TimeRange } from "./windows.ts";

/** A page of raw rows. */
export interface RowsPage {
  readonly columns: string[];
  /** Cells by row: text, number, boolean, µs UTC for times, or null. */
  readonly rows: (string | number | boolean | null)[][];
  /** Rows in the window. */
  readonly total: number;
  readonly sql: string;
}

/**
 * Rows of a table in a window (all where it is null) in the order of time and
 * position, with their provenance columns. No rows where the window does not
 * apply to the table.
 */
export async function rowsInWindow(
  engine: Engine,
  table: TableMeta,
  window: Window | null,
  limit: number,
  offset: number,
  options: QueryOptions = {},
): Promise<RowsPage> {
  const condition = window === null ? "true" : (windowPredicate(table, window) ?? "false");
  const source = ident(table.name);
  const order = [...(table.timeColumn === null ? [] : [ident(table.timeColumn)]), "_ev", "_line"];
  const sql = `SELECT * FROM ${source} WHERE ${condition} ORDER BY ${order.join(", ")} LIMIT ${String(limit)} OFFSET ${String(offset)}`;
  const page = await queryTable(engine, sql, options);
  const [count] = await queryRows(
    engine,
    `SELECT count(*) AS n FROM ${source} WHERE ${condition}`,
    { n: NUMBER },
    options,
  );
  const columns = page.schema.fields.map((f) => f.name);
  const cells = columns.map((name) => readColumn(page, name).map(cell));
  return {
    columns,
    rows: Array.from({ length: page.numRows }, (_, r) => cells.map((c) => c[r] ?? null)),
    total: count?.n ?? 0,
    sql,
  };
}

function cell(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return JSON.stringify(value);
}

/** A column's course, per non-empty bucket of time. */
export interface ColumnOverTime {
  /** µs. */
  readonly bucket: number;
  /** µs UTC at bucket starts, ascending. */
  readonly times: number[];
  readonly rows: number[];
  /** Share of NULL and NaN. */
  readonly nullRate: number[];
  /** For numbers: null entries in buckets without a finite value. */
  readonly numeric: {
    readonly mean: (number | null)[];
    readonly p5: (number | null)[];
    readonly median: (number | null)[];
    readonly p95: (number | null)[];
  } | null;
  /** For texts and booleans: shares among the values present, the most frequent values. */
  readonly categories: { readonly value: string; readonly share: number[] }[] | null;
}

const TOP = 8;

/**
 * How one column (series of `metrics`) went over time, exactly, in at most
 * about `buckets` buckets.
 */
export async function columnOverTime(
  engine: Engine,
  table: TableMeta,
  column: string,
  buckets: number,
  range: TimeRange | null = null,
  options: QueryOptions = {},
): Promise<ColumnOverTime> {
  const asked = range ?? { from: table.from ?? 0, to: (table.to ?? 0) + 1 };
  const bucket = bucketOf(asked, buckets);
  const isSeries = table.target === "metrics" || table.target === "spans";
  const time = ident(table.timeColumn ?? "ts");
  const at = (t: number): string => timestampLiteral(t as EvidenceTime);
  const whole = `${time} >= ${at(Math.floor(asked.from / bucket) * bucket)} AND ${time} < ${at(Math.ceil(asked.to / bucket) * bucket)}`;
  const value = isSeries ? "value" : ident(column);
  const own = isSeries ? ` AND series = ${text(column)}` : "";
  const source = `(SELECT epoch_us(${time}) // ${String(bucket)} AS k, ${value} AS x FROM ${isSeries ? seriesSource(table) : ident(table.name)} WHERE ${whole}${own})`;
  const type = isSeries ? "double" : table.columns.find((c) => c.name === column)?.type;
  return type === "double" || type === "bigint"
    ? numericCourse(engine, source, bucket, options)
    : categoryOverTime(engine, source, bucket, options);
}

async function numericCourse(
  engine: Engine,
  source: string,
  bucket: number,
  options: QueryOptions,
): Promise<ColumnOverTime> {
  const found = await queryRows(
    engine,
    `SELECT k, count(*) AS n, count(*) FILTER (WHERE x IS NULL OR isnan(x::DOUBLE)) AS missing,
  avg(x::DOUBLE) FILTER (WHERE isfinite(x::DOUBLE)) AS mean,
  quantile_cont(x::DOUBLE, [0.05, 0.5, 0.95]) FILTER (WHERE isfinite(x::DOUBLE)) AS q
FROM ${source} GROUP BY k ORDER BY k`,
    {
      k: NUMBER,
      n: NUMBER,
      missing: NUMBER,
      mean: NUMBER_OR_NULL,
      q: NUMBERS_OR_NULL,
    },
    options,
  );
  return {
    bucket,
    times: found.map((row) => row.k * bucket),
    rows: found.map((row) => row.n),
    nullRate: found.map((row) => row.missing / row.n),
    numeric: {
      mean: found.map((row) => row.mean),
      p5: found.map((row) => row.q?.[0] ?? null),
      median: found.map((row) => row.q?.[1] ?? null),
      p95: found.map((row) => row.q?.[2] ?? null),
    },
    categories: null,
  };
}

/** Shares of the most frequent values per bucket. `source` has columns k and x. */
async function categoryOverTime(
  engine: Engine,
  source: string,
  bucket: number,
  options: QueryOptions,
): Promise<ColumnOverTime> {
  const totals = await queryRows(
    engine,
    `SELECT k, count(*) AS n, count(x) AS present FROM ${source} GROUP BY k ORDER BY k`,
    { k: NUMBER, n: NUMBER, present: NUMBER },
    options,
  );
  const counts = await queryRows(
    engine,
    `WITH s AS MATERIALIZED (SELECT k, CAST(x AS VARCHAR) AS x FROM ${source} WHERE x IS NOT NULL),
top AS (SELECT x FROM s GROUP BY x ORDER BY count(*) DESC, x LIMIT ${String(TOP)})
SELECT k, x, count(*) AS n FROM s WHERE x IN (SELECT x FROM top) GROUP BY k, x`,
    { k: NUMBER, x: STRING, n: NUMBER },
    options,
  );
  const place = new Map(totals.map((row, index) => [row.k, index]));
  const sums = new Map<string, number>();
  const shares = new Map<string, number[]>();
  for (const row of counts) {
    const index = place.get(row.k) ?? 0;
    const share = shares.get(row.x) ?? new Array<number>(totals.length).fill(0);
    share[index] = row.n / (totals[index]?.present ?? 1);
    shares.set(row.x, share);
    sums.set(row.x, (sums.get(row.x) ?? 0) + row.n);
  }
  return {
    bucket,
    times: totals.map((row) => row.k * bucket),
    rows: totals.map((row) => row.n),
    nullRate: totals.map((row) => 1 - row.present / row.n),
    numeric: null,
    categories: [...shares]
      .sort(([a], [b]) => (sums.get(b) ?? 0) - (sums.get(a) ?? 0))
      .map(([value, share]) => ({ value, share })),
  };
}
