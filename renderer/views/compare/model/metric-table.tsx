import { Button } from "@blueprintjs/core";
import { PinIcon } from "@blueprintjs/icons";
import { METRIC_RULES } from "../../../../shared/analysis/model/metric-rules.ts";
import type {
  Estimate,
  MetricChange,
  MetricName,
  ModelChecks,
} from "../../../../shared/model/model-checks.ts";
import type { TableMeta } from "../../../../shared/model/table.ts";
import { pinMetric } from "../../../data/pin.ts";
import { useCase } from "../../../state/case-store.ts";
import { integer, number } from "../../../widgets/format.ts";
import { VerdictTag, WindowMark } from "../../../widgets/tags.tsx";

interface MetricTableProps {
  readonly table: TableMeta;
  readonly checks: ModelChecks;
  readonly selected: MetricName | null;
  readonly onSelect: (metric: MetricName) => void;
}

/** Every metric in both windows with its interval; a metric's name shows its course. */
export function MetricTable({ table, checks, selected, onSelect }: MetricTableProps) {
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const { metrics, baseline, incident } = checks;
  if (metrics.length === 0) {
    return <p className="iq-muted">No metric can be computed: neither window has labelled rows.</p>;
  }
  return (
    <table className="iq-table iq-model-metrics" aria-label="Metrics of both windows">
      <MetricHead
        name="Metric"
        baseline={`Baseline, ${integer(baseline.labelled)} labelled`}
        incident={`Incident, ${integer(incident.labelled)} labelled`}
        extra
      />
      <tbody>
        {metrics.map((m) => (
          <tr key={m.metric} aria-selected={m.metric === selected}>
            <th scope="row">
              <button
                type="button"
                className="iq-link"
                aria-pressed={m.metric === selected}
                title={`Show ${METRIC_RULES[m.metric].label} over time and by segment`}
                onClick={() => {
                  onSelect(m.metric);
                }}
              >
                {METRIC_RULES[m.metric].label}
              </button>
            </th>
            <MetricCells change={m} />
            <td>
              <Button
                size="small"
                variant="minimal"
                icon={<PinIcon />}
                aria-label={`Pin ${METRIC_RULES[m.metric].label} as finding`}
                disabled={readOnly || m.change === null}
                onClick={() => void pinMetric(table, checks, m)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface MetricHeadProps {
  readonly name: string;
  readonly baseline: string;
  readonly incident: string;
  /** A column for buttons. */
  readonly extra?: boolean;
}

export function MetricHead({ name, baseline, incident, extra = false }: MetricHeadProps) {
  return (
    <thead>
      <tr>
        <th scope="col">{name}</th>
        <th scope="col" className="iq-num">
          <WindowMark which="baseline" />
          {baseline}
        </th>
        <th scope="col" className="iq-num">
          <WindowMark which="incident" />
          {incident}
        </th>
        <th scope="col" className="iq-num">
          Change
        </th>
        <th scope="col">Verdict</th>
        {extra && (
          <th scope="col">
            <span className="iq-visually-hidden">Pin</span>
          </th>
        )}
      </tr>
    </thead>
  );
}

/** Both values, the change and its verdict. */
export function MetricCells({ change }: { change: MetricChange }) {
  return (
    <>
      <td className="iq-num">
        <WithInterval estimate={change.baseline} />
      </td>
      <td className="iq-num">
        <WithInterval estimate={change.incident} />
      </td>
      <td className="iq-num">
        <WithInterval estimate={change.change} signed />
      </td>
      <td className="iq-nowrap">
        {change.change !== null && <VerdictTag verdict={change.verdict} />}
        {change.verdict !== "none" && change.direction !== "neither" && (
          <span className="iq-muted"> {change.direction}</span>
        )}
      </td>
    </>
  );
}

/** Four decimals for what mostly lies in [0, 1], so that rows line up. */
function aligned(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(4).replace("-", "−") : number(value);
}

export function WithInterval({
  estimate,
  signed = false,
}: {
  estimate: Estimate | null;
  signed?: boolean;
}) {
  if (estimate === null) return <span className="iq-muted">–</span>;
  const text = (v: number): string => `${signed && v > 0 ? "+" : ""}${aligned(v)}`;
  return (
    <>
      {text(estimate.value)}
      <span className="iq-model-interval" title="95 % interval">
        {text(estimate.low)} to {text(estimate.high)}
      </span>
    </>
  );
}
