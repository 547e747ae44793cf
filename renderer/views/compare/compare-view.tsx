import { Button, HTMLSelect, InputGroup, NonIdealState, ProgressBar } from "@blueprintjs/core";
import { SearchIcon } from "@blueprintjs/icons";
import { useMemo, useState } from "react";
import { Layer } from "../../../shared/model/role.ts";
import type { ColumnComparison, Shift } from "../../../shared/model/shift.ts";
import { useComparison, useWindowPair } from "../../data/comparison.ts";
import { EngineFailure } from "../../data/queries.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { count } from "../../widgets/format.ts";
import { LAYER_WORDS } from "../../widgets/tags.tsx";
import { ColumnDetail } from "./column-detail.tsx";
import { CutWarning } from "./cut-warning.tsx";
import { ShiftList, type ShiftRow } from "./shift-list.tsx";
import "./compare.css";

type VerdictFilter = "changed" | "major" | "all";

/** What differs between the two windows, strongest first; the selected column at the right. */
export default function CompareView() {
  const evidence = useCase((s) => s.state?.evidence.length ?? 0);
  const show = useView((s) => s.show);
  const windows = useWindowPair();
  const comparison = useComparison();
  const selected = useView((s) => s.shiftColumn);
  const [verdict, setVerdict] = useState<VerdictFilter>("changed");
  const [layer, setLayer] = useState<Layer | "all">("all");
  const [text, setText] = useState("");

  const rows = useMemo(
    () =>
      comparison.data === undefined ? [] : rowsOf(comparison.data.tables.flatMap((t) => t.columns)),
    [comparison.data],
  );
  const visible = useMemo(
    () => rows.filter((row) => matches(row, verdict, layer, text.trim().toLowerCase())),
    [rows, verdict, layer, text],
  );

  if (evidence === 0) {
    return (
      <EmptyState
        title="Nothing to compare yet"
        action={
          <Button
            intent="primary"
            text="Add evidence"
            onClick={() => {
              show("evidence");
            }}
          />
        }
      >
        Add the files of the incident first; then mark a baseline and an incident window here.
      </EmptyState>
    );
  }
  if (windows === null) {
    return (
      <EmptyState title="Mark the two windows">
        Drag over the chart above to mark the baseline (when all was well) and the incident (when it
        was not), type their times, or choose values of a column such as a model version.
      </EmptyState>
    );
  }
  if (comparison.isError) {
    const detail = comparison.error instanceof EngineFailure ? comparison.error.detail : null;
    return (
      <EmptyState
        title="The comparison stopped"
        action={<Button text="Try again" onClick={() => void comparison.refetch()} />}
      >
        {comparison.error.message}
        {detail !== null && <code className="iq-mono"> {detail.sql.slice(0, 400)}</code>}
      </EmptyState>
    );
  }
  if (comparison.data === undefined) {
    return (
      <NonIdealState title="Comparing every column of both windows" description={<ProgressBar />} />
    );
  }

  const { tables, shifts } = comparison.data;
  const skipped = tables.filter((t) => t.skipped !== null);
  const current =
    visible.find(
      (r) => r.column.table === selected?.table && r.column.column === selected.column,
    ) ?? visible[0];
  const majors = rows.filter((r) => r.shift?.verdict === "major").length;
  return (
    <div className="iq-split iq-compare">
      <div className="iq-pane iq-compare-list">
        <div className="iq-compare-head">
          <h1>
            {count(rows.filter((r) => r.shift !== null).length, "column")} changed
            <span className="iq-muted">
              {" "}
              of {rows.length} · {majors} major
            </span>
          </h1>
          <div className="iq-compare-filters">
            <InputGroup
              size="small"
              leftElement={<SearchIcon className="iq-search-icon" />}
              placeholder="Filter by name or sentence"
              aria-label="Filter by name or sentence"
              value={text}
              onValueChange={setText}
            />
            <HTMLSelect
              aria-label="Verdict"
              value={verdict}
              onChange={(e) => {
                setVerdict(e.currentTarget.value as VerdictFilter);
              }}
              options={[
                { value: "changed", label: "changed" },
                { value: "major", label: "major only" },
                { value: "all", label: "all columns" },
              ]}
            />
            <HTMLSelect
              aria-label="Layer"
              value={layer}
              onChange={(e) => {
                const parsed = Layer.safeParse(e.currentTarget.value);
                setLayer(parsed.success ? parsed.data : "all");
              }}
              options={[
                { value: "all", label: "all layers" },
                ...Layer.options.map((l) => ({ value: l, label: LAYER_WORDS[l] })),
              ]}
            />
          </div>
          <CutWarning />
          {skipped.map((t) => (
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
            {shifts.length === 0
              ? "Nothing differs between these windows beyond what the thresholds allow. Choose “all columns” to see every comparison, or other windows."
              : "Loosen the filter above."}
          </EmptyState>
        ) : (
          <ShiftList rows={visible} selected={current ?? null} />
        )}
      </div>
      <div className="iq-pane">
        {current !== undefined && (
          <ColumnDetail
            key={`${current.column.table}/${current.column.column}`}
            column={current.column}
          />
        )}
      </div>
    </div>
  );
}

/** One row per column, with its strongest shift; strongest first, unchanged columns last. */
function rowsOf(columns: readonly ColumnComparison[]): ShiftRow[] {
  return columns
    .map((column) => ({ column, shift: strongest(column.shifts) }))
    .sort((a, b) => (b.shift?.score ?? -1) - (a.shift?.score ?? -1));
}

function strongest(shifts: readonly Shift[]): Shift | null {
  const changed = shifts.filter((s) => s.verdict !== "none");
  return changed.reduce<Shift | null>(
    (best, s) => (best === null || s.score > best.score ? s : best),
    null,
  );
}

function matches(
  row: ShiftRow,
  verdict: VerdictFilter,
  layer: Layer | "all",
  text: string,
): boolean {
  if (verdict === "changed" && row.shift === null) return false;
  if (verdict === "major" && row.shift?.verdict !== "major") return false;
  if (layer !== "all" && (row.shift ?? row.column.shifts[0])?.layer !== layer) return false;
  if (text === "") return true;
  const haystack =
    `${row.column.table} ${row.column.column} ${row.shift?.sentence ?? ""}`.toLowerCase();
  return haystack.includes(text);
}
