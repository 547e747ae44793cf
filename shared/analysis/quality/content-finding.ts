import type { Fact, Statistic } from "../../model/shift.ts";
import { formatNumber, formatShare } from "../sentences.ts";
import { QUANTILE_LEVELS, quantilesSorted } from "../statistics/quantiles.ts";
import { twoProportions } from "../statistics/two-proportions.ts";
import { ident } from "../../tables/sql.ts";
import { numericShiftSql, type WindowPredicates } from "../compare-sql.ts";
import type { TableTask } from "../table-task.ts";
import type { CheckFinding } from "./check.ts";

/** What a pure reading of a column's values answers, before it knows its table. */
export interface ContentFinding extends Omit<CheckFinding, "column" | "sql" | "facts"> {
  readonly facts: readonly Fact[];
  /**
   * The rows in question, as an SQL condition on the column's value; null where
   * the finding is about the distribution as a whole.
   */
  readonly condition: ((value: string) => string) | null;
}

/** A column's numbers in both windows: ascending, without NULL and NaN, infinities allowed. */
export interface NumberPair {
  /** Column name, as sentences show it. */
  readonly name: string;
  readonly baseline: Float64Array;
  readonly incident: Float64Array;
}

/** Rows of interest in one window. */
export interface Hits {
  readonly hits: number;
  readonly rows: number;
}

/**
 * The statistic and effect of a share of rows that grew from the baseline to
 * the incident: their difference, with the two-proportion z test's p.
 */
export function shareGain(
  name: string,
  baseline: Hits,
  incident: Hits,
): { statistic: Statistic; effect: { name: string; value: number }; gain: number } {
  const test = twoProportions(baseline.hits, baseline.rows, incident.hits, incident.rows);
  const gain = test === null ? 0 : test.incidentRate - test.baselineRate;
  return {
    gain,
    statistic: { name, value: gain, p: test?.p ?? null },
    effect: { name, value: gain },
  };
}

/** "Rows" facts of both windows: `120 of 1,000 (12 %)`. */
export function hitFacts(what: string, baseline: Hits, incident: Hits): Fact[] {
  const told = ({ hits, rows }: Hits): string =>
    `${formatNumber(hits)} of ${formatNumber(rows)} rows (${formatShare(rows === 0 ? 0 : hits / rows)})`;
  return [
    { name: `${what}, baseline`, value: told(baseline) },
    { name: `${what}, incident`, value: told(incident) },
  ];
}

/** The quantiles of a sample sorted ascending, in one line: `1 %: 0.2, 5 %: 0.4, …`. */
export function quantileFact(name: string, sorted: Float64Array): Fact {
  const values = quantilesSorted(sorted) ?? [];
  return {
    name,
    value: values
      .map((v, k) => `${String(Math.round((QUANTILE_LEVELS[k] ?? 0) * 100))} %: ${formatNumber(v)}`)
      .join(", "),
  };
}

/** A finding about a column of a table, with the query that repeats its numbers. */
export function findingOf(task: TableTask, column: string, found: ContentFinding): CheckFinding {
  const { condition, ...rest } = found;
  const source = ident(task.table.name);
  const value = ident(column);
  return {
    ...rest,
    column,
    sql:
      condition === null
        ? numericShiftSql(source, `${value}::DOUBLE`, task.predicates)
        : hitsSql(source, value, condition(value), task.predicates),
  };
}

/** A query that repeats a share of rows: those with a value, and those that meet a condition. */
export function hitsSql(
  source: string,
  value: string,
  condition: string,
  { baseline, incident }: WindowPredicates,
): string {
  return `SELECT count(${value}) FILTER (WHERE ${baseline}) AS baseline_values,
  count(${value}) FILTER (WHERE ${incident}) AS incident_values,
  count(*) FILTER (WHERE (${baseline}) AND ${condition}) AS baseline_rows,
  count(*) FILTER (WHERE (${incident}) AND ${condition}) AS incident_rows
FROM ${source} WHERE ${baseline} OR ${incident}`;
}
