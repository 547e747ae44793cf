import { keyOfCells } from "./keys.ts";
import { type Lexicon, SEVERAL_CELL, VALUE_CELL } from "./lexicon.ts";
import { groupBy, type Row } from "./rows.ts";

/** Different keys behind one beginning that make the lines a listing of properties. */
const ENOUGH_KEYS = 4;
const ENOUGH_IN_QUOTES = 3;
const ENOUGH_IN_BRACKETS = 4;

/**
 * `environment:java.home=/usr`, `environment:os.name=Linux`, …: one statement that
 * lists properties. What follows its beginning is one value, however long.
 */
export function uniteListings(rows: readonly Row[], lexicon: Lexicon): Row[] {
  const starts = new Map<Row, number>();
  for (const row of rows) {
    const start = firstKey(row, lexicon);
    if (start > 0) starts.set(row, start);
  }
  const groups = groupBy(starts.keys(), (row) =>
    keyOfCells(row.cells.slice(0, starts.get(row)), lexicon),
  );
  const listed = new Set<Row>();
  for (const group of groups.values()) {
    const keys = new Set(group.map((row) => row.cells[starts.get(row) ?? 0]));
    if (keys.size >= ENOUGH_KEYS) for (const row of group) listed.add(row);
  }
  return rows.map((row) => {
    if (!listed.has(row)) return row;
    return { ...row, cells: [...row.cells.slice(0, starts.get(row)), SEVERAL_CELL] };
  });
}

/** Where the first `key=` begins, behind at least one word; -1 without. */
function firstKey(row: Row, lexicon: Lexicon): number {
  const equals = row.cells.findIndex(
    (cell) => lexicon.isGap(cell) && lexicon.text(cell).startsWith("="),
  );
  const start = equals - 1;
  if (start < 2) return -1;
  const isBegun = row.cells.slice(0, start).some((cell) => lexicon.isWord(cell));
  return isBegun && lexicon.isWord(row.cells[start] ?? VALUE_CELL) ? start : -1;
}

/** Text of any length between quotes or brackets, where all the rest is the same. */
export function uniteEnclosed(rows: readonly Row[], lexicon: Lexicon): Row[] {
  let merged = [...rows];
  for (let ordinal = 0; ordinal < 3; ordinal++) {
    const spans = new Map<Row, Span>();
    for (const row of merged) {
      const span = spansOf(row, lexicon)[ordinal];
      if (span !== undefined) spans.set(row, span);
    }
    if (spans.size < 2) break;
    merged = uniteSpans(merged, spans, lexicon);
  }
  return merged;
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

function uniteSpans(rows: Row[], spans: ReadonlyMap<Row, Span>, lexicon: Lexicon): Row[] {
  const opened = (row: Row): readonly number[] => {
    const span = spans.get(row);
    if (span === undefined) return row.cells;
    return [...row.cells.slice(0, span.start), SEVERAL_CELL, ...row.cells.slice(span.end)];
  };
  const groups = groupBy(spans.keys(), (row) => keyOfCells(opened(row), lexicon));
  const united = new Set<Row>();
  for (const group of groups.values()) {
    const lengths = new Set(group.map((row) => row.cells.length));
    const isQuoted = spans.get(group[0] ?? { cells: [], shapes: [] })?.isQuoted ?? false;
    const least = isQuoted ? ENOUGH_IN_QUOTES : ENOUGH_IN_BRACKETS;
    if (lengths.size < 2 || group.length < least || wordsAround(group[0], spans, lexicon) < 2) {
      continue;
    }
    for (const row of group) united.add(row);
  }
  return rows.map((row) => (united.has(row) ? { ...row, cells: opened(row) } : row));
}

function wordsAround(
  row: Row | undefined,
  spans: ReadonlyMap<Row, Span>,
  lexicon: Lexicon,
): number {
  const span = row === undefined ? undefined : spans.get(row);
  if (row === undefined || span === undefined) return 0;
  return row.cells.filter((cell, i) => {
    return (i < span.start || i >= span.end) && lexicon.isWord(cell);
  }).length;
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/** The passages of a row between marks that belong together, from left to right. */
function spansOf(row: Row, lexicon: Lexicon): Span[] {
  const spans: Span[] = [];
  for (let i = 0; i + 1 < row.cells.length; i++) {
    const cell = row.cells[i] ?? VALUE_CELL;
    if (!lexicon.isGap(cell)) continue;
    const mark = lexicon.text(cell).at(-1) ?? "";
    const closing = CLOSING.get(mark);
    if (closing === undefined || lexicon.isGap(row.cells[i + 1] ?? VALUE_CELL)) continue;
    const end = closingIndex(row, i + 1, mark, closing, lexicon);
    if (end < 0) continue;
    spans.push({ start: i + 1, end, isQuoted: mark === closing });
    i = end - 1;
  }
  return spans;
}

/** The index of the gap that closes; gaps that open and close as much as they open are passed. */
function closingIndex(
  row: Row,
  start: number,
  mark: string,
  closing: string,
  lexicon: Lexicon,
): number {
  let depth = 1;
  for (let i = start; i < row.cells.length; i++) {
    const cell = row.cells[i] ?? VALUE_CELL;
    if (!lexicon.isGap(cell)) continue;
    for (const c of lexicon.text(cell)) {
      if (c === closing) depth--;
      else if (c === mark) depth++;
      if (depth === 0) return lexicon.text(cell).startsWith(closing) ? i : -1;
    }
  }
  return -1;
}
