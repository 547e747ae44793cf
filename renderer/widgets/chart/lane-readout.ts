import type { LaneData } from "../../../shared/model/timeline.ts";
import { integer, number } from "../format.ts";
import { firstAtOrAfter, gapOf, totals, type ChartLane } from "./lane-geometry.ts";
import { axisNumber } from "./nice-scale.ts";

/** What stands at the cursor in one lane, in words; null where there is nothing. `reach` is some pixels, in µs. */
export function readoutAt(lane: ChartLane, at: number, reach: number): string | null {
  const part = lane.parts.find((p) => at >= p.from && at < p.to);
  if (part === undefined) return null;
  const own =
    dataAt(part.data, at, reach, lane.unit) ?? (part.data.kind === "events" ? null : "no value");
  const ghost = lane.ghost?.parts.find((p) => at >= p.from && at < p.to);
  const before = ghost === undefined ? null : dataAt(ghost.data, at, reach, lane.unit);
  const change = lane.changes?.find((c) => at >= c.from - reach && at <= c.to + reach);
  const words = [
    own,
    before === null ? null : `${lane.ghost?.label ?? ""}: ${before}`,
    change === undefined ? null : change.what,
  ]
    .filter((text) => text !== null)
    .join(" · ");
  return words === "" ? null : words;
}

function dataAt(
  data: LaneData,
  at: number,
  reach: number,
  unit: string | undefined,
): string | null {
  if (data.kind === "events") return eventAt(data, at, reach);
  const i =
    data.kind === "levels" ? bucketAt(data.times, data.bucket, at) : nearest(data, at, reach);
  if (i === null) return null;
  if (data.kind === "levels") {
    const parts = data.levels
      .filter((level) => (level.counts[i] ?? 0) > 0)
      .map((level) => `${level.level} ${integer(level.counts[i] ?? 0)}`);
    const total = `${integer(totals(data)[i] ?? 0)} rows`;
    return data.levels.length < 2 ? total : `${parts.join(" · ")} · ${total}`;
  }
  const mean = data.mean[i] ?? null;
  if (mean === null) return null;
  const [low, high] = [data.min[i] ?? mean, data.max[i] ?? mean];
  const value = unit === undefined ? short(mean) : `${short(mean)} ${unit}`;
  return high > low ? `${value} (${short(low)} to ${short(high)})` : value;
}

function eventAt(
  data: Extract<LaneData, { kind: "events" }>,
  at: number,
  reach: number,
): string | null {
  let best: (typeof data.events)[number] | null = null;
  for (const event of data.events) {
    const distance = Math.abs(event.at - at);
    if (distance <= reach && (best === null || distance < Math.abs(best.at - at))) best = event;
  }
  if (best === null) return null;
  const service = best.service === null ? "" : ` (${best.service})`;
  const more = best.count > 1 ? ` and ${integer(best.count - 1)} more` : "";
  return `${best.kind}: ${best.title}${service}${more}`;
}

/** The bucket that holds the instant. */
function bucketAt(times: readonly number[], bucket: number, at: number): number | null {
  const i = firstAtOrAfter(times, at + 1) - 1;
  const time = times[i];
  return time !== undefined && at < time + bucket ? i : null;
}

/** The sample drawn nearest to the instant, unless the line has a gap there. */
function nearest(
  data: Extract<LaneData, { kind: "series" }>,
  at: number,
  reach: number,
): number | null {
  const middle = at - data.bucket / 2;
  const after = firstAtOrAfter(data.times, middle);
  const before = after - 1;
  const distance = (i: number) => Math.abs((data.times[i] ?? Infinity) - middle);
  const i = distance(before) <= distance(after) ? before : after;
  const allowed = Math.max(gapOf(data) / 2, data.bucket, reach);
  return distance(i) <= allowed ? i : null;
}

/** Large numbers with a letter, as on the axis beside them. */
function short(value: number): string {
  return Math.abs(value) >= 1e6 ? axisNumber(value) : number(value);
}
