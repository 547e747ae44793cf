import { Button, HTMLSelect, ProgressBar } from "@blueprintjs/core";
import { useState } from "react";
import { METRIC_RULES } from "../../../../shared/analysis/model/metric-rules.ts";
import type { TrainingPair } from "../../../../shared/analysis/model/model-performance.ts";
import type { TrainingServing } from "../../../../shared/model/model-checks.ts";
import { useAnalysis } from "../../../data/queries.ts";
import { integer, percent } from "../../../widgets/format.ts";
import { Sentence } from "../../../widgets/sentence.tsx";
import { VerdictTag } from "../../../widgets/tags.tsx";
import { MetricCells, MetricHead } from "./metric-table.tsx";

/** Training rows against serving rows, of two tables with the same columns. */
export function TrainingPart({ pairs }: { pairs: readonly TrainingPair[] }) {
  const [index, setIndex] = useState(0);
  const [swapped, setSwapped] = useState(false);
  const [asked, setAsked] = useState(false);
  const pair = pairs[index] ?? pairs[0];
  const training = swapped ? pair?.serving : pair?.training;
  const serving = swapped ? pair?.training : pair?.serving;
  const compared = useAnalysis(
    "trainingServing",
    asked && training !== undefined && serving !== undefined ? { training, serving } : null,
  );
  if (training === undefined || serving === undefined) return null;
  return (
    <section aria-label="Training against serving">
      <h3>Training against serving</h3>
      <div className="iq-model-choice">
        {pairs.length > 1 && (
          <HTMLSelect
            aria-label="Tables"
            value={index}
            options={pairs.map((p, k) => ({
              value: k,
              label: `${p.training.name}, ${p.serving.name}`,
            }))}
            onChange={(e) => {
              setIndex(Number(e.currentTarget.value));
            }}
          />
        )}
        <span>
          <strong>{training.name}</strong> is training, <strong>{serving.name}</strong> serving.
        </span>
        <Button
          size="small"
          text="Swap"
          onClick={() => {
            setSwapped(!swapped);
          }}
        />
        {!asked && (
          <Button
            size="small"
            intent="primary"
            text="Compare all rows"
            onClick={() => {
              setAsked(true);
            }}
          />
        )}
      </div>
      {compared.isError && <p role="alert">{compared.error.message}</p>}
      {asked && compared.isPending && <ProgressBar />}
      {compared.data !== undefined && <Compared found={compared.data} />}
    </section>
  );
}

function Compared({ found }: { found: TrainingServing }) {
  return (
    <>
      {found.schema.length > 0 && (
        <ul className="iq-model-statements">
          {found.schema.map((s) => (
            <li key={`${s.column}/${s.change}`}>{s.why}</li>
          ))}
        </ul>
      )}
      {found.metrics.length > 0 && (
        <table className="iq-table iq-model-metrics" aria-label="Metrics of training and serving">
          <MetricHead name="Metric" baseline="Training" incident="Serving" />
          <tbody>
            {found.metrics.map((m) => (
              <tr key={m.metric}>
                <th scope="row">{METRIC_RULES[m.metric].label}</th>
                <MetricCells change={m} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <table className="iq-table iq-model-metrics" aria-label="Columns of training and serving">
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Verdict</th>
            <th scope="col">In words</th>
            <th scope="col" className="iq-num">
              Served rows outside training
            </th>
          </tr>
        </thead>
        <tbody>
          {found.columns.map((c) => (
            <tr key={c.column}>
              <th scope="row">{c.column}</th>
              <td>
                <VerdictTag verdict={c.verdict} />
              </td>
              <td>
                <Sentence text={c.sentence} />
              </td>
              <td className="iq-num">{percent(c.unseen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="iq-muted iq-model-note">
        {integer(found.rows.training)} training rows, {integer(found.rows.serving)} served rows.
      </p>
    </>
  );
}
