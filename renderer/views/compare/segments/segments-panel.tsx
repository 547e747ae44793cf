import { Button, NonIdealState, ProgressBar } from "@blueprintjs/core";
import { useMemo, useState } from "react";
import {
  dimensionsForAttribution,
  metricsForAttribution,
} from "../../../../shared/analysis/attribution/attribution-metrics.ts";
import type { AttributionMetric } from "../../../../shared/model/attribution.ts";
import type { TableMeta } from "../../../../shared/model/table.ts";
import type { Window } from "../../../../shared/model/window.ts";
import { useWindowPair } from "../../../data/comparison.ts";
import { EngineFailure, useAnalysis } from "../../../data/queries.ts";
import { useView } from "../../../state/view-store.ts";
import { EmptyState } from "../../../widgets/empty-state.tsx";
import { SegmentsAnswer } from "./segments-answer.tsx";
import { SegmentsChoice } from "./segments-choice.tsx";
import "./segments.css";

/** Where the change of a metric is: in which segments, by their shares or by their values. */
export function SegmentsPanel({ tables }: { tables: readonly TableMeta[] }) {
  const windows = useWindowPair();
  const select = useView((s) => s.selectTable);
  const show = useView((s) => s.show);
  const [chosen, setChosen] = useState<string | null>(null);
  const usable = useMemo(() => tablesToSplit(tables), [tables]);
  const table = usable.find((t) => t.name === chosen) ?? usable[0];
  if (table === undefined) {
    const [first] = tables;
    return (
      <div className="iq-pane iq-segments">
        <EmptyState
          nested
          title="No table can be split into segments"
          action={
            <Button
              intent="primary"
              text={first === undefined ? "Add evidence" : `Set roles of ${first.name}`}
              onClick={() => {
                select(first?.name ?? null);
                show(first === undefined ? "evidence" : "schema");
              }}
            />
          }
        >
          A change is looked for in columns with few values: a segment, a service, a host, a model
          version. In the Schema view give such a column the role <strong>segment</strong>.
        </EmptyState>
      </div>
    );
  }
  return (
    <div className="iq-pane iq-segments">
      {windows === null ? (
        <EmptyState nested title="Mark the two windows">
          A change is one from the baseline to the incident: mark both above.
        </EmptyState>
      ) : (
        <TableSegments
          key={table.name}
          tables={usable}
          table={table}
          windows={windows}
          onTable={setChosen}
        />
      )}
    </div>
  );
}

/** Tables with a metric and a column to split by; those with a label or a prediction first. */
function tablesToSplit(tables: readonly TableMeta[]): TableMeta[] {
  const order = (t: TableMeta): number =>
    t.columns.some((c) => c.role === "label" || c.role === "prediction") ? 0 : 1;
  return tables
    .filter(
      (t) => metricsForAttribution(t).length > 0 && dimensionsForAttribution(t, null).length > 0,
    )
    .sort((a, b) => order(a) - order(b) || b.rows - a.rows);
}

interface TableSegmentsProps {
  readonly tables: readonly TableMeta[];
  readonly table: TableMeta;
  readonly windows: { readonly baseline: Window; readonly incident: Window };
  readonly onTable: (name: string) => void;
}

/** The question, and its answer. */
function TableSegments({ tables, table, windows, onTable }: TableSegmentsProps) {
  const metrics = useMemo(() => metricsForAttribution(table), [table]);
  const [metric, setMetric] = useState<AttributionMetric>(metrics[0]?.metric ?? { kind: "rows" });
  const [dimensions, setDimensions] = useState<readonly string[] | null>(null);
  const question = dimensions === null ? { metric } : { metric, dimensions };
  const found = useAnalysis("attributeChange", { table, question, windows });
  return (
    <>
      <SegmentsChoice
        tables={tables}
        table={table}
        metric={metric}
        dimensions={dimensions}
        onTable={onTable}
        onMetric={setMetric}
        onDimensions={setDimensions}
      />
      {found.isError ? (
        <EmptyState
          nested
          title="The change could not be split"
          action={<Button text="Try again" onClick={() => void found.refetch()} />}
        >
          {found.error.message}
          {found.error instanceof EngineFailure && (
            <code className="iq-mono"> {found.error.detail.sql.slice(0, 400)}</code>
          )}
        </EmptyState>
      ) : found.data === undefined ? (
        <NonIdealState
          title={`Looking for the change in ${table.name}`}
          description={<ProgressBar />}
        />
      ) : found.data.skipped !== null ? (
        <EmptyState nested title={`${found.data.name} cannot be split`}>
          {upper(found.data.skipped)}. Choose another metric, or other windows.
        </EmptyState>
      ) : (
        <SegmentsAnswer
          key={`${found.data.name}/${found.data.dimensions.map((d) => d.column).join()}`}
          table={table}
          found={found.data}
        />
      )}
    </>
  );
}

function upper(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
