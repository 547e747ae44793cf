/** How strongly two columns go together, and by how much that changed. Pure numbers. */

/** A measure with the rows it rests on. */
export interface Association {
  readonly value: number;
  /** Rows with a value in both columns. */
  readonly rows: number;
}

/** Below this many rows no association is given. */
const LEAST_ROWS = 10;

/**
 * Mean ranks of a column, 1 for the least value, ties shared; NaN for NaN.
 * Infinities are the least and the greatest values.
 */
export function meanRanks(values: Float64Array): Float64Array {
  const order: number[] = [];
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) order.push(i);
  const places = Int32Array.from(order).sort((a, b) => at(values, a) - at(values, b) || a - b);
  const ranks = new Float64Array(values.length).fill(NaN);
  for (let i = 0; i < places.length;) {
    let j = i;
    const value = at(values, places[i] ?? 0);
    while (j + 1 < places.length && at(values, places[j + 1] ?? 0) === value) j++;
    for (let k = i; k <= j; k++) ranks[places[k] ?? 0] = (i + j) / 2 + 1;
    i = j + 1;
  }
  return ranks;
}

/**
 * Pearson's correlation over the rows where both are numbers; as
 * pandas.DataFrame.corr. Of `meanRanks` it is Spearman's: equal to
 * scipy.stats.spearmanr where no value is missing (SciPy ranks again within the
 * rows of each pair, which moves the third digit at most when few are missing).
 * Null below 10 rows or where a side does not vary.
 */
export function correlation(x: Float64Array, y: Float64Array): Association | null {
  let n = 0;
  let sx = 0;
  let sy = 0;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  const x0 = firstNumber(x);
  const y0 = firstNumber(y);
  for (let i = 0; i < x.length; i++) {
    // Shifted by a value of the column: sums of squares keep their digits.
    const a = (x[i] as number) - x0;
    const b = (y[i] as number) - y0;
    const product = a * b;
    if (Number.isNaN(product)) continue;
    n++;
    sx += a;
    sy += b;
    xx += a * a;
    yy += b * b;
    xy += product;
  }
  if (n < LEAST_ROWS) return null;
  const vx = xx - (sx * sx) / n;
  const vy = yy - (sy * sy) / n;
  if (vx <= 1e-12 * xx || vy <= 1e-12 * yy) return null;
  const r = (xy - (sx * sy) / n) / Math.sqrt(vx * vy);
  return Number.isFinite(r) ? { value: Math.max(-1, Math.min(1, r)), rows: n } : null;
}

/**
 * Cramér's V of two columns of codes (below 0 for missing), corrected for its
 * bias in small samples (Bergsma 2013), 0 to 1. Null below 10 rows or where a
 * side has one value only.
 */
export function cramersVOfCodes(x: Int32Array, y: Int32Array): Association | null {
  const width = most(y) + 1;
  const height = most(x) + 1;
  const cells = new Float64Array(width * height);
  const rows = new Float64Array(height);
  const columns = new Float64Array(width);
  let n = 0;
  for (let i = 0; i < x.length; i++) {
    const a = x[i] as number;
    const b = y[i] as number;
    if (a < 0 || b < 0) continue;
    n++;
    add(cells, a * width + b);
    add(rows, a);
    add(columns, b);
  }
  const r = rows.filter((v) => v > 0).length;
  const c = columns.filter((v) => v > 0).length;
  if (n < LEAST_ROWS || r < 2 || c < 2) return null;
  let chi = -1;
  for (let a = 0; a < height; a++) {
    for (let b = 0; b < width; b++) {
      const expected = at(rows, a) * at(columns, b);
      if (expected > 0) chi += at(cells, a * width + b) ** 2 / expected;
    }
  }
  const phi = Math.max(0, chi - ((r - 1) * (c - 1)) / (n - 1));
  const degrees = Math.min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1;
  return degrees <= 0 ? null : { value: Math.min(1, Math.sqrt(phi / degrees)), rows: n };
}

/**
 * Correlation ratio of numbers by the groups that codes make (below 0 for
 * missing), corrected for its bias (Kelley 1935: ε), 0 to 1. Of ranks it is the
 * effect size of the Kruskal-Wallis test. Null below 10 rows, with one group,
 * or where the numbers do not vary.
 */
export function correlationRatio(codes: Int32Array, values: Float64Array): Association | null {
  const groups = most(codes) + 1;
  const counts = new Float64Array(groups);
  const sums = new Float64Array(groups);
  const base = firstNumber(values);
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    const value = (values[i] as number) - base;
    if (code < 0 || Number.isNaN(value)) continue;
    n++;
    sum += value;
    squares += value * value;
    add(counts, code);
    sums[code] = at(sums, code) + value;
  }
  const used = counts.filter((v) => v > 0).length;
  const total = squares - (sum * sum) / n;
  if (n < LEAST_ROWS || used < 2 || n <= used || total <= 1e-12 * squares) return null;
  let between = -(sum * sum) / n;
  counts.forEach((count, k) => {
    if (count > 0) between += at(sums, k) ** 2 / count;
  });
  const epsilon = 1 - ((1 - between / total) * (n - 1)) / (n - used);
  return { value: Math.min(1, Math.sqrt(Math.max(0, epsilon))), rows: n };
}

/**
 * Fisher's z test that two independent associations are equal: z = (atanh b -
 * atanh a) / √(c/(n₁-3) + c/(n₂-3)), with c = 1.06 for ranks (Fieller, Hartley and
 * Pearson 1957) and 1 else. For Cramér's V and the correlation ratio it is an
 * approximation, exact in the limit for two values each.
 */
export function fisherDifference(
  a: Association,
  b: Association,
  spread = 1,
): { readonly cohensQ: number; readonly z: number; readonly standardError: number } {
  const cohensQ = fisherZ(b.value) - fisherZ(a.value);
  const standardError = Math.sqrt(
    spread / Math.max(1, a.rows - 3) + spread / Math.max(1, b.rows - 3),
  );
  return { cohensQ, z: cohensQ / standardError, standardError };
}

/** Fisher's transformation atanh r, kept finite at ±1. */
export function fisherZ(r: number): number {
  return Math.atanh(Math.max(-1 + 1e-9, Math.min(1 - 1e-9, r)));
}

/**
 * Correlation matrix distance (Herdin et al. 2005): 1 - tr(AB) / (‖A‖ ‖B‖), 0 for
 * matrices equal up to scale, 1 for orthogonal ones. Entries that either matrix
 * lacks are left out of both. Null without entries.
 */
export function correlationMatrixDistance(
  a: readonly (readonly (number | null)[])[],
  b: readonly (readonly (number | null)[])[],
): number | null {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  a.forEach((row, i) => {
    row.forEach((x, j) => {
      const y = b[i]?.[j] ?? null;
      if (x === null || y === null) return;
      ab += x * y;
      aa += x * x;
      bb += y * y;
    });
  });
  if (aa === 0 || bb === 0) return null;
  return Math.max(0, 1 - ab / Math.sqrt(aa * bb));
}

function firstNumber(values: Float64Array): number {
  return values.find((v) => Number.isFinite(v)) ?? 0;
}

function most(codes: Int32Array): number {
  let found = -1;
  for (const code of codes) if (code > found) found = code;
  return found;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}

function add(values: Float64Array, index: number): void {
  values[index] = at(values, index) + 1;
}
