import { SECOND } from "../../base/time.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import {
  BOOLEAN,
  NUMBER,
  NUMBER_OR_NULL,
  STRING,
  STRING_OR_NULL,
  queryRows,
} from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { seriesSource } from "../series-source.ts";
import { windowPredicate, type WindowPair } from "../windows.ts";
import type { SeriesPoints } from "./series-points.ts";
import { ratesOf } from "./shift-score.ts";
import { signalKind } from "./signal-kind.ts";

/** More points than this, of all series together, are averaged over stretches of time. */
const MOST_POINTS = 3_000_000;
/** Stretches that the incident is cut into then; the baseline has them as long. */
const INCIDENT_STRETCHES = 50;
/** A long baseline is cut into no more; what is left of it is not counted. */
const MOST_STRETCHES = 100_000;

/**
 * The points of each series of `metrics` and `spans`, and of the lines of each
 * service in `logs`, in both windows.
 * @throws Fault<EngineError>
 */
export async function readPoints(
  engine: Engine,
  tables: readonly TableMeta[],
  windows: WindowPair,
  options: QueryOptions,
): Promise<SeriesPoints[]> {
  const points: SeriesPoints[] = [];
  for (const table of tables) {
    if (table.target === "logs")
      points.push(...(await lineCounts(engine, table, windows, options)));
    if (table.target !== "metrics" && table.target !== "spans") continue;
    const baseline = windowPredicate(table, windows.baseline);
    const incident = windowPredicate(table, windows.incident);
    if (baseline === null || incident === null) continue;
    points.push(...(await seriesPoints(engine, table, baseline, incident, options)));
  }
  return points;
}

/** Levels of lines that tell of trouble. */
const TROUBLE = "('error', 'fatal')";

/**
 * Lines of each service per stretch of time, and those that tell of trouble;
 * stretches without a line count as none. Needs windows with two ends.
 */
async function lineCounts(
  engine: Engine,
  table: TableMeta,
  { baseline, incident }: WindowPair,
  options: QueryOptions,
): Promise<SeriesPoints[]> {
  const [early, late] = [windowPredicate(table, baseline), windowPredicate(table, incident)];
  if (early === null || late === null) return [];
  if (baseline.from === null || baseline.to === null) return [];
  if (incident.from === null || incident.to === null) return [];
  const bucket = Math.max(SECOND, Math.ceil((incident.to - incident.from) / INCIDENT_STRETCHES));
  const stretch = (from: number) => `(epoch_us(ts) - ${String(from)}) // ${String(bucket)}`;
  const rows = await queryRows(
    engine,
    `SELECT service, (${late}) AS late, CASE WHEN ${late} THEN ${stretch(incident.from)} ELSE ${stretch(baseline.from)} END AS k,
  count(*)::DOUBLE AS lines, (count(*) FILTER (WHERE level IN ${TROUBLE}))::DOUBLE AS trouble
FROM ${ident(table.name)} WHERE (${early} OR ${late}) AND service IS NOT NULL GROUP BY 1, 2, 3`,
    { service: STRING, late: BOOLEAN, k: NUMBER, lines: NUMBER, trouble: NUMBER },
    options,
  );
  const sizes = [baseline.to - baseline.from, incident.to - incident.from].map((length) =>
    Math.min(MOST_STRETCHES, Math.max(1, Math.floor(length / bucket))),
  );
  const starts = [baseline.from, incident.from].flatMap((from, w) =>
    Array.from({ length: sizes[w] ?? 1 }, (_, k) => from + k * bucket),
  );
  return [...new Set(rows.map((r) => r.service))].flatMap((service) => {
    const own = rows.filter((r) => r.service === service);
    const counted = (count: (row: (typeof rows)[number]) => number): number[] =>
      [false, true].flatMap((side, w) => {
        const counts = new Array<number>(sizes[w] ?? 1).fill(0);
        for (const row of own)
          if (row.late === side && row.k < counts.length) counts[row.k] = count(row);
        return counts;
      });
    const of = { table: table.name, service, times: starts, before: sizes[0] ?? 1 };
    return [
      {
        ...{ ...of, series: `error lines{service="${service}"}`, kind: "error" as const },
        values: counted((r) => r.trouble),
      },
      {
        ...{ ...of, series: `lines{service="${service}"}`, kind: "traffic" as const },
        values: counted((r) => r.lines),
      },
    ];
  });
}

async function seriesPoints(
  engine: Engine,
  table: TableMeta,
  baseline: string,
  incident: string,
  options: QueryOptions,
): Promise<SeriesPoints[]> {
  const source = seriesSource(table);
  const [size] = await queryRows(
    engine,
    `SELECT count(*)::DOUBLE AS points, approx_count_distinct(series)::DOUBLE AS series,
  (max(epoch_us(ts)) FILTER (WHERE ${incident}) - min(epoch_us(ts)) FILTER (WHERE ${incident}))::DOUBLE AS span
FROM ${source} WHERE ${baseline} OR ${incident}`,
    { points: NUMBER, series: NUMBER, span: NUMBER_OR_NULL },
    options,
  );
  if (size === undefined || size.span === null) return [];
  // Few enough points come as they are.
  const bucket =
    size.points <= MOST_POINTS ? 1 : Math.max(1, Math.ceil(size.span / INCIDENT_STRETCHES));
  const means = `SELECT series, any_value(name) AS name, any_value(service) AS service,
  epoch_us(ts) // ${String(bucket)} AS k, (${incident}) AS late, avg(value) AS v
FROM ${source} WHERE (${baseline} OR ${incident}) AND series IS NOT NULL AND isfinite(value)
GROUP BY series, k, late`;
  const rows = await queryRows(
    engine,
    `SELECT series, any_value(name) AS name, any_value(service) AS service,
  list(k::DOUBLE ORDER BY late, k) AS k, list(v ORDER BY late, k) AS v,
  count(*) FILTER (WHERE NOT late) AS before
FROM (${means}) GROUP BY series ORDER BY series`,
    {
      ...{ series: STRING, name: STRING_OR_NULL, service: STRING_OR_NULL },
      ...{ k: "numbers", v: "numbers", before: NUMBER },
    },
    options,
  );
  return rows.map(({ series, name, service, k, v, before }) => {
    const values = ratesOf(name ?? series, v);
    // The first step of a counter has no place: it belongs to the baseline.
    const lost = v.length - values.length;
    return {
      ...{ series, table: table.name, service: service ?? series, values },
      kind: signalKind(name ?? series),
      times: k.slice(lost).map((n) => n * bucket),
      before: Math.max(0, before - lost),
    };
  });
}
