import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clockSkew } from "../../shared/analysis/clock-skew/clock-skew.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../shared/base/time.ts";
import type { ClockPair } from "../../shared/model/clock-skew.ts";
import { importTables } from "../bench/truth/import-tables.ts";
import { createNodeEngine, type NodeEngine } from "../support/node-engine.ts";

const T0 = Date.UTC(2026, 2, 2) * 1000;

/** In [0, 1), the same in every run. */
function uniform(seed: number): () => number {
  let state = seed * 7919 + 17;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

interface Line {
  readonly at: number;
  readonly text: string;
}

/** A log whose clock is off by `error`. */
function log(lines: readonly Line[], error: number): string {
  return [...lines]
    .sort((a, b) => a.at - b.at)
    .map(({ at, text }) => {
      const time = new Date((T0 + at + error) / 1000).toISOString();
      return `${time} INFO ${text}\n`;
    })
    .join("");
}

const hex = (u: () => number, digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(u() * 16).toString(16)).join("");

/** Requests at a gateway, and 40 ms later at the service behind it, with an id in both. */
function requests(count: number, seed: number): { gateway: Line[]; service: Line[] } {
  const u = uniform(seed);
  const all = Array.from({ length: count }, () => ({ at: u() * 6 * HOUR, id: hex(u, 32) }));
  return {
    gateway: all.map(({ at, id }) => ({ at, text: `request ${id} in` })),
    service: all.map(({ at, id }) => ({ at: at + (20 + 40 * u()) * 1000, text: `handling ${id}` })),
  };
}

/** What an outage does to two services: bursts in both, and traffic of their own; no id. */
function bursts(seed: number, shared: number, days = 1): Line[] {
  const u = uniform(seed);
  const where = uniform(shared);
  const own = Array.from({ length: 3000 * days }, () => ({ at: u() * days * DAY, text: "served" }));
  const starts = Array.from({ length: 25 * days }, () => where() * days * DAY);
  const troubled = starts.flatMap((start) =>
    Array.from({ length: 25 }, () => ({
      at: start + 40 * SECOND * u() ** 2,
      text: "upstream timed out",
    })),
  );
  return [...own, ...troubled];
}

let engine: NodeEngine;
beforeAll(async () => {
  engine = await createNodeEngine();
});
afterAll(() => engine.close());

async function pairsOf(files: readonly (readonly [string, string])[]): Promise<ClockPair[]> {
  await engine.close();
  engine = await createNodeEngine();
  const tables = await importTables(
    engine,
    files.map(([name, content]) => ({ name, content })),
  );
  return [...(await clockSkew(engine, { tables })).pairs];
}

describe("identifiers in both files", () => {
  test.each([2.5 * SECOND, -90 * SECOND, HOUR, 5.5 * HOUR])("an offset of %s µs", async (error) => {
    const { gateway, service } = requests(200, 3);
    const [pair] = await pairsOf([
      ["gateway.log", log(gateway, 0)],
      ["service.log", log(service.slice(0, 120), error)],
    ]);
    expect(pair).toMatchObject({ method: "identifiers", verdict: "offer", matched: 120 });
    // What puts the second clock right, but for the 40 ms of the way.
    expect(Math.abs((pair?.offset ?? 0) + error)).toBeLessThan(80_000);
    expect(pair?.low).toBeLessThanOrEqual(pair?.offset ?? 0);
    expect((pair?.high ?? 0) - (pair?.low ?? 0)).toBeLessThan(0.1 * SECOND);
  });

  test("a real delay of 40 ms is no clock", async () => {
    const { gateway, service } = requests(200, 4);
    const [pair] = await pairsOf([
      ["gateway.log", log(gateway, 0)],
      ["service.log", log(service, 0)],
    ]);
    expect(pair?.verdict).toBe("agree");
  });

  test("a queue in which things wait for differing times is no clock", async () => {
    const { gateway } = requests(200, 5);
    const u = uniform(6);
    const worker = gateway.map(({ at, text }) => ({ at: at + u() * 20 * MINUTE, text }));
    const [pair] = await pairsOf([
      ["gateway.log", log(gateway, 0)],
      ["worker.log", log(worker, 0)],
    ]);
    expect(pair?.verdict).not.toBe("offer");
  });

  test("a clock that drifts is told to", async () => {
    const { gateway, service } = requests(200, 7);
    const drifting = service.map(({ at, text }) => ({ at: at * (1 + 3e-4), text }));
    const [pair] = await pairsOf([
      ["gateway.log", log(gateway, 0)],
      ["service.log", log(drifting, 20 * SECOND)],
    ]);
    expect(pair?.why).toContain("drifts");
  });
});

describe("rates of records, without identifiers", () => {
  test.each([7 * SECOND, -95 * SECOND, -1 * HOUR, 5.5 * HOUR])(
    "an offset of %s µs",
    async (error) => {
      const [pair] = await pairsOf([
        ["a.log", log(bursts(1, 9), 0)],
        ["b.log", log(bursts(2, 9), error)],
      ]);
      expect(pair).toMatchObject({ method: "rates", verdict: "offer" });
      expect(Math.abs((pair?.offset ?? 0) + error)).toBeLessThan(5 * SECOND);
    },
  );

  test("clocks that agree are left alone", async () => {
    const [pair] = await pairsOf([
      ["a.log", log(bursts(1, 9), 0)],
      ["b.log", log(bursts(2, 9), 0)],
    ]);
    expect(pair?.verdict).toBe("agree");
  });

  test("nothing is offered for sources that have nothing in common", async () => {
    const verdicts: string[] = [];
    for (let k = 0; k < 12; k++) {
      const pairs = await pairsOf([
        ["a.log", log(bursts(100 + k, 300 + k), 0)],
        ["b.log", log(bursts(200 + k, 400 + k), 0)],
      ]);
      verdicts.push(...pairs.map((p) => p.verdict));
    }
    expect(verdicts).toEqual(Array.from({ length: 12 }, () => "unclear"));
  });

  test("sources of different days are told so", async () => {
    const [pair] = await pairsOf([
      ["a.log", log(bursts(1, 9), 0)],
      ["b.log", log(bursts(2, 9), 4 * DAY)],
    ]);
    expect(pair).toMatchObject({ verdict: "unclear", why: "They are of different times." });
  });
});

test("three clocks: what is found two by two adds up", async () => {
  const { gateway, service } = requests(300, 8);
  const store = service.map(({ at, text }) => ({ at: at + 5000, text }));
  const pairs = await pairsOf([
    ["gateway.log", log(gateway, 0)],
    ["service.log", log(service, 30 * SECOND)],
    ["store.log", log(store, -10 * SECOND)],
  ]);
  const offset = (first: string, second: string): number =>
    pairs.find((p) => p.first === first && p.second === second)?.offset ?? NaN;
  expect(offset("E1", "E2") + offset("E2", "E3") - offset("E1", "E3")).toBeCloseTo(0, -5);
});
