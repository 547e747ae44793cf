import type { AssociationMeasure } from "../../model/multivariate.ts";
import { ident } from "../../tables/sql.ts";
import type { WindowPredicates } from "../compare-sql.ts";
import type { Column } from "./sample.ts";

/** Values whose squares DuckDB cannot add up are left out, as NaN and infinities are. */
const LARGEST = "1e100";

/** A numeric column as DOUBLE, NULL for NaN. */
function numberSql({ name, type }: Column): string {
  const value = `CAST(${ident(name)} AS ${type === "boolean" ? "INT" : "DOUBLE"})::DOUBLE`;
  return `CASE WHEN NOT isnan(${value}) THEN ${value} END`;
}

/**
 * Pearson's correlation of each pair over all rows, both windows: two rows
 * `win` (0 baseline), `r0` …; NULL where it is not defined.
 */
export function pearsonSql(
  source: string,
  pairs: readonly (readonly [Column, Column])[],
  { baseline, incident }: WindowPredicates,
): string {
  const names = [...new Set(pairs.flat())];
  const finite = (c: Column): string => {
    const value = numberSql(c);
    return `CASE WHEN abs(${value}) < ${LARGEST} THEN ${value} END AS x${String(names.indexOf(c))}`;
  };
  const list = pairs.map(
    ([a, b], k) =>
      `nullif(corr(x${String(names.indexOf(a))}, x${String(names.indexOf(b))}), 'NaN'::DOUBLE) AS r${String(k)}`,
  );
  const part = (win: 0 | 1, condition: string): string =>
    `SELECT ${[String(win) + " AS win", ...list].join(", ")}
FROM (SELECT ${names.map(finite).join(", ")} FROM ${source} WHERE ${condition})`;
  return `${part(0, baseline)} UNION ALL ${part(1, incident)} ORDER BY win`;
}

/**
 * A query that computes how two columns go together over all rows of both
 * windows: rows with both values, the measure in each window,
 * `correlation_change` and, of numbers, Pearson's correlation. One row.
 */
export function pairSql(
  source: string,
  measure: AssociationMeasure,
  a: Column,
  b: Column,
  windows: WindowPredicates,
): string {
  switch (measure) {
    case "spearman":
      return spearmanSql(source, a, b, windows);
    case "cramers_v":
      return cramersVSql(source, a, b, windows);
    case "correlation_ratio":
      return a.type === "varchar"
        ? correlationRatioSql(source, a, b, windows)
        : correlationRatioSql(source, b, a, windows);
  }
}

function valuesSql(
  source: string,
  x: string,
  y: string,
  { baseline, incident }: WindowPredicates,
): string {
  return `v AS (
  SELECT 'baseline' AS win, ${x} AS x, ${y} AS y FROM ${source} WHERE ${baseline}
  UNION ALL SELECT 'incident', ${x}, ${y} FROM ${source} WHERE ${incident})`;
}

/** Mean rank among a window's values, NULL for NULL. */
function rankSql(name: "x" | "y"): string {
  return `CASE WHEN ${name} IS NOT NULL THEN rank() OVER (PARTITION BY win, ${name} IS NULL ORDER BY ${name})
      + (count(*) OVER (PARTITION BY win, ${name}) - 1) / 2 END`;
}

function spearmanSql(source: string, a: Column, b: Column, windows: WindowPredicates): string {
  return `WITH ${valuesSql(source, numberSql(a), numberSql(b), windows)},
r AS (
  SELECT win, x, y, ${rankSql("x")} AS rx, ${rankSql("y")} AS ry FROM v),
w AS (
  SELECT win, count(*) FILTER (WHERE x IS NOT NULL AND y IS NOT NULL) AS n, corr(rx, ry) AS s,
    corr(CASE WHEN abs(x) < ${LARGEST} THEN x END, CASE WHEN abs(y) < ${LARGEST} THEN y END) AS p
  FROM r GROUP BY win)
${bothWindows("spearman", true)}`;
}

function correlationRatioSql(
  source: string,
  groups: Column,
  values: Column,
  windows: WindowPredicates,
): string {
  return `WITH ${valuesSql(source, ident(groups.name), numberSql(values), windows)},
r AS (SELECT win, x, ${rankSql("y")} AS ry FROM v),
g AS (
  SELECT win, x, count(*) AS n, sum(ry) AS s, sum(ry * ry) AS q
  FROM r WHERE x IS NOT NULL AND ry IS NOT NULL GROUP BY win, x),
e AS (
  SELECT win, sum(n) AS n, count(*) AS k,
    (sum(s * s / n) - sum(s) ** 2 / sum(n)) / (sum(q) - sum(s) ** 2 / sum(n)) AS share
  FROM g GROUP BY win),
w AS (
  SELECT win, n, sqrt(greatest(0, 1 - (1 - share) * (n - 1) / (n - k))) AS s FROM e)
${bothWindows("correlation_ratio", false)}`;
}

function cramersVSql(source: string, a: Column, b: Column, windows: WindowPredicates): string {
  return `WITH ${valuesSql(source, ident(a.name), ident(b.name), windows)},
c AS (
  SELECT win, x, y, count(*)::DOUBLE AS n FROM v
  WHERE x IS NOT NULL AND y IS NOT NULL GROUP BY win, x, y),
m AS (
  SELECT *, sum(n) OVER (PARTITION BY win, x) AS nx, sum(n) OVER (PARTITION BY win, y) AS ny FROM c),
p AS (
  SELECT win, sum(n) AS n, count(DISTINCT x) AS r, count(DISTINCT y) AS k,
    sum(n * n / (nx * ny)) - 1 AS phi
  FROM m GROUP BY win),
w AS (
  SELECT win, n, sqrt(least(1, greatest(0, phi - (r - 1) * (k - 1) / (n - 1))
    / (least(r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)) - 1))) AS s FROM p)
${bothWindows("cramers_v", false)}`;
}

function bothWindows(measure: AssociationMeasure, pearson: boolean): string {
  const of = (value: string, win: string): string =>
    `max(${value}) FILTER (WHERE win = '${win}') AS ${win}`;
  const list = [
    `${of("n", "baseline")}_rows`,
    `${of("n", "incident")}_rows`,
    `${of("s", "baseline")}_${measure}`,
    `${of("s", "incident")}_${measure}`,
    `incident_${measure} - baseline_${measure} AS correlation_change`,
    ...(pearson ? [`${of("p", "baseline")}_pearson`, `${of("p", "incident")}_pearson`] : []),
  ];
  return `SELECT ${list.join(",\n  ")}\nFROM w`;
}
