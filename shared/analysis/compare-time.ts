import type { ColumnComparison } from "../model/shift.ts";
import { ident } from "../tables/sql.ts";
import { compareNumeric, type NumericSample } from "./compare-numeric.ts";
import { nullShiftSql, numericShiftSql } from "./compare-sql.ts";
import { exportSorted } from "./numeric-export.ts";
import { finishColumn, withoutProgress, type TableTask } from "./table-task.ts";

/**
 * Compares time columns. A further time column is compared by its lag behind
 * the table's time column in seconds (a late feed shows as a growing lag); the
 * table's own time column by the hour of day of its rows (0 to 24, UTC), which
 * is only a description: windows of different hours differ in it by design.
 */
export async function compareTimes(task: TableTask): Promise<ColumnComparison[]> {
  const { table, predicates } = task;
  const source = ident(table.name);
  const columns = table.columns.filter((c) => c.type === "timestamp" && c.role !== "ignore");
  const main = table.timeColumn;
  const expressions = columns.map((c) => ({
    name: c.name,
    sql:
      main !== null && c.name !== main
        ? `(epoch_us(${ident(main)}) - epoch_us(${ident(c.name)}))::DOUBLE / 1e6`
        : `(epoch_us(${ident(c.name)}) % 86400000000)::DOUBLE / 3.6e9`,
  }));
  const quiet = withoutProgress(task.options);
  const before = exportSorted(
    task.engine,
    source,
    predicates.baseline,
    expressions,
    task.rows.baseline,
    quiet,
  );
  const after = exportSorted(
    task.engine,
    source,
    predicates.incident,
    expressions,
    task.rows.incident,
    quiet,
  );
  const found: ColumnComparison[] = [];
  for (const [k, column] of columns.entries()) {
    const b = (await before.next()).value as NumericSample;
    const i = (await after.next()).value as NumericSample;
    const lag = main !== null && column.name !== main;
    const unit = lag ? "s" : "h";
    const draft = compareNumeric(
      lag ? `lag of ${column.name} behind ${main}` : `hour of day of ${column.name}`,
      b,
      i,
      unit,
    );
    const sql = expressions[k]?.sql ?? "NULL";
    found.push(
      finishColumn(
        table.name,
        {
          column: column.name,
          type: "timestamp",
          role: column.role,
          layer: "data",
          subject: "column",
          service: null,
          unit,
          evidenceIds: task.evidenceIds,
          sql: (shift) =>
            shift.query === "nulls"
              ? nullShiftSql(source, `${ident(column.name)} IS NULL`, predicates)
              : numericShiftSql(source, sql, predicates),
        },
        {
          ...draft,
          // Codes make no sense for times; the time column's own profile gives no verdict.
          shifts: draft.shifts.filter(
            (s) => s.kind === "null_rate" || (lag && s.kind === "distribution"),
          ),
        },
      ),
    );
  }
  return found;
}
