/** Sum of the lower half of a segment and the value in the middle. */
export interface LowHalf {
  /** Sum of the ⌊m/2⌋ smallest of the m values. */
  readonly sum: number;
  /** The next value: the median where m is odd. */
  readonly middle: number;
}

/**
 * Answers for any segment of a series, in O(log n), from a wavelet matrix with
 * prefix sums ("The wavelet matrix: an efficient wavelet tree for large
 * alphabets", Information Systems 47, 2015).
 */
export function lowHalves(values: readonly number[]): (start: number, end: number) => LowHalf {
  const sorted = Float64Array.from(values).sort();
  const place = new Map<number, number>();
  for (const [i, v] of sorted.entries()) if (!place.has(v)) place.set(v, i);
  const levels = buildLevels(
    values.map((v) => place.get(v) ?? 0),
    values,
  );
  return (start, end) => {
    let from = start;
    let to = end;
    let rest = (end - start) >> 1;
    let sum = 0;
    let rank = 0;
    for (const { bit, zeros, sums, zeroCount } of levels) {
      const left = zeros[from] ?? 0;
      const right = zeros[to] ?? 0;
      if (rest < right - left) {
        from = left;
        to = right;
      } else {
        sum += (sums[to] ?? 0) - (sums[from] ?? 0);
        rest -= right - left;
        rank |= bit;
        from = zeroCount + from - left;
        to = zeroCount + to - right;
      }
    }
    const middle = sorted[rank] ?? 0;
    return { sum: sum + rest * middle, middle };
  };
}

interface Level {
  readonly bit: number;
  /** Among the first k entries: how many have the bit clear, and the sum of their values. */
  readonly zeros: Int32Array;
  readonly sums: Float64Array;
  readonly zeroCount: number;
}

function buildLevels(ranks: number[], values: readonly number[]): Level[] {
  const n = ranks.length;
  const levels: Level[] = [];
  let order = ranks.map((_, i) => i);
  for (let bit = 1 << Math.max(0, 31 - Math.clz32(Math.max(1, n - 1))); bit > 0; bit >>= 1) {
    const zeros = new Int32Array(n + 1);
    const sums = new Float64Array(n + 1);
    const low: number[] = [];
    const high: number[] = [];
    for (const [k, i] of order.entries()) {
      const clear = ((ranks[i] ?? 0) & bit) === 0;
      (clear ? low : high).push(i);
      zeros[k + 1] = (zeros[k] ?? 0) + (clear ? 1 : 0);
      sums[k + 1] = (sums[k] ?? 0) + (clear ? (values[i] ?? 0) : 0);
    }
    levels.push({ bit, zeros, sums, zeroCount: low.length });
    order = [...low, ...high];
  }
  return levels;
}
