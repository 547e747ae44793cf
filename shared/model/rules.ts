import { z } from "zod";

/** Expectations that rules can have, by the names of Great Expectations 1.x. */
export const RuleType = z.enum([
  "expect_column_to_exist",
  "expect_column_values_to_be_of_type",
  "expect_column_values_to_not_be_null",
  "expect_column_values_to_be_between",
  "expect_column_values_to_be_in_set",
  "expect_column_values_to_match_regex",
  "expect_column_value_lengths_to_be_between",
  "expect_column_values_to_be_unique",
  "expect_compound_columns_to_be_unique",
  "expect_column_mean_to_be_between",
  "expect_column_median_to_be_between",
  "expect_column_quantile_values_to_be_between",
  "expect_column_unique_value_count_to_be_between",
  "expect_column_distinct_values_to_be_in_set",
  "expect_column_max_to_be_between",
  "expect_table_row_count_to_be_between",
]);
export type RuleType = z.infer<typeof RuleType>;

/** A number, or an ISO 8601 time (UTC where it names no zone) for a column of times. */
export const RuleBound = z.union([z.number(), z.string()]);
export type RuleBound = z.infer<typeof RuleBound>;

/** The arguments of an expectation, under their names there. */
export const RuleArguments = z.strictObject({
  column: z.string().optional(),
  column_list: z.array(z.string()).min(1).optional(),
  /** Least share of the values that fit, in [0, 1]; all of them where it is left out. */
  mostly: z.number().min(0).max(1).optional(),
  min_value: RuleBound.nullable().optional(),
  max_value: RuleBound.nullable().optional(),
  strict_min: z.boolean().optional(),
  strict_max: z.boolean().optional(),
  value_set: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  regex: z.string().optional(),
  /** A type of DuckDB: DOUBLE, BIGINT, BOOLEAN, VARCHAR, TIMESTAMP. */
  type_: z.string().optional(),
  quantile_ranges: z
    .object({
      quantiles: z.array(z.number().min(0).max(1)),
      value_ranges: z.array(z.tuple([z.number().nullable(), z.number().nullable()])),
    })
    .refine((r) => r.quantiles.length === r.value_ranges.length, {
      message: "as many value_ranges as quantiles",
    })
    .optional(),
});
export type RuleArguments = z.infer<typeof RuleArguments>;

/** What must hold for every window of a table. */
export const Rule = z.object({
  type: RuleType,
  kwargs: RuleArguments,
  /** Why the rule is so, in words. */
  reason: z.string(),
  /** Row count: the length of the stretches that are counted, µs; the whole window where it is left out. */
  every: z.number().positive().optional(),
  /** Largest time: how far it may lie before the window's end, µs (freshness). */
  maxAge: z.number().nonnegative().optional(),
  /** A window with fewer rows varies more than the bounds allow for: the rule is not checked there. */
  leastRows: z.number().nonnegative().optional(),
});
export type Rule = z.infer<typeof Rule>;

/** All rules of one table. */
export const RuleSet = z.object({ table: z.string(), rules: z.array(Rule) });
export type RuleSet = z.infer<typeof RuleSet>;

/** What a check of one rule in one window found. */
export const RuleResult = z.object({
  table: z.string(),
  rule: Rule,
  outcome: z.enum(["passed", "failed", "skipped"]),
  /** What was seen, in words and numbers. */
  observed: z.string(),
  /** Values (rows, stretches of time) that were looked at. */
  elements: z.number(),
  /** Those that do not fit, and their share; null where the rule is about the column as a whole. */
  unexpected: z.number().nullable(),
  unexpectedShare: z.number().nullable(),
  /** Size of a failure: the share beyond what `mostly` allows, or the distance beyond the bounds in widths of them. */
  excess: z.number(),
  examples: z.array(z.object({ value: z.string(), evidenceId: z.string(), line: z.number() })),
  /** SQL from which the result can be repeated. */
  sql: z.string(),
});
export type RuleResult = z.infer<typeof RuleResult>;

/** Which rule it is within its table: the same place takes the same name. */
export function ruleKey({ type, kwargs }: Rule): string {
  return `${type}(${kwargs.column ?? kwargs.column_list?.join(", ") ?? ""})`;
}

/** Columns that a rule is about. */
export function ruleColumns({ kwargs }: Rule): string[] {
  return [...(kwargs.column === undefined ? [] : [kwargs.column]), ...(kwargs.column_list ?? [])];
}

/** The JSON of an expectation suite, of Great Expectations 1.x or before. */
export const ExpectationSuite = z.object({
  name: z.string().optional(),
  expectation_suite_name: z.string().optional(),
  expectations: z.array(
    z.object({
      type: z.string().optional(),
      expectation_type: z.string().optional(),
      kwargs: z.record(z.string(), z.unknown()),
      meta: z.record(z.string(), z.unknown()).nullish(),
    }),
  ),
  meta: z.record(z.string(), z.unknown()).nullish(),
});
export type ExpectationSuite = z.infer<typeof ExpectationSuite>;
