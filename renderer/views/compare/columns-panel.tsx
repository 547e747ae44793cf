import { HTMLSelect, InputGroup } from "@blueprintjs/core";
import { SearchIcon } from "@blueprintjs/icons";
import { useMemo, useState } from "react";
import type { Comparison } from "../../../shared/model/comparison.ts";
import { Layer } from "../../../shared/model/role.ts";
import { useTables } from "../../data/queries.ts";
import { useView } from "../../state/view-store.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { count } from "../../widgets/format.ts";
import { LAYER_WORDS } from "../../widgets/tags.tsx";
import { ColumnDetail } from "./column-detail.tsx";
import { CutWarning } from "./cut-warning.tsx";
import { SegmentFilter } from "./segment-filter.tsx";
import { ShiftList } from "./shift-list.tsx";
import { ALL_TABLES, passes, shiftRows, type RowFilter, type VerdictFilter } from "./shift-rows.ts";
import { TableDetail } from "./table-detail.tsx";

const EVERYTHING: RowFilter = { verdict: "changed", layer: "all", table: ALL_TABLES, text: "" };

/** Every column of both windows, those that changed first; the selected one at the right. */
export function ColumnsPanel({ comparison }: { comparison: Comparison }) {
  const selected = useView((s) => s.shiftColumn);
  const [filter, setFilter] = useState(EVERYTHING);
  const rows = useMemo(() => shiftRows(comparison), [comparison]);
  const visible = useMemo(() => rows.filter((row) => passes(row, filter)), [rows, filter]);
  const current =
    visible.find((r) => r.table === selected?.table && r.name === selected.column) ?? visible[0];
  const columns = rows.filter((r) => r.column !== null);
  const majors = rows.filter((r) => r.shift?.verdict === "major").length;
  return (
    <div className="iq-split iq-compare">
      <div className="iq-pane iq-compare-list">
        <div className="iq-compare-head">
          <h1>
            {count(columns.filter((r) => r.shift !== null).length, "column")} changed
            <span className="iq-muted">
              {" "}
              of {columns.length} · {majors} major
            </span>
          </h1>
          <Filters
            filter={filter}
            tables={comparison.tables.map((t) => t.table)}
            onChange={setFilter}
          />
          <CutWarning />
          {comparison.tables
            .filter((t) => t.skipped !== null)
            .map((t) => (
              <p key={t.table} className="iq-muted iq-compare-skipped">
                <strong>{t.table}</strong> is not compared: {t.skipped}
              </p>
            ))}
        </div>
        {visible.length === 0 ? (
          <EmptyState
            nested
            title={
              rows.length === 0 ? "No column could be compared" : "No column passes the filter"
            }
          >
            {comparison.shifts.length === 0
              ? "Nothing differs between these windows beyond what the thresholds allow. Choose “all columns” to see every comparison, or other windows."
              : "Loosen the filter above."}
          </EmptyState>
        ) : (
          <ShiftList rows={visible} selected={current ?? null} />
        )}
      </div>
      <div className="iq-pane">
        {current === undefined ? null : current.column === null ? (
          <TableDetail key={`${current.table}/${current.name}`} row={current} />
        ) : (
          <ColumnDetail key={`${current.table}/${current.name}`} column={current.column} />
        )}
      </div>
    </div>
  );
}

interface FiltersProps {
  readonly filter: RowFilter;
  readonly tables: readonly string[];
  readonly onChange: (filter: RowFilter) => void;
}

function Filters({ filter, tables, onChange }: FiltersProps) {
  const meta = useTables();
  return (
    <div className="iq-compare-filters">
      <InputGroup
        size="small"
        leftElement={<SearchIcon className="iq-search-icon" />}
        placeholder="Filter by name or sentence"
        aria-label="Filter by name or sentence"
        value={filter.text}
        onValueChange={(text) => {
          onChange({ ...filter, text });
        }}
      />
      {tables.length > 1 && (
        <HTMLSelect
          aria-label="Table"
          value={filter.table}
          onChange={(e) => {
            onChange({ ...filter, table: e.currentTarget.value });
          }}
          options={[
            { value: ALL_TABLES, label: "all tables" },
            ...tables.map((name) => ({ value: name, label: name })),
          ]}
        />
      )}
      <HTMLSelect
        aria-label="Verdict"
        value={filter.verdict}
        onChange={(e) => {
          onChange({ ...filter, verdict: e.currentTarget.value as VerdictFilter });
        }}
        options={[
          { value: "changed", label: "changed" },
          { value: "major", label: "major only" },
          { value: "all", label: "all columns" },
        ]}
      />
      <HTMLSelect
        aria-label="Layer"
        value={filter.layer}
        onChange={(e) => {
          const parsed = Layer.safeParse(e.currentTarget.value);
          onChange({ ...filter, layer: parsed.success ? parsed.data : "all" });
        }}
        options={[
          { value: "all", label: "all layers" },
          ...Layer.options.map((l) => ({ value: l, label: LAYER_WORDS[l] })),
        ]}
      />
      <SegmentFilter tables={meta} />
    </div>
  );
}
