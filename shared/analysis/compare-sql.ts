import { text } from "../tables/sql.ts";
import { MOST_CATEGORIES } from "./count-categories.ts";

/** Conditions on the rows of both windows. */
export interface WindowPredicates {
  readonly baseline: string;
  readonly incident: string;
}

/**
 * A query that repeats the numbers of a numeric shift from the rows: means,
 * medians, missing values, KS distance and Cliff's delta.
 * @param source quoted table or subquery in brackets
 * @param value SQL expression, DOUBLE
 */
export function numericShiftSql(
  source: string,
  value: string,
  { baseline, incident }: WindowPredicates,
): string {
  return `WITH v AS (
  SELECT ${value} AS x, ${baseline} AS in_b, ${incident} AS in_i FROM ${source}
  WHERE ${baseline} OR ${incident}),
g AS (
  SELECT x, count(*) FILTER (WHERE in_b) AS b, count(*) FILTER (WHERE in_i) AS i
  FROM v WHERE x IS NOT NULL AND NOT isnan(x) GROUP BY x),
c AS (
  SELECT x, b, i, sum(b) OVER w AS cb, sum(i) OVER w AS ci,
    sum(b) OVER () AS nb, sum(i) OVER () AS ni
  FROM g WINDOW w AS (ORDER BY x)),
s AS (
  SELECT max(abs(cb / nb - ci / ni)) AS ks,
    sum(i::DOUBLE * (2 * cb - b - nb)) / any_value(nb) / any_value(ni) AS cliffs_delta
  FROM c)
SELECT ks, cliffs_delta,
  (SELECT avg(x) FROM v WHERE in_b AND isfinite(x)) AS baseline_mean,
  (SELECT avg(x) FROM v WHERE in_i AND isfinite(x)) AS incident_mean,
  (SELECT quantile_cont(x, 0.5) FROM v WHERE in_b AND isfinite(x)) AS baseline_median,
  (SELECT quantile_cont(x, 0.5) FROM v WHERE in_i AND isfinite(x)) AS incident_median,
  (SELECT count(*) FROM v WHERE in_b) AS baseline_rows,
  (SELECT count(*) FROM v WHERE in_i) AS incident_rows
FROM s`;
}

/**
 * A query that repeats the numbers of a categorical shift: rows and shares by
 * value and, equal in every row, the Jensen-Shannon distance and Cramér's V.
 * Values beyond the most frequent ones stand in one row with NULL.
 * @param remap former values that count as others (after a renaming)
 */
export function categoricalShiftSql(
  source: string,
  value: string,
  { baseline, incident }: WindowPredicates,
  remap: ReadonlyMap<string, string> = new Map(),
): string {
  const cases = [...remap].map(([from, to]) => `WHEN ${text(from)} THEN ${text(to)}`);
  const read = cases.length === 0 ? value : `CASE ${value} ${cases.join(" ")} ELSE ${value} END`;
  return `WITH g AS (
  SELECT ${read} AS value, count(*) FILTER (WHERE ${baseline}) AS b,
    count(*) FILTER (WHERE ${incident}) AS i
  FROM ${source} WHERE (${baseline} OR ${incident}) AND ${value} IS NOT NULL GROUP BY 1),
r AS (SELECT *, row_number() OVER (ORDER BY b + i DESC, value) AS rank FROM g),
k AS (
  SELECT CASE WHEN rank <= ${String(MOST_CATEGORIES)} THEN value END AS value,
    sum(b)::DOUBLE AS b, sum(i)::DOUBLE AS i FROM r GROUP BY 1),
s AS (SELECT *, b / sum(b) OVER () AS p, i / sum(i) OVER () AS q,
    sum(b) OVER () AS nb, sum(i) OVER () AS ni FROM k)
SELECT value, b AS baseline, i AS incident, p AS baseline_share, q AS incident_share,
  sqrt(greatest(0, sum(CASE WHEN p > 0 THEN p * log2(2 * p / (p + q)) ELSE 0 END
    + CASE WHEN q > 0 THEN q * log2(2 * q / (p + q)) ELSE 0 END) OVER () / 2)) AS jensen_shannon,
  sqrt(sum(nb * ni * (p - q) ** 2 / (b + i)) OVER () / (nb + ni)) AS cramers_v
FROM s ORDER BY b + i DESC, value`;
}

/** A query that repeats the missing rates of a column. `missing` is an SQL condition. */
export function nullShiftSql(
  source: string,
  missing: string,
  { baseline, incident }: WindowPredicates,
): string {
  return `SELECT count(*) FILTER (WHERE ${baseline}) AS baseline_rows,
  count(*) FILTER (WHERE ${incident}) AS incident_rows,
  count(*) FILTER (WHERE (${baseline}) AND (${missing})) AS baseline_missing,
  count(*) FILTER (WHERE (${incident}) AND (${missing})) AS incident_missing,
  incident_missing / incident_rows - baseline_missing / baseline_rows AS null_rate_difference
FROM ${source} WHERE ${baseline} OR ${incident}`;
}
