import type { TableMeta } from "../../../shared/model/table.ts";
import type { Windows } from "../../../shared/model/window.ts";
import type { Band, Range } from "../../widgets/chart/lane-geometry.ts";

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

/** The windows as bands; one that is only a filter has none, an open end reaches to the bounds. */
export function bandsOf(windows: Windows | null, bounds: Range): Band[] {
  if (windows === null) return [];
  return (["baseline", "incident"] as const).flatMap((which) => {
    const window = windows[which];
    if (window === null || (window.from === null && window.to === null)) return [];
    return [{ which, from: window.from ?? bounds.from, to: window.to ?? bounds.to }];
  });
}
