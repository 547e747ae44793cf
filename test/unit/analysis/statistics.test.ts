import { describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { benjaminiHochberg } from "../../../shared/analysis/statistics/benjamini-hochberg.ts";
import {
  countBetween,
  countValues,
  quantileEdges,
} from "../../../shared/analysis/statistics/bins.ts";
import { chiSquared } from "../../../shared/analysis/statistics/chi-squared.ts";
import {
  cliffsDelta,
  cohensD,
  cohensH,
  moments,
} from "../../../shared/analysis/statistics/effect-sizes.ts";
import { jensenShannon } from "../../../shared/analysis/statistics/jensen-shannon.ts";
import { kolmogorovNSf } from "../../../shared/analysis/statistics/kolmogorov-distribution.ts";
import { kolmogorovSmirnov } from "../../../shared/analysis/statistics/kolmogorov-smirnov.ts";
import { psi, psiNoise, psiOfCounts } from "../../../shared/analysis/statistics/psi.ts";
import {
  quantileSorted,
  quantilesSorted,
  scaledMad,
} from "../../../shared/analysis/statistics/quantiles.ts";
import { spearman } from "../../../shared/analysis/statistics/spearman.ts";
import {
  kolmogorovSf,
  logGamma,
  normalCdf,
  upperGamma,
} from "../../../shared/analysis/statistics/special-functions.ts";
import { twoProportions } from "../../../shared/analysis/statistics/two-proportions.ts";
import { wasserstein } from "../../../shared/analysis/statistics/wasserstein.ts";
import { finitePart } from "../../../shared/analysis/compare-numeric.ts";

interface Pair {
  name: string;
  a: (number | string)[];
  b: (number | string)[];
  ks: number;
  /** Null where SciPy has no answer (one row each). */
  ks_p: number | null;
  cliffs_delta: number;
  quantiles: number[];
  wasserstein: number;
  mean: number;
  sd: number;
  cohens_d?: number | null;
  psi?: number;
  edges?: number[];
  counts_a?: number[];
  counts_b?: number[];
}
interface Reference {
  pairs: Pair[];
  tables: {
    name: string;
    b: number[];
    i: number[];
    chi2: number;
    p: number;
    dof: number;
    cramers_v: number;
    js: number;
    z: number | null;
    z_p: number | null;
  }[];
  benjamini_hochberg: { p: number[]; q: number[] }[];
  spearman: { x: number[]; y: number[]; rho: number };
  kstwo_sf: [number, number, number][];
  gammaincc: [number, number, number][];
  gammaln: [number, number][];
  kolmogorov: [number, number][];
  norm_cdf: [number, number][];
  mad: { x: number[]; value: number };
}

/** Made by `reference/make_reference.py` with SciPy and NumPy. */
const reference = JSON.parse(
  readFileSync(new URL("reference/reference.json", import.meta.url), "utf8"),
) as Reference;

function array(values: readonly (number | string)[]): Float64Array {
  return Float64Array.from(values, (v) =>
    v === "inf" ? Infinity : v === "-inf" ? -Infinity : Number(v),
  );
}

/** Equal to 1e-9, relative above 1. */
function close(actual: number | null | undefined, expected: number, tolerance = 1e-9): void {
  expect(actual).not.toBeNull();
  const error = Math.abs((actual ?? NaN) - expected) / Math.max(1, Math.abs(expected));
  expect(error, `${String(actual)} instead of ${String(expected)}`).toBeLessThanOrEqual(tolerance);
}

describe.each(reference.pairs)("$name", (pair) => {
  const a = array(pair.a);
  const b = array(pair.b);
  test("Kolmogorov-Smirnov", () => {
    const ks = kolmogorovSmirnov(a, b);
    close(ks?.statistic, pair.ks);
    close(ks?.p, pair.ks_p ?? 1);
  });
  test("Cliff's delta", () => {
    close(cliffsDelta(a, b), pair.cliffs_delta);
  });
  test("moments, quantiles, Wasserstein distance, Cohen's d over finite values", () => {
    const m = moments(finitePart(a));
    close(m?.mean, pair.mean);
    close(m?.sd, pair.sd);
    quantilesSorted(finitePart(a))?.forEach((q, k) => {
      close(q, pair.quantiles[k] ?? NaN);
    });
    close(wasserstein(finitePart(a), finitePart(b)), pair.wasserstein);
    if (typeof pair.cohens_d === "number") {
      close(cohensD(m, moments(finitePart(b))), pair.cohens_d);
    }
  });
  test.skipIf(pair.psi === undefined)("PSI over the baseline's deciles", () => {
    expect(quantileEdges(a)).toEqual(pair.edges);
    expect(countBetween(a, pair.edges ?? [])).toEqual(pair.counts_a);
    expect(countBetween(b, pair.edges ?? [])).toEqual(pair.counts_b);
    close(psi(a, b), pair.psi ?? NaN);
  });
});

describe.each(reference.tables)("contingency table: $name", (t) => {
  test("chi-squared, Cramér's V, Jensen-Shannon distance", () => {
    const result = chiSquared(t.b, t.i);
    close(result?.statistic, t.chi2);
    close(result?.p, t.p);
    expect(result?.degrees).toBe(t.dof);
    close(result?.cramersV, t.cramers_v);
    close(jensenShannon(t.b, t.i), t.js);
  });
  test.skipIf(t.z === null)("two proportions", () => {
    const sum = (xs: number[]): number => xs.reduce((s, x) => s + x, 0);
    const result = twoProportions(t.b[0] ?? 0, sum(t.b), t.i[0] ?? 0, sum(t.i));
    close(result?.z, t.z ?? NaN);
    close(result?.p, t.z_p ?? NaN);
  });
});

describe("functions behind p-values", () => {
  test.each(reference.kstwo_sf)("Kolmogorov, n = %d, d = %f", (n, d, expected) => {
    // Above 20,000 the far tail is approximate, see kolmogorovNSf.
    close(kolmogorovNSf(n, d), expected, n > 20_000 && expected < 0.03 ? 1e-5 : 1e-9);
  });
  test.each(reference.gammaincc)("Q(%f, %f)", (a, x, expected) => {
    close(upperGamma(a, x), expected);
  });
  test.each(reference.gammaln)("ln Γ(%f)", (x, expected) => {
    close(logGamma(x), expected);
  });
  test.each(reference.kolmogorov)("Kolmogorov limit at %f", (x, expected) => {
    close(kolmogorovSf(x), expected);
  });
  test.each(reference.norm_cdf)("Φ(%f)", (x, expected) => {
    close(normalCdf(x), expected);
  });
});

test.each(reference.benjamini_hochberg)("Benjamini-Hochberg of %o", ({ p, q }) => {
  benjaminiHochberg(p).forEach((value, k) => {
    close(value, q[k] ?? NaN);
  });
});

test("Spearman's correlation with ties; the MAD", () => {
  close(spearman(reference.spearman.x, reference.spearman.y), reference.spearman.rho);
  close(scaledMad(reference.mad.x), reference.mad.value);
});

describe("nothing to compare", () => {
  const none = new Float64Array(0);
  const some = Float64Array.of(1, 2);
  test("empty samples give null or NaN, never a number", () => {
    expect(kolmogorovSmirnov(none, some)).toBeNull();
    expect(cliffsDelta(none, some)).toBeNaN();
    expect(wasserstein(some, none)).toBeNaN();
    expect(quantileSorted(none, 0.5)).toBeNaN();
    expect(quantilesSorted(none)).toBeNull();
    expect(moments(none)).toBeNull();
    expect(cohensD(moments(none), moments(some))).toBeNull();
    expect(chiSquared([0, 0], [1, 2])).toBeNull();
    expect(jensenShannon([0], [1])).toBeNaN();
    expect(psiOfCounts([], [])).toBeNaN();
    expect(twoProportions(0, 0, 1, 2)).toBeNull();
    expect(spearman([1, 2], [1, 2])).toBeNaN();
    expect(benjaminiHochberg([])).toEqual([]);
    expect(quantileEdges(none)).toEqual([]);
  });
  test("Cohen's h and the noise of the PSI", () => {
    close(cohensH(0, 1), Math.PI);
    expect(cohensH(0.3, 0.3)).toBe(0);
    close(psiNoise(10, 100, 100), 0.18);
  });
  test("values of both samples are counted, up to a limit", () => {
    expect(countValues(Float64Array.of(1, 1, 2), Float64Array.of(2, 3), 3)).toEqual({
      values: [1, 2, 3],
      a: [2, 1, 0],
      b: [0, 1, 1],
    });
    expect(countValues(Float64Array.of(1, 1, 2), Float64Array.of(2, 3), 2)).toBeNull();
  });
});
