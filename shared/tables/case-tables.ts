import {
  createTableSql,
  FIXED_TABLES,
  PROVENANCE_COLUMNS,
  REJECTS_COLUMNS,
  REJECTS_TABLE,
} from "./fixed-tables.ts";
import { LOG_SHAPES, LOG_SHAPES_COLUMNS, SHAPE_COLUMN } from "./log-store.ts";
import {
  METRIC_SAMPLES,
  METRIC_SAMPLES_COLUMNS,
  METRIC_SERIES,
  METRIC_SERIES_COLUMNS,
  METRICS_VIEW_SQL,
} from "./metric-store.ts";

/** Statements that make the fixed tables and `rejects` in an empty database. */
export function createFixedTablesSql(): string[] {
  return [
    createTableSql("logs", [...FIXED_TABLES.logs, ...PROVENANCE_COLUMNS, SHAPE_COLUMN]),
    createTableSql(LOG_SHAPES, LOG_SHAPES_COLUMNS),
    createTableSql("events", [...FIXED_TABLES.events, ...PROVENANCE_COLUMNS]),
    createTableSql("spans", [...FIXED_TABLES.spans, ...PROVENANCE_COLUMNS]),
    createTableSql(METRIC_SAMPLES, METRIC_SAMPLES_COLUMNS),
    createTableSql(METRIC_SERIES, METRIC_SERIES_COLUMNS),
    METRICS_VIEW_SQL,
    createTableSql(REJECTS_TABLE, REJECTS_COLUMNS),
  ];
}

/** Tables that every case has, empty or not: queries and the view `metrics` rely on them. */
export const CASE_TABLES: ReadonlySet<string> = new Set([
  ...Object.keys(FIXED_TABLES),
  LOG_SHAPES,
  METRIC_SAMPLES,
  METRIC_SERIES,
  REJECTS_TABLE,
]);
