import type { ClockSource } from "../../model/clock-skew.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, TIMESTAMP, queryRows } from "../../tables/rows.ts";
import { ident, num } from "../../tables/sql.ts";
import { withoutProgress } from "../table-task.ts";
import type { Rate } from "./rate-lag.ts";

/** Tables of records: samples of metrics come when they are asked for, and tell no clock. */
const TABLES: readonly TableMeta["target"][] = ["logs", "spans", "events"];
/** Fewer records are too few to line up. */
const LEAST_ROWS = 20;
/** Files that are compared, two by two: those with most records. */
const MOST_SOURCES = 8;

/** A source with the table that most of its records are in. */
export interface SkewSource extends ClockSource {
  readonly table: string;
  /** Its number in `_ev`. */
  readonly number: number;
}

/** Files with records, those with most first; and how many were left out for their number. */
export async function skewSources(
  engine: Engine,
  tables: readonly TableMeta[],
  options: QueryOptions,
): Promise<{ sources: SkewSource[]; leftOut: number }> {
  const found: SkewSource[] = [];
  for (const { name } of tables.filter((t) => TABLES.includes(t.target))) {
    const rows = await queryRows(
      engine,
      `SELECT _ev, count(*) AS n, min(ts) AS a, max(ts) AS b FROM ${ident(name)}
WHERE ts IS NOT NULL GROUP BY _ev HAVING count(*) >= ${num(LEAST_ROWS)}`,
      { _ev: NUMBER, n: NUMBER, a: TIMESTAMP, b: TIMESTAMP },
      withoutProgress(options),
    );
    for (const { _ev, n, a, b } of rows) {
      const evidenceId = `E${String(_ev)}`;
      found.push({ evidenceId, number: _ev, table: name, rows: n, from: a, to: b });
    }
  }
  const most = new Map<number, SkewSource>();
  for (const source of found) {
    if ((most.get(source.number)?.rows ?? 0) < source.rows) most.set(source.number, source);
  }
  const ordered = [...most.values()].sort((a, b) => b.rows - a.rows || a.number - b.number);
  return {
    sources: ordered.slice(0, MOST_SOURCES),
    leftOut: Math.max(0, ordered.length - MOST_SOURCES),
  };
}

/** Records per bucket of one source between two times, half-open, µs UTC. */
export async function rateOf(
  engine: Engine,
  { table, number }: SkewSource,
  range: { readonly from: number; readonly to: number },
  bucket: number,
  options: QueryOptions,
): Promise<Rate> {
  const first = Math.floor(range.from / bucket);
  const counts = new Float64Array(Math.max(0, Math.ceil(range.to / bucket) - first));
  const rows = await queryRows(
    engine,
    `SELECT epoch_us(ts) // ${num(bucket)} AS k, count(*) AS n FROM ${ident(table)}
WHERE _ev = ${num(number)} AND epoch_us(ts) >= ${num(first * bucket)} AND epoch_us(ts) < ${num((first + counts.length) * bucket)}
GROUP BY 1`,
    { k: NUMBER, n: NUMBER },
    withoutProgress(options),
  );
  for (const { k, n } of rows) counts[k - first] = n;
  return { first, counts };
}
