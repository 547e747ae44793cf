import type { AttributionMetric } from "../../model/attribution.ts";
import type { TableMeta } from "../../model/table.ts";
import { ident } from "../../tables/sql.ts";
import { classKey, numberOf } from "../model/model-columns.ts";

type Column = TableMeta["columns"][number];

/** A metric that can be attributed, and what it is called. */
export interface MetricChoice {
  readonly metric: AttributionMetric;
  readonly name: string;
}

/** A metric over rows, as SQL. */
export interface MetricSql {
  /** DOUBLE of one row, or NULL where the row does not take part. */
  readonly numerator: string;
  /** DOUBLE of one row; null where each row counts 1, or the metric is additive. */
  readonly denominator: string | null;
  readonly additive: boolean;
  /** Whether the numerator is only ever 0 or 1. */
  readonly zeroOne: boolean;
}

const isNumber = (c: Column): boolean => c.type === "double" || c.type === "bigint";
const isAveraged = (c: Column): boolean => isNumber(c) || c.type === "boolean";

/** Roles whose mean says something, in the order in which they are offered. */
const MEAN_ROLES = ["label", "prediction", "score", "value", "feature", "segment"] as const;

/**
 * What can be attributed in a table: means of its numbers and shares of its
 * booleans, how well predictions meet labels, rows and sums per hour, means
 * weighted by a weight. The first is what a person asks for first: what the
 * model did, then what happened. Series (`metrics`) have no rows of one kind and
 * come back empty. Any other pair of columns can be asked for as a ratio.
 */
export function metricsForAttribution(table: TableMeta): MetricChoice[] {
  if (table.target === "metrics") return [];
  const of = (role: Column["role"]): Column[] => table.columns.filter((c) => c.role === role);
  const label = of("label")[0];
  const means = MEAN_ROLES.flatMap((role) => of(role).filter(isAveraged));
  const weight = of("weight").find(isNumber);
  const metrics: AttributionMetric[] = [
    ...means
      .filter((c) => c.role === "label")
      .map(({ name: column }) => ({ kind: "mean" as const, column })),
    ...(label === undefined ? [] : errorMetrics(table, label)),
    ...means
      .filter((c) => c.role !== "label")
      .map(({ name: column }) => ({ kind: "mean" as const, column })),
    { kind: "rows" },
    ...table.columns
      .filter((c) => isNumber(c) && ["value", "label", "weight"].includes(c.role))
      .map(({ name: column }) => ({ kind: "sum" as const, column })),
    ...(weight === undefined
      ? []
      : table.columns
          .filter((c) => isNumber(c) && ["value", "label"].includes(c.role))
          .map((c) => ({
            kind: "ratio" as const,
            numerator: c.name,
            denominator: weight.name,
          }))),
  ];
  return metrics.map((metric) => ({ metric, name: metricName(metric, table) }));
}

function errorMetrics(table: TableMeta, label: Column): AttributionMetric[] {
  const prediction = table.columns.find((c) => c.role === "prediction");
  const score = table.columns.find((c) => c.role === "score" && isNumber(c));
  const out: AttributionMetric[] = [];
  if (prediction !== undefined) {
    const pair = { prediction: prediction.name, label: label.name };
    if (label.type !== "double") out.push({ kind: "accuracy", ...pair });
    if (isNumber(prediction) && isNumber(label)) out.push({ kind: "absolute_error", ...pair });
  }
  if (score !== undefined && isAveraged(label)) {
    out.push({ kind: "squared_error", score: score.name, label: label.name });
  }
  return out;
}

/** Columns by which a change can be split, the likeliest first; their number of values is not known here. */
export function dimensionsForAttribution(
  table: TableMeta,
  metric: AttributionMetric | null,
): string[] {
  const own = new Set(metric === null ? [] : columnsOf(metric));
  const rank = (c: Column): number => {
    if (own.has(c.name) || c.name === table.timeColumn) return -1;
    switch (c.role) {
      case "segment":
        return 0;
      case "service":
      case "host":
      case "model_version":
        return 1;
      case "level":
        return 2;
      case "feature":
        return c.type === "varchar" || c.type === "boolean" ? 3 : c.type === "bigint" ? 4 : -1;
      case "value":
        return c.type === "varchar" || c.type === "boolean" ? 5 : -1;
      case "timestamp":
      case "entity":
      case "prediction":
      case "score":
      case "label":
      case "weight":
      case "series":
      case "message":
      case "ignore":
        return -1;
    }
  };
  return table.columns
    .map((c, at) => ({ name: c.name, at, rank: rank(c) }))
    .filter((c) => c.rank >= 0)
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .map((c) => c.name);
}

/** Columns that a metric reads. */
export function columnsOf(metric: AttributionMetric): string[] {
  switch (metric.kind) {
    case "rows":
      return [];
    case "sum":
    case "mean":
      return [metric.column];
    case "ratio":
      return [metric.numerator, metric.denominator];
    case "accuracy":
    case "absolute_error":
      return [metric.prediction, metric.label];
    case "squared_error":
      return [metric.score, metric.label];
  }
}

/** What a metric is called: `mean of price`, `share of clicked`, `rows per hour`. */
export function metricName(metric: AttributionMetric, table: TableMeta): string {
  const per = table.timeColumn === null ? "" : " per hour";
  switch (metric.kind) {
    case "rows":
      return `rows${per}`;
    case "sum":
      return `sum of ${metric.column}${per}`;
    case "mean": {
      const column = table.columns.find((c) => c.name === metric.column);
      return `${column?.type === "boolean" ? "share" : "mean"} of ${metric.column}`;
    }
    case "ratio":
      return `${metric.numerator} per ${metric.denominator}`;
    case "accuracy":
      return `accuracy of ${metric.prediction}`;
    case "absolute_error":
      return `mean absolute error of ${metric.prediction}`;
    case "squared_error":
      return `mean squared error of ${metric.score}`;
  }
}

/** The metric as SQL; null where the table lacks a column of it. */
export function metricSql(metric: AttributionMetric, table: TableMeta): MetricSql | null {
  const found = columnsOf(metric).map((name) => table.columns.find((c) => c.name === name));
  const [a, b] = found;
  const mean = { denominator: null, additive: false, zeroOne: false };
  if (metric.kind === "rows") {
    return { numerator: "1.0::DOUBLE", denominator: null, additive: true, zeroOne: true };
  }
  if (a === undefined) return null;
  if (metric.kind === "sum") return { ...mean, numerator: amount(a), additive: true };
  if (metric.kind === "mean") {
    return { ...mean, numerator: amount(a), zeroOne: a.type === "boolean" };
  }
  if (b === undefined) return null;
  switch (metric.kind) {
    case "ratio":
      return { ...mean, numerator: amount(a), denominator: amount(b) };
    case "accuracy":
      // NULL where either is missing.
      return {
        ...mean,
        numerator: `(${classKey(a)} = ${classKey(b)})::INT::DOUBLE`,
        zeroOne: true,
      };
    case "absolute_error":
      return { ...mean, numerator: `abs(${amount(a)} - ${amount(b)})` };
    case "squared_error":
      return { ...mean, numerator: `(${amount(a)} - ${amount(b)}) ** 2` };
  }
}

function amount(column: Column): string {
  return column.type === "boolean" ? `(${ident(column.name)}::INT::DOUBLE)` : numberOf(column);
}
