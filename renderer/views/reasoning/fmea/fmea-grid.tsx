import { useRef, type KeyboardEvent } from "react";
import type { FailureMode, PriorityTable } from "../../../../shared/model/reasoning.ts";
import { FMEA_SCALES } from "../../../../shared/reasoning/fmea-scales.ts";
import { moveItem, removeItem } from "../../../data/items.ts";
import { TEXT_COLUMNS } from "./fmea-columns.ts";
import { FmeaRow } from "./fmea-row.tsx";

interface FmeaGridProps {
  readonly modes: readonly FailureMode[];
  readonly table: PriorityTable;
  readonly readOnly: boolean;
  readonly onAdd: () => void;
}

/** The failure modes as a wide table whose first columns stay in sight. */
export function FmeaGrid({ modes, table, readOnly, onAdd }: FmeaGridProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const focusCell = (row: Element | null | undefined, column: string): boolean => {
    const field = row?.querySelector<HTMLElement>(
      `[data-col="${column}"] :is(input, textarea, button)`,
    );
    field?.focus();
    return field !== null && field !== undefined;
  };
  const onKeyDown = (e: KeyboardEvent) => {
    const cell = (e.target as Element).closest("[data-col]");
    const row = cell?.closest("tr");
    const column = cell?.getAttribute("data-col");
    if (!row || !column) return;
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && !readOnly) {
      e.preventDefault();
      onAdd();
      return;
    }
    // In a text the bare arrow keys move the caret.
    const isText = e.target instanceof HTMLTextAreaElement;
    if (e.altKey || e.shiftKey || (isText && !e.ctrlKey && !e.metaKey)) return;
    const columns = [...row.querySelectorAll("[data-col]")].map((c) => c.getAttribute("data-col"));
    const beside = (by: number) => columns[columns.indexOf(column) + by] ?? "";
    const moves: Record<string, () => boolean> = {
      ArrowUp: () => focusCell(row.previousElementSibling, column),
      ArrowDown: () => focusCell(row.nextElementSibling, column),
      ArrowLeft: () => focusCell(row, beside(-1)),
      ArrowRight: () => focusCell(row, beside(1)),
    };
    if (moves[e.key]?.() === true) e.preventDefault();
  };
  const remove = (index: number) => {
    const mode = modes[index];
    if (mode === undefined) return;
    const rows = body.current?.children;
    focusCell(rows?.[index + 1] ?? rows?.[index - 1], "row");
    void removeItem("failureModes", mode.id);
  };
  const scores = (when: string) => [
    ...FMEA_SCALES.map((s) => (
      <th key={s.id} scope="col" title={`${s.name} ${when}: ${s.question}`}>
        {s.letter}
      </th>
    )),
    <th key="rpn" scope="col" title="Risk priority number: severity × occurrence × detection">
      RPN
    </th>,
    <th key="ap" scope="col" title={`Action priority: ${table.name}`}>
      Priority
    </th>,
  ];
  return (
    <div className="iq-fmea-pane">
      <table className="iq-fmea-table" aria-label="Failure modes" onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th scope="col" rowSpan={2} aria-label="Row" />
            {TEXT_COLUMNS.map((c) => (
              <th key={c.field} scope="col" rowSpan={2} className={`iq-fmea-${c.field}`}>
                {c.name} <span className="iq-muted">{c.hint}</span>
              </th>
            ))}
            <th scope="colgroup" colSpan={5} className="iq-fmea-group">
              Today
            </th>
            <th scope="col" rowSpan={2} className="iq-fmea-edge iq-fmea-wide">
              Actions
            </th>
            <th scope="colgroup" colSpan={5} className="iq-fmea-group">
              After actions
            </th>
            <th scope="col" rowSpan={2} className="iq-fmea-edge iq-fmea-cited">
              Findings
            </th>
          </tr>
          <tr>
            {scores("today")}
            {scores("after actions")}
          </tr>
        </thead>
        <tbody ref={body}>
          {modes.map((mode, index) => (
            <FmeaRow
              key={mode.id}
              mode={mode}
              index={index}
              count={modes.length}
              table={table}
              readOnly={readOnly}
              onRemove={() => {
                remove(index);
              }}
              onMove={(by) => {
                const to = index + by;
                if (to >= 0 && to < modes.length) void moveItem("failureModes", mode.id, to);
              }}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
