import { Button, ProgressBar } from "@blueprintjs/core";
import { measureOf } from "../../../../shared/analysis/logs/log-series.ts";
import type { LogsInput } from "../../../../shared/analysis/logs/log-task.ts";
import type {
  LogComparison,
  ParameterChange,
  ParameterComparison,
} from "../../../../shared/model/log-comparison.ts";
import { useAnalysis } from "../../../data/queries.ts";
import { integer, number, percent } from "../../../widgets/format.ts";
import { VerdictTag, WindowMark } from "../../../widgets/tags.tsx";
import { LogText } from "./log-text.tsx";

interface ParameterTableProps {
  readonly compared: ParameterComparison | null;
  readonly drawn: ParameterChange | null;
  readonly onDraw: (parameter: ParameterChange) => void;
}

/** Parameters of one template in both windows; a number's course can be drawn. */
export function ParameterTable({ compared, drawn, onDraw }: ParameterTableProps) {
  if (compared === null || compared.parameters.length === 0) {
    return (
      <p className="iq-muted">
        None has 20 values in both windows, so that there is nothing to compare.
      </p>
    );
  }
  const { sampled, lines } = compared;
  const isSampled = sampled.baseline < lines.baseline || sampled.incident < lines.incident;
  return (
    <>
      <table className="iq-table" aria-label="Parameters in both windows">
        <ParameterHead first="Parameter" />
        <tbody>
          {compared.parameters.map((p) => (
            <tr key={p.name}>
              <td>
                {p.name}
                <span className="iq-muted iq-mono"> {p.after}</span>
              </td>
              <ParameterCells parameter={p} />
              <td>
                <VerdictTag verdict={p.verdict} />
                {(p.numeric !== null || p.value !== null) && (
                  <Button
                    size="small"
                    variant="minimal"
                    text={p.name === drawn?.name ? "Draw lines" : "Draw"}
                    aria-label={`Draw ${p.name} over time`}
                    aria-pressed={p.name === drawn?.name}
                    onClick={() => {
                      onDraw(p);
                    }}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="iq-muted">
        {isSampled
          ? `Read of ${integer(sampled.baseline)} of ${integer(lines.baseline)} lines of the baseline and ${integer(sampled.incident)} of ${integer(lines.incident)} of the incident, chosen by a hash of their place.`
          : "Read of all its lines."}
      </p>
    </>
  );
}

function ParameterHead({ first }: { first: string }) {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        <th scope="col">
          <WindowMark which="baseline" />
          Baseline
        </th>
        <th scope="col">
          <WindowMark which="incident" />
          Incident
        </th>
        <th scope="col">Verdict</th>
      </tr>
    </thead>
  );
}

/** Median and 95 % point of a number; the share of the value that rose most, of others. */
function ParameterCells({ parameter }: { parameter: ParameterChange }) {
  const { numeric, value } = parameter;
  if (value !== null && measureOf(parameter).kind === "share") {
    return (
      <>
        <td>
          <code className="iq-said">{value.value}</code> {percent(value.baseline)}
        </td>
        <td>
          <code className="iq-said">{value.value}</code> {percent(value.incident)}
        </td>
      </>
    );
  }
  if (numeric === null) {
    return (
      <td colSpan={2} className="iq-muted">
        no value is newly frequent
      </td>
    );
  }
  const unit = numeric.unit === null ? "" : ` ${numeric.unit}`;
  return (["baseline", "incident"] as const).map((which) => (
    <td key={which}>
      {number(numeric[which].median)}
      {unit}
      <span className="iq-muted"> (95 % below {number(numeric[which].p95)})</span>
    </td>
  ));
}

interface ParameterListProps {
  readonly input: LogsInput;
  readonly found: LogComparison;
  readonly onPick: (templateId: string) => void;
}

/** Parameters that moved, over the most frequent templates. */
export function ParameterList({ input, found, onPick }: ParameterListProps) {
  const asked = useAnalysis("compareLogParameters", { ...input, templateId: null });
  if (asked.isError)
    return <p className="iq-log-changes-wait">Not compared: {asked.error.message}</p>;
  if (asked.data === undefined) {
    return (
      <div className="iq-log-changes-wait">
        <p>Reading the parameters of the most frequent templates …</p>
        <ProgressBar />
      </div>
    );
  }
  const rows = asked.data.flatMap((c) => c.parameters.map((p) => ({ id: c.templateId, p })));
  return (
    <div className="iq-pane iq-log-changes-page">
      {rows.length === 0 ? (
        <p>
          No parameter of the 30 most frequent templates moved beyond what it does in the baseline.
        </p>
      ) : (
        <table className="iq-table" aria-label="Parameters that moved">
          <ParameterHead first="Template and parameter" />
          <tbody>
            {rows.map(({ id, p }) => (
              <tr key={`${id}/${p.name}`}>
                <td className="iq-log-changes-name">
                  <button
                    type="button"
                    className="iq-log-changes-pick iq-mono"
                    onClick={() => {
                      onPick(id);
                    }}
                  >
                    <LogText text={found.templates.find((t) => t.id === id)?.text ?? id} />
                  </button>
                  <span className="iq-muted">
                    {p.name} <span className="iq-mono">{p.after}</span>
                  </span>
                </td>
                <ParameterCells parameter={p} />
                <td>
                  <VerdictTag verdict={p.verdict} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="iq-muted">
        Numbers by the Kolmogorov-Smirnov distance (minor from .1, major from .24), values by
        Cohen’s h (.2, .5), both beyond what parts of the baseline differ by. Ids of processes,
        threads and requests are left out.
      </p>
    </div>
  );
}
