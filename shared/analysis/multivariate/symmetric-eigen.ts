/** Eigenvalues, descending, with their vectors of unit length. */
export interface Eigen {
  readonly values: Float64Array;
  /** `vectors[k]` belongs to `values[k]`. */
  readonly vectors: readonly Float64Array[];
}

const MOST_SWEEPS = 60;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations
 * (Golub and Van Loan 2013, 8.5), to about 1e-13 of the largest; as
 * numpy.linalg.eigh, whose order is the reverse. The sign of a vector is chosen
 * so that its largest entry is positive.
 * @param matrix n rows of n numbers; not changed
 */
export function symmetricEigen(matrix: readonly Float64Array[]): Eigen {
  const n = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const v = matrix.map((_, i) => Float64Array.from({ length: n }, (__, j) => (i === j ? 1 : 0)));
  const scale = a.reduce((s, row) => s + row.reduce((t, x) => t + x * x, 0), 0);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) off += entry(a, p, q) ** 2;
    }
    if (off <= 1e-30 * scale) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, p, q);
  }
  const order = a.map((_, k) => k).sort((i, j) => entry(a, j, j) - entry(a, i, i));
  return {
    values: Float64Array.from(order, (k) => entry(a, k, k)),
    vectors: order.map((k) => positive(Float64Array.from(v, (row) => row[k] ?? 0))),
  };
}

/** One rotation that makes a[p][q] zero; `v` gathers the product of all. */
function rotate(a: Float64Array[], v: Float64Array[], p: number, q: number): void {
  const apq = entry(a, p, q);
  if (apq === 0) return;
  const theta = (entry(a, q, q) - entry(a, p, p)) / (2 * apq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (const row of a) turn(row, p, q, c, s);
  const rowP = a[p];
  const rowQ = a[q];
  if (rowP === undefined || rowQ === undefined) return;
  for (let k = 0; k < rowP.length; k++) {
    const x = rowP[k] ?? 0;
    const y = rowQ[k] ?? 0;
    rowP[k] = c * x - s * y;
    rowQ[k] = s * x + c * y;
  }
  rowP[q] = 0;
  rowQ[p] = 0;
  for (const row of v) turn(row, p, q, c, s);
}

function turn(row: Float64Array, p: number, q: number, c: number, s: number): void {
  const x = row[p] ?? 0;
  const y = row[q] ?? 0;
  row[p] = c * x - s * y;
  row[q] = s * x + c * y;
}

function positive(vector: Float64Array): Float64Array {
  let largest = 0;
  for (const x of vector) if (Math.abs(x) > Math.abs(largest) + 1e-12) largest = x;
  return largest < 0 ? vector.map((x) => -x) : vector;
}

function entry(a: readonly Float64Array[], i: number, j: number): number {
  return a[i]?.[j] ?? 0;
}
