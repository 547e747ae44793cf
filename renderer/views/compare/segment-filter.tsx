import { HTMLSelect } from "@blueprintjs/core";
import { useState } from "react";
import type { TableMeta } from "../../../shared/model/table.ts";
import { categoryColumns, keyOf, type CategoryColumn } from "../../data/category-columns.ts";
import { MOST_VALUES, useDistinctValues } from "../../data/distinct-values.ts";
import { useWindowPair } from "../../data/comparison.ts";
import { useCase } from "../../state/case-store.ts";

const ALL = "";

/**
 * Narrows both windows to the rows of one segment: every number of the comparison
 * is then that of the segment. The choice is part of the windows, so it is in the
 * journal, in findings and in the report.
 */
export function SegmentFilter({ tables }: { tables: readonly TableMeta[] }) {
  const windows = useWindowPair();
  const readOnly = useCase((s) => (s.opened?.readOnly ?? null) !== null);
  const [opened, setOpened] = useState<string | null>(null);
  const columns = uniqueNames(categoryColumns(tables));
  const filters = [windows?.baseline.filter, windows?.incident.filter];
  const [own] = filters;
  const same = JSON.stringify(filters[0]) === JSON.stringify(filters[1]);
  const current =
    columns.find((c) => keyOf(c) === opened) ?? columns.find((c) => c.column === own?.column);
  const values = useDistinctValues(current?.table ?? null, current?.column ?? null);
  if (windows === null || columns.length === 0) return null;
  const narrow = (filter: { column: string; values: string[] } | undefined) => {
    const set = (which: "baseline" | "incident") => {
      const { from, to } = windows[which];
      const window = { from, to, ...(filter === undefined ? {} : { filter }) };
      return { type: "windows/set", data: { which, window } } as const;
    };
    void useCase.getState().append(set("baseline"), set("incident"));
  };
  const timed = [windows.baseline, windows.incident].every((w) => w.from !== null || w.to !== null);
  // Windows that are made by values have no room for another condition.
  const disabled = readOnly || !same || !timed;
  const chosen = own !== undefined && own.column === current?.column ? own.values : [];
  const known = values.data?.slice(0, MOST_VALUES) ?? [];
  return (
    <>
      <HTMLSelect
        aria-label="Segment column"
        title={
          timed && same
            ? "Compare only the rows of one segment"
            : "The windows are made by values of a column: they cannot be narrowed further."
        }
        disabled={disabled}
        value={current === undefined ? ALL : keyOf(current)}
        onChange={(e) => {
          const key = e.currentTarget.value;
          setOpened(key === ALL ? null : key);
          if (own !== undefined) narrow(undefined);
        }}
        options={[
          { value: ALL, label: "all segments" },
          ...columns.map((c) => ({ value: keyOf(c), label: c.column })),
        ]}
      />
      {current !== undefined && (
        <HTMLSelect
          aria-label={`Value of ${current.column}`}
          disabled={disabled || values.data === undefined}
          value={(chosen.length === 1 ? chosen[0] : undefined) ?? ALL}
          onChange={(e) => {
            const value = e.currentTarget.value;
            narrow(value === ALL ? undefined : { column: current.column, values: [value] });
          }}
          options={[
            {
              value: ALL,
              label: values.isError ? "cannot be counted" : chosen.length > 1 ? "several" : "all",
            },
            ...known.map(({ value }) => ({ value, label: value === "" ? "(empty)" : value })),
          ]}
        />
      )}
    </>
  );
}

/** A window narrows every table that has the column, so a name is offered once. */
function uniqueNames(columns: readonly CategoryColumn[]): CategoryColumn[] {
  return columns.filter((c, i) => columns.findIndex((d) => d.column === c.column) === i);
}
