import type { ColumnComparison } from "../model/shift.ts";
import {
  NUMBER,
  STRING,
  STRING_OR_NULL,
  queryRows,
  queryTable,
  readColumn,
} from "../tables/rows.ts";
import { text } from "../tables/sql.ts";
import { compareNumeric } from "./compare-numeric.ts";
import { categoricalShiftSql, nullShiftSql, numericShiftSql } from "./compare-sql.ts";
import { layerOfMetric } from "./layer-of.ts";
import { listOf, readList } from "./numeric-export.ts";
import { sortDoubles } from "./statistics/sort-doubles.ts";
import { seriesSource } from "./series-source.ts";
import { finishColumn, throwIfCancelled, withoutProgress, type TableTask } from "./table-task.ts";

/** Points that one query brings over at most. */
const MOST_POINTS = 4_000_000;

/**
 * Compares each series as a numeric column named by its key. Series come in
 * batches of at most four million points. A series that has points in one
 * window only is left without a shift: whether it should have had any is not
 * known here.
 */
export async function compareMetrics(task: TableTask): Promise<ColumnComparison[]> {
  const source = seriesSource(task.table);
  const { baseline, incident } = task.predicates;
  const quiet = withoutProgress(task.options);
  const series = await queryRows(
    task.engine,
    `SELECT series, any_value(name) AS name, any_value(service) AS service, any_value(unit) AS unit,
  list(DISTINCT _ev) FILTER (WHERE _ev IS NOT NULL) AS ev,
  count(*) FILTER (WHERE ${baseline}) AS b, count(*) FILTER (WHERE ${incident}) AS i
FROM ${source} WHERE (${baseline} OR ${incident}) AND series IS NOT NULL GROUP BY series ORDER BY series`,
    {
      series: STRING,
      name: STRING_OR_NULL,
      service: STRING_OR_NULL,
      unit: STRING_OR_NULL,
      ev: "numbers?",
      b: NUMBER,
      i: NUMBER,
    },
    quiet,
  );
  const found: ColumnComparison[] = [];
  for (const batch of batches(series)) {
    throwIfCancelled(task.options);
    const names =
      batch.length === series.length
        ? "series IS NOT NULL"
        : `series IN (${batch.map((s) => text(s.series)).join(", ")})`;
    const lists = await queryTable(
      task.engine,
      `SELECT series, ${listOf("value", "b", baseline)}, ${listOf("value", "i", incident)}
FROM ${source} WHERE (${baseline} OR ${incident}) AND ${names} GROUP BY series`,
      quiet,
    );
    const rowOf = new Map(readColumn(lists, "series").map((name, row) => [name, row]));
    for (const one of batch) {
      const row = rowOf.get(one.series);
      if (row === undefined) continue;
      const draft = compareNumeric(
        one.series,
        { rows: one.b, sorted: sortDoubles(readList(lists, "b", row)) },
        { rows: one.i, sorted: sortDoubles(readList(lists, "i", row)) },
        one.unit ?? undefined,
      );
      const only = `(SELECT * FROM ${source} WHERE series = ${text(one.series)})`;
      found.push(
        finishColumn(
          task.table.name,
          {
            column: one.series,
            type: "double",
            role: "value",
            layer: layerOfMetric(one.name ?? one.series),
            subject: "metric",
            service: one.service,
            unit: one.unit ?? undefined,
            evidenceIds: (one.ev ?? []).map((n) => `E${String(n)}`).sort(),
            sql: (shift) =>
              shift.query === "nulls"
                ? nullShiftSql(only, "value IS NULL OR isnan(value)", task.predicates)
                : shift.query === "categorical"
                  ? categoricalShiftSql(only, "CAST(value AS VARCHAR)", task.predicates)
                  : numericShiftSql(only, "value", task.predicates),
          },
          {
            ...draft,
            // A gauge that takes few values is still a quantity.
            shifts: draft.shifts.filter((s) => s.kind === "distribution" || s.kind === "null_rate"),
          },
        ),
      );
    }
    task.options.onProgress?.(found.length / Math.max(1, series.length));
  }
  return found;
}

function* batches<T extends { readonly b: number; readonly i: number }>(
  series: readonly T[],
): Generator<T[]> {
  let batch: T[] = [];
  let points = 0;
  for (const one of series) {
    if (batch.length > 0 && points + one.b + one.i > MOST_POINTS) {
      yield batch;
      batch = [];
      points = 0;
    }
    batch.push(one);
    points += one.b + one.i;
  }
  if (batch.length > 0) yield batch;
}
