import { PERSPECTIVES, type BoardGroup, type BoardRow } from "../../model/board.ts";
import { Layer } from "../../model/role.ts";
import type { BoardPart } from "./board-rows.ts";

export type Grouping = "layer" | "perspective" | "none";

/**
 * The board: all rows in one order, in branches. What was measured comes strongest
 * first; events and notes, which have no size, come after it by how near they are to
 * the onset. Branches without a row are there too: that nothing differs is news.
 * @param onset µs UTC
 */
export function groupBoard(
  parts: readonly BoardPart[],
  grouping: Grouping,
  onset: number,
): BoardGroup[] {
  const rows = parts.flatMap((p) => p.rows).sort((a, b) => compareRows(a, b, onset));
  const same = parts.flatMap((p) => p.same);
  if (grouping === "none") return [{ key: "all", rows, same: same.length }];
  const keys: readonly string[] = grouping === "layer" ? Layer.options : PERSPECTIVES;
  return keys.map((key) => ({
    key,
    rows: rows.filter((r) => r[grouping] === key),
    same: same.filter((s) => s[grouping] === key).length,
  }));
}

function compareRows(a: BoardRow, b: BoardRow, onset: number): number {
  if (a.strength !== null && b.strength !== null)
    return b.strength - a.strength || a.id.localeCompare(b.id);
  if (a.strength !== null || b.strength !== null) return a.strength === null ? 1 : -1;
  const apart = ({ at }: BoardRow) => Math.abs((at ?? onset) - onset);
  return apart(a) - apart(b) || a.id.localeCompare(b.id);
}
