import type { ConfidenceShift } from "../../../../shared/model/model-checks.ts";
import { DARK, LIGHT } from "../../../../shared/model/palette.ts";
import { useView } from "../../../state/view-store.ts";
import { DistributionChart } from "../../../widgets/chart/distribution-chart.tsx";
import { percent } from "../../../widgets/format.ts";
import { Sentence } from "../../../widgets/sentence.tsx";
import { VerdictTag, WindowMark } from "../../../widgets/tags.tsx";

/** How sure the model is: the scores themselves, those near the threshold, the outliers. */
export function ConfidencePart({ confidence }: { confidence: ConfidenceShift }) {
  const theme = useView((s) => s.theme);
  const shares = [
    { name: "within 0.1 of the decision threshold", share: confidence.nearThreshold },
    { name: "less certain than all but 1 % of the baseline", share: confidence.outliers },
  ];
  const known = shares.flatMap(({ name, share }) => (share === null ? [] : [{ name, share }]));
  return (
    <section aria-label="Confidence">
      <p className="iq-model-note">
        <VerdictTag verdict={confidence.verdict} /> <Sentence text={confidence.statement} />
      </p>
      <DistributionChart
        title="Scores: share of rows, baseline and incident"
        distribution={confidence.distribution}
        palette={theme === "dark" ? DARK : LIGHT}
      />
      {known.length > 0 && (
        <table className="iq-table iq-model-metrics" aria-label="Confidence of the model">
          <thead>
            <tr>
              <th scope="col">Rows with a score</th>
              <th scope="col" className="iq-num">
                <WindowMark which="baseline" />
                Baseline
              </th>
              <th scope="col" className="iq-num">
                <WindowMark which="incident" />
                Incident
              </th>
            </tr>
          </thead>
          <tbody>
            {known.map(({ name, share }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="iq-num">{percent(share.baseline)}</td>
                <td className="iq-num">{percent(share.incident)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
