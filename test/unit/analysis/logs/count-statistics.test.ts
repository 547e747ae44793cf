import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  dispersionOf,
  largestPlacebo,
  logOddsRatio,
  overdispersedP,
  rateRatioInterval,
  spreadOf,
} from "../../../../shared/analysis/logs/count-statistics.ts";
import type { SparseCounts } from "../../../../shared/analysis/logs/unit-counts.ts";
import { rateChange, usualNovelty } from "../../../../shared/analysis/logs/unit-verdict.ts";
import { wilsonInterval } from "../../../../shared/analysis/logs/wilson.ts";

interface Reference {
  readonly ratio: { b: number; i: number; exposure: number; low: number; high: number | null }[];
  readonly wilson: { hits: number; n: number; low: number; high: number }[];
  readonly logOdds: { b: number; nb: number; i: number; ni: number; delta: number; z: number }[];
  readonly dispersion: { name: string; counts: number[]; value: number }[];
  readonly overdispersedP: { g: number; phi: number; p: number }[];
}
const reference = JSON.parse(
  readFileSync(join(import.meta.dirname, "reference/log-reference.json"), "utf8"),
) as Reference;

function sparse(counts: readonly number[]): SparseCounts {
  const places = counts.flatMap((c, k) => (c > 0 ? [k] : []));
  return { places, counts: places.map((k) => counts[k] ?? 0) };
}

describe("as SciPy, statsmodels and NumPy", () => {
  test.each(reference.ratio)(
    "interval of a ratio of rates: $b, $i",
    ({ b, i, exposure, low, high }) => {
      const found = rateRatioInterval(b, i, exposure);
      expect(found.low / (low || 1)).toBeCloseTo(low === 0 ? 0 : 1, 8);
      if (high === null) expect(found.high).toBe(Infinity);
      else expect(found.high / high).toBeCloseTo(1, 8);
    },
  );
  test.each(reference.wilson)("Wilson's interval: $hits of $n", ({ hits, n, low, high }) => {
    const found = wilsonInterval(hits, n);
    expect(found.low).toBeCloseTo(low, 12);
    expect(found.high).toBeCloseTo(high, 12);
  });
  test.each(reference.logOdds)("log-odds with a prior: $b, $i", ({ b, nb, i, ni, delta, z }) => {
    const found = logOddsRatio(b, nb, i, ni);
    expect(found.delta).toBeCloseTo(delta, 10);
    expect(found.z).toBeCloseTo(z, 10);
  });
  test.each(reference.dispersion)("dispersion: $name", ({ counts, value }) => {
    expect(dispersionOf(sparse(counts), counts.length)).toBeCloseTo(value, 10);
  });
  test.each(reference.overdispersedP)("p of G $g over $phi", ({ g, phi, p }) => {
    const found = overdispersedP(g, phi);
    expect(found / (p || 1)).toBeCloseTo(1, 9);
  });
});

test("the largest stretch of the baseline, in each direction", () => {
  const counts = sparse([...new Array<number>(70).fill(1), ...new Array<number>(10).fill(6)]);
  // The last eighth holds 60 lines, the others 10 each on average.
  expect(largestPlacebo(counts, 80, 8, true)).toBeCloseTo(60.5 / 10.5, 10);
  expect(largestPlacebo(counts, 80, 8, false)).toBeCloseTo((120 / 7 + 0.5) / 10.5, 10);
  expect(largestPlacebo(counts, 15, 8, true)).toBeNull();
});

test("an even stream is spread, a burst is not", () => {
  expect(spreadOf(sparse(new Array<number>(50).fill(2)), 50)).toBeCloseTo(0.8, 10);
  expect(spreadOf(sparse([...new Array<number>(49).fill(0), 90]), 50)).toBeCloseTo(0.02, 10);
});

describe("the verdict of a rate", () => {
  const steady = (n: number, each: number): SparseCounts => sparse(new Array<number>(n).fill(each));
  const change = (before: SparseCounts, after: SparseCounts, activity = 1, length = 60) => {
    const sum = (s: SparseCounts): number => s.counts.reduce((t, c) => t + c, 0);
    return rateChange(
      {
        ...{ baseline: sum(before), incident: sum(after) },
        ...{ baselineBuckets: before, incidentBuckets: after },
      },
      { baseline: length, incident: length },
      activity,
    );
  };
  const none = sparse([]);

  test("new lines through the incident are major, a few are nothing", () => {
    expect(change(none, steady(40, 1))).toMatchObject({ kind: "new", verdict: "major" });
    expect(change(none, steady(4, 1))).toMatchObject({ kind: "new", verdict: "none" });
  });
  test("many lines at once are one event", () => {
    expect(change(none, sparse([500]))).toMatchObject({ kind: "new", verdict: "none" });
  });
  test("four times as many are a level shift, or a burst where they come at once", () => {
    expect(change(steady(60, 3), steady(60, 15))).toMatchObject({
      ...{ kind: "level_shift", verdict: "major" },
    });
    const burst = sparse([...new Array<number>(50).fill(3), ...new Array<number>(10).fill(120)]);
    expect(change(steady(60, 3), burst)).toMatchObject({ kind: "burst", verdict: "major" });
  });
  test("what goes with its services is no change of the template", () => {
    expect(change(steady(60, 3), steady(60, 15), 5)).toMatchObject({
      ...{ kind: "steady", verdict: "none" },
    });
    expect(change(steady(60, 15), none, 0)).toMatchObject({ verdict: "none" });
    expect(change(steady(60, 15), none)).toMatchObject({ kind: "vanished", verdict: "major" });
  });
  test("what bursts in the baseline too is not major when it bursts again", () => {
    const quiet = new Array<number>(60).fill(0);
    const bursty = sparse(quiet.map((_, k) => (k % 20 === 0 ? 100 : 0)));
    const again = sparse(quiet.map((_, k) => (k % 4 === 0 ? 100 : 0)));
    expect(change(bursty, again).verdict).not.toBe("major");
    // The same counts in an even stream are.
    expect(change(steady(60, 5), steady(60, 25)).verdict).toBe("major");
  });
});

test("what comes and goes inside the baseline", () => {
  const units = [
    sparse([0, 0, 0, 0, 1, 1, 1, 1]),
    sparse([5, 5, 0, 0]),
    sparse([1, 0, 0, 0, 0, 1]),
  ];
  expect(usualNovelty(units, 8)).toEqual({ came: 4, went: 2 });
});
