import type { LaneData } from "../../../shared/model/timeline.ts";
import type { Palette } from "../../../shared/model/palette.ts";
import { paintEvents } from "./event-painter.ts";
import {
  bucketsIn,
  gapOf,
  totals,
  type ChartLane,
  type LaneChange,
  type LevelsData,
  type Range,
  type SeriesData,
} from "./lane-geometry.ts";
import { area, dot, stroke, xOf, type Plot, type Points, type Shape } from "./lane-shapes.ts";
import type { NiceScale } from "./nice-scale.ts";

function yOf(plot: Plot, scale: NiceScale, value: number): number {
  return plot.y + plot.height * (1 - (value - scale.min) / (scale.max - scale.min));
}

/** All that is visible of a lane. The elements are computed for the visible buckets only. */
export function paintLane(
  { parts, ghost, changes }: ChartLane,
  plot: Plot,
  scale: NiceScale,
  palette: Palette,
): Shape[] {
  const shapes: Shape[] = [];
  for (const change of changes ?? []) paintChange(shapes, change, plot, palette);
  for (const part of ghost?.parts ?? []) {
    const { data } = part;
    const y: ToY = (value) => yOf(plot, scale, value * part.factor);
    const range = { from: Math.max(part.from, plot.from), to: Math.min(part.to, plot.to) };
    if (range.to > range.from) paintGhost(shapes, data, range, plot, y, palette);
  }
  for (const part of parts) {
    const range = { from: Math.max(part.from, plot.from), to: Math.min(part.to, plot.to) };
    if (!(range.to > range.from)) continue;
    const { data, factor } = part;
    if (data.kind === "events") paintEvents(shapes, data, range, plot, palette);
    else {
      const y: ToY = (value) => yOf(plot, scale, value * factor);
      if (data.kind === "series") paintSeries(shapes, data, range, plot, y, palette);
      else paintLevels(shapes, data, range, plot, y, palette);
    }
  }
  return shapes;
}

/** A band over the times between which a level changed, and a mark where it most likely did. */
function paintChange(shapes: Shape[], change: LaneChange, plot: Plot, palette: Palette): void {
  if (change.to < plot.from || change.from > plot.to) return;
  const left = xOf(plot, Math.max(change.from, plot.from));
  const right = xOf(plot, Math.min(change.to, plot.to));
  shapes.push({
    type: "rect",
    shape: { x: left, y: plot.y, width: Math.max(right - left, 2), height: plot.height },
    style: { fill: palette.text, opacity: 0.13 },
    silent: true,
  });
  if (change.at < plot.from || change.at > plot.to) return;
  const x = Math.round(xOf(plot, change.at)) + 0.5;
  const bottom = plot.y + plot.height;
  const ends: Points = [
    [x, plot.y],
    [x, bottom],
  ];
  shapes.push(stroke(ends, palette.text, 1, [2, 2]));
  const points: Points = [
    [x, bottom - 6],
    [x + 4.5, bottom],
    [x - 4.5, bottom],
  ];
  shapes.push(area(points, palette.text, 1));
}

/** The same lane some days before: a broken, thin line; of stacked bars their height. */
function paintGhost(
  shapes: Shape[],
  data: LaneData,
  range: Range,
  plot: Plot,
  y: ToY,
  palette: Palette,
): void {
  if (data.kind === "events") return;
  const values = data.kind === "levels" ? totals(data) : data.mean;
  const [first, last] = bucketsIn(data.times, data.bucket, range);
  const gap = gapOf(data);
  let line: Points = [];
  let before = -Infinity;
  for (let i = Math.max(0, first - 1); i < Math.min(data.times.length, last + 1); i++) {
    const time = data.times[i] as number;
    const value = values[i] ?? null;
    if (value === null) continue;
    if (time - before > gap && line.length > 0) {
      shapes.push(stroke(line, palette.muted, 1, [3, 3]));
      line = [];
    }
    before = time;
    line.push([xOf(plot, time + data.bucket / 2), y(value)]);
  }
  if (line.length > 1) shapes.push(stroke(line, palette.muted, 1, [3, 3]));
}

type ToY = (value: number) => number;

/** The mean as a line over the band from minimum to maximum; lines break where data is missing. */
function paintSeries(
  shapes: Shape[],
  data: SeriesData,
  range: Range,
  plot: Plot,
  y: ToY,
  palette: Palette,
): void {
  const [first, last] = bucketsIn(data.times, data.bucket, range);
  const gap = gapOf(data);
  const half = data.bucket / 2;
  let line: Points = [];
  let upper: Points = [];
  let lower: Points = [];
  let spread = false;
  let before = -Infinity;
  const finish = () => {
    if (spread && upper.length > 1) {
      shapes.push(area([...upper, ...lower.reverse()], palette.series, 0.26));
    }
    if (line.length > 1) shapes.push(stroke(line, palette.series, 1.25));
    else if (line[0] !== undefined) {
      shapes.push(dot(line[0], palette.series, 2));
      const [top, bottom] = [upper[0], lower[0]];
      if (spread && top !== undefined && bottom !== undefined)
        shapes.push(stroke([top, bottom], palette.series, 1));
    }
    line = [];
    upper = [];
    lower = [];
    spread = false;
  };
  // One neighbour on each side, so that the line runs to the edge.
  for (let i = Math.max(0, first - 1); i < Math.min(data.times.length, last + 1); i++) {
    const time = data.times[i] as number;
    const mean = data.mean[i] ?? null;
    if (mean === null) continue;
    if (time - before > gap) finish();
    before = time;
    const x = xOf(plot, time + half);
    const low = data.min[i] ?? mean;
    const high = data.max[i] ?? mean;
    if (high > low) spread = true;
    line.push([x, y(mean)]);
    upper.push([x, y(high)]);
    lower.push([x, y(low)]);
  }
  finish();
}

/** Stacked bars, the most severe level at the bottom, where its height can be read. */
function paintLevels(
  shapes: Shape[],
  data: LevelsData,
  range: Range,
  plot: Plot,
  y: ToY,
  palette: Palette,
): void {
  const [first, last] = bucketsIn(data.times, data.bucket, range);
  const wide = (data.bucket / (plot.to - plot.from)) * plot.width;
  const space = wide >= 5 ? 1 : 0;
  const base = new Float64Array(last - first);
  for (const level of data.levels) {
    const top: Points = [];
    const bottom: Points = [];
    for (let i = first; i < last; i++) {
      const count = level.counts[i] ?? 0;
      if (count === 0) continue;
      const below = base[i - first] as number;
      base[i - first] = below + count;
      const time = data.times[i] as number;
      const x0 = xOf(plot, Math.max(time, range.from));
      const x1 = Math.max(xOf(plot, Math.min(time + data.bucket, range.to)) - space, x0 + 0.75);
      const y0 = y(below);
      const y1 = y(below + count);
      // Down to the ground between bars: one outline for the whole level.
      top.push([x0, y0], [x0, y1], [x1, y1], [x1, y0]);
      bottom.push([x0, y0], [x1, y0]);
    }
    if (top.length > 0) {
      const color = palette.levels[level.level] ?? palette.levels["other"] ?? palette.series;
      shapes.push(area([...top, ...bottom.reverse()], color, 1));
    }
  }
}
