import { type Lexicon, VALUE_CELL } from "./lexicon.ts";
import { groupBy, type Row, uniteRows } from "./rows.ts";

/** Rows that must have their words in common before places are judged by number alone. */
const LEAST_ROWS = 20;
const LEAST_TEXTS = 10;
const LEAST_SHARE = 0.2;
/** So many different texts are values however many rows there are. */
const SURELY_OPEN = 200;

/**
 * Statements with several words put in at once, of which hardly two messages share
 * one. Rows are parted by the place with the fewest different words until every
 * place either is the same in all or differs in a fifth of them (the search of
 * IPLoM: Makanju et al., KDD 2009); what differs so much was put in.
 */
export function uniteFrequent(rows: readonly Row[], lexicon: Lexicon): Row[] {
  if (rows.length < LEAST_ROWS) return [...rows];
  const width = rows[0]?.cells.length ?? 0;
  let narrowest = -1;
  let fewest = Infinity;
  let open = 0;
  let words = 0;
  for (let place = 0; place < width; place++) {
    const texts = new Set(rows.map((row) => row.cells[place]));
    const [first = VALUE_CELL] = texts;
    if (lexicon.isGap(first)) continue;
    if (texts.size === 1) {
      if (lexicon.isWord(first)) words++;
      continue;
    }
    if (isOpen(texts, rows.length, lexicon)) open++;
    else if (texts.size < fewest) {
      fewest = texts.size;
      narrowest = place;
    }
  }
  if (narrowest < 0) {
    return open > 0 && words >= 2 && words >= open ? [uniteRows(rows, lexicon)] : [...rows];
  }
  const parts = groupBy(rows, (row) => row.cells[narrowest]);
  return Array.from(parts.values(), (part) => uniteFrequent(part, lexicon)).flat();
}

function isOpen(texts: ReadonlySet<number | undefined>, rows: number, lexicon: Lexicon): boolean {
  if (texts.size < LEAST_TEXTS) return false;
  if (texts.size < rows * LEAST_SHARE && texts.size < SURELY_OPEN) return false;
  let weight = 0;
  for (const cell of texts) weight += lexicon.weight(cell ?? VALUE_CELL);
  return weight >= LEAST_TEXTS;
}
