import { Button } from "@blueprintjs/core";
import { useState } from "react";
import { segmentLabel } from "../../../../shared/analysis/attribution/waterfall.ts";
import type {
  Attribution,
  DimensionSplit,
  SegmentChange,
} from "../../../../shared/model/attribution.ts";
import { integer, number, percent } from "../../../widgets/format.ts";
import { WindowMark } from "../../../widgets/tags.tsx";
import { signed } from "./change-waterfall.tsx";

interface SegmentTableProps {
  readonly found: Attribution;
  readonly split: DimensionSplit;
  readonly picked: string | null;
  readonly onPick: (where: SegmentChange["where"]) => void;
}

const FIRST = 15;

/** Each value of a column with its mix, its rate and its part of the change; the sums are exact. */
export function SegmentTable({ found, split, picked, onPick }: SegmentTableProps) {
  const [all, setAll] = useState(false);
  const { segments } = split;
  const shown = all ? segments : segments.slice(0, FIRST);
  const title = `${found.name} by ${split.column}`;
  return (
    <section aria-label={title}>
      <h2>
        {title}
        <span className="iq-muted">
          {" "}
          · {integer(segments.length)} values, largest part first · surprise{" "}
          {number(split.surprise)}
        </span>
      </h2>
      <div className="iq-segments-scroll">
        <table className="iq-table iq-segments-table" aria-label={title}>
          <Head additive={found.additive} column={split.column} />
          <tbody>
            {shown.map((s) => (
              <Row
                key={segmentLabel(s.where)}
                segment={s}
                additive={found.additive}
                pooled={split.pooled}
                picked={segmentLabel(s.where) === picked}
                onPick={onPick}
              />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">all rows</th>
              <td className="iq-num">{number(found.baseline.value)}</td>
              <td className="iq-num">{number(found.incident.value)}</td>
              <td className="iq-num">100 %</td>
              <td className="iq-num">100 %</td>
              {!found.additive && (
                <>
                  <td className="iq-num">{signed(split.mix)}</td>
                  <td className="iq-num">{signed(split.rate)}</td>
                </>
              )}
              <td className="iq-num">{signed(found.change.value)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      {segments.length > FIRST && (
        <Button
          size="small"
          variant="minimal"
          text={all ? "Show the first ones" : `Show all ${integer(segments.length)}`}
          aria-expanded={all}
          onClick={() => {
            setAll(!all);
          }}
        />
      )}
    </section>
  );
}

function Head({ additive, column }: { additive: boolean; column: string }) {
  const windows = (["baseline", "incident"] as const).map((which) => (
    <th key={which} scope="col" className="iq-num">
      <WindowMark which={which} />
      {which === "baseline" ? "Baseline" : "Incident"}
    </th>
  ));
  return (
    <thead>
      <tr>
        <th scope="col" rowSpan={2}>
          {column}
        </th>
        <th scope="colgroup" colSpan={2}>
          Metric
        </th>
        <th scope="colgroup" colSpan={2}>
          {additive ? "Share of the total" : "Share of the rows"}
        </th>
        <th scope="colgroup" colSpan={additive ? 1 : 3}>
          Part of the change
        </th>
      </tr>
      <tr>
        {windows}
        {windows.map((w, k) => ({ ...w, key: `share${String(k)}` }))}
        {!additive && (
          <>
            <th scope="col" className="iq-num">
              Mix
            </th>
            <th scope="col" className="iq-num">
              Rate
            </th>
          </>
        )}
        <th scope="col" className="iq-num">
          Total
        </th>
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly segment: SegmentChange;
  readonly additive: boolean;
  readonly pooled: number;
  readonly picked: boolean;
  readonly onPick: (where: SegmentChange["where"]) => void;
}

function Row({ segment, additive, pooled, picked, onPick }: RowProps) {
  const { where, baseline, incident, mix, rate, total } = segment;
  const [predicate] = where;
  const name =
    predicate === undefined
      ? `${integer(pooled)} other values`
      : predicate.value === null
        ? "(missing)"
        : predicate.value === ""
          ? "(empty)"
          : predicate.value;
  return (
    <tr aria-selected={picked}>
      <th scope="row">
        {predicate === undefined ? (
          name
        ) : (
          <button
            type="button"
            className="iq-link iq-clip"
            aria-pressed={picked}
            title={`Show the numbers of ${segmentLabel(where)}`}
            onClick={() => {
              onPick(where);
            }}
          >
            {name}
          </button>
        )}
      </th>
      <td className="iq-num">{number(baseline.value)}</td>
      <td className="iq-num">{number(incident.value)}</td>
      <td className="iq-num">{percent(baseline.share)}</td>
      <td className="iq-num">{percent(incident.share)}</td>
      {!additive && (
        <>
          <td className="iq-num">{signed(mix)}</td>
          <td className="iq-num">{signed(rate)}</td>
        </>
      )}
      <td className="iq-num">
        {signed(total.value)}
        <span className="iq-segments-interval">
          {signed(total.low)} to {signed(total.high)}
        </span>
      </td>
    </tr>
  );
}
