import { Button, InputGroup } from "@blueprintjs/core";
import { useMemo, useState } from "react";
import { analyseMatrix } from "../../../../shared/reasoning/matrix.ts";
import { newItemId, setItem } from "../../../data/items.ts";
import { useCase } from "../../../state/case-store.ts";
import { useView } from "../../../state/view-store.ts";
import { EmptyState } from "../../../widgets/empty-state.tsx";
import { useItems, useReadOnly } from "../use-items.ts";
import { CellEditor } from "./cell-editor.tsx";
import { HypothesisList } from "./hypothesis-list.tsx";
import { MatrixGrid, type CellPlace } from "./matrix-grid.tsx";
import "./matrix.css";

/** Which hypothesis the findings speak least against. */
export function MatrixPanel() {
  const state = useCase((s) => s.state);
  const hypotheses = useItems("hypotheses");
  const readOnly = useReadOnly();
  const show = useView((s) => s.show);
  const [place, setPlace] = useState<CellPlace | null>(null);
  const analysis = useMemo(
    () => (state === null ? null : analyseMatrix(state.items, state.findings)),
    [state],
  );
  if (state === null || analysis === null) return null;
  return (
    <div className="iq-reasoning-page">
      <p className="iq-muted">
        Several hypotheses against all findings. Rate how each finding fits each of them; the one
        with least against it leads, not the one with most in its favour, since most findings fit
        several. CC very consistent, C consistent, N neutral, I inconsistent, II very inconsistent,
        NA not applicable.
      </p>
      <AddHypothesis readOnly={readOnly} />
      {hypotheses.length === 0 ? (
        <EmptyState nested title="No hypothesis yet">
          Write down at least two explanations that exclude each other, also the dull ones: the data
          changed, the world changed, the measurement changed.
        </EmptyState>
      ) : (
        <>
          {analysis.warnings.length > 0 && (
            <ul className="iq-matrix-warnings" aria-label="Cautions">
              {analysis.warnings.map((w) => (
                <li key={w}>{w}</li>
              ))}
            </ul>
          )}
          <HypothesisList ranking={analysis.ranking} readOnly={readOnly} />
          {analysis.sensitivity.length > 0 && (
            <ul className="iq-matrix-sensitivity" aria-label="What the order hangs on">
              {analysis.sensitivity.map((s) => (
                <li key={s.findingId}>{s.text}</li>
              ))}
            </ul>
          )}
          {state.findings.length === 0 ? (
            <EmptyState
              nested
              title="No finding to weigh them with"
              action={
                <Button
                  text="Go to Compare"
                  onClick={() => {
                    show("compare");
                  }}
                />
              }
            >
              Pin what you found in Compare, Timeline, Suspects or Logs; each finding becomes a row.
            </EmptyState>
          ) : (
            <>
              <MatrixGrid
                rows={analysis.rows}
                readOnly={readOnly}
                place={place}
                onPlace={setPlace}
              />
              {place !== null && <CellEditor place={place} readOnly={readOnly} />}
            </>
          )}
        </>
      )}
    </div>
  );
}

function AddHypothesis({ readOnly }: { readOnly: boolean }) {
  const [title, setTitle] = useState("");
  return (
    <form
      className="iq-reasoning-head"
      onSubmit={(e) => {
        e.preventDefault();
        const text = title.trim();
        if (text === "") return;
        setTitle("");
        const item = { id: newItemId(), title: text, note: "", layer: "data" as const };
        void setItem({ collection: "hypotheses", item });
      }}
    >
      <InputGroup
        className="iq-matrix-add"
        aria-label="New hypothesis"
        placeholder="New hypothesis, such as: an upstream export changed its encoding"
        value={title}
        disabled={readOnly}
        onValueChange={setTitle}
      />
      <Button type="submit" text="Add hypothesis" disabled={readOnly || title.trim() === ""} />
    </form>
  );
}
