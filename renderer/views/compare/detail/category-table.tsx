import { Button } from "@blueprintjs/core";
import { useMemo, useState } from "react";
import type { ColumnComparison, Distribution } from "../../../../shared/model/shift.ts";
import { useWindowPair } from "../../../data/comparison.ts";
import { useAnalysis, useTables } from "../../../data/queries.ts";
import { count, integer, percent } from "../../../widgets/format.ts";
import { WindowMark } from "../../../widgets/tags.tsx";
import {
  categoryRows,
  keptCategories,
  mappingOf,
  sortedRows,
  type CategoryOrder,
  type CategoryRow,
  type CategorySort,
} from "./category-rows.ts";
import "./detail.css";

type Categorical = Extract<Distribution, { kind: "categorical" }>;

interface CategoryTableProps {
  readonly column: ColumnComparison;
  readonly distribution: Categorical;
  /** Asks for rows with this value. */
  readonly onRows: (value: string) => void;
}

/** Values listed at first, and at most. */
const FIRST = 20;
const MOST = 1000;

/** Every value of a categorical column in both windows; new, vanished and renamed ones marked. */
export function CategoryTable({ column, distribution, onRows }: CategoryTableProps) {
  const [all, setAll] = useState(false);
  const [order, setOrder] = useState<CategoryOrder>({ by: "difference", descending: true });
  const windows = useWindowPair();
  const table = useTables().find((t) => t.name === column.table);
  const other = distribution.otherBaseline + distribution.otherIncident;
  const own = table?.columns.some((c) => c.name === column.column) === true;
  const answer = useAnalysis(
    "columnCategories",
    all && other > 0 && own && windows !== null
      ? { table, column: column.column, windows, limit: MOST }
      : null,
  );
  const full = answer.data ?? null;
  const rows = useMemo(() => {
    const kept = keptCategories(distribution);
    const counts = full?.categories ?? kept;
    const sum = (of: "baseline" | "incident") => kept.reduce((s, c) => s + c[of], 0);
    const totals = {
      baseline: full?.baselineRows ?? sum("baseline") + distribution.otherBaseline,
      incident: full?.incidentRows ?? sum("incident") + distribution.otherIncident,
    };
    const mapping = mappingOf(
      column.shifts,
      counts.map((c) => c.value),
    );
    return sortedRows(categoryRows(counts, totals, mapping), order);
  }, [distribution, full, column.shifts, order]);
  const shown = all ? rows : rows.slice(0, FIRST);
  const sort = (by: CategorySort) => {
    setOrder({ by, descending: order.by === by ? !order.descending : by !== "value" });
  };
  const heads: { by: CategorySort; name: string; which?: "baseline" | "incident" }[] = [
    { by: "value", name: "Value" },
    { by: "baseline", name: "Baseline", which: "baseline" },
    { by: "incident", name: "Incident", which: "incident" },
    { by: "difference", name: "Difference" },
  ];
  return (
    <section aria-label="Values">
      <h3>Values in both windows</h3>
      <div className="iq-scroll-x">
        <table className="iq-table iq-categories" aria-label={`Values of ${column.column}`}>
          <thead>
            <tr>
              {heads.map((head) => (
                <th
                  key={head.by}
                  scope="col"
                  className={head.by === "value" ? undefined : "iq-num"}
                  colSpan={head.which === undefined ? 1 : 2}
                  aria-sort={
                    order.by === head.by ? (order.descending ? "descending" : "ascending") : "none"
                  }
                >
                  <button
                    type="button"
                    className="iq-sort"
                    onClick={() => {
                      sort(head.by);
                    }}
                  >
                    {head.which !== undefined && <WindowMark which={head.which} />}
                    {head.name}
                    <span aria-hidden="true">
                      {order.by === head.by ? (order.descending ? " ↓" : " ↑") : ""}
                    </span>
                  </button>
                </th>
              ))}
              <th scope="col">
                <span className="iq-visually-hidden">Rows</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Category key={row.value} row={row} onRows={onRows} />
            ))}
          </tbody>
        </table>
      </div>
      {answer.isError && (
        <p className="iq-muted">The other values could not be read: {answer.error.message}</p>
      )}
      <p className="iq-chart-note">{noteOf(distribution, full?.values ?? null, rows.length)}</p>
      {(rows.length > FIRST || (other > 0 && own)) && (
        <Button
          size="small"
          variant="minimal"
          loading={all && answer.isFetching}
          aria-expanded={all}
          text={all ? `Show the first ${String(FIRST)}` : "Show all values"}
          onClick={() => {
            setAll(!all);
          }}
        />
      )}
    </section>
  );
}

/** Which values are not listed. */
function noteOf(distribution: Categorical, values: number | null, listed: number): string {
  if (values !== null) {
    return values > listed
      ? `The ${integer(listed)} most frequent of ${count(values, "value")}.`
      : `All ${count(values, "value")}. Shares are of the rows with a value.`;
  }
  const { otherBaseline, otherIncident } = distribution;
  return otherBaseline + otherIncident === 0
    ? "Shares are of the rows with a value."
    : `All other values: ${count(otherBaseline, "row")} of the baseline, ${count(otherIncident, "row")} of the incident. Shares are of the rows with a value.`;
}

function Category({ row, onRows }: { row: CategoryRow; onRows: (value: string) => void }) {
  const name = row.value === "" ? "(empty)" : row.value;
  const sign = row.difference > 0 ? "+" : row.difference < 0 ? "−" : "";
  return (
    <tr data-mark={row.mark ?? undefined}>
      <th scope="row">
        <span className="iq-category-name" title={name}>
          {name}
        </span>{" "}
        {row.mark !== null && (
          <span className={`iq-category-mark iq-category-${row.mark}`}>
            {row.mark === "new" ? "new" : "gone"}
          </span>
        )}
        {row.readsNow !== null && (
          <span className="iq-muted">
            {" "}
            now reads {row.readsNow === "" ? "(empty)" : row.readsNow}
          </span>
        )}
        {row.formerly.length > 0 && (
          <span className="iq-muted"> formerly {row.formerly.join(", ")}</span>
        )}
      </th>
      <td className="iq-num">{integer(row.baseline)}</td>
      <td className="iq-num iq-muted">{percent(row.baselineShare)}</td>
      <td className="iq-num">{integer(row.incident)}</td>
      <td className="iq-num iq-muted">{percent(row.incidentShare)}</td>
      <td className="iq-num">
        {sign}
        {(Math.abs(row.difference) * 100).toFixed(1)} pp
      </td>
      <td>
        <button
          type="button"
          className="iq-link"
          aria-label={`${row.mark === "new" ? "Rows of the incident with the new value" : "Rows with the value"} ${name}`}
          onClick={() => {
            onRows(row.value);
          }}
        >
          Rows
        </button>
      </td>
    </tr>
  );
}
