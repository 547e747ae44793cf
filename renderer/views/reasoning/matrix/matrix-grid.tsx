import { Button } from "@blueprintjs/core";
import { useEffect, useRef, useState } from "react";
import type { Rating } from "../../../../shared/model/reasoning.ts";
import type { MatrixRow } from "../../../../shared/reasoning/matrix.ts";
import { useItems } from "../use-items.ts";
import { clearRating, rate } from "./rate.ts";

/** A cell of the matrix. */
export interface CellPlace {
  readonly findingId: string;
  readonly hypothesisId: string;
}

interface MatrixGridProps {
  readonly rows: readonly MatrixRow[];
  readonly readOnly: boolean;
  readonly place: CellPlace | null;
  readonly onPlace: (place: CellPlace) => void;
}

/** Keys that rate the cell with the focus. */
const KEYS: Readonly<Record<string, Rating>> = {
  "1": "CC",
  "2": "C",
  "3": "N",
  "4": "I",
  "5": "II",
  "6": "NA",
  C: "CC",
  c: "C",
  n: "N",
  i: "I",
  I: "II",
  x: "NA",
};
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Findings against hypotheses; arrow keys move, 1 to 6 or c C n i I x rate, Delete clears. */
export function MatrixGrid({ rows, readOnly, place, onPlace }: MatrixGridProps) {
  const hypotheses = useItems("hypotheses");
  const cells = useItems("cells");
  const grid = useRef<HTMLTableElement>(null);
  const [byDiagnosticity, setByDiagnosticity] = useState(false);
  const shown = byDiagnosticity
    ? [...rows].sort((a, b) => b.diagnosticity - a.diagnosticity || a.number - b.number)
    : rows;
  const active = place ?? {
    findingId: shown[0]?.finding.id ?? "",
    hypothesisId: hypotheses[0]?.id ?? "",
  };
  const focusCell = useRef(false);
  useEffect(() => {
    if (!focusCell.current || place === null) return;
    focusCell.current = false;
    grid.current
      ?.querySelector<HTMLElement>(
        `[data-cell="${CSS.escape(`${place.findingId}/${place.hypothesisId}`)}"]`,
      )
      ?.focus();
  }, [place]);
  const press = (event: React.KeyboardEvent, at: CellPlace) => {
    const step = STEPS[event.key];
    const rating = KEYS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step !== undefined) {
      const row = shown.findIndex((r) => r.finding.id === at.findingId) + step[0];
      const column = hypotheses.findIndex((h) => h.id === at.hypothesisId) + step[1];
      const [next, hypothesis] = [shown[row], hypotheses[column]];
      if (next !== undefined && hypothesis !== undefined) {
        focusCell.current = true;
        onPlace({ findingId: next.finding.id, hypothesisId: hypothesis.id });
      }
    } else if (rating !== undefined && !readOnly) void rate(at, rating);
    else if ((event.key === "Delete" || event.key === "Backspace") && !readOnly) {
      void clearRating(at);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="iq-matrix-scroll">
      <table ref={grid} className="iq-matrix" role="grid" aria-label="Findings against hypotheses">
        <thead>
          <tr>
            <th scope="col" className="iq-matrix-finding">
              Finding
            </th>
            {hypotheses.map((h, index) => (
              <th key={h.id} scope="col" title={h.title}>
                H{index + 1}
                <div className="iq-muted iq-clip">{h.title}</div>
              </th>
            ))}
            <th scope="col" aria-sort={byDiagnosticity ? "descending" : "none"}>
              <Button
                size="small"
                variant="minimal"
                active={byDiagnosticity}
                text="Tells apart"
                title="Diagnosticity: how differently a finding rates the hypotheses, 0 to 1"
                onClick={() => {
                  setByDiagnosticity(!byDiagnosticity);
                }}
              />
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ finding, number, diagnosticity }) => (
            <tr key={finding.id}>
              <th scope="row" className="iq-matrix-finding" title={finding.statement}>
                <span className="iq-muted">F{number}</span> {finding.title}
              </th>
              {hypotheses.map((h, index) => {
                const at = { findingId: finding.id, hypothesisId: h.id };
                const cell = cells.find(
                  (c) => c.findingId === finding.id && c.hypothesisId === h.id,
                );
                const isActive = active.findingId === finding.id && active.hypothesisId === h.id;
                return (
                  <td
                    key={h.id}
                    role="gridcell"
                    data-cell={`${finding.id}/${h.id}`}
                    data-rating={cell?.rating ?? ""}
                    aria-label={`Finding ${number}, H${index + 1}: ${cell?.rating ?? "not rated"}`}
                    aria-selected={place !== null && isActive}
                    tabIndex={isActive ? 0 : -1}
                    onFocus={() => {
                      if (!isActive || place === null) onPlace(at);
                    }}
                    onClick={() => {
                      focusCell.current = true;
                      onPlace(at);
                    }}
                    onKeyDown={(e) => {
                      press(e, at);
                    }}
                  >
                    {cell?.rating ?? "·"}
                    {cell !== undefined && cell.reason.trim() !== "" && (
                      <span className="iq-matrix-reason" aria-hidden="true">
                        *
                      </span>
                    )}
                  </td>
                );
              })}
              <td className="iq-num">
                <span className="iq-hypothesis-bar">
                  <span style={{ width: `${diagnosticity * 100}%` }} />
                </span>{" "}
                {diagnosticity.toFixed(2)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
