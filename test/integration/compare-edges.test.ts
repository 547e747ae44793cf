import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareTable } from "../../shared/analysis/compare-table.ts";
import { countCategories } from "../../shared/analysis/count-categories.ts";
import { unwrap } from "../../shared/base/result.ts";
import { DAY, parseIso } from "../../shared/base/time.ts";
import type { ColumnType } from "../../shared/model/role.ts";
import type { ColumnComparison, Statistic, TableComparison } from "../../shared/model/shift.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import type { Window } from "../../shared/model/window.ts";
import { createNodeEngine } from "../support/node-engine.ts";

let engine: Awaited<ReturnType<typeof createNodeEngine>>;
const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
const WEEKS = {
  baseline: { from: T0, to: T0 + 7 * DAY },
  incident: { from: T0 + 7 * DAY, to: T0 + 14 * DAY },
};
const late = (rows: number): string => `(i >= ${String(rows / 2)})`;
const u = (salt: number): string => `(hash(i * 1000003 + ${String(salt)}) % 1000003 / 1000003.0)`;

beforeAll(async () => {
  engine = await createNodeEngine();
});
afterAll(async () => {
  await engine.close();
});

/** A table over 14 days, evenly; the second half is the incident. */
async function make(
  name: string,
  rows: number,
  columns: readonly (readonly [string, ColumnType, string])[],
): Promise<TableMeta> {
  const list = columns.map(([column, , sql]) => `${sql} AS ${column}`);
  unwrap(
    await engine.query(`CREATE TABLE ${name} AS SELECT
  TIMESTAMP '2024-05-01' + to_microseconds((i * ${String(14 * DAY)}) // ${String(rows)}) AS ts,
  ${list.join(", ")}, 1 AS _ev, i AS _line, NULL::BIGINT AS _off FROM range(${String(rows)}) r(i)`),
  );
  return {
    name,
    target: "own",
    columns: [
      { name: "ts", type: "timestamp", role: "timestamp" },
      ...columns.map(([column, type]) => ({ name: column, type, role: "feature" as const })),
    ],
    timeColumn: "ts",
    evidenceIds: ["E1"],
    rows,
    from: T0,
    to: T0 + 14 * DAY - 1,
  };
}

function column(compared: TableComparison, name: string): ColumnComparison {
  const found = compared.columns.find((c) => c.column === name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return found;
}
function statistic(c: ColumnComparison, name: string): Statistic | undefined {
  return c.statistics.find((s) => s.name === name);
}
/** Every number shown is a number, every interval holds its value. */
function sound(compared: TableComparison): void {
  for (const c of compared.columns) {
    for (const s of c.statistics) {
      const where = `${c.column} ${s.name}`;
      expect(Number.isFinite(s.value), where).toBe(true);
      expect(s.p === null || (s.p >= 0 && s.p <= 1), where).toBe(true);
      expect(s.low ?? s.value, where).toBeLessThanOrEqual(s.value + 1e-12);
      expect(s.high ?? s.value, where).toBeGreaterThanOrEqual(s.value - 1e-12);
    }
  }
}
const majors = (compared: TableComparison): string[] =>
  compared.columns
    .flatMap((c) => c.shifts)
    .filter((s) => s.verdict === "major")
    .map((s) => s.id);

describe("few rows", () => {
  test("one row in each window says nothing", async () => {
    const table = await make("one_row", 2, [
      ["x", "double", "i::DOUBLE"],
      ["s", "varchar", "'value ' || i"],
      ["b", "boolean", "i = 1"],
      ["n", "bigint", "i"],
    ]);
    const compared = await compareTable(engine, table, WEEKS);
    sound(compared);
    expect(majors(compared)).toEqual([]);
    expect(statistic(column(compared, "x"), "anderson_darling")).toBeUndefined();
    expect(statistic(column(compared, "x"), "cliffs_delta")?.low).toBeUndefined();
  });
  test("a window without rows is skipped, and says so", async () => {
    const table = await make("no_rows", 10, [["x", "double", "i::DOUBLE"]]);
    const incident: Window = { from: T0 + 90 * DAY, to: T0 + 91 * DAY };
    const compared = await compareTable(engine, table, { ...WEEKS, incident });
    expect(compared).toMatchObject({ skipped: "the incident has no rows", columns: [] });
  });
  test("a window 1,000 times as long as the other", async () => {
    const table = await make("uneven", 200_200, [
      ["same", "double", u(1)],
      ["moved", "double", `${u(2)} + CASE WHEN i >= 200000 THEN 0.8 ELSE 0 END`],
      ["word", "varchar", `'w' || hash(i + 5) % 6`],
    ]);
    const cut = T0 + Math.floor((200_000 * 14 * DAY) / 200_200);
    const compared = await compareTable(engine, table, {
      baseline: { from: T0, to: cut },
      incident: { from: cut, to: T0 + 14 * DAY },
    });
    expect(compared.incidentRows).toBe(200);
    sound(compared);
    // The mere count of rows apart: 200,000 rows in 14 days, 200 in 20 minutes.
    expect(new Set(majors(compared).map((id) => id.split("/")[1]))).toEqual(new Set(["moved"]));
    const psi = statistic(column(compared, "same"), "psi");
    const critical = statistic(column(compared, "same"), "psi_critical");
    // Customary reading would not know that 200 rows vary so much.
    expect(critical?.value).toBeCloseTo(16.919 * (1 / 200 + 1 / 200_000), 4);
    expect(psi?.p).toBeGreaterThan(0.01);
  });
});

describe("values that are hard to compare", () => {
  test("all null, all equal, infinities, NaN", async () => {
    const rows = 4000;
    const special = (value: string): string => `'${value}'::DOUBLE`;
    const table = await make("special", rows, [
      ["never", "double", "NULL::DOUBLE"],
      ["never_text", "varchar", "NULL::VARCHAR"],
      ["emptied", "double", `CASE WHEN ${late(rows)} THEN NULL ELSE ${u(1)} END`],
      ["constant", "double", "7.0"],
      ["constant_text", "varchar", "'x'"],
      ["two_constants", "double", `CASE WHEN ${late(rows)} THEN 8.0 ELSE 7.0 END`],
      ["infinite", "double", `CASE WHEN i % 10 = 0 THEN ${special("Infinity")} ELSE ${u(2)} END`],
      ["only_infinite", "double", special("-Infinity")],
      [
        "now_infinite",
        "double",
        `CASE WHEN ${late(rows)} THEN ${special("Infinity")} ELSE ${u(3)} END`,
      ],
      ["only_nan", "double", special("NaN")],
      [
        "now_nan",
        "double",
        `CASE WHEN ${late(rows)} AND i % 2 = 0 THEN ${special("NaN")} ELSE ${u(4)} END`,
      ],
    ]);
    const compared = await compareTable(engine, table, WEEKS);
    sound(compared);
    const still = [
      "never",
      "never_text",
      "constant",
      "constant_text",
      "infinite",
      "only_infinite",
      "only_nan",
    ];
    for (const name of still) {
      const found = column(compared, name).shifts.filter((s) => s.verdict !== "none");
      expect(
        found.map((s) => s.id),
        name,
      ).toEqual([]);
    }
    expect(statistic(column(compared, "constant"), "anderson_darling")).toBeUndefined();
    expect(statistic(column(compared, "constant"), "cliffs_delta")?.value).toBe(0);
    expect(statistic(column(compared, "two_constants"), "cliffs_delta")).toMatchObject({
      value: 1,
      high: 1,
    });
    expect(statistic(column(compared, "infinite"), "wasserstein_normed")?.value).toBeLessThan(0.1);
    expect(statistic(column(compared, "now_infinite"), "ks")?.value).toBe(1);
    expect(column(compared, "now_nan").incident.nulls).toBe(rows / 4);
    expect(statistic(column(compared, "now_nan"), "null_rate_h")?.value).toBeCloseTo(
      Math.PI / 2,
      9,
    );
    for (const name of ["emptied", "two_constants", "now_infinite", "now_nan"]) {
      expect(
        majors(compared).some((id) => id.startsWith(`special/${name}/`)),
        name,
      ).toBe(true);
    }
  });

  test("whole numbers beyond 2^53 are compared to 16 digits, and that is said", async () => {
    const rows = 4000;
    const table = await make("large_numbers", rows, [
      ["steady", "bigint", "9007199254740993 + (hash(i) % 1000000)::BIGINT * 1000000"],
      [
        "moved",
        "bigint",
        `4611686018427387904 + i * 1000000000000 * CASE WHEN ${late(rows)} THEN 100 ELSE 1 END`,
      ],
      ["least", "bigint", "-9223372036854775807 + (hash(i) % 3)::BIGINT"],
      ["small", "bigint", "i % 100"],
    ]);
    const compared = await compareTable(engine, table, WEEKS);
    sound(compared);
    expect(new Set(majors(compared).map((id) => id.split("/")[1]))).toEqual(new Set(["moved"]));
    expect(compared.notes).toEqual([
      "`steady`, `moved` and `least` hold whole numbers beyond 2^53: they are compared to 16 digits, so that values that differ only after them count as equal.",
    ]);
  });
});

describe("windows that overlap", () => {
  test("the comparison says how many rows lie in both", async () => {
    const table = await make("overlap", 1400, [["x", "double", u(1)]]);
    const compared = await compareTable(engine, table, {
      baseline: { from: T0, to: T0 + 8 * DAY },
      incident: { from: T0 + 6 * DAY, to: T0 + 10 * DAY },
    });
    expect(compared.notes).toEqual([
      "The windows overlap: 200 rows lie in both (50 % of the smaller one). Differences look smaller than they are, and p-values do not hold.",
    ]);
    sound(compared);
    // Ranges that touch, and ranges that overlap where no row lies, share nothing.
    expect((await compareTable(engine, table, WEEKS)).notes).toBeUndefined();
  });
});

describe("many categories", () => {
  test("a million: what comes over is bounded, the sums are exact", async () => {
    const rows = 3_000_000;
    // Two rows in one window and one in the other for each category; 1 % come, 2 % go.
    unwrap(
      await engine.query(`CREATE TABLE many AS SELECT 'category ' || (i % 1000000) AS c,
  i >= ${String(rows / 2)} AS incident FROM range(${String(rows)}) r(i)
WHERE NOT (i < ${String(rows / 2)} AND i % 1000000 < 10000) AND NOT (i >= ${String(rows / 2)} AND i % 1000000 >= 980000)`),
    );
    const sample = await countCategories(
      engine,
      "many",
      "c",
      { baseline: "(NOT incident)", incident: "(incident)" },
      { baseline: 0, incident: 0 },
    );
    expect(sample.categories).toHaveLength(200);
    expect(sample.other.categories + 200).toBe(1_000_000);
    expect(sample.other.inBaseline + count(sample.categories, "baseline")).toBe(990_000);
    expect(sample.other.inIncident + count(sample.categories, "incident")).toBe(980_000);
    const onlyIncident = sample.categories.filter((c) => c.baseline === 0);
    expect(sample.other.onlyIncident + sum(onlyIncident, "incident")).toBe(10_000);
    const onlyBaseline = sample.categories.filter((c) => c.incident === 0);
    expect(sample.other.onlyBaseline + sum(onlyBaseline, "baseline")).toBe(20_000);
    expect(sample.other.baseline + sum(sample.categories, "baseline")).toBe(1_480_000);
    expect(sample.other.incident + sum(sample.categories, "incident")).toBe(1_460_000);
    // The most frequent come first, the same in every run.
    const sizes = sample.categories.map((c) => c.baseline + c.incident);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes[0]).toBe(3);
    unwrap(await engine.query("DROP TABLE many"));
  });
});

type Which = "baseline" | "incident";
function sum(list: readonly Record<Which, number>[], which: Which): number {
  return list.reduce((s, c) => s + c[which], 0);
}
function count(list: readonly Record<Which, number>[], which: Which): number {
  return list.filter((c) => c[which] > 0).length;
}
