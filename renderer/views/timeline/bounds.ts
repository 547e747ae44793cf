import { MINUTE } from "../../../shared/base/time.ts";
import type { TimelineNote } from "../../../shared/model/timeline-note.ts";
import type { TableMeta } from "../../../shared/model/table.ts";
import type { Range } from "../../widgets/chart/lane-geometry.ts";

/** The time that all tables and notes together cover; null when nothing has a time. */
export function boundsOf(
  tables: readonly TableMeta[],
  notes: readonly TimelineNote[] = [],
): Range | null {
  let from = Infinity;
  let to = -Infinity;
  for (const table of tables) {
    if (table.timeColumn === null || table.from === null || table.to === null) continue;
    from = Math.min(from, table.from);
    to = Math.max(to, table.to + 1);
  }
  for (const note of notes) {
    from = Math.min(from, note.at);
    to = Math.max(to, (note.to ?? note.at) + 1);
  }
  if (tables.length === 0 && notes.length > 0) {
    const room = Math.max(30 * MINUTE, (to - from) / 10);
    return { from: from - room, to: to + room };
  }
  if (from >= to) return null;
  // One single instant still needs some room.
  return to - from < 2000 ? { from: from - 1e6, to: to + 1e6 } : { from, to };
}
