import type { LogPoint, ParameterChange } from "../../model/log-comparison.ts";
import type { TableMeta } from "../../model/table.ts";
import type { TemplateEdit } from "../../model/template-edit.ts";
import { timestampLiteral, type EvidenceTime } from "../../base/time.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, NUMBER_OR_NULL, queryRows } from "../../tables/rows.ts";
import { ident, num } from "../../tables/sql.ts";
import { bucketOf } from "../buckets.ts";
import { withoutProgress } from "../table-task.ts";
import type { TimeRange } from "../windows.ts";
import { ofUnit, readUnits, type LogUnit } from "./log-units.ts";
import { leadingNumberSql, parameterSql } from "./parameter-sql.ts";

/** What is drawn of a template: its lines, or a quantile of one of its parameters. */
export type LogMeasure =
  | { readonly kind: "rate" }
  | {
      readonly kind: "quantile";
      readonly parameter: ParameterChange["source"];
      /** In [0, 1]. */
      readonly q: number;
    };

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
  /** Every bucket of the range: 0 lines, or null for a quantile, where it is empty. */
  readonly points: readonly LogPoint[];
  /** µs; edges are multiples of it since 1970. */
  readonly bucket: number;
  /** `lines per 10 s` is told by the bucket; a quantile is in the parameter's own unit as it stands in the text. */
  readonly sql: string;
}

/**
 * A template as a metric: lines per bucket, or a quantile of a parameter of all its
 * lines (exact; numbers at the beginning of the parameter's text, units not
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
  const sql = seriesSql(unit, input, bucket);
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
    ...{ bucket, sql },
  };
}

function seriesSql(
  unit: LogUnit,
  { logs, measure, range }: LogSeriesInput,
  bucket: number,
): string {
  const at = (t: number): string => timestampLiteral(t as EvidenceTime);
  const from = Math.floor(range.from / bucket) * bucket;
  const to = Math.ceil(range.to / bucket) * bucket;
  const where = `${ofUnit(unit)} AND ts >= ${at(from)} AND ts < ${at(to)}`;
  const key = `epoch_us(ts) // ${String(bucket)} AS k`;
  if (measure.kind === "rate") {
    return `SELECT ${key}, count(*)::DOUBLE AS value FROM ${ident(logs.name)} WHERE ${where} GROUP BY k ORDER BY k`;
  }
  const value = leadingNumberSql(parameterSql(unit.template, measure.parameter));
  return `SELECT k, quantile_cont(x, ${num(measure.q)}) AS value
FROM (SELECT ${key}, ${value} AS x FROM ${ident(logs.name)} WHERE ${where})
WHERE x IS NOT NULL GROUP BY k ORDER BY k`;
}
