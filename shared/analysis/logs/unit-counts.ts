import {
  NUMBER,
  NUMBERS,
  queryRows,
  STRING_OR_NULL,
  TIMESTAMP_OR_NULL,
} from "../../tables/rows.ts";
import type { LogTask, LogWindow } from "./log-task.ts";
import { unitLines, type LogUnit } from "./log-units.ts";

/** Lines of a unit in one service. */
export interface ServiceCount {
  readonly service: string | null;
  readonly baseline: number;
  readonly incident: number;
}

/** How often and where a unit's lines are. */
export interface UnitCounts {
  readonly services: readonly ServiceCount[];
  readonly baseline: number;
  readonly incident: number;
  /** Place of its most severe level in `SEVERITY`; `SEVERITY.length` for none. */
  readonly severity: number;
  /** In all evidence, µs UTC. */
  readonly first: number | null;
  readonly last: number | null;
}

/** Lines per bucket of a window, the empty buckets left out: places ascending, and counts. */
export interface SparseCounts {
  readonly places: readonly number[];
  readonly counts: readonly number[];
}

export const SEVERITY: readonly string[] = ["fatal", "error", "warn", "info", "debug", "trace"];

export const NO_COUNTS: SparseCounts = { places: [], counts: [] };

/** Lines of every unit by service and window, in one scan. Throws `Fault<EngineError>`. */
export async function countUnits(
  task: LogTask,
  units: readonly LogUnit[],
): Promise<Map<number, UnitCounts>> {
  const rows = await queryRows(
    task.engine,
    countsSql(task, units),
    {
      ...{ u: NUMBER, service: STRING_OR_NULL, b: NUMBER, i: NUMBER, severity: NUMBER },
      ...{ first: TIMESTAMP_OR_NULL, last: TIMESTAMP_OR_NULL },
    },
    task.options,
  );
  const found = new Map<number, UnitCounts>();
  for (const row of rows) {
    const known = found.get(row.u);
    const service = { service: row.service, baseline: row.b, incident: row.i };
    found.set(row.u, {
      services: [...(known?.services ?? []), service],
      baseline: (known?.baseline ?? 0) + row.b,
      incident: (known?.incident ?? 0) + row.i,
      severity: Math.min(known?.severity ?? SEVERITY.length, row.severity),
      first: least(known?.first ?? null, row.first),
      last: negated(least(negated(known?.last ?? null), negated(row.last))),
    });
  }
  return found;
}

export function countsSql(task: LogTask, units: readonly LogUnit[]): string {
  const rank = SEVERITY.map((level, k) => `WHEN '${level}' THEN ${String(k)}`).join(" ");
  return `SELECT u, service, count(*) FILTER (${task.baseline.where}) AS b,
  count(*) FILTER (${task.incident.where}) AS i,
  min(CASE level ${rank} ELSE ${String(SEVERITY.length)} END) AS severity,
  min(ts) AS first, max(ts) AS last
FROM ${unitLines(task.table, units, "true")} GROUP BY u, service`;
}

/** Lines of every unit per bucket of a window, counted from its start. */
export async function bucketCounts(
  task: LogTask,
  units: readonly LogUnit[],
  window: LogWindow,
): Promise<Map<number, SparseCounts>> {
  const rows = await queryRows(
    task.engine,
    `SELECT u, list(k ORDER BY k) AS places, list(n ORDER BY k) AS counts FROM (
  SELECT u, (epoch_us(ts) - ${String(window.from)}) // ${String(task.bucket)} AS k, count(*) AS n
  FROM ${unitLines(task.table, units, window.where)} GROUP BY u, k) GROUP BY u`,
    { u: NUMBER, places: NUMBERS, counts: NUMBERS },
    task.options,
  );
  return new Map(rows.map(({ u, places, counts }) => [u, { places, counts }]));
}

/** Both together, bucket by bucket. */
export function addCounts(a: SparseCounts, b: SparseCounts): SparseCounts {
  const sums = new Map<number, number>();
  for (const { places, counts } of [a, b]) {
    places.forEach((place, k) => sums.set(place, (sums.get(place) ?? 0) + (counts[k] ?? 0)));
  }
  const places = [...sums.keys()].sort((x, y) => x - y);
  return { places, counts: places.map((place) => sums.get(place) ?? 0) };
}

function least(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

function negated(value: number | null): number | null {
  return value === null ? null : -value;
}
