import { Button, Spinner } from "@blueprintjs/core";
import type { AnalysisOutput } from "../../../shared/analysis/index.ts";
import type { ColumnComparison } from "../../../shared/model/shift.ts";
import type { TableMeta } from "../../../shared/model/table.ts";
import { useWindowPair } from "../../data/comparison.ts";
import { useAnalysis } from "../../data/queries.ts";
import { count, integer, number } from "../../widgets/format.ts";
import { Sentence } from "../../widgets/sentence.tsx";
import { VerdictTag, WindowMark } from "../../widgets/tags.tsx";
import "./segment-drift.css";

type SegmentColumn = AnalysisOutput<"segmentDrift">["segmentColumns"][number];
type Segment = SegmentColumn["segments"][number];

/** Where a column changed: in some values of the segment columns, in all, or by their mix. */
export function SegmentDrift({ column, table }: { column: ColumnComparison; table: TableMeta }) {
  const windows = useWindowPair();
  const applies = table.columns.some((c) => c.name === column.column);
  const drift = useAnalysis(
    "segmentDrift",
    windows === null || !applies
      ? null
      : { table, column: column.column, segmentColumn: null, windows },
  );
  if (!applies || windows === null) return null;
  return (
    <section className="iq-segment-drift" aria-label="By segment">
      <h3>By segment</h3>
      {drift.isError ? (
        <p role="alert">
          The segments could not be compared: {drift.error.message}{" "}
          <Button size="small" text="Try again" onClick={() => void drift.refetch()} />
        </p>
      ) : drift.data === undefined ? (
        <Spinner size={18} aria-label="Comparing the column by segment" />
      ) : (
        <Answer drift={drift.data} />
      )}
    </section>
  );
}

function Answer({ drift }: { drift: AnalysisOutput<"segmentDrift"> }) {
  if (drift.why !== null) {
    const isUnset = drift.why.includes("role of a segment");
    return (
      <p className="iq-muted">
        Not compared by segment: {drift.why}
        {isUnset ? ". Give a column that role in the Schema view." : "."}
      </p>
    );
  }
  return (
    <>
      {drift.segmentColumns.map((one, k) => (
        <details key={one.segmentColumn} open={k === 0 && one.cause !== "none"}>
          <summary>
            <Sentence text={`${one.sentence}.`} />
          </summary>
          {one.segments.length > 0 && <Segments one={one} />}
        </details>
      ))}
      {drift.skipped.map((one) => (
        <p key={one.column} className="iq-muted">
          <code>{one.column}</code> is left out: {one.why}.
        </p>
      ))}
    </>
  );
}

function Segments({ one }: { one: SegmentColumn }) {
  const { few } = one;
  return (
    <>
      <table className="iq-table" aria-label={`Change by ${one.segmentColumn}`}>
        <thead>
          <tr>
            <th>{one.segmentColumn}</th>
            <th className="iq-num">
              <WindowMark which="baseline" />
              Rows
            </th>
            <th className="iq-num">
              <WindowMark which="incident" />
              Rows
            </th>
            <th className="iq-num">PSI</th>
            <th className="iq-num">Jensen-Shannon</th>
            <th>
              <span className="iq-visually-hidden">Jensen-Shannon distance as a bar</span>
            </th>
            <th>Change</th>
          </tr>
        </thead>
        <tbody>
          {one.segments.map((segment) => (
            <SegmentRow key={segment.value ?? ""} segment={segment} />
          ))}
        </tbody>
      </table>
      {few.segments > 0 && (
        <p className="iq-muted">
          {count(few.segments, "further value")} with fewer than 100 rows in a window (
          {integer(few.baseline)} rows in the baseline, {integer(few.incident)} in the incident):
          not judged.
        </p>
      )}
    </>
  );
}

function SegmentRow({ segment }: { segment: Segment }) {
  return (
    <tr>
      <td className="iq-clip" title={segment.value ?? "no value"}>
        {segment.value ?? <span className="iq-muted">no value</span>}
      </td>
      <td className="iq-num">{integer(segment.baseline)}</td>
      <td className="iq-num">{integer(segment.incident)}</td>
      <td className="iq-num">{number(segment.psi)}</td>
      <td className="iq-num">{number(segment.jensenShannon)}</td>
      <td aria-hidden="true">
        <span className="iq-segment-bar">
          <span style={{ width: `${Math.min(1, segment.jensenShannon) * 100}%` }} />
        </span>
      </td>
      <td>
        <VerdictTag verdict={segment.verdict} />
      </td>
    </tr>
  );
}

/** A sentence begins with a capital, unless with the name of a column. */
