import type { TableMeta } from "../model/table.ts";
import type { Lane, LaneChangepoint, LaneData } from "../model/timeline.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { detectChangepoints } from "./changepoints/index.ts";
import { laneData } from "./lane-data.ts";
import type { TimeRange } from "./windows.ts";

export interface LaneChangepointsInput {
  readonly lane: Lane;
  readonly tables: readonly TableMeta[];
  /** µs UTC, half-open. */
  readonly range: TimeRange;
}

/** Points that a series is cut into at most: finding changes takes time with their square. */
const MOST_POINTS = 1000;

/**
 * Where the level of a lane changes: its mean (of counts: their sum) per bucket,
 * segmented as `detectChangepoints` does. None for events.
 * @throws Fault<EngineError>
 */
export async function laneChangepoints(
  engine: Engine,
  { lane, tables, range }: LaneChangepointsInput,
  options: QueryOptions = {},
): Promise<LaneChangepoint[]> {
  const data = await laneData(engine, lane, tables, range, MOST_POINTS, options);
  const course = courseOf(data, lane.statistic === "count");
  if (course === null) return [];
  const { times, values } = course;
  const { changepoints } = detectChangepoints(times, values);
  const edges = [0, ...changepoints.map((c) => c.index), values.length];
  return changepoints.map((change, k) => ({
    at: change.time,
    from: times[Math.max(0, change.first - 1)] ?? change.time,
    to: (times[change.last] ?? change.time) + data.bucket,
    shape: change.shape,
    before: meanOf(values, edges[k] ?? 0, change.index),
    after: meanOf(values, change.index, edges[k + 2] ?? values.length),
    probability: change.probability,
  }));
}

function courseOf(
  data: LaneData,
  isCount: boolean,
): { times: readonly number[]; values: readonly number[] } | null {
  switch (data.kind) {
    case "events":
      return null;
    case "levels": {
      const totals = data.times.map((_, i) =>
        data.levels.reduce((sum, level) => sum + (level.counts[i] ?? 0), 0),
      );
      return withEmpty(data.times, totals, data.bucket);
    }
    case "series": {
      const values = data.mean.map((v) => v ?? Number.NaN);
      return isCount ? withEmpty(data.times, values, data.bucket) : { times: data.times, values };
    }
  }
}

/** Buckets without a row were counted as none. */
function withEmpty(
  times: readonly number[],
  values: readonly number[],
  bucket: number,
): { times: number[]; values: number[] } {
  const first = times[0] ?? 0;
  const size = times.length === 0 ? 0 : ((times.at(-1) ?? first) - first) / bucket + 1;
  const filled = new Array<number>(size).fill(0);
  for (const [i, time] of times.entries()) filled[(time - first) / bucket] = values[i] ?? 0;
  return { times: filled.map((_, i) => first + i * bucket), values: filled };
}

function meanOf(values: readonly number[], from: number, to: number): number {
  const own = values.slice(from, to).filter((v) => Number.isFinite(v));
  return own.reduce((sum, v) => sum + v, 0) / Math.max(1, own.length);
}
