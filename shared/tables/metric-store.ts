import type { TableColumn } from "./fixed-tables.ts";

/**
 * How `metrics` lies in the database. A sample repeats the texts of its series
 * (key, name, service, unit), and texts are what DuckDB takes longest to store:
 * they stand once, in `metric_series`, and `metrics` is a view that joins them
 * to the samples. Every query reads the view; only an import writes below it.
 */
export const METRIC_SAMPLES = "metric_samples";
export const METRIC_SERIES = "metric_series";

export const METRIC_SAMPLES_COLUMNS: readonly TableColumn[] = [
  { name: "ts", type: "timestamp" },
  { name: "series_id", type: "bigint" },
  { name: "value", type: "double" },
  { name: "_ev", type: "bigint" },
  { name: "_line", type: "bigint" },
  { name: "_off", type: "bigint" },
];

export const METRIC_SERIES_COLUMNS: readonly TableColumn[] = [
  /** Number of the evidence × 2^24 + number of the series in it. */
  { name: "id", type: "bigint" },
  { name: "series", type: "varchar" },
  { name: "name", type: "varchar" },
  { name: "service", type: "varchar" },
  { name: "unit", type: "varchar" },
  { name: "_ev", type: "bigint" },
];

/** Series that one file may have. */
export const SERIES_OF_A_FILE = 2 ** 24;

/** The view `metrics` over both tables, columns as in `FIXED_TABLES`. */
export const METRICS_VIEW_SQL = `CREATE VIEW IF NOT EXISTS metrics AS
  SELECT m.ts, s.series, s.name, s.service, m.value, s.unit, m._ev, m._line, m._off
  FROM ${METRIC_SAMPLES} m JOIN ${METRIC_SERIES} s ON m.series_id = s.id`;
