import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { seededUniform } from "../../../../shared/analysis/model/intervals.ts";
import {
  correlation,
  correlationMatrixDistance,
  correlationRatio,
  cramersVOfCodes,
  fisherDifference,
  meanRanks,
} from "../../../../shared/analysis/multivariate/association.ts";
import { normalTwoSidedP } from "../../../../shared/analysis/statistics/special-functions.ts";

interface Reference {
  columns: string[];
  complete: string[];
  reference: Record<string, (number | string | null)[]>;
  analysis: Record<string, (number | string | null)[]>;
  pearson: number[][];
  spearman: number[][];
  distance: number;
  fisher: { r: [number, number]; n: [number, number]; z: number; p: number };
  cramers_v: number;
  cramers_v_uncorrected: number;
  epsilon: number;
}
const reference = JSON.parse(
  readFileSync(new URL("reference/reference.json", import.meta.url), "utf8"),
) as Reference;

function numbers(part: "reference" | "analysis", name: string): Float64Array {
  return Float64Array.from(reference[part][name] ?? [], (v) => (v === null ? NaN : Number(v)));
}

function codes(name: string): Int32Array {
  const values = reference.reference[name] ?? [];
  const known = [...new Set(values)];
  return Int32Array.from(values, (v) => known.indexOf(v));
}

function matrixOf(part: "reference" | "analysis"): (number | null)[][] {
  const ranks = reference.complete.map((c) => meanRanks(numbers(part, c)));
  return ranks.map((x) => ranks.map((y) => correlation(x, y)?.value ?? null));
}

describe("against references", () => {
  test("Pearson's correlation with missing values as pandas", () => {
    reference.columns.forEach((a, i) => {
      reference.columns.forEach((b, j) => {
        const found = correlation(numbers("reference", a), numbers("reference", b));
        expect(found?.value, `${a}, ${b}`).toBeCloseTo(reference.pearson[i]?.[j] ?? NaN, 10);
      });
    });
  });

  test("Spearman's correlation as SciPy", () => {
    const matrix = matrixOf("reference");
    reference.spearman.forEach((row, i) => {
      row.forEach((r, j) => {
        expect(matrix[i]?.[j]).toBeCloseTo(r, 11);
      });
    });
  });

  test("correlation matrix distance by its definition", () => {
    expect(correlationMatrixDistance(matrixOf("reference"), matrixOf("analysis"))).toBeCloseTo(
      reference.distance,
      11,
    );
  });

  test("Fisher's z test", () => {
    const { r, n, z, p } = reference.fisher;
    const found = fisherDifference({ value: r[0], rows: n[0] }, { value: r[1], rows: n[1] });
    expect(found.z).toBeCloseTo(z, 11);
    expect(normalTwoSidedP(found.z)).toBeCloseTo(p, 11);
  });

  test("Cramér's V as Bergsma corrects SciPy's, below the uncorrected one", () => {
    const found = cramersVOfCodes(codes("region"), codes("age"));
    expect(found?.value).toBeCloseTo(reference.cramers_v, 11);
    expect(found?.value).toBeLessThan(reference.cramers_v_uncorrected);
  });

  test("correlation ratio of ranks as the effect size of SciPy's Kruskal-Wallis test", () => {
    const ranks = meanRanks(numbers("reference", "MedInc"));
    expect(correlationRatio(codes("region"), ranks)?.value).toBeCloseTo(reference.epsilon, 9);
  });
});

describe("edges", () => {
  const n = 40;
  const line = Float64Array.from({ length: n }, (_, k) => k);

  test("ranks share ties, keep gaps, and order infinities", () => {
    expect([...meanRanks(Float64Array.of(3, NaN, 1, 3, Infinity, -Infinity))]).toEqual([
      3.5,
      NaN,
      2,
      3.5,
      5,
      1,
    ]);
  });

  test("a perfect relation is 1, its mirror -1", () => {
    expect(correlation(line, line)?.value).toBe(1);
    expect(
      correlation(
        line,
        line.map((v) => -v),
      )?.value,
    ).toBe(-1);
  });

  test.each([
    ["constant", line.map(() => 7)],
    ["constant far from zero", line.map(() => 1e9 + 0.1)],
    ["all missing", line.map(() => NaN)],
    ["nine values only", line.map((v) => (v < 9 ? v : NaN))],
  ])("no correlation with a column that is %s", (_, other) => {
    expect(correlation(line, other)).toBeNull();
  });

  test("large offsets do not cost digits", () => {
    const uniform = seededUniform(1);
    const a = line.map(() => uniform());
    const b = line.map((_, k) => (a[k] ?? 0) + uniform());
    const near = correlation(a, b)?.value ?? NaN;
    const far = correlation(
      a.map((v) => v + 1e8),
      b.map((v) => v - 1e8),
    );
    expect(far?.value).toBeCloseTo(near, 6);
  });

  test("groups without effect have an association near 0, not above it by chance alone", () => {
    const uniform = seededUniform(2);
    const x = Int32Array.from({ length: 500 }, () => Math.floor(uniform() * 8));
    const y = Int32Array.from({ length: 500 }, () => Math.floor(uniform() * 8));
    const values = Float64Array.from({ length: 500 }, () => uniform());
    expect(cramersVOfCodes(x, y)?.value).toBeLessThan(0.08);
    expect(correlationRatio(x, values)?.value).toBeLessThan(0.12);
    expect(cramersVOfCodes(x, x)?.value).toBe(1);
  });

  test("no association with one group", () => {
    const one = new Int32Array(n);
    expect(cramersVOfCodes(one, Int32Array.from(line))).toBeNull();
    expect(correlationRatio(one, line)).toBeNull();
  });

  test("distance of matrices: 0 for equal ones and for what both lack", () => {
    const a = [
      [1, 0.5, null],
      [0.5, 1, 0.2],
      [null, 0.2, 1],
    ];
    expect(correlationMatrixDistance(a, a)).toBeCloseTo(0, 15);
    expect(correlationMatrixDistance([[null]], [[1]])).toBeNull();
  });
});
