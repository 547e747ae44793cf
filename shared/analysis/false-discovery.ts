import type { Shift, TableComparison } from "../model/shift.ts";
import { benjaminiHochberg } from "./statistics/benjamini-hochberg.ts";
import { confirmedVerdict } from "./verdict.ts";

/**
 * Corrects the p-values of all shifts together (Benjamini-Hochberg) and
 * withdraws verdicts whose q is too high. Expects verdicts by size alone.
 */
export function correctTogether(tables: readonly TableComparison[]): TableComparison[] {
  const tested = tables.flatMap((t) => allShifts(t).filter((s) => s.p !== null));
  const q = new Map<Shift, number>();
  benjaminiHochberg(tested.map((s) => s.p ?? 1)).forEach((value, i) => {
    const shift = tested[i];
    if (shift !== undefined) q.set(shift, value);
  });
  const judged = (shift: Shift): Shift => {
    const corrected = q.get(shift) ?? null;
    return { ...shift, q: corrected, verdict: confirmedVerdict(shift.verdict, corrected) };
  };
  return tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) => ({ ...column, shifts: column.shifts.map(judged) })),
    shifts: table.shifts.map(judged),
  }));
}

/** The shifts of a table and of its columns, whatever their verdict. */
export function allShifts(table: TableComparison): Shift[] {
  return [...table.columns.flatMap((c) => c.shifts), ...table.shifts];
}

/**
 * Where a shift stands in a list, in [0, 1.5]: its score, times 0.5 when none of
 * the model's change lies where it moved, times 1.5 when all of it does. So a
 * feature that goes with the trouble stands above one that merely shifted.
 */
export function shiftRank({ score, impact }: Shift): number {
  return score * (0.5 + (impact ?? 0.5));
}

/** Shifts with a verdict above none, first those that count most (`shiftRank`). */
export function verdictShifts(tables: readonly TableComparison[]): Shift[] {
  return tables
    .flatMap(allShifts)
    .filter((s) => s.verdict !== "none")
    .sort((a, b) => shiftRank(b) - shiftRank(a) || a.id.localeCompare(b.id));
}
