import { segmentLabel } from "../../../../shared/analysis/attribution/waterfall.ts";
import type {
  Attribution,
  AttributionCause,
  SegmentChange,
} from "../../../../shared/model/attribution.ts";
import { integer, number, pValue, percent } from "../../../widgets/format.ts";
import { WindowMark } from "../../../widgets/tags.tsx";
import { signed } from "./change-waterfall.tsx";

interface SegmentNumbersProps {
  readonly found: Attribution;
  readonly segment: SegmentChange;
  /** Set where the segment is one of the causes. */
  readonly cause: AttributionCause | null;
}

/** One segment's numbers in both windows, and its part of the change. */
export function SegmentNumbers({ found, segment, cause }: SegmentNumbersProps) {
  const { baseline, incident, mix, rate, total } = segment;
  const ofTotal = found.additive ? "share of the total" : "share of the rows";
  const rows = [
    { name: "rows", b: integer(baseline.rows), i: integer(incident.rows) },
    { name: ofTotal, b: percent(baseline.share), i: percent(incident.share) },
    { name: found.name, b: number(baseline.value), i: number(incident.value) },
    {
      name: `${found.name}, all rows`,
      b: number(found.baseline.value),
      i: number(found.incident.value),
    },
  ];
  return (
    <section aria-label="Numbers of the segment" className="iq-segments-numbers">
      <h2>{segmentLabel(segment.where)}</h2>
      <table className="iq-table" aria-label={`Numbers of ${segmentLabel(segment.where)}`}>
        <thead>
          <tr>
            <th scope="col">Measure</th>
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
          {rows.map((r) => (
            <tr key={r.name}>
              <th scope="row">{r.name}</th>
              <td className="iq-num">{r.b}</td>
              <td className="iq-num">{r.i}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl className="iq-segments-parts">
        {!found.additive && (
          <>
            <dt>by its share (mix)</dt>
            <dd>{signed(mix)}</dd>
            <dt>by its value (rate)</dt>
            <dd>{signed(rate)}</dd>
          </>
        )}
        <dt>part of the change</dt>
        <dd>
          {signed(total.value)}
          <span className="iq-muted">
            {" "}
            ({signed(total.low)} to {signed(total.high)})
          </span>
        </dd>
        {cause !== null && (
          <>
            {cause.share !== null && (
              <>
                <dt>share of the change</dt>
                <dd>{percent(cause.share)}</dd>
              </>
            )}
            <dt>p over all candidates</dt>
            <dd>{pValue(cause.p)}</dd>
            {cause.potential !== null && (
              <>
                <dt>potential score</dt>
                <dd>{number(cause.potential)}</dd>
              </>
            )}
          </>
        )}
      </dl>
    </section>
  );
}
