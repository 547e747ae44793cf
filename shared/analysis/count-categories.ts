import type { Engine, QueryOptions } from "../tables/engine.ts";
import { NUMBER, STRING_OR_NULL, queryRows } from "../tables/rows.ts";
import type { CategoryCount } from "./re-encoding.ts";

/** Categories read one by one; rows of rarer ones are counted together. */
export const MOST_CATEGORIES = 200;

/** Rows by category in both windows. */
export interface CategorySample {
  /** Rows of the windows, with NULL. */
  readonly baselineRows: number;
  readonly incidentRows: number;
  /** The most frequent categories. */
  readonly categories: readonly CategoryCount[];
  /** The rest: how many categories, their rows, and those rows whose category the other window lacks. */
  readonly other: {
    readonly categories: number;
    readonly baseline: number;
    readonly incident: number;
    readonly onlyBaseline: number;
    readonly onlyIncident: number;
  };
  /** Categories with exactly one row in the baseline, in the incident. */
  readonly singletons: number;
  readonly incidentSingletons: number;
}

/**
 * Counts the categories of an SQL expression (text) in one scan.
 * @param source table name, quoted, or a subquery in brackets
 */
export async function countCategories(
  engine: Engine,
  source: string,
  expression: string,
  predicates: { readonly baseline: string; readonly incident: string },
  rows: { readonly baseline: number; readonly incident: number },
  options?: QueryOptions,
): Promise<CategorySample> {
  const sql = `WITH g AS MATERIALIZED (
  SELECT ${expression} AS value,
    count(*) FILTER (WHERE ${predicates.baseline}) AS b,
    count(*) FILTER (WHERE ${predicates.incident}) AS i
  FROM ${source} WHERE (${predicates.baseline} OR ${predicates.incident}) GROUP BY 1),
r AS MATERIALIZED (
  SELECT *, row_number() OVER (ORDER BY b + i DESC, value) AS rank FROM g WHERE value IS NOT NULL)
SELECT 0 AS part, value, b, i, 0 AS c, 0 AS s1, 0 AS s2 FROM r WHERE rank <= ${String(MOST_CATEGORIES)}
UNION ALL SELECT 1, NULL, coalesce(sum(b), 0), coalesce(sum(i), 0), count(*),
  coalesce(sum(b) FILTER (WHERE i = 0), 0), coalesce(sum(i) FILTER (WHERE b = 0), 0)
  FROM r WHERE rank > ${String(MOST_CATEGORIES)}
UNION ALL SELECT 2, NULL, count(*) FILTER (WHERE b = 1), count(*) FILTER (WHERE i = 1), 0, 0, 0 FROM r`;
  const found = await queryRows(
    engine,
    sql,
    {
      part: NUMBER,
      value: STRING_OR_NULL,
      b: NUMBER,
      i: NUMBER,
      c: NUMBER,
      s1: NUMBER,
      s2: NUMBER,
    },
    options,
  );
  const rest = found.find((row) => row.part === 1);
  const single = found.find((row) => row.part === 2);
  return {
    baselineRows: rows.baseline,
    incidentRows: rows.incident,
    categories: found
      .filter((row) => row.part === 0)
      .map((row) => ({
        value: row.value ?? "",
        baseline: row.b,
        incident: row.i,
      }))
      .sort((a, b) => b.baseline + b.incident - a.baseline - a.incident),
    other: {
      categories: rest?.c ?? 0,
      baseline: rest?.b ?? 0,
      incident: rest?.i ?? 0,
      onlyBaseline: rest?.s1 ?? 0,
      onlyIncident: rest?.s2 ?? 0,
    },
    singletons: single?.b ?? 0,
    incidentSingletons: single?.i ?? 0,
  };
}
