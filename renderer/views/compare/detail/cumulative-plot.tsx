import { ChartFrame } from "../../../widgets/chart/chart-frame.tsx";
import { number } from "../../../widgets/format.ts";
import { WindowMark } from "../../../widgets/tags.tsx";
import { quantileNumbers, TailsNote, type PlotProps } from "./quantile-plot.tsx";
import { quantileSentence, valueRange, wantsLog, withinTails } from "./quantile-points.ts";
import { axisOf, SHARE_AXIS, XyPlot } from "./xy-plot.tsx";

/** Share of values up to each value, in both windows, drawn through the percentiles. */
export function CumulativePlot({ column, unit, points, palette }: PlotProps) {
  const range = valueRange(points);
  if (range === null) return null;
  const log = wantsLog(range);
  const drawn = withinTails(points);
  const title = `${column}: share of values up to each value`;
  return (
    <ChartFrame
      title={title}
      legend={
        <span className="iq-chart-legend">
          <span>
            <WindowMark which="baseline" />
            Baseline, solid
          </span>
          <span>
            <WindowMark which="incident" />
            Incident, dashed
          </span>
        </span>
      }
      numbers={() => quantileNumbers(points, unit)}
    >
      <XyPlot
        label={`${title}. ${quantileSentence(points, number)}`}
        x={axisOf(range, log)}
        y={SHARE_AXIS}
        xName={`${unit ?? "value"}${log ? ", logarithmic" : ""}`}
        yName="share of values (%)"
        palette={palette}
      >
        {(at) =>
          (["baseline", "incident"] as const).map((which) => (
            <polyline
              key={which}
              points={drawn
                .map((point) => at(point[which], point.p).map(round).join(","))
                .join(" ")}
              fill="none"
              stroke={palette[which]}
              strokeWidth={2}
              strokeLinejoin="round"
              {...(which === "incident" ? { strokeDasharray: "6 3" } : {})}
            />
          ))
        }
      </XyPlot>
      <TailsNote points={points} />
    </ChartFrame>
  );
}

function round(px: number): string {
  return px.toFixed(1);
}
