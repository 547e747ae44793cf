import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { columnCategories } from "../../shared/analysis/column-categories.ts";
import { columnQuantiles } from "../../shared/analysis/column-quantiles.ts";
import { sampleRows } from "../../shared/analysis/sample-rows.ts";
import type { WindowPair } from "../../shared/analysis/windows.ts";
import { unwrap } from "../../shared/base/result.ts";
import { DAY, parseIso } from "../../shared/base/time.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { createNodeEngine } from "../support/node-engine.ts";

let engine: Awaited<ReturnType<typeof createNodeEngine>>;
const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
const WINDOWS: WindowPair = {
  baseline: { from: T0, to: T0 + DAY },
  incident: { from: T0 + DAY, to: T0 + 2 * DAY },
};
const EMPTY: WindowPair = { ...WINDOWS, incident: { from: T0 + 9 * DAY, to: T0 + 10 * DAY } };
const TABLE: TableMeta = {
  name: "t",
  target: "own",
  columns: [
    { name: "ts", type: "timestamp", role: "timestamp" },
    { name: "x", type: "double", role: "feature" },
    { name: "word", type: "varchar", role: "feature" },
    { name: "flag", type: "boolean", role: "feature" },
  ],
  timeColumn: "ts",
  evidenceIds: ["E1", "E2"],
  rows: 2000,
  from: T0,
  to: T0 + 2 * DAY - 1,
};

beforeAll(async () => {
  engine = await createNodeEngine();
  // 1,000 rows a day: x is 0 to 999 in the baseline, one higher in the incident, with odd values among them.
  unwrap(
    await engine.query(`CREATE TABLE t AS SELECT
  TIMESTAMP '2024-05-01' + to_microseconds(i * 86400000) AS ts,
  CASE i WHEN 3 THEN NULL WHEN 4 THEN 'NaN'::DOUBLE WHEN 5 THEN 'Infinity'::DOUBLE
    ELSE (i % 1000 + i // 1000)::DOUBLE END AS x,
  CASE WHEN i % 10 = 0 THEN NULL WHEN i % 4 = 1 THEN '' WHEN i < 1000 THEN 'old' ELSE 'new it''s' END AS word,
  i % 2 = 0 AS flag,
  (1 + i // 1000)::BIGINT AS _ev, (i % 1000 + 2)::BIGINT AS _line, (i * 10)::BIGINT AS _off
FROM range(2000) AS r(i)`),
  );
});
afterAll(async () => {
  await engine.close();
});

describe("quantiles", () => {
  test("are those of NumPy's default, over finite values only", async () => {
    const found = await columnQuantiles(engine, TABLE, "x", WINDOWS);
    expect(found).toMatchObject({ baselineValues: 997, incidentValues: 1000 });
    expect(found?.probabilities).toHaveLength(101);
    const at = (p: number) => found?.incident?.[Math.round(p * 100)];
    // np.quantile(np.arange(1, 1001), [0, 0.01, 0.5, 0.99, 1])
    expect([at(0), at(0.01), at(0.5), at(0.99), at(1)]).toEqual([1, 10.99, 500.5, 990.01, 1000]);
    expect(found?.baseline?.[0]).toBe(0);
    expect(found?.baseline?.[100]).toBe(999);
  });

  test("of a text are those of its lengths; an empty window has none", async () => {
    const lengths = await columnQuantiles(engine, TABLE, "word", WINDOWS);
    expect(lengths?.baseline?.every((q) => q === 3)).toBe(true);
    expect(lengths?.incident?.every((q) => q === 8)).toBe(true);
    const empty = await columnQuantiles(engine, TABLE, "x", EMPTY);
    expect(empty).toMatchObject({ incident: null, incidentValues: 0 });
  });

  test("there are none of a truth value, an unknown column, or a window that does not apply", async () => {
    expect(await columnQuantiles(engine, TABLE, "flag", WINDOWS)).toBeNull();
    expect(await columnQuantiles(engine, TABLE, "other", WINDOWS)).toBeNull();
    const timeless = { ...TABLE, timeColumn: null };
    expect(await columnQuantiles(engine, timeless, "x", WINDOWS)).toBeNull();
  });
});

describe("categories", () => {
  test("count every value in both windows, the empty text too", async () => {
    const found = await columnCategories(engine, TABLE, "word", WINDOWS, 10);
    expect(found).toMatchObject({ values: 3, baselineRows: 900, incidentRows: 900 });
    expect(found?.categories).toEqual([
      { value: "new it's", baseline: 0, incident: 650 },
      { value: "old", baseline: 650, incident: 0 },
      { value: "", baseline: 250, incident: 250 },
    ]);
  });

  test("beyond the limit are counted, not listed", async () => {
    const found = await columnCategories(engine, TABLE, "word", WINDOWS, 1);
    expect(found).toMatchObject({ values: 3, baselineRows: 900 });
    expect(found?.categories).toHaveLength(1);
    expect(await columnCategories(engine, TABLE, "flag", EMPTY, 5)).toMatchObject({
      values: 2,
      incidentRows: 0,
    });
  });
});

describe("sample rows", () => {
  const draw = (filter: Parameters<typeof sampleRows>[4], column = "word", limit = 20) =>
    sampleRows(engine, TABLE, column, WINDOWS, filter, limit);

  test("come from all of the window, in its order, the same ones each time", async () => {
    const { columns, baseline, incident } = await draw({ kind: "all" });
    expect(columns).toEqual(["ts", "x", "word", "flag"]);
    expect([baseline.total, incident.total]).toEqual([1000, 1000]);
    expect(baseline.rows).toHaveLength(20);
    const lines = baseline.rows.map((r) => r.line);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
    expect(lines.filter((l) => l > 500).length).toBeGreaterThan(3);
    expect(lines.filter((l) => l <= 500).length).toBeGreaterThan(3);
    expect(new Set(incident.rows.map((r) => r.evidenceId))).toEqual(new Set(["E2"]));
    const [first] = baseline.rows;
    expect(first?.cells[0]).toBe(T0 + ((first?.line ?? 0) - 2) * 86_400_000);
    expect(first?.offset).toBe(((first?.line ?? 0) - 2) * 10);
    expect(await draw({ kind: "all" })).toEqual(await draw({ kind: "all" }));
  });

  test("with one value, or with none", async () => {
    const withNew = await draw({ kind: "value", value: "new it's" });
    expect([withNew.baseline.total, withNew.incident.total]).toEqual([0, 650]);
    expect(withNew.incident.rows.every((r) => r.cells[2] === "new it's")).toBe(true);
    expect((await draw({ kind: "value", value: "" })).baseline.total).toBe(250);
    expect((await draw({ kind: "missing" })).baseline.total).toBe(100);
    expect((await draw({ kind: "missing" }, "x")).baseline.total).toBe(2);
    expect((await draw({ kind: "value", value: "true" }, "flag")).incident.total).toBe(500);
  });
});
