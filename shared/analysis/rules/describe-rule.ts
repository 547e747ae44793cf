import type { Rule, RuleBound } from "../../model/rules.ts";
import { formatDuration, formatList, formatNumber, formatShare, quoteValue } from "../sentences.ts";

/** What a rule asks for, in words, without its column: `between 0 and 12`. */
export function describeRule({ type, kwargs, every, maxAge }: Rule): string {
  const of =
    kwargs.mostly === undefined || kwargs.mostly === 1
      ? ""
      : ` in ${formatShare(kwargs.mostly)} of rows`;
  const range = rangeText(kwargs.min_value, kwargs.max_value);
  const set = formatList(
    (kwargs.value_set ?? []).map((v) => quoteValue(String(v))),
    6,
  );
  switch (type) {
    case "expect_column_to_exist":
      return "the column exists";
    case "expect_column_values_to_be_of_type":
      return `of type ${kwargs.type_ ?? ""}`;
    case "expect_column_values_to_not_be_null":
      return `not missing${of}`;
    case "expect_column_values_to_be_between":
      return `values ${range}${of}`;
    case "expect_column_values_to_be_in_set":
    case "expect_column_distinct_values_to_be_in_set":
      return `one of ${set}${of}`;
    case "expect_column_values_to_match_regex":
      return `matches ${kwargs.regex ?? ""}${of}`;
    case "expect_column_value_lengths_to_be_between":
      return `length ${range}${of}`;
    case "expect_column_values_to_be_unique":
      return `unique${of}`;
    case "expect_compound_columns_to_be_unique":
      return `unique together: ${(kwargs.column_list ?? []).join(", ")}${of}`;
    case "expect_column_mean_to_be_between":
      return `mean ${range}`;
    case "expect_column_median_to_be_between":
      return `median ${range}`;
    case "expect_column_quantile_values_to_be_between":
      return (kwargs.quantile_ranges?.quantiles ?? [])
        .map((q, k) => {
          const [low, high] = kwargs.quantile_ranges?.value_ranges[k] ?? [null, null];
          return `${String(q * 100)} % quantile ${rangeText(low, high)}`;
        })
        .join(", ");
    case "expect_column_unique_value_count_to_be_between":
      return `distinct values ${range}`;
    case "expect_column_max_to_be_between":
      return maxAge === undefined
        ? `maximum ${range}`
        : `newest at most ${formatDuration(maxAge)} old`;
    case "expect_table_row_count_to_be_between":
      return `rows${every === undefined ? "" : ` in ${formatDuration(every)}`} ${range}`;
  }
}

function rangeText(low: RuleBound | null | undefined, high: RuleBound | null | undefined): string {
  const shown = (bound: RuleBound) => (typeof bound === "number" ? formatNumber(bound) : bound);
  if (low == null && high == null) return "without bounds";
  if (low == null) return `at most ${shown(high ?? 0)}`;
  if (low === high) return `exactly ${shown(low)}`;
  return high == null ? `at least ${shown(low)}` : `between ${shown(low)} and ${shown(high)}`;
}
