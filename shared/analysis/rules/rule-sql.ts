import { parseIso, timestampLiteral } from "../../base/time.ts";
import type { Rule, RuleArguments } from "../../model/rules.ts";
import type { TableMeta } from "../../model/table.ts";
import { ident, num, text } from "../../tables/sql.ts";
import { valueSql } from "./baseline-parts.ts";

type Column = TableMeta["columns"][number];

/** What to ask the database for one rule. */
export type RuleQuery =
  /** Rows one by one: `present` is looked at, `misses` does not fit, `shown` is the value. */
  | {
      readonly kind: "rows";
      readonly present: string;
      readonly misses: string;
      readonly shown: string;
    }
  /** Columns that identify a row together. */
  | {
      readonly kind: "key";
      readonly present: string;
      readonly hash: string;
      readonly shown: string;
    }
  /** Numbers of the whole column, each with its bounds. */
  | {
      readonly kind: "aggregates";
      readonly values: readonly {
        readonly name: string;
        readonly sql: string;
        readonly low: number | null;
        readonly high: number | null;
      }[];
    }
  /** Distinct values that are not in the set. */
  | {
      readonly kind: "distinct";
      readonly present: string;
      readonly misses: string;
      readonly shown: string;
    }
  /** Nothing to ask: existence, type, rows over time, freshness. */
  | { readonly kind: "none" }
  | { readonly kind: "impossible"; readonly why: string };

/** The query of a rule over the columns of a table; `impossible` with the reason where it does not fit them. */
export function ruleQuery(table: TableMeta, rule: Rule): RuleQuery {
  const { type, kwargs } = rule;
  if (type === "expect_compound_columns_to_be_unique") return keyQuery(kwargs.column_list ?? []);
  if (!UNASKED.has(type)) {
    const column = table.columns.find((c) => c.name === kwargs.column);
    return column === undefined
      ? { kind: "impossible", why: `the table has no column ${kwargs.column ?? ""}` }
      : columnQuery(rule, column);
  }
  return { kind: "none" };
}

/** Rules about more than the values of a column. */
const UNASKED: ReadonlySet<string> = new Set([
  "expect_table_row_count_to_be_between",
  "expect_column_to_exist",
  "expect_column_values_to_be_of_type",
]);

function columnQuery(rule: Rule, column: Column): RuleQuery {
  const { type, kwargs } = rule;
  const name = ident(column.name);
  const present = presentSql(column);
  const shown = `CAST(${name} AS VARCHAR)`;
  const rows = (misses: string | null, why: string): RuleQuery =>
    misses === null ? { kind: "impossible", why } : { kind: "rows", present, misses, shown };
  switch (type) {
    case "expect_column_values_to_not_be_null":
      return { kind: "rows", present: "true", misses: `NOT (${present})`, shown: "'missing'" };
    case "expect_column_values_to_be_between":
      return rows(outsideSql(column, kwargs), "the bounds do not fit the column's type");
    case "expect_column_values_to_be_in_set":
      return rows(notInSet(column, kwargs), "the values do not fit the column's type");
    case "expect_column_distinct_values_to_be_in_set": {
      const misses = notInSet(column, kwargs);
      return misses === null
        ? { kind: "impossible", why: "the values do not fit the column's type" }
        : { kind: "distinct", present, misses, shown };
    }
    case "expect_column_values_to_match_regex":
      return rows(
        kwargs.regex === undefined ? null : `NOT regexp_matches(${shown}, ${text(kwargs.regex)})`,
        "the rule names no regex",
      );
    case "expect_column_value_lengths_to_be_between":
      return rows(outsideNumber(`length(${shown})`, kwargs), "the bounds are no numbers");
    case "expect_column_values_to_be_unique":
      return keyQuery([column.name]);
    case "expect_column_mean_to_be_between":
      return aggregate(column, kwargs, "mean", (v) => `avg(${v})`);
    case "expect_column_median_to_be_between":
      return aggregate(column, kwargs, "median", (v) => `approx_quantile(${v}, 0.5)`);
    case "expect_column_max_to_be_between":
      return rule.maxAge === undefined
        ? aggregate(column, kwargs, "maximum", (v) => `max(${v})`)
        : { kind: "none" };
    case "expect_column_unique_value_count_to_be_between":
      return {
        kind: "aggregates",
        values: [
          { name: "distinct values", sql: `count(DISTINCT ${name})`, ...numericBounds(kwargs) },
        ],
      };
    case "expect_column_quantile_values_to_be_between":
      return quantileQuery(column, kwargs);
    case "expect_column_to_exist":
    case "expect_column_values_to_be_of_type":
    case "expect_compound_columns_to_be_unique":
    case "expect_table_row_count_to_be_between":
      return { kind: "none" };
  }
}

function presentSql({ name, type }: Column): string {
  const there = `${ident(name)} IS NOT NULL`;
  return type === "double" ? `${there} AND NOT isnan(${ident(name)})` : there;
}

function keyQuery(columns: readonly string[]): RuleQuery {
  if (columns.length === 0) return { kind: "impossible", why: "the rule names no columns" };
  return {
    kind: "key",
    present: columns.map((c) => `${ident(c)} IS NOT NULL`).join(" AND "),
    hash: `hash(${columns.map(ident).join(", ")})`,
    shown: columns.map((c) => `CAST(${ident(c)} AS VARCHAR)`).join(" || ', ' || "),
  };
}

function aggregate(
  column: Column,
  kwargs: RuleArguments,
  name: string,
  of: (value: string) => string,
): RuleQuery {
  const value = column.type === "varchar" ? null : valueSql(column);
  if (value === null) return { kind: "impossible", why: `a text has no ${name}` };
  const at = (bound: unknown) => (column.type === "timestamp" ? timeOf(bound) : numberOf(bound));
  const [low, high] = [at(kwargs.min_value), at(kwargs.max_value)];
  return { kind: "aggregates", values: [{ name, sql: of(value), low, high }] };
}

function quantileQuery(column: Column, { quantile_ranges: ranges }: RuleArguments): RuleQuery {
  const value = column.type === "varchar" ? null : valueSql(column);
  if (value === null || ranges === undefined) {
    return { kind: "impossible", why: "the column has no quantiles" };
  }
  return {
    kind: "aggregates",
    values: ranges.quantiles.map((q, k) => ({
      name: `quantile ${String(q)}`,
      sql: `approx_quantile(${value}, ${num(q)}::FLOAT)`,
      low: ranges.value_ranges[k]?.[0] ?? null,
      high: ranges.value_ranges[k]?.[1] ?? null,
    })),
  };
}

/** Bounds as numbers; null where there is none. */
export function numericBounds(kwargs: RuleArguments): {
  low: number | null;
  high: number | null;
} {
  return { low: numberOf(kwargs.min_value), high: numberOf(kwargs.max_value) };
}

/** NaN lies outside of no bounds: it counts as missing. */
function outsideSql(column: Column, kwargs: RuleArguments): string | null {
  if (column.type === "double" || column.type === "bigint") {
    return outsideNumber(ident(column.name), kwargs);
  }
  if (column.type !== "timestamp") return null;
  const [low, high] = [timeOf(kwargs.min_value), timeOf(kwargs.max_value)];
  return outside(ident(column.name), kwargs, {
    low: low === null ? null : timestampLiteral(low),
    high: high === null ? null : timestampLiteral(high),
  });
}

function outsideNumber(value: string, kwargs: RuleArguments): string | null {
  const { low, high } = numericBounds(kwargs);
  return outside(value, kwargs, {
    low: low === null ? null : num(low),
    high: high === null ? null : num(high),
  });
}

function outside(
  value: string,
  { strict_min, strict_max }: RuleArguments,
  { low, high }: { low: string | null; high: string | null },
): string | null {
  const parts = [
    ...(low === null ? [] : [`${value} ${strict_min === true ? "<=" : "<"} ${low}`]),
    ...(high === null ? [] : [`${value} ${strict_max === true ? ">=" : ">"} ${high}`]),
  ];
  return parts.length === 0 ? null : `(${parts.join(" OR ")})`;
}

function notInSet(column: Column, { value_set }: RuleArguments): string | null {
  if (value_set === undefined || value_set.length === 0) return null;
  const name = ident(column.name);
  if (column.type !== "double" && column.type !== "bigint") {
    const shown = column.type === "varchar" ? name : `CAST(${name} AS VARCHAR)`;
    return `${shown} NOT IN (${value_set.map((v) => text(String(v))).join(", ")})`;
  }
  const numbers = value_set.map(Number).filter((v) => !Number.isNaN(v));
  return numbers.length === 0 ? null : `${name} NOT IN (${numbers.map(num).join(", ")})`;
}

function numberOf(bound: unknown): number | null {
  return typeof bound === "number" ? bound : null;
}

function timeOf(bound: unknown): ReturnType<typeof parseIso> {
  return typeof bound === "string" ? parseIso(bound) : null;
}
