import { err, ok, type Result } from "../../base/result.ts";
import {
  ExpectationSuite,
  Rule,
  RuleArguments,
  RuleType,
  ruleColumns,
  type RuleSet,
} from "../../model/rules.ts";
import type { TableMeta } from "../../model/table.ts";

/** An expectation that was not taken over, and why. */
export interface UnsupportedExpectation {
  readonly type: string;
  readonly why: string;
}

/** A suite as it was read. */
export interface ReadSuite {
  readonly name: string;
  /** The table that it was made for; null where it does not say. */
  readonly table: string | null;
  readonly rules: readonly Rule[];
  readonly unsupported: readonly UnsupportedExpectation[];
}

/** Arguments that say nothing about the data. */
const IGNORED = new Set([
  "batch_id",
  "result_format",
  "include_config",
  "catch_exceptions",
  "meta",
]);

/**
 * Rules as an `ExpectationSuite` of Great Expectations 1.x
 * (https://docs.greatexpectations.io, class ExpectationSuite). What it has no
 * argument for (the length of stretches, the age of the newest row) stands in
 * `meta.inquest`, where `readSuite` finds it again.
 */
export function suiteOf({ table, rules }: RuleSet): ExpectationSuite {
  return {
    name: table,
    expectations: rules.map(({ type, kwargs, reason, ...own }) => ({
      type,
      kwargs: { ...kwargs },
      meta: { notes: reason, ...(Object.keys(own).length === 0 ? {} : { inquest: own }) },
    })),
    meta: { inquest: { table } },
  };
}

/**
 * Reads the JSON of a suite, of 1.x (`type`, `name`) or before (`expectation_type`,
 * `expectation_suite_name`). Expectations that are not known here, or that have
 * arguments that are not, are listed by name and not dropped silently. The error
 * is a sentence for a person.
 */
export function readSuite(text: string): Result<ReadSuite, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return err(`The suite is not valid JSON: ${thrown.message}.`);
  }
  const parsed = ExpectationSuite.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.map(String).join(".") ?? "";
    return err(
      `This is no expectation suite of Great Expectations: ${where === "" ? "" : `${where}: `}${issue?.message ?? "unknown content"}.`,
    );
  }
  const suite = parsed.data;
  const rules: Rule[] = [];
  const unsupported: UnsupportedExpectation[] = [];
  for (const expectation of suite.expectations) {
    const rule = ruleOf(expectation);
    if (rule.ok) rules.push(rule.value);
    else unsupported.push(rule.error);
  }
  const own = suite.meta?.inquest;
  const table = isRecord(own) && typeof own.table === "string" ? own.table : null;
  return ok({
    name: suite.name ?? suite.expectation_suite_name ?? table ?? "suite",
    table,
    rules,
    unsupported,
  });
}

type Expectation = ExpectationSuite["expectations"][number];

function ruleOf({
  type: now,
  expectation_type: before,
  kwargs,
  meta,
}: Expectation): Result<Rule, UnsupportedExpectation> {
  const name = now ?? before ?? "an expectation without a type";
  const type = RuleType.safeParse(name);
  if (!type.success) return err({ type: name, why: "this expectation is not known here" });
  const given = Object.entries(kwargs).filter(([key, v]) => v !== null && !IGNORED.has(key));
  const known = RuleArguments.safeParse(Object.fromEntries(given));
  if (!known.success) {
    const issue = known.error.issues[0];
    const why =
      issue?.code === "unrecognized_keys"
        ? `its argument ${issue.keys.join(", ")} is not known here`
        : `${issue?.path.map(String).join(".") ?? ""}: ${issue?.message ?? ""}`;
    return err({ type: name, why });
  }
  const why = missingArgument(type.data, known.data);
  if (why !== null) return err({ type: name, why });
  const own = isRecord(meta?.inquest) ? meta.inquest : {};
  const notes = meta?.notes;
  const rule = Rule.safeParse({
    ...own,
    type: type.data,
    kwargs: known.data,
    reason: typeof notes === "string" ? notes : "from a suite",
  });
  return rule.success
    ? ok(rule.data)
    : err({ type: name, why: "its meta.inquest is not readable" });
}

/** An argument without which the rule asks for nothing. */
function missingArgument(type: RuleType, kwargs: RuleArguments): string | null {
  const lacks = (...names: (keyof RuleArguments)[]): string | null =>
    names.every((n) => kwargs[n] === undefined) ? `it names no ${names.join(" or ")}` : null;
  switch (type) {
    case "expect_table_row_count_to_be_between":
      return lacks("min_value", "max_value");
    case "expect_compound_columns_to_be_unique":
      return lacks("column_list");
    case "expect_column_values_to_be_of_type":
      return lacks("column") ?? lacks("type_");
    case "expect_column_values_to_be_in_set":
    case "expect_column_distinct_values_to_be_in_set":
      return lacks("column") ?? lacks("value_set");
    case "expect_column_values_to_match_regex":
      return lacks("column") ?? lacks("regex");
    case "expect_column_quantile_values_to_be_between":
      return lacks("column") ?? lacks("quantile_ranges");
    case "expect_column_to_exist":
    case "expect_column_values_to_not_be_null":
    case "expect_column_values_to_be_unique":
      return lacks("column");
    case "expect_column_values_to_be_between":
    case "expect_column_value_lengths_to_be_between":
    case "expect_column_mean_to_be_between":
    case "expect_column_median_to_be_between":
    case "expect_column_unique_value_count_to_be_between":
    case "expect_column_max_to_be_between":
      return lacks("column") ?? lacks("min_value", "max_value");
  }
}

/**
 * The table that a suite is for: the one it names, else the one that has most of
 * its columns; null where no table of the case has any.
 */
export function tableOfSuite(suite: ReadSuite, tables: readonly TableMeta[]): TableMeta | null {
  const named =
    tables.find((t) => t.name === suite.table) ?? tables.find((t) => t.name === suite.name);
  if (named !== undefined) return named;
  const wanted = new Set(suite.rules.flatMap(ruleColumns));
  const fits = tables
    .map((table) => ({ table, n: table.columns.filter((c) => wanted.has(c.name)).length }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n);
  return fits[0]?.table ?? null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
