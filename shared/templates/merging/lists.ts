import { keyOfCells } from "./keys.ts";
import { type Lexicon, SEVERAL_CELL, VALUE_CELL } from "./lexicon.ts";
import { groupBy, type Row } from "./rows.ts";

const BETWEEN = /^(?:\s+|\s*[,;|]\s*)$/;
/** Two with a colon between are an address and its port; more are a search path. */
const LEAST_WITH_COLONS = 3;

/**
 * Values in a row become one list where the same statement has lists of
 * different lengths; where the number is always the same they stay apart.
 */
export function uniteLists(rows: readonly Row[], lexicon: Lexicon): Row[] {
  const collapsed = new Map(rows.map((row) => [row, collapse(row.cells, lexicon)]));
  const groups = groupBy(rows, (row) => keyOfCells(collapsed.get(row) ?? row.cells, lexicon));
  return Array.from(groups.values(), (group) => {
    const lengths = new Set(group.map((row) => row.cells.length));
    if (lengths.size < 2) return group;
    return group.map((row) => ({ ...row, cells: collapsed.get(row) ?? row.cells }));
  }).flat();
}

/** Runs of values with the same mark between them, each as one list; so is a single value. */
function collapse(cells: readonly number[], lexicon: Lexicon): number[] {
  const out: number[] = [];
  let i = 0;
  while (i < cells.length) {
    const cell = cells[i] ?? VALUE_CELL;
    if (cell !== VALUE_CELL && cell !== SEVERAL_CELL) {
      out.push(cell);
      i++;
      continue;
    }
    const mark = lexicon.loose[cells[i + 1] ?? -1];
    let end = i + 1;
    const between = mark === undefined ? "" : lexicon.text(mark);
    if (between === ":" || BETWEEN.test(between)) {
      while (lexicon.loose[cells[end] ?? -1] === mark && isValue(cells[end + 1])) end += 2;
    }
    if (between === ":" && (end - i + 1) / 2 < LEAST_WITH_COLONS) end = i + 1;
    out.push(SEVERAL_CELL);
    i = end;
  }
  return out;
}

function isValue(cell: number | undefined): boolean {
  return cell === VALUE_CELL || cell === SEVERAL_CELL;
}
