import { Button } from "@blueprintjs/core";
import { PinIcon } from "@blueprintjs/icons";
import { pinTableShift } from "../../data/pin.ts";
import { useCase } from "../../state/case-store.ts";
import { number, pValue } from "../../widgets/format.ts";
import { Sentence } from "../../widgets/sentence.tsx";
import { VerdictTag } from "../../widgets/tags.tsx";
import type { ShiftRow } from "./shift-list.tsx";

/** What changed about a table as a whole, or about a column that only one window has. */
export function TableDetail({ row }: { row: ShiftRow }) {
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const [first] = row.shifts;
  return (
    <div className="iq-detail">
      <div className="iq-page-head">
        <h2 className="iq-clip" style={{ marginRight: "auto" }}>
          {row.name}
          <span className="iq-muted"> in {row.table}</span>
        </h2>
        <Button
          size="small"
          intent="primary"
          icon={<PinIcon />}
          text="Pin as finding"
          disabled={readOnly || first === undefined}
          onClick={() => {
            const shift = row.shift ?? first;
            if (shift !== undefined) void pinTableShift(shift);
          }}
        />
      </div>
      {row.shifts.map((shift) => (
        <section key={shift.id} className="iq-table-shift">
          <p className="iq-table-shift-sentence">
            <VerdictTag verdict={shift.verdict} />
            <span>
              <Sentence text={shift.sentence} />
            </span>
          </p>
          <table className="iq-table iq-numbers" aria-label={`Numbers of ${row.name}`}>
            <tbody>
              <tr>
                <th scope="row" className="iq-muted">
                  {shift.statistic.name.replaceAll("_", " ")}
                </th>
                <td>
                  {number(shift.statistic.value)}
                  {shift.p !== null && <span className="iq-muted"> p {pValue(shift.p)}</span>}
                </td>
              </tr>
              {(shift.facts ?? []).map((fact) => (
                <tr key={fact.name}>
                  <th scope="row" className="iq-muted">
                    {fact.name}
                  </th>
                  <td>{fact.value}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <details>
            <summary>The SQL behind this</summary>
            <pre className="iq-mono iq-sql" tabIndex={0} aria-label={`SQL of ${row.name}`}>
              {shift.sql}
            </pre>
          </details>
        </section>
      ))}
    </div>
  );
}
