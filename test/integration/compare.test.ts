import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareAll } from "../../shared/analysis/compare-all.ts";
import { columnOverTime, rowsInWindow } from "../../shared/analysis/compare-rows.ts";
import { compareTable } from "../../shared/analysis/compare-table.ts";
import type { WindowPair } from "../../shared/analysis/windows.ts";
import { Fault, unwrap } from "../../shared/base/result.ts";
import { DAY, parseIso } from "../../shared/base/time.ts";
import type { ColumnType, Role } from "../../shared/model/role.ts";
import type { ColumnComparison, TableComparison } from "../../shared/model/shift.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { createFixedTablesSql } from "../../shared/tables/case-tables.ts";
import { FIXED_TABLES } from "../../shared/tables/fixed-tables.ts";
import { readColumn } from "../../shared/tables/rows.ts";
import { insertMetricsSql } from "../support/metrics.ts";
import { createNodeEngine } from "../support/node-engine.ts";

let engine: Awaited<ReturnType<typeof createNodeEngine>>;
const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
const WEEKS: WindowPair = {
  baseline: { from: T0, to: T0 + 7 * DAY },
  incident: { from: T0 + 7 * DAY, to: T0 + 14 * DAY },
};

function meta(
  name: string,
  columns: readonly (readonly [string, ColumnType, Role])[],
  rows: number,
): TableMeta {
  return {
    name,
    target: "own",
    columns: [
      { name: "ts", type: "timestamp", role: "timestamp" },
      ...columns.map(([n, type, role]) => ({ name: n, type, role })),
    ],
    timeColumn: "ts",
    evidenceIds: ["E1"],
    rows,
    from: T0,
    to: T0 + 14 * DAY - 1,
  };
}

function fixedMeta(name: "logs" | "metrics", rows: number): TableMeta {
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
    to: T0 + 14 * DAY - 1,
  };
}

async function run(sql: string): Promise<void> {
  unwrap(await engine.query(sql));
}

function column(compared: TableComparison, name: string): ColumnComparison {
  const found = compared.columns.find((c) => c.column === name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return found;
}

function kinds(c: ColumnComparison): Record<string, string> {
  return Object.fromEntries(
    c.shifts.filter((s) => s.verdict !== "none").map((s) => [s.kind, s.verdict]),
  );
}

/** Uniform in [0, 1), the same in every run: `u(row, salt)`. */
const U = "CREATE MACRO u(i, salt) AS (hash(i * 1000003 + salt) % 1000000007) / 1000000007.0";

beforeAll(async () => {
  engine = await createNodeEngine();
  await run(U);
  // 20,000 rows over 14 days; the second half is the incident.
  await run(`CREATE TABLE features AS SELECT
    TIMESTAMP '2024-05-01' + to_microseconds((i * ${String(14 * DAY)}) // 20000) AS ts,
    u(i, 1) AS still,
    u(i, 2) + CASE WHEN i >= 10000 THEN 0.5 ELSE 0 END AS moved,
    CASE WHEN i >= 10000 THEN 3 ELSE 1 END * (u(i, 3) - 0.5) AS widened,
    CASE WHEN u(i, 4) < (CASE WHEN i >= 10000 THEN 0.12 ELSE 0.01 END) THEN NULL ELSE u(i, 5) END AS holes,
    CASE WHEN i >= 10000 THEN NULL ELSE u(i, 5) END AS emptied,
    NULL::DOUBLE AS never,
    7.0 AS constant,
    CASE WHEN i % 100 = 0 THEN 'Infinity'::DOUBLE WHEN i % 100 = 1 THEN 'NaN'::DOUBLE WHEN i % 100 = 2 THEN '-Infinity'::DOUBLE ELSE u(i, 6) END AS wild,
    CASE WHEN u(i, 7) < 0.45 THEN CASE WHEN i >= 10000 THEN '0' ELSE 'F' END
         WHEN u(i, 7) < 0.85 THEN CASE WHEN i >= 10000 THEN '1' ELSE 'M' END
         WHEN u(i, 7) < 0.95 THEN 'other' ELSE 'unknown' END AS gender,
    CASE WHEN u(i, 8) < 0.5 THEN 'a' WHEN u(i, 8) < 0.8 THEN 'b' ELSE 'c' END AS steady,
    CASE WHEN i >= 10000 AND u(i, 9) < 0.2 THEN 'new' ELSE 'old' END AS fresh,
    u(i, 10) < CASE WHEN i >= 10000 THEN 0.7 ELSE 0.3 END AS flag,
    'user-' || i AS user_id,
    CASE WHEN i >= 10000 THEN 'v8' ELSE 'v7' END AS version,
    1 AS _ev, i AS _line, NULL::BIGINT AS _off
    FROM range(20000) r(i)`);
});
afterAll(async () => {
  await engine.close();
});

const FEATURES = meta(
  "features",
  [
    ["still", "double", "feature"],
    ["moved", "double", "feature"],
    ["widened", "double", "feature"],
    ["holes", "double", "feature"],
    ["emptied", "double", "feature"],
    ["never", "double", "feature"],
    ["constant", "double", "feature"],
    ["wild", "double", "feature"],
    ["gender", "varchar", "feature"],
    ["steady", "varchar", "segment"],
    ["fresh", "varchar", "feature"],
    ["flag", "boolean", "feature"],
    ["user_id", "varchar", "entity"],
    ["version", "varchar", "model_version"],
  ],
  20_000,
);

describe("an own table", () => {
  let compared: TableComparison;
  beforeAll(async () => {
    compared = await compareTable(engine, FEATURES, WEEKS);
  });

  test("counts both windows", () => {
    expect(compared).toMatchObject({
      skipped: null,
      baselineRows: 10_000,
      incidentRows: 10_000,
    });
  });

  test.each([
    ["still", {}],
    ["moved", { distribution: "major", out_of_range: "major" }],
    ["widened", { distribution: "major", out_of_range: "major" }],
    ["holes", { null_rate: "minor" }],
    ["emptied", { null_rate: "major" }],
    ["never", {}],
    ["constant", {}],
    ["wild", {}],
    ["gender", { re_encoding: "major" }],
    ["steady", {}],
    ["fresh", { new_categories: "major", distribution: "major" }],
    ["flag", { distribution: "major" }],
    ["user_id", {}],
  ])("%s: %o", (name, expected) => {
    expect(kinds(column(compared, name))).toEqual(expected);
  });

  test("a renaming is told with its mapping", () => {
    const shift = column(compared, "gender").shifts.find((s) => s.kind === "re_encoding");
    expect(shift?.sentence).toMatch(/lost 2 of its 4 values; every former `F` now reads `0`/u);
    expect(shift?.sentence).toMatch(/every former `M` now reads `1`/u);
  });

  test("every number can be stored as JSON", () => {
    expect(JSON.parse(JSON.stringify(compared))).toEqual(compared);
    const wild = column(compared, "wild");
    expect(wild.baseline.nulls).toBe(100);
    expect(wild.baseline.max).toBeLessThan(1);
  });

  test("the query of each shift repeats its statistic", async () => {
    for (const shift of compared.columns.flatMap((c) => c.shifts)) {
      const result = unwrap(await engine.query(shift.sql));
      if (!result.schema.fields.some((f) => f.name === shift.statistic.name)) continue;
      const value = Number(readColumn(result, shift.statistic.name)[0]);
      expect(value, `${shift.id} ${shift.statistic.name}`).toBeCloseTo(shift.statistic.value, 9);
    }
  });

  test("numbers agree with DuckDB's own aggregates", async () => {
    const { baseline } = column(compared, "moved");
    const sql = unwrap(
      await engine.query(
        "SELECT avg(moved) AS m, stddev_samp(moved) AS s, quantile_cont(moved, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) AS q FROM features WHERE _line < 10000",
      ),
    );
    expect(baseline.mean).toBeCloseTo(Number(readColumn(sql, "m")[0]), 12);
    expect(baseline.sd).toBeCloseTo(Number(readColumn(sql, "s")[0]), 12);
    (readColumn(sql, "q")[0] as number[]).forEach((q, k) => {
      expect(baseline.quantiles?.[k]).toBeCloseTo(q, 12);
    });
  });
});

describe("windows", () => {
  test("a filter on a column's value instead of time", async () => {
    const compared = await compareTable(engine, FEATURES, {
      baseline: {
        from: null,
        to: null,
        filter: { column: "version", values: ["v7"] },
      },
      incident: {
        from: null,
        to: null,
        filter: { column: "version", values: ["v8"] },
      },
    });
    expect(compared.baselineRows).toBe(10_000);
    expect(kinds(column(compared, "moved"))).toEqual({
      distribution: "major",
      out_of_range: "major",
    });
    expect(compared.columns.map((c) => c.column)).not.toContain("version");
  });

  test("windows that share rows count them in both", async () => {
    const compared = await compareTable(engine, FEATURES, {
      baseline: { from: T0, to: T0 + 10 * DAY },
      incident: { from: T0 + 4 * DAY, to: T0 + 14 * DAY },
    });
    expect(compared.baselineRows + compared.incidentRows).toBeGreaterThan(28_000);
    expect(column(compared, "gender").baseline.rows).toBe(compared.baselineRows);
  });

  test.each([
    ["an empty incident", { from: T0 + 90 * DAY, to: T0 + 91 * DAY }, "the incident has no rows"],
    ["one row", { from: T0 + 7 * DAY, to: T0 + 7 * DAY + 1 }, null],
  ])("%s", async (_, incident, skipped) => {
    const compared = await compareTable(engine, FEATURES, {
      ...WEEKS,
      incident,
    });
    expect(compared.skipped).toBe(skipped);
    expect(
      compared.columns
        .flatMap((c) => c.shifts)
        .filter(
          (s) => !["re_encoding"].includes(s.kind) && s.verdict === "major" && (s.p ?? 0) > 0.05,
        ),
    ).toEqual([]);
  });

  test("a table without time is skipped with the reason", async () => {
    const compared = await compareTable(engine, { ...FEATURES, timeColumn: null }, WEEKS);
    expect(compared.skipped).toBe("the table has no time column");
  });

  test("cancelling ends with a fault", async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(
      compareTable(engine, FEATURES, WEEKS, { signal: controller.signal }),
    ).rejects.toBeInstanceOf(Fault);
  });
});

test("100,000 categories: no shift where only chance differs, a shift where new ones come", async () => {
  await run(`CREATE TABLE items AS SELECT
    TIMESTAMP '2024-05-01' + to_microseconds((i * ${String(14 * DAY)}) // 400000) AS ts,
    'item ' || (floor(100000 * u(i, 1) ** 2))::INT AS churn,
    CASE WHEN i >= 200000 AND u(i, 2) < 0.3 THEN 'fresh ' ELSE 'item ' END || (floor(100000 * u(i, 1) ** 2))::INT AS replaced,
    1 AS _ev, i AS _line, NULL::BIGINT AS _off FROM range(400000) r(i)`);
  const compared = await compareTable(
    engine,
    meta(
      "items",
      [
        ["churn", "varchar", "feature"],
        ["replaced", "varchar", "feature"],
      ],
      400_000,
    ),
    WEEKS,
  );
  expect(kinds(column(compared, "churn"))).toEqual({});
  expect(kinds(column(compared, "replaced"))).toMatchObject({
    new_categories: "major",
  });
});

describe("fixed tables", () => {
  beforeAll(async () => {
    for (const sql of createFixedTablesSql()) await run(sql);
    for (const sql of insertMetricsSql(`SELECT
      TIMESTAMP '2024-05-01' + to_microseconds(i * 300000000) AS ts,
      name || '{job="a"}', name, 'a',
      CASE WHEN name = 'latency' AND i >= 2016 THEN 2 ELSE 1 END * (10 + u(i, length(name))), 'ms', 1, i, NULL
      FROM range(4032) r(i), (VALUES ('latency'), ('requests')) n(name)`))
      await run(sql);
    await run(`INSERT INTO logs SELECT
      TIMESTAMP '2024-05-01' + to_microseconds(i * 30000000),
      CASE WHEN u(i, 1) < CASE WHEN i >= 20160 THEN 0.2 ELSE 0.02 END THEN 'error' ELSE 'info' END,
      'api', 'h' || (i % 3), 'request ' || i, NULL, 1, i, i * 100, NULL FROM range(40320) r(i)`);
  });

  test("each series of metrics is a column", async () => {
    const compared = await compareTable(engine, fixedMeta("metrics", 8064), WEEKS);
    expect(kinds(column(compared, 'latency{job="a"}'))).toEqual({
      distribution: "major",
    });
    expect(kinds(column(compared, 'requests{job="a"}'))).toEqual({});
    expect(column(compared, 'latency{job="a"}')).toMatchObject({
      unit: "ms",
      shifts: [{ service: "a" }],
    });
  });

  test("logs: level by share and lines per time", async () => {
    const table: TableMeta = {
      ...fixedMeta("logs", 40_320),
      columns: FIXED_TABLES.logs.map((c) => ({
        ...c,
        role: c.name === "ts" ? "timestamp" : c.name === "fields" ? "ignore" : (c.name as Role),
      })),
    };
    const compared = await compareTable(engine, table, WEEKS);
    expect(kinds(column(compared, "level"))).toHaveProperty("distribution");
    expect(kinds(column(compared, "volume error"))).toEqual({ level: "major" });
    expect(kinds(column(compared, "volume"))).toEqual({});
    const shift = column(compared, "volume error").shifts[0];
    const sql = unwrap(await engine.query(shift?.sql ?? ""));
    expect(Number(readColumn(sql, "log2_ratio")[0])).toBeCloseTo(shift?.statistic.value ?? NaN, 9);
  });

  test("compareAll: over everything, strongest first, with schema changes", async () => {
    const seen: number[] = [];
    const all = await compareAll(
      engine,
      [FEATURES, fixedMeta("metrics", 8064), { ...FEATURES, name: "nowhere", timeColumn: null }],
      WEEKS,
      { onProgress: (f) => seen.push(f) },
    );
    expect(all.schemaChanges).toMatchObject([{ column: "emptied", change: "all_null" }]);
    expect(all.tables[2]?.skipped).toBe("the table has no time column");
    expect(all.shifts.map((s) => s.score)).toEqual(
      all.shifts.map((s) => s.score).toSorted((a, b) => b - a),
    );
    expect(all.shifts.every((s) => s.q === null || s.q < 0.05)).toBe(true);
    expect(seen.at(-1)).toBeCloseTo(1, 6);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });
});

test("rows and course of a column", async () => {
  const page = await rowsInWindow(engine, FEATURES, WEEKS.incident, 5, 2);
  expect(page).toMatchObject({ total: 10_000 });
  expect(page.rows[0]?.[page.columns.indexOf("_line")]).toBe(10_002);
  const numbers = await columnOverTime(engine, FEATURES, "moved", 14);
  expect(numbers.times).toHaveLength(14);
  expect(numbers.numeric?.median[0]).toBeCloseTo(0.5, 1);
  expect(numbers.numeric?.median[13]).toBeCloseTo(1, 1);
  const texts = await columnOverTime(engine, FEATURES, "gender", 14);
  const zero = texts.categories?.find((c) => c.value === "0");
  expect(zero?.share[0]).toBe(0);
  expect(zero?.share[13]).toBeCloseTo(0.45, 1);
});
