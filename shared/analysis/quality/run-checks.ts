import type { ColumnComparison, Shift } from "../../model/shift.ts";
import { throwIfCancelled, type TableTask } from "../table-task.ts";
import { shiftOf, type TableCheck } from "./check.ts";
import { checkArrivalLag } from "./arrival-lag.ts";
import { checkDistinctValues } from "./distinct-values.ts";
import { checkDuplicateRows } from "./duplicate-rows.ts";
import { checkImpossibleTimes } from "./impossible-times.ts";
import { checkKeyViolations } from "./key-violations.ts";
import { checkNumericContent } from "./numeric-content.ts";
import { checkReEncodedEntities } from "./re-encoded-entities.ts";
import { checkRenamedColumns } from "./renamed-columns.ts";
import { checkRowsOverTime } from "./rows-over-time.ts";
import { checkTextContent } from "./text-content.ts";

/** Every check of a table with columns of its own; each is a file of this folder. */
const CHECKS: readonly TableCheck[] = [
  checkRenamedColumns,
  checkDistinctValues,
  checkNumericContent,
  checkTextContent,
  checkImpossibleTimes,
  checkReEncodedEntities,
  checkDuplicateRows,
  checkKeyViolations,
  checkRowsOverTime,
  checkArrivalLag,
];

/**
 * Runs the checks of data quality over a compared table: what they find goes to
 * its column, or to the table where it belongs to none. A finding takes the
 * place of a shift of the same kind, about which it knows more; of two alike the
 * stronger stays.
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
      for (const finding of await check(task, columns)) addShift(found, shiftOf(task, finding));
    }
  }
  const known = new Set(columns.map((c) => c.column));
  const ofColumn = (name: string): Shift[] =>
    found.filter((s) => s.subject.type === "column" && s.subject.name === name);
  return {
    columns: columns.map((c) => {
      const own = ofColumn(c.column);
      const rest = c.shifts.filter((s) => !own.some((other) => other.id === s.id));
      return { ...c, shifts: [...rest, ...own] };
    }),
    shifts: found.filter((s) => s.subject.type !== "column" || !known.has(s.subject.name)),
  };
}

function addShift(found: Shift[], shift: Shift): void {
  const same = found.findIndex((s) => s.id === shift.id);
  if (same === -1) found.push(shift);
  else if ((found[same]?.score ?? 0) < shift.score) found[same] = shift;
}
