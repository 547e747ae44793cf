import { describe, expect, test } from "vitest";
import { ratesOf, shiftScore } from "../../../../shared/analysis/rca/shift-score.ts";

/** Between -1 and 1, the same in every run. */
const noise = (k: number): number => ((Math.imul(k + 1, 2654435761) >>> 0) / 2 ** 31 - 1) * 0.5;
const level = (n: number, at: number, from = 0) =>
  Array.from({ length: n }, (_, k) => at + noise(k + from));

describe("shiftScore", () => {
  test("is signed, and grows with the shift", () => {
    const baseline = level(200, 10);
    const up = shiftScore(baseline, level(10, 13, 200));
    const more = shiftScore(baseline, level(10, 16, 200));
    const down = shiftScore(baseline, level(10, 7, 200));
    expect(up?.score).toBeGreaterThan(1);
    expect(more?.score).toBeGreaterThan(1.5 * (up?.score ?? 0));
    expect(down?.score).toBeCloseTo(-(up?.score ?? 0), 0);
    expect(Math.abs(shiftScore(baseline, level(10, 10, 200))?.score ?? 9)).toBeLessThan(0.5);
  });

  test("a series that rests is no suspect for a hair's breadth, nor for one more of a rare event", () => {
    const still = new Array<number>(100).fill(50);
    expect(Math.abs(shiftScore(still, [50.5, 50.5, 50.5])?.score ?? 9)).toBeLessThan(0.2);
    const rare = Array.from({ length: 100 }, (_, k) => (k % 20 === 0 ? 1 : 0));
    expect(Math.abs(shiftScore(rare, [1, 1, 1])?.score ?? 9)).toBeLessThan(2);
  });

  test("what windows inside the baseline do as well counts less", () => {
    const jumpy = Array.from({ length: 400 }, (_, k) => (k % 40 < 10 ? 20 : 10) + noise(k));
    const calm = level(400, 10);
    const after = level(10, 20, 400);
    const usual = shiftScore(jumpy, after);
    expect(usual?.usual).toBeGreaterThan(1);
    expect(usual?.score).toBeLessThan(0.3 * (shiftScore(calm, after)?.score ?? 0));
  });

  test("too few points tell nothing", () => {
    expect(shiftScore(level(9, 1), [5])).toBeNull();
    expect(shiftScore(level(10, 1), [])).toBeNull();
  });
});

describe("ratesOf", () => {
  test("counters become steps, a restart counts from zero", () => {
    const steady = Array.from({ length: 20 }, (_, k) => 100 + 5 * k);
    const restarted = [...steady, 3, 8];
    expect(ratesOf("http_requests_total", restarted)).toEqual([
      ...new Array<number>(19).fill(5),
      3,
      5,
    ]);
  });

  test("other series stay, and those that fall often in spite of their name", () => {
    const values = level(20, 5);
    expect(ratesOf("cpu_usage", values)).toBe(values);
    expect(ratesOf("row_count", values)).toBe(values);
  });
});
