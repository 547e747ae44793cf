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
  /**
   * The rest: how many categories, how many of them each window has, their rows,
   * and those rows whose category the other window lacks.
   */
  readonly other: {
    readonly categories: number;
    readonly inBaseline: number;
    readonly inIncident: number;
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
 * Counts the categories of an SQL expression (text) in one scan. What comes over
 * is bounded whatever the number of categories: the most frequent ones, found
 * without sorting all, and sums over all of them.
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
  FROM ${source} WHERE (${predicates.baseline} OR ${predicates.incident}) GROUP BY 1
  HAVING value IS NOT NULL)
(SELECT 0 AS part, value, b, i, 0 AS c, 0 AS cb, 0 AS ci, 0 AS ob, 0 AS oi, 0 AS s1, 0 AS s2
  FROM g ORDER BY b + i DESC, value LIMIT ${String(MOST_CATEGORIES)})
UNION ALL SELECT 1, NULL, coalesce(sum(b), 0), coalesce(sum(i), 0), count(*),
  count(*) FILTER (WHERE b > 0), count(*) FILTER (WHERE i > 0),
  coalesce(sum(b) FILTER (WHERE i = 0), 0), coalesce(sum(i) FILTER (WHERE b = 0), 0),
  count(*) FILTER (WHERE b = 1), count(*) FILTER (WHERE i = 1) FROM g`;
  const found = await queryRows(
    engine,
    sql,
    {
      part: NUMBER,
      value: STRING_OR_NULL,
      b: NUMBER,
      i: NUMBER,
      c: NUMBER,
      cb: NUMBER,
      ci: NUMBER,
      ob: NUMBER,
      oi: NUMBER,
      s1: NUMBER,
      s2: NUMBER,
    },
    options,
  );
  const categories = found
    .filter((row) => row.part === 0)
    .map((row): CategoryCount => ({ value: row.value ?? "", baseline: row.b, incident: row.i }))
    .sort((a, b) => b.baseline + b.incident - a.baseline - a.incident);
  const all = found.find((row) => row.part === 1);
  /** What is left of a sum over all categories without the listed ones. */
  const rest = (whole: number | undefined, of: (c: CategoryCount) => number): number =>
    categories.reduce((left, c) => left - of(c), whole ?? 0);
  return {
    baselineRows: rows.baseline,
    incidentRows: rows.incident,
    categories,
    other: {
      categories: rest(all?.c, () => 1),
      inBaseline: rest(all?.cb, (c) => (c.baseline > 0 ? 1 : 0)),
      inIncident: rest(all?.ci, (c) => (c.incident > 0 ? 1 : 0)),
      baseline: rest(all?.b, (c) => c.baseline),
      incident: rest(all?.i, (c) => c.incident),
      onlyBaseline: rest(all?.ob, (c) => (c.incident === 0 ? c.baseline : 0)),
      onlyIncident: rest(all?.oi, (c) => (c.baseline === 0 ? c.incident : 0)),
    },
    singletons: all?.s1 ?? 0,
    incidentSingletons: all?.s2 ?? 0,
  };
}
