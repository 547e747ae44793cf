import { symmetricEigen } from "./symmetric-eigen.ts";

/** Components of standardised columns, as fitted on one sample. */
export interface PrincipalComponents {
  /** Mean and standard deviation (n) of each column's numbers; what is missing is the mean. */
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** Components kept, each with one weight per column. */
  readonly components: readonly Float64Array[];
  /** Share of the variance that they keep. */
  readonly explained: number;
}

/**
 * Principal components of columns standardised to mean 0 and variance 1,
 * missing values (NaN or infinite) at the mean; the first ones that together
 * keep more than `share` of the variance. As sklearn's SimpleImputer,
 * StandardScaler and PCA(n_components=share); its covariance matrix and thereby
 * the components are the same, their signs may differ. A column that does not
 * vary has the deviation 1, as in StandardScaler. Null below two columns, two
 * rows, or without any variance.
 * @param columns one array per column
 * @param rows places of the rows to fit on
 */
export function fitComponents(
  columns: readonly Float64Array[],
  rows: Int32Array,
  share = 0.65,
): PrincipalComponents | null {
  if (columns.length < 2 || rows.length < 2) return null;
  const scales = columns.map((column) => scaleOf(column, rows));
  const means = Float64Array.from(scales, (s) => s.mean);
  const deviations = Float64Array.from(scales, (s) => s.deviation);
  const standard = columns.map((column, k) => {
    const mean = means[k] ?? 0;
    const deviation = deviations[k] ?? 1;
    return Float64Array.from(rows, (row) => standardised(column[row], mean, deviation));
  });
  const { values, vectors } = symmetricEigen(covariance(standard));
  const total = values.reduce((s, v) => s + Math.max(0, v), 0);
  if (total <= 0) return null;
  let kept = 0;
  let count = 0;
  while (count < values.length && kept <= share * total) {
    kept += Math.max(0, values[count] ?? 0);
    count++;
  }
  return { means, deviations, components: vectors.slice(0, count), explained: kept / total };
}

/**
 * Euclidean distance of each row from its image in the space of the
 * components, in standard deviations: the square root of ‖z‖² - Σ (cₖ·z)².
 */
export function reconstructionErrors(
  columns: readonly Float64Array[],
  rows: Int32Array,
  { means, deviations, components }: PrincipalComponents,
): Float64Array {
  const z = new Float64Array(columns.length);
  return Float64Array.from(rows, (row) => {
    let rest = 0;
    for (let k = 0; k < z.length; k++) {
      const value = standardised(columns[k]?.[row], means[k] ?? 0, deviations[k] ?? 1);
      z[k] = value;
      rest += value * value;
    }
    const whole = rest;
    for (const component of components) {
      let score = 0;
      for (let k = 0; k < z.length; k++) score += (component[k] as number) * (z[k] as number);
      rest -= score * score;
    }
    // Rounding leaves some 1e-16 of the whole where a row lies in the space.
    return rest <= 1e-14 * whole ? 0 : Math.sqrt(rest);
  });
}

function standardised(value: number | undefined, mean: number, deviation: number): number {
  return value === undefined || !Number.isFinite(value) ? 0 : (value - mean) / deviation;
}

/** Of the finite values, then with what is missing at the mean: the scaler sees imputed rows. */
function scaleOf(column: Float64Array, rows: Int32Array): { mean: number; deviation: number } {
  let n = 0;
  let sum = 0;
  for (const row of rows) {
    const value = column[row] as number;
    if (!Number.isFinite(value)) continue;
    n++;
    sum += value;
  }
  const mean = n === 0 ? 0 : sum / n;
  let squares = 0;
  for (const row of rows) {
    const value = column[row] as number;
    if (Number.isFinite(value)) squares += (value - mean) ** 2;
  }
  const deviation = Math.sqrt(squares / rows.length);
  return { mean, deviation: deviation > 1e-12 * Math.abs(mean) ? deviation : 1 };
}

/** Sample covariance of columns that have mean 0. */
function covariance(columns: readonly Float64Array[]): Float64Array[] {
  const matrix = columns.map(() => new Float64Array(columns.length));
  columns.forEach((x, i) => {
    for (let j = 0; j <= i; j++) {
      const y = columns[j] ?? x;
      let sum = 0;
      for (let k = 0; k < x.length; k++) sum += (x[k] as number) * (y[k] as number);
      const value = sum / Math.max(1, x.length - 1);
      const row = matrix[i];
      const other = matrix[j];
      if (row !== undefined) row[j] = value;
      if (other !== undefined) other[i] = value;
    }
  });
  return matrix;
}
