import { describe, expect, test } from "vitest";
import { inferPartialReEncoding } from "../../../shared/analysis/partial-re-encoding.ts";
import type { CategoryCount } from "../../../shared/analysis/re-encoding.ts";

/** Rows per value: those of the baseline, and those of the incident. */
function categories(rows: Record<string, [number, number]>): CategoryCount[] {
  return Object.entries(rows).map(([value, [baseline, incident]]) => ({
    value,
    baseline,
    incident,
  }));
}
const infer = (rows: Record<string, [number, number]>) => {
  const list = categories(rows);
  const sum = (of: "baseline" | "incident") => list.reduce((s, c) => s + c[of], 0);
  return inferPartialReEncoding(list, sum("baseline"), sum("incident"));
};

describe("codes that a part of the rows changed", () => {
  test("every former value lost the same part to a new one", () => {
    const found = infer({
      F: [6000, 960],
      M: [3000, 480],
      X: [1000, 160],
      "0": [0, 5040],
      "1": [0, 2520],
      "2": [0, 840],
    });
    expect(found.map((c) => [c.from.join("+"), c.to]).sort()).toEqual([
      ["F", "0"],
      ["M", "1"],
      ["X", "2"],
    ]);
    for (const change of found) expect(change.part).toBeCloseTo(0.84, 2);
    expect(found.some((c) => c.ambiguous)).toBe(false);
  });

  test("one new value that took from one: shares that shift, no mapping", () => {
    expect(infer({ a: [5000, 3000], b: [5000, 5000], c: [0, 2000] })).toEqual([]);
  });

  test("different parts of the former values: no rollout", () => {
    expect(
      infer({ a: [5000, 500], b: [3000, 2000], c: [2000, 2000], d: [0, 4500], e: [0, 1000] }),
    ).toEqual([]);
  });

  test("new values that nothing made room for are not explained", () => {
    expect(
      infer({ a: [5000, 4000], b: [5000, 4000], c: [0, 1000], d: [0, 1000], e: [0, 3000] }),
    ).toEqual([]);
  });

  test("nothing new, or an empty window", () => {
    expect(infer({ a: [5000, 800], b: [5000, 9200] })).toEqual([]);
    expect(inferPartialReEncoding([], 0, 0)).toEqual([]);
  });
});
