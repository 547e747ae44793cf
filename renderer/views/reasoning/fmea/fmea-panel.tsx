import { Button } from "@blueprintjs/core";
import { PlusIcon } from "@blueprintjs/icons";
import { useEffect, useRef, useState } from "react";
import { DEFAULT_PRIORITY_TABLE } from "../../../../shared/reasoning/fmea-priority-table.ts";
import { useCase } from "../../../state/case-store.ts";
import { EmptyState } from "../../../widgets/empty-state.tsx";
import { useItems, useReadOnly } from "../use-items.ts";
import { addFailureMode, sortByPriority } from "./fmea-actions.ts";
import { FmeaGrid } from "./fmea-grid.tsx";
import { PriorityTablePanel } from "./priority-table-panel.tsx";
import { ScalesPanel } from "./scales-panel.tsx";
import "./fmea.css";

/** Failure mode and effects analysis: what can fail, how bad that is, and what actions make of it. */
export function FmeaPanel() {
  const modes = useItems("failureModes");
  const own = useCase((s) => s.state?.priorityTable ?? null);
  const table = own ?? DEFAULT_PRIORITY_TABLE;
  const readOnly = useReadOnly();
  const [shown, setShown] = useState<"scales" | "priorities" | null>(null);
  const page = useRef<HTMLDivElement>(null);
  /** Row whose first field gets the focus once it is drawn. */
  const awaited = useRef<string | null>(null);
  useEffect(() => {
    if (awaited.current === null) return;
    const field = page.current?.querySelector<HTMLElement>(
      `[data-row="${awaited.current}"] [data-col="item"] textarea`,
    );
    if (field === null || field === undefined) return;
    awaited.current = null;
    field.focus();
  });
  const add = () =>
    void addFailureMode().then((id) => {
      awaited.current = id;
      const row = page.current?.querySelector<HTMLElement>(`[data-row="${id}"] textarea`);
      if (row) {
        awaited.current = null;
        row.focus();
      }
    });
  const toggle = (part: "scales" | "priorities") => {
    setShown(shown === part ? null : part);
  };
  return (
    <div ref={page} className="iq-reasoning-page iq-fmea">
      <div className="iq-reasoning-head">
        <p className="iq-muted iq-fmea-about">
          Rates what can fail by severity (S), occurrence (O) and detection (D), 1 to 10, today and
          after actions. The priority says how urgent an action is; the risk priority number (RPN)
          is S × O × D.
        </p>
        <Button
          size="small"
          text="Scales"
          active={shown === "scales"}
          aria-expanded={shown === "scales"}
          onClick={() => {
            toggle("scales");
          }}
        />
        <Button
          size="small"
          text="Priorities"
          active={shown === "priorities"}
          aria-expanded={shown === "priorities"}
          onClick={() => {
            toggle("priorities");
          }}
        />
        <Button
          size="small"
          text="Sort by priority"
          title="By action priority, then by RPN"
          disabled={readOnly || modes.length < 2}
          onClick={() => void sortByPriority(table)}
        />
        <Button
          size="small"
          intent="primary"
          icon={<PlusIcon size={14} />}
          text="Add row"
          disabled={readOnly}
          onClick={add}
        />
      </div>
      {shown === "scales" && <ScalesPanel />}
      {shown === "priorities" && (
        <PriorityTablePanel table={table} isOwn={own !== null} readOnly={readOnly} />
      )}
      {modes.length === 0 ? (
        <EmptyState nested title="No failure mode yet">
          Add a row for each way in which a part or step can fail: begin with the one that failed in
          this incident.
        </EmptyState>
      ) : (
        <>
          <FmeaGrid modes={modes} table={table} readOnly={readOnly} onAdd={add} />
          <p className="iq-muted iq-fmea-foot">
            Priorities: {table.name}. Arrow keys go from score to score, with Ctrl from text to text
            · Alt+↓ shows a scale · Ctrl+Enter adds a row
          </p>
        </>
      )}
    </div>
  );
}
