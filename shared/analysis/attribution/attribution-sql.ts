import type { SegmentPredicate } from "../../model/attribution.ts";
import type { TableMeta } from "../../model/table.ts";
import { ident, text } from "../../tables/sql.ts";
import type { CubeSource } from "./cube-query.ts";
import type { MetricScale } from "./segment-sums.ts";

/** Rows of a segment as an SQL condition; `true` without conditions. */
function segmentCondition(where: readonly SegmentPredicate[], table: TableMeta): string {
  const one = ({ column, value }: SegmentPredicate): string => {
    if (value === null) return `${ident(column)} IS NULL`;
    const type = table.columns.find((c) => c.name === column)?.type ?? "varchar";
    const name = type === "varchar" ? ident(column) : `CAST(${ident(column)} AS VARCHAR)`;
    return `${name} = ${text(value)}`;
  };
  return where.length === 0 ? "true" : where.map(one).join(" AND ");
}

/**
 * A query that repeats the numbers of segments from the rows: for each segment
 * and for all other rows, in both windows, the rows, both sums and the metric. A
 * row counts in the first segment that holds it.
 */
export function segmentsSql(
  { table, metric, predicates }: CubeSource,
  scale: MetricScale,
  segments: readonly (readonly SegmentPredicate[])[],
): string {
  const named = segments.filter((s) => s.length > 0);
  const cases = named.map(
    (where) =>
      `WHEN ${segmentCondition(where, table)} THEN ${text(where.map((p) => `${p.column} = ${p.value ?? "NULL"}`).join(" and "))}`,
  );
  const segment =
    cases.length === 0 ? "'all rows'" : `CASE ${cases.join(" ")} ELSE 'all other rows' END`;
  const d = metric.denominator ?? "1.0";
  const one = (window: string, condition: string): string =>
    `SELECT ${text(window)} AS "window", ${segment} AS segment, ${metric.numerator} AS x, ${d} AS d
  FROM ${ident(table.name)} WHERE ${condition}`;
  const value = scale.additive
    ? `sum(x) / CASE "window" WHEN 'baseline' THEN ${String(scale.baselineSpan)} ELSE ${String(scale.incidentSpan)} END`
    : "sum(x) / nullif(sum(d), 0)";
  return `SELECT "window", segment, count(*) AS "rows", sum(x) AS numerator, sum(d) AS denominator, ${value} AS value
FROM (${one("baseline", predicates.baseline)}
  UNION ALL ${one("incident", predicates.incident)})
WHERE x IS NOT NULL AND d IS NOT NULL GROUP BY ALL ORDER BY segment, "window"`;
}
