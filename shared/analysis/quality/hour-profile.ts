/** The best match of two profiles over the day. */
export interface ProfileLag {
  /** Bins by which the second profile comes later than the first, in (-n/2, n/2]. */
  readonly lag: number;
  /** Pearson's r at that lag and at none. */
  readonly atLag: number;
  readonly atZero: number;
}

/**
 * Circular cross-correlation of two profiles over the day (Pearson's r of
 * `after[k]` with `before[k - lag]`): the lag with the largest r. Null where the
 * lengths differ or a profile is constant.
 */
export function profileLag(before: ArrayLike<number>, after: ArrayLike<number>): ProfileLag | null {
  const n = before.length;
  if (n === 0 || after.length !== n) return null;
  const x = centred(before);
  const y = centred(after);
  const norm = Math.sqrt(squares(x) * squares(y));
  if (!(norm > 0)) return null;
  let best = 0;
  let most = -Infinity;
  const at: number[] = [];
  for (let lag = 0; lag < n; lag++) {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += (y[k] ?? 0) * (x[(k - lag + n) % n] ?? 0);
    at.push(sum / norm);
    if (sum / norm > most) {
      most = sum / norm;
      best = lag;
    }
  }
  return { lag: best > n / 2 ? best - n : best, atLag: most, atZero: at[0] ?? 0 };
}

/** Share of a profile's variance that another does not explain: 1 - r², 1 where r is negative. */
export function unexplained(r: number): number {
  return 1 - Math.max(0, r) ** 2;
}

function centred(values: ArrayLike<number>): Float64Array {
  const list = Float64Array.from(values);
  const mean = list.reduce((s, v) => s + v, 0) / Math.max(1, list.length);
  return list.map((v) => v - mean);
}

function squares(values: Float64Array): number {
  return values.reduce((s, v) => s + v * v, 0);
}
