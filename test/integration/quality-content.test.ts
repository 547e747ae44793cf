import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareTable } from "../../shared/analysis/compare-table.ts";
import type { WindowPair } from "../../shared/analysis/windows.ts";
import { unwrap } from "../../shared/base/result.ts";
import { DAY, HOUR, parseIso } from "../../shared/base/time.ts";
import { runImport } from "../../shared/importers/run-import.ts";
import type { ColumnType, Role } from "../../shared/model/role.ts";
import type { Shift, TableComparison } from "../../shared/model/shift.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { createFixedTablesSql } from "../../shared/tables/case-tables.ts";
import { createNodeEngine, type NodeEngine } from "../support/node-engine.ts";
import { openData } from "../support/open-data.ts";
import { sourceOf } from "../support/sources.ts";

type Columns = readonly (readonly [name: string, sql: string, type?: ColumnType, role?: Role])[];

const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
const ROWS = 12_000;
const WEEKS: WindowPair = {
  baseline: { from: T0, to: T0 + 7 * DAY },
  incident: { from: T0 + 7 * DAY, to: T0 + 14 * DAY },
};
/** Kinds that belong to the checks of content. */
const CONTENT = new Set([
  "renamed",
  "retyped",
  "constant",
  "cardinality",
  "out_of_range",
  "impossible_value",
  "unit",
  "default_flood",
  "truncation",
  "re_encoding",
]);

let engine: NodeEngine;
beforeAll(async () => {
  engine = await createNodeEngine();
  for (const sql of createFixedTablesSql()) await run(sql);
  // Uniform in [0, 1), exponential and roughly normal, the same in every run.
  await run("CREATE MACRO u(i, salt) AS (hash(i * 1000003 + salt) % 1000000007) / 1000000007.0");
  await run("CREATE MACRO e(i, salt) AS -ln(1 - u(i, salt))");
  await run(
    "CREATE MACRO g(i, salt) AS sqrt(2 * e(i, salt)) * cos(6.283185307 * u(i, salt + 7919))",
  );
});
afterAll(() => engine.close());

async function run(sql: string): Promise<void> {
  unwrap(await engine.query(sql));
}

/** A table of two weeks; `late` is true in the second, the incident. */
async function compare(
  columns: Columns,
  windows: WindowPair = WEEKS,
  rows = ROWS,
): Promise<TableComparison> {
  const list = columns.map(([name, sql]) => `${sql} AS "${name}"`).join(",\n");
  await run(`CREATE OR REPLACE TABLE t AS SELECT
    TIMESTAMP '2024-05-01' + to_microseconds((i * ${String(14 * DAY)}) // ${String(rows)}) AS ts,
    ${list}, 1 AS _ev, i AS _line, NULL::BIGINT AS _off
    FROM (SELECT i, i >= ${String(rows / 2)} AS late FROM range(${String(rows)}) r(i))`);
  const table: TableMeta = {
    name: "t",
    target: "own",
    columns: [
      { name: "ts", type: "timestamp", role: "timestamp" },
      ...columns.map(([name, , type = "double", role = "feature"]) => ({ name, type, role })),
    ],
    timeColumn: "ts",
    evidenceIds: ["E1"],
    rows,
    from: T0,
    to: T0 + 14 * DAY - 1,
  };
  return compareTable(engine, table, windows);
}

/** Findings of content about one column. */
function found(compared: TableComparison, column: string): Shift[] {
  const own = compared.columns.find((c) => c.column === column);
  if (own === undefined) throw new Error(`no column ${column}`);
  return own.shifts.filter((s) => CONTENT.has(s.kind) && s.verdict !== "none");
}
const kinds = (compared: TableComparison, column: string): Record<string, string> =>
  Object.fromEntries(found(compared, column).map((s) => [s.kind, s.verdict]));
function only(compared: TableComparison, column: string): Shift {
  const shifts = found(compared, column);
  expect(shifts.map((s) => s.kind)).toHaveLength(1);
  const [shift] = shifts;
  if (shift === undefined) throw new Error("none");
  return shift;
}
const fact = (shift: Shift, name: string): string =>
  shift.facts?.find((f) => f.name === name)?.value ?? "";

describe("unit and scale", () => {
  test.each([
    ["latency", "e(i, 1) * 0.2", "CASE WHEN late THEN x * 1000 ELSE x END", /1,000 times.*s → ms/u],
    ["price", "10 + e(i, 1) * 20", "CASE WHEN late THEN x / 100 ELSE x END", /a hundredth of/u],
    ["heap", "1e6 + 1e8 * u(i, 1)", "CASE WHEN late THEN x / 1048576 ELSE x END", /1,024²/u],
    ["uptime", "5 + 50 * u(i, 1)", "CASE WHEN late THEN x * 3600 ELSE x END", /3,600 times/u],
    ["temperature", "20 + 5 * g(i, 1)", "CASE WHEN late THEN x * 1.8 + 32 ELSE x END", /°C → °F/u],
    ["temp", "20 + 5 * g(i, 1)", "CASE WHEN late THEN x + 273.15 ELSE x END", /°C → K/u],
    ["distance", "1 + e(i, 1) * 10", "CASE WHEN late THEN x * 1.609344 ELSE x END", /miles → km/u],
    ["delta", "1 + g(i, 1)", "CASE WHEN late THEN -x ELSE x END", /the negative of/u],
    ["ctr_rate", "0.5 * u(i, 1)", "CASE WHEN late THEN x * 100 ELSE x END", /100 times/u],
  ])("%s", async (name, x, changed, sentence) => {
    const compared = await compare([[name, changed.replaceAll("x", `(${x})`)]]);
    const shift = only(compared, name);
    expect(shift).toMatchObject({ kind: "unit", verdict: "major" });
    expect(shift.sentence).toMatch(sentence);
    expect(fact(shift, "Baseline quantiles, converted")).toContain("50 %:");
    expect(fact(shift, "Share of rows converted")).toBe("all");
  });

  test("a part of the rows: its share is estimated", async () => {
    const x = "(50 + 20 * u(i, 1))";
    const compared = await compare([
      ["some", `CASE WHEN late AND u(i, 2) < 0.3 THEN ${x} * 1000 ELSE ${x} END`],
      ["few", `CASE WHEN late AND u(i, 3) < 0.05 THEN -${x} ELSE ${x} END`],
    ]);
    expect(only(compared, "some")).toMatchObject({ kind: "unit", verdict: "major" });
    expect(only(compared, "some").effect.value).toBeCloseTo(0.3, 1);
    expect(only(compared, "few").effect.value).toBeCloseTo(0.05, 1);
    expect(only(compared, "few").sentence).toMatch(/in about .* the negative of/u);
  });

  test("growth that is no unit: another factor, another shape, a factor without its quantity", async () => {
    const compared = await compare([
      ["doubled", "(5 + g(i, 1)) * CASE WHEN late THEN 2 ELSE 1 END"],
      ["grown", "(5 + g(i, 2)) * CASE WHEN late THEN 1.609344 ELSE 1 END"],
      ["skewed", "CASE WHEN late THEN 10 * e(i, 3) ELSE u(i, 4) END"],
      ["heavy", "exp(2 * g(i, 5)) * CASE WHEN late THEN 1 + u(i, 6) ELSE 1 END"],
    ]);
    for (const name of ["doubled", "grown", "skewed", "heavy"]) {
      expect(kinds(compared, name), name).not.toHaveProperty("unit");
    }
  });
});

describe("defaults, cuts and impossible values", () => {
  test("numbers", async () => {
    const compared = await compare([
      ["income", "CASE WHEN late AND u(i, 1) < 0.15 THEN -1 ELSE 1000 + 500 * g(i, 2) END"],
      ["height", "CASE WHEN late AND u(i, 3) < 0.2 THEN 0 ELSE 170 + 8 * g(i, 4) END"],
      ["clicks", "CASE WHEN late AND u(i, 5) < 0.2 THEN 999 ELSE floor(20 * e(i, 6)) END"],
      ["odd", "CASE WHEN late AND u(i, 7) < 0.2 THEN 37.25 ELSE 30 + 8 * g(i, 8) END"],
      ["rounded", "CASE WHEN late THEN round(100 * u(i, 9)) ELSE 100 * u(i, 9) END"],
      ["cents", "CASE WHEN late THEN round(e(i, 9), 1) ELSE round(e(i, 9), 3) END"],
      ["clipped", "CASE WHEN late THEN least(10 * e(i, 10), 20) ELSE 10 * e(i, 10) END"],
      ["probability", "CASE WHEN late AND u(i, 11) < 0.05 THEN 1 + u(i, 12) ELSE u(i, 13) END"],
      [
        "visit_count",
        "CASE WHEN late AND u(i, 14) < 0.03 THEN -floor(e(i, 15) * 5) - 2 ELSE floor(50 * u(i, 16)) END",
      ],
      ["lat", "CASE WHEN late AND u(i, 17) < 0.05 THEN 100 + 20 * u(i, 17) ELSE 45 + g(i, 18) END"],
      ["ratio_nan", "CASE WHEN late AND u(i, 19) < 0.04 THEN 'NaN'::DOUBLE ELSE u(i, 20) END"],
      ["infinite", "CASE WHEN late AND u(i, 21) < 0.04 THEN 'Infinity'::DOUBLE ELSE u(i, 22) END"],
      ["far", "CASE WHEN late AND u(i, 23) < 0.1 THEN 40 + 10 * u(i, 24) ELSE g(i, 25) END"],
      ["one_row", `CASE WHEN i = ${String(ROWS - 5)} THEN 1e7 ELSE 10 * e(i, 26) END`],
    ]);
    expect(kinds(compared, "income")).toEqual({ default_flood: "major" });
    expect(kinds(compared, "height")).toEqual({ default_flood: "major" });
    expect(kinds(compared, "clicks")).toEqual({ default_flood: "major" });
    expect(kinds(compared, "odd")).toEqual({ default_flood: "major" });
    expect(only(compared, "odd").sentence).toMatch(/`37.25` in 2\d %/u);
    expect(kinds(compared, "rounded")).toEqual({ truncation: "major" });
    expect(kinds(compared, "cents")).toEqual({ truncation: "major" });
    expect(kinds(compared, "clipped")).toEqual({ truncation: "major" });
    expect(only(compared, "clipped").sentence).toMatch(/exceeds 20 any more/u);
    expect(kinds(compared, "probability")).toEqual({ impossible_value: "major" });
    expect(kinds(compared, "visit_count")).toEqual({ impossible_value: "major" });
    expect(kinds(compared, "lat")).toEqual({ impossible_value: "major" });
    expect(kinds(compared, "ratio_nan")).toEqual({ impossible_value: "major" });
    expect(kinds(compared, "infinite")).toMatchObject({ default_flood: "minor" });
    expect(kinds(compared, "far")).toEqual({ out_of_range: "major" });
    expect(kinds(compared, "one_row")).toEqual({ out_of_range: "minor" });
  });

  test("each finding's query repeats its rows", async () => {
    const compared = await compare([
      ["income", "CASE WHEN late AND u(i, 1) < 0.15 THEN -1 ELSE 1000 + 500 * g(i, 2) END"],
    ]);
    const { sql, facts } = only(compared, "income");
    const rows = unwrap(await engine.query(sql));
    const now = Number(rows.getChild("incident_rows")?.get(0) as bigint);
    const told = facts?.find((f) => f.name === "Rows with it, incident")?.value;
    expect(told).toMatch(new RegExp(`^${String(now)} of 6,000 rows`, "u"));
  });

  test("texts", async () => {
    const city =
      "['New York', 'San Francisco', 'Los Angeles', 'Rome', 'Philadelphia'][1 + floor(5 * u(i, 1))::INT]";
    const words = "repeat('word ', 1 + floor(20 * u(i, 2))::INT) || i";
    const compared = await compare([
      ["city", `CASE WHEN late AND u(i, 3) < 0.3 THEN 'unknown' ELSE ${city} END`, "varchar"],
      ["short_city", `CASE WHEN late THEN left(${city}, 8) ELSE ${city} END`, "varchar"],
      ["note", `CASE WHEN late THEN left(${words}, 40) ELSE ${words} END`, "varchar"],
      ["comment", `CASE WHEN late AND u(i, 4) < 0.3 THEN 'N/A' ELSE ${words} END`, "varchar"],
      [
        "amount_text",
        "CASE WHEN late THEN replace((round(100 * u(i, 5), 3))::VARCHAR, '.', ',') ELSE (round(100 * u(i, 5), 3))::VARCHAR END",
        "varchar",
      ],
      [
        "size_text",
        "CASE WHEN late THEN floor(1e6 * u(i, 6)) || ' ms' ELSE floor(1e6 * u(i, 6)) || '' END",
        "varchar",
      ],
      [
        "born",
        "CASE WHEN late AND u(i, 7) < 0.1 THEN TIMESTAMP '1970-01-01' ELSE TIMESTAMP '1960-01-01' + INTERVAL 1 DAY * floor(20000 * u(i, 8))::INT END",
        "timestamp",
      ],
    ]);
    expect(kinds(compared, "city")).toEqual({ default_flood: "major" });
    expect(kinds(compared, "short_city")).toMatchObject({ truncation: "major" });
    expect(kinds(compared, "note")).toEqual({ truncation: "major" });
    expect(only(compared, "note").sentence).toMatch(/cut at 40 characters/u);
    expect(kinds(compared, "comment")).toEqual({ default_flood: "major" });
    expect(kinds(compared, "amount_text")).toEqual({ retyped: "major" });
    expect(only(compared, "amount_text").sentence).toMatch(/decimal comma/u);
    expect(kinds(compared, "size_text")).toEqual({ retyped: "major" });
    expect(kinds(compared, "born")).toEqual({ impossible_value: "major" });
  });
});

describe("columns", () => {
  test("renamed by content; the name only breaks ties", async () => {
    const gone = (x: string): string => `CASE WHEN late THEN NULL ELSE ${x} END`;
    const came = (x: string): string => `CASE WHEN late THEN ${x} END`;
    const compared = await compare([
      ["age", gone("20 + 40 * u(i, 1)")],
      ["x7", came("20 + 40 * u(i, 2)")],
      ["score_a", gone("g(i, 3)")],
      ["score_b", gone("g(i, 4)")],
      ["new_score_b", came("g(i, 5)")],
      ["new_score_a", came("g(i, 6)")],
      ["country", gone("['de', 'fr', 'us'][1 + floor(3 * u(i, 7) ** 2)::INT]"), "varchar"],
      ["land", came("['de', 'fr', 'us'][1 + floor(3 * u(i, 8) ** 2)::INT]"), "varchar"],
      ["device", came("['tv', 'web'][1 + floor(2 * u(i, 9))::INT]"), "varchar"],
      ["uuid", gone("'u-' || hash(i)"), "varchar"],
      ["ident", came("'u-' || hash(i + 77)"), "varchar"],
      ["dropped", gone("1000 * e(i, 10)")],
    ]);
    const renamed = (name: string): string => fact(only(compared, name), "New name");
    expect(renamed("age")).toBe("x7");
    expect(renamed("score_a")).toBe("new_score_a");
    expect(renamed("score_b")).toBe("new_score_b");
    expect(renamed("country")).toBe("land");
    expect(renamed("uuid")).toBe("ident");
    expect(found(compared, "dropped")).toEqual([]);
  });

  test("constant and collapsed, with a shorter incident", async () => {
    const day: WindowPair = {
      baseline: WEEKS.baseline,
      incident: { from: T0 + 7 * DAY, to: T0 + 7 * DAY + 12 * HOUR },
    };
    const compared = await compare(
      [
        ["stuck", "CASE WHEN late THEN 4.5 ELSE u(i, 1) END"],
        [
          "one",
          "CASE WHEN late THEN 'a' ELSE ['a', 'b', 'c'][1 + floor(3 * u(i, 2))::INT] END",
          "varchar",
        ],
        ["rare", "CASE WHEN u(i, 3) < 0.003 THEN 'b' ELSE 'a' END", "varchar"],
        ["shops", "'shop ' || floor(CASE WHEN late THEN 5 ELSE 400 END * u(i, 4))::INT", "varchar"],
        ["many", "'shop ' || floor(400 * u(i, 5) ** 2)::INT", "varchar"],
        ["job", "'job ' || (i // 300)", "varchar"],
      ],
      day,
    );
    expect(kinds(compared, "stuck")).toMatchObject({ constant: "major" });
    expect(kinds(compared, "one")).toMatchObject({ constant: "major" });
    expect(kinds(compared, "rare")).toEqual({});
    expect(kinds(compared, "shops")).toEqual({ cardinality: "major" });
    expect(kinds(compared, "many")).toEqual({});
    // A job lasts a few hours, in the baseline too.
    expect(kinds(compared, "job")).not.toHaveProperty("constant");
    expect(kinds(compared, "job")).not.toHaveProperty("cardinality");
  });
});

describe("re-encoding", () => {
  const plan = "floor(3 * u(i % 300, 1))::INT";
  test("the mapping with its support, confirmed by entity", async () => {
    const compared = await compare([
      [
        "plan",
        `CASE WHEN late THEN ['p0', 'p1', 'p2'] ELSE ['free', 'basic', 'pro'] END[1 + ${plan}]`,
        "varchar",
      ],
      ["user_id", "'user ' || (i % 300)", "varchar", "entity"],
    ]);
    const shift = only(compared, "plan");
    expect(shift).toMatchObject({ kind: "re_encoding", verdict: "major" });
    expect(shift.sentence).toMatch(/100 % of the 300 values of `user_id`/u);
    expect(fact(shift, "`free` → `p0`")).toMatch(/rows in the baseline; .* follow it \(100 %\)/u);
    expect(shift.facts).toHaveLength(3);
  });

  test("codes that changed places show only by entity", async () => {
    const skewed =
      "CASE WHEN u(i % 300, 1) < 0.6 THEN 1 WHEN u(i % 300, 1) < 0.9 THEN 2 ELSE 3 END";
    const compared = await compare([
      [
        "code",
        `CASE WHEN late THEN ['b', 'a', 'c'] ELSE ['a', 'b', 'c'] END[${skewed}]`,
        "varchar",
      ],
      ["user_id", "'user ' || (i % 300)", "varchar", "entity"],
    ]);
    const shift = only(compared, "code");
    expect(shift.facts?.map((f) => f.name).sort()).toEqual(["`a` → `b`", "`b` → `a`"]);
  });

  test("facts of a mapping by shares alone", async () => {
    const compared = await compare([
      [
        "sex",
        "CASE WHEN u(i, 1) < 0.4 THEN CASE WHEN late THEN '0' ELSE 'F' END ELSE CASE WHEN late THEN '1' ELSE 'M' END END",
        "varchar",
      ],
    ]);
    expect(fact(only(compared, "sex"), "`F` → `0`")).toMatch(
      /^[\d,]+ rows in the baseline, 0 left; [\d,]+ rows read `0` now$/u,
    );
  });

  test("what succeeds in time is no re-encoding", async () => {
    const compared = await compare([
      ["model", "CASE WHEN late THEN 'b7f3' ELSE '09ac' END", "varchar", "model_version"],
      ["release", "CASE WHEN late THEN 'v1.10.0' ELSE 'v1.9.2' END", "varchar"],
      [
        "load_date",
        "CASE WHEN late THEN '2024-05-0' || (8 + floor(2 * u(i, 1))::INT) ELSE '2024-05-0' || (1 + floor(5 * u(i, 1))::INT) END",
        "varchar",
      ],
      ["batch", "CASE WHEN late THEN 'batch-12' ELSE 'batch-9' END", "varchar"],
    ]);
    for (const name of ["model", "release", "load_date", "batch"]) {
      const own = compared.columns.find((c) => c.column === name);
      expect(
        own?.shifts.map((s) => s.kind),
        name,
      ).toContain("new_categories");
      expect(
        own?.shifts.map((s) => s.kind),
        name,
      ).not.toContain("re_encoding");
    }
  });

  test("a status that entities merely move on from is none", async () => {
    const compared = await compare([
      [
        "status",
        "CASE WHEN late AND i % 600 < 300 THEN 'paid' WHEN u(i % 600, 3) < 0.5 THEN 'trial' ELSE 'free' END",
        "varchar",
      ],
      ["user_id", "'user ' || (i % 600)", "varchar", "entity"],
    ]);
    expect(kinds(compared, "status")).toEqual({});
  });
});

describe("two windows of one process", () => {
  const columns = (salt: number): Columns => [
    ["uniform", `u(i, ${String(salt + 1)})`],
    ["normal", `g(i, ${String(salt + 2)})`],
    ["price", `round(exp(g(i, ${String(salt + 3)})), 2)`],
    ["heavy", `pow(1 - u(i, ${String(salt + 4)}), -1)`],
    ["count", `floor(3 * e(i, ${String(salt + 5)}))`, "bigint"],
    [
      "zeros",
      `CASE WHEN u(i, ${String(salt + 6)}) < 0.9 THEN 0 ELSE e(i, ${String(salt + 7)}) END`,
    ],
    ["ctr", `u(i, ${String(salt + 8)}) ** 3`],
    ["counter", "i * 10", "bigint"],
    ["smooth", `avg(g(i, ${String(salt + 9)})) OVER (ORDER BY i ROWS 50 PRECEDING)`],
    ["daily", `10 * sin(6.283 * i / 857) + g(i, ${String(salt + 10)})`],
    ["city", `'city ' || floor(50 * u(i, ${String(salt + 11)}) ** 2)::INT`, "varchar"],
    ["word", `'w' || floor(5000 * u(i, ${String(salt + 12)}) ** 3)::INT`, "varchar"],
    ["free_text", `repeat('x', 1 + floor(30 * u(i, ${String(salt + 13)}))::INT) || i`, "varchar"],
    ["user_id", `'u' || floor(500 * u(i, ${String(salt + 14)}))::INT`, "varchar", "entity"],
    [
      "half_empty",
      `CASE WHEN u(i, ${String(salt + 15)}) < 0.5 THEN u(i, ${String(salt + 16)}) END`,
    ],
    ["flag", `u(i, ${String(salt + 17)}) < 0.02`, "boolean"],
  ];
  test.each([100, 200, 300, 400, 500, 600, 700, 800])("salt %i raises nothing", async (salt) => {
    // The second is a quarter as long as the first.
    const short: WindowPair = {
      baseline: { from: T0, to: T0 + 8 * DAY },
      incident: { from: T0 + 8 * DAY, to: T0 + 10 * DAY },
    };
    for (const windows of [WEEKS, short]) {
      const compared = await compare(columns(salt), windows, 4000);
      const raised = columns(salt).flatMap(([name]) =>
        found(compared, name).map((s) => `${s.verdict} ${s.kind}: ${s.sentence}`),
      );
      expect(raised).toEqual([]);
    }
  });
});

const taxi = openData("B_ml_drift/gx_nyc_taxi");
describe.skipIf(taxi === null)("taxi months", () => {
  const MONTHS = ["2018-07", "2018-08", "2018-12", "2019-01", "2019-02", "2019-03"];
  test("what is known to have changed is found; halves of a month are alike", async () => {
    let table: TableMeta | null = null;
    for (const [k, month] of MONTHS.entries()) {
      const name = `yellow_tripdata_sample_${month}.csv`;
      const source = await sourceOf(readFileSync(join(taxi ?? "", name)), { name });
      const signal = new AbortController().signal;
      const now = Date.UTC(2026, 0, 1);
      const { plan } = unwrap(
        await runImport(engine, source, "delimited", {}, k + 1, { signal, now }),
      );
      table = {
        name: plan.table,
        target: "own",
        columns: plan.columns.map(({ name: column, type, role }) => ({ name: column, type, role })),
        timeColumn: "pickup_datetime",
        evidenceIds: ["E1"],
        rows: 60_000,
        from: T0,
        to: T0,
      };
    }
    if (table === null) throw new Error("no table");
    const own = table;
    const at = (month: string, day = 1): number =>
      parseIso(`${month}-${String(day).padStart(2, "0")}T00:00:00Z`) ?? 0;
    const content = async (baseline: [number, number], incident: [number, number]) => {
      const compared = await compareTable(engine, own, {
        baseline: { from: baseline[0], to: baseline[1] },
        incident: { from: incident[0], to: incident[1] },
      });
      return compared.columns
        .flatMap((c) => c.shifts)
        .filter((s) => CONTENT.has(s.kind) && s.verdict !== "none")
        .map((s) => `${s.subject.name} ${s.kind} ${s.verdict}`);
    };
    const month = (name: string): [number, number] => [
      at(name),
      at(name) + (name.endsWith("02") ? 28 : 31) * DAY,
    ];
    expect(await content(month("2018-07"), month("2018-08"))).toEqual([
      "fare_amount out_of_range minor",
      "total_amount out_of_range minor",
    ]);
    expect(await content(month("2019-01"), month("2019-02"))).toEqual([
      "passenger_count default_flood major",
    ]);
    expect(await content(month("2018-08"), month("2018-12"))).toEqual([]);
    expect(await content(month("2019-02"), month("2019-03"))).toEqual([]);
    for (const name of MONTHS) {
      expect(await content([at(name), at(name, 15)], [at(name, 15), at(name, 29)]), name).toEqual(
        [],
      );
    }
  }, 60_000);
});
