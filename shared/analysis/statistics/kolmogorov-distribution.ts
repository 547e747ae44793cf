import { logGamma } from "./special-functions.ts";

/**
 * Upper tail P(D_n > d) of the Kolmogorov statistic for n observations, as
 * scipy.stats.kstwo.sf. The method is chosen by n and n·d² after Simard and
 * L'Ecuyer (2011), "Computing the two-sided Kolmogorov-Smirnov distribution",
 * J. Stat. Softw. 39(11). Relative error about 1e-9; above n = 20,000 the far
 * tail uses the approximation of Maag and Dicaire (relative error below 1e-3,
 * where p < 0.03).
 */
export function kolmogorovNSf(n: number, d: number): number {
  if (Number.isNaN(d) || n < 1) return NaN;
  if (d >= 1) return 0;
  const nd = n * d;
  if (nd <= 0.5) return 1;
  if (nd <= 1) {
    // Ruben and Gambino: 1 - n! (2d - 1/n)^n.
    return 1 - Math.exp(logGamma(n + 1) + n * Math.log((2 * nd - 1) / n));
  }
  if (nd >= n - 1) return 2 * (1 - d) ** n;
  const nd2 = nd * d;
  if (nd2 >= 370) return 0;
  if (d >= 0.5 || nd2 >= (n <= 140 ? 4 : 2.2)) {
    return Math.min(1, 2 * oneSidedSf(n, d));
  }
  if (n <= 140 || (n <= 100_000 && nd * Math.sqrt(d) <= 1.4)) {
    return clip(1 - durbinCdf(n, d));
  }
  return clip(1 - pelzGoodCdf(n, d));
}

function clip(p: number): number {
  return Math.min(1, Math.max(0, p));
}

/** P(D+_n ≥ d), by Smirnov's sum (Birnbaum and Tingey 1951). */
function oneSidedSf(n: number, d: number): number {
  if (n > 20_000) return Math.exp(-((6 * n * d + 1) ** 2) / (18 * n));
  let sum = 0;
  let logBinomial = 0;
  const last = Math.floor(n * (1 - d));
  for (let j = 0; j <= last; j++) {
    const rest = 1 - d - j / n;
    if (rest > 0) {
      sum += Math.exp(logBinomial + (j - 1) * Math.log(d + j / n) + (n - j) * Math.log(rest));
    }
    logBinomial += Math.log((n - j) / (j + 1));
  }
  return clip(d * sum);
}

/**
 * Exact P(D_n ≤ d) by the power of Durbin's matrix: Marsaglia, Tsang and Wang
 * (2003), "Evaluating Kolmogorov's distribution", J. Stat. Softw. 8(18).
 * Memory O((n·d)²), time O((n·d)³ log n).
 */
function durbinCdf(n: number, d: number): number {
  const k = Math.ceil(n * d);
  const h = k - n * d;
  const m = 2 * k - 1;
  let power = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) power[i * m + j] = i - j + 1 < 0 ? 0 : 1;
  }
  const add = (index: number, value: number): void => {
    power[index] = (power[index] as number) + value;
  };
  for (let i = 0; i < m; i++) {
    add(i * m, -(h ** (i + 1)));
    add((m - 1) * m + i, -(h ** (m - i)));
  }
  add((m - 1) * m, 2 * h - 1 > 0 ? (2 * h - 1) ** m : 0);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      for (let g = 1; g <= i - j + 1; g++) {
        power[i * m + j] = (power[i * m + j] as number) / g;
      }
    }
  }
  let result = new Float64Array(m * m);
  for (let i = 0; i < m; i++) result[i * m + i] = 1;
  let exponent = 0;
  let powerExponent = 0;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) {
      result = multiply(result, power, m);
      exponent += powerExponent;
    }
    power = multiply(power, power, m);
    powerExponent *= 2;
    if ((power[(k - 1) * m + k - 1] as number) > 1e140) {
      for (let i = 0; i < power.length; i++) power[i] = (power[i] as number) * 1e-140;
      powerExponent += 140;
    }
  }
  let p = result[(k - 1) * m + k - 1] as number;
  for (let i = 1; i <= n; i++) {
    p = (p * i) / n;
    if (p < 1e-140) {
      p *= 1e140;
      exponent -= 140;
    }
  }
  return p * 10 ** exponent;
}

function multiply(a: Float64Array, b: Float64Array, m: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < m; k++) {
      const left = a[i * m + k] as number;
      if (left === 0) continue;
      for (let j = 0; j < m; j++) {
        out[i * m + j] = (out[i * m + j] as number) + left * (b[k * m + j] as number);
      }
    }
  }
  return out;
}

/**
 * P(D_n ≤ d) by the expansion in 1/√n of Pelz and Good (1976), "Approximating
 * the lower tail-areas of the Kolmogorov-Smirnov one-sample statistic",
 * J. R. Stat. Soc. B 38, in the form for small z = √n·d.
 */
function pelzGoodCdf(n: number, d: number): number {
  const z = Math.sqrt(n) * d;
  const z2 = z * z;
  const z4 = z2 * z2;
  const z6 = z4 * z2;
  const z8 = z4 * z4;
  const pi2 = Math.PI ** 2;
  const pi4 = pi2 * pi2;
  const pi6 = pi4 * pi2;
  const terms = Math.ceil((16 * z) / Math.PI) + 1;
  let k0 = 0;
  let k1 = 0;
  let k2 = 0;
  let k3 = 0;
  for (let k = 1; k <= terms; k++) {
    const m2 = (2 * k - 1) ** 2;
    const m4 = m2 * m2;
    const m6 = m4 * m2;
    const weight = Math.exp((-pi2 * m2) / (8 * z2));
    k0 += weight;
    k1 += weight * (-z2 + (pi2 / 4) * m2);
    k2 +=
      weight *
      (6 * z6 + 2 * z4 + ((2 * z4 - 5 * z2) * pi2 * m2) / 4 + (pi4 * (1 - 2 * z2) * m4) / 16);
    k3 +=
      weight *
      (-30 * z6 -
        90 * z8 +
        (pi2 * (135 * z4 - 96 * z6) * m2) / 4 +
        (pi4 * (-60 * z2 + 212 * z4) * m4) / 16 +
        (pi6 * (5 - 30 * z2) * m6) / 64);
  }
  const root = Math.sqrt(2 * Math.PI);
  k0 *= root / z;
  k1 *= root / (6 * z4);
  k2 *= root / (72 * z ** 7);
  k3 *= root / (6480 * z ** 10);
  for (let k = 1; k <= terms; k++) {
    const j2 = k * k;
    const weight = Math.exp((-pi2 * j2) / (2 * z2));
    k2 -= ((pi2 * root) / (36 * z2 * z)) * j2 * weight;
    k3 += ((pi2 * root) / (216 * z6)) * (3 * z2 - pi2 * j2) * j2 * weight;
  }
  return k0 + k1 / Math.sqrt(n) + k2 / n + k3 / n ** 1.5;
}
