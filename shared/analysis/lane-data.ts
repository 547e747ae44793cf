import { timestampLiteral, type EvidenceTime } from "../base/time.ts";
import type { TableMeta } from "../model/table.ts";
import type { Lane, LaneData } from "../model/timeline.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import {
  NUMBER,
  NUMBER_OR_NULL,
  STRING,
  STRING_OR_NULL,
  TIMESTAMP,
  queryRows,
} from "../tables/rows.ts";
import { ident, num, text } from "../tables/sql.ts";
import { bucketOf } from "./buckets.ts";
import { seriesSource } from "./series-source.ts";
import type { TimeRange } from "./windows.ts";

/** Most severe first; other texts follow by name. */
const LEVEL_ORDER = ["fatal", "error", "warn", "info", "debug", "trace", "other"];

/**
 * A lane's content in a range (µs UTC, half-open) in at most about `buckets`
 * buckets whose edges do not depend on the range; the outer ones are complete.
 * The minimum and maximum of the raw points are kept, so no spike gets lost.
 * Infinities and NaN are counted but not drawn.
 */
export async function laneData(
  engine: Engine,
  lane: Lane,
  tables: readonly TableMeta[],
  range: TimeRange,
  buckets: number,
  options: QueryOptions = {},
): Promise<LaneData> {
  const table = tables.find((t) => t.name === lane.table);
  const cut = cutOf(table, range, bucketOf(range, buckets));
  switch (lane.kind) {
    case "log-levels":
      return levelData(engine, lane, cut, options);
    case "events":
      return eventData(engine, lane, cut, options);
    case "notes":
      // Notes are in the journal, not in the database.
      return { kind: "events", laneId: lane.id, bucket: cut.bucket, events: [] };
    case "template": {
      const found = await seriesData(engine, lane, table, cut, options);
      return lane.statistic === "count" ? withEmptyBuckets(found, range) : found;
    }
    case "series":
    case "feature":
    case "volume":
      return seriesData(engine, lane, table, cut, options);
  }
}

/** The query under a lane's picture, with buckets of this width in µs, so that a finding can repeat it. */
export function laneSql(
  lane: Lane,
  tables: readonly TableMeta[],
  range: TimeRange,
  bucket: number,
): string {
  const table = tables.find((t) => t.name === lane.table);
  const cut = cutOf(table, range, bucket);
  switch (lane.kind) {
    case "log-levels":
      return levelSql(lane, cut);
    case "events":
    case "notes":
      return eventSql(lane, cut);
    case "series":
    case "template":
    case "feature":
    case "volume":
      return seriesSql(lane, table, cut);
  }
}

function cutOf(table: TableMeta | undefined, range: TimeRange, bucket: number): Cut {
  const time = ident(table?.timeColumn ?? "ts");
  const at = (t: number): string => timestampLiteral(t as EvidenceTime);
  const from = Math.floor(range.from / bucket) * bucket;
  const to = Math.ceil(range.to / bucket) * bucket;
  return {
    key: `epoch_us(${time}) // ${String(bucket)}`,
    where: `${time} >= ${at(from)} AND ${time} < ${at(to)}`,
    bucket,
    time,
  };
}

interface Cut {
  /** SQL: whole number of the bucket. */
  readonly key: string;
  readonly where: string;
  readonly bucket: number;
  readonly time: string;
}

type SeriesLane = Extract<LaneData, { kind: "series" }>;

async function seriesData(
  engine: Engine,
  lane: Lane,
  table: TableMeta | undefined,
  cut: Cut,
  options: QueryOptions,
): Promise<SeriesLane> {
  const found = await queryRows(
    engine,
    seriesSql(lane, table, cut),
    {
      k: NUMBER,
      mean: NUMBER_OR_NULL,
      low: NUMBER_OR_NULL,
      high: NUMBER_OR_NULL,
      n: NUMBER,
    },
    options,
  );
  return {
    kind: "series",
    laneId: lane.id,
    bucket: cut.bucket,
    times: found.map((row) => row.k * cut.bucket),
    mean: found.map((row) => row.mean),
    min: found.map((row) => row.low),
    max: found.map((row) => row.high),
    count: found.map((row) => row.n),
  };
}

/** A statement that was not written in a bucket was written 0 times. */
function withEmptyBuckets(data: SeriesLane, range: TimeRange): SeriesLane {
  const { bucket } = data;
  const at = new Map(data.times.map((time, k) => [time, data.mean[k] ?? 0]));
  const first = Math.floor(range.from / bucket);
  const size = Math.max(0, Math.ceil(range.to / bucket) - first);
  const times = Array.from({ length: size }, (_, k) => (first + k) * bucket);
  const counts = times.map((time) => at.get(time) ?? 0);
  return { ...data, times, mean: counts, min: counts, max: counts, count: counts };
}

/** Lines of a statement per bucket, or the mean or a quantile of a number in them. */
function templateSql(lane: Lane, cut: Cut, group: string): string {
  const { shapes = [], value, q } = lane.lines ?? {};
  const own = `${cut.where} AND shape IN (${shapes.length === 0 ? "NULL" : shapes.map(num).join(", ")})`;
  if (value === undefined) {
    return `SELECT ${cut.key} AS k, count(*)::DOUBLE AS mean, count(*)::DOUBLE AS low, count(*)::DOUBLE AS high, count(*) AS n
FROM ${ident(lane.table)} WHERE ${own} ${group}`;
  }
  const drawn = q === undefined ? "avg(x)::DOUBLE" : `quantile_cont(x, ${num(q)})`;
  return `SELECT k, ${drawn} AS mean, mean AS low, mean AS high, count(*) AS n
FROM (SELECT ${cut.key} AS k, ${value} AS x FROM ${ident(lane.table)} WHERE ${own}) WHERE x IS NOT NULL ${group}`;
}

function seriesSql(lane: Lane, table: TableMeta | undefined, cut: Cut): string {
  const source =
    lane.kind === "series" && table !== undefined ? seriesSource(table) : ident(lane.table);
  const group = `GROUP BY 1 ORDER BY 1`;
  if (lane.kind === "template") return templateSql(lane, cut, group);
  if (lane.subject === null) {
    return `SELECT ${cut.key} AS k, count(*)::DOUBLE AS mean, count(*)::DOUBLE AS low, count(*)::DOUBLE AS high, count(*) AS n
FROM ${source} WHERE ${cut.where} ${group}`;
  }
  const column = lane.kind === "series" ? "value" : ident(lane.subject);
  const own = lane.kind === "series" ? ` AND series = ${text(lane.subject)}` : "";
  const share = (condition: string, of: string): string =>
    `SELECT ${cut.key} AS k, avg(CASE WHEN ${condition} THEN 1.0 ELSE 0.0 END)::DOUBLE AS mean, mean AS low, mean AS high, count(*) AS n
FROM ${source} WHERE ${cut.where}${of} ${group}`;
  if (lane.statistic === "null_rate") return share(`${column} IS NULL`, "");
  if (lane.statistic === "rate") {
    const type = table?.columns.find((c) => c.name === lane.subject)?.type;
    const condition =
      type === "boolean"
        ? column
        : `${column} = (SELECT ${column} FROM ${source} WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)`;
    return share(condition, ` AND ${column} IS NOT NULL`);
  }
  if (lane.statistic === "accuracy" && lane.against !== undefined) {
    const truth = ident(lane.against);
    return share(
      `${column}::VARCHAR = ${truth}::VARCHAR`,
      ` AND ${column} IS NOT NULL AND ${truth} IS NOT NULL`,
    );
  }
  if (lane.statistic === "error" && lane.against !== undefined) {
    const away = `abs(${column}::DOUBLE - ${ident(lane.against)}::DOUBLE)`;
    return `SELECT k, avg(x) AS mean, mean AS low, mean AS high, count(*) AS n
FROM (SELECT ${cut.key} AS k, ${away} AS x FROM ${source} WHERE ${cut.where}) WHERE isfinite(x) ${group}`;
  }
  if (lane.statistic === "distinct") {
    return `SELECT ${cut.key} AS k, count(DISTINCT ${column})::DOUBLE AS mean, mean AS low, mean AS high, count(*) AS n
FROM ${source} WHERE ${cut.where} ${group}`;
  }
  const value = `CASE WHEN isfinite(${column}::DOUBLE) THEN ${column}::DOUBLE END`;
  return `SELECT k, avg(x) AS mean, min(x) AS low, max(x) AS high, count(*) AS n
FROM (SELECT ${cut.key} AS k, ${value} AS x FROM ${source} WHERE ${cut.where}${own} AND ${column} IS NOT NULL) ${group}`;
}

async function levelData(
  engine: Engine,
  lane: Lane,
  cut: Cut,
  options: QueryOptions,
): Promise<LaneData> {
  const found = await queryRows(
    engine,
    levelSql(lane, cut),
    { k: NUMBER, level: STRING, n: NUMBER },
    options,
  );
  const keys = [...new Set(found.map((row) => row.k))];
  const place = new Map(keys.map((k, index) => [k, index]));
  const rank = (level: string): number => {
    const known = LEVEL_ORDER.indexOf(level);
    return known === -1 ? LEVEL_ORDER.length : known;
  };
  const names = [...new Set(found.map((row) => row.level))].sort(
    (a, b) => rank(a) - rank(b) || a.localeCompare(b),
  );
  const levels = names.map((level) => ({
    level,
    counts: new Array<number>(keys.length).fill(0),
  }));
  const byName = new Map(levels.map((l) => [l.level, l.counts]));
  for (const row of found) {
    const counts = byName.get(row.level);
    if (counts !== undefined) counts[place.get(row.k) ?? 0] = row.n;
  }
  return {
    kind: "levels",
    laneId: lane.id,
    bucket: cut.bucket,
    times: keys.map((k) => k * cut.bucket),
    levels,
  };
}

async function eventData(
  engine: Engine,
  lane: Lane,
  cut: Cut,
  options: QueryOptions,
): Promise<LaneData> {
  const found = await queryRows(
    engine,
    eventSql(lane, cut),
    {
      at: TIMESTAMP,
      n: NUMBER,
      what: STRING,
      title: STRING,
      service: STRING_OR_NULL,
      ev: NUMBER,
      line: NUMBER,
    },
    options,
  );
  return {
    kind: "events",
    laneId: lane.id,
    bucket: cut.bucket,
    events: found.map((row) => ({
      at: row.at,
      count: row.n,
      kind: row.what,
      title: row.title,
      service: row.service,
      evidence: row.ev,
      line: row.line,
    })),
  };
}

function levelSql(lane: Lane, cut: Cut): string {
  return `SELECT ${cut.key} AS k, coalesce(level, 'other') AS level, count(*) AS n
FROM ${ident(lane.table)} WHERE ${cut.where} GROUP BY 1, 2 ORDER BY 1, 2`;
}

function eventSql(lane: Lane, cut: Cut): string {
  return `SELECT ${cut.key} AS k, min(${cut.time}) AS at, count(*) AS n, coalesce(kind, 'event') AS what,
  coalesce(arg_min(title, ${cut.time}), '') AS title, arg_min(service, ${cut.time}) AS service,
  coalesce(arg_min(_ev, ${cut.time}), 0) AS ev, coalesce(arg_min(_line, ${cut.time}), 0) AS line
FROM ${ident(lane.table)} WHERE ${cut.where} GROUP BY 1, 4 ORDER BY 2, 4`;
}
