import { keyWhere } from "./keys.ts";
import { type Lexicon, SEVERAL_CELL, VALUE_CELL } from "./lexicon.ts";
import { groupBy, type Row } from "./rows.ts";

const UNITS =
  /^(?:[KMGTP]i?B|[kmgtp]i?b|B|bytes?|[KMGT]|ns|us|ms|s|secs?|seconds?|mins?|minutes?|hours?|days?)$/;

/**
 * A number and its unit are one value where the unit differs (`89.0 B`, `1.2 KB`):
 * it goes with the size of what was measured. A unit that never differs is text.
 */
export function uniteQuantities(rows: readonly Row[], lexicon: Lexicon): Row[] {
  const groups = groupBy(rows, (row) =>
    keyWhere(row.cells, lexicon, (_, i) => isUnit(row, i, lexicon)),
  );
  return Array.from(groups.values(), (group) => {
    const [first] = group;
    if (first === undefined || group.length === 1) return group;
    const differs = first.cells.map((cell, i) => {
      return isUnit(first, i, lexicon) && group.some((row) => row.cells[i] !== cell);
    });
    return group.map((row) => ({ ...row, cells: withQuantities(row.cells, differs) }));
  }).flat();
}

function isUnit(row: Row, column: number, lexicon: Lexicon): boolean {
  if (row.cells[column - 2] !== VALUE_CELL) return false;
  const gap = row.cells[column - 1] ?? VALUE_CELL;
  const unit = row.cells[column] ?? VALUE_CELL;
  return lexicon.text(gap).trim() === "" && lexicon.isWord(unit) && UNITS.test(lexicon.text(unit));
}

function withQuantities(cells: readonly number[], differs: readonly boolean[]): number[] {
  const out: number[] = [];
  cells.forEach((cell, i) => {
    if (differs[i] === true) out.splice(-2, 2, SEVERAL_CELL);
    else out.push(cell);
  });
  return out;
}
