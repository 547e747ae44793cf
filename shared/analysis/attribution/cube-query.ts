import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, queryRows, queryTable, readColumn } from "../../tables/rows.ts";
import { ident, text } from "../../tables/sql.ts";
import type { WindowPredicates } from "../compare-sql.ts";
import type { MetricSql } from "./attribution-metrics.ts";
import { emptyCube, type Cube, type CubeColumn } from "./cube.ts";
import { addSums, SUM_NAMES, type SumName, type SumPair, type Sums } from "./segment-sums.ts";

/** The rows that are looked at, in three parts: 0 and 1 are halves of the baseline, 2 the incident. */
export interface CubeSource {
  readonly table: TableMeta;
  readonly metric: MetricSql;
  readonly predicates: WindowPredicates;
  /** SQL condition of the baseline's first half. */
  readonly firstHalf: string;
}

/** A value's sums in the three parts. */
export interface ValueSums {
  /** Null is a missing value. */
  readonly value: string | null;
  readonly parts: readonly [Sums, Sums, Sums];
}

/** Baseline against incident. */
export function valuePair(parts: ValueSums["parts"]): SumPair {
  return { baseline: addSums([parts[0], parts[1]]), incident: parts[2] };
}

/** Grouping sets of one query at most: each holds a hash table of its own. */
const SETS_PER_QUERY = 12;

/** Rows of both windows with their part, numerator `x` and denominator `d`. */
function sourceSql({ table, metric, predicates, firstHalf }: CubeSource, keys: string): string {
  const d = metric.denominator;
  const one = (part: string, condition: string): string =>
    `SELECT ${part} AS part, ${keys}${metric.numerator} AS x${d === null ? "" : `, ${d} AS d`}
  FROM ${ident(table.name)} WHERE ${condition}`;
  return `SELECT * FROM (
  ${one(`CASE WHEN ${firstHalf} THEN 0 ELSE 1 END`, predicates.baseline)}
  UNION ALL ${one("2", predicates.incident)})
  WHERE x IS NOT NULL${d === null ? "" : " AND d IS NOT NULL"}`;
}

/** The sums that the metric needs; the others follow from them. */
function sumsSql({ denominator, zeroOne }: MetricSql): string {
  const list = ["count(*)::DOUBLE AS n", "sum(x) AS num"];
  if (!zeroOne) list.push("sum(x * x) AS nn");
  if (denominator !== null) list.push("sum(d) AS den", "sum(x * d) AS nd", "sum(d * d) AS dd");
  return list.join(", ");
}

function neededSums({ denominator, zeroOne }: MetricSql): SumName[] {
  return [
    "n",
    "num",
    ...(zeroOne ? [] : (["nn"] as const)),
    ...(denominator === null ? [] : (["den", "nd", "dd"] as const)),
  ];
}

/** Fills in the sums that were not asked for: x² is x for zeros and ones, d is 1. */
function completeSums(s: Partial<Record<SumName, number>>): Sums {
  const { n = 0, num: x = 0 } = s;
  return { n, num: x, nn: s.nn ?? x, den: s.den ?? n, nd: s.nd ?? x, dd: s.dd ?? n };
}

/**
 * Number of distinct values by column over the rows of both windows (missing
 * ones not counted), by HyperLogLog: a few per cent off.
 * @throws Fault<EngineError>
 */
export async function countValues(
  engine: Engine,
  source: CubeSource,
  columns: readonly string[],
  options: QueryOptions,
): Promise<number[]> {
  if (columns.length === 0) return [];
  const { baseline, incident } = source.predicates;
  const counts = columns.map((c, k) => `approx_count_distinct(${ident(c)}) AS c${String(k)}`);
  const [row] = await queryRows(
    engine,
    `SELECT ${counts.join(", ")} FROM ${ident(source.table.name)} WHERE ${baseline} OR ${incident}`,
    Object.fromEntries(columns.map((_, k) => [`c${String(k)}`, NUMBER] as const)),
    options,
  );
  return columns.map((_, k) => row?.[`c${String(k)}`] ?? 0);
}

/** Sums of each value of each column, over all rows of both windows. @throws Fault<EngineError> */
export async function valueSums(
  engine: Engine,
  source: CubeSource,
  columns: readonly string[],
  options: QueryOptions,
): Promise<ValueSums[][]> {
  const out: ValueSums[][] = [];
  for (let from = 0; from < columns.length; from += SETS_PER_QUERY) {
    const some = columns.slice(from, from + SETS_PER_QUERY);
    const names = some.map((_, k) => `k${String(k)}`);
    const keys = some.map((c, k) => `${ident(c)} AS k${String(k)}, `).join("");
    const level = names.map((k, at) => `WHEN grouping(${k}) = 0 THEN ${String(at)}`).join(" ");
    const value = names.map((k) => `WHEN grouping(${k}) = 0 THEN CAST(${k} AS VARCHAR)`);
    const sets = names.map((k) => `(part, ${k})`).join(", ");
    const found = await queryTable(
      engine,
      `SELECT CASE ${level} END AS level, CASE ${value.join(" ")} END AS value, part, ${sumsSql(source.metric)}
FROM (${sourceSql(source, keys)}) GROUP BY GROUPING SETS (${sets})`,
      options,
    );
    const levels = readColumn(found, "level");
    const values = readColumn(found, "value");
    const byColumn = some.map(() => new Map<string | null, [Sums, Sums, Sums]>());
    readParts(found, source.metric, (row, part, sums) => {
      const own = byColumn[Number(levels[row])];
      const key = values[row] as string | null;
      const parts = own?.get(key) ?? [completeSums({}), completeSums({}), completeSums({})];
      parts[part] = sums;
      own?.set(key, parts);
    });
    out.push(...byColumn.map((m) => [...m].map(([v, parts]) => ({ value: v, parts }))));
  }
  return out;
}

function readParts(
  found: Awaited<ReturnType<typeof queryTable>>,
  metric: MetricSql,
  each: (row: number, part: 0 | 1 | 2, sums: Sums) => void,
): void {
  const parts = readColumn(found, "part");
  const columns = neededSums(metric).map((s) => [s, readColumn(found, s)] as const);
  for (let row = 0; row < found.numRows; row++) {
    const sums = Object.fromEntries(columns.map(([s, list]) => [s, Number(list[row] ?? 0)]));
    const part = Number(parts[row]);
    each(row, part === 0 ? 0 : part === 1 ? 1 : 2, completeSums(sums));
  }
}

/**
 * The cells of all combinations of the columns' listed values, in one pass over
 * the rows of both windows; values that are not listed count together (code -1).
 * Null where there are more than `most` rows of the result.
 * @throws Fault<EngineError>
 */
export async function readCube(
  engine: Engine,
  source: CubeSource,
  columns: readonly CubeColumn[],
  most: number,
  options: QueryOptions,
): Promise<Cube | null> {
  const raw = columns.map(({ name }, k) => `${ident(name)} AS r${String(k)}, `).join("");
  const names = columns.map((_, k) => `k${String(k)}`);
  const keys = columns.map((_, k) => `coalesce(c${String(k)}, -1) AS k${String(k)}`);
  const joins = columns.map((column, k) => codeJoin(source.table, column, k));
  const found = await queryTable(
    engine,
    `SELECT ${[...keys, "part"].join(", ")}, ${sumsSql(source.metric)}
FROM (${sourceSql(source, raw)}) ${joins.join(" ")}
GROUP BY ${[...keys.map((_, k) => String(k + 1)), "part"].join(", ")} LIMIT ${String(most + 1)}`,
    options,
  );
  if (found.numRows > most) return null;
  const codes = names.map((k) => readColumn(found, k).map(Number));
  const leaves = new Map<string, number>();
  const leafOfRow = Array.from({ length: found.numRows }, (_, row) => {
    const key = codes.map((list) => list[row]).join(" ");
    const leaf = leaves.get(key) ?? leaves.size;
    leaves.set(key, leaf);
    return leaf;
  });
  const cube = emptyCube(columns, leaves.size);
  readParts(found, source.metric, (row, part, sums) => {
    const leaf = leafOfRow[row] ?? 0;
    codes.forEach((list, k) => {
      const own = cube.codes[k];
      if (own !== undefined) own[leaf] = list[row] ?? -1;
    });
    for (const s of SUM_NAMES) cube.parts[part][s][leaf] = sums[s];
  });
  return cube;
}

/** Joins each row's value `rK` with its place `cK` in the list; by hash, where a long CASE would go one by one. */
function codeJoin(table: TableMeta, { name, values }: CubeColumn, k: number): string {
  const type = table.columns.find((c) => c.name === name)?.type ?? "varchar";
  const plain = type === "bigint" || type === "boolean";
  const literal = (value: string | null): string =>
    value === null ? "NULL" : plain ? value : text(value);
  const own = plain || type === "varchar" ? `r${String(k)}` : `CAST(r${String(k)} AS VARCHAR)`;
  const rows = values.map((value, code) => `(${literal(value)}, ${String(code)})`);
  return `LEFT JOIN (VALUES ${rows.join(", ")}) j${String(k)}(v${String(k)}, c${String(k)}) ON ${own} IS NOT DISTINCT FROM v${String(k)}`;
}
