import fc from "fast-check";
import { expect, test } from "vitest";
import { estimateQuantile } from "../../../shared/importers/otlp/exponential-quantiles.ts";

/** An exponential histogram of values, made as the data model of OpenTelemetry says. */
function histogramOf(
  values: readonly number[],
  scale: number,
): Parameters<typeof estimateQuantile>[0] {
  const index = (v: number): number => Math.ceil(Math.log2(Math.abs(v)) * 2 ** scale) - 1;
  const buckets = (of: readonly number[]): { offset: number; counts: number[] } => {
    const indices = of.map(index);
    if (indices.length === 0) return { offset: 0, counts: [] };
    const offset = Math.min(...indices);
    const counts = Array.from({ length: Math.max(...indices) - offset + 1 }, () => 0);
    for (const i of indices) counts[i - offset] = (counts[i - offset] ?? 0) + 1;
    return { offset, counts };
  };
  return {
    scale,
    zeroCount: values.filter((v) => v === 0).length,
    positive: buckets(values.filter((v) => v > 0)),
    negative: buckets(values.filter((v) => v < 0)),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

test("an estimate is as near to the value of its rank as the buckets are wide", () => {
  const value = fc.oneof(
    fc.double({ min: 0.001, max: 1e6, noNaN: true }),
    fc.double({ min: -1e4, max: -0.01, noNaN: true }),
    fc.constant(0),
  );
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 200 }),
      fc.integer({ min: -1, max: 6 }),
      fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1),
      (values, scale, q) => {
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(q * sorted.length - 1e-9) - 1)] ?? 0;
        const estimate = estimateQuantile(histogramOf(values, scale), q) ?? NaN;
        const width = 2 ** (2 ** -scale) - 1;
        expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(
          width * Math.max(Math.abs(exact), Math.abs(estimate)) + 1e-9,
        );
      },
    ),
    { numRuns: 500 },
  );
});

test("an empty histogram has no quantiles", () => {
  const empty = { offset: 0, counts: [] };
  expect(
    estimateQuantile(
      { scale: 0, zeroCount: 0, positive: empty, negative: empty, min: null, max: null },
      0.5,
    ),
  ).toBeNull();
});
