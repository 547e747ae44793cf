import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { partOf, middleLevel } from "../../../../shared/analysis/attribution/mix-rate.ts";
import {
  generalizedPotential,
  surprise,
  type Forecast,
} from "../../../../shared/analysis/attribution/potential.ts";
import {
  addPairs,
  changeOf,
  NO_ROWS,
  RATIO_SCALE,
  valueOf,
  valueVariance,
  type SumPair,
  type Sums,
} from "../../../../shared/analysis/attribution/segment-sums.ts";
import { simpsonParadox } from "../../../../shared/analysis/attribution/simpson.ts";
import { waterfallOf } from "../../../../shared/analysis/attribution/waterfall.ts";
import { seededUniform } from "../../../../shared/analysis/model/intervals.ts";

interface Reference {
  decompositions: {
    rows: [number[], number[]];
    hits: [number[], number[]];
    mix: number[];
    rate: number[];
    change: number;
  }[];
  proportions: { rows: [number, number]; hits: [number, number]; chi2: number }[];
  ratios: { x: number[]; d: number[]; value: number; variance: number }[];
  surprises: { expected: number[]; actual: number[]; surprise: number }[];
  potentials: { inside: [number, number][]; outside: [number, number][]; potential: number }[];
}

const reference = JSON.parse(
  readFileSync(new URL("reference/reference.json", import.meta.url), "utf8"),
) as Reference;

/** So many rows of which so many are 1. */
function share(n: number, hits: number): Sums {
  return { n, num: hits, den: n, nn: hits, nd: hits, dd: n };
}

function wholeOf(pairs: readonly SumPair[]) {
  const pair = addPairs(pairs);
  return { pair, scale: RATIO_SCALE, level: middleLevel(pair, RATIO_SCALE), inflation: 1 };
}

test("mix and rate are the Shapley value of shares and values", () => {
  for (const { rows, hits, mix, rate, change } of reference.decompositions) {
    const pairs = rows[0].map((n, k) => ({
      baseline: share(n, hits[0][k] ?? 0),
      incident: share(rows[1][k] ?? 0, hits[1][k] ?? 0),
    }));
    const parts = pairs.map((p) => partOf(p, wholeOf(pairs)));
    parts.forEach((part, k) => {
      expect(part.mix).toBeCloseTo(mix[k] ?? NaN, 12);
      expect(part.rate).toBeCloseTo(rate[k] ?? NaN, 12);
    });
    expect(Math.abs(parts.reduce((s, p) => s + p.total, 0) - change)).toBeLessThan(1e-12);
  }
});

test("the z² of a share is Pearson's chi-squared", () => {
  for (const { rows, hits, chi2 } of reference.proportions) {
    const c = changeOf(share(rows[0], hits[0]), share(rows[1], hits[1]), RATIO_SCALE);
    expect((c?.change ?? NaN) ** 2 / (c?.variance ?? NaN)).toBeCloseTo(chi2, 9);
  }
});

test("the variance of a ratio is that of its residuals", () => {
  for (const { x, d, value, variance } of reference.ratios) {
    const sum = (f: (k: number) => number): number => x.reduce((s, _, k) => s + f(k), 0);
    const at = (k: number): [number, number] => [x[k] ?? 0, d[k] ?? 0];
    const sums: Sums = {
      ...{ n: x.length, num: sum((k) => at(k)[0]), den: sum((k) => at(k)[1]) },
      ...{ nn: sum((k) => at(k)[0] ** 2), nd: sum((k) => at(k)[0] * at(k)[1]) },
      dd: sum((k) => at(k)[1] ** 2),
    };
    const spread = (variance * sums.den ** 2) / sums.dd;
    expect(valueOf(sums, RATIO_SCALE, "baseline")).toBeCloseTo(value, 12);
    // Smoothing towards the own spread changes nothing.
    expect(valueVariance(sums, RATIO_SCALE, 1, spread)).toBeCloseTo(variance, 12);
  }
});

describe("scores of the papers", () => {
  test("surprise", () => {
    for (const { expected, actual, surprise: value } of reference.surprises) {
      const list = expected.map((e, k) => ({ expected: e, actual: actual[k] ?? 0 }));
      expect(surprise(list)).toBeCloseTo(value, 12);
    }
    expect(surprise([{ expected: 1, actual: 0 }])).toBe(0);
  });

  test("generalized potential score", () => {
    const forecasts = (list: [number, number][]): Forecast[] =>
      list.map(([expected, actual]) => ({ expected, actual }));
    for (const { inside, outside, potential } of reference.potentials) {
      expect(generalizedPotential(forecasts(inside), forecasts(outside))).toBeCloseTo(
        potential,
        12,
      );
    }
    expect(generalizedPotential([], [])).toBeNull();
  });
});

test("any partition adds up to the change, also where a window lacks a segment", () => {
  const uniform = seededUniform(5);
  for (let round = 0; round < 200; round++) {
    const pairs = Array.from({ length: 1 + Math.floor(uniform() * 30) }, () => {
      const side = (): Sums => {
        if (uniform() < 0.2) return NO_ROWS;
        const n = 1 + Math.floor(uniform() * 1000);
        return share(n, Math.floor(uniform() * n));
      };
      return { baseline: side(), incident: side() };
    });
    const whole = wholeOf(pairs);
    const before = valueOf(whole.pair.baseline, RATIO_SCALE, "baseline");
    const after = valueOf(whole.pair.incident, RATIO_SCALE, "incident");
    if (before === null || after === null) continue;
    const parts = pairs.map((p) => partOf(p, whole));
    expect(parts.every((p) => Number.isFinite(p.standardError))).toBe(true);
    const total = parts.reduce((s, p) => s + p.mix + p.rate, 0);
    expect(Math.abs(total - (after - before))).toBeLessThan(1e-12);
    const { steps } = waterfallOf(
      before,
      after,
      parts.map((p, k) => ({ label: String(k), where: [], change: p.total })),
    );
    const last = steps.at(-1);
    const own = parts.at(-1)?.total ?? NaN;
    expect(last?.to).toBe(after);
    expect(Math.abs((last?.to ?? NaN) - (last?.from ?? NaN) - own)).toBeLessThan(1e-9);
  }
});

test("Simpson's paradox: kidney stones (Charig et al. 1986)", () => {
  // Small and large stones; open surgery (baseline) against the new way (incident).
  const small = { baseline: share(87, 81), incident: share(270, 234) };
  const large = { baseline: share(263, 192), incident: share(80, 55) };
  const whole = wholeOf([small, large]);
  const parts = [small, large].map((p) => partOf(p, whole));
  expect(valueOf(whole.pair.baseline, RATIO_SCALE, "baseline")).toBeCloseTo(0.78, 2);
  expect(valueOf(whole.pair.incident, RATIO_SCALE, "incident")).toBeCloseTo(0.83, 2);
  expect(parts.every((p) => p.rate < 0)).toBe(true);
  // With so few patients nothing is certain; a hundred times as many are.
  expect(simpsonParadox([small, large], whole, "stone", "success")).toBeNull();
  const more = [small, large].map(({ baseline, incident }) => ({
    baseline: share(baseline.n * 100, baseline.num * 100),
    incident: share(incident.n * 100, incident.num * 100),
  }));
  const found = simpsonParadox(more, wholeOf(more), "stone", "success");
  expect(found?.against).toBe(2);
  expect(found?.sentence).toMatch(
    /success rose \(0\.78 → 0\.8257\), yet it fell in all 2 values of `stone`/,
  );
});
