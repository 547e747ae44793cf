import type { SampleCell, SampleRow } from "../../../../shared/analysis/sample-rows.ts";
import type { TableMeta } from "../../../../shared/model/table.ts";
import { time } from "../../../widgets/format.ts";

/** One column of the sample: where its cells are, and how they read. */
export interface SampleColumn {
  readonly name: string;
  readonly index: number;
  readonly numeric: boolean;
  readonly isTime: boolean;
}

/** The column in question first, then time, then entities, then the others in their own order. */
export function orderedColumns(
  names: readonly string[],
  table: TableMeta,
  column: string,
): SampleColumn[] {
  const meta = new Map(table.columns.map((c) => [c.name, c]));
  const isSeries = table.target === "metrics";
  const rank = (name: string): number => {
    if (name === column || (isSeries && name === "value")) return 0;
    if (name === table.timeColumn) return 1;
    return meta.get(name)?.role === "entity" ? 2 : 3;
  };
  return names
    .map((name, index) => {
      const type = meta.get(name)?.type ?? "varchar";
      return {
        name,
        index,
        numeric: type === "double" || type === "bigint",
        isTime: type === "timestamp",
      };
    })
    .sort((a, b) => rank(a.name) - rank(b.name) || a.index - b.index);
}

/** A cell as it stands in the data: numbers in full, times in the zone. */
export function cellText(
  cell: SampleCell | undefined,
  column: Pick<SampleColumn, "isTime">,
  zone: string,
): string {
  if (cell === null || cell === undefined) return "null";
  if (column.isTime && typeof cell === "number") return time(cell, zone);
  if (cell === "") return "(empty)";
  return String(cell);
}

/** A row in one line, as a finding keeps it: times in UTC. */
export function rowText(row: SampleRow, columns: readonly SampleColumn[]): string {
  return columns
    .map((column) => `${column.name} ${cellText(row.cells[column.index], column, "UTC")}`)
    .join(" · ");
}
