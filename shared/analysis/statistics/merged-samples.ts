/** What one merge of two sorted samples tells. */
export interface MergedSamples {
  /** Kolmogorov-Smirnov distance, 0 to 1. */
  readonly ks: number;
  /** Cliff's delta: P(incident > baseline) - P(incident < baseline), -1 to 1. */
  readonly delta: number;
  /** Estimated variance of delta (`mergeSamples` says which). */
  readonly deltaVariance: number;
  /** Cramér-von Mises T with midranks (Anderson 1962, eq. 9). */
  readonly cramerVonMises: number;
  /** Anderson-Darling A² with midranks; null when all values are equal. */
  readonly andersonDarling: number | null;
  /** First Wasserstein distance in the samples' unit; NaN or infinite with infinities in them. */
  readonly wasserstein: number;
  readonly distinctBaseline: number;
  readonly distinctIncident: number;
}

/**
 * The rank statistics of two samples sorted ascending without NaN (infinities
 * allowed), in one pass over both; null when one is empty. All are sums over
 * groups of equal values. `gap` is 2·n·m times the difference of the two mid
 * distribution functions, a whole number, so that ranks lose no digits.
 *
 * - KS distance, delta and Wasserstein distance as `ksDistance`, `cliffsDelta`
 *   and `wasserstein`.
 * - T as scipy.stats.cramervonmises_2samp. The pooled form
 *   n·m/N²·Σ(F - G)² is used with the correction that ties need, since SciPy's
 *   difference of rank sums loses N/6 in digits.
 * - A² as the first return value of scipy.stats._morestats._anderson_ksamp_midrank
 *   (Scholz and Stephens 1987, eq. 7), before it is normalised.
 * - The variance of delta is the consistent estimate of Cliff (1993), which is
 *   never negative: ((m-1)·var of row means + (n-1)·var of column means + var of
 *   the dominance matrix over (n-1)(m-1)) / (n·m); 0 for one row in a sample.
 */
export function mergeSamples(baseline: Float64Array, incident: Float64Array): MergedSamples | null {
  const a = baseline;
  const b = incident;
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return null;
  const total = n + m;
  let i = 0;
  let j = 0;
  let before = Math.min(a[0] as number, b[0] as number);
  let apart = 0;
  let most = 0;
  let mostI = 0;
  let mostJ = 0;
  let distance = 0;
  let dominance = 0;
  let rowSquares = 0;
  let columnSquares = 0;
  let ties = 0;
  let pooled = 0;
  let cubesA = 0;
  let cubesB = 0;
  let mixedA = 0;
  let mixedB = 0;
  let anderson = 0;
  let distinctA = 0;
  let distinctB = 0;
  while (i < n || j < m) {
    const at =
      j >= m || (i < n && (a[i] as number) <= (b[j] as number))
        ? (a[i] as number)
        : (b[j] as number);
    distance += apart * (at - before);
    before = at;
    const i0 = i;
    const j0 = j;
    while (i < n && (a[i] as number) === at) i++;
    while (j < m && (b[j] as number) === at) j++;
    const inA = i - i0;
    const inB = j - j0;
    // Cliff's delta: how often a value of one sample is above, less below, the other's.
    const overA = i0 + i - n;
    const overB = m - j0 - j;
    if (inA > 0) {
      distinctA++;
      rowSquares += inA * overB * overB;
      cubesA += inA * inA * inA;
    }
    if (inB > 0) {
      distinctB++;
      dominance += inB * overA;
      columnSquares += inB * overA * overA;
      cubesB += inB * inB * inB;
      if (inA > 0) {
        ties += inA * inB;
        mixedA += inA * inA * inB;
        mixedB += inA * inB * inB;
      }
    }
    const gap = (i0 + i) * m - (j0 + j) * n;
    const squared = gap * gap;
    pooled += squared * (inA * m + inB * n);
    const rank = i0 + i + j0 + j;
    const group = inA + inB;
    const weight = rank * (2 * total - rank) - total * group;
    if (weight > 0) anderson += (group * squared) / weight;
    apart = Math.abs(i * m - j * n);
    if (apart > most) {
      most = apart;
      mostI = i;
      mostJ = j;
    }
  }
  const delta = dominance / n / m;
  const cubes = cubesA / n ** 3 + cubesB / m ** 3;
  const mixed = (3 * (mixedA / n + mixedB / m)) / n / m;
  return {
    ks: Math.abs(mostI / n - mostJ / m),
    delta,
    deltaVariance: deltaVariance(n, m, delta, rowSquares, columnSquares, ties),
    cramerVonMises:
      (n / total) * m * (pooled / n / n / n / m / m / m / 8 + (cubes - mixed) / 24) +
      (cubesA / m + cubesB / n - n / m - m / n) / (12 * total) +
      1 / (6 * total),
    andersonDarling: allEqual(a, b)
      ? null
      : (anderson / total) * ((total - 1) / total) * (1 / n + 1 / m),
    wasserstein: distance / n / m,
    distinctBaseline: distinctA,
    distinctIncident: distinctB,
  };
}

/** Whether both samples hold one and the same value. */
function allEqual(a: Float64Array, b: Float64Array): boolean {
  return a[0] === b[0] && a[a.length - 1] === b[b.length - 1] && a[0] === a[a.length - 1];
}

function deltaVariance(
  n: number,
  m: number,
  delta: number,
  rowSquares: number,
  columnSquares: number,
  ties: number,
): number {
  if (n < 2 || m < 2) return 0;
  const rows = (rowSquares / m / m - n * delta ** 2) / (n - 1);
  const columns = (columnSquares / n / n - m * delta ** 2) / (m - 1);
  const cells = (n * m - ties - n * m * delta ** 2) / (n - 1) / (m - 1);
  return Math.max(0, ((m - 1) * rows + (n - 1) * columns + cells) / n / m);
}
