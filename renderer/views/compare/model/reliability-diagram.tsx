import type { ReliabilityBin } from "../../../../shared/model/model-checks.ts";
import { ChartFrame } from "../../../widgets/chart/chart-frame.tsx";
import { integer, number, percent } from "../../../widgets/format.ts";
import { WindowMark } from "../../../widgets/tags.tsx";

interface ReliabilityDiagramProps {
  readonly baseline: readonly ReliabilityBin[];
  readonly incident: readonly ReliabilityBin[];
}

const SIZE = 250;
const LEFT = 44;
const BOTTOM = 34;
const TOP = 8;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

const x = (share: number): number => LEFT + share * SIZE;
const y = (share: number): number => TOP + (1 - share) * SIZE;

/** Mean score against the share that came true, by tenths of the score; the diagonal is a calibrated model. */
export function ReliabilityDiagram({ baseline, incident }: ReliabilityDiagramProps) {
  const title = "Reliability: what the score said, and what came true";
  return (
    <section aria-label="Reliability">
      <ChartFrame
        title={title}
        legend={
          <span className="iq-chart-legend">
            <span>
              <WindowMark which="baseline" />
              Baseline, dots
            </span>
            <span>
              <WindowMark which="incident" />
              Incident, squares
            </span>
          </span>
        }
        numbers={() => ({
          header: ["Window and scores", "Rows", "Mean score", "Came true", "95 % interval"],
          rows: [...rowsOf("Baseline", baseline), ...rowsOf("Incident", incident)],
        })}
      >
        <svg
          className="iq-reliability"
          viewBox={`0 0 ${LEFT + SIZE + 12} ${TOP + SIZE + BOTTOM}`}
          role="img"
          aria-label={`${title}. ${String(baseline.length)} bins of the baseline, ${String(incident.length)} of the incident; bars are 95 % intervals.`}
        >
          {TICKS.map((t) => (
            <g key={t}>
              <line x1={x(t)} x2={x(t)} y1={y(0)} y2={y(1)} className="iq-reliability-grid" />
              <line x1={x(0)} x2={x(1)} y1={y(t)} y2={y(t)} className="iq-reliability-grid" />
              <text x={x(t)} y={y(0) + 14} textAnchor="middle">
                {t}
              </text>
              <text x={x(0) - 6} y={y(t) + 4} textAnchor="end">
                {t}
              </text>
            </g>
          ))}
          <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} className="iq-reliability-ideal" />
          <text x={x(0.5)} y={TOP + SIZE + BOTTOM - 4} textAnchor="middle">
            mean score of the bin
          </text>
          <text transform={`translate(11 ${String(y(0.5))}) rotate(-90)`} textAnchor="middle">
            share that came true
          </text>
          <Bins bins={baseline} which="baseline" />
          <Bins bins={incident} which="incident" />
        </svg>
      </ChartFrame>
    </section>
  );
}

function Bins({
  bins,
  which,
}: {
  bins: readonly ReliabilityBin[];
  which: "baseline" | "incident";
}) {
  const path = bins.map((b) => `${String(x(b.meanScore))},${String(y(b.positiveRate.value))}`);
  return (
    <g className={`iq-reliability-${which}`}>
      <polyline points={path.join(" ")} />
      {bins.map((b) => (
        <g key={b.from}>
          <line
            x1={x(b.meanScore)}
            x2={x(b.meanScore)}
            y1={y(b.positiveRate.low)}
            y2={y(b.positiveRate.high)}
          />
          {which === "baseline" ? (
            <circle cx={x(b.meanScore)} cy={y(b.positiveRate.value)} r={3.5} />
          ) : (
            <rect x={x(b.meanScore) - 3.5} y={y(b.positiveRate.value) - 3.5} width={7} height={7} />
          )}
        </g>
      ))}
    </g>
  );
}

function rowsOf(window: string, bins: readonly ReliabilityBin[]): string[][] {
  return bins.map((b) => [
    `${window}, ${number(b.from)} to ${number(b.to)}`,
    integer(b.rows),
    number(b.meanScore),
    percent(b.positiveRate.value),
    `${percent(b.positiveRate.low)} to ${percent(b.positiveRate.high)}`,
  ]);
}
