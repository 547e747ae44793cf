import { METRIC_RULES } from "../../../../shared/analysis/model/metric-rules.ts";
import type { EstimatedPerformance, ModelChecks } from "../../../../shared/model/model-checks.ts";
import { integer } from "../../../widgets/format.ts";
import { Sentence } from "../../../widgets/sentence.tsx";
import { VerdictTag, WindowMark } from "../../../widgets/tags.tsx";
import { WithInterval } from "./metric-table.tsx";

interface EstimatePartProps {
  readonly checks: ModelChecks;
  readonly estimated: EstimatedPerformance;
}

/** What the scores alone let expect of the incident, beside what labels say where there are any. */
export function EstimatePart({ checks, estimated }: EstimatePartProps) {
  const disagreeing = estimated.metrics
    .filter(({ metric, incident }) => {
      const realised = checks.metrics.find((m) => m.metric === metric)?.incident ?? null;
      if (realised === null || incident === null) return false;
      return realised.low > incident.high || realised.high < incident.low;
    })
    .map(({ metric }) => METRIC_RULES[metric].label);
  return (
    <section aria-label="Estimated without labels">
      <h3>Estimated without the incident’s labels (CBPE)</h3>
      <p className="iq-model-note">
        <Sentence text={estimated.statement} />
      </p>
      <table className="iq-table iq-model-metrics" aria-label="Estimated and realised metrics">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col" className="iq-num">
              <WindowMark which="baseline" />
              Baseline, realised
            </th>
            <th scope="col" className="iq-num">
              <WindowMark which="incident" />
              Incident, estimated
            </th>
            <th scope="col" className="iq-num">
              <WindowMark which="incident" />
              Incident, realised
            </th>
            <th scope="col">Estimated</th>
          </tr>
        </thead>
        <tbody>
          {estimated.metrics.map((m) => (
            <tr key={m.metric}>
              <th scope="row">{METRIC_RULES[m.metric].label}</th>
              <td className="iq-num">
                <WithInterval estimate={m.baseline} />
              </td>
              <td className="iq-num">
                <WithInterval estimate={m.incident} />
              </td>
              <td className="iq-num">
                <WithInterval
                  estimate={checks.metrics.find((r) => r.metric === m.metric)?.incident ?? null}
                />
              </td>
              <td className="iq-nowrap">
                {m.change !== null && <VerdictTag verdict={m.verdict} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {disagreeing.length > 0 && (
        <p className="iq-model-note">
          Labels say otherwise for {disagreeing.join(", ")}: the realised value lies outside the
          estimate’s interval by more than its own. One of the assumptions below does not hold, most
          often the first: what the same score means for the outcome has changed.
        </p>
      )}
      <p className="iq-muted iq-model-note">
        Scores were calibrated ({estimated.calibration}) on {integer(estimated.fittedOn)} labelled
        rows of the baseline. The estimate holds if:
      </p>
      <ul className="iq-model-assumptions">
        {estimated.assumptions.map((a) => (
          <li key={a}>{a}</li>
        ))}
      </ul>
    </section>
  );
}
