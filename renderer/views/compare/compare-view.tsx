import { Button, NonIdealState, ProgressBar, Tab, Tabs } from "@blueprintjs/core";
import type { ComponentType } from "react";
import type { TableMeta } from "../../../shared/model/table.ts";
import { useComparison, useWindowPair } from "../../data/comparison.ts";
import { EngineFailure, useTables } from "../../data/queries.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { ColumnsPanel } from "./columns-panel.tsx";
import { LogsPart } from "./logs/logs-part.tsx";
import { ModelPanel } from "./model/model-panel.tsx";
import { RulesPanel } from "./rules/rules-panel.tsx";
import { SegmentsPanel } from "./segments/segments-panel.tsx";
import { TogetherPanel } from "./together/together-panel.tsx";
import "./compare.css";

/** The tabs beside the columns. The heading is the tab's title for the eye; here it is for who reads headings. */
const PANELS: readonly {
  readonly id: string;
  readonly title: string;
  readonly heading: string;
  readonly Panel: ComponentType<{ tables: readonly TableMeta[] }>;
}[] = [
  {
    id: "segments",
    title: "Segments",
    heading: "Which segments explain the change",
    Panel: SegmentsPanel,
  },
  { id: "together", title: "Together", heading: "Columns together", Panel: TogetherPanel },
  { id: "logs", title: "Logs", heading: "Log lines in both windows", Panel: LogsPart },
  { id: "model", title: "Model", heading: "The model in both windows", Panel: ModelPanel },
  { id: "rules", title: "Rules", heading: "Rules of the baseline", Panel: RulesPanel },
];

/** What differs between the two windows: by column, by model, by segment, of columns together. */
export default function CompareView() {
  const evidence = useCase((s) => s.state?.evidence.length ?? 0);
  const show = useView((s) => s.show);
  const windows = useWindowPair();
  const tables = useTables();
  const tab = useView((s) => s.compareTab);
  const setTab = useView((s) => s.setCompareTab);

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
  return (
    <Tabs
      id="compare"
      className="iq-compare-tabs"
      selectedTabId={tab}
      renderActiveTabPanelOnly
      onChange={(id) => {
        setTab(String(id));
      }}
    >
      <Tab id="columns" title="Columns" panel={<Columns />} />
      {PANELS.map(({ id, title, heading, Panel }) => (
        <Tab
          key={id}
          id={id}
          title={title}
          panel={
            <div className="iq-compare-scroll">
              <h1 className="iq-visually-hidden">{heading}</h1>
              <Panel tables={tables} />
            </div>
          }
        />
      ))}
    </Tabs>
  );
}

/** The comparison of every column, or why there is none. */
function Columns() {
  const comparison = useComparison();
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
  return <ColumnsPanel comparison={comparison.data} />;
}
