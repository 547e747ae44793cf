import { logGamma, normalCdf, upperGamma } from "./special-functions.ts";

/** From here on the normal approximation is closer than 1e-4 in probability. */
const LARGE = 10_000;

/**
 * P(X ≤ x) of the noncentral chi-squared distribution, as
 * scipy.stats.ncx2.cdf: the Poisson mixture of central ones, summed from its
 * largest term outwards (Benton and Krishnamoorthy 2003). For a noncentrality
 * above 10,000 the normal approximation of Sankaran (1963).
 */
export function noncentralChiSquaredCdf(x: number, degrees: number, lambda: number): number {
  if (!(x > 0)) return 0;
  if (lambda === 0) return 1 - upperGamma(degrees / 2, x / 2);
  if (lambda > LARGE) return sankaranCdf(x, degrees, lambda);
  const half = lambda / 2;
  const y = x / 2;
  const middle = Math.floor(half);
  const shape = degrees / 2 + middle;
  const weight = Math.exp(middle * Math.log(half) - half - logGamma(middle + 1));
  const central = 1 - upperGamma(shape, y);
  // Going up a shape, the central probability loses exp(-y) y^a / Γ(a + 1).
  const loss = Math.exp(shape * Math.log(y) - y - logGamma(shape + 1));
  let sum = weight * central;
  let w = weight;
  let p = central;
  let step = loss;
  for (let k = middle + 1; w > 1e-17; k++) {
    w *= half / k;
    p = Math.max(0, p - step);
    step *= y / (shape + (k - middle));
    sum += w * p;
  }
  w = weight;
  p = central;
  step = loss;
  for (let k = middle; k >= 1 && w > 1e-17; k--) {
    w *= k / half;
    step *= (shape - (middle - k)) / y;
    p = Math.min(1, p + step);
    sum += w * p;
  }
  return Math.min(1, sum);
}

function sankaranCdf(x: number, k: number, lambda: number): number {
  const h = 1 - (2 * (k + lambda) * (k + 3 * lambda)) / (3 * (k + 2 * lambda) ** 2);
  const p = (k + 2 * lambda) / (k + lambda) ** 2;
  const m = (h - 1) * (1 - 3 * h);
  const mean = 1 + h * p * (h - 1 - 0.5 * (2 - h) * m * p);
  const sd = h * Math.sqrt(2 * p) * (1 + 0.5 * m * p);
  return normalCdf(((x / (k + lambda)) ** h - mean) / sd);
}
