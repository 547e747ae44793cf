import type { LogPoint, ParameterChange } from "../../model/log-comparison.ts";
import type { TableMeta } from "../../model/table.ts";
import type { TemplateEdit } from "../../model/template-edit.ts";
import { timestampLiteral, type EvidenceTime } from "../../base/time.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, NUMBER_OR_NULL, queryRows } from "../../tables/rows.ts";
import { ident, num, text } from "../../tables/sql.ts";
import { bucketOf } from "../buckets.ts";
import { withoutProgress } from "../table-task.ts";
import type { TimeRange } from "../windows.ts";
import { ofUnit, readUnits, type LogUnit } from "./log-units.ts";
import { leadingNumberSql, parameterSql } from "./parameter-sql.ts";

/** What is drawn of a template: its lines, a quantile of one of its parameters, or the share of a value. */
export type LogMeasure =
  | { readonly kind: "rate" }
  | {
      readonly kind: "quantile";
      readonly parameter: ParameterChange["source"];
      /** In [0, 1]. */
      readonly q: number;
    }
  | {
      readonly kind: "share";
      readonly parameter: ParameterChange["source"];
      /** Of its lines, how many have it. */
      readonly value: string;
    };

/** From this size of Cohen's h on a value that came or went says more than the numbers do. */
const TELLING = 0.5;

/** What tells of a parameter: the share of a value, or the number below which 95 % of its values are. */
export function measureOf({ source, numeric, value }: ParameterChange): LogMeasure {
  const isValue = value !== null && (numeric === null || Math.abs(value.h) >= TELLING);
  return isValue
    ? { kind: "share", parameter: source, value: value.value }
    : { kind: "quantile", parameter: source, q: 0.95 };
}

/** A measure in words: of what, and which of it. */
export function measureText(measure: LogMeasure, parameter: string): string {
  switch (measure.kind) {
    case "rate":
      return "lines";
    case "share":
      return `${parameter}: share of “${measure.value}”`;
    case "quantile":
      return `${parameter}: ${String(measure.q * 100)} % of its values are below`;
  }
}

export interface LogSeriesInput {
  readonly logs: TableMeta;
  readonly edits: readonly TemplateEdit[];
  readonly templateId: string;
  readonly measure: LogMeasure;
  /** µs UTC, half-open. */
  readonly range: TimeRange;
  /** Wanted number of buckets, at most. */
  readonly buckets: number;
}

export interface LogSeries {
  /** Every bucket of the range: 0 lines, or null for a parameter, where it is empty. */
  readonly points: readonly LogPoint[];
  /** µs; edges are multiples of it since 1970. */
  readonly bucket: number;
  /** `lines per 10 s` is told by the bucket; a quantile is in the parameter's own unit as it stands in the text. */
  readonly sql: string;
  /** SQL over `logs`: the number of a line that is drawn; null of a rate. */
  readonly value: string | null;
}

/**
 * A template as a metric: lines per bucket, a quantile of a parameter of all its lines,
 * or the share of a value of it (exact; numbers at the beginning of the parameter's text, units not
 * converted). Null where the template is gone. Throws `Fault<EngineError>`.
 */
export async function logSeries(
  engine: Engine,
  input: LogSeriesInput,
  options: QueryOptions = {},
): Promise<LogSeries | null> {
  const units = await readUnits(engine, input.edits, withoutProgress(options));
  const unit = units.find((u) => u.id === input.templateId);
  if (unit === undefined) return null;
  const bucket = bucketOf(input.range, input.buckets);
  const value = valueSql(unit, input.measure);
  const sql = seriesSql(unit, input, bucket, value);
  const rows = await queryRows(
    engine,
    sql,
    { k: NUMBER, value: NUMBER_OR_NULL },
    withoutProgress(options),
  );
  const found = new Map(rows.map(({ k, value }) => [k, value]));
  const empty = input.measure.kind === "rate" ? 0 : null;
  const first = Math.floor(input.range.from / bucket);
  const count = Math.max(0, Math.ceil(input.range.to / bucket) - first);
  return {
    points: Array.from({ length: count }, (_, k) => ({
      time: (first + k) * bucket,
      value: found.get(first + k) ?? empty,
    })),
    ...{ bucket, sql, value },
  };
}

function valueSql(unit: LogUnit, measure: LogMeasure): string | null {
  if (measure.kind === "rate") return null;
  const parameter = parameterSql(unit.template, measure.parameter);
  if (measure.kind === "quantile") return leadingNumberSql(parameter);
  return `CASE ${parameter} WHEN ${text(measure.value)} THEN 1.0 ELSE CASE WHEN ${parameter} IS NULL THEN NULL ELSE 0.0 END END`;
}

function seriesSql(
  unit: LogUnit,
  { logs, measure, range }: LogSeriesInput,
  bucket: number,
  value: string | null,
): string {
  const at = (t: number): string => timestampLiteral(t as EvidenceTime);
  const from = Math.floor(range.from / bucket) * bucket;
  const to = Math.ceil(range.to / bucket) * bucket;
  const where = `${ofUnit(unit)} AND ts >= ${at(from)} AND ts < ${at(to)}`;
  const key = `epoch_us(ts) // ${String(bucket)} AS k`;
  if (measure.kind === "rate" || value === null) {
    return `SELECT ${key}, count(*)::DOUBLE AS value FROM ${ident(logs.name)} WHERE ${where} GROUP BY k ORDER BY k`;
  }
  const drawn = measure.kind === "quantile" ? `quantile_cont(x, ${num(measure.q)})` : "avg(x)";
  return `SELECT k, ${drawn} AS value
FROM (SELECT ${key}, ${value} AS x FROM ${ident(logs.name)} WHERE ${where})
WHERE x IS NOT NULL GROUP BY k ORDER BY k`;
}
