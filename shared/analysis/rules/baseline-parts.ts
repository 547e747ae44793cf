import type { Table } from "apache-arrow";
import { DAY, HOUR, MINUTE } from "../../base/time.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Window } from "../../model/window.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, NUMBER_OR_NULL, queryRows, queryTable, readColumn } from "../../tables/rows.ts";
import { ident, num } from "../../tables/sql.ts";
import { withoutProgress } from "../table-task.ts";
import { windowPredicate } from "../windows.ts";

const MOST_PARTS = 10;
/** Parts with fewer rows say little of how parts vary. */
const LEAST_PART_ROWS = 20;

type Column = TableMeta["columns"][number];

/** One column in each part of the window; times as µs UTC. All lists have one item a part. */
export interface ColumnParts {
  readonly column: Column;
  readonly values: readonly number[];
  readonly nulls: readonly number[];
  readonly distinct: readonly number[];
  /** Of the values, for texts of their lengths; empty for columns that have none. */
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly mean: readonly number[];
  /** At .05, .5 and .95. */
  readonly quantiles: readonly (readonly number[])[];
  /** Least and greatest text of each part. */
  readonly texts: readonly string[];
}

/** A window cut into parts of equal length in time (or of rows in a fixed random order where there is no time). */
export interface WindowParts {
  readonly where: string;
  /** SQL expression: number of the part that a row lies in. */
  readonly part: string;
  readonly rows: readonly number[];
  readonly columns: readonly ColumnParts[];
  /** First and last time in the window; null without a time column. */
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * What the parts of a window look like, in one scan over the table for its
 * bounds and one for everything else. Null where the window cuts no rows.
 * @throws Fault<EngineError>
 */
export async function windowParts(
  engine: Engine,
  table: TableMeta,
  window: Window,
  options: QueryOptions,
): Promise<WindowParts | null> {
  const where = windowPredicate(table, window);
  if (where === null) return null;
  const quiet = withoutProgress(options);
  const time = table.timeColumn === null ? null : `epoch_us(${ident(table.timeColumn)})`;
  const [span] = await queryRows(
    engine,
    `SELECT count(*) AS n, ${time === null ? "NULL::BIGINT" : `min(${time})`} AS lo, ${time === null ? "NULL::BIGINT" : `max(${time})`} AS hi
FROM ${ident(table.name)} WHERE ${where}`,
    { n: NUMBER, lo: NUMBER_OR_NULL, hi: NUMBER_OR_NULL },
    quiet,
  );
  if (span === undefined || span.n === 0) return null;
  const parts = Math.max(1, Math.min(MOST_PARTS, Math.floor(span.n / LEAST_PART_ROWS)));
  const part = partSql(time, span.lo, span.hi, parts);
  const columns = table.columns.filter((c) => !c.name.startsWith("_"));
  const found = await queryTable(
    engine,
    `SELECT ${part} AS part, count(*) AS n, ${columns.flatMap(aggregates).join(",\n  ")}
FROM ${ident(table.name)} WHERE ${where} GROUP BY part HAVING count(*) >= ${String(LEAST_PART_ROWS)} ORDER BY part`,
    quiet,
  );
  return {
    where,
    part,
    rows: numbers(found, "n"),
    columns: columns.map((column, k) => columnParts(found, column, k)),
    from: span.lo,
    to: span.hi,
  };
}

function partSql(time: string | null, lo: number | null, hi: number | null, parts: number): string {
  if (time === null || lo === null || hi === null) {
    return `(hash(_ev, _line, _off) % ${String(parts)})::INTEGER`;
  }
  return `least((${time} - ${num(lo)}) // ${num(Math.ceil((hi - lo + 1) / parts))}, ${String(parts - 1)})::INTEGER`;
}

/** The length of time in which rows are counted: what is natural, at least four times in the window. */
export function countedStretch(from: number, to: number): number | null {
  return [DAY, HOUR, MINUTE].find((every) => (to - from) / every >= 5) ?? null;
}

/** The finite values of a column as DOUBLE, lengths of texts, µs of times; null where there is no order. */
export function valueSql({ name, type }: Column): string | null {
  switch (type) {
    case "double":
      return `CASE WHEN isfinite(${ident(name)}) THEN ${ident(name)} END`;
    case "bigint":
      return `${ident(name)}::DOUBLE`;
    case "varchar":
      return `length(${ident(name)})`;
    case "timestamp":
      return `epoch_us(${ident(name)})`;
    case "boolean":
      return `${ident(name)}::INTEGER`;
  }
}

function aggregates(column: Column, k: number): string[] {
  const name = ident(column.name);
  const value = valueSql(column);
  const a = (sql: string, as: string) => `${sql} AS ${as}${String(k)}`;
  const isNumber = column.type === "double" || column.type === "bigint";
  return [
    a(
      column.type === "double"
        ? `count(*) FILTER (WHERE ${name} IS NOT NULL AND NOT isnan(${name}))`
        : `count(${name})`,
      "v",
    ),
    ...(column.type === "varchar"
      ? [a(`approx_count_distinct(${name})`, "d"), a(`min(${name})`, "s"), a(`max(${name})`, "t")]
      : []),
    ...(value === null ? [] : [a(`min(${value})`, "lo"), a(`max(${value})`, "hi")]),
    ...(isNumber
      ? [
          a(`avg(${value ?? ""})`, "m"),
          a(`approx_quantile(${value ?? ""}, [0.05, 0.5, 0.95])`, "q"),
        ]
      : []),
  ];
}

function columnParts(found: Table, column: Column, k: number): ColumnParts {
  const name = (prefix: string) => `${prefix}${String(k)}`;
  const all = numbers(found, "n");
  const values = numbers(found, name("v"));
  const text = column.type === "varchar";
  const isNumber = column.type === "double" || column.type === "bigint";
  const strings = (prefix: string) =>
    readColumn(found, name(prefix)).filter((v): v is string => typeof v === "string");
  return {
    column,
    values,
    nulls: values.map((v, p) => (all[p] ?? 0) - v),
    distinct: text ? numbers(found, name("d")) : [],
    min: numbers(found, name("lo")),
    max: numbers(found, name("hi")),
    mean: isNumber ? numbers(found, name("m")) : [],
    quantiles: isNumber
      ? readColumn(found, name("q")).filter((q): q is number[] => Array.isArray(q))
      : [],
    texts: text ? [...strings("s"), ...strings("t")] : [],
  };
}

/** Numbers of a result's column, without NULL. */
function numbers(found: Table, name: string): number[] {
  return readColumn(found, name).filter((v): v is number => typeof v === "number");
}
