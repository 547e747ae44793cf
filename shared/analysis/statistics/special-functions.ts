/**
 * Functions behind p-values. Relative accuracy about 1e-13 unless stated.
 */

/** Lanczos coefficients, g = 7, n = 9 (Godfrey 2001). */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
] as const;

/** ln Γ(x) for x > 0 (Lanczos 1964); as scipy.special.gammaln. */
export function logGamma(x: number): number {
  if (x < 0.5) {
    return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  }
  if (x > 1e6) {
    // Stirling's series: the sum below would lose digits.
    return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x);
  }
  const z = x - 1;
  let sum: number = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] ?? 0) / (z + i);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/**
 * Regularised upper incomplete gamma function Q(a, x), a > 0, x ≥ 0: series
 * below a + 1, continued fraction (Lentz) above; as scipy.special.gammaincc.
 */
export function upperGamma(a: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(a) || a <= 0 || x < 0) return NaN;
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 10_000 && Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.max(0, 1 - scale * sum);
  }
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 10_000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const delta = d * c;
    fraction *= delta;
    if (Math.abs(delta - 1) < 1e-16) break;
  }
  return scale * fraction;
}

/** Upper tail of the chi-squared distribution; as scipy.stats.chi2.sf. */
export function chiSquaredSf(x: number, degrees: number): number {
  return upperGamma(degrees / 2, x / 2);
}

/**
 * The point that a chi-squared variable exceeds with probability `p`; as
 * scipy.stats.chi2.isf. By bisection. Infinite for p = 0, 0 for p = 1.
 */
export function chiSquaredIsf(p: number, degrees: number): number {
  if (Number.isNaN(p) || degrees <= 0 || p < 0 || p > 1) return NaN;
  if (p === 0) return Infinity;
  let low = 0;
  let high = degrees + 1;
  while (chiSquaredSf(high, degrees) > p) {
    low = high;
    high *= 2;
  }
  for (let k = 0; k < 200 && high - low > 1e-14 * high; k++) {
    const middle = (low + high) / 2;
    if (chiSquaredSf(middle, degrees) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Standard normal distribution function; as scipy.stats.norm.cdf. */
export function normalCdf(z: number): number {
  const half = 0.5 * upperGamma(0.5, (z * z) / 2);
  return z > 0 ? 1 - half : half;
}

/** Two-sided p-value of a standard normal statistic. */
export function normalTwoSidedP(z: number): number {
  return upperGamma(0.5, (z * z) / 2);
}

/**
 * Limit of the Kolmogorov distribution's upper tail: P(√n D > x) for n → ∞;
 * as scipy.special.kolmogorov.
 */
export function kolmogorovSf(x: number): number {
  if (x <= 0) return 1;
  if (x < 0.82) {
    // Jacobi's form converges fast where the other one does not.
    let sum = 0;
    for (let k = 1; k < 20; k++) {
      sum += Math.exp(-((2 * k - 1) ** 2 * Math.PI ** 2) / (8 * x * x));
    }
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  let sum = 0;
  for (let k = 1; k < 100; k++) {
    const term = Math.exp(-2 * k * k * x * x);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-18) break;
  }
  return Math.min(1, 2 * sum);
}
