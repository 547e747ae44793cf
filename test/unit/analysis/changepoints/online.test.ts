import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { detectOnline, halfStep } from "../../../../shared/analysis/changepoints/online.ts";
import { logGamma } from "../../../../shared/analysis/statistics/special-functions.ts";

interface Reference {
  readonly name: string;
  readonly columns: number[][];
  readonly noise: number[];
  readonly expectedLength: number;
  readonly changes: number[];
  readonly probability: number[];
  readonly atOnce: number[];
}

const REFERENCE = JSON.parse(
  readFileSync(new URL("reference/online-reference.json", import.meta.url), "utf8"),
) as Reference[];

const sum = (values: Iterable<number>) => [...values].reduce((total, v) => total + v, 0);

describe("against sums over all segmentations", () => {
  test.each(REFERENCE.map((r) => [r.name, r] as const))("%s", (_, reference) => {
    const { columns, noise, expectedLength } = reference;
    const found = detectOnline(columns, { noise, expectedLength });
    expect(found.changes).toEqual(reference.changes);
    // Apart by what the truncation of run lengths drops: 1e-5 for each and point.
    for (const [i, p] of reference.probability.entries())
      expect(found.probability[i]).toBeCloseTo(p, 3);
    for (const [i, p] of reference.atOnce.entries()) expect(found.atOnce[i]).toBeCloseTo(p, 3);
  });
});

test("the gamma function's half step", () => {
  for (const x of [0.5, 1, 1.25, 3, 10, 123.5, 4000])
    expect(halfStep(x)).toBeCloseTo(logGamma(x + 0.5) - logGamma(x), 7);
});

test("a point that weighs less is less evidence", () => {
  const step = Array.from(
    { length: 60 },
    (_, i) => Math.sin(i * 12.9898) * 0.4 + (i < 30 ? -0.3 : 0.3),
  );
  const near = (weight: number) => sum(detectOnline([step], { weight }).probability.slice(28, 33));
  expect(near(1)).toBeGreaterThan(0.9);
  expect(near(0.1)).toBeLessThan(0.5 * near(1));
});

test("an empty series", () => {
  const { changes, probability, atOnce } = detectOnline([[]]);
  expect([changes, [...probability], [...atOnce]]).toEqual([[], [], []]);
});
