import { useMemo } from "react";
import type { Reconstruction, ReconstructionPoint } from "../../../../shared/model/multivariate.ts";
import { useView } from "../../../state/view-store.ts";
import { ChartFrame } from "../../../widgets/chart/chart-frame.tsx";
import { axisNumber, niceScale } from "../../../widgets/chart/nice-scale.ts";
import { timeTicks } from "../../../widgets/chart/time-axis.ts";
import { integer, number, percent, time } from "../../../widgets/format.ts";
import { PointLegend, diamond } from "./classifier-part.tsx";

const WIDTH = 560;
const HEIGHT = 220;
const LEFT = 46;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 26;

/** Mean error of rebuilding rows from the baseline's main components, per stretch of time. */
export function ReconstructionChart({ reconstruction }: { reconstruction: Reconstruction }) {
  const { points, components, columns, explained, band, effect } = reconstruction;
  const zone = useView((s) => s.timezone);
  const title = "Error of rebuilding a row from the baseline’s main components";
  const outside = points.filter((p) => p.outside && p.window === "incident").length;
  const ofIncident = points.filter((p) => p.window === "incident").length;
  return (
    <section aria-label="Reconstruction error">
      <ChartFrame
        title={title}
        legend={<PointLegend />}
        numbers={() => ({
          header: [`Time (${zone})`, "Window", "Mean error (sd)", "± 1.96 se", "Rows", "Usual"],
          text: [1, 5],
          rows: points.map((p) => [
            time(p.from, zone),
            p.window,
            number(p.error),
            number(1.96 * p.standardError),
            integer(p.rows),
            band === null ? "not known" : p.outside ? "outside" : "inside",
          ]),
        })}
      >
        {points.length === 0 ? (
          <p className="iq-together-note">
            Without times there is no course: the mean error is{" "}
            {number(reconstruction.baselineError)} in the baseline and{" "}
            {number(reconstruction.incidentError)} in the incident.
          </p>
        ) : (
          <Course
            reconstruction={reconstruction}
            zone={zone}
            label={`${title}. ${band === null ? "" : `${String(outside)} of the incident’s ${String(ofIncident)} stretches lie outside of the usual range.`}`}
          />
        )}
      </ChartFrame>
      <p className="iq-muted iq-together-note">
        {integer(components)} components of {integer(columns.length)} columns keep{" "}
        {percent(explained)} of the variance. The error is in standard deviations of the baseline;
        the incident’s differs by Cohen’s d = {number(effect)}.{" "}
        {band === null
          ? points.length > 0 && "The baseline has too few stretches of time for a usual range."
          : "The strip is the baseline’s usual range: its mean ± 3 standard deviations."}
      </p>
    </section>
  );
}

interface CourseProps {
  readonly reconstruction: Reconstruction;
  readonly zone: string;
  readonly label: string;
}

function Course({ reconstruction: { points, band }, zone, label }: CourseProps) {
  const scale = useMemo(() => {
    const ends = points.flatMap((p) => [
      p.error - 1.96 * p.standardError,
      p.error + 1.96 * p.standardError,
    ]);
    if (band !== null) ends.push(band.low, band.high);
    return niceScale(Math.max(0, Math.min(...ends)), Math.max(...ends), 4);
  }, [points, band]);
  const from = Math.min(...points.map((p) => p.from));
  const to = Math.max(...points.map((p) => p.to));
  const inner = WIDTH - LEFT - RIGHT;
  const x = (at: number): number => LEFT + ((at - from) / (to - from)) * inner;
  const y = (error: number): number =>
    TOP + (1 - (error - scale.min) / (scale.max - scale.min)) * (HEIGHT - TOP - BOTTOM);
  return (
    <svg
      className="iq-together-svg"
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      role="img"
      aria-label={label}
    >
      {scale.ticks.map((t) => (
        <g key={t}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(t)} y2={y(t)} className="iq-together-line" />
          <text x={LEFT - 6} y={y(t) + 4} textAnchor="end">
            {axisNumber(t)}
          </text>
        </g>
      ))}
      {timeTicks(from, to, inner, zone, 90).map((tick) => (
        <text key={tick.at} x={x(tick.at)} y={HEIGHT - 8} textAnchor="middle">
          {tick.label}
        </text>
      ))}
      {band !== null && (
        <g className="iq-together-band">
          <rect
            x={LEFT}
            width={inner}
            y={y(band.high)}
            height={Math.max(1, y(band.low) - y(band.high))}
          />
          {[band.low, band.high].map((edge) => (
            <line key={edge} x1={LEFT} x2={WIDTH - RIGHT} y1={y(edge)} y2={y(edge)} />
          ))}
        </g>
      )}
      {points.map((p) => (
        <Point
          key={`${p.window}/${String(p.from)}`}
          point={p}
          x={x((p.from + p.to) / 2)}
          y={y}
          name={time(p.from, zone)}
        />
      ))}
    </svg>
  );
}

interface PointProps {
  readonly point: ReconstructionPoint;
  readonly x: number;
  readonly y: (error: number) => number;
  readonly name: string;
}

function Point({ point, x, y, name }: PointProps) {
  const half = 1.96 * point.standardError;
  const at = y(point.error);
  return (
    <g className={`iq-together-${point.window}`}>
      <title>{`${name}: ${number(point.error)}, ${integer(point.rows)} rows${point.outside ? ", outside of the usual range" : ""}`}</title>
      <line x1={x} x2={x} y1={y(point.error - half)} y2={y(point.error + half)} />
      {point.window === "baseline" ? (
        <circle cx={x} cy={at} r={3.5} />
      ) : (
        <path d={diamond(x, at, 4.5)} />
      )}
    </g>
  );
}
