export interface AndersonDarlingResult {
  /** Normalised: 0 is expected of one population, 1.96 is the 5 % point. */
  readonly statistic: number;
  /** Between .001 and .25. */
  readonly p: number;
  /** Where p is only a bound, because the statistic lies outside the table. */
  readonly bound: "at most" | "at least" | null;
}

/** Critical values of two samples: b0 + b1 + b2 of Scholz and Stephens (1987), table 1, m = 1. */
const CRITICAL = [
  0.675 - 0.245 - 0.105,
  1.281 + 0.25 - 0.305,
  1.645 + 0.678 - 0.362,
  1.96 + 1.149 - 0.391,
  2.326 + 1.822 - 0.396,
  2.573 + 2.364 - 0.345,
  3.085 + 3.615 - 0.154,
] as const;
const LEVELS = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001] as const;

/**
 * Two-sample Anderson-Darling test with midranks (Scholz and Stephens 1987), as
 * scipy.stats.anderson_ksamp(midrank=True, variant "midrank"): A² less its mean
 * over its standard deviation; p by a parabola through the logarithms of the
 * table's levels, held at .001 and .25 outside of it, which `bound` says.
 * @param squared A² of `mergeSamples`; null gives null
 */
export function andersonDarling(
  squared: number | null,
  n: number,
  m: number,
): AndersonDarlingResult | null {
  const total = n + m;
  if (squared === null || n === 0 || m === 0 || total < 4) return null;
  const statistic = (squared - 1) / Math.sqrt(varianceOf(n, m));
  const [least, most] = [CRITICAL[0], CRITICAL[6]];
  if (statistic < least) return { statistic, p: LEVELS[0], bound: "at least" };
  if (statistic > most) return { statistic, p: LEVELS[6], bound: "at most" };
  const [c0, c1, c2] = PARABOLA;
  return { statistic, p: Math.exp(c0 + c1 * statistic + c2 * statistic ** 2), bound: null };
}

/** Variance of A² of two samples (Scholz and Stephens 1987, eq. 4). */
function varianceOf(n: number, m: number): number {
  const total = n + m;
  const inverse = 1 / n + 1 / m;
  const h = harmonic(total - 1);
  // Their double sum in closed form, from Σ H(N-i)/i = H(N)² - H₂(N).
  const g = harmonicSquares(total - 1) - (2 * h) / total;
  const a = 4 * g - 6 + (10 - 6 * g) * inverse;
  const b = 4 * (2 * g - 4) + 16 * h + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
  const c = 4 * (6 * h + 2 * g - 2) + 2 * (4 * h - 4 * g + 6) + (2 * h - 6) * inverse + 4 * h;
  const d = 4 * (2 * h + 6) - 8 * h;
  return (((a * total + b) * total + c) * total + d) / ((total - 1) * (total - 2) * (total - 3));
}

/** Σ 1/i for i ≤ k: summed up to 100, then by Euler-Maclaurin. */
function harmonic(k: number): number {
  if (k <= 100) return sumTo(k, (i) => 1 / i);
  const square = k * k;
  return (
    Math.log(k) +
    0.5772156649015329 +
    1 / (2 * k) -
    1 / (12 * square) +
    1 / (120 * square ** 2) -
    1 / (252 * square ** 3)
  );
}

/** Σ 1/i² for i ≤ k. */
function harmonicSquares(k: number): number {
  if (k <= 100) return sumTo(k, (i) => 1 / (i * i));
  return Math.PI ** 2 / 6 - 1 / k + 1 / (2 * k ** 2) - 1 / (6 * k ** 3) + 1 / (30 * k ** 5);
}

function sumTo(k: number, term: (i: number) => number): number {
  let sum = 0;
  for (let i = k; i >= 1; i--) sum += term(i);
  return sum;
}

/** Least squares of log level on critical value, second degree; as numpy.polyfit. */
const PARABOLA: readonly [number, number, number] = parabola(
  CRITICAL,
  LEVELS.map((p) => Math.log(p)),
);

function parabola(x: readonly number[], y: readonly number[]): readonly [number, number, number] {
  // Orthogonal polynomials: the normal equations of a parabola lose half the digits.
  const n = x.length;
  const dot = (u: readonly number[], v: readonly number[]): number =>
    u.reduce((s, value, k) => s + value * (v[k] ?? 0), 0);
  const mean = x.reduce((s, v) => s + v, 0) / n;
  const p1 = x.map((v) => v - mean);
  const n1 = dot(p1, p1);
  const x2 = x.map((v) => v * v);
  const slope = dot(x2, p1) / n1;
  const level = x2.reduce((s, v) => s + v, 0) / n;
  const p2 = x2.map((v, k) => v - level - slope * (p1[k] ?? 0));
  const c2 = dot(y, p2) / dot(p2, p2);
  const c1 = dot(y, p1) / n1;
  const c0 = y.reduce((s, v) => s + v, 0) / n;
  return [c0 - c1 * mean - c2 * (level - slope * mean), c1 - c2 * slope, c2];
}
