import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareTogether } from "../../shared/analysis/multivariate/compare-together.ts";
import type { WindowPair } from "../../shared/analysis/windows.ts";
import { Fault, unwrap } from "../../shared/base/result.ts";
import { DAY, parseIso } from "../../shared/base/time.ts";
import { Multivariate } from "../../shared/model/multivariate.ts";
import type { ColumnType, Role } from "../../shared/model/role.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { readColumn } from "../../shared/tables/rows.ts";
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
  timed = true,
): TableMeta {
  return {
    name,
    target: "own",
    columns: [
      ...(timed ? [{ name: "ts", type: "timestamp" as const, role: "timestamp" as const }] : []),
      ...columns.map(([n, type, role]) => ({ name: n, type, role })),
    ],
    timeColumn: timed ? "ts" : null,
    evidenceIds: ["E1"],
    rows,
    from: timed ? T0 : null,
    to: timed ? T0 + 14 * DAY - 1 : null,
  };
}

async function run(sql: string): Promise<void> {
  unwrap(await engine.query(sql));
}

/** One number of a query that answers one row. */
async function number(sql: string, name: string): Promise<number> {
  return Number(readColumn(unwrap(await engine.query(sql)), name)[0]);
}

const COLUMNS: readonly (readonly [string, ColumnType, Role])[] = [
  ["a", "double", "feature"],
  ["b", "double", "feature"],
  ["heavy", "double", "feature"],
  ["cycle", "double", "feature"],
  ["warm", "double", "feature"],
  ["whole", "bigint", "feature"],
  ["gap", "double", "feature"],
  ["flag", "boolean", "feature"],
  ["kind", "varchar", "feature"],
  ["place", "varchar", "segment"],
  ["counter", "bigint", "feature"],
  ["day", "varchar", "feature"],
  ["release", "varchar", "feature"],
  ["user_id", "varchar", "entity"],
  ["note", "varchar", "feature"],
  ["constant", "double", "feature"],
  ["score", "double", "score"],
];

/**
 * Rows over 14 days. `b` follows `a`, `score` too, `place` goes with `kind`,
 * `cycle` and `warm` with the hour of the day. `broken` unties `b` from `a` in the
 * second week without a change of either, and `place` from `kind`; `tied` ties `heavy` to `a`.
 */
function createSql(name: string, rows: number, broken: boolean, tied: boolean): string {
  const late = `i >= ${String(rows / 2)}`;
  const normal = (salt: number, row = "i"): string =>
    `(sqrt(-2 * ln(u(${row}, ${String(salt)}) + 1e-12)) * cos(2 * pi() * u(${row}, ${String(salt + 50)})))`;
  const hour = `2 * pi() * (i * 14.0 / ${String(rows)} % 1)`;
  const a = normal(1);
  const heavy = `exp(2 * ${normal(3)})`;
  return `CREATE TABLE ${name} AS SELECT
    TIMESTAMP '2024-05-01' + to_microseconds((i * ${String(14 * DAY)}) // ${String(rows)}) AS ts,
    ${a} AS a,
    0.9 * ${broken ? `CASE WHEN ${late} THEN ${normal(1, "i + 7919")} ELSE ${a} END` : a} + 0.436 * ${normal(2)} AS b,
    ${tied ? `CASE WHEN ${late} THEN exp(2 * (0.9 * ${a} + 0.436 * ${normal(3)})) ELSE ${heavy} END` : heavy} AS heavy,
    sin(${hour}) + 0.3 * ${normal(4)} AS cycle,
    sin(${hour} + 0.4) * 10 + ${normal(5)} AS warm,
    floor(u(i, 6) * 5)::BIGINT AS whole,
    CASE WHEN u(i, 7) < 0.2 THEN NULL WHEN u(i, 7) < 0.21 THEN 'Infinity'::DOUBLE ELSE ${normal(8)} END AS gap,
    u(i, 9) < 0.3 AS flag,
    CASE WHEN u(i, 10) < 0.5 THEN 'x' WHEN u(i, 10) < 0.8 THEN 'y' ELSE 'z' END AS kind,
    CASE WHEN u(i, 11) < 0.7 THEN CASE WHEN u(i, ${broken ? `CASE WHEN ${late} THEN 12 ELSE 10 END` : "10"}) < 0.5 THEN 'here' ELSE 'there' END ELSE 'far' END AS place,
    i * 3 AS counter,
    'day ' || (i * 14 // ${String(rows)}) AS day,
    CASE WHEN ${late} THEN 'r2' ELSE 'r1' END AS release,
    'user-' || (hash(i) % 5000) AS user_id,
    'note of ' || i AS note,
    4.0 AS constant,
    1 / (1 + exp(-${a})) AS score,
    1 AS _ev, i AS _line, NULL::BIGINT AS _off
    FROM range(${String(rows)}) r(i)`;
}

const ROWS = 12_000;
const MANY = 90_000;
const STILL = meta("still", COLUMNS, ROWS);
const BROKEN = meta("broken", COLUMNS, ROWS);
const TIED = meta("tied", COLUMNS, MANY);

beforeAll(async () => {
  engine = await createNodeEngine();
  await run("CREATE MACRO u(i, salt) AS (hash(i * 1000003 + salt) % 1000000007) / 1000000007.0");
  await run(createSql("still", ROWS, false, false));
  await run(createSql("broken", ROWS, true, false));
  await run(createSql("tied", MANY, false, true));
});
afterAll(async () => {
  await engine.close();
});

describe("two weeks of one process", () => {
  let found: Multivariate;
  beforeAll(async () => {
    found = await compareTogether(engine, STILL, WEEKS);
  });

  test("nothing is found, and it is said", () => {
    expect(found.shifts).toEqual([]);
    expect(found.correlations?.changed).toBe(0);
    expect(found.classifier?.verdict).toBe("none");
    expect(found.classifier?.auc.value).toBeLessThan(0.54);
    expect(found.reconstruction?.verdict).toBe("none");
    expect(found.statements.join(" ")).toMatch(/None of \d+ pairs/u);
  });

  test("columns that tell the window, or nothing, are named with the reason", () => {
    const why = Object.fromEntries(found.leftOut.map((l) => [l.column, l.why]));
    expect(why["counter"]).toMatch(/goes with time/u);
    expect(why["day"]).toMatch(/goes with time/u);
    expect(why["release"]).toMatch(/alone it tells/u);
    expect(why["user_id"]).toBe("an id");
    expect(why["note"]).toMatch(/free text/u);
    expect(why["constant"]).toMatch(/one value/u);
    expect(why["score"]).toMatch(/the model's score/u);
    expect(found.classifier?.columns).toEqual(
      expect.arrayContaining(["a", "gap", "flag", "kind", "place"]),
    );
    expect(found.correlations?.columns).toContain("score");
  });

  test("every row was read, and the result fits its schema after JSON", () => {
    expect(found.sampled).toEqual({ baseline: ROWS / 2, incident: ROWS / 2, whole: true });
    expect(Multivariate.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
  });

  test("most stretches of time lie in the band", () => {
    const points = found.reconstruction?.points ?? [];
    expect(points.length).toBeGreaterThan(30);
    expect(points.filter((p) => p.outside).length / points.length).toBeLessThan(0.1);
    expect(found.reconstruction?.band?.value).toBeCloseTo(
      found.reconstruction?.baselineError ?? NaN,
      1,
    );
  });
});

describe("two columns come apart, neither of them changed", () => {
  let found: Multivariate;
  beforeAll(async () => {
    found = await compareTogether(engine, BROKEN, WEEKS);
  });

  test("the pair leads, in words", () => {
    const [first] = found.correlations?.pairs ?? [];
    expect([first?.a, first?.b]).toEqual(["a", "b"]);
    expect(first?.verdict).toBe("major");
    expect(first?.sentence).toMatch(
      /^`a` and `b` hardly go together any more: rank correlation 0\.8\d* → -?0\.0\d*/u,
    );
    const shift = found.shifts.find((s) => s.kind === "correlation");
    expect(shift).toMatchObject({ verdict: "major", subject: { type: "table", name: "broken" } });
    const changed = found.correlations?.pairs.filter((p) => p.verdict !== "none") ?? [];
    // `b` goes with the score as with `a`; no other pair changed.
    expect(changed.map((p) => `${p.a}, ${p.b}`).sort()).toEqual([
      "a, b",
      "b, score",
      "kind, place",
    ]);
  });

  test("the error of reconstruction rises out of its band", () => {
    const incident = found.reconstruction?.points.filter((p) => p.window === "incident") ?? [];
    expect(found.reconstruction?.incidentError).toBeGreaterThan(
      found.reconstruction?.baselineError ?? Infinity,
    );
    expect(incident.length).toBeGreaterThan(10);
  });

  test("the SQL of each pair repeats its numbers", async () => {
    const pairs = found.correlations?.pairs ?? [];
    const measures = new Set(pairs.map((p) => p.measure));
    expect([...measures].sort()).toEqual(["correlation_ratio", "cramers_v", "spearman"]);
    for (const pair of pairs) {
      const name = `${pair.a}, ${pair.b}`;
      const change = await number(pair.sql, "correlation_change");
      // Infinities take part in ranks; DuckDB's and ours are the same.
      expect(change, name).toBeCloseTo(pair.change, 9);
      expect(await number(pair.sql, `baseline_${pair.measure}`), name).toBeCloseTo(
        pair.baseline,
        9,
      );
      if (pair.pearson?.baseline === null || pair.pearson === null) continue;
      expect(await number(pair.sql, "baseline_pearson"), name).toBeCloseTo(
        pair.pearson.baseline,
        12,
      );
    }
  });
});

describe("a table of more rows than are read", () => {
  let found: Multivariate;
  beforeAll(async () => {
    found = await compareTogether(engine, TIED, WEEKS);
  });

  test("the rows that were read are stated, and the same in every run", async () => {
    expect(found.baselineRows).toBe(MANY / 2);
    expect(found.sampled.whole).toBe(false);
    expect(Math.abs(found.sampled.baseline - 20_000)).toBeLessThan(1_000);
    expect(await compareTogether(engine, TIED, WEEKS)).toEqual(found);
  });

  test("the changed pair is found, near what all rows say", async () => {
    const [first] = found.correlations?.pairs ?? [];
    expect([first?.a, first?.b].sort()).toEqual(["a", "heavy"]);
    expect(first?.verdict).toBe("major");
    const change = await number(first?.sql ?? "", "correlation_change");
    expect(Math.abs(change - (first?.change ?? NaN))).toBeLessThan(0.03);
    // Pearson's is over all rows, and hardly sees a tie to a heavy tail.
    expect(first?.pearson?.incident).toBeCloseTo(
      await number(first?.sql ?? "", "incident_pearson"),
      9,
    );
  });

  test("the classifier sees what no column shows alone", () => {
    const drivers = found.classifier?.drivers.slice(0, 2).map((d) => d.column) ?? [];
    expect(drivers.sort()).toEqual(["a", "heavy"]);
    expect(found.classifier?.drivers.every((d) => d.alone < 0.53)).toBe(true);
    expect(found.classifier?.auc.low).toBeGreaterThan(found.classifier?.placebo?.high ?? 1);
  });
});

describe("shifts of single columns and of usual drift", () => {
  test("a moved column drives the classifier; its AUC is that of the shift", async () => {
    await run(
      "CREATE TABLE moved AS SELECT * REPLACE (CASE WHEN release = 'r2' THEN a + 1 ELSE a END AS a) FROM still",
    );
    const found = await compareTogether(engine, { ...STILL, name: "moved" }, WEEKS);
    expect(found.classifier?.drivers[0]?.column).toBe("a");
    expect(found.classifier?.verdict).toBe("major");
    // One standard deviation, known together with `b`, which tells what `a` was.
    expect(found.classifier?.auc.value).toBeGreaterThan(0.76);
    expect(found.shifts.find((s) => s.kind === "multivariate")?.sentence).toMatch(/`a`/u);
  });

  test("a drift that the baseline has too is no news", async () => {
    await run(
      `CREATE TABLE drifting AS SELECT * REPLACE (a + (epoch_us(ts) - ${String(T0)}) / ${String(7 * DAY)} AS a) FROM still`,
    );
    const found = await compareTogether(engine, { ...STILL, name: "drifting" }, WEEKS);
    expect(found.classifier?.placebo?.value).toBeGreaterThan(0.6);
    expect(found.classifier?.verdict).not.toBe("major");
  });
});

describe("edges", () => {
  test("without a time column, windows by a filter", async () => {
    const columns = COLUMNS.filter(([name]) => !["counter", "day"].includes(name));
    const found = await compareTogether(engine, meta("broken", columns, ROWS, false), {
      baseline: { from: null, to: null, filter: { column: "release", values: ["r1"] } },
      incident: { from: null, to: null, filter: { column: "release", values: ["r2"] } },
    });
    expect(found.correlations?.pairs[0]?.verdict).toBe("major");
    expect(found.classifier?.halves).toBe("chance");
    expect(found.reconstruction?.bucket).toBeNull();
    expect(found.reconstruction?.points).toEqual([]);
    expect(found.leftOut).toContainEqual({ column: "release", why: "the windows are cut by it" });
  });

  test.each([
    ["no rows in the incident", { from: T0 + 20 * DAY, to: T0 + 21 * DAY }, /no rows/u],
    [
      "a filter on a column that is not there",
      { from: null, to: null, filter: { column: "nope", values: ["1"] } },
      /no column nope/u,
    ],
  ])("%s: skipped, with the reason", async (_, incident, why) => {
    const found = await compareTogether(engine, STILL, { ...WEEKS, incident });
    expect(found.skipped).toMatch(why);
    expect(found.shifts).toEqual([]);
  });

  test("a log has no columns to look at together", async () => {
    const found = await compareTogether(engine, { ...STILL, target: "logs" }, WEEKS);
    expect(found.skipped).toMatch(/columns of their own/u);
  });

  test("few rows, columns of nothing, one row: no verdict, no failure", async () => {
    await run(
      `CREATE TABLE few AS SELECT * REPLACE (NULL::DOUBLE AS gap, 'NaN'::DOUBLE AS warm, 1e300 * a AS b)
       FROM still WHERE _line % 200 = 0`,
    );
    const few = await compareTogether(engine, { ...STILL, name: "few", rows: 60 }, WEEKS);
    expect(few.shifts).toEqual([]);
    expect(few.classifier).toBeNull();
    expect(few.statements.join(" ")).toMatch(/needs 60 rows/u);
    expect(few.leftOut).toContainEqual({ column: "gap", why: "empty in both windows" });
    await run("CREATE TABLE two AS SELECT * FROM still WHERE _line IN (0, 11999)");
    const two = await compareTogether(engine, { ...STILL, name: "two", rows: 2 }, WEEKS);
    expect(two.shifts).toEqual([]);
    expect(Multivariate.parse(JSON.parse(JSON.stringify(two)))).toEqual(two);
  });

  test("windows that overlap share rows; nothing breaks", async () => {
    const found = await compareTogether(engine, STILL, {
      ...WEEKS,
      incident: { from: T0, to: T0 + 10 * DAY },
    });
    expect(found.classifier?.verdict).toBe("none");
    expect(found.correlations?.changed).toBe(0);
  });

  test("a cancelled comparison is a fault of that kind", async () => {
    const stop = new AbortController();
    stop.abort();
    const thrown: unknown = await compareTogether(engine, STILL, WEEKS, {
      signal: stop.signal,
    }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Fault);
    expect(thrown).toMatchObject({ error: { kind: "cancelled" } });
  });
});
