import type { KeyboardEvent } from "react";
import type { ColumnComparison, Shift } from "../../../shared/model/shift.ts";
import { useView } from "../../state/view-store.ts";
import { Sentence } from "../../widgets/sentence.tsx";
import { LayerTag, VerdictTag } from "../../widgets/tags.tsx";
import { number } from "../../widgets/format.ts";
import { SparkPair } from "../../widgets/spark-pair.tsx";

export interface ShiftRow {
  readonly table: string;
  /** A column of the table or a series; for a change of the table as a whole, what changed. */
  readonly name: string;
  /** Null where the change is one of the table as a whole. */
  readonly column: ColumnComparison | null;
  readonly shifts: readonly Shift[];
  /** The shift above none that counts most, or null. */
  readonly shift: Shift | null;
}

export function ShiftList({
  rows,
  selected,
}: {
  rows: readonly ShiftRow[];
  selected: ShiftRow | null;
}) {
  const select = useView((s) => s.selectColumn);
  const choose = (row: ShiftRow | undefined) => {
    if (row !== undefined) select({ table: row.table, column: row.name });
  };
  const onKey = (event: KeyboardEvent<HTMLElement>, index: number) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const sibling =
      step === 1
        ? event.currentTarget.nextElementSibling
        : event.currentTarget.previousElementSibling;
    if (sibling instanceof HTMLElement) {
      sibling.focus();
      choose(rows[index + step]);
    }
  };
  return (
    <div className="iq-shifts" role="listbox" aria-label="Changed columns, strongest first">
      {rows.map((row, index) => {
        const { column, shift } = row;
        const isSelected = row === selected;
        return (
          <div
            key={`${row.table}/${row.name}`}
            role="option"
            aria-selected={isSelected}
            tabIndex={isSelected || (selected === null && index === 0) ? 0 : -1}
            className="iq-shift"
            data-column={row.name}
            data-verdict={shift?.verdict ?? "none"}
            onClick={() => {
              choose(row);
            }}
            onKeyDown={(e) => {
              onKey(e, index);
            }}
          >
            <div className="iq-shift-top">
              <span className="iq-shift-name iq-clip">{row.name}</span>
              <VerdictTag verdict={shift?.verdict ?? "none"} />
            </div>
            <div className="iq-shift-sentence">
              <Sentence text={shift?.sentence ?? "No change beyond the thresholds."} />
            </div>
            <div className="iq-shift-meta">
              <span className="iq-muted iq-clip">{row.table}</span>
              {shift !== null && <LayerTag layer={shift.layer} />}
              {shift !== null && (
                <span className="iq-muted iq-nowrap">
                  {shift.effect.name.replaceAll("_", " ")} {number(shift.effect.value)}
                </span>
              )}
            </div>
            <SparkPair distribution={column?.distribution ?? null} />
          </div>
        );
      })}
    </div>
  );
}
