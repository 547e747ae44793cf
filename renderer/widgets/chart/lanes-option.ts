import type { CustomSeriesRenderItemReturn } from "echarts";
import type { Palette } from "../../../shared/model/palette.ts";
import { CALM, type EChartsCoreOption } from "./echart.tsx";
import { hatch } from "./hatch.ts";
import { scaleOf, type Band, type ChartLane, type Range } from "./lane-geometry.ts";
import { paintLane } from "./lane-painters.ts";
import { stroke, xOf, type Plot, type Shape } from "./lane-shapes.ts";
import { axisNumber, type NiceScale } from "./nice-scale.ts";
import type { TimeTick } from "./time-axis.ts";

/** Room left of the plots for value labels, and right of them, in px. */
export const GUTTER = 52;
export const MARGIN = 14;
/** Height of a lane's headline. */
export const HEADLINE = 19;
const FOOT = 5;

export interface LanesPicture {
  readonly lanes: readonly ChartLane[];
  readonly range: Range;
  readonly bands: readonly Band[];
  readonly ticks: readonly TimeTick[];
  readonly palette: Palette;
  readonly width: number;
  readonly laneHeight: number;
}

/** What the option's components depend on: while it is the same, options can be merged. */
export function structureOf({ lanes, palette, width, laneHeight }: LanesPicture): string {
  return [palette.ground, width, laneHeight, ...lanes.map((l) => l.id)].join("\n");
}

/**
 * One grid for the ground (bands, time lines) and one for each lane, all with
 * the same horizontal extent. The series are custom series of one item each,
 * which draw the visible buckets: so a change of the range costs no pass over
 * the data.
 */
export function lanesOption(picture: LanesPicture): EChartsCoreOption {
  const { lanes, laneHeight, width, palette } = picture;
  const height = lanes.length * laneHeight;
  const ground = { left: GUTTER, top: 0, width: plotWidth(width), height };
  const grids: object[] = [{ id: "ground", ...ground, show: false }];
  const xAxes: object[] = [hiddenAxis("ground", 0)];
  const yAxes: object[] = [hiddenAxis("ground", 0)];
  const series: object[] = [
    customSeries("ground", 0, (plot) => paintGround(picture, plot), picture.range),
  ];
  lanes.forEach((lane, i) => {
    const top = i * laneHeight + HEADLINE;
    const scale = scaleOf(lane.parts, lane.ghost?.parts);
    grids.push({ id: lane.id, ...ground, top, height: laneHeight - HEADLINE - FOOT, show: false });
    xAxes.push(hiddenAxis(lane.id, i + 1));
    yAxes.push(valueAxis(lane, i + 1, scale, palette));
    series.push(
      customSeries(lane.id, i + 1, (plot) => paintLane(lane, plot, scale, palette), picture.range),
    );
  });
  return { ...CALM, grid: grids, xAxis: xAxes, yAxis: yAxes, series };
}

export function plotWidth(width: number): number {
  return Math.max(10, width - GUTTER - MARGIN);
}

function hiddenAxis(id: string, gridIndex: number): object {
  return { id, gridIndex, type: "value", min: 0, max: 1, show: false };
}

function valueAxis(lane: ChartLane, gridIndex: number, scale: NiceScale, palette: Palette): object {
  const isEvents = lane.parts[0]?.data.kind === "events";
  if (lane.parts.length === 0 || isEvents) return hiddenAxis(lane.id, gridIndex);
  return {
    id: lane.id,
    gridIndex,
    type: "value",
    show: true,
    min: scale.min,
    max: scale.max,
    axisLabel: {
      customValues: scale.ticks,
      color: palette.muted,
      fontSize: 11,
      margin: 6,
      formatter: axisNumber,
      hideOverlap: true,
    },
    axisLine: { show: false },
    axisTick: { show: false, customValues: scale.ticks },
    splitLine: { show: true, lineStyle: { color: palette.grid, width: 1 } },
  };
}

interface ItemParams {
  readonly coordSys: object;
}

function customSeries(
  id: string,
  index: number,
  paint: (plot: Plot) => Shape[],
  range: Range,
): object {
  return {
    id,
    type: "custom",
    xAxisIndex: index,
    yAxisIndex: index,
    clip: true,
    silent: true,
    data: [[0, 0]],
    renderItem: ({ coordSys }: ItemParams): CustomSeriesRenderItemReturn => {
      const { x, y, width, height } = coordSys as Plot;
      return { type: "group", children: paint({ x, y, width, height, ...range }) };
    },
  };
}

/** Time lines, lane borders, and the windows: blue with solid edges, orange hatched with dashed ones. */
function paintGround(
  { ticks, bands, lanes, laneHeight, palette }: LanesPicture,
  plot: Plot,
): Shape[] {
  const shapes: Shape[] = [];
  const bottom = plot.y + plot.height;
  for (const tick of ticks) {
    const x = Math.round(xOf(plot, tick.at)) + 0.5;
    shapes.push(
      stroke(
        [
          [x, plot.y],
          [x, bottom],
        ],
        palette.grid,
        tick.major ? 1.5 : 0.75,
      ),
    );
  }
  for (const band of bands) shapes.push(...paintBand(band, plot, palette));
  for (let i = 1; i < lanes.length; i++) {
    const y = plot.y + i * laneHeight + 0.5;
    shapes.push(
      stroke(
        [
          [plot.x, y],
          [plot.x + plot.width, y],
        ],
        palette.grid,
        1,
      ),
    );
  }
  return shapes;
}

function paintBand(band: Band, plot: Plot, palette: Palette): Shape[] {
  if (band.to <= plot.from || band.from >= plot.to) return [];
  const left = xOf(plot, Math.max(band.from, plot.from));
  const right = xOf(plot, Math.min(band.to, plot.to));
  const isBaseline = band.which === "baseline";
  const fill = isBaseline
    ? palette.baselineBand
    : hatch(palette.incidentBand, 9, 2.5, faint(palette.incidentBand));
  const shapes: Shape[] = [
    {
      type: "rect",
      shape: { x: left, y: plot.y, width: Math.max(right - left, 1), height: plot.height },
      style: { fill },
      silent: true,
    },
  ];
  const color = isBaseline ? palette.baseline : palette.incident;
  for (const at of [band.from, band.to]) {
    if (at < plot.from || at > plot.to) continue;
    const x = Math.round(xOf(plot, at)) + 0.5;
    shapes.push(
      stroke(
        [
          [x, plot.y],
          [x, plot.y + plot.height],
        ],
        color,
        1.25,
        isBaseline ? undefined : [4, 3],
      ),
    );
  }
  return shapes;
}

/** The same colour at half its opacity, as the ground between the lines of the hatch. */
function faint(rgba: string): string {
  return rgba.replace(/[\d.]+\)$/, (alpha) => `${String(Number.parseFloat(alpha) / 2)})`);
}
