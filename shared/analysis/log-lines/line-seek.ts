import type { LogFilter, LogPlace, LogSpan } from "../../model/log-query.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, queryRows, TIMESTAMP_OR_NULL } from "../../tables/rows.ts";
import { filterSql } from "./line-filter.ts";
import { beyondSql, orderSql, spanSql } from "./line-order.ts";
import { signalOf } from "./signal.ts";

export interface LogSeekInput {
  /** What the line that is looked for is like. */
  readonly filter: LogFilter;
  /** From here, without the line itself; null: from the first (or last) of the stretches on. */
  readonly place: LogPlace | null;
  readonly direction: 1 | -1;
  /** Where to look, nearest first, as the index tells it. */
  readonly spans: readonly LogSpan[];
}
export interface LogRankInput {
  readonly filter: LogFilter;
  readonly span: LogSpan;
  readonly place: LogPlace;
}

/** The next line of a kind from a place on; null where there is none in the stretches. */
export async function logSeek(
  engine: Engine,
  { filter, place, direction, spans }: LogSeekInput,
  options: QueryOptions = {},
): Promise<LogPlace | null> {
  for (const span of spans) {
    const conditions = [
      spanSql(span),
      ...(place === null ? [] : [beyondSql(place, direction)]),
      filterSql(filter, null) ?? "true",
    ];
    const [found] = await queryRows(
      engine,
      `SELECT ts AS time, _ev AS evidence, _line AS line FROM logs WHERE ${conditions.join(" AND ")}
       ORDER BY ${orderSql(direction)} LIMIT 1`,
      { time: TIMESTAMP_OR_NULL, evidence: NUMBER, line: NUMBER },
      signalOf(options),
    );
    if (found !== undefined) return found;
  }
  return null;
}

/** How many lines of a stretch that the filter leaves come before a place. */
export async function logRank(
  engine: Engine,
  { filter, span, place }: LogRankInput,
  options: QueryOptions = {},
): Promise<number> {
  const conditions = [spanSql(span), beyondSql(place, -1), filterSql(filter, null) ?? "true"];
  const [row] = await queryRows(
    engine,
    `SELECT count(*) AS n FROM logs WHERE ${conditions.join(" AND ")}`,
    { n: NUMBER },
    signalOf(options),
  );
  return row?.n ?? 0;
}
