import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ANALYSES } from "../../shared/analysis/index.ts";
import type { SegmentColumnDrift } from "../../shared/analysis/segments/segment-drift.ts";
import { Fault, unwrap } from "../../shared/base/result.ts";
import { DAY, parseIso } from "../../shared/base/time.ts";
import type { ColumnType, Role } from "../../shared/model/role.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import type { Window } from "../../shared/model/window.ts";
import { readColumn } from "../../shared/tables/rows.ts";
import { createNodeEngine } from "../support/node-engine.ts";

let engine: Awaited<ReturnType<typeof createNodeEngine>>;
const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
const ROWS = 40_000;
const WINDOWS = {
  baseline: { from: T0, to: T0 + 7 * DAY },
  incident: { from: T0 + 7 * DAY, to: T0 + 14 * DAY },
};
const COLUMNS: readonly (readonly [string, ColumnType, Role])[] = [
  ["device", "varchar", "segment"],
  ["region", "varchar", "segment"],
  ["version", "varchar", "model_version"],
  ["session", "varchar", "segment"],
  ["still", "double", "feature"],
  ["in_tv", "double", "feature"],
  ["lost_in_tv", "double", "feature"],
  ["everywhere", "double", "feature"],
  ["by_mix", "double", "feature"],
  ["hidden", "varchar", "feature"],
  ["user_id", "varchar", "entity"],
  ["huge", "bigint", "feature"],
];
const TABLE: TableMeta = {
  name: "features",
  target: "own",
  columns: [
    { name: "ts", type: "timestamp", role: "timestamp" },
    ...COLUMNS.map(([name, type, role]) => ({ name, type, role })),
  ],
  timeColumn: "ts",
  evidenceIds: ["E1"],
  rows: ROWS,
  from: T0,
  to: T0 + 14 * DAY - 1,
};

beforeAll(async () => {
  engine = await createNodeEngine();
  const late = `(i >= ${String(ROWS / 2)})`;
  const u = (salt: number): string => `(hash(i * 1000003 + ${String(salt)}) % 1000003 / 1000003.0)`;
  unwrap(
    await engine.query(`CREATE TABLE features AS SELECT *,
  ${u(4)} + CASE WHEN device = 'tv' AND ${late} THEN 0.6 ELSE 0 END AS in_tv,
  CASE WHEN device = 'tv' AND ${late} AND ${u(8)} < 0.7 THEN NULL ELSE ${u(4)} END AS lost_in_tv,
  ${u(5)} + CASE WHEN ${late} THEN 0.4 ELSE 0 END AS everywhere,
  ${u(6)} + CASE region WHEN 'north' THEN 5 ELSE 0 END AS by_mix,
  CASE WHEN (device = 'tv' AND ${late}) OR (device = 'phone' AND NOT ${late} AND ${u(9)} < 0.33)
    THEN 'a' ELSE CASE WHEN ${u(10)} < 0.5 THEN 'b' ELSE 'c' END END AS hidden
FROM (SELECT i, TIMESTAMP '2024-05-01' + to_microseconds((i * ${String(14 * DAY)}) // ${String(ROWS)}) AS ts,
  CASE WHEN ${u(1)} < 0.15 THEN 'tv' WHEN ${u(1)} < 0.6 THEN 'phone' WHEN ${u(1)} < 0.998 THEN 'web' ELSE 'watch ''x''' END AS device,
  CASE WHEN ${u(2)} < CASE WHEN ${late} THEN 0.6 ELSE 0.2 END THEN 'north' WHEN ${u(2)} > 0.95 THEN NULL ELSE 'south' END AS region,
  CASE WHEN ${late} THEN 'v8' ELSE 'v7' END AS version,
  'session ' || (i % 5000) AS session,
  ${u(3)} AS still, 'user-' || i AS user_id,
  4611686018427387904 + i AS huge, 1 AS _ev, i AS _line, NULL::BIGINT AS _off
  FROM range(${String(ROWS)}) r(i))`),
  );
});
afterAll(async () => {
  await engine.close();
});

const ask = (
  column: string,
  segmentColumn: string | null = null,
  windows: { baseline: Window; incident: Window } = WINDOWS,
) => ANALYSES.segmentDrift(engine, { table: TABLE, column, segmentColumn, windows });

async function by(column: string, segmentColumn: string): Promise<SegmentColumnDrift> {
  const { segmentColumns } = await ask(column, segmentColumn);
  const [one] = segmentColumns;
  if (one === undefined) throw new Error(`no answer by ${segmentColumn}`);
  return one;
}
function verdicts(one: SegmentColumnDrift): Record<string, string> {
  return Object.fromEntries(one.segments.map((s) => [s.value ?? "", s.verdict]));
}

describe("where a column changed", () => {
  test("only in one value: named, with its share of rows", async () => {
    const device = await by("in_tv", "device");
    expect(device.cause).toBe("within");
    expect(verdicts(device)).toEqual({ tv: "major", phone: "none", web: "none" });
    expect(device.sentence).toMatch(
      /^`in_tv` changed only where `device` is `tv` \(15 % of the incident's rows\); in 2 other values it holds still/u,
    );
    // 60 of 40,000 rows: one value too rare to judge, none lost.
    expect(device.few.segments).toBe(1);
    const told = device.segments.reduce((s, one) => s + one.baseline, device.few.baseline);
    expect(told).toBe(ROWS / 2);
  });
  test("values that went missing in one segment are a change there", async () => {
    const device = await by("lost_in_tv", "device");
    expect(verdicts(device)).toEqual({ tv: "major", phone: "none", web: "none" });
  });
  test("in every value: the column does not tell where", async () => {
    const device = await by("everywhere", "device");
    expect(verdicts(device)).toEqual({ tv: "major", phone: "major", web: "major" });
    expect(device.cause).toBe("within");
    expect(device.sentence).toContain("does not tell where");
  });
  test("by the mix alone: nothing within, and the shares that moved", async () => {
    const region = await by("by_mix", "region");
    expect(region.cause).toBe("mix");
    expect(Object.values(verdicts(region))).toEqual(["none", "none", "none"]);
    expect(region.within).toBeLessThan(0.05);
    expect(region.mix).toBeCloseTo(region.whole, 1);
    expect(region.sentence).toMatch(
      /their mix did \(`south` 75 % → 35 % of rows, `north` 20 % → 60 % of rows\)/u,
    );
    // The same change by another column is no matter of that column's mix.
    expect((await by("by_mix", "device")).cause).toBe("within");
  });
  test("changes that cancel out over all rows are found within", async () => {
    const device = await by("hidden", "device");
    expect(device.whole).toBeLessThan(0.1);
    expect(device.cause).toBe("within");
    expect(verdicts(device)).toMatchObject({ tv: "major", phone: "major", web: "none" });
    expect(device.sentence).toContain("over all rows it hardly shows");
  });
  test("a column that holds still holds still everywhere", async () => {
    const found = await ask("still");
    expect(found.segmentColumns.map((c) => c.cause)).toEqual(["none", "none", "none"]);
    expect(found.segmentColumns.flatMap((c) => c.segments).every((s) => s.verdict === "none")).toBe(
      true,
    );
  });
});

describe("all segment columns at once", () => {
  test("the most telling comes first; values that only one window has are not judged", async () => {
    const found = await ask("in_tv");
    expect(found.why).toBeNull();
    expect(found.segmentColumns[0]?.segmentColumn).toBe("device");
    const version = found.segmentColumns.find((c) => c.segmentColumn === "version");
    expect(version?.segments).toEqual([]);
    expect(version?.few).toEqual({ segments: 2, baseline: ROWS / 2, incident: ROWS / 2 });
    expect(found.skipped).toEqual([{ column: "session", why: "it has more than 1,000 values" }]);
  });
  test("the query can be repeated and answers the same rows", async () => {
    const found = await ask("in_tv", "device");
    const answer = unwrap(await engine.query(found.sql));
    const rows = readColumn(answer, "b").reduce<number>((s, n) => s + Number(n), 0);
    expect(rows).toBe(ROWS / 2);
  });
  test("a segment column by itself, and one that the windows filter on, are left out", async () => {
    const self = await ask("device");
    expect(self.segmentColumns.map((c) => c.segmentColumn).sort()).toEqual(["region", "version"]);
    const versions = await ask("still", null, {
      baseline: { from: null, to: null, filter: { column: "version", values: ["v7"] } },
      incident: { from: null, to: null, filter: { column: "version", values: ["v8"] } },
    });
    expect(versions.segmentColumns.map((c) => c.segmentColumn).sort()).toEqual([
      "device",
      "region",
    ]);
  });
});

describe("what cannot be asked", () => {
  test("reasons in words", async () => {
    expect((await ask("ts")).why).toContain("cut by this column");
    expect((await ask("still", "still")).why).toContain("role of a segment");
    expect((await ask("nothing")).why).not.toBeNull();
    expect((await ask("still", "session")).why).toContain("few enough values");
  });
  test("ids only by being there; huge numbers and quotes are no trouble", async () => {
    expect((await by("user_id", "device")).cause).toBe("none");
    expect((await by("huge", "device")).segments).toHaveLength(3);
  });
  test("no rows in a window", async () => {
    const found = await ask("still", "device", {
      baseline: WINDOWS.baseline,
      incident: { from: T0 + 90 * DAY, to: T0 + 91 * DAY },
    });
    expect(found.segmentColumns[0]?.segments).toEqual([]);
    expect(found.segmentColumns[0]?.sentence).toContain("no value of `device` has enough rows");
  });
  test("a cancelled question answers with a fault", async () => {
    const stop = new AbortController();
    stop.abort();
    const asked = ANALYSES.segmentDrift(
      engine,
      { table: TABLE, column: "still", segmentColumn: null, windows: WINDOWS },
      { signal: stop.signal },
    );
    await expect(asked).rejects.toThrow(Fault);
  });
});

test("two windows of the same process: no verdict in any of many small segments", async () => {
  unwrap(
    await engine.query(`CREATE TABLE quiet AS SELECT TIMESTAMP '2024-05-01' + to_microseconds((i * ${String(14 * DAY)}) // 40000) AS ts,
  'segment ' || hash(i) % 120 AS segment, sqrt(-2 * ln((hash(i + 7) % 999983 + 1) / 999984.0)) AS x,
  'value ' || hash(i + 3) % 12 AS v FROM range(40000) r(i)`),
  );
  const table: TableMeta = {
    ...TABLE,
    name: "quiet",
    columns: [
      { name: "ts", type: "timestamp", role: "timestamp" },
      { name: "segment", type: "varchar", role: "segment" },
      { name: "x", type: "double", role: "feature" },
      { name: "v", type: "varchar", role: "feature" },
    ],
  };
  for (const column of ["x", "v"]) {
    const found = await ANALYSES.segmentDrift(engine, {
      table,
      column,
      segmentColumn: null,
      windows: WINDOWS,
    });
    const [one] = found.segmentColumns;
    expect(one?.cause).toBe("none");
    expect(one?.segments.length).toBe(50);
    expect(one?.segments.filter((s) => s.verdict !== "none")).toEqual([]);
  }
});

test("the depth of a comparison: columns together, and the changed ones by segment", async () => {
  const tables = [TABLE];
  const comparison = await ANALYSES.compareAll(engine, { tables, windows: WINDOWS });
  const depth = await ANALYSES.compareDepth(engine, { comparison, tables, windows: WINDOWS });
  expect(depth.together.map((t) => t.table)).toEqual(["features"]);
  const everywhere = depth.segments.find((s) => s.column === "everywhere");
  expect(everywhere?.table).toBe("features");
  expect(everywhere?.segmentColumns.find((s) => s.segmentColumn === "device")?.cause).toBe(
    "within",
  );
  const byMix = depth.segments.find((s) => s.column === "by_mix");
  expect(byMix?.segmentColumns.find((s) => s.segmentColumn === "region")?.cause).toBe("mix");
  // What did not change is not asked for.
  expect(depth.segments.map((s) => s.column)).not.toContain("still");
});
