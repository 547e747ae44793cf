import { HTMLSelect } from "@blueprintjs/core";
import { useState } from "react";
import type { TableMeta } from "../../../shared/model/table.ts";
import type { Window, Windows } from "../../../shared/model/window.ts";
import type { WindowName } from "../../widgets/chart/brush-window.tsx";
import { integer } from "../../widgets/format.ts";
import { WindowMark } from "../../widgets/tags.tsx";
import { categoryColumns, keyOf } from "../../data/category-columns.ts";
import { MOST_VALUES, useDistinctValues } from "../../data/distinct-values.ts";

interface WindowValuesProps {
  readonly tables: readonly TableMeta[];
  readonly windows: Windows;
  readonly disabled: boolean;
  readonly onChange: (which: WindowName, window: Window | null) => void;
}

/** The windows as values of a column: model v6 against v7, one country against the others. */
export function WindowValues({ tables, windows, disabled, onChange }: WindowValuesProps) {
  const choices = categoryColumns(tables);
  const filtered = windows.baseline?.filter?.column ?? windows.incident?.filter?.column;
  const [chosen, setChosen] = useState<string | null>(null);
  const current =
    choices.find((c) => keyOf(c) === chosen) ??
    choices.find((c) => c.column === filtered) ??
    choices[0];
  const values = useDistinctValues(current?.table ?? null, current?.column ?? null);
  if (current === undefined) {
    return (
      <p className="iq-muted">
        No table has a column with categories, such as a model version or a segment.
      </p>
    );
  }
  const toggle = (which: WindowName, value: string, on: boolean) => {
    const filter = windows[which]?.filter;
    const before = filter?.column === current.column ? filter.values : [];
    const next = on ? [...before, value] : before.filter((v) => v !== value);
    onChange(
      which,
      next.length === 0
        ? null
        : { from: null, to: null, filter: { column: current.column, values: next } },
    );
  };
  const isOn = (which: WindowName, value: string) => {
    const filter = windows[which]?.filter;
    return filter?.column === current.column && filter.values.includes(value);
  };
  const tooMany = (values.data?.length ?? 0) > MOST_VALUES;
  return (
    <div className="iq-window-values">
      <HTMLSelect
        aria-label="Column whose values make the windows"
        value={keyOf(current)}
        disabled={disabled}
        onChange={(event) => {
          setChosen(event.currentTarget.value);
        }}
        options={choices.map((c) => ({ value: keyOf(c), label: `${c.table}: ${c.column}` }))}
      />
      {values.isError && (
        <p role="alert" className="iq-window-warning">
          The values could not be counted: {values.error.message}
        </p>
      )}
      {values.isPending && <p className="iq-muted">Counting values…</p>}
      {tooMany && (
        <p className="iq-muted">
          {current.column} has more than {MOST_VALUES} values: choose another column.
        </p>
      )}
      {values.data !== undefined && !tooMany && (
        <div className="iq-window-value-list">
          <table className="iq-table">
            <thead>
              <tr>
                <th>{current.column}</th>
                <th className="iq-num">Rows</th>
                <th>
                  <WindowMark which="baseline" />
                  Baseline
                </th>
                <th>
                  <WindowMark which="incident" />
                  Incident
                </th>
              </tr>
            </thead>
            <tbody>
              {values.data.map(({ value, rows }) => (
                <tr key={value}>
                  <td>{value === "" ? "(empty)" : value}</td>
                  <td className="iq-num">{integer(rows)}</td>
                  {(["baseline", "incident"] as const).map((which) => (
                    <td key={which}>
                      <input
                        type="checkbox"
                        aria-label={`${value} belongs to the ${which}`}
                        checked={isOn(which, value)}
                        disabled={disabled}
                        onChange={(event) => {
                          toggle(which, value, event.currentTarget.checked);
                        }}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
