import type { Estimate } from "../../../../shared/model/model-checks.ts";
import type { DomainClassifier } from "../../../../shared/model/multivariate.ts";
import { ChartFrame } from "../../../widgets/chart/chart-frame.tsx";
import { integer, percent } from "../../../widgets/format.ts";
import { WindowMark } from "../../../widgets/tags.tsx";

const WIDTH = 560;
const LEFT = 214;
const RIGHT = 64;
const ROW = 26;
const TICKS = [0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** From 0.4: a classifier may do worse than guessing by chance. */
const x = (area: number): number =>
  LEFT + ((Math.max(0.4, area) - 0.4) / 0.6) * (WIDTH - LEFT - RIGHT);

/** How well a row's window can be told from its columns, beside what is usual; and by which columns. */
export function ClassifierPart({ classifier }: { classifier: DomainClassifier }) {
  const { auc, placebo, halves, folds, rows, columns } = classifier;
  const halved = halves === "time" ? "Halves of the baseline" : "Random halves of the baseline";
  const lines = [
    { name: "Baseline against incident", estimate: auc, which: "incident" as const },
    ...(placebo === null ? [] : [{ name: halved, estimate: placebo, which: "baseline" as const }]),
  ];
  const bottom = lines.length * ROW + 6;
  const title = "Telling a row’s window from its columns: area under the ROC curve";
  return (
    <section aria-label="Classifier of windows">
      <ChartFrame
        title={title}
        numbers={() => ({
          header: ["Rows told apart", "Area", "95 % interval"],
          rows: lines.map((l) => [l.name, area(l.estimate.value), interval(l.estimate)]),
        })}
      >
        <svg
          className="iq-together-svg"
          viewBox={`0 0 ${String(WIDTH)} ${String(bottom + 36)}`}
          role="img"
          aria-label={`${title}. ${lines.map((l) => `${l.name}: ${area(l.estimate.value)}, ${interval(l.estimate)}`).join(". ")}.`}
        >
          {TICKS.map((t) => (
            <g key={t}>
              <line
                x1={x(t)}
                x2={x(t)}
                y1={2}
                y2={bottom}
                className={t === 0.5 ? "iq-together-zero" : "iq-together-line"}
              />
              <text x={x(t)} y={bottom + 14} textAnchor="middle">
                {t}
              </text>
            </g>
          ))}
          <text x={x(0.5)} y={bottom + 29} textAnchor="middle">
            guessing
          </text>
          <text x={x(1)} y={bottom + 29} textAnchor="middle">
            certain
          </text>
          {lines.map((line, k) => (
            <Interval key={line.name} y={ROW * (k + 0.5) + 4} {...line} />
          ))}
        </svg>
      </ChartFrame>
      <p className="iq-muted iq-together-note">
        Boosted trees on {integer(columns.length)} columns of {integer(rows.baseline)} and{" "}
        {integer(rows.incident)} rows, judged on rows that they did not see ({folds} folds).{" "}
        {placebo === null
          ? "The baseline has too few rows to be halved."
          : halves === "time"
            ? "Halves of the baseline show what time alone does; only what exceeds them counts."
            : "Without times the baseline was halved by chance."}
      </p>
      <Drivers classifier={classifier} />
    </section>
  );
}

interface IntervalProps {
  readonly name: string;
  readonly estimate: Estimate;
  readonly which: "baseline" | "incident";
  readonly y: number;
}

function Interval({ name, estimate: { value, low, high }, which, y }: IntervalProps) {
  return (
    <g className={`iq-together-${which}`}>
      <text className="iq-together-name" x={LEFT - 16} y={y + 4} textAnchor="end">
        {name}
      </text>
      <line x1={x(low)} x2={x(high)} y1={y} y2={y} />
      {which === "baseline" ? (
        <circle cx={x(value)} cy={y} r={4.5} />
      ) : (
        <path d={diamond(x(value), y, 5.5)} />
      )}
      <text className="iq-together-name" x={WIDTH - 46} y={y + 4}>
        {area(value)}
      </text>
    </g>
  );
}

export function diamond(cx: number, cy: number, r: number): string {
  return `M${String(cx - r)} ${String(cy)}L${String(cx)} ${String(cy - r)}L${String(cx + r)} ${String(cy)}L${String(cx)} ${String(cy + r)}Z`;
}

function Drivers({ classifier: { drivers } }: { classifier: DomainClassifier }) {
  const shown = drivers.filter((d) => d.importance > 0.002);
  if (shown.length === 0) {
    return <p className="iq-together-note">No column tells the windows apart.</p>;
  }
  const most = Math.max(...shown.map((d) => d.importance));
  return (
    <table
      className="iq-table iq-together-drivers"
      aria-label="Columns that tell the windows apart"
    >
      <thead>
        <tr>
          <th scope="col">Told by</th>
          <th scope="col" colSpan={2} title="Area lost when the column’s values are shuffled">
            Area lost without it
          </th>
          <th scope="col" className="iq-num" title="Area that the column reaches by itself">
            Area alone
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map((d) => (
          <tr key={d.column} title={`${percent(d.gain)} of the trees’ gain`}>
            <th scope="row">{d.column}</th>
            <td className="iq-together-bar">
              <span style={{ width: `${String((d.importance / most) * 100)}%` }} />
            </td>
            <td className="iq-num">{d.importance.toFixed(3)}</td>
            <td className="iq-num">{area(d.alone)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function area(value: number): string {
  return value.toFixed(3);
}

function interval({ low, high }: Estimate): string {
  return `${area(low)} to ${area(high)}`;
}

/** Blue dots are the baseline, orange diamonds the incident. */
export function PointLegend() {
  return (
    <span className="iq-chart-legend">
      <span>
        <WindowMark which="baseline" />
        Baseline, dots
      </span>
      <span>
        <WindowMark which="incident" />
        Incident, diamonds
      </span>
    </span>
  );
}
