import type { ColumnType } from "../model/role.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import {
  NUMBER,
  NUMBER_OR_NULL,
  queryRows,
  STRING,
  STRING_OR_NULL,
  type RowSpec,
} from "../tables/rows.ts";
import { ident } from "../tables/sql.ts";
import { guessUnit, type UnitGuess } from "./units.ts";

/** What a whole column holds, both windows and everything else. */
export interface ColumnDescription {
  readonly name: string;
  /** Rows with a value. */
  readonly filled: number;
  /** Different values (HyperLogLog, about 2 % off). */
  readonly distinct: number;
  /** Range of numbers, and of times in µs UTC; null for everything else and for empty columns. */
  readonly min: number | null;
  readonly max: number | null;
  /** Some of the most frequent texts. */
  readonly examples: readonly string[];
  /** A unit by name and range, where the column states none. */
  readonly unit: UnitGuess | null;
}

/** One measurement of the table `metrics`. */
export interface MetricDescription {
  readonly name: string;
  readonly unit: string | null;
  readonly series: number;
  readonly services: number;
  readonly guess: UnitGuess | null;
}

export interface TableDescription {
  readonly rows: number;
  readonly columns: readonly ColumnDescription[];
  /** Names of the metrics; empty for other tables. */
  readonly metrics: readonly MetricDescription[];
}

/** Texts looked at for examples: the most frequent of the first rows. */
const EXAMPLE_ROWS = 20_000;
const EXAMPLES = 3;
const MOST_METRICS = 2_000;

/** Fill, cardinality, range and examples of every column, in one scan and one look at the first rows. */
export async function describeTable(
  engine: Engine,
  table: TableMeta,
  options: QueryOptions = {},
): Promise<TableDescription> {
  const query = options.signal === undefined ? {} : { signal: options.signal };
  const { columns } = table;
  const measures = columns.flatMap((c, i) => {
    const column = ident(c.name);
    const ranged = c.type === "timestamp" ? `epoch_us(${column})` : column;
    const finite = c.type === "double" ? ` FILTER (isfinite(${column}))` : "";
    return [
      `count(${column})::DOUBLE AS f${i}`,
      `approx_count_distinct(${column})::DOUBLE AS d${i}`,
      ...(hasRange(c.type)
        ? [`min(${ranged})${finite}::DOUBLE AS lo${i}`, `max(${ranged})${finite}::DOUBLE AS hi${i}`]
        : []),
    ];
  });
  const spec: RowSpec = {
    n: NUMBER,
    ...Object.fromEntries(
      columns.flatMap((c, i) => [
        [`f${i}`, NUMBER] as const,
        [`d${i}`, NUMBER] as const,
        ...(hasRange(c.type)
          ? [[`lo${i}`, NUMBER_OR_NULL] as const, [`hi${i}`, NUMBER_OR_NULL] as const]
          : []),
      ]),
    ),
  };
  const [row] = (await queryRows(
    engine,
    `SELECT ${["count(*)::DOUBLE AS n", ...measures].join(", ")} FROM ${ident(table.name)}`,
    spec,
    query,
  )) as readonly Readonly<Record<string, number | null>>[];
  const examples = await examplesOf(engine, table, query);
  return {
    rows: row?.["n"] ?? 0,
    columns: columns.map((c, i): ColumnDescription => {
      const min = row?.[`lo${i}`] ?? null;
      const max = row?.[`hi${i}`] ?? null;
      return {
        name: c.name,
        filled: row?.[`f${i}`] ?? 0,
        // An estimate can exceed what there is.
        distinct: Math.min(row?.[`d${i}`] ?? 0, row?.[`f${i}`] ?? 0),
        min,
        max,
        examples: examples.get(c.name) ?? [],
        unit:
          c.unit === undefined && c.type !== "timestamp" && min !== null
            ? guessUnit(c.name, min, max ?? min)
            : null,
      };
    }),
    metrics: table.target === "metrics" ? await metricsOf(engine, query) : [],
  };
}

function hasRange(type: ColumnType): boolean {
  return type === "double" || type === "bigint" || type === "timestamp";
}

async function examplesOf(
  engine: Engine,
  table: TableMeta,
  options: QueryOptions,
): Promise<Map<string, string[]>> {
  const texts = table.columns.filter((c) => c.type === "varchar" || c.type === "boolean");
  if (texts.length === 0) return new Map();
  const selects = texts.map(
    (c, i) =>
      `(SELECT ${i} AS i, left(CAST(${ident(c.name)} AS VARCHAR), 80) AS v, count(*) AS n FROM head
        WHERE ${ident(c.name)} IS NOT NULL GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT ${EXAMPLES})`,
  );
  const rows = await queryRows(
    engine,
    `WITH head AS MATERIALIZED (SELECT ${texts.map((c) => ident(c.name)).join(", ")} FROM ${ident(table.name)} LIMIT ${EXAMPLE_ROWS})
     SELECT i, v FROM (${selects.join(" UNION ALL ")}) ORDER BY i, n DESC, v`,
    { i: NUMBER, v: STRING },
    options,
  );
  const found = new Map<string, string[]>();
  for (const { i, v } of rows) {
    const name = texts[i]?.name ?? "";
    found.set(name, [...(found.get(name) ?? []), v]);
  }
  return found;
}

async function metricsOf(engine: Engine, options: QueryOptions): Promise<MetricDescription[]> {
  const rows = await queryRows(
    engine,
    `SELECT name, unit, count(DISTINCT series)::DOUBLE AS series, count(DISTINCT service)::DOUBLE AS services,
       min(value) FILTER (isfinite(value)) AS lo, max(value) FILTER (isfinite(value)) AS hi
     FROM metrics GROUP BY name, unit ORDER BY name, unit LIMIT ${MOST_METRICS}`,
    {
      name: STRING,
      unit: STRING_OR_NULL,
      series: NUMBER,
      services: NUMBER,
      lo: NUMBER_OR_NULL,
      hi: NUMBER_OR_NULL,
    },
    options,
  );
  return rows.map(({ lo, hi, ...row }) => ({
    ...row,
    guess: row.unit === null && lo !== null ? guessUnit(row.name, lo, hi ?? lo) : null,
  }));
}
