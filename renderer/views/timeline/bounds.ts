import type { TableMeta } from "../../../shared/model/table.ts";
import type { Range } from "../../widgets/chart/lane-geometry.ts";

/** The time that all tables together cover; null when nothing has a time. */
export function boundsOf(tables: readonly TableMeta[]): Range | null {
  let from = Infinity;
  let to = -Infinity;
  for (const table of tables) {
    if (table.timeColumn === null || table.from === null || table.to === null) continue;
    from = Math.min(from, table.from);
    to = Math.max(to, table.to + 1);
  }
  if (from >= to) return null;
  // One single instant still needs some room.
  return to - from < 2000 ? { from: from - 1e6, to: to + 1e6 } : { from, to };
}
