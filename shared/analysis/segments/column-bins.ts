import type { TableMeta } from "../../model/table.ts";
import type { QueryOptions, Engine } from "../../tables/engine.ts";
import { NUMBER, NUMBERS_OR_NULL, STRING, queryRows } from "../../tables/rows.ts";
import { ident, num, text } from "../../tables/sql.ts";
import type { WindowPredicates } from "../compare-sql.ts";

type Column = TableMeta["columns"][number];

/** Values of a text column that get a bin of their own; the rest shares one. */
const MOST_VALUES = 30;
/** As in the comparison of columns: more distinct values per row are free text. */
const FREE_TEXT_SHARE = 0.5;
const FREE_TEXT_LEAST = 50;
const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** The bin of a row as an SQL expression; -1 where the value is missing. */
export interface ColumnBins {
  readonly expression: string;
}

/**
 * Bins of a column: numbers by the baseline's deciles, free texts likewise by
 * their length, further times by their lag, other texts and booleans by their
 * most frequent values, ids only by being there. Null for the table's own time
 * column, which has no bins that two windows could share.
 * @throws Fault<EngineError>
 */
export async function columnBins(
  engine: Engine,
  table: TableMeta,
  column: Column,
  predicates: WindowPredicates,
  options: QueryOptions,
): Promise<ColumnBins | null> {
  const name = ident(column.name);
  if (column.role === "entity") return { expression: `if(${name} IS NULL, -1, 0)` };
  const quantities = { engine, table, predicates, options };
  switch (column.type) {
    case "double":
    case "bigint":
      return byDeciles(quantities, `${name}::DOUBLE`);
    case "timestamp": {
      const main = table.timeColumn;
      if (main === null || main === column.name) return null;
      const lag = `(epoch_us(${ident(main)}) - epoch_us(${name}))::DOUBLE`;
      return byDeciles(quantities, lag);
    }
    case "boolean":
      return byValues(quantities, `CAST(${name} AS VARCHAR)`);
    case "varchar": {
      const free = column.role === "message" || (await isFreeText(quantities, name));
      return free
        ? byDeciles(quantities, `nullif(length(${name}), 0)::DOUBLE`)
        : byValues(quantities, name);
    }
  }
}

interface Source {
  readonly engine: Engine;
  readonly table: TableMeta;
  readonly predicates: WindowPredicates;
  readonly options: QueryOptions;
}

async function isFreeText(source: Source, name: string): Promise<boolean> {
  const [found] = await queryRows(
    source.engine,
    `SELECT approx_count_distinct(${name}) AS d, count(${name}) AS n FROM ${ident(source.table.name)}
WHERE ${source.predicates.baseline} OR ${source.predicates.incident}`,
    { d: NUMBER, n: NUMBER },
    source.options,
  );
  const { d, n } = found ?? { d: 0, n: 0 };
  return d > FREE_TEXT_LEAST && d > FREE_TEXT_SHARE * n;
}

/** A bin holds `edge[k-1] <= x < edge[k]`, as in `quantileEdges`. */
async function byDeciles(source: Source, value: string): Promise<ColumnBins> {
  const [found] = await queryRows(
    source.engine,
    `SELECT quantile_cont(x, [${DECILES.join(", ")}]) AS edges FROM (
  SELECT ${value} AS x FROM ${ident(source.table.name)} WHERE ${source.predicates.baseline})
WHERE isfinite(x)`,
    { edges: NUMBERS_OR_NULL },
    source.options,
  );
  const edges = [...new Set(found?.edges ?? [])];
  const cases = edges.map((edge, k) => `WHEN ${value} < ${num(edge)} THEN ${String(k)}`);
  return {
    expression: `CASE WHEN ${value} IS NULL OR isnan(${value}) THEN -1 ${cases.join(" ")} ELSE ${String(edges.length)} END`,
  };
}

async function byValues(source: Source, value: string): Promise<ColumnBins> {
  const found = await queryRows(
    source.engine,
    `SELECT ${value} AS v, count(*) AS n FROM ${ident(source.table.name)}
WHERE (${source.predicates.baseline} OR ${source.predicates.incident}) AND ${value} IS NOT NULL
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${String(MOST_VALUES)}`,
    { v: STRING, n: NUMBER },
    source.options,
  );
  const cases = found.map((row, k) => `WHEN ${value} = ${text(row.v)} THEN ${String(k)}`);
  return {
    expression: `CASE WHEN ${value} IS NULL THEN -1 ${cases.join(" ")} ELSE ${String(found.length)} END`,
  };
}
