import type { ColumnComparison, ShiftKind } from "../../model/shift.ts";
import type { TableTask } from "../table-task.ts";
import type { CheckFinding } from "./check.ts";
import { rowRhythm } from "./row-rhythm.ts";
import { gapFindings, segmentGapFindings } from "./time-gaps.ts";
import { isTold } from "./told-finding.ts";
import { isEven, rowZoneFinding, valueZoneFindings } from "./time-zone.ts";

const REPLACED: ReadonlySet<ShiftKind> = new Set(["re_encoding", "new_categories", "renamed"]);

/**
 * What the rows of a table tell over time: gaps and a silent end, of the table
 * and of single segments, and a day that comes at another hour. One scan for
 * rows over time, one per segment column, and one over values by half hour where
 * rows come evenly over the day.
 * @throws Fault<EngineError>
 */
export async function checkRowsOverTime(
  task: TableTask,
  columns: readonly ColumnComparison[],
): Promise<CheckFinding[]> {
  const rhythm = await rowRhythm(task);
  if (rhythm === null) return [];
  const found = gapFindings(task, rhythm);
  // Values that others replaced did not fall silent.
  const steady = columns.filter(
    (c) => !c.shifts.some((s) => REPLACED.has(s.kind) && s.verdict !== "none"),
  );
  const known = steady.map((c) => ({ column: c.column, distinct: c.baseline.distinct }));
  found.push(...(await segmentGapFindings(task, known)));
  const zone = rowZoneFinding(task, rhythm);
  if (zone !== null) found.push(zone);
  else if (isEven(rhythm)) {
    const numbers = columns.filter(
      (c) =>
        (c.type === "double" || c.type === "bigint") &&
        (c.role === "feature" || c.role === "value" || c.role === "score") &&
        c.baseline.distinct > 2 &&
        task.table.columns.some((own) => own.name === c.column),
    );
    found.push(
      ...(await valueZoneFindings(
        task,
        numbers.map((c) => c.column),
      )),
    );
  }
  return found.filter(isTold);
}
