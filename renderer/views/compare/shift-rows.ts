import { shiftRank } from "../../../shared/analysis/false-discovery.ts";
import type { Comparison } from "../../../shared/model/comparison.ts";
import type { Layer } from "../../../shared/model/role.ts";
import type { Shift, TableComparison } from "../../../shared/model/shift.ts";
import type { ShiftRow } from "./shift-list.tsx";

export type VerdictFilter = "changed" | "major" | "all";

export interface RowFilter {
  readonly verdict: VerdictFilter;
  readonly layer: Layer | "all";
  readonly table: string;
  readonly text: string;
}

/** Every table, as the filter says it. */
export const ALL_TABLES = "";

/**
 * One row per column, and per kind of change of a table as a whole; first those
 * that count most, unchanged columns last.
 */
export function shiftRows(comparison: Comparison): ShiftRow[] {
  return comparison.tables
    .flatMap((table) => [...columnRows(table), ...tableRows(table)])
    .sort((a, b) => rankOf(b) - rankOf(a));
}

function columnRows(table: TableComparison): ShiftRow[] {
  return table.columns.map((column) => ({
    table: column.table,
    name: column.column,
    column,
    shifts: column.shifts,
    shift: leading(column.shifts),
  }));
}

/** Also the shifts of columns that were not compared themselves: a column that is gone. */
function tableRows(table: TableComparison): ShiftRow[] {
  const byName = new Map<string, Shift[]>();
  for (const shift of table.shifts) {
    const name =
      shift.subject.type === "table" ? shift.kind.replaceAll("_", " ") : shift.subject.name;
    byName.set(name, [...(byName.get(name) ?? []), shift]);
  }
  return [...byName].map(([name, shifts]) => ({
    table: table.table,
    name,
    column: null,
    shifts,
    shift: leading(shifts),
  }));
}

function leading(shifts: readonly Shift[]): Shift | null {
  const changed = shifts.filter((s) => s.verdict !== "none");
  return changed.reduce<Shift | null>(
    (best, s) => (best === null || shiftRank(s) > shiftRank(best) ? s : best),
    null,
  );
}

function rankOf(row: ShiftRow): number {
  return row.shift === null ? -1 : shiftRank(row.shift);
}

/** Whether a row passes; an unchanged column has the layer of its first shift. */
export function passes(row: ShiftRow, { verdict, layer, table, text }: RowFilter): boolean {
  if (row.column === null && row.shift === null) return false;
  if (verdict === "changed" && row.shift === null) return false;
  if (verdict === "major" && row.shift?.verdict !== "major") return false;
  if (layer !== "all" && (row.shift ?? row.shifts[0])?.layer !== layer) return false;
  if (table !== ALL_TABLES && row.table !== table) return false;
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return true;
  const sentences = row.shifts.map((s) => s.sentence).join(" ");
  return `${row.table} ${row.name} ${sentences}`.toLowerCase().includes(wanted);
}
