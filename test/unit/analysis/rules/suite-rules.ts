import type { RuleSet } from "../../../../shared/model/rules.ts";

/** One rule of each type; `suite.json` is its export, `read-suite.py` reads that back. */
export const SUITE_RULES: RuleSet = {
  table: "orders",
  rules: [
    {
      type: "expect_table_row_count_to_be_between",
      kwargs: { min_value: 1, max_value: 9 },
      reason: "rows",
      every: 86_400_000_000,
    },
    {
      type: "expect_column_max_to_be_between",
      kwargs: { column: "ts", min_value: "2024-05-10T00:00:00" },
      reason: "fresh",
      maxAge: 7_200_000_000,
    },
    { type: "expect_column_to_exist", kwargs: { column: "price" }, reason: "there" },
    {
      type: "expect_column_values_to_be_of_type",
      kwargs: { column: "price", type_: "DOUBLE" },
      reason: "type",
    },
    {
      type: "expect_column_values_to_not_be_null",
      kwargs: { column: "price", mostly: 0.98 },
      reason: "filled",
    },
    {
      type: "expect_column_values_to_be_between",
      kwargs: { column: "price", min_value: 10, max_value: 11, mostly: 0.999 },
      reason: "range",
    },
    {
      type: "expect_column_mean_to_be_between",
      kwargs: { column: "price", min_value: 10, max_value: 11 },
      reason: "mean",
      leastRows: 50,
    },
    {
      type: "expect_column_median_to_be_between",
      kwargs: { column: "price", min_value: 10, max_value: 11 },
      reason: "median",
    },
    {
      type: "expect_column_quantile_values_to_be_between",
      kwargs: {
        column: "price",
        quantile_ranges: {
          quantiles: [0.05, 0.95],
          value_ranges: [
            [10, 10.5],
            [10.5, 11],
          ],
        },
      },
      reason: "quantiles",
    },
    {
      type: "expect_column_values_to_be_in_set",
      kwargs: { column: "status", value_set: ["open", "paid"] },
      reason: "set",
    },
    {
      type: "expect_column_distinct_values_to_be_in_set",
      kwargs: { column: "status", value_set: ["open", "paid"] },
      reason: "set",
    },
    {
      type: "expect_column_unique_value_count_to_be_between",
      kwargs: { column: "status", min_value: 1, max_value: 3 },
      reason: "count",
    },
    {
      type: "expect_column_values_to_match_regex",
      kwargs: { column: "mail", regex: "^[^@ ]+@[^@ ]+[.][^@ ]+$" },
      reason: "mail",
    },
    {
      type: "expect_column_value_lengths_to_be_between",
      kwargs: { column: "mail", min_value: 5, max_value: 40 },
      reason: "length",
    },
    { type: "expect_column_values_to_be_unique", kwargs: { column: "id" }, reason: "key" },
    {
      type: "expect_compound_columns_to_be_unique",
      kwargs: { column_list: ["id", "ts"] },
      reason: "key",
    },
  ],
};
