import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareAll } from "../../shared/analysis/compare-all.ts";
import { checkRules } from "../../shared/analysis/rules/check-rules.ts";
import { proposeRules } from "../../shared/analysis/rules/propose-rules.ts";
import { unwrap } from "../../shared/base/result.ts";
import { DAY, parseIso } from "../../shared/base/time.ts";
import { ruleKey, type Rule, type RuleResult } from "../../shared/model/rules.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { createNodeEngine } from "../support/node-engine.ts";

const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
const BASELINE = { from: T0, to: T0 + 10 * DAY };
const SAME = { from: T0 + 10 * DAY, to: T0 + 20 * DAY };
const BROKEN = { from: T0 + 20 * DAY, to: T0 + 30 * DAY };

const TABLE: TableMeta = {
  name: "orders",
  target: "own",
  columns: [
    { name: "ts", type: "timestamp", role: "timestamp" },
    { name: "order_id", type: "bigint", role: "entity" },
    { name: "price", type: "double", role: "feature" },
    { name: "heavy", type: "double", role: "feature" },
    { name: "holes", type: "double", role: "feature" },
    { name: "status", type: "varchar", role: "feature" },
    { name: "mail", type: "varchar", role: "feature" },
  ],
  timeColumn: "ts",
  evidenceIds: ["E1"],
  rows: 30000,
  from: T0,
  to: T0 + 30 * DAY - 1,
};

let engine: Awaited<ReturnType<typeof createNodeEngine>>;
let rules: Rule[];

beforeAll(async () => {
  engine = await createNodeEngine();
  const run = async (sql: string) => unwrap(await engine.query(sql));
  await run("CREATE MACRO u(i, salt) AS (hash(i * 1000003 + salt) % 1000000007) / 1000000007.0");
  // 1,000 rows a day; from row 20,000 on every rule is broken in its own way.
  await run(`CREATE TABLE orders AS SELECT
    TIMESTAMP '2024-05-01' + to_microseconds((i * ${String(30 * DAY)}) // 30000) AS ts,
    CASE WHEN i >= 20000 AND i % 10 = 0 THEN i - 1 ELSE i END AS order_id,
    10 + u(i, 1) * CASE WHEN i >= 20000 THEN 100 ELSE 1 END AS price,
    exp(8 * u(i, 2) * u(i, 3)) AS heavy,
    CASE WHEN u(i, 4) < CASE WHEN i >= 20000 THEN 0.3 ELSE 0.02 END THEN NULL ELSE u(i, 5) END AS holes,
    CASE WHEN i >= 20000 AND u(i, 6) < 0.1 THEN 'lost' WHEN u(i, 7) < 0.5 THEN 'paid' ELSE 'open' END AS status,
    CASE WHEN i >= 20000 AND i % 4 = 0 THEN 'user' || i ELSE 'user' || i || '@shop.example' END AS mail,
    1 AS _ev, i + 2 AS _line, NULL::BIGINT AS _off FROM range(30000) r(i)`);
  rules = await proposeRules(engine, TABLE, BASELINE);
}, 60_000);
afterAll(async () => {
  await engine.close();
});

const check = (window: { from: number; to: number }, of: readonly Rule[] = rules) =>
  checkRules(engine, [TABLE], [{ table: "orders", rules: [...of] }], window);
const failures = (results: readonly RuleResult[]) =>
  results.filter((r) => r.outcome === "failed").map((r) => ruleKey(r.rule));
function of(results: readonly RuleResult[], key: string): RuleResult {
  const found = results.find((r) => ruleKey(r.rule) === key);
  if (found === undefined) throw new Error(`no rule ${key}`);
  return found;
}

describe("proposed rules", () => {
  test("name what the baseline is", () => {
    const keys = rules.map(ruleKey);
    for (const key of [
      "expect_table_row_count_to_be_between()",
      "expect_column_max_to_be_between(ts)",
      "expect_column_values_to_be_unique(order_id)",
      "expect_column_values_to_be_between(price)",
      "expect_column_mean_to_be_between(price)",
      "expect_column_median_to_be_between(price)",
      "expect_column_quantile_values_to_be_between(price)",
      "expect_column_values_to_not_be_null(holes)",
      "expect_column_values_to_be_in_set(status)",
      "expect_column_values_to_match_regex(mail)",
      "expect_column_value_lengths_to_be_between(mail)",
    ]) {
      expect(keys).toContain(key);
    }
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((k) => k.includes("between(order_id)"))).toEqual([]);
  });

  test("hold in the baseline and in another stretch of the same process", async () => {
    expect(failures(await check(BASELINE))).toEqual([]);
    expect(failures(await check(SAME))).toEqual([]);
    for (let day = 10; day < 20; day++) {
      const window = { from: T0 + day * DAY, to: T0 + (day + 1) * DAY };
      expect(failures(await check(window))).toEqual([]);
    }
  });

  test("count the rows of every stretch of time", async () => {
    const key = "expect_table_row_count_to_be_between()";
    const rule = rules.find((r) => ruleKey(r) === key);
    expect(rule).toMatchObject({ kwargs: { min_value: 1000, max_value: 1000 }, every: DAY });
    expect(rule?.reason).toBe("1,000 rows come in 24 h in the baseline");
    const thinned = { from: BROKEN.from, to: BROKEN.to + 5 * DAY };
    expect(of(await check(thinned), key)).toMatchObject({ outcome: "passed", elements: 10 });
    const type = "expect_table_row_count_to_be_between";
    const fewer: Rule = { type, kwargs: { max_value: 400 }, every: DAY, reason: "" };
    const [half] = await check(SAME, [fewer]);
    expect(half).toMatchObject({ outcome: "failed", unexpected: 10 });
    expect(half?.observed).toContain("first outside: 1,000 from 2024-05-11");
  });

  test("tolerate as many missing values as the parts vary by", () => {
    const rule = rules.find((r) => ruleKey(r) === "expect_column_values_to_not_be_null(holes)");
    expect(rule?.kwargs.mostly).toBeGreaterThan(0.9);
    expect(rule?.kwargs.mostly).toBeLessThan(0.98);
  });
});

describe("checked rules", () => {
  test("fail where the process broke, with counts and places", async () => {
    const results = await check(BROKEN);
    expect(failures(results).sort()).toEqual([
      "expect_column_mean_to_be_between(price)",
      "expect_column_median_to_be_between(price)",
      "expect_column_quantile_values_to_be_between(price)",
      "expect_column_unique_value_count_to_be_between(status)",
      "expect_column_value_lengths_to_be_between(mail)",
      "expect_column_values_to_be_between(price)",
      "expect_column_values_to_be_in_set(status)",
      "expect_column_values_to_be_unique(order_id)",
      "expect_column_values_to_match_regex(mail)",
      "expect_column_values_to_not_be_null(holes)",
    ]);
    const mail = of(results, "expect_column_values_to_match_regex(mail)");
    expect(mail).toMatchObject({ elements: 10000, unexpected: 2500, unexpectedShare: 0.25 });
    expect(mail.examples[0]).toEqual({ value: "user20000", evidenceId: "E1", line: 20002 });
    const key = of(results, "expect_column_values_to_be_unique(order_id)");
    expect(key.unexpected).toBe(999);
    expect(key.examples).toHaveLength(5);
    const counted = unwrap(await engine.query(mail.sql));
    expect(Number(counted.getChild("m0")?.get(0))).toBe(2500);
  });

  test("are skipped with a reason where they do not apply", async () => {
    const results = await check(BASELINE, [
      {
        type: "expect_column_mean_to_be_between",
        kwargs: { column: "gone", min_value: 1 },
        reason: "",
      },
      {
        type: "expect_column_values_to_match_regex",
        kwargs: { column: "mail", regex: "(?<=x)y" },
        reason: "",
      },
      { type: "expect_column_to_exist", kwargs: { column: "gone" }, reason: "" },
    ]);
    expect(results.map((r) => r.outcome)).toEqual(["skipped", "skipped", "failed"]);
    expect(results[0]?.observed).toContain("no column gone");
    expect(results[1]?.observed).toContain("not understood");
  });

  test("tell a table that stopped: freshness and rows by day", async () => {
    await engine.query(
      "CREATE TABLE stopped AS SELECT * FROM orders WHERE ts < TIMESTAMP '2024-05-17'",
    );
    const stopped = { ...TABLE, name: "stopped" };
    const results = await checkRules(engine, [stopped, TABLE], [{ table: "stopped", rules }], SAME);
    expect(failures(results).sort()).toEqual([
      "expect_column_max_to_be_between(ts)",
      "expect_table_row_count_to_be_between()",
    ]);
    expect(of(results, "expect_table_row_count_to_be_between()")).toMatchObject({
      elements: 10,
      unexpected: 4,
    });
  });
});

describe("a comparison with saved rules", () => {
  const saved = () => [{ table: "orders", rules }];
  test("has a shift for each broken rule, major where many rows break it", async () => {
    const found = await compareAll(
      engine,
      [TABLE],
      { baseline: BASELINE, incident: BROKEN },
      {},
      saved(),
    );
    const broken = found.shifts.filter((s) => s.kind === "rule");
    const status = broken.find(
      (s) => s.id === "orders/status/rule/expect_column_values_to_be_in_set",
    );
    expect(status).toMatchObject({ verdict: "major", subject: { type: "column", name: "status" } });
    expect(status?.sentence).toContain("saved rule");
    expect(
      found.tables[0]?.columns.find((c) => c.column === "mail")?.shifts.map((s) => s.kind),
    ).toContain("rule");
  });

  test("has none on two windows of the same process, nor without rules", async () => {
    const same = await compareAll(
      engine,
      [TABLE],
      { baseline: BASELINE, incident: SAME },
      {},
      saved(),
    );
    expect(same.shifts.filter((s) => s.kind === "rule")).toEqual([]);
    const without = await compareAll(engine, [TABLE], { baseline: BASELINE, incident: BROKEN });
    expect(without.shifts.filter((s) => s.kind === "rule")).toEqual([]);
  });
});
