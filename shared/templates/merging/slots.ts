import { uniteFrequent } from "./frequent.ts";
import { type CellSum, keyWhere, keyWithout, sumOfCells } from "./keys.ts";
import { type Lexicon, VALUE_CELL } from "./lexicon.ts";
import { groupBy, isAssigned, type Row, uniteEqualRows, uniteRows } from "./rows.ts";

/** Evidence that makes a place of differing words a place of values. */
const ENOUGH = 4;
const ENOUGH_IN_FIRST_PLACE = 10;
/** Behind a noun that names follow: user, host, file. */
const ENOUGH_NAMED = 3;
const ENOUGH_QUOTED = 2;
const MOST_ROUNDS = 8;

/**
 * Finds the places where rows of one structure hold values: numbered names that
 * differ, values of `key=value`, and words that differ while all the rest is equal.
 */
export function mergeSlots(rows: readonly Row[], lexicon: Lexicon): Row[] {
  let merged = uniteNumbered(rows, lexicon);
  merged = uniteAssigned(merged, lexicon);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let marks = markSingles(merged, lexicon);
    if (marks.size === 0) marks = markPairs(merged, lexicon);
    if (marks.size === 0) break;
    merged = uniteNumbered(applyMarks(merged, marks), lexicon);
  }
  return absorbNames(uniteEqualRows(uniteFrequent(merged, lexicon), lexicon), lexicon);
}

/**
 * A row that a more general one covers joins it, where what the general one
 * leaves open are names (`com.example.Thing`) in this one.
 */
function absorbNames(rows: readonly Row[], lexicon: Lexicon): Row[] {
  let merged = [...rows];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const joined = joinCovered(merged, lexicon);
    if (joined.length === merged.length) break;
    merged = joined;
  }
  return merged;
}

function joinCovered(rows: readonly Row[], lexicon: Lexicon): Row[] {
  const general = rows.filter((row) => row.cells.includes(VALUE_CELL));
  if (general.length === 0 || rows.length > 5_000) return [...rows];
  const ordered = general.toSorted((a, b) => openOf(a) - openOf(b) || compareRows(a, b, lexicon));
  const joined = rows.map((row) => {
    const cover = ordered.find((other) => other !== row && covers(other, row, lexicon));
    return cover === undefined ? row : { ...row, cells: uniteRows([cover, row], lexicon).cells };
  });
  return uniteEqualRows(joined, lexicon);
}

function openOf(row: Row): number {
  return row.cells.filter((cell) => cell === VALUE_CELL).length;
}

function compareRows(a: Row, b: Row, lexicon: Lexicon): number {
  const keyOf = (row: Row): string => row.cells.map((cell) => lexicon.text(cell)).join("\0");
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

function covers(general: Row, row: Row, lexicon: Lexicon): boolean {
  let same = 0;
  let open = 0;
  for (const [i, cell] of row.cells.entries()) {
    const other = general.cells[i] ?? VALUE_CELL;
    if ((lexicon.loose[cell] ?? cell) === (lexicon.loose[other] ?? other)) {
      if (lexicon.isWord(cell)) same++;
      continue;
    }
    if (other !== VALUE_CELL || lexicon.weight(cell) < 1.25) return false;
    open++;
  }
  return open > 0 && same >= 2 && same >= open;
}

type Marks = Map<Row, Set<number>>;

function applyMarks(rows: readonly Row[], marks: Marks): Row[] {
  return rows.map((row) => {
    const columns = marks.get(row);
    if (columns === undefined) return row;
    return { ...row, cells: row.cells.map((cell, i) => (columns.has(i) ? VALUE_CELL : cell)) };
  });
}

/** Rows that differ only in words with digits (eth0, eth1) or in values against such words. */
function uniteNumbered(rows: readonly Row[], lexicon: Lexicon): Row[] {
  const isKept = (cell: number): boolean => lexicon.isGap(cell) || lexicon.isWord(cell);
  const groups = groupBy(rows, (row) => keyWhere(row.cells, lexicon, (cell) => !isKept(cell)));
  const united = Array.from(groups.values(), (group) =>
    hasWord(group[0], lexicon) ? [uniteRows(group, lexicon)] : group,
  );
  return uniteEqualRows(united.flat(), lexicon);
}

function hasWord(row: Row | undefined, lexicon: Lexicon): boolean {
  return row?.cells.some((cell) => lexicon.isWord(cell)) ?? false;
}

/** Rows that differ only behind equals signs: there values stand even when they are words. */
function uniteAssigned(rows: readonly Row[], lexicon: Lexicon): Row[] {
  const first = rows[0];
  if (first === undefined) return [];
  const assigned = first.cells.map((_, i) => isAssigned(first.cells.slice(0, i), lexicon));
  if (!assigned.includes(true)) return [...rows];
  const groups = groupBy(rows, (row) =>
    keyWhere(row.cells, lexicon, (_, i) => assigned[i] === true),
  );
  return Array.from(groups.values(), (group) => {
    if (group.length === 1) return group;
    const columns = new Set<number>();
    assigned.forEach((isColumn, i) => {
      if (!isColumn) return;
      const isEnough = hasValue(group, i) || evidence(group, i, lexicon) >= ENOUGH_NAMED;
      if (isEnough && evidence(group, i, lexicon) > 0) columns.add(i);
    });
    const marks: Marks = new Map(group.map((row) => [row, columns]));
    return uniteEqualRows(applyMarks(group, marks), lexicon);
  }).flat();
}

function hasValue(rows: readonly Row[], column: number): boolean {
  return rows.some((row) => row.cells[column] === VALUE_CELL);
}

/** Nouns that a name follows. */
const NOUNS: ReadonlySet<string> = new Set(
  (
    "user users username host hostname node server client device interface file path directory dir " +
    "group account domain service process thread class module job task queue topic table database " +
    "index cluster pod container namespace session key name id event action package component"
  ).split(" "),
);

/** Whether the column stands behind `key=`, or behind a noun that names follow. */
function isNamed(row: Row, column: number, lexicon: Lexicon): boolean {
  if (isAssigned(row.cells.slice(0, column), lexicon)) return true;
  const before = row.cells[column - 2];
  if (before === undefined || !lexicon.isWord(before)) return false;
  const gap = lexicon.text(row.cells[column - 1] ?? VALUE_CELL);
  if (gap === "(") return true;
  return /^\s*:?\s*["'[(]?$/.test(gap) && NOUNS.has(lexicon.text(before).toLowerCase());
}

/** The sum of the weights of the different cells of a column. */
function evidence(rows: readonly Row[], column: number, lexicon: Lexicon): number {
  const seen = new Set<number>();
  let sum = 0;
  for (const row of rows) {
    const cell = row.cells[column] ?? VALUE_CELL;
    if (seen.has(cell)) continue;
    seen.add(cell);
    sum += lexicon.weight(cell);
  }
  return seen.size < 2 ? 0 : sum;
}

/** Places where words differ and everything else is equal. */
function markSingles(rows: readonly Row[], lexicon: Lexicon): Marks {
  const marks: Marks = new Map();
  const sums = rows.map((row) => sumOfCells(row.cells, lexicon));
  for (const place of differingPlaces(rows, lexicon, 2)) {
    for (const bucket of bucketsWithout(rows, sums, [place], 2, lexicon).values()) {
      if (evidence(bucket, place, lexicon) < needed(bucket, [place], lexicon)) continue;
      for (const row of bucket) mark(marks, row, place, lexicon);
    }
  }
  return marks;
}

const LEAST_ROWS_OF_PAIRS = 6;
const MOST_KEYS_OF_PAIRS = 1_000_000;

/** Two places at once, of which no pair of rows shares one. */
function markPairs(rows: readonly Row[], lexicon: Lexicon): Marks {
  const marks: Marks = new Map();
  if (rows.length < LEAST_ROWS_OF_PAIRS) return marks;
  const sums = rows.map((row) => sumOfCells(row.cells, lexicon));
  const places = differingPlaces(rows, lexicon, 4);
  let keys = 0;
  for (const [n, a] of places.entries()) {
    for (const b of places.slice(0, n)) {
      keys += rows.length;
      if (keys > MOST_KEYS_OF_PAIRS) return marks;
      const buckets = bucketsWithout(rows, sums, [a, b], LEAST_ROWS_OF_PAIRS, lexicon);
      for (const bucket of buckets.values()) markPair(marks, bucket, a, b, lexicon);
    }
  }
  return marks;
}

function markPair(
  marks: Marks,
  bucket: readonly Row[],
  a: number,
  b: number,
  lexicon: Lexicon,
): void {
  const least = needed(bucket, [a, b], lexicon) + 2;
  if (evidence(bucket, a, lexicon) < least || evidence(bucket, b, lexicon) < least) return;
  for (const row of bucket) {
    mark(marks, row, a, lexicon);
    mark(marks, row, b, lexicon);
  }
}

/** Places with at least so many different texts, those with the most first. */
function differingPlaces(rows: readonly Row[], lexicon: Lexicon, least: number): number[] {
  const width = rows[0]?.cells.length ?? 0;
  const found: { place: number; texts: number }[] = [];
  for (let place = 0; place < width; place++) {
    if (lexicon.isGap(rows[0]?.cells[place] ?? VALUE_CELL)) continue;
    const texts = new Set(rows.map((row) => row.cells[place])).size;
    if (texts >= least) found.push({ place, texts });
  }
  return found.sort((a, b) => b.texts - a.texts || a.place - b.place).map(({ place }) => place);
}

/** Rows that agree in all other places, in buckets of at least so many. */
function bucketsWithout(
  rows: readonly Row[],
  sums: readonly CellSum[],
  places: readonly number[],
  least: number,
  lexicon: Lexicon,
): Map<number, Row[]> {
  const keys = new Float64Array(rows.length);
  const sizes = new Map<number, number>();
  let most = 0;
  rows.forEach((row, i) => {
    const key = keyWithout(sums[i] ?? NO_SUM, row.cells, places, lexicon);
    const size = (sizes.get(key) ?? 0) + 1;
    keys[i] = key;
    sizes.set(key, size);
    if (size > most) most = size;
  });
  const buckets = new Map<number, Row[]>();
  if (most < least) return buckets;
  rows.forEach((row, i) => {
    const key = keys[i] ?? 0;
    if ((sizes.get(key) ?? 0) < least) return;
    const bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, [row]);
    else bucket.push(row);
  });
  return buckets;
}

const NO_SUM: CellSum = { high: 0, low: 0 };

function mark(marks: Marks, row: Row, column: number, lexicon: Lexicon): void {
  const cell = row.cells[column] ?? VALUE_CELL;
  if (cell === VALUE_CELL || lexicon.isGap(cell)) return;
  const columns = marks.get(row);
  if (columns === undefined) marks.set(row, new Set([column]));
  else columns.add(column);
}

/** What must be exceeded: more for the first word, and for statements of few words. */
function needed(bucket: readonly Row[], columns: readonly number[], lexicon: Lexicon): number {
  const row = bucket[0];
  if (row === undefined) return Infinity;
  const words = row.cells.filter((cell, i) => !columns.includes(i) && lexicon.isWord(cell)).length;
  if (words === 0) return Infinity;
  const first = row.cells.findIndex((cell) => !lexicon.isGap(cell));
  const few = words < 2 ? 2 : 0;
  if (columns.includes(first)) return ENOUGH_IN_FIRST_PLACE + few;
  return Math.max(...columns.map((column) => neededAt(row, column, lexicon))) + few;
}

function neededAt(row: Row, column: number, lexicon: Lexicon): number {
  if (isQuoted(row, column, lexicon)) return ENOUGH_QUOTED;
  return isNamed(row, column, lexicon) ? ENOUGH_NAMED : ENOUGH;
}

/** One word between quotes is what was put in. */
function isQuoted(row: Row, column: number, lexicon: Lexicon): boolean {
  const before = lexicon.text(row.cells[column - 1] ?? VALUE_CELL);
  const after = lexicon.text(row.cells[column + 1] ?? VALUE_CELL);
  return /["'`]$/.test(before) && /^["'`]/.test(after);
}
