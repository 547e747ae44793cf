import type { Rule, RuleArguments, RuleType } from "../../model/rules.ts";
import { isSuccessive } from "../quality/name-hints.ts";
import { formatNumber, formatRange, formatShare } from "../sentences.ts";
import type { ColumnParts } from "./baseline-parts.ts";
import {
  extremeBounds,
  floorTo,
  isTrending,
  mostlyOf,
  partBounds,
  roundOutward,
  type PartBounds,
} from "./part-bounds.ts";
import type { TextContent } from "./text-contents.ts";

/** Beyond this share of missing values a rule about them says little. */
const MOST_MISSING = 0.5;
/** Values that only one part has may be followed by others like them. */
const MOST_RARE = 0.05;

/**
 * What can be asked of a column, from its parts.
 * @param rows rows of each part
 * @param isTime the column is the one that windows cut: its bounds follow the window
 */
export function columnRules(
  column: ColumnParts,
  rows: readonly number[],
  content: TextContent | null,
  isTime: boolean,
): Rule[] {
  const values = sum(column.values);
  const name = column.column.name;
  const type = column.column.type.toUpperCase();
  const rule = ruleMaker(name);
  if (values === 0) return [];
  return [
    rule("expect_column_to_exist", {}, "the column has values in the baseline"),
    rule("expect_column_values_to_be_of_type", { type_: type }, `the values were read as ${type}`),
    ...nullRules(column, rows),
    ...(isTime ? [] : numericRules(column)),
    ...textRules(column, content),
  ];
}

function ruleMaker(column: string) {
  return (type: RuleType, kwargs: RuleArguments, reason: string, leastRows?: number): Rule => ({
    type,
    kwargs: { column, ...kwargs },
    reason,
    ...(leastRows === undefined ? {} : { leastRows }),
  });
}

function nullRules(column: ColumnParts, rows: readonly number[]): Rule[] {
  const mostly = mostlyOf(column.nulls, rows);
  if (mostly < 1 - MOST_MISSING) return [];
  const shares = column.nulls.map((n, k) => n / Math.max(1, rows[k] ?? 0));
  const reason =
    sum(column.nulls) === 0
      ? `no value is missing in the ${formatNumber(sum(rows))} rows of the baseline`
      : `${formatRange(shares, formatShare)} are missing in the parts of the baseline`;
  return [
    ruleMaker(column.column.name)(
      "expect_column_values_to_not_be_null",
      mostly === 1 ? {} : { mostly },
      reason,
    ),
  ];
}

function numericRules(column: ColumnParts): Rule[] {
  const { type, name, role } = column.column;
  if ((type !== "double" && type !== "bigint") || role === "entity") return [];
  if (isSuccessive(name, role)) return [];
  const at = (q: number) => column.quantiles.map((v) => v[q] ?? 0);
  if (isTrending(column.min, column.max) || isTrending(at(0), at(2))) return [];
  const rule = ruleMaker(name);
  const range = extremeBounds(column.min, column.max);
  const values = sum(column.values);
  const parts = `${String(column.values.length)} parts of the baseline`;
  const least = Math.floor(Math.min(...column.values) / 2);
  const rules: Rule[] = [];
  if (range !== null) {
    rules.push(
      rule(
        "expect_column_values_to_be_between",
        // As many of a new window may lie beyond n values by chance (two tails, 1 in 1,000).
        {
          ...valueBounds(range, type),
          mostly: floorTo(Math.max(0, 1 - Math.max(0.001, 10 / values)), 4),
        },
        `the values lie between ${formatNumber(Math.min(...column.min))} and ${formatNumber(Math.max(...column.max))}; the bounds are as much wider as the extremes of the parts differ`,
      ),
    );
  }
  const told = (what: string, of: readonly number[]) =>
    `the ${what} lies between ${formatNumber(Math.min(...of))} and ${formatNumber(Math.max(...of))} in the ${parts}; another part stays within the bounds in 999 of 1,000 cases`;
  const mean = partBounds(column.mean);
  if (mean !== null) {
    rules.push(
      rule("expect_column_mean_to_be_between", bounds(mean), told("mean", column.mean), least),
    );
  }
  const median = partBounds(at(1));
  if (median !== null) {
    rules.push(
      rule("expect_column_median_to_be_between", bounds(median), told("median", at(1)), least),
    );
  }
  const low = partBounds(at(0));
  const high = partBounds(at(2));
  if (low !== null && high !== null) {
    const ranges = [low, high].map((b): [number, number] => {
      const rounded = roundOutward(b);
      return [rounded.low, rounded.high];
    });
    rules.push(
      rule(
        "expect_column_quantile_values_to_be_between",
        { quantile_ranges: { quantiles: [0.05, 0.95], value_ranges: ranges } },
        `the ${parts} have their 5 % and 95 % quantiles there; another part stays within the bounds in 999 of 1,000 cases`,
        least,
      ),
    );
  }
  return rules;
}

function textRules(column: ColumnParts, content: TextContent | null): Rule[] {
  if (column.column.type !== "varchar") return [];
  const name = column.column.name;
  const rule = ruleMaker(name);
  const rules: Rule[] = [];
  const set = content?.values == null ? null : valueSet(content.values);
  if (set !== null) {
    rules.push(
      rule(
        "expect_column_values_to_be_in_set",
        { value_set: set.values, ...(set.mostly === 1 ? {} : { mostly: set.mostly }) },
        `the baseline has ${formatNumber(set.values.length)} different values, ${set.rare === 0 ? "each of them in more than one part" : `${formatShare(set.rare)} of rows with values of one part only`}`,
      ),
    );
    if (set.fewest >= 2) {
      rules.push(
        rule(
          "expect_column_unique_value_count_to_be_between",
          {
            min_value: Math.max(1, 2 * set.fewest - set.values.length),
            max_value: 2 * set.values.length - set.fewest,
          },
          `the parts of the baseline have ${formatNumber(set.fewest)} or more of the ${formatNumber(set.values.length)} different values`,
          Math.floor(Math.min(...column.values) / 2),
        ),
      );
    }
  }
  const format = content?.format ?? null;
  const mostly = format === null ? 0 : mostlyOf(content?.misses ?? [], column.values);
  if (format !== null && set === null && mostly >= 0.9) {
    rules.push(
      rule(
        "expect_column_values_to_match_regex",
        { regex: format.regex, ...(mostly === 1 ? {} : { mostly }) },
        `the values of the baseline are ${format.name}`,
      ),
    );
  }
  const lengths = extremeBounds(column.min, column.max);
  if (set === null && lengths !== null) {
    rules.push(
      rule(
        "expect_column_value_lengths_to_be_between",
        {
          min_value: Math.floor(lengths.low),
          max_value: Math.ceil(lengths.high),
          ...(lengths.low === lengths.high
            ? {}
            : { mostly: floorTo(Math.max(0, 1 - Math.max(0.001, 10 / sum(column.values))), 4) }),
        },
        `the texts have ${formatRange([...column.min, ...column.max])} characters`,
      ),
    );
  }
  return rules;
}

/** All values with the share to ask for; null where the parts bring values of their own too often. */
function valueSet(parts: readonly ReadonlyMap<string, number>[]): {
  values: string[];
  mostly: number;
  rare: number;
  fewest: number;
} | null {
  const seen = new Map<string, number>();
  for (const part of parts)
    for (const value of part.keys()) seen.set(value, (seen.get(value) ?? 0) + 1);
  const rows = parts.map((part) => sum([...part.values()]));
  const own = parts.map((part) =>
    sum([...part].filter(([value]) => parts.length > 1 && seen.get(value) === 1).map(([, n]) => n)),
  );
  const rare = sum(own) / Math.max(1, sum(rows));
  if (seen.size === 0 || rare > MOST_RARE) return null;
  return {
    values: [...seen.keys()].sort(),
    mostly: mostlyOf(own, rows),
    rare,
    fewest: Math.min(...parts.map((part) => part.size)),
  };
}

function bounds(found: PartBounds): RuleArguments {
  const { low, high } = roundOutward(found);
  return { min_value: low, max_value: high };
}

function valueBounds(found: PartBounds, type: string): RuleArguments {
  return type === "bigint"
    ? { min_value: Math.floor(found.low), max_value: Math.ceil(found.high) }
    : bounds(found);
}

function sum(values: readonly number[]): number {
  return values.reduce((s, v) => s + v, 0);
}
