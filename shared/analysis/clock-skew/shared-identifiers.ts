import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, queryRows } from "../../tables/rows.ts";
import { ident, num } from "../../tables/sql.ts";
import { withoutProgress } from "../table-task.ts";

/** Identifiers that two files have in common, and how far apart they stand in them. */
export interface SharedIdentifiers {
  readonly first: number;
  readonly second: number;
  readonly matched: number;
  /** Quartiles of the times of the first less those of the second, µs. */
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  /** Share within a second of the median. */
  readonly near: number;
  /** Median of the earlier and of the later half, µs. */
  readonly halves: readonly [number, number];
}

/** UUIDs, trace and span ids, long numbers of requests. */
const IDENTIFIER = "\\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,32})\\b";
/** One that is in more lines of a file is no one record's. */
const MOST_LINES = 50;

/**
 * Identifiers in the messages, fields and traces of files, matched two by two: the
 * first time of each in one file less that in the other. One pass over each table.
 * Throws `Fault<EngineError>`.
 */
export async function sharedIdentifiers(
  engine: Engine,
  tables: readonly TableMeta[],
  numbers: readonly number[],
  options: QueryOptions,
): Promise<SharedIdentifiers[]> {
  const parts = tables.flatMap((t) => idsSql(t, numbers));
  if (parts.length === 0) return [];
  return queryRows(
    engine,
    `WITH ids AS (
  SELECT _ev, id, min(epoch_us(ts)) AS t FROM (${parts.join("\nUNION ALL ")})
  WHERE ts IS NOT NULL GROUP BY 1, 2 HAVING count(*) <= ${num(MOST_LINES)}
), pairs AS (
  SELECT a._ev AS a, b._ev AS b, a.t AS t, (a.t - b.t)::DOUBLE AS d
  FROM ids a JOIN ids b ON a.id = b.id AND a._ev < b._ev
), middles AS (
  SELECT a, b, count(*) AS n, quantile_cont(d, [0.25, 0.5, 0.75]) AS q, quantile_cont(t, 0.5) AS half
  FROM pairs GROUP BY 1, 2
)
SELECT a AS "first", b AS "second", n AS matched, q[1] AS q1, q[2] AS median, q[3] AS q3,
  avg(CASE WHEN abs(d - q[2]) <= 1e6 THEN 1.0 ELSE 0.0 END) AS near,
  coalesce(median(d) FILTER (WHERE t <= half), q[2]) AS earlier,
  coalesce(median(d) FILTER (WHERE t > half), q[2]) AS later
FROM pairs JOIN middles USING (a, b) GROUP BY a, b, n, q ORDER BY a, b`,
    {
      ...{ first: NUMBER, second: NUMBER, matched: NUMBER, q1: NUMBER, median: NUMBER },
      ...{ q3: NUMBER, near: NUMBER, earlier: NUMBER, later: NUMBER },
    },
    withoutProgress(options),
  ).then((rows) =>
    rows.map(({ earlier, later, ...row }) => ({ ...row, halves: [earlier, later] as const })),
  );
}

function idsSql({ name, target }: TableMeta, numbers: readonly number[]): string[] {
  const own = `_ev IN (${numbers.map(num).join(", ")})`;
  const inText = (columns: string): string =>
    `SELECT _ev, ts, unnest(regexp_extract_all(lower(concat_ws(' ', ${columns})), '${IDENTIFIER}')) AS id FROM ${ident(name)} WHERE ${own}`;
  switch (target) {
    case "logs":
      return [inText("message, fields")];
    case "events":
      return [inText("title, detail, fields")];
    case "spans":
      return [
        `SELECT _ev, ts, lower(trace_id) AS id FROM ${ident(name)} WHERE ${own} AND trace_id IS NOT NULL`,
      ];
    case "metrics":
    case "own":
      return [];
  }
}
