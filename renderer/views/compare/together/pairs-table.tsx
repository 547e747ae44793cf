import { Button } from "@blueprintjs/core";
import { Fragment, useState } from "react";
import type { CorrelationChange, PairChange } from "../../../../shared/model/multivariate.ts";
import { integer, number, pValue } from "../../../widgets/format.ts";
import { VerdictTag, WindowMark } from "../../../widgets/tags.tsx";

const FIRST = 8;

const MEASURES: Record<PairChange["measure"], string> = {
  spearman: "Spearman",
  cramers_v: "Cramér’s V",
  correlation_ratio: "correlation ratio",
};

/** The pairs that changed most, with what is usual for them; the SQL of each is one click away. */
export function PairsTable({ correlations }: { correlations: CorrelationChange }) {
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const { pairs, compared, changed } = correlations;
  const shown = all ? pairs : pairs.slice(0, FIRST);
  return (
    <section aria-label="Pairs">
      <h3>
        {integer(changed)} of {integer(compared)} pairs changed
      </h3>
      <div className="iq-together-scroll">
        <table className="iq-table iq-together-pairs" aria-label="Pairs that changed most">
          <thead>
            <tr>
              <th scope="col">Pair</th>
              <th scope="col">Verdict</th>
              <th scope="col" className="iq-num">
                <WindowMark which="baseline" />
                Baseline
              </th>
              <th scope="col" className="iq-num">
                <WindowMark which="incident" />
                Incident
              </th>
              <th
                scope="col"
                className="iq-num"
                title="Two standard deviations between stretches of the baseline, beyond chance"
              >
                Usual
              </th>
              <th scope="col">
                <span className="iq-visually-hidden">SQL</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((pair) => {
              const key = `${pair.a}, ${pair.b}`;
              return (
                <Fragment key={key}>
                  <tr>
                    <th scope="row">
                      {key}
                      <span className="iq-together-under">{MEASURES[pair.measure]}</span>
                    </th>
                    <td>
                      <VerdictTag verdict={pair.verdict} />
                      <span className="iq-together-under" title="Benjamini-Hochberg over all pairs">
                        q {pValue(pair.q)}
                      </span>
                    </td>
                    <Value value={pair.baseline} pearson={pair.pearson?.baseline} />
                    <Value value={pair.incident} pearson={pair.pearson?.incident} />
                    <td className="iq-num">{number(round(pair.usual))}</td>
                    <td>
                      <Button
                        size="small"
                        variant="minimal"
                        text="SQL"
                        aria-label={`SQL of ${key}`}
                        aria-expanded={open === key}
                        onClick={() => {
                          setOpen(open === key ? null : key);
                        }}
                      />
                    </td>
                  </tr>
                  {open === key && (
                    <tr>
                      <td colSpan={6}>
                        <pre className="iq-mono iq-together-sql">{pair.sql}</pre>
                      </td>
                    </tr>
                  )}
                </Fragment>
              );
            })}
          </tbody>
        </table>
      </div>
      {pairs.length > FIRST && (
        <Button
          size="small"
          variant="minimal"
          aria-expanded={all}
          text={all ? "Show the first ones" : `Show ${integer(pairs.length)} pairs`}
          onClick={() => {
            setAll(!all);
          }}
        />
      )}
    </section>
  );
}

function Value({ value, pearson }: { value: number; pearson: number | null | undefined }) {
  return (
    <td className="iq-num">
      {number(round(value))}
      {pearson !== undefined && (
        <span className="iq-together-under">
          Pearson {pearson === null ? "–" : number(round(pearson))}
        </span>
      )}
    </td>
  );
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
