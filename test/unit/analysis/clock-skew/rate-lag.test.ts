import { describe, expect, test } from "vitest";
import { rateLag, whitened, type Rate } from "../../../../shared/analysis/clock-skew/rate-lag.ts";

/** In [0, 1), seeded. */
function uniform(seed: number): () => number {
  let state = seed * 7919 + 17;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

const DAY = 1440;
const LAGS = [-840, 840] as const;

interface Traffic {
  readonly days?: number;
  /** Bursts that both sources see, a day. */
  readonly bursts: number;
  readonly seed: number;
  /** Seed of the bursts: the same seed, the same bursts. */
  readonly shared: number;
  readonly level: number;
}

/** A source by the minute: a daily cycle, noise, and bursts of three minutes. */
function traffic({ days = 3, bursts, seed, shared, level }: Traffic): Rate {
  const u = uniform(seed);
  const where = uniform(shared);
  const starts = new Map(
    Array.from({ length: Math.round(bursts * days) }, () => [
      Math.floor(where() * days * DAY),
      1 + 3 * where(),
    ]),
  );
  const counts = Float64Array.from({ length: days * DAY }, (_, k) => {
    const cycle = level * (1 + 0.8 * Math.sin((2 * Math.PI * k) / DAY));
    const burst = [0, 1, 2].reduce((sum, d) => sum + (starts.get(k - d) ?? 0), 0);
    const mean = cycle + level * burst;
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * (u() + u() + u() - 1.5) * 2));
  });
  return { first: 0, counts };
}

const moved = (rate: Rate, by: number): Rate => ({ ...rate, first: rate.first + by });

describe("the lag of two sources that see the same bursts", () => {
  test.each([0, 1, -90, 60, 330, -840])("%s minutes", (lag) => {
    const first = traffic({ bursts: 12, seed: 1, shared: 5, level: 40 });
    const second = moved(traffic({ bursts: 12, seed: 2, shared: 5, level: 9 }), -lag);
    const found = rateLag([[first, second]], LAGS);
    expect(found?.lag).toBe(lag);
    expect(found?.z).toBeGreaterThan(8);
    expect(found?.rival).toBeLessThan(0.7);
    expect(found?.blocks).toBeGreaterThanOrEqual(5);
    expect(found?.low).toBeLessThanOrEqual(lag);
    expect(found?.high).toBeGreaterThanOrEqual(lag);
    expect(found?.halves).toEqual([lag, lag]);
  });

  test("the interval holds the true lag as often as it says", () => {
    const seeds = Array.from({ length: 40 }, (_, k) => k + 1);
    const inside = seeds.filter((seed) => {
      const first = traffic({ days: 1, bursts: 20, seed, shared: seed, level: 20 });
      const second = moved(
        traffic({ days: 1, bursts: 20, seed: seed + 500, shared: seed, level: 6 }),
        -7,
      );
      const found = rateLag([[first, second]], [-40, 40]);
      return found !== null && found.low <= 7 && 7 <= found.high;
    });
    expect(inside.length).toBeGreaterThanOrEqual(37);
  });
});

test("two sources that have only the time of day in common go together at no lag", () => {
  const peaks = Array.from({ length: 60 }, (_, k) => {
    const first = traffic({ bursts: 6, seed: 2 * k + 1, shared: 1000 + k, level: 30 });
    const second = traffic({ bursts: 6, seed: 2 * k + 2, shared: 2000 + k, level: 12 });
    const found = rateLag([[first, second]], LAGS, 0);
    const isTold =
      found !== null &&
      found.z >= 8 &&
      found.rival <= 0.7 &&
      found.blocks >= 5 &&
      found.largest <= 0.35;
    return { z: found?.z ?? 0, isTold };
  });
  expect(peaks.filter((p) => p.isTold)).toEqual([]);
  expect(Math.max(...peaks.map((p) => p.z))).toBeLessThan(8);
});

test("what repeats has rivals", () => {
  const everyHour = (seed: number): Rate => {
    const { first, counts } = traffic({ bursts: 0, seed, shared: 1, level: 10 });
    return { first, counts: counts.map((n, k) => n + (k % 60 === 0 ? 60 : 0)) };
  };
  const found = rateLag([[everyHour(1), everyHour(2)]], LAGS, 0);
  expect(found?.rival).toBeGreaterThan(0.7);
});

test("a clock that drifts has another lag at the end", () => {
  const first = traffic({ bursts: 20, seed: 1, shared: 5, level: 40 });
  const counts = new Float64Array(first.counts.length + 20);
  for (const [k, n] of first.counts.entries()) {
    const at = k + Math.round((k / first.counts.length) * 10);
    counts[at] = (counts[at] ?? 0) + n;
  }
  const [earlier = 0, later = 0] = rateLag([[first, { first: 0, counts }]], LAGS)?.halves ?? [];
  expect(later).toBeLessThan(earlier);
});

test("sources without a common stretch", () => {
  const rate = traffic({ bursts: 1, seed: 1, shared: 1, level: 5 });
  expect(rateLag([[rate, moved(rate, 100 * DAY)]], LAGS)).toBeNull();
  expect(rateLag([], LAGS)).toBeNull();
});

test("whitening takes off what is slow, and clips what is single", () => {
  const ramp = Float64Array.from({ length: 400 }, (_, k) => (k * k) / 100);
  const white = whitened(ramp).slice(50, 350);
  expect(Math.max(...white.map(Math.abs))).toBeLessThanOrEqual(4);
  const spiky = new Float64Array(400).fill(9).map((n, k) => n + (k % 3));
  spiky[200] = 1e6;
  expect(Math.max(...whitened(spiky))).toBe(4);
});
