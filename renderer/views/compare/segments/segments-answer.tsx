import { Button } from "@blueprintjs/core";
import { PinIcon, WarningSignIcon } from "@blueprintjs/icons";
import { useState } from "react";
import {
  segmentLabel,
  waterfallOfColumn,
} from "../../../../shared/analysis/attribution/waterfall.ts";
import type { Attribution, SegmentChange } from "../../../../shared/model/attribution.ts";
import type { TableMeta } from "../../../../shared/model/table.ts";
import { pinAttribution } from "../../../data/pin.ts";
import { useCase } from "../../../state/case-store.ts";
import { integer, number } from "../../../widgets/format.ts";
import { ChangeWaterfall } from "./change-waterfall.tsx";
import { SegmentNumbers } from "./segment-numbers.tsx";
import { SegmentTable } from "./segment-table.tsx";
import { Sentence } from "../../../widgets/sentence.tsx";

const CAUSES = "causes";

/** What was found: in a sentence, as steps, and value by value. */
export function SegmentsAnswer({ table, found }: { table: TableMeta; found: Attribution }) {
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const [way, setWay] = useState(CAUSES);
  const [picked, setPicked] = useState<string | null>(null);
  const column = found.dimensions.find((d) => d.column === way);
  const segments = [
    ...found.causes.map((c) => c.segment),
    ...found.dimensions.flatMap((d) => d.segments),
  ].filter((s) => s.where.length > 0);
  const segment =
    segments.find((s) => segmentLabel(s.where) === picked) ?? found.causes[0]?.segment ?? null;
  const pick = (where: SegmentChange["where"]): void => {
    setPicked(segmentLabel(where));
  };
  const simpson = found.dimensions.flatMap((d) => (d.simpson === null ? [] : [d.simpson.sentence]));
  const others = found.statements.filter((s) => !simpson.includes(s));
  return (
    <>
      <header className="iq-segments-head">
        <p className="iq-segments-sentence">
          <Sentence text={found.sentence} />
        </p>
        <Button
          size="small"
          intent="primary"
          icon={<PinIcon />}
          text="Pin as finding"
          disabled={readOnly}
          onClick={() => void pinAttribution(table, found)}
        />
      </header>
      {others.length > 0 && (
        <ul className="iq-segments-statements">
          {others.map((s) => (
            <li key={s}>
              <Sentence text={s} />
            </li>
          ))}
        </ul>
      )}
      {simpson.map((s) => (
        <p key={s} className="iq-segments-simpson" role="note">
          <WarningSignIcon /> <Sentence text={s} />
        </p>
      ))}
      <div className="iq-segments-grid">
        <section aria-label="The way of the change">
          <div className="iq-segments-way" role="group" aria-label="Steps of the change">
            {[CAUSES, ...found.dimensions.map((d) => d.column)].map((name) => (
              <Button
                key={name}
                size="small"
                active={way === name}
                aria-pressed={way === name}
                text={name === CAUSES ? "What explains it" : `by ${name}`}
                onClick={() => {
                  setWay(name);
                }}
              />
            ))}
          </div>
          <ChangeWaterfall
            found={found}
            title={
              column === undefined
                ? `${found.name}: from the baseline to the incident`
                : `${found.name} by ${column.column}: from the baseline to the incident`
            }
            waterfall={
              column === undefined
                ? found.waterfall
                : waterfallOfColumn(column, found.waterfall.baseline, found.waterfall.incident)
            }
            picked={segment === null ? null : segmentLabel(segment.where)}
            onPick={pick}
          />
        </section>
        {segment !== null && segment.where.length > 0 && (
          <SegmentNumbers
            found={found}
            segment={segment}
            cause={found.causes.find((c) => c.segment === segment) ?? null}
          />
        )}
      </div>
      {column !== undefined && (
        <SegmentTable
          key={column.column}
          found={found}
          split={column}
          picked={segment === null ? null : segmentLabel(segment.where)}
          onPick={pick}
        />
      )}
      <Sources found={found} />
    </>
  );
}

/** How far was looked, what was left out, and the SQL. */
function Sources({ found }: { found: Attribution }) {
  const { searched, limits, usualChange, inflation, halves } = found;
  return (
    <details className="iq-segments-sources">
      <summary>How it was looked for, and the SQL behind the numbers</summary>
      <ul>
        <li>
          {integer(searched.combinations)} segments of up to {searched.depth} columns, each with 1 %
          of the rows of a window or more, were compared
          {searched.columns.length > 0 && ` over ${searched.columns.join(", ")}`}.
        </li>
        <li>
          A segment is named when its change is beyond chance over all of them (p &lt; 0.01),
          carries a tenth of the whole change, and is three times what the halves of the baseline
          differ by; the simplest that says nearly as much is taken.
        </li>
        <li>
          Mix is the part of a changed share of rows, rate that of a changed value; half of what
          they do together goes to each, so that all parts add up exactly.
        </li>
        {usualChange !== null && (
          <li>
            Halves of the baseline ({halves === "time" ? "earlier and later" : "drawn by chance"})
            differ by {number(usualChange)} or more; segments vary {number(inflation)} times as much
            as independent rows would.
          </li>
        )}
        {limits.map((l) => (
          <li key={l}>
            <Sentence text={l} />
          </li>
        ))}
      </ul>
      <pre className="iq-mono iq-sql" tabIndex={0} aria-label="SQL of the segments">
        {found.sql}
      </pre>
    </details>
  );
}
