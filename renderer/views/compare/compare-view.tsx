import { Button, NonIdealState, ProgressBar, Tab, Tabs } from "@blueprintjs/core";
import { useState, type ReactNode } from "react";
import { useComparison, useWindowPair } from "../../data/comparison.ts";
import { EngineFailure, useTables } from "../../data/queries.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { ColumnsPanel } from "./columns-panel.tsx";
import { ModelPanel } from "./model/model-panel.tsx";
import { RulesPanel } from "./rules/rules-panel.tsx";
import { SegmentsPanel } from "./segments/segments-panel.tsx";
import { TogetherPanel } from "./together/together-panel.tsx";
import "./compare.css";

/** What differs between the two windows: by column, by model, by segment, of columns together. */
export default function CompareView() {
  const evidence = useCase((s) => s.state?.evidence.length ?? 0);
  const show = useView((s) => s.show);
  const windows = useWindowPair();
  const tables = useTables();
  const [tab, setTab] = useState("columns");

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
      <Tab
        id="segments"
        title="Segments"
        panel={
          <Scroll heading="Which segments explain the change">
            <SegmentsPanel tables={tables} />
          </Scroll>
        }
      />
      <Tab
        id="together"
        title="Together"
        panel={
          <Scroll heading="Columns together">
            <TogetherPanel tables={tables} />
          </Scroll>
        }
      />
      <Tab
        id="model"
        title="Model"
        panel={
          <Scroll heading="The model in both windows">
            <ModelPanel tables={tables} />
          </Scroll>
        }
      />
      <Tab
        id="rules"
        title="Rules"
        panel={
          <Scroll heading="Rules of the baseline">
            <RulesPanel tables={tables} />
          </Scroll>
        }
      />
    </Tabs>
  );
}

/** What a tab shows; its heading is on the tab for the eye, and here for who reads headings. */
function Scroll({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <div className="iq-compare-scroll">
      <h1 className="iq-visually-hidden">{heading}</h1>
      {children}
    </div>
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
