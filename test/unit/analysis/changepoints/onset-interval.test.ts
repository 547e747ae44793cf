import { describe, expect, test } from "vitest";
import { onsetInterval } from "../../../../shared/analysis/changepoints/onset-interval.ts";

/** Normal noise of variance 1, seeded; with `memory`, an AR(1) of that coefficient. */
function noise(n: number, seed: number, memory = 0): number[] {
  let state = seed * 7919 + 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
  for (let i = 0; i < 20; i++) uniform();
  let last = 0;
  return Array.from({ length: n }, () => {
    const z = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    last = memory * last + Math.sqrt(1 - memory ** 2) * z;
    return last;
  });
}

const LENGTH = 120;
const boundary = (change: number) => ({ start: 0, change, end: LENGTH });

/** Share of 400 series whose true place lies in the interval, the median width, and of steps. */
function coverage(
  truth: number,
  course: (i: number) => number,
  { memory = 0, variance = 1 }: { memory?: number; variance?: number } = {},
): { share: number; width: number; steps: number } {
  const all = Array.from({ length: 400 }, (_, k) => {
    const values = noise(LENGTH, k + 1, memory).map((v, i) => v + course(i));
    return onsetInterval([values], boundary(truth), { variance: [variance] });
  });
  const widths = all.map(({ first, last }) => last - first + 1).sort((a, b) => a - b);
  const inside = all.filter(({ first, last }) => first <= truth && truth <= last);
  return {
    share: inside.length / all.length,
    width: widths[200] ?? 0,
    steps: all.filter(({ shape }) => shape === "step").length / all.length,
  };
}

describe("the interval holds the true place as often as it says", () => {
  const step = (size: number) => (i: number) => (i >= 70 ? size : 0);
  test.each([1, 1.5, 2, 3])("a step of %s deviations", (size) => {
    const { share, width, steps } = coverage(70, step(size));
    expect(steps).toBeGreaterThan(0.9);
    expect(share).toBeGreaterThan(0.93);
    // 95 % of places lie within about 12 / size² points on either side (Hinkley 1970).
    expect(width).toBeLessThan(30 / size ** 2 + 2);
  });
  test("a step in noise with memory, judged by the long-run variance", () => {
    const memory = 0.6;
    const variance = (1 + memory) / (1 - memory);
    expect(coverage(70, step(1.5), { memory, variance }).share).toBeGreaterThan(0.9);
    // Taken for independent, the same noise makes the interval too narrow.
    expect(coverage(70, step(1.5), { memory }).share).toBeLessThan(0.85);
  });
  test("a course that begins to grow", () => {
    const { share, width, steps } = coverage(70, (i) => Math.max(0, i - 69) * 0.15);
    expect(steps).toBeLessThan(0.1);
    expect(share).toBeGreaterThan(0.9);
    expect(width).toBeLessThan(40);
  });
});

test("columns that change together narrow the interval", () => {
  const [a, b] = [noise(LENGTH, 3), noise(LENGTH, 4)].map((c) =>
    c.map((v, i) => v + (i >= 70 ? 1.5 : 0)),
  );
  const width = (columns: number[][]) => {
    const { first, last } = onsetInterval(columns, boundary(70), {
      variance: columns.map(() => 1),
    });
    return last - first;
  };
  expect(width([a ?? [], b ?? []])).toBeLessThan(Math.max(width([a ?? []]), width([b ?? []])));
});

test("without noise the place is certain", () => {
  const values = Array.from({ length: LENGTH }, (_, i) => (i >= 33 ? 7 : 2));
  expect(onsetInterval([values], boundary(35))).toEqual({
    ...{ index: 33, first: 33, last: 33, shape: "step" },
  });
});

test("segments too short for a place keep the one that was found", () => {
  const found = onsetInterval([[1, 2, 3]], { start: 0, change: 1, end: 3 }, { margin: 2 });
  expect(found).toEqual({ index: 1, first: 1, last: 1, shape: "step" });
});
