import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readSuite, suiteOf } from "../../../../shared/analysis/rules/suite.ts";
import { unwrap } from "../../../../shared/base/result.ts";
import { RuleType } from "../../../../shared/model/rules.ts";
import { SUITE_RULES } from "./suite-rules.ts";

function fixture(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}

test("a suite has every type of rule and is the one that Great Expectations read", () => {
  expect(SUITE_RULES.rules.map((r) => r.type).sort()).toEqual([...RuleType.options].sort());
  expect(JSON.parse(fixture("suite.json"))).toEqual(suiteOf(SUITE_RULES));
});

test("what Great Expectations 1.x made of the suite reads as the same rules", () => {
  const read = unwrap(readSuite(fixture("suite-read.json")));
  expect(read.unsupported).toEqual([]);
  expect(read.name).toBe("orders");
  const byType = (a: { type: string }, b: { type: string }) => a.type.localeCompare(b.type);
  expect([...read.rules].sort(byType)).toEqual([...SUITE_RULES.rules].sort(byType));
});

test("Great Expectations 1.x can run all but the type's name", () => {
  const { version, outcome } = JSON.parse(fixture("suite-read.json")) as {
    version: string;
    outcome: { type: string; success: boolean; raised: boolean }[];
  };
  expect(version).toMatch(/^1\./);
  expect(outcome).toHaveLength(SUITE_RULES.rules.length);
  // pandas calls the type float64; the suite names the type as DuckDB does.
  const other = outcome.filter((o) => o.type !== "expect_column_values_to_be_of_type");
  expect(other.filter((o) => !o.success || o.raised)).toEqual([]);
});

test("a suite reads back as its rules, with table", () => {
  const read = unwrap(readSuite(JSON.stringify(suiteOf(SUITE_RULES))));
  expect(read).toEqual({ name: "orders", ...SUITE_RULES, unsupported: [] });
});

test("what is not known is listed by name", () => {
  const suite = {
    expectation_suite_name: "old",
    expectations: [
      { expectation_type: "expect_column_kl_divergence_to_be_less_than", kwargs: { column: "a" } },
      { expectation_type: "expect_column_to_exist", kwargs: { column: "a" } },
      { type: "expect_column_values_to_be_unique", kwargs: { column: "a", row_condition: "b>1" } },
      { type: "expect_column_values_to_be_in_set", kwargs: { column: "a" } },
    ],
  };
  const read = unwrap(readSuite(JSON.stringify(suite)));
  expect(read.rules.map((r) => r.type)).toEqual(["expect_column_to_exist"]);
  expect(read.unsupported).toEqual([
    {
      type: "expect_column_kl_divergence_to_be_less_than",
      why: "this expectation is not known here",
    },
    {
      type: "expect_column_values_to_be_unique",
      why: "its argument row_condition is not known here",
    },
    { type: "expect_column_values_to_be_in_set", why: "it names no value_set" },
  ]);
});

test("what is no suite is refused in words", () => {
  expect(readSuite("{").ok).toBe(false);
  const other = readSuite('{"name": "x"}');
  expect(other.ok ? "" : other.error).toContain("no expectation suite");
});
