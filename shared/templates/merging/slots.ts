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
  let merged = uniteUnits(uniteNumbered(rows, lexicon), lexicon);
  merged = uniteAssigned(merged, lexicon);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const marks = markSingles(merged, lexicon);
    if (marks.size === 0) markPairs(merged, lexicon, marks);
    if (marks.size === 0) break;
    merged = uniteNumbered(applyMarks(merged, marks), lexicon);
  }
  return absorbNames(merged, lexicon);
}

/** Units differ with the size of what they measure: `89.0 B` and `1.2 KB` are values of one place. */
const UNITS =
  /^(?:[KMGTP]i?B|[KMGTP]?B|[kmg]b|[KMGT]|bytes?|ns|us|ms|s|secs?|seconds?|mins?|minutes?|hours?|days?)$/;

function uniteUnits(rows: readonly Row[], lexicon: Lexicon): Row[] {
  const isUnit = (row: Row, i: number): boolean =>
    row.cells[i - 2] === VALUE_CELL && UNITS.test(lexicon.text(row.cells[i] ?? VALUE_CELL));
  const groups = groupBy(rows, (row) =>
    row.cells.map((cell, i) => (isUnit(row, i) ? "*" : (lexicon.loose[cell] ?? cell))).join(" "),
  );
  return Array.from(groups.values(), (group) => uniteRows(group, lexicon));
}

/**
 * A row that a more general one covers joins it, where what the general one
 * leaves open are names (`com.example.Thing`) in this one.
 */
function absorbNames(rows: readonly Row[], lexicon: Lexicon): Row[] {
  const general = rows.filter((row) => row.cells.includes(VALUE_CELL));
  if (general.length === 0 || rows.length > 5_000) return [...rows];
  const ordered = general.toSorted((a, b) => openOf(a) - openOf(b) || compareRows(a, b, lexicon));
  const joined = rows.map((row) => {
    const cover = ordered.find((other) => other !== row && covers(other, row, lexicon));
    return cover === undefined ? row : { ...row, cells: cover.cells };
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
  const groups = groupBy(rows, (row) =>
    row.cells.map((cell) => (isKept(cell) ? (lexicon.loose[cell] ?? cell) : "*")).join(" "),
  );
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
    row.cells.map((cell, i) => (assigned[i] === true ? "*" : (lexicon.loose[cell] ?? cell))).join(" "),
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
  const buckets = new Map<string, Row[]>();
  for (const row of rows) {
    const sums = sumsOf(row, lexicon);
    row.cells.forEach((cell, column) => {
      if (lexicon.isGap(cell)) return;
      const key = keyWithout(row, sums, [column], lexicon);
      const bucket = buckets.get(key);
      if (bucket === undefined) buckets.set(key, [row]);
      else bucket.push(row);
    });
  }
  for (const [key, bucket] of buckets) {
    if (bucket.length < 2) continue;
    const column = Number(key.slice(key.lastIndexOf(" ") + 1));
    if (evidence(bucket, column, lexicon) >= needed(bucket, [column], lexicon)) {
      for (const row of bucket) mark(marks, row, column, lexicon);
    }
  }
  return marks;
}

/** Two places at once, of which no pair of rows shares one. */
function markPairs(rows: readonly Row[], lexicon: Lexicon, marks: Marks): void {
  if (rows.length < 8 || rows.length > 20_000) return;
  const buckets = new Map<string, Row[]>();
  for (const row of rows) {
    const sums = sumsOf(row, lexicon);
    const columns = row.cells.flatMap((cell, i) => (lexicon.isGap(cell) ? [] : [i])).slice(0, 24);
    for (const [n, a] of columns.entries()) {
      for (const b of columns.slice(n + 1)) {
        const key = keyWithout(row, sums, [a, b], lexicon);
        const bucket = buckets.get(key);
        if (bucket === undefined) buckets.set(key, [row]);
        else bucket.push(row);
      }
    }
  }
  for (const [key, bucket] of buckets) {
    if (bucket.length < 6) continue;
    const [a = 0, b = 0] = key.split(" ").slice(-2).map(Number);
    const least = needed(bucket, [a, b], lexicon) + 2;
    if (evidence(bucket, a, lexicon) < least || evidence(bucket, b, lexicon) < least) continue;
    for (const row of bucket) {
      mark(marks, row, a, lexicon);
      mark(marks, row, b, lexicon);
    }
  }
}

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

interface Sums {
  readonly high: number;
  readonly low: number;
}

/** Sums over the cells: one is taken away from them without looking at the others again. */
function sumsOf(row: Row, lexicon: Lexicon): Sums {
  let high = 0;
  let low = 0;
  row.cells.forEach((cell, column) => {
    high = (high + mixHigh(lexicon.hash(cell), column)) | 0;
    low = (low + mixLow(lexicon.hash(cell), column)) | 0;
  });
  return { high, low };
}

function keyWithout(
  row: Row,
  { high, low }: Sums,
  columns: readonly number[],
  lexicon: Lexicon,
): string {
  let restHigh = high;
  let restLow = low;
  for (const column of columns) {
    const hash = lexicon.hash(row.cells[column] ?? VALUE_CELL);
    restHigh = (restHigh - mixHigh(hash, column)) | 0;
    restLow = (restLow - mixLow(hash, column)) | 0;
  }
  return `${restHigh} ${restLow} ${columns.join(" ")}`;
}

function mixHigh(hash: number, column: number): number {
  const mixed = Math.imul(hash ^ Math.imul(column + 1, 0x9e3779b1), 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
}

function mixLow(hash: number, column: number): number {
  const mixed = Math.imul(hash + Math.imul(column + 1, 0x27d4eb2f), 0x165667b1);
  return Math.imul(mixed ^ (mixed >>> 15), 0x2545f491);
}
