import { Button, HTMLSelect } from "@blueprintjs/core";
import { PinIcon } from "@blueprintjs/icons";
import { useId, useState } from "react";
import type { SampleFilter, SampleRow } from "../../../../shared/analysis/sample-rows.ts";
import type { TableMeta } from "../../../../shared/model/table.ts";
import type { ColumnComparison } from "../../../../shared/model/shift.ts";
import { useWindowPair } from "../../../data/comparison.ts";
import { pinTableRows } from "../../../data/pin.ts";
import { useAnalysis } from "../../../data/queries.ts";
import { useCase } from "../../../state/case-store.ts";
import { useView } from "../../../state/view-store.ts";
import { count, integer } from "../../../widgets/format.ts";
import { WindowMark } from "../../../widgets/tags.tsx";
import { cellText, orderedColumns, rowText, type SampleColumn } from "./sample-cells.ts";
import "./detail.css";

interface SampleRowsPanelProps {
  readonly column: ColumnComparison;
  readonly table: TableMeta;
  readonly filter: SampleFilter;
  readonly onFilter: (filter: SampleFilter) => void;
}

/** Rows of each window that are shown. */
const LIMIT = 20;
const NONE: ReadonlyMap<string, SampleRow> = new Map();

/** Rows of both windows side by side, with file and line; marked ones become a finding. */
export function SampleRowsPanel({ column, table, filter, onFilter }: SampleRowsPanelProps) {
  const windows = useWindowPair();
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const [marked, setMarked] = useState(NONE);
  const id = useId();
  const answer = useAnalysis(
    "sampleRows",
    windows === null ? null : { table, column: column.column, windows, filter, limit: LIMIT },
    { keepPrevious: true },
  );
  const columns =
    answer.data === undefined ? [] : orderedColumns(answer.data.columns, table, column.column);
  const toggle = (row: SampleRow) => {
    const next = new Map(marked);
    if (!next.delete(keyOf(row))) next.set(keyOf(row), row);
    setMarked(next);
  };
  const pin = async () => {
    const rows = [...marked.values()].map((row) => ({
      evidenceId: row.evidenceId,
      line: row.line,
      offset: row.offset,
      text: rowText(row, columns),
    }));
    const noun = rows.length === 1 ? "Row" : "Rows";
    if (await pinTableRows(table, `${noun} of ${table.name}: ${column.column}`, rows)) {
      setMarked(NONE);
    }
  };
  return (
    <section className="iq-samples" aria-labelledby={id} id={ROWS_ID} tabIndex={-1}>
      <div className="iq-samples-head">
        <h3 id={id}>Rows of both windows</h3>
        <FilterChoice column={column} filter={filter} onFilter={onFilter} />
        <Button
          className="iq-push"
          size="small"
          icon={<PinIcon />}
          text={marked.size === 0 ? "Pin marked rows" : `Pin ${count(marked.size, "row")}`}
          disabled={readOnly || marked.size === 0}
          onClick={() => void pin()}
        />
      </div>
      {answer.isError ? (
        <p className="iq-muted">The rows could not be read: {answer.error.message}</p>
      ) : answer.data === undefined ? (
        <p className="iq-muted" role="status">
          Reading rows…
        </p>
      ) : (
        <div
          className="iq-samples-pair"
          aria-busy={answer.isFetching}
          data-lone={answer.data.baseline.total === 0 || answer.data.incident.total === 0}
        >
          {(["baseline", "incident"] as const).map((which) => (
            <WindowRows
              key={which}
              which={which}
              rows={answer.data[which].rows}
              total={answer.data[which].total}
              columns={columns}
              filtered={filter.kind !== "all"}
              marked={marked}
              onToggle={toggle}
            />
          ))}
        </div>
      )}
      <p className="iq-chart-note">
        Where a window has more than {LIMIT} rows, those shown are drawn from all of it by a hash of
        file and line: the same ones each time.
      </p>
    </section>
  );
}

/** Where the rows stand, to go there from the table of values. */
export const ROWS_ID = "iq-sample-rows";

function keyOf(row: SampleRow): string {
  return `${row.evidenceId}:${String(row.line)}:${String(row.offset)}`;
}

interface FilterChoiceProps {
  readonly column: ColumnComparison;
  readonly filter: SampleFilter;
  readonly onFilter: (filter: SampleFilter) => void;
}

/** All rows, those without a value, or those with one of the values. */
function FilterChoice({ column, filter, onFilter }: FilterChoiceProps) {
  const values = column.distribution?.kind === "categorical" ? column.distribution.categories : [];
  const chosen = filter.kind === "value" ? filter.value : null;
  const listed = chosen === null || values.includes(chosen) ? values : [chosen, ...values];
  const missing = column.baseline.nulls + column.incident.nulls > 0;
  if (!missing && listed.length === 0) return null;
  return (
    <HTMLSelect
      aria-label="Which rows"
      value={filter.kind === "value" ? `=${filter.value}` : filter.kind}
      onChange={(event) => {
        const { value } = event.currentTarget;
        onFilter(
          value === "all" || value === "missing"
            ? { kind: value }
            : { kind: "value", value: value.slice(1) },
        );
      }}
      options={[
        { value: "all", label: "all rows" },
        ...(missing ? [{ value: "missing", label: "without a value" }] : []),
        ...listed.map((value) => ({
          value: `=${value}`,
          label: `= ${value === "" ? "(empty)" : value}`,
        })),
      ]}
    />
  );
}

interface WindowRowsProps {
  readonly which: "baseline" | "incident";
  readonly rows: readonly SampleRow[];
  readonly total: number;
  readonly columns: readonly SampleColumn[];
  readonly filtered: boolean;
  readonly marked: ReadonlyMap<string, SampleRow>;
  readonly onToggle: (row: SampleRow) => void;
}

function WindowRows({ which, rows, total, columns, filtered, marked, onToggle }: WindowRowsProps) {
  const zone = useView((s) => s.timezone);
  const evidence = useCase((s) => s.state?.evidence);
  const name = which === "baseline" ? "Baseline" : "Incident";
  const fileOf = (id: string) => evidence?.find((e) => e.id === id)?.name ?? id;
  return (
    <div className="iq-sample">
      <div className="iq-sample-name">
        <WindowMark which={which} />
        <strong>{name}</strong>
        <span className="iq-muted"> {drawnText(rows.length, total)}</span>
      </div>
      {rows.length === 0 ? (
        <p className="iq-muted iq-sample-empty">
          {filtered ? "No row of this window is like that." : "This window has no rows."}
        </p>
      ) : (
        <div
          className="iq-sample-box"
          tabIndex={0}
          role="region"
          aria-label={`Rows of the ${which}`}
        >
          <table className="iq-table" aria-label={`Rows of the ${which}`}>
            <thead>
              <tr>
                <th scope="col">
                  <span className="iq-visually-hidden">marked</span>
                </th>
                {columns.map((c, k) => (
                  <th
                    key={c.name}
                    scope="col"
                    className={[c.numeric ? "iq-num" : "", k === 0 ? "iq-sample-own" : ""].join(
                      " ",
                    )}
                  >
                    {c.isTime ? `${c.name} (${zone})` : c.name}
                  </th>
                ))}
                <th scope="col">file</th>
                <th scope="col" className="iq-num">
                  line
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={keyOf(row)} aria-selected={marked.has(keyOf(row))}>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Mark line ${integer(row.line)} of ${fileOf(row.evidenceId)}`}
                      checked={marked.has(keyOf(row))}
                      onChange={() => {
                        onToggle(row);
                      }}
                    />
                  </td>
                  {columns.map((c, k) => (
                    <Cell key={c.name} row={row} column={c} own={k === 0} zone={zone} />
                  ))}
                  <td className="iq-muted iq-nowrap" title={row.evidenceId}>
                    {fileOf(row.evidenceId)}
                  </td>
                  <td className="iq-num iq-muted">{integer(row.line)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function drawnText(shown: number, total: number): string {
  if (total === 0) return "no rows";
  return shown < total ? `${integer(shown)} of ${count(total, "row")}` : count(total, "row");
}

interface CellProps {
  readonly row: SampleRow;
  readonly column: SampleColumn;
  readonly own: boolean;
  readonly zone: string;
}

function Cell({ row, column, own, zone }: CellProps) {
  const cell = row.cells[column.index];
  const text = cellText(cell, column, zone);
  const classes = ["iq-sample-cell"];
  if (column.numeric) classes.push("iq-num");
  if (own) classes.push("iq-sample-own");
  if (cell === null || cell === "") classes.push("iq-muted");
  return (
    <td className={classes.join(" ")} title={text}>
      {text}
    </td>
  );
}
