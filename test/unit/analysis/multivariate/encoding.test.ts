import { expect, test } from "vitest";
import { crossValidatedDomain } from "../../../../shared/analysis/model/boosted-trees.ts";
import { seededUniform } from "../../../../shared/analysis/model/intervals.ts";
import { rocAuc } from "../../../../shared/analysis/model/ranking-areas.ts";
import { histogramOfRows } from "../../../../shared/analysis/model/score-histogram.ts";
import {
  separationAlone,
  shuffledPlaces,
  treeCodes,
} from "../../../../shared/analysis/multivariate/encoding.ts";
import type { SampleColumn } from "../../../../shared/analysis/multivariate/sample.ts";

const N = 2_000;
const DOMAIN = Uint8Array.from({ length: N }, (_, k) => (k < N / 2 ? 0 : 1));
const ROWS = Int32Array.from({ length: N }, (_, k) => k);

function numeric(values: Float64Array): SampleColumn {
  return { kind: "numeric", column: { name: "x", type: "double", role: "feature" }, values };
}

test("alone: nothing is ½, everything is 1, half an overlap lies between", () => {
  const uniform = seededUniform(5);
  const noise = Float64Array.from({ length: N }, () => uniform());
  const of = (values: Float64Array): number =>
    separationAlone(treeCodes(numeric(values)), ROWS, DOMAIN);
  expect(of(noise)).toBeGreaterThan(0.46);
  expect(of(noise)).toBeLessThan(0.54);
  expect(of(noise.map((v, k) => v + 2 * (DOMAIN[k] ?? 0)))).toBeGreaterThan(0.999);
  // P(U + ½ > U') = 7/8.
  expect(of(noise.map((v, k) => v + (DOMAIN[k] ?? 0) / 2))).toBeCloseTo(0.875, 1);
});

test("alone: few rows in many codes do not look like a difference", () => {
  const uniform = seededUniform(6);
  let sum = 0;
  for (let k = 0; k < 50; k++) {
    const values = Float64Array.from({ length: 60 }, () => uniform());
    const domain = Uint8Array.from({ length: 60 }, (_, i) => i % 2);
    const rows = shuffledPlaces(ROWS.slice(0, 60), uniform);
    sum += separationAlone(
      treeCodes(numeric(values)),
      rows,
      Uint8Array.from(rows, (r) => domain[r] ?? 0),
    );
  }
  expect(Math.abs(sum / 50 - 0.5)).toBeLessThan(0.05);
});

test("rare categories share a code, missing ones have their own", () => {
  const column: SampleColumn = {
    kind: "categorical",
    column: { name: "c", type: "varchar", role: "feature" },
    categories: Array.from({ length: 50 }, (_, k) => String(k)),
    codes: Int32Array.of(0, 30, 31, 49, -1),
  };
  expect([...treeCodes(column)]).toEqual([0, 30, 31, 31, 32]);
});

test("more folds judge each row by trees that did not see it, and shuffling takes a driver away", () => {
  const uniform = seededUniform(7);
  const order = shuffledPlaces(ROWS, uniform);
  const moved = Float64Array.from({ length: N }, (_, k) => uniform() + 0.4 * (DOMAIN[k] ?? 0));
  const noise = Float64Array.from({ length: N }, () => uniform());
  const pick = (values: Float64Array): Uint8Array =>
    treeCodes(numeric(Float64Array.from(order, (row) => values[row] ?? NaN)));
  const domain = Uint8Array.from(order, (row) => DOMAIN[row] ?? 0);
  const found = crossValidatedDomain([pick(noise), pick(moved)], domain, 5);
  const area = (scores: Float64Array): number =>
    rocAuc(
      histogramOfRows(
        Array.from(domain, (d) => d === 1),
        Array.from(scores),
      ),
    ) ?? NaN;
  // P(U + 0.4 > U') = 1 - 0.6² / 2 = 0.82.
  expect(area(found.scores)).toBeCloseTo(0.82, 1);
  expect(found.gain[1]).toBeGreaterThan(0.8);
  expect(area(found.shuffled(1, uniform))).toBeLessThan(0.56);
  expect(Math.abs(area(found.shuffled(0, uniform)) - area(found.scores))).toBeLessThan(0.02);
  // Pure noise stays near ½: no row is judged by trees that learnt it by heart.
  const blind = crossValidatedDomain([treeCodes(numeric(noise))], domain, 5);
  expect(Math.abs(area(blind.scores) - 0.5)).toBeLessThan(0.05);
});
