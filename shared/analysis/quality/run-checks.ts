import type { ColumnComparison, Shift } from "../../model/shift.ts";
import { throwIfCancelled, type TableTask } from "../table-task.ts";
import { shiftOf, type TableCheck } from "./check.ts";

/** Every check of a table with columns of its own; each is a file of this folder. */
const CHECKS: readonly TableCheck[] = [];

/**
 * Runs the checks of data quality over a compared table: what they find goes to
 * its column, or to the table where it belongs to none.
 * @throws Fault<EngineError>
 */
export async function runChecks(
  task: TableTask,
  columns: readonly ColumnComparison[],
): Promise<{ columns: ColumnComparison[]; shifts: Shift[] }> {
  const found: Shift[] = [];
  if (task.table.target === "own") {
    for (const check of CHECKS) {
      throwIfCancelled(task.options);
      found.push(...(await check(task, columns)).map((finding) => shiftOf(task, finding)));
    }
  }
  const known = new Set(columns.map((c) => c.column));
  const ofColumn = (name: string): Shift[] =>
    found.filter((s) => s.subject.type === "column" && s.subject.name === name);
  return {
    columns: columns.map((c) => ({ ...c, shifts: [...c.shifts, ...ofColumn(c.column)] })),
    shifts: found.filter((s) => s.subject.type !== "column" || !known.has(s.subject.name)),
  };
}
