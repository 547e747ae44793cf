import { Button, ProgressBar } from "@blueprintjs/core";
import { useState } from "react";
import { METRIC_RULES } from "../../../../shared/analysis/model/metric-rules.ts";
import type { TableMeta } from "../../../../shared/model/table.ts";
import { useAnalysis } from "../../../data/queries.ts";
import { MetricCells, MetricHead } from "./metric-table.tsx";

/** Each model version against the one before it, over all rows; on demand, since each pair is a pass. */
export function VersionsPart({ table }: { table: TableMeta }) {
  const [asked, setAsked] = useState(false);
  const versions = useAnalysis("versionComparison", asked ? { table, window: null } : null);
  if (!table.columns.some((c) => c.role === "model_version")) return null;
  if (!asked) {
    return (
      <div>
        <Button
          size="small"
          text="Compare each model version with the one before it"
          onClick={() => {
            setAsked(true);
          }}
        />
      </div>
    );
  }
  return (
    <section aria-label="Version by version">
      <h3>Each model version against the one before it, over all rows</h3>
      {versions.isError && <p role="alert">{versions.error.message}</p>}
      {versions.isPending && <ProgressBar />}
      {versions.data !== undefined && versions.data.skipped !== null && (
        <p className="iq-muted">Not compared: {versions.data.skipped}.</p>
      )}
      {versions.data?.steps.map(({ before, after, metrics }) => (
        <table
          key={`${before}/${after}`}
          className="iq-table iq-model-metrics"
          aria-label={`${before} against ${after}`}
        >
          <MetricHead name="Metric" baseline={before} incident={after} />
          <tbody>
            {metrics.map((m) => (
              <tr key={m.metric}>
                <th scope="row">{METRIC_RULES[m.metric].label}</th>
                <MetricCells change={m} />
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </section>
  );
}
