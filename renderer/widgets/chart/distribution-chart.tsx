import { useMemo } from "react";
import type { Palette } from "../../../shared/model/palette.ts";
import type { Distribution } from "../../../shared/model/shift.ts";
import { integer, percent } from "../format.ts";
import { WindowMark } from "../tags.tsx";
import { ChartFrame, type Numbers } from "./chart-frame.tsx";
import { distributionRows, type DistributionRows } from "./distribution-rows.ts";
import { CALM, EChart, type EChartsCoreOption } from "./echart.tsx";
import { axisNumber, niceScale } from "./nice-scale.ts";

interface DistributionChartProps {
  /** Says what the chart shows. */
  readonly title: string;
  /** Unit of the column's values. */
  readonly unit?: string;
  readonly distribution: Distribution;
  readonly palette: Palette;
  readonly height?: number;
}

/**
 * Shares of rows per bin or category, both windows over each other: baseline
 * solid blue, incident hatched orange with a dashed outline.
 */
export function DistributionChart({
  title,
  unit,
  distribution,
  palette,
  height,
}: DistributionChartProps) {
  const rows = useMemo(() => distributionRows(distribution), [distribution]);
  const option = useMemo(() => optionOf(rows, unit, palette), [rows, unit, palette]);
  const legend = (
    <span className="iq-chart-legend">
      <span>
        <WindowMark which="baseline" />
        Baseline, {integer(rows.baselineRows)} rows
      </span>
      <span>
        <WindowMark which="incident" />
        Incident, {integer(rows.incidentRows)} rows
      </span>
    </span>
  );
  const tall = height ?? (rows.horizontal ? 58 + rows.labels.length * 24 : 210);
  return (
    <ChartFrame title={title} legend={legend} numbers={() => numbersOf(rows, distribution, unit)}>
      <EChart option={option} height={tall} />
      {rows.note !== null && <p className="iq-chart-note">{rows.note}</p>}
    </ChartFrame>
  );
}

function numbersOf(
  rows: DistributionRows,
  distribution: Distribution,
  unit: string | undefined,
): Numbers {
  const what = distribution.kind === "numeric" ? "Bin" : "Value";
  return {
    header: [
      unit === undefined ? what : `${what} (${unit})`,
      "Baseline",
      "Baseline rows",
      "Incident",
      "Incident rows",
    ],
    rows: rows.labels.map((label, i) => [
      label,
      percent(rows.baselineShare[i]),
      integer(rows.baseline[i] ?? 0),
      percent(rows.incidentShare[i]),
      integer(rows.incident[i] ?? 0),
    ]),
  };
}

function optionOf(
  rows: DistributionRows,
  unit: string | undefined,
  palette: Palette,
): EChartsCoreOption {
  const most = Math.max(0, ...rows.baselineShare, ...rows.incidentShare) * 100;
  const scale = niceScale(0, most, 4);
  const name = {
    nameTextStyle: { color: palette.muted, fontSize: 11 },
    nameLocation: "middle" as const,
  };
  const label = { color: palette.muted, fontSize: 11 };
  const shares = {
    type: "value",
    min: 0,
    max: scale.max,
    interval: scale.step,
    name: "share of rows (%)",
    ...name,
    nameGap: rows.horizontal ? 24 : 34,
    axisLabel: { ...label, formatter: axisNumber },
    splitLine: { lineStyle: { color: palette.grid } },
  };
  const groups = {
    type: "category",
    data: rows.axisLabels,
    inverse: rows.horizontal,
    name: rows.horizontal ? "" : (unit ?? "value"),
    ...name,
    nameGap: 24,
    axisLabel: {
      ...label,
      hideOverlap: !rows.horizontal,
      width: 190,
      overflow: "truncate",
      interval: rows.horizontal ? 0 : "auto",
    },
    axisLine: { lineStyle: { color: palette.muted } },
    axisTick: { show: false },
  };
  // Bins of equal width get a true scale; the bars stand on a hidden axis of slots.
  const bins =
    rows.extent === null
      ? groups
      : [
          { type: "category", data: rows.axisLabels, show: false },
          {
            type: "value",
            position: "bottom",
            min: rows.extent[0],
            max: rows.extent[1],
            name: groups.name,
            ...name,
            nameGap: 24,
            axisLabel: {
              ...label,
              formatter: axisNumber,
              showMinLabel: false,
              showMaxLabel: false,
              hideOverlap: true,
            },
            axisLine: { show: true, onZero: false, lineStyle: { color: palette.muted } },
            axisTick: { show: true },
            splitLine: { show: false },
          },
        ];
  const bars = {
    type: "bar",
    barCategoryGap: rows.horizontal ? "28%" : "6%",
    silent: true,
  };
  return {
    ...CALM,
    aria: { enabled: false },
    grid: rows.horizontal
      ? { left: 204, right: 24, top: 4, bottom: 40 }
      : { left: 52, right: 14, top: 8, bottom: 42 },
    xAxis: rows.horizontal ? shares : bins,
    yAxis: rows.horizontal ? groups : shares,
    series: [
      {
        ...bars,
        id: "baseline",
        name: "baseline",
        data: rows.baselineShare.map((s) => s * 100),
        itemStyle: {
          color: translucent(palette.baseline),
          borderColor: palette.baseline,
          borderWidth: 1.25,
        },
      },
      {
        ...bars,
        id: "incident",
        name: "incident",
        barGap: "-100%",
        data: rows.incidentShare.map((s) => s * 100),
        itemStyle: {
          color: "transparent",
          borderColor: palette.incident,
          borderWidth: 1.5,
          borderType: [4, 3],
          decal: {
            symbol: "rect",
            color: palette.incident,
            dashArrayX: [1, 0],
            dashArrayY: [1.5, 4],
            rotation: -Math.PI / 4,
          },
        },
      },
    ],
  };
}

/** Light enough for the other window's hatch to be seen on it; the outline keeps the full colour. */
function translucent(hex: string): string {
  return `${hex}66`;
}
