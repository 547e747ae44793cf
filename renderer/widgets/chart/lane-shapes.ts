import type { CustomSeriesRenderItemReturn } from "echarts";
import type { Range } from "./lane-geometry.ts";

/** A zrender element as ECharts' custom series takes it. */
export type Shape = NonNullable<CustomSeriesRenderItemReturn>;

/** Where and in which range a lane is drawn; px of the canvas. */
export interface Plot extends Range {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function xOf(plot: Plot, at: number): number {
  return plot.x + ((at - plot.from) / (plot.to - plot.from)) * plot.width;
}

export type Points = [number, number][];

export function area(points: Points, fill: string, opacity: number): Shape {
  return { type: "polygon", shape: { points }, style: { fill, opacity }, silent: true };
}

export function stroke(points: Points, color: string, width: number, dash?: number[]): Shape {
  return {
    type: "polyline",
    shape: { points },
    style: {
      stroke: color,
      lineWidth: width,
      fill: "none",
      lineJoin: "round",
      ...(dash === undefined ? {} : { lineDash: dash }),
    },
    silent: true,
  };
}

export function dot([cx, cy]: [number, number], fill: string, r: number): Shape {
  return { type: "circle", shape: { cx, cy, r }, style: { fill }, silent: true };
}
