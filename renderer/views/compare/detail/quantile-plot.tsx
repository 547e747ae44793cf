import type { Palette } from "../../../../shared/model/palette.ts";
import { ChartFrame } from "../../../widgets/chart/chart-frame.tsx";
import { number } from "../../../widgets/format.ts";
import { WindowMark } from "../../../widgets/tags.tsx";
import {
  quantileSentence,
  valueRange,
  wantsLog,
  withinTails,
  type QuantilePoint,
} from "./quantile-points.ts";
import { axisOf, XyPlot } from "./xy-plot.tsx";

export interface PlotProps {
  readonly column: string;
  readonly unit: string | undefined;
  readonly points: readonly QuantilePoint[];
  readonly palette: Palette;
}

/** Marked by name in the plot. */
const NAMED = new Map([
  [0.05, "5 %"],
  [0.25, "25 %"],
  [0.5, "median"],
  [0.75, "75 %"],
  [0.95, "95 %"],
]);

/**
 * Quantile-quantile plot (Wilk and Gnanadesikan 1968): each point is the same
 * quantile of both windows. Without a change all lie on the line.
 */
export function QuantilePlot({ column, unit, points, palette }: PlotProps) {
  const range = valueRange(points);
  if (range === null) return null;
  const log = wantsLog(range);
  const axis = axisOf(range, log);
  // Named ones last: where quantiles coincide, they are seen.
  const inOrder = withinTails(points).sort(
    (a, b) => Number(NAMED.has(a.p)) - Number(NAMED.has(b.p)) || a.p - b.p,
  );
  const title = `${column}: quantiles of the incident against those of the baseline`;
  const scale = `${unit === undefined ? "" : ` (${unit})`}${log ? ", logarithmic" : ""}`;
  return (
    <ChartFrame
      title={title}
      legend={
        <span className="iq-chart-legend iq-muted">
          On the line: unchanged. Above it: higher in the incident.
        </span>
      }
      numbers={() => quantileNumbers(points, unit)}
    >
      <XyPlot
        label={`${title}. ${quantileSentence(points, number)}`}
        x={axis}
        y={axis}
        xName={`baseline${scale}`}
        yName={`incident${scale}`}
        palette={palette}
      >
        {(at) => {
          const [x1, y1] = at(range[0], range[0]);
          const [x2, y2] = at(range[1], range[1]);
          return (
            <>
              <line x1={x1} y1={y1} x2={x2} y2={y2} stroke={palette.baseline} strokeWidth={1.5} />
              {inOrder.map((point) => (
                <Mark
                  key={point.p}
                  at={at(point.baseline, point.incident)}
                  corner={at(range[1], range[0])}
                  name={NAMED.get(point.p) ?? null}
                  palette={palette}
                />
              ))}
            </>
          );
        }}
      </XyPlot>
      <TailsNote points={points} />
    </ChartFrame>
  );
}

interface MarkProps {
  readonly at: readonly [number, number];
  /** Lower right corner of the plot, px. */
  readonly corner: readonly [number, number];
  readonly name: string | null;
  readonly palette: Palette;
}

/** A diamond for a quantile; larger, filled and with its name for those that have one. */
function Mark({ at: [x, y], corner, name, palette }: MarkProps) {
  const left = x > corner[0] - 60;
  const above = left || y > corner[1] - 16;
  return (
    <g>
      <rect
        x={-3}
        y={-3}
        width={6}
        height={6}
        transform={`translate(${String(x)} ${String(y)}) rotate(45) scale(${name === null ? "0.75" : "1.25"})`}
        fill={name === null ? palette.ground : palette.incident}
        stroke={palette.incident}
        strokeWidth={1.25}
      />
      {name !== null && (
        <text
          x={left ? x - 8 : x + 8}
          y={above ? y - 7 : y + 13}
          textAnchor={left ? "end" : "start"}
          fill={palette.text}
          stroke={palette.ground}
          strokeWidth={3}
          paintOrder="stroke"
        >
          {name}
        </text>
      )}
    </g>
  );
}

/** Says which part of the values the plot leaves out. */
export function TailsNote({ points }: { points: readonly QuantilePoint[] }) {
  const first = points.find((point) => point.p === 0);
  const last = points.find((point) => point.p === 1);
  if (first === undefined || last === undefined) return null;
  return (
    <p className="iq-chart-note">
      Drawn from 1 % to 99 %. All values: <WindowMark which="baseline" />
      {number(first.baseline)} to {number(last.baseline)}, <WindowMark which="incident" />
      {number(first.incident)} to {number(last.incident)}.
    </p>
  );
}

export function quantileNumbers(points: readonly QuantilePoint[], unit: string | undefined) {
  const name = (p: number): string =>
    p === 0
      ? "minimum"
      : p === 1
        ? "maximum"
        : p === 0.5
          ? "50 % (median)"
          : `${String(Math.round(p * 100))} %`;
  return {
    header: [
      unit === undefined ? "Quantile" : `Quantile (${unit})`,
      "Baseline",
      "Incident",
      "Difference",
    ],
    rows: points.map((point) => [
      name(point.p),
      number(point.baseline),
      number(point.incident),
      number(point.incident - point.baseline),
    ]),
  };
}
