import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { seededUniform } from "../../../../shared/analysis/model/intervals.ts";
import { componentValues } from "../../../../shared/analysis/multivariate/encoding.ts";
import {
  fitComponents,
  reconstructionErrors,
  type PrincipalComponents,
} from "../../../../shared/analysis/multivariate/principal-components.ts";
import { usualBand } from "../../../../shared/analysis/multivariate/reconstruction.ts";
import type { SampleColumn } from "../../../../shared/analysis/multivariate/sample.ts";
import { symmetricEigen } from "../../../../shared/analysis/multivariate/symmetric-eigen.ts";

interface Reference {
  columns: string[];
  reference: Record<string, (number | string | null)[]>;
  analysis: Record<string, (number | string | null)[]>;
  spearman: number[][];
  eigen: { values: number[]; vectors: number[][] };
  pca: {
    components: number[][];
    explained: number;
    reference_error: number[];
    analysis_error: number[];
  };
  nannyml: {
    chunk: number;
    reference: number[];
    analysis: number[];
    upper: number;
    lower: number;
  };
}
const reference = JSON.parse(
  readFileSync(new URL("reference/reference.json", import.meta.url), "utf8"),
) as Reference;

const BEFORE = reference.reference["MedInc"]?.length ?? 0;
const AFTER = reference.analysis["MedInc"]?.length ?? 0;
const places = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: to - from }, (_, k) => from + k);

/** A column of both parts, the reference first. */
function sampleColumn(name: string): SampleColumn {
  const values = [...(reference.reference[name] ?? []), ...(reference.analysis[name] ?? [])];
  const column = { name, type: "double" as const, role: "feature" as const };
  if (values.some((v) => typeof v === "string")) {
    const categories = [...new Set(values.filter((v) => typeof v === "string"))];
    const codes = Int32Array.from(values, (v) => categories.indexOf(String(v)));
    return { kind: "categorical", column, categories, codes };
  }
  return {
    kind: "numeric",
    column,
    values: Float64Array.from(values, (v) => (v === null ? NaN : Number(v))),
  };
}

function fitted(columns: readonly Float64Array[]): PrincipalComponents {
  const found = fitComponents(columns, places(0, BEFORE));
  if (found === null) throw new Error("no components");
  return found;
}

function mean(values: Float64Array): number {
  return values.reduce((s, v) => s + v, 0) / values.length;
}

test("eigenvalues and eigenvectors as NumPy", () => {
  const { values, vectors } = symmetricEigen(reference.spearman.map((r) => Float64Array.from(r)));
  reference.eigen.values.forEach((value, k) => {
    expect(values[k]).toBeCloseTo(value, 11);
    const other = reference.eigen.vectors[k] ?? [];
    const dot = other.reduce((s, x, j) => s + x * (vectors[k]?.[j] ?? 0), 0);
    expect(Math.abs(dot)).toBeCloseTo(1, 11);
  });
});

test("eigenvectors rebuild a matrix with equal and zero eigenvalues", () => {
  const matrix = [
    [2, 0, 0, 0],
    [0, 2, 0, 0],
    [0, 0, 1, 1],
    [0, 0, 1, 1],
  ].map((row) => Float64Array.from(row));
  const { values, vectors } = symmetricEigen(matrix);
  expect([...values].map((v) => Math.round(v * 1e12) / 1e12)).toEqual([2, 2, 2, 0]);
  matrix.forEach((row, i) => {
    row.forEach((x, j) => {
      const rebuilt = values.reduce(
        (s, v, k) => s + v * (vectors[k]?.[i] ?? 0) * (vectors[k]?.[j] ?? 0),
        0,
      );
      expect(rebuilt).toBeCloseTo(x, 12);
    });
  });
});

describe("components", () => {
  const columns = reference.columns.map((name) =>
    componentValues(sampleColumn(name), places(0, BEFORE)),
  );

  test("as scikit-learn's, up to sign", () => {
    const found = fitted(columns);
    expect(found.components).toHaveLength(reference.pca.components.length);
    expect(found.explained).toBeCloseTo(reference.pca.explained, 11);
    found.components.forEach((component, k) => {
      const other = reference.pca.components[k] ?? [];
      const dot = other.reduce((s, x, j) => s + x * (component[j] ?? 0), 0);
      expect(Math.abs(dot)).toBeCloseTo(1, 10);
    });
  });

  test("reconstruction errors row by row as scikit-learn", () => {
    const found = fitted(columns);
    const before = reconstructionErrors(columns, places(0, BEFORE), found);
    const after = reconstructionErrors(columns, places(BEFORE, BEFORE + AFTER), found);
    reference.pca.reference_error.forEach((e, k) => {
      expect(before[k]).toBeCloseTo(e, 9);
    });
    reference.pca.analysis_error.forEach((e, k) => {
      expect(after[k]).toBeCloseTo(e, 9);
    });
  });

  test("chunks and thresholds as NannyML, texts by frequency", () => {
    const all = [...reference.columns, "region", "age"].map((name) =>
      componentValues(sampleColumn(name), places(0, BEFORE)),
    );
    const found = fitted(all);
    const { chunk, reference: before, analysis, upper, lower } = reference.nannyml;
    const chunks = (from: number, count: number): number[] =>
      Array.from({ length: count }, (_, k) =>
        mean(reconstructionErrors(all, places(from + k * chunk, from + (k + 1) * chunk), found)),
      );
    const errors = chunks(0, before.length);
    errors.forEach((e, k) => {
      expect(e).toBeCloseTo(before[k] ?? NaN, 9);
    });
    chunks(BEFORE, analysis.length).forEach((e, k) => {
      expect(e).toBeCloseTo(analysis[k] ?? NaN, 9);
    });
    const band = usualBand(errors);
    expect(band.high).toBeCloseTo(upper, 9);
    expect(band.low).toBeCloseTo(lower, 9);
  });

  test("a constant column and one of gaps do no harm", () => {
    const uniform = seededUniform(3);
    const a = Float64Array.from({ length: 100 }, () => uniform());
    const found = fitComponents(
      [a, a.map((v) => 2 * v), a.map(() => 5), a.map(() => NaN)],
      places(0, 100),
    );
    expect(found?.components).toHaveLength(1);
    expect(found?.explained).toBeCloseTo(1, 12);
  });

  test("nothing without variance or with one column", () => {
    const same = new Float64Array(20).fill(4);
    expect(fitComponents([same, same], places(0, 20))).toBeNull();
    expect(fitComponents([same], places(0, 20))).toBeNull();
  });
});
