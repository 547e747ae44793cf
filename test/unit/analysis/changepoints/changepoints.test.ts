import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  absoluteCost,
  lineCost,
  rankCost,
} from "../../../../shared/analysis/changepoints/costs.ts";
import { detectChangepoints } from "../../../../shared/analysis/changepoints/index.ts";
import {
  segmentSeries,
  type SegmentCost,
} from "../../../../shared/analysis/changepoints/segmentation.ts";
import { coveringOf, f1Of } from "../../../bench/changepoints/annotation-scores.ts";

interface Reference {
  readonly name: string;
  readonly model: "l1" | "rank" | "l2" | "linear";
  readonly penalty: number;
  readonly minLength: number;
  readonly columns: number[][];
  readonly costs: [number, number, number][];
  readonly changes: number[];
}

const REFERENCE = JSON.parse(
  readFileSync(new URL("reference/changepoint-reference.json", import.meta.url), "utf8"),
) as Reference[];

/** Infinite, what a line must save lets no line win (CostL2); nothing, every one (CostLinear). */
const COSTS = {
  l1: absoluteCost,
  rank: rankCost,
  l2: (columns: number[][]) => lineCost(columns, 1e9),
  linear: (columns: number[][]) => lineCost(columns, 0),
};

describe("costs and PELT against ruptures", () => {
  test.each(REFERENCE.map((r) => [`${r.name}, ${r.model}`, r] as const))("%s", (_, reference) => {
    const { model, columns, costs, penalty, minLength, changes } = reference;
    const cost = COSTS[model](columns);
    for (const [start, end, value] of costs) expect(cost.of(start, end)).toBeCloseTo(value, 6);
    expect(segmentSeries(cost, { penalty, minLength })).toEqual(changes);
  });
});

/** The best segmentation by trying every last segment, without pruning. */
function optimal(cost: SegmentCost, penalty: number, minLength: number): number {
  const best = new Array<number>(cost.length + 1).fill(Infinity);
  best[0] = -penalty;
  for (let end = minLength; end <= cost.length; end++) {
    for (let start = 0; start <= end - minLength; start++) {
      best[end] = Math.min(
        best[end] ?? Infinity,
        (best[start] ?? Infinity) + cost.of(start, end) + penalty,
      );
    }
  }
  return best[cost.length] ?? Infinity;
}

describe("PELT loses nothing by pruning: as good as all segmentations", () => {
  const kinds = {
    absolute: (values: number[]) => absoluteCost([values]),
    rank: (values: number[]) => rankCost([values]),
    // Not a sum of losses: a cut may raise it, which `slack` allows for.
    line: (values: number[]) => lineCost([values], 12),
  };
  test.each(Object.entries(kinds))("%s", (_, costOf) => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 6, maxLength: 40 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 4 }),
        (values, penalty, minLength) => {
          const cost = costOf(values);
          const edges = [0, ...segmentSeries(cost, { penalty, minLength }), values.length];
          const ends = edges.slice(1).map((end, k) => ({ start: edges[k] ?? 0, end }));
          const total = ends.reduce((sum, e) => sum + cost.of(e.start, e.end) + penalty, -penalty);
          expect(Math.min(...ends.map((e) => e.end - e.start))).toBeGreaterThanOrEqual(minLength);
          expect(total).toBeCloseTo(optimal(cost, penalty, minLength), 6);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Seeded noise in about [-1.7, 1.7] of variance 1. */
function noise(n: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 8) / 2 ** 24 - 0.5) * Math.sqrt(12);
  });
}
const times = (n: number) => Array.from({ length: n }, (_, i) => i * 60e6);
const found = (values: readonly (number | null)[]) =>
  detectChangepoints(times(values.length), values).changepoints;

describe("the front door", () => {
  test("a step: its place within its interval, its size, and no other", () => {
    const values = noise(300, 7).map((v, i) => v + (i >= 180 ? 3 : 0));
    const [change, ...more] = found(values);
    expect(more).toEqual([]);
    expect(change?.shape).toBe("step");
    expect(change?.first).toBeLessThanOrEqual(180);
    expect(change?.last).toBeGreaterThanOrEqual(180);
    expect((change?.last ?? 0) - (change?.first ?? 0)).toBeLessThan(12);
    expect(change?.size).toBeGreaterThan(2);
    expect(change?.probability).toBeGreaterThan(0.99);
  });

  test("what begins to grow is a ramp from there", () => {
    const values = noise(300, 5).map((v, i) => v + Math.max(0, i - 150) * 0.12);
    const [change] = found(values);
    expect(change?.shape).toBe("ramp");
    expect(Math.abs((change?.index ?? 0) - 150)).toBeLessThan(25);
  });

  test("missing values are passed over, and places stay those of the series", () => {
    const values = noise(300, 9).map((v, i) => (i % 3 === 0 ? null : v + (i >= 180 ? 5 : 0)));
    const [change, ...more] = found(values);
    expect(more).toEqual([]);
    expect(Math.abs((change?.index ?? 0) - 180)).toBeLessThan(4);
  });

  test("a daily season is removed: alone it is no change, under it a step is found", () => {
    const wave = (i: number) => 8 * Math.sin((2 * Math.PI * i) / 24);
    const hourly = (values: readonly number[]) =>
      detectChangepoints(
        values.map((_, i) => i * 3600e6),
        values,
      );
    const base = noise(24 * 20, 3).map((v, i) => v + wave(i));
    const calm = hourly(base);
    expect(calm.changepoints).toEqual([]);
    expect(calm.season[0]).not.toBeNull();
    const broken = hourly(base.map((v, i) => v + (i >= 300 ? 4 : 0))).changepoints;
    expect(broken).toHaveLength(1);
    expect(Math.abs((broken[0]?.index ?? 0) - 300)).toBeLessThan(8);
  });

  test("two columns are cut together", () => {
    const [a, b] = [noise(200, 1), noise(200, 2)];
    const rows = a.map((v, i) => [v + (i >= 100 ? 2 : 0), (b[i] ?? 0) - (i >= 100 ? 2 : 0)]);
    const { changepoints } = detectChangepoints(times(200), rows);
    expect(changepoints).toHaveLength(1);
    expect(Math.abs((changepoints[0]?.index ?? 0) - 100)).toBeLessThan(4);
  });

  test("noise alone is cut in fewer than one of twenty series, an outlier is none", () => {
    const cut = Array.from({ length: 60 }, (_, k) => found(noise(200, k + 1)).length > 0);
    expect(cut.filter(Boolean).length).toBeLessThanOrEqual(3);
    expect(found(noise(200, 4).map((v, i) => (i === 90 ? 60 : v)))).toEqual([]);
  });

  test("what goes along one line has no change", () => {
    expect(found(noise(300, 8).map((v, i) => v + i * 0.05))).toEqual([]);
    expect(found(Array.from({ length: 100 }, (_, i) => i))).toEqual([]);
  });

  test("counts: a rate that goes from 1 to 4", () => {
    // Sums of eight coins: whole, not negative, of small mean.
    const coins = Array.from({ length: 8 }, (_, k) => noise(240, 20 + k));
    const count = (i: number, threshold: number) =>
      coins.filter((c) => (c[i] ?? 0) > threshold).length;
    const values = Array.from({ length: 240 }, (_, i) => count(i, i >= 150 ? 0 : 1.3));
    const changes = found(values);
    expect(changes).toHaveLength(1);
    expect(changes[0]?.first).toBeLessThanOrEqual(150);
    expect(changes[0]?.last).toBeGreaterThanOrEqual(150);
  });

  test("two values only: a switch is a change, to and fro is none", () => {
    const switched = found(Array.from({ length: 80 }, (_, i) => (i >= 50 ? 1 : 0)));
    expect(switched.map((c) => [c.index, c.first, c.last])).toEqual([[50, 50, 50]]);
    expect(found(Array.from({ length: 80 }, (_, i) => i % 2))).toEqual([]);
  });

  test("bursts that come and go all the time are the noise of a series", () => {
    const bursts = noise(1000, 2).map((v, i) => v + (i % 40 < 8 ? 50 : 0));
    expect(found(bursts)).toEqual([]);
    const louder = bursts.map((v, i) => v + (i >= 600 ? 60 : 0));
    expect(found(louder).map((c) => c.shape)).toEqual(["step"]);
    // A burst or two is an incident: its beginning and its end.
    const [begins, ends] = [500, 540].map((b) => (i: number) => i >= b);
    const once = noise(1000, 2).map((v, i) => v + (begins?.(i) && !ends?.(i) ? 50 : 0));
    expect(found(once).map((c) => c.index)).toEqual([500, 540]);
  });

  test("next to nothing gives nothing", () => {
    const odd = [Number.NaN, Infinity, null] as (number | null)[];
    for (const values of [[], [1], [1, 2], odd, new Array<number>(50).fill(3)]) {
      expect(found(values)).toEqual([]);
      expect(
        detectChangepoints(times(values.length), values, { method: "online" }).changepoints,
      ).toEqual([]);
    }
  });
});

describe("scores against people's marks", () => {
  // Ten points; one person marks 4, the other nothing.
  const people = { a: [4], b: [] };
  test("covering, by hand", () => {
    // a: 4/10 * (4/4) + 6/10 * (6/6) = 1; b: best Jaccard of [0, 10) is 6/10.
    expect(coveringOf(people, [4], 10)).toBeCloseTo((1 + 0.6) / 2, 12);
    // No change: a: 4/10 * 4/10 + 6/10 * 6/10 = 0.52; b: 1.
    expect(coveringOf(people, [], 10)).toBeCloseTo((0.52 + 1) / 2, 12);
  });
  test("F1, by hand: index 0 counts for all, a mark is met once", () => {
    // Precision 2/2; recall (2/2 + 1/1) / 2.
    expect(f1Of(people, [4], 1)).toBeCloseTo(1, 12);
    // Found 0, 8: precision 1/2, recall (1/2 + 1) / 2 = 3/4.
    expect(f1Of(people, [8], 1)).toBeCloseTo((2 * 0.5 * 0.75) / 1.25, 12);
    // Both 3 and 5 lie near 4: one is too many. Precision 2/3, recall 1.
    expect(f1Of({ a: [4] }, [3, 5], 1)).toBeCloseTo((2 * (2 / 3)) / (5 / 3), 12);
  });
});
