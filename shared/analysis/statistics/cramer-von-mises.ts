import { logGamma } from "./special-functions.ts";

/**
 * p-value of the two-sample Cramér-von Mises statistic T: the limiting
 * distribution at T moved and scaled to the moments it has for n and m rows
 * (Anderson 1962, eq. 14 and 15); as scipy.stats.cramervonmises_2samp(method=
 * 'asymptotic'). SciPy stops its series at terms below 1e-7; this one goes on,
 * so that p agrees to 1e-7. NaN when a sample is empty.
 */
export function cramerVonMisesP(statistic: number, n: number, m: number): number {
  if (n === 0 || m === 0 || Number.isNaN(statistic)) return NaN;
  const total = n + m;
  const product = n * m;
  const mean = (1 + 1 / total) / 6;
  const variance =
    ((total + 1) * (4 * product * total - 3 * (n * n + m * m) - 2 * product)) /
    (45 * total ** 2 * 4 * product);
  // One row each: the statistic cannot vary.
  if (variance <= 0) return 1;
  return limitSf(1 / 6 + (statistic - mean) / Math.sqrt(45 * variance));
}

/**
 * Upper tail of the limiting distribution of ω², by the series of Anderson and
 * Darling (1952) as Csörgő and Faraway (1996, eq. 1.3) give it.
 */
function limitSf(x: number): number {
  if (x < 0.003) return 1;
  // The tail falls as exp(-π²x/2): nothing of a double is left.
  if (x > 10) return 0;
  let sum = 0;
  for (let k = 0; k < 100; k++) {
    const y = 4 * k + 1;
    const q = (y * y) / (16 * x);
    const factor = Math.exp(logGamma(k + 0.5) - logGamma(k + 1)) / (Math.PI ** 1.5 * Math.sqrt(x));
    const term = factor * Math.sqrt(y) * expBesselK(0.25, q);
    sum += term;
    if (term < 1e-17) break;
  }
  return Math.min(1, Math.max(0, 1 - sum));
}

/**
 * exp(-x)·K_ν(x) of the modified Bessel function of the second kind, by the
 * trapezoidal rule on ∫ exp(-x cosh t) cosh(νt) dt, which converges
 * exponentially (Trefethen and Weideman 2014).
 */
function expBesselK(order: number, x: number): number {
  const step = 0.1;
  let sum = 0.5 * Math.exp(-2 * x);
  for (let t = step; ; t += step) {
    const term = Math.exp(-x * (1 + Math.cosh(t))) * Math.cosh(order * t);
    sum += term;
    if (term <= sum * 1e-18) break;
  }
  return sum * step;
}
