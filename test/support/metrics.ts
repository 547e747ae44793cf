/**
 * Statements that put rows into the view `metrics`, as an import does: series
 * once, samples beside them. `select` yields the view's columns in order.
 */
export function insertMetricsSql(select: string): string[] {
  const columns = "ts, series, name, service, value, unit, _ev, _line, _off";
  return [
    `CREATE OR REPLACE TEMP TABLE _new_metrics AS
      SELECT * FROM (${select}) r(${columns})`,
    `INSERT INTO metric_series
      SELECT _ev * 16777216 + row_number() OVER (ORDER BY series, unit), series, name, service, unit, _ev
      FROM (SELECT DISTINCT series, name, service, unit, _ev FROM _new_metrics)`,
    `INSERT INTO metric_samples
      SELECT m.ts, s.id, m.value, m._ev, m._line, m._off
      FROM _new_metrics m JOIN metric_series s
        ON m._ev = s._ev AND m.series = s.series AND m.name = s.name
        AND m.service IS NOT DISTINCT FROM s.service AND m.unit IS NOT DISTINCT FROM s.unit`,
    "DROP TABLE _new_metrics",
  ];
}
