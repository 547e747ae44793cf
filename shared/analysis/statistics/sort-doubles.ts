const BITS = 11;
const SIZE = 1 << BITS;
const MASK = SIZE - 1;
/** Below this a comparison sort is as fast. */
const SMALL = 2_000;
/** Longer disorder than this within a run is left to the engine's own sort. */
const SHORT = 24;

/** Two buffers that grow as needed and are used for one sort after another. */
export class SortRoom {
  #buffers: readonly [Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>] = [
    new Float64Array(0),
    new Float64Array(0),
  ];

  /** Two arrays of `n` doubles with any contents; what was handed out before is overwritten. */
  take(n: number): readonly [Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>] {
    const [a, b] = this.#buffers;
    if (a.length >= n) return [a.subarray(0, n), b.subarray(0, n)];
    this.#buffers = [new Float64Array(n), new Float64Array(n)];
    return this.#buffers;
  }
}

/**
 * A sorted copy, ascending, of doubles without NaN. A radix sort on the upper
 * 32 bits (sign, exponent, 20 bits of mantissa) in three passes, after which
 * only values equal to six digits can be out of order; those are put right one
 * by one. Two to three times as fast as `Float64Array.prototype.sort` at 500,000 values.
 * @param room where the copy is made: it lasts until the next sort with this room
 */
export function sortDoubles(
  values: Float64Array,
  room: SortRoom = new SortRoom(),
): Float64Array<ArrayBuffer> {
  const n = values.length;
  if (n < SMALL) return Float64Array.from(values).sort();
  let [from, to] = room.take(n);
  from.set(values);
  const counts = countKeys(from);
  for (let pass = 0; pass < 3; pass++) {
    const places = counts.subarray(pass * SIZE, (pass + 1) * SIZE);
    if (!toPlaces(places, n)) continue;
    const words = wordsOf(from);
    const shift = pass * BITS;
    for (let i = 0; i < n; i++) {
      const digit = (orderedKey(words[2 * i + 1] as number) >>> shift) & MASK;
      const place = places[digit] as number;
      places[digit] = place + 1;
      to[place] = from[i] as number;
    }
    [from, to] = [to, from];
  }
  putRight(from);
  return from;
}

function wordsOf(values: Float64Array<ArrayBuffer>): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
}

/** Upper words of doubles as unsigned numbers in the doubles' order. */
function orderedKey(word: number): number {
  return word >> 31 === 0 ? word ^ 0x80000000 : ~word;
}

/** Counts of all three digits of the keys. */
function countKeys(values: Float64Array<ArrayBuffer>): Uint32Array {
  const words = wordsOf(values);
  const counts = new Uint32Array(3 * SIZE);
  for (let i = 1; i < words.length; i += 2) {
    const key = orderedKey(words[i] as number);
    const a = key & MASK;
    const b = SIZE + ((key >>> BITS) & MASK);
    const c = 2 * SIZE + (key >>> (2 * BITS));
    counts[a] = (counts[a] as number) + 1;
    counts[b] = (counts[b] as number) + 1;
    counts[c] = (counts[c] as number) + 1;
  }
  return counts;
}

/** Counts to first places; false when one digit has all values. */
function toPlaces(counts: Uint32Array, n: number): boolean {
  let place = 0;
  for (let digit = 0; digit < SIZE; digit++) {
    const count = counts[digit] as number;
    if (count === n) return false;
    counts[digit] = place;
    place += count;
  }
  return true;
}

/** Insertion sort for what the lower 32 bits left out of order. */
function putRight(values: Float64Array<ArrayBuffer>): void {
  const n = values.length;
  for (let i = 1; i < n; i++) {
    const value = values[i] as number;
    if (value >= (values[i - 1] as number)) continue;
    let j = i - 1;
    const stop = Math.max(0, i - SHORT);
    while (j >= stop && (values[j] as number) > value) {
      values[j + 1] = values[j] as number;
      j--;
    }
    values[j + 1] = value;
    if (j < stop && stop > 0) i = sortRun(values, i);
  }
}

/** Sorts all values with the upper word of `values[at]`; returns the last of them. */
function sortRun(values: Float64Array<ArrayBuffer>, at: number): number {
  const words = wordsOf(values);
  const key = words[2 * at + 1];
  let first = at;
  while (first > 0 && words[2 * first - 1] === key) first--;
  let last = at;
  while (2 * last + 3 < words.length && words[2 * last + 3] === key) last++;
  values.subarray(first, last + 1).sort();
  return last;
}
