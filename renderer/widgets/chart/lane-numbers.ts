import { number, integer, time } from "../format.ts";
import type { Numbers } from "./chart-frame.tsx";
import { bucketsIn, totals, type ChartLane, type Range } from "./lane-geometry.ts";

/** The visible data of a lane as a table. */
export function laneNumbers(lane: ChartLane, range: Range, zone: string): Numbers {
  const kind = lane.parts[0]?.data.kind ?? "series";
  const unit = lane.unit === undefined ? "" : ` (${lane.unit})`;
  const at = `Time (${zone})`;
  if (kind === "events")
    return {
      header: [at, "Kind", "Event", "Service", "Count"],
      text: [1, 2, 3],
      rows: eventRows(lane, range, zone),
    };
  if (kind === "levels") return levelNumbers(lane, range, zone, at);
  const rows: string[][] = [];
  for (const { data, ...part } of lane.parts) {
    if (data.kind !== "series") continue;
    const [first, last] = bucketsIn(data.times, data.bucket, overlap(range, part));
    for (let i = first; i < last; i++) {
      rows.push([
        time(data.times[i], zone),
        number(data.mean[i]),
        number(data.min[i]),
        number(data.max[i]),
        integer(data.count[i] ?? 0),
      ]);
    }
  }
  return { header: [at, `Mean${unit}`, `Minimum${unit}`, `Maximum${unit}`, "Points"], rows };
}

function levelNumbers(lane: ChartLane, range: Range, zone: string, at: string): Numbers {
  const names = [
    ...new Set(
      lane.parts.flatMap(({ data }) =>
        data.kind === "levels" ? data.levels.map((l) => l.level) : [],
      ),
    ),
  ];
  const rows: string[][] = [];
  for (const { data, ...part } of lane.parts) {
    if (data.kind !== "levels") continue;
    const [first, last] = bucketsIn(data.times, data.bucket, overlap(range, part));
    const counts = new Map(data.levels.map((level) => [level.level, level.counts]));
    for (let i = first; i < last; i++) {
      rows.push([
        time(data.times[i], zone),
        ...names.map((name) => integer(counts.get(name)?.[i] ?? 0)),
        integer(totals(data)[i] ?? 0),
      ]);
    }
  }
  return { header: [at, ...names, "all"], rows };
}

function eventRows(lane: ChartLane, range: Range, zone: string): string[][] {
  const rows: string[][] = [];
  for (const { data, ...part } of lane.parts) {
    if (data.kind !== "events") continue;
    const { from, to } = overlap(range, part);
    for (const event of data.events) {
      if (event.at < from || event.at >= to) continue;
      rows.push([
        time(event.at, zone),
        event.kind,
        event.title,
        event.service ?? "",
        integer(event.count),
      ]);
    }
  }
  return rows;
}

function overlap(a: Range, b: Range): Range {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}
