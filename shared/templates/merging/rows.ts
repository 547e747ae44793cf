import { MIXED } from "../chunk-kinds.ts";
import { eachPiece } from "../pieces.ts";
import type { Shape } from "../shape.ts";
import { keyOfCells, keyWhere } from "./keys.ts";
import { type Lexicon, SEVERAL_CELL, VALUE_CELL } from "./lexicon.ts";

/** Shapes that are told by one statement, so far as is known; cells are the lexicon's numbers. */
export interface Row {
  readonly cells: readonly number[];
  readonly shapes: readonly Shape[];
}

export function rowOfShape(shape: Shape, lexicon: Lexicon): Row {
  const cells: number[] = [];
  const kinds = Array.from(shape.kinds, Number);
  eachPiece(kinds, shape.texts, (kind, text) => {
    const isValue = kind === MIXED && isAssigned(cells, lexicon);
    cells.push(isValue ? VALUE_CELL : lexicon.cell(kind, text));
  });
  // Of messages that were counted together only the beginning is known.
  if (shape.isOverflow === true) cells[cells.length - 1] = SEVERAL_CELL;
  return { cells, shapes: [shape] };
}

/** Whether what comes after `cells` stands behind an equals sign. */
export function isAssigned(cells: readonly number[], lexicon: Lexicon): boolean {
  const before = cells.at(-1);
  return before !== undefined && lexicon.isGap(before) && ENDS_IN_EQUALS.test(lexicon.text(before));
}

const ENDS_IN_EQUALS = /=\s*["']?$/;

/** One row of several with cells in equal number: what differs is a value. */
export function uniteRows(rows: readonly Row[], lexicon: Lexicon): Row {
  const [first, ...others] = rows;
  if (first === undefined) return { cells: [], shapes: [] };
  if (others.length === 0) return first;
  const cells = first.cells.map((cell, i) => {
    let united = cell;
    for (const other of others) united = uniteCells(united, other.cells[i] ?? VALUE_CELL, lexicon);
    return united;
  });
  return { cells, shapes: rows.flatMap((row) => row.shapes) };
}

function uniteCells(a: number, b: number, lexicon: Lexicon): number {
  if (a === b) return a;
  if (a === SEVERAL_CELL || b === SEVERAL_CELL) return SEVERAL_CELL;
  const loose = lexicon.loose[a];
  if (lexicon.isGap(a) && loose !== undefined && loose === lexicon.loose[b]) return loose;
  return VALUE_CELL;
}

/** Rows with the same cells become one; blanks of different width count as the same. */
export function uniteEqualRows(rows: readonly Row[], lexicon: Lexicon): Row[] {
  const byKey = groupBy(rows, (row) => keyOfCells(row.cells, lexicon));
  return Array.from(byKey.values(), (equal) => uniteRows(equal, lexicon));
}

export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Gaps by their text, everything else by its being there: rows that can be laid on each other. */
export function structureOf(row: Row, lexicon: Lexicon): number {
  return keyWhere(row.cells, lexicon, (cell) => !lexicon.isGap(cell));
}
