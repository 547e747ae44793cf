import { describe, expect, test } from "vitest";
import { compareParameter, quantile } from "../../../../shared/analysis/logs/parameter-drift.ts";
import {
  fieldValues,
  type ParameterSample,
  type ParameterValues,
} from "../../../../shared/analysis/logs/parameter-sample.ts";
import { parseQuantity, unitBehind } from "../../../../shared/analysis/logs/quantity.ts";

test.each([
  ["12", 12, null],
  ["-3.5", -3.5, null],
  ["1,204", 1204, null],
  ["3.5e2", 350, null],
  ["250ms", 250, "ms"],
  ["1.5 s", 1500, "ms"],
  ["2 min", 120_000, "ms"],
  ["3 kB", 3072, "B"],
  ["97%", 97, "%"],
])("%s is a quantity", (text, value, unit) => {
  expect(parseQuantity(text)).toEqual({ value, unit });
});
test.each(["", "abc", "12 apples", "1.2.3.4", "0x1f", "2024-05-01", "ms", "-"])(
  "%s is none",
  (text) => {
    expect(parseQuantity(text)).toBeNull();
  },
);
test("the unit that stands behind a parameter", () => {
  expect(unitBehind(" ms for rail=")).toBe("ms");
  expect(unitBehind("s")).toBe("s");
  expect(unitBehind("% full")).toBe("%");
  expect(unitBehind(" candidates in ")).toBeNull();
  expect(unitBehind(" m over")).toBeNull();
});

test("fields: scalars by key, ids left out, what is no JSON skipped", () => {
  const found = fieldValues([
    '{"elapsed_ms":12,"trace_id":"x","deep":{"a":1}}',
    null,
    "{",
    '{"ok":true}',
  ]);
  expect(found.map((f) => [f.name, f.unit, f.values])).toEqual([
    ["field elapsed_ms", "ms", ["12", null, null, null]],
    ["field ok", null, [null, null, null, "true"]],
  ]);
});

describe("drift of a parameter", () => {
  const values = (list: readonly string[]): ParameterValues => ({
    ...{ name: "p", after: "took", unit: "ms", source: { kind: "message", index: 0 } },
    values: list,
  });
  const sample = (n: number): ParameterSample => ({
    ...{ lines: n, parameters: [] },
    times: Array.from({ length: n }, (_, k) => k * 1e6),
  });
  const compare = (before: readonly string[], after: readonly string[]) =>
    compareParameter(values(before), sample(before.length), values(after), sample(after.length));
  /** Spread evenly over 0 to 1 in an order without trend. */
  const mixed = (n: number): number[] => Array.from({ length: n }, (_, k) => (k * 0.618034) % 1);

  test("a latency that doubled is major, with median and 95 % point", () => {
    const found = compare(
      mixed(300).map((u) => (10 + 10 * u).toFixed(2)),
      mixed(200).map((u) => (20 + 20 * u).toFixed(2)),
    );
    expect(found).toMatchObject({ verdict: "major" });
    expect(found?.numeric?.baseline.median).toBeCloseTo(15, 0);
    expect(found?.numeric?.incident.p95).toBeCloseTo(39, 0);
    expect(found?.sentence).toContain("ms");
  });
  test("the same distribution is none", () => {
    expect(compare(mixed(300).map(String), mixed(250).map(String))?.verdict).toBe("none");
  });
  test("a counter moves always, so that it is no change", () => {
    const upTo = (from: number, n: number): string[] =>
      Array.from({ length: n }, (_, k) => String(from + k));
    const found = compare(upTo(0, 400), upTo(400, 400));
    expect(found?.numeric?.ks).toBe(1);
    expect(found?.verdict).toBe("none");
  });
  test("a narrow number that moved by little is not major", () => {
    const found = compare(
      mixed(300).map((u) => (1000 + u).toFixed(3)),
      mixed(300).map((u) => (1002 + u).toFixed(3)),
    );
    expect(found?.numeric?.ks).toBe(1);
    expect(found?.verdict).toBe("minor");
  });
  test("a host that is newly dominant", () => {
    const found = compare(
      mixed(300).map((u) => `db-${String(Math.floor(u * 4))}`),
      mixed(200).map((u) => (u < 0.8 ? "db-3" : "db-1")),
    );
    expect(found).toMatchObject({ verdict: "major", value: { value: "db-3" } });
  });
  test("the id of one long request comes often, but briefly", () => {
    const after = Array.from({ length: 200 }, (_, k) =>
      k >= 50 && k < 120 ? "r-77" : `r-${String(1000 + k)}`,
    );
    const found = compare(
      Array.from({ length: 300 }, (_, k) => `r-${String(k)}x`),
      after,
    );
    expect(found?.verdict).toBe("none");
  });
  test("too few values tell nothing", () => {
    expect(compare(mixed(300).map(String), mixed(19).map(String))).toBeNull();
  });
});

test("quantiles as numpy's", () => {
  const sorted = Float64Array.of(1, 2, 4, 8, 16);
  expect(quantile(sorted, 0.5)).toBe(4);
  expect(quantile(sorted, 0.95)).toBeCloseTo(14.4, 12);
});
