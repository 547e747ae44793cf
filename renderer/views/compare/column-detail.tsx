import { Button, Collapse } from "@blueprintjs/core";
import { ClipboardIcon, PinIcon } from "@blueprintjs/icons";
import { useState } from "react";
import type { SampleFilter } from "../../../shared/analysis/sample-rows.ts";
import type { ColumnComparison, ColumnStats, Statistic } from "../../../shared/model/shift.ts";
import { copyShift } from "../../data/copy.ts";
import { statisticLabel } from "../../../shared/model/statistic-label.ts";
import { pinShift } from "../../data/pin.ts";
import { useAnalysis, useTables } from "../../data/queries.ts";
import { useCase } from "../../state/case-store.ts";
import { integer, number, pValue, percent } from "../../widgets/format.ts";
import { WindowMark } from "../../widgets/tags.tsx";
import { CategoryTable } from "./detail/category-table.tsx";
import { DistributionPanel } from "./detail/distribution-panel.tsx";
import { ROWS_ID, SampleRowsPanel } from "./detail/sample-rows-panel.tsx";
import { ShiftSentences } from "./detail/shift-sentences.tsx";
import { OverTime } from "./over-time.tsx";
import { SegmentDrift } from "./segment-drift.tsx";

const ALL_ROWS: SampleFilter = { kind: "all" };

/** All that is known of one column in the two windows. */
export function ColumnDetail({ column }: { column: ColumnComparison }) {
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const tables = useTables();
  const table = tables.find((t) => t.name === column.table);
  const overTime = useAnalysis(
    "columnOverTime",
    table?.timeColumn === undefined || table.timeColumn === null
      ? null
      : { table, column: column.column, buckets: 120 },
  );
  const [filter, setFilter] = useState<SampleFilter>(ALL_ROWS);
  const showRows = (value: string) => {
    setFilter({ kind: "value", value });
    const rows = document.getElementById(ROWS_ID);
    rows?.scrollIntoView({ block: "nearest" });
    rows?.focus({ preventScroll: true });
  };
  return (
    <div className="iq-detail">
      <div className="iq-page-head">
        <h2 className="iq-clip" style={{ marginRight: "auto" }}>
          {column.column}
          <span className="iq-muted"> in {column.table}</span>
        </h2>
        <Button
          size="small"
          icon={<ClipboardIcon />}
          text="Copy as Markdown"
          onClick={() => void copyShift(column)}
        />
        <Button
          size="small"
          intent="primary"
          icon={<PinIcon />}
          text="Pin as finding"
          disabled={readOnly || column.shifts.length === 0}
          onClick={() => void pinShift(column)}
        />
      </div>
      <ShiftSentences shifts={column.shifts} />
      <DistributionPanel column={column} />
      <Numbers column={column} />
      {column.distribution?.kind === "categorical" && (
        <CategoryTable column={column} distribution={column.distribution} onRows={showRows} />
      )}
      {overTime.data !== undefined && <OverTime column={column} data={overTime.data} />}
      {table !== undefined && <SegmentDrift column={column} table={table} />}
      <Statistics statistics={column.statistics} />
      {table !== undefined && (
        <SampleRowsPanel column={column} table={table} filter={filter} onFilter={setFilter} />
      )}
      <Sources column={column} />
    </div>
  );
}

interface NumberRow {
  readonly label: string;
  readonly value: (stats: ColumnStats) => string;
}

const COUNTS: readonly NumberRow[] = [
  { label: "rows", value: (s) => integer(s.rows) },
  {
    label: "null",
    value: (s) => `${integer(s.nulls)} (${percent(s.rows === 0 ? 0 : s.nulls / s.rows)})`,
  },
  { label: "distinct", value: (s) => integer(s.distinct) },
];
const MOMENTS: readonly NumberRow[] = [
  { label: "mean", value: (s) => number(s.mean) },
  { label: "standard deviation", value: (s) => number(s.sd) },
  { label: "minimum", value: (s) => number(s.min) },
  { label: "5 %", value: (s) => number(s.quantiles?.[1]) },
  { label: "median", value: (s) => number(s.quantiles?.[3]) },
  { label: "95 %", value: (s) => number(s.quantiles?.[5]) },
  { label: "99 %", value: (s) => number(s.quantiles?.[6]) },
  { label: "maximum", value: (s) => number(s.max) },
];

function Numbers({ column }: { column: ColumnComparison }) {
  const rows =
    column.baseline.quantiles !== null || column.baseline.mean !== null
      ? [...COUNTS, ...MOMENTS]
      : COUNTS;
  return (
    <table className="iq-table iq-numbers" aria-label="Numbers of both windows">
      <thead>
        <tr>
          <th>{column.unit === undefined ? "Measure" : `Measure (${column.unit})`}</th>
          <th className="iq-num">
            <WindowMark which="baseline" />
            Baseline
          </th>
          <th className="iq-num">
            <WindowMark which="incident" />
            Incident
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.label}>
            <td className="iq-muted">{row.label}</td>
            <td className="iq-num">{row.value(column.baseline)}</td>
            <td className="iq-num">{row.value(column.incident)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Statistics({ statistics }: { statistics: readonly Statistic[] }) {
  if (statistics.length === 0) return null;
  return (
    <table className="iq-table iq-numbers" aria-label="Statistics">
      <thead>
        <tr>
          <th>Statistic</th>
          <th className="iq-num">Value</th>
          <th className="iq-num">95 % interval</th>
          <th className="iq-num">p</th>
        </tr>
      </thead>
      <tbody>
        {statistics.map((s) => (
          <tr key={s.name}>
            <td>
              {statisticLabel(s.name)}
              {s.note !== undefined && <div className="iq-muted">{s.note}</div>}
            </td>
            <td className="iq-num">{number(s.value)}</td>
            <td className="iq-num iq-nowrap">
              {s.low === undefined || s.high === undefined
                ? ""
                : `${number(s.low)} to ${number(s.high)}`}
            </td>
            <td className="iq-num">{pValue(s.p)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Sources({ column }: { column: ColumnComparison }) {
  const [open, setOpen] = useState(false);
  if (column.shifts.length === 0) return null;
  return (
    <div>
      <Button
        size="small"
        variant="minimal"
        aria-expanded={open}
        text={open ? "Hide the SQL behind this" : "Show the SQL behind this"}
        onClick={() => {
          setOpen(!open);
        }}
      />
      <Collapse isOpen={open}>
        {column.shifts.map((shift) => (
          <pre
            key={shift.id}
            className="iq-mono iq-sql"
            tabIndex={0}
            aria-label={`SQL of ${shift.kind.replaceAll("_", " ")}`}
          >
            {shift.sql}
          </pre>
        ))}
      </Collapse>
    </div>
  );
}
