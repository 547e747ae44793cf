import { memo, useEffect, useMemo, useState } from "react";
import { DAY } from "../../../shared/base/time.ts";
import type { TableMeta } from "../../../shared/model/table.ts";
import type { Lane, LaneChangepoint, LaneData } from "../../../shared/model/timeline.ts";
import { EngineFailure, useAnalysis } from "../../data/queries.ts";
import {
  partsOf,
  type ChartLane,
  type LaneChange,
  type Range,
} from "../../widgets/chart/lane-geometry.ts";
import { useView } from "../../state/view-store.ts";
import { duration, number, time } from "../../widgets/format.ts";
import { bucketsFor, type LaneQuery } from "./lane-query.ts";

/** A lane ready for the chart, and the data to pin. */
export interface LoadedLane {
  readonly chart: ChartLane;
  readonly data: LaneData | null;
  readonly loading: boolean;
}

interface LaneLoaderProps {
  readonly lane: Lane;
  readonly tables: readonly TableMeta[];
  readonly bounds: Range;
  readonly width: number;
  /** The visible part at its own resolution; null when everything is visible. */
  readonly query: LaneQuery | null;
  /** Days by which the lane is also drawn later, over itself; null for not. */
  readonly ghostDays: number | null;
  /** What is said before its title. */
  readonly group: string | null;
  readonly onLoaded: (id: string, loaded: LoadedLane) => void;
}

/**
 * Fetches one lane: coarse over everything, fine over the visible part. The
 * last fine data stays until the next is there. Renders nothing.
 */
export const LaneLoader = memo(function LaneLoader({
  lane,
  tables,
  bounds,
  width,
  query,
  ghostDays,
  group,
  onLoaded,
}: LaneLoaderProps) {
  const own = useMemo(() => tables.filter((t) => t.name === lane.table), [tables, lane.table]);
  const coarse = useAnalysis(
    "laneData",
    width <= 0 ? null : { lane, tables: own, range: bounds, buckets: bucketsFor(width) },
    { keepPrevious: true },
  );
  const fine = useAnalysis(
    "laneData",
    query === null || width <= 0
      ? null
      : { lane, tables: own, range: query.range, buckets: query.buckets },
  );
  const ghost = useGhost(lane, own, query ?? { range: bounds, buckets: bucketsFor(width) }, {
    days: width <= 0 || lane.kind === "events" ? null : ghostDays,
  });
  const showChanges = useView((s) => s.showChanges);
  const zone = useView((s) => s.timezone);
  const changed = useAnalysis(
    "laneChangepoints",
    !showChanges || width <= 0 || lane.kind === "events"
      ? null
      : { lane, tables: own, range: query?.range ?? bounds },
    { keepPrevious: true },
  );
  const changes = useMemo(
    () => (showChanges ? changed.data?.map((c) => drawnChange(c, lane, zone)) : undefined),
    [showChanges, changed.data, lane, zone],
  );
  const [held, setHeld] = useState<(Range & { data: LaneData }) | null>(null);
  if (query === null ? held !== null : fine.data !== undefined && held?.data !== fine.data) {
    setHeld(query === null || fine.data === undefined ? null : { ...query.range, data: fine.data });
  }
  const error = coarse.error ?? fine.error;
  const chart = useMemo(
    () => ({
      ...chartLane(lane, coarse.data ?? null, held, error),
      ...(ghost === null ? {} : { ghost }),
      ...(changes === undefined ? {} : { changes }),
      ...(group === null ? {} : { group }),
    }),
    [lane, coarse.data, held, error, ghost, changes, group],
  );
  const loading = coarse.isFetching || fine.isFetching;
  const data = held?.data ?? coarse.data ?? null;
  useEffect(() => {
    onLoaded(lane.id, { chart, data, loading });
  }, [lane.id, chart, data, loading, onLoaded]);
  return null;
});

function drawnChange(change: LaneChangepoint, lane: Lane, zone: string): LaneChange {
  const { at, from, to, shape, before, after } = change;
  const way = after > before ? "up" : "down";
  const moved = shape === "ramp" ? `begins to go ${way}` : `goes ${way}`;
  const unit = lane.unit === undefined || lane.statistic === "count" ? "" : ` ${lane.unit}`;
  const levels =
    lane.statistic === "count" ? "" : ` from ${number(before)} to ${number(after)}${unit}`;
  return {
    at,
    from,
    to,
    what: `${moved}${levels} at ${time(at, zone)} (within ${duration(to - from)})`,
  };
}

/** The lane some days before, at the times of today. */
function useGhost(
  lane: Lane,
  tables: readonly TableMeta[],
  { range, buckets }: LaneQuery,
  { days }: { readonly days: number | null },
): NonNullable<ChartLane["ghost"]> | null {
  const by = (days ?? 0) * DAY;
  const asked = useAnalysis(
    "laneData",
    days === null
      ? null
      : { lane, tables, range: { from: range.from - by, to: range.to - by }, buckets },
    { keepPrevious: true },
  );
  return useMemo(() => {
    if (days === null || asked.data === undefined || asked.data.kind === "events") return null;
    const data = { ...asked.data, times: asked.data.times.map((t) => t + by) };
    const parts = [{ data, from: -Infinity, to: Infinity, factor: 1 }];
    return { parts, label: days === 1 ? "a day before" : "a week before" };
  }, [asked.data, days, by]);
}

function chartLane(
  lane: Lane,
  coarse: LaneData | null,
  fine: (Range & { data: LaneData }) | null,
  error: Error | null,
): ChartLane {
  const isCount = lane.statistic === "count";
  const parts = error === null ? partsOf(coarse, fine, isCount) : [];
  const bucket = (fine?.data ?? coarse)?.bucket;
  const unit =
    isCount && bucket !== undefined ? `${lane.unit ?? "rows"} per ${duration(bucket)}` : lane.unit;
  return {
    id: lane.id,
    title: lane.title,
    ...(unit === undefined ? {} : { unit }),
    parts,
    status:
      error !== null
        ? { kind: "failed", message: `This lane could not be read: ${messageOf(error)}` }
        : coarse === null && fine === null
          ? { kind: "loading", message: "Loading…" }
          : isEmpty(parts[0]?.data) && parts.length < 2
            ? { kind: "loading", message: "No values." }
            : null,
  };
}

function isEmpty(data: LaneData | undefined): boolean {
  if (data === undefined) return true;
  return data.kind === "events" ? data.events.length === 0 : data.times.length === 0;
}

export function messageOf(error: Error): string {
  return error instanceof EngineFailure ? error.detail.message : error.message;
}
