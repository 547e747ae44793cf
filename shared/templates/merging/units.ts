import { keyWhere } from "./keys.ts";
import { type Lexicon, SEVERAL_CELL, VALUE_CELL } from "./lexicon.ts";
import { groupBy, type Row } from "./rows.ts";

const UNITS =
  /^(?:[KMGTP]i?B|[kmgtp]i?b|B|bytes?|[KMGT]|ns|us|ms|s|secs?|seconds?|mins?|minutes?|hours?|days?)$/;

/**
 * A number and its unit are one value where the unit differs or is sometimes left
 * out (`89.0 B`, `1.2 KB`; `<1 sec`, `00:07`): it goes with the size of what was
 * measured. A unit that never differs is text.
 */
export function uniteQuantities(rows: readonly Row[], lexicon: Lexicon): Row[] {
  const measured = rows.map((row) => measure(row, lexicon));
  const groups = groupBy(measured, ({ short }) => keyWhere(short, lexicon, () => false));
  return Array.from(groups.values(), uniteMeasured).flat();
}

/** A row without its units, and the unit of each value that is left; 0 for none. */
interface Measured {
  readonly row: Row;
  readonly short: readonly number[];
  readonly units: ReadonlyMap<number, readonly [gap: number, unit: number]>;
}

function measure(row: Row, lexicon: Lexicon): Measured {
  const short: number[] = [];
  const units = new Map<number, readonly [number, number]>();
  for (let i = 0; i < row.cells.length; i++) {
    const cell = row.cells[i] ?? VALUE_CELL;
    short.push(cell);
    const gap = row.cells[i + 1];
    const unit = row.cells[i + 2];
    if (cell !== VALUE_CELL || gap === undefined || unit === undefined) continue;
    if (lexicon.text(gap).trim() !== "" || !isUnit(unit, lexicon)) continue;
    units.set(short.length - 1, [gap, unit]);
    i += 2;
  }
  return { row, short, units };
}

function isUnit(cell: number, lexicon: Lexicon): boolean {
  return lexicon.isWord(cell) && UNITS.test(lexicon.text(cell));
}

function uniteMeasured(group: readonly Measured[]): Row[] {
  const [first] = group;
  if (first === undefined) return [];
  const isOpen = first.short.map((_, place) => {
    const unit = first.units.get(place)?.[1];
    return group.some(({ units }) => units.get(place)?.[1] !== unit);
  });
  return group.map(({ row, short, units }) => {
    const cells = short.flatMap((cell, place) => {
      if (isOpen[place] === true) return [SEVERAL_CELL];
      return [cell, ...(units.get(place) ?? [])];
    });
    return { ...row, cells };
  });
}
