import type { KeyboardEvent } from "react";
import type { ColumnComparison, Distribution, Shift } from "../../../shared/model/shift.ts";
import { useView } from "../../state/view-store.ts";
import { Sentence } from "../../widgets/sentence.tsx";
import { LayerTag, VerdictTag } from "../../widgets/tags.tsx";
import { number } from "../../widgets/format.ts";

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

/** Both windows as two small profiles: baseline filled above, incident hatched below. */
function SparkPair({ distribution }: { distribution: Distribution | null }) {
  if (distribution === null) return <div className="iq-spark" />;
  const { baseline, incident } = distribution;
  const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) || 1;
  const baseShares = shares(baseline, total(baseline));
  const incShares = shares(incident, total(incident));
  const top = Math.max(...baseShares, ...incShares, 1e-9);
  const n = Math.max(baseShares.length, 1);
  const w = 72 / n;
  return (
    <svg className="iq-spark" width="72" height="40" viewBox="0 0 72 40" aria-hidden="true">
      {baseShares.map((share, i) => {
        const h = (share / top) * 18;
        return (
          <rect
            key={i}
            x={i * w}
            y={19 - h}
            width={Math.max(w - 0.6, 0.4)}
            height={h}
            fill="var(--iq-baseline)"
          />
        );
      })}
      {incShares.map((share, i) => {
        const h = (share / top) * 18;
        return (
          <rect
            key={i}
            x={i * w + 0.3}
            y={21}
            width={Math.max(w - 1.2, 0.3)}
            height={h}
            fill="var(--iq-incident)"
            fillOpacity="0.35"
            stroke="var(--iq-incident)"
            strokeWidth="0.7"
          />
        );
      })}
      <line x1="0" x2="72" y1="20" y2="20" stroke="var(--iq-grid)" />
    </svg>
  );
}

function shares(values: readonly number[], total: number): number[] {
  const limited = values.length > 36 ? merge(values, 36) : [...values];
  return limited.map((v) => v / total);
}

function merge(values: readonly number[], into: number): number[] {
  const out = new Array<number>(into).fill(0);
  values.forEach((v, i) => {
    const slot = Math.floor((i * into) / values.length);
    out[slot] = (out[slot] ?? 0) + v;
  });
  return out;
}
