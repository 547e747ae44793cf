import type { Lexicon } from "./lexicon.ts";

/**
 * Keys of rows are 53 bits of a sum of hashes, one for each cell at its place: a
 * cell is taken out without looking at the others again. Gaps count by their
 * marks, not by the width of their blanks.
 */
export interface CellSum {
  readonly high: number;
  readonly low: number;
}

export function sumOfCells(cells: readonly number[], lexicon: Lexicon): CellSum {
  let high = cells.length;
  let low = cells.length;
  for (let place = 0; place < cells.length; place++) {
    const hash = lexicon.hash(cells[place] ?? 0);
    high = (high + mixHigh(hash, place)) | 0;
    low = (low + mixLow(hash, place)) | 0;
  }
  return { high, low };
}

export function keyOfCells(cells: readonly number[], lexicon: Lexicon): number {
  return keyOfSum(sumOfCells(cells, lexicon));
}

/** The key with the cells for which `isOpen` left out. */
export function keyWhere(
  cells: readonly number[],
  lexicon: Lexicon,
  isOpen: (cell: number, place: number) => boolean,
): number {
  let high = cells.length;
  let low = cells.length;
  for (let place = 0; place < cells.length; place++) {
    const cell = cells[place] ?? 0;
    if (isOpen(cell, place)) continue;
    const hash = lexicon.hash(cell);
    high = (high + mixHigh(hash, place)) | 0;
    low = (low + mixLow(hash, place)) | 0;
  }
  return keyOfSum({ high, low });
}

/** The key of a sum without the cells at these places; different places never share a key. */
export function keyWithout(
  sum: CellSum,
  cells: readonly number[],
  places: readonly number[],
  lexicon: Lexicon,
): number {
  let { high, low } = sum;
  for (const place of places) {
    const hash = lexicon.hash(cells[place] ?? 0);
    high = (high - mixHigh(hash, place) + mixHigh(OPEN, place)) | 0;
    low = (low - mixLow(hash, place) + mixLow(OPEN, place)) | 0;
  }
  return keyOfSum({ high, low });
}

const OPEN = 0x5bf03635;

function keyOfSum({ high, low }: CellSum): number {
  return (high >>> 0) * 2097152 + (low & 0x1fffff);
}

function mixHigh(hash: number, place: number): number {
  const mixed = Math.imul(hash ^ Math.imul(place + 1, 0x9e3779b1), 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
}

function mixLow(hash: number, place: number): number {
  const mixed = Math.imul(hash + Math.imul(place + 1, 0x27d4eb2f), 0x165667b1);
  return Math.imul(mixed ^ (mixed >>> 15), 0x2545f491);
}
