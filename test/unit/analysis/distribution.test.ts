import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compareCategories } from "../../../shared/analysis/compare-categorical.ts";
import { compareNumeric } from "../../../shared/analysis/compare-numeric.ts";
import { andersonDarling } from "../../../shared/analysis/statistics/anderson-darling.ts";
import { countBetween } from "../../../shared/analysis/statistics/bins.ts";
import { chiSquared } from "../../../shared/analysis/statistics/chi-squared.ts";
import { cramerVonMisesP } from "../../../shared/analysis/statistics/cramer-von-mises.ts";
import {
  cliffsDeltaInterval,
  cohensDInterval,
  cohensHInterval,
  cramersVInterval,
  type Interval,
} from "../../../shared/analysis/statistics/effect-intervals.ts";
import { cliffsDelta } from "../../../shared/analysis/statistics/effect-sizes.ts";
import {
  hellinger,
  totalVariation,
} from "../../../shared/analysis/statistics/histogram-distances.ts";
import { jensenShannon } from "../../../shared/analysis/statistics/jensen-shannon.ts";
import { kolmogorovSmirnov } from "../../../shared/analysis/statistics/kolmogorov-smirnov.ts";
import { mergeSamples } from "../../../shared/analysis/statistics/merged-samples.ts";
import { noncentralChiSquaredCdf } from "../../../shared/analysis/statistics/noncentral-chi-squared.ts";
import { psiCritical, psiOfCounts, psiP } from "../../../shared/analysis/statistics/psi.ts";
import { chiSquaredIsf } from "../../../shared/analysis/statistics/special-functions.ts";
import { wasserstein } from "../../../shared/analysis/statistics/wasserstein.ts";
import type { ColumnComparison, Statistic } from "../../../shared/model/shift.ts";
import { openData } from "../../support/open-data.ts";

type Pair = [number, number];
interface Sample {
  name: string;
  cvm: number | null;
  cvm_p: number | null;
  cvm_p_scipy: number | null;
  anderson: number | null;
  anderson_p: number | null;
  delta: number | null;
  delta_variance: number | null;
  delta_interval: Pair | null;
  d_interval: Pair | null;
  d_interval_noncentral: Pair | null;
}
interface Table {
  name: string;
  g: number;
  g_p: number;
  g_by_mutual_information: number;
  total_variation: number;
  hellinger: number;
  v_interval: Pair | null;
}
interface Column {
  folder: string;
  before: string;
  after: string;
  column: string;
  n: number;
  m: number;
}
interface NumberColumn extends Column {
  ks: number;
  ks_p: number;
  cvm: number;
  cvm_p: number;
  anderson: number;
  anderson_p: number;
  delta: number;
  cohens_d: number;
  d_interval: Pair;
  wasserstein: number;
  evidently_wasserstein: number;
  evidently_jensen_shannon: number;
  evidently_psi: number;
  evidently_edges: number[] | null;
  nannyml_wasserstein: number;
  nannyml_jensen_shannon: number;
  nannyml_hellinger: number;
  nannyml_edges: number[];
}
interface CategoryColumn extends Column {
  chi2: number;
  chi2_p: number;
  g: number;
  g_p: number;
  v: number;
  evidently_jensen_shannon: number;
  evidently_psi: number;
  some_empty: boolean;
  nannyml_jensen_shannon: number;
  nannyml_hellinger: number;
}
interface Reference {
  samples: Sample[];
  tables: Table[];
  numbers: NumberColumn[];
  categories: CategoryColumn[];
  chi2_isf: [number, number, number][];
  ncx2_cdf: [number, number, number, number][];
  anderson_large: { n: number; m: number; anderson: number; anderson_p: number; cvm: number }[];
}
interface Known {
  pairs: {
    name: string;
    a: (number | string)[];
    b: (number | string)[];
    cohens_d?: number | null;
  }[];
  tables: { name: string; b: number[]; i: number[] }[];
}

function load(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`reference/${name}`, import.meta.url), "utf8"));
}
/** Samples and tables, and what SciPy, scikit-learn, Evidently and NannyML answer about them. */
const known = load("reference.json") as Known;
const reference = load("distribution-reference.json") as Reference;

function array(values: readonly (number | string)[]): Float64Array {
  return Float64Array.from(values, (v) =>
    v === "inf" ? Infinity : v === "-inf" ? -Infinity : Number(v),
  );
}

/** Equal to 1e-9, relative above 1. */
function close(actual: number | null | undefined, expected: number, tolerance = 1e-9): void {
  const error = Math.abs((actual ?? NaN) - expected) / Math.max(1, Math.abs(expected));
  expect(error, `${String(actual)} instead of ${String(expected)}`).toBeLessThanOrEqual(tolerance);
}
function closeInterval(actual: Interval | null, [low, high]: Pair, tolerance = 1e-9): void {
  close(actual?.low, low, tolerance);
  close(actual?.high, high, tolerance);
}

describe.each(reference.samples)("$name", (expected) => {
  const pair = known.pairs.find((p) => p.name === expected.name);
  const a = array(pair?.a ?? []);
  const b = array(pair?.b ?? []);
  const merged = mergeSamples(a, b);
  const [n, m] = [a.length, b.length];
  test("one merge agrees with one pass for each statistic", () => {
    close(merged?.ks, kolmogorovSmirnov(a, b)?.statistic ?? NaN);
    close(merged?.delta, cliffsDelta(a, b));
    expect(merged?.distinctBaseline).toBe(new Set(a).size);
    expect(merged?.distinctIncident).toBe(new Set(b).size);
    if (a.every(Number.isFinite) && b.every(Number.isFinite)) {
      close(merged?.wasserstein, wasserstein(a, b));
    } else {
      expect(Number.isFinite(merged?.wasserstein)).toBe(false);
    }
  });
  test("Cramér-von Mises", () => {
    if (expected.cvm === null) return;
    close(merged?.cramerVonMises, expected.cvm);
    close(cramerVonMisesP(expected.cvm, n, m), expected.cvm_p ?? NaN);
    close(cramerVonMisesP(expected.cvm, n, m), expected.cvm_p_scipy ?? NaN, 1e-7);
  });
  test("Anderson-Darling", () => {
    const result = andersonDarling(merged?.andersonDarling ?? null, n, m);
    if (expected.anderson === null) {
      expect(result).toBeNull();
    } else {
      close(result?.statistic, expected.anderson);
      close(result?.p, expected.anderson_p ?? NaN);
      expect(result?.bound).toBe(
        expected.anderson_p === 0.25
          ? "at least"
          : expected.anderson_p === 0.001
            ? "at most"
            : null,
      );
    }
  });
  test("Cliff's delta: variance from all pairs, interval", () => {
    if (expected.delta === null || expected.delta_interval === null) return;
    close(merged?.delta, expected.delta);
    close(merged?.deltaVariance, expected.delta_variance ?? NaN);
    const interval = cliffsDeltaInterval(expected.delta, expected.delta_variance ?? NaN, n, m);
    closeInterval(interval, expected.delta_interval);
  });
  test("Cohen's d: interval, close to the one by the noncentral t distribution", () => {
    if (expected.d_interval === null) return;
    const interval = cohensDInterval(pair?.cohens_d ?? NaN, n, m);
    closeInterval(interval, expected.d_interval);
    if (expected.d_interval_noncentral !== null) {
      const width = expected.d_interval[1] - expected.d_interval[0];
      closeInterval(interval, expected.d_interval_noncentral, 0.02 * width);
    }
  });
});

describe.each(reference.tables)("contingency table: $name", (expected) => {
  const table = known.tables.find((t) => t.name === expected.name);
  const b = table?.b ?? [];
  const i = table?.i ?? [];
  test("G-test, total variation, Hellinger distance", () => {
    const result = chiSquared(b, i);
    close(result?.g, expected.g);
    close(result?.g, expected.g_by_mutual_information);
    close(result?.gP, expected.g_p);
    close(totalVariation(b, i), expected.total_variation);
    close(hellinger(b, i), expected.hellinger);
  });
  test("interval of Cramér's V", () => {
    const result = chiSquared(b, i);
    if (expected.v_interval === null || result === null) return;
    const total = [...b, ...i].reduce((s, c) => s + c, 0);
    const interval = cramersVInterval(result.statistic, result.degrees, total);
    closeInterval(interval, expected.v_interval, 1e-8);
    expect(interval?.low).toBeLessThanOrEqual(result.cramersVCorrected + 0.02);
    expect(interval?.high).toBeGreaterThanOrEqual(result.cramersVCorrected - 1e-9);
  });
});

describe("functions behind p-values", () => {
  test.each(reference.chi2_isf)("chi-squared exceeded with %f, %d degrees", (p, k, expected) => {
    close(chiSquaredIsf(p, k), expected);
  });
  test.each(reference.ncx2_cdf)(
    "noncentral chi-squared at %f, %d, %f",
    (x, k, lambda, expected) => {
      close(noncentralChiSquaredCdf(x, k, lambda), expected, lambda > 10_000 ? 1e-4 : 1e-9);
    },
  );
  test.each(reference.anderson_large)("$n and $m rows: the variance in closed form", (large) => {
    const sequence = (count: number, step: number, prime: number, more: number): Float64Array =>
      Float64Array.from(
        { length: count },
        (_, k) => (((k + 1) * step) % prime) / prime + more,
      ).sort();
    const a = sequence(large.n, 7919, 104_729, 0);
    const b = sequence(large.m, 6101, 104_723, 0.005);
    const merged = mergeSamples(a, b);
    const result = andersonDarling(merged?.andersonDarling ?? null, large.n, large.m);
    close(result?.statistic, large.anderson);
    close(result?.p, large.anderson_p);
    close(merged?.cramerVonMises, large.cvm);
  });
});

describe("PSI that chance explains", () => {
  test("p and critical value belong together, and shrink with the rows", () => {
    for (const rows of [50, 1000, 1_000_000]) {
      close(psiP(psiCritical(10, rows, 2 * rows), 10, rows, 2 * rows), 0.05);
    }
    expect(psiCritical(10, 100, 100)).toBeGreaterThan(0.25);
    expect(psiCritical(10, 1e6, 1e6)).toBeLessThan(0.0001);
    expect(psiP(0, 1, 10, 10)).toBe(1);
    expect(psiCritical(1, 10, 10)).toBe(0);
  });
  test("5 % of pairs of samples of one population exceed it", () => {
    let seed = 17;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const counts = (rows: number): number[] => {
      const out = new Array<number>(10).fill(0);
      for (let k = 0; k < rows; k++) {
        const at = Math.floor(random() * 10);
        out[at] = (out[at] ?? 0) + 1;
      }
      return out;
    };
    let over = 0;
    for (let k = 0; k < 1000; k++) {
      if (psiP(psiOfCounts(counts(400), counts(900)), 10, 400, 900) < 0.05) over++;
    }
    // Binomial: 50 ± 3·6.9.
    expect(over).toBeGreaterThan(29);
    expect(over).toBeLessThan(71);
  });
});

describe("nothing to tell apart", () => {
  test("empty samples, one value, one row", () => {
    const none = new Float64Array(0);
    expect(mergeSamples(none, Float64Array.of(1))).toBeNull();
    expect(mergeSamples(Float64Array.of(1), none)).toBeNull();
    const same = mergeSamples(Float64Array.of(5, 5, 5), Float64Array.of(5, 5));
    expect(same).toMatchObject({ ks: 0, delta: 0, wasserstein: 0, andersonDarling: null });
    expect(andersonDarling(1.2, 1, 2)).toBeNull();
    expect(cramerVonMisesP(0.1, 1, 1)).toBe(1);
    expect(cramerVonMisesP(0.1, 0, 1)).toBeNaN();
    expect(totalVariation([0], [1])).toBeNaN();
    expect(hellinger([1], [0])).toBeNaN();
    expect(cliffsDeltaInterval(0.5, 0.1, 1, 30)).toBeNull();
    expect(cohensDInterval(Infinity, 10, 10)).toBeNull();
    expect(cohensHInterval(0, 0, 10)).toBeNull();
    expect(cramersVInterval(0, 0, 10)).toBeNull();
  });
  test("far apart: intervals stay inside their range", () => {
    expect(cliffsDeltaInterval(1, 0, 20, 500)).toEqual({ low: expect.any(Number), high: 1 });
    expect(cliffsDeltaInterval(-1, 0, 20, 500)?.high).toBeLessThan(-0.5);
    expect(cohensHInterval(Math.PI, 10, 10)?.high).toBe(Math.PI);
    expect(cramersVInterval(1e6, 3, 1e6)).toEqual({ low: expect.any(Number), high: 1 });
    expect(cramersVInterval(1e6, 3, 1e6)?.low).toBeGreaterThan(0.99);
  });
});

/** Columns of a delimited file without quotes. */
function readCells(path: string, column: string): string[] {
  const [head = "", ...lines] = readFileSync(path, "utf8").trimEnd().split(/\r?\n/u);
  const at = head.split(",").indexOf(column);
  return lines.map((line) => line.split(",")[at] ?? "");
}
const PLACE = openData("B_ml_drift");

function cells(column: Column): [string[], string[]] {
  const read = (file: string): string[] =>
    readCells(`${PLACE ?? ""}/${column.folder}/${file}`, column.column).filter((v) => v !== "");
  return [read(column.before), read(column.after)];
}
function statistic(
  draft: Pick<ColumnComparison, "statistics">,
  name: string,
): Statistic | undefined {
  return draft.statistics.find((s) => s.name === name);
}

describe.skipIf(PLACE === null)("real columns", () => {
  test.each(reference.numbers)("$column, $before and $after", (expected) => {
    const [before, after] = cells(expected);
    const a = Float64Array.from(before, Number).sort();
    const b = Float64Array.from(after, Number).sort();
    const draft = compareNumeric(
      expected.column,
      { rows: a.length, sorted: a },
      { rows: b.length, sorted: b },
    );
    expect([a.length, b.length]).toEqual([expected.n, expected.m]);
    const value = (name: string): number | undefined => statistic(draft, name)?.value;
    close(value("ks"), expected.ks);
    close(statistic(draft, "ks")?.p, expected.ks_p);
    close(value("cramer_von_mises"), expected.cvm);
    close(statistic(draft, "cramer_von_mises")?.p, expected.cvm_p);
    close(value("anderson_darling"), expected.anderson);
    close(statistic(draft, "anderson_darling")?.p, expected.anderson_p);
    close(value("cliffs_delta"), expected.delta);
    const d = statistic(draft, "cohens_d");
    close(d?.value, expected.cohens_d);
    closeInterval({ low: d?.low ?? NaN, high: d?.high ?? NaN }, expected.d_interval);
    const sd = draft.baseline.sd ?? NaN;
    close(value("wasserstein_normed"), expected.wasserstein / sd);
    // NannyML leaves the distance in the column's unit, and estimates it from bins for 10,000 rows or more.
    const distance = (value("wasserstein_normed") ?? NaN) * sd;
    const estimated = expected.n >= 10_000;
    close(distance, expected.nannyml_wasserstein, estimated ? 0.002 : 1e-9);
    // Evidently divides by the population's deviation.
    const population = Math.max(sd * Math.sqrt((expected.n - 1) / expected.n), 0.001);
    close(distance / population, expected.evidently_wasserstein);
  });

  test.each(reference.numbers)(
    "$column over the bins of Evidently and NannyML, $before and $after",
    (expected) => {
      const [before, after] = cells(expected);
      const a = Float64Array.from(before, Number).sort();
      const b = Float64Array.from(after, Number).sort();
      if (expected.evidently_edges !== null) {
        const inner = expected.evidently_edges.slice(1, -1);
        const [p, q] = [countBetween(a, inner), countBetween(b, inner)];
        // Evidently takes natural logarithms.
        close(jensenShannon(p, q) * Math.sqrt(Math.LN2), expected.evidently_jensen_shannon);
      }
      // NannyML counts what lies outside the reference's range as one further bin.
      const edges = expected.nannyml_edges;
      const [low = NaN] = edges;
      const high = edges.at(-1) ?? NaN;
      const inside = b.filter((v) => v >= low && v <= high);
      const p = [...countBetween(a, edges.slice(1, -1)), 0];
      const q = [...countBetween(inside, edges.slice(1, -1)), b.length - inside.length];
      close(jensenShannon(p, q), expected.nannyml_jensen_shannon);
      close(hellinger(p, q), expected.nannyml_hellinger);
    },
  );

  test.each(reference.categories)("$column, $before and $after", (expected) => {
    const [before, after] = cells(expected);
    const names = [...new Set([...before, ...after])];
    const draft = compareCategories(expected.column, {
      baselineRows: before.length,
      incidentRows: after.length,
      categories: names.map((value) => ({
        value,
        baseline: before.filter((v) => v === value).length,
        incident: after.filter((v) => v === value).length,
      })),
      other: {
        categories: 0,
        inBaseline: 0,
        inIncident: 0,
        baseline: 0,
        incident: 0,
        onlyBaseline: 0,
        onlyIncident: 0,
      },
      singletons: 0,
      incidentSingletons: 0,
    });
    const value = (name: string): number | undefined => statistic(draft, name)?.value;
    close(value("chi_squared"), expected.chi2);
    close(statistic(draft, "chi_squared")?.p, expected.chi2_p);
    close(value("g_test"), expected.g);
    close(statistic(draft, "g_test")?.p, expected.g_p);
    close(value("cramers_v"), expected.v);
    close(value("jensen_shannon"), expected.nannyml_jensen_shannon);
    close(
      (value("jensen_shannon") ?? NaN) * Math.sqrt(Math.LN2),
      expected.evidently_jensen_shannon,
    );
    close(value("hellinger"), expected.nannyml_hellinger);
    // Evidently fills an empty share with another small number.
    if (!expected.some_empty) close(value("psi"), expected.evidently_psi);
  });
});

test("two values are a rate: 5 % against 12 % of 300 rows, which the KS test cannot tell", () => {
  const rate = (ones: number) => ({
    rows: 300,
    sorted: Float64Array.from({ length: 300 }, (_, i) => (i < 300 - ones ? 0 : 1)),
  });
  const draft = compareNumeric("clicked", rate(15), rate(36));
  const shift = draft.shifts.find((s) => s.kind === "distribution");
  expect(shift).toMatchObject({ measure: "cohens_h", query: "categorical" });
  // statsmodels.stats.proportion.proportion_effectsize(.12, .05); scipy.stats.chi2_contingency.
  expect(shift?.statistic.value).toBeCloseTo(0.2564564, 6);
  expect(shift?.statistic.p).toBeCloseTo(0.0021111025, 9);
  expect(shift?.sentence).toContain("`1` 5 % → 12 %");
  const ks = draft.statistics.find((s) => s.name === "ks");
  expect(ks?.p).toBeGreaterThan(0.4);
});
