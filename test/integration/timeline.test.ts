import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { laneChangepoints } from "../../shared/analysis/lane-changepoints.ts";
import { laneData } from "../../shared/analysis/lane-data.ts";
import { listLanes } from "../../shared/analysis/lanes.ts";
import { overview } from "../../shared/analysis/overview.ts";
import { snapBucket } from "../../shared/analysis/buckets.ts";
import { unwrap } from "../../shared/base/result.ts";
import { DAY, HOUR, MINUTE, parseIso } from "../../shared/base/time.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import type { Lane } from "../../shared/model/timeline.ts";
import { createFixedTablesSql } from "../../shared/tables/case-tables.ts";
import { FIXED_TABLES, type FixedTable } from "../../shared/tables/fixed-tables.ts";
import { insertMetricsSql } from "../support/metrics.ts";
import { createNodeEngine } from "../support/node-engine.ts";

let engine: Awaited<ReturnType<typeof createNodeEngine>>;
const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
const POINTS = 1_000_000;

function fixed(name: FixedTable, rows: number): TableMeta {
  return {
    name,
    target: name,
    columns: FIXED_TABLES[name].map((c) => ({
      ...c,
      role: c.name === "ts" ? "timestamp" : "ignore",
    })),
    timeColumn: "ts",
    evidenceIds: ["E1"],
    rows,
    from: T0,
    to: T0 + 10 * DAY - 1,
  };
}
const OWN: TableMeta = {
  name: "own",
  target: "own",
  columns: [
    { name: "ts", type: "timestamp", role: "timestamp" },
    { name: "age", type: "double", role: "feature", unit: "years" },
    { name: "device", type: "varchar", role: "segment" },
    { name: "member", type: "boolean", role: "feature" },
    { name: "id", type: "varchar", role: "entity" },
  ],
  timeColumn: "ts",
  evidenceIds: ["E1"],
  rows: 1000,
  from: T0,
  to: T0 + 10 * DAY - 1,
};
const TABLES = [fixed("logs", 1000), fixed("metrics", POINTS), fixed("events", 3), OWN];
const ALL = { from: T0, to: T0 + 10 * DAY };

async function run(sql: string): Promise<void> {
  unwrap(await engine.query(sql));
}

beforeAll(async () => {
  engine = await createNodeEngine();
  for (const sql of createFixedTablesSql()) await run(sql);
  for (const sql of insertMetricsSql(`SELECT TIMESTAMP '2024-05-01' + to_microseconds((i // 2) * 1728000),
    CASE WHEN i % 2 = 0 THEN 'calm' ELSE 'lively' END, 'x', 'svc',
    CASE WHEN i = 777778 THEN 1e6 WHEN i % 2 = 0 THEN 100 + (i % 7) * 0.01 ELSE (i % 1000) END, 's', 1, i, NULL
    FROM range(${String(POINTS)}) r(i)`))
    await run(sql);
  await run(`INSERT INTO logs SELECT TIMESTAMP '2024-05-01' + to_microseconds(i * 864000000),
    CASE WHEN i % 10 = 0 THEN 'error' WHEN i % 3 = 0 THEN NULL ELSE 'info' END, 's', 'h', 'm', NULL, 1, i, 0, NULL FROM range(1000) r(i)`);
  await run(`INSERT INTO events VALUES
    (TIMESTAMP '2024-05-02 00:00:00', 'deployment', 'a', 's', NULL, NULL, 1, 1, NULL),
    (TIMESTAMP '2024-05-02 00:00:01', 'deployment', 'b', 's', NULL, NULL, 1, 2, NULL),
    (TIMESTAMP '2024-05-08 00:00:00', 'alert', 'c', NULL, NULL, NULL, 1, 3, NULL)`);
  await run(`CREATE TABLE own AS SELECT TIMESTAMP '2024-05-01' + to_microseconds(i * 864000000) AS ts,
    CASE WHEN i % 4 = 0 THEN NULL WHEN i = 13 THEN 'Infinity'::DOUBLE ELSE i END AS age,
    CASE WHEN i % 5 = 0 THEN 'tv' ELSE 'phone' END AS device, i % 2 = 0 AS member, 'u' || i AS id,
    1 AS _ev, i AS _line, NULL::BIGINT AS _off FROM range(1000) r(i)`);
});
afterAll(async () => {
  await engine.close();
});

function lane(lanes: readonly Lane[], id: string): Lane {
  const found = lanes.find((l) => l.id === id);
  if (found === undefined) throw new Error(`no lane ${id}`);
  return found;
}

test("lists what can be drawn, the most varying series first", async () => {
  const lanes = await listLanes(engine, TABLES);
  expect(lanes.map((l) => l.id)).toEqual([
    "logs",
    "events",
    "own/rows",
    "metrics/calm",
    "metrics/lively",
    "own/age/mean",
    "own/age/null_rate",
    "own/device/rate",
    "own/member/rate",
  ]);
  expect(lane(lanes, "own/age/mean").unit).toBe("years");
});

describe("content of lanes", () => {
  let lanes: Lane[];
  beforeAll(async () => {
    lanes = await listLanes(engine, TABLES);
  });

  test("a spike survives any zoom", async () => {
    const data = await laneData(engine, lane(lanes, "metrics/calm"), TABLES, ALL, 50);
    if (data.kind !== "series") throw new Error(data.kind);
    expect(Math.max(...data.max.map((v) => v ?? 0))).toBe(1e6);
    expect(data.count.reduce((s, n) => s + n, 0)).toBe(POINTS / 2);
    expect(data.times.length).toBeLessThanOrEqual(51);
  });

  test("panning meets the same buckets", async () => {
    const shown = { from: T0 + DAY, to: T0 + 2 * DAY };
    const panned = {
      from: shown.from + 17 * MINUTE,
      to: shown.to + 17 * MINUTE,
    };
    const a = await laneData(engine, lane(lanes, "metrics/lively"), TABLES, shown, 100);
    const b = await laneData(engine, lane(lanes, "metrics/lively"), TABLES, panned, 100);
    if (a.kind !== "series" || b.kind !== "series") throw new Error();
    const shared = a.times.filter((t) => b.times.includes(t));
    expect(shared.length).toBeGreaterThan(70);
    for (const t of shared) {
      expect(a.mean[a.times.indexOf(t)]).toBe(b.mean[b.times.indexOf(t)]);
    }
  });

  test("levels, the most severe first, rows without one as other", async () => {
    const data = await laneData(engine, lane(lanes, "logs"), TABLES, ALL, 10);
    if (data.kind !== "levels") throw new Error(data.kind);
    expect(data.levels.map((l) => l.level)).toEqual(["error", "info", "other"]);
    expect(data.levels.map((l) => l.counts.reduce((s, n) => s + n, 0))).toEqual([100, 600, 300]);
    expect(data.times[0]).toBe(T0);
  });

  test("events of one bucket are counted together", async () => {
    const data = await laneData(engine, lane(lanes, "events"), TABLES, ALL, 100);
    if (data.kind !== "events") throw new Error(data.kind);
    expect(data.events).toMatchObject([
      {
        at: T0 + DAY,
        count: 2,
        kind: "deployment",
        title: "a",
        evidence: 1,
        line: 1,
      },
      { count: 1, kind: "alert", service: null },
    ]);
  });

  test.each([
    ["own/age/null_rate", 0.25],
    ["own/device/rate", 0.8],
    ["own/member/rate", 0.5],
    ["own/rows", 100],
  ])("%s is %f on average", async (id, expected) => {
    const data = await laneData(engine, lane(lanes, id), TABLES, ALL, 10);
    if (data.kind !== "series") throw new Error(data.kind);
    expect(data.times).toHaveLength(10);
    const mean = data.mean.reduce<number>((s, v) => s + (v ?? 0), 0) / 10;
    expect(mean).toBeCloseTo(expected, 9);
  });

  test("infinities do not reach the drawing", async () => {
    const data = await laneData(engine, lane(lanes, "own/age/mean"), TABLES, ALL, 10);
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });

  test("every point of a long series is in some bucket", async () => {
    const data = await laneData(engine, lane(lanes, "metrics/lively"), TABLES, ALL, 1000);
    if (data.kind !== "series") throw new Error("a series lane answers with a series");
    expect(data.times.length).toBeLessThanOrEqual(1001);
    expect(data.count.reduce((sum, n) => sum + n, 0)).toBe(POINTS / 2);
  });
});

test("overview: rows of all tables, without gaps", async () => {
  const all = await overview(engine, TABLES, 200);
  expect(all.from).toBeLessThanOrEqual(T0);
  expect(all.to).toBeGreaterThanOrEqual(T0 + 10 * DAY);
  expect(all.times.length).toBeLessThanOrEqual(201);
  expect(all.total.reduce((s, n) => s + n, 0)).toBe(POINTS + 2003);
  expect(all.times.every((t, k) => k === 0 || t - (all.times[k - 1] ?? 0) === all.bucket)).toBe(
    true,
  );
  expect(await overview(engine, [{ ...OWN, timeColumn: null }], 200)).toMatchObject({ times: [] });
});

test("bucket widths come from a fixed list", () => {
  expect([1, 3, 7 * MINUTE, 45 * MINUTE, 5 * HOUR, 3 * DAY].map(snapBucket)).toEqual([
    1,
    5,
    10 * MINUTE,
    HOUR,
    6 * HOUR,
    5 * DAY,
  ]);
});

describe("statements, outcomes and changes", () => {
  const SHAPES: Lane = {
    ...{ id: "logs/template/x", title: "x", kind: "template", layer: "serving" },
    ...{ table: "logs", subject: "x", statistic: "count", unit: "lines" },
    lines: { shapes: [41, 42] },
  };
  beforeAll(async () => {
    await run("UPDATE logs SET shape = CASE WHEN _line % 100 = 0 THEN 41 ELSE 7 END");
  });

  test("lines of a statement, 0 where it was not written", async () => {
    const data = await laneData(engine, SHAPES, TABLES, ALL, 100);
    if (data.kind !== "series") throw new Error(data.kind);
    expect(data.mean.reduce((s: number, v) => s + (v ?? Number.NaN), 0)).toBe(10);
    expect(data.mean.filter((v) => v === 0).length).toBe(data.times.length - 10);
    expect(data.times[0]).toBe(T0);
  });

  test("a quantile of a number in the lines", async () => {
    const q = { ...SHAPES, statistic: "quantile" as const, unit: "ms" };
    const lane = { ...q, lines: { shapes: [41], value: "_line::DOUBLE", q: 0.5 } };
    const data = await laneData(engine, lane, TABLES, ALL, 1);
    if (data.kind !== "series") throw new Error(data.kind);
    // Two buckets: lines 0 to 500, and 600 to 900.
    expect(data.count).toEqual([6, 4]);
    expect(data.mean).toEqual([250, 750]);
  });

  test("how often a prediction was right, and how far off", async () => {
    await run(`CREATE TABLE scored AS SELECT TIMESTAMP '2024-05-01' + to_microseconds(i * 864000000) AS ts,
      CASE WHEN i % 4 = 0 THEN 'cat' ELSE 'dog' END AS predicted, 'dog' AS truth, i + 2.5 AS price, i::DOUBLE AS paid
      FROM range(1000) r(i)`);
    const table: TableMeta = {
      ...OWN,
      name: "scored",
      columns: [
        { name: "ts", type: "timestamp", role: "timestamp" },
        { name: "predicted", type: "varchar", role: "prediction" },
        { name: "truth", type: "varchar", role: "label" },
      ],
    };
    const [right] = (await listLanes(engine, [table])).filter((l) => l.statistic === "accuracy");
    if (right === undefined) throw new Error("no lane");
    const accuracy = await laneData(engine, right, [table], ALL, 1);
    expect(accuracy.kind === "series" ? accuracy.mean : null).toEqual([0.75, 0.75]);
    const prices: TableMeta = {
      ...table,
      columns: [
        { name: "ts", type: "timestamp", role: "timestamp" },
        { name: "price", type: "double", role: "prediction" },
        { name: "paid", type: "double", role: "label" },
      ],
    };
    const [off] = (await listLanes(engine, [prices])).filter((l) => l.statistic === "error");
    if (off === undefined) throw new Error("no lane");
    const error = await laneData(engine, off, [prices], ALL, 1);
    expect(error.kind === "series" ? error.mean : null).toEqual([2.5, 2.5]);
  });

  test("a change of level, with the times between which it lies; none where there is none", async () => {
    for (const sql of insertMetricsSql(`SELECT TIMESTAMP '2024-05-01' + to_microseconds(i * 600000000),
      name, name, 'svc', CASE WHEN name = 'broken' AND i >= 900 THEN 30 ELSE 20 END + (hash(i) % 1000) / 250.0,
      'ms', 9, i, NULL FROM range(1440) r(i), (VALUES ('broken'), ('steady')) n(name)`))
      await run(sql);
    const of = (series: string): Lane => ({
      ...{ id: series, title: series, kind: "series", layer: "serving", table: "metrics" },
      ...{ subject: series, statistic: "mean" },
    });
    const ask = (series: string) =>
      laneChangepoints(engine, { lane: of(series), tables: TABLES, range: ALL });
    expect(await ask("steady")).toEqual([]);
    const [change, ...more] = await ask("broken");
    expect(more).toEqual([]);
    const truth = T0 + 900 * 10 * MINUTE;
    expect(change?.from).toBeLessThanOrEqual(truth);
    expect(change?.to).toBeGreaterThanOrEqual(truth);
    expect((change?.to ?? 0) - (change?.from ?? 0)).toBeLessThan(4 * HOUR);
    expect(change?.shape).toBe("step");
    expect(change?.before).toBeCloseTo(22, 0);
    expect(change?.after).toBeCloseTo(32, 0);
    expect(change?.probability).toBeGreaterThan(0.95);
    expect(
      await laneChangepoints(engine, {
        lane: lane(await listLanes(engine, TABLES), "events"),
        tables: TABLES,
        range: ALL,
      }),
    ).toEqual([]);
  });
});
