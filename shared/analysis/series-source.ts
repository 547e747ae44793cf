import type { TableMeta } from "../model/table.ts";
import { ident } from "../tables/sql.ts";

/**
 * The table as one series per name: `metrics` as it is; `spans` as durations
 * (µs) by service and operation.
 * @returns a quoted table or a subquery in brackets with ts, series, name, service, value, unit, _ev
 */
export function seriesSource(table: TableMeta): string {
  if (table.target !== "spans") return ident(table.name);
  return `(SELECT ts, 'duration{service="' || coalesce(service, '') || '",operation="' || coalesce(name, '') || '"}' AS series,
  'duration' AS name, service, duration::DOUBLE AS value, 'µs' AS unit, _ev FROM ${ident(table.name)})`;
}
