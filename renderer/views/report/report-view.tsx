import { Button, SegmentedControl, Spinner, Tab, Tabs } from "@blueprintjs/core";
import { PresentationIcon } from "@blueprintjs/icons";
import { useMemo, useState } from "react";
import { AUDIENCES, type Audience } from "../../../shared/model/reasoning.ts";
import { renderHtml } from "../../../shared/report/html.ts";
import { useReport } from "../../data/report.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { ExportPanel } from "./export-panel.tsx";
import { Presentation } from "./presentation.tsx";
import { Preview } from "./preview.tsx";
import { ReviewPanel } from "./review-panel.tsx";
import { WritePanel } from "./write-panel.tsx";
import "./report.css";

const NAMES: Readonly<Record<Audience, string>> = {
  executive: "Executive",
  technical: "Technical",
  audit: "Audit",
};

/** The report as it will be exported, beside what a person writes and chooses for it. */
export default function ReportView() {
  const state = useCase((s) => s.state);
  const locked = useCase((s) => s.locked);
  const audience = useView((s) => s.audience);
  const setAudience = useView((s) => s.setAudience);
  const report = useReport();
  const [tab, setTab] = useState("write");
  const [presenting, setPresenting] = useState(false);
  const document = report?.document;
  const html = useMemo(() => (document === undefined ? null : renderHtml(document)), [document]);
  if (state === null) return null;
  if (state.evidence.length === 0 && state.timelineNotes.length === 0) {
    return (
      <EmptyState title="Nothing to report yet">
        A report is made from evidence, the two windows and your findings. Add evidence first.
      </EmptyState>
    );
  }
  return (
    <div className="iq-split iq-report">
      <div className="iq-pane iq-page">
        <h1>Report</h1>
        <Tabs
          id="report"
          selectedTabId={tab}
          renderActiveTabPanelOnly
          onChange={(id) => {
            setTab(String(id));
          }}
        >
          <Tab id="write" title="Write" panel={<WritePanel readOnly={locked} />} />
          <Tab id="review" title="Review" panel={<ReviewPanel />} />
          <Tab id="export" title="Export" panel={<ExportPanel report={report} />} />
        </Tabs>
      </div>
      <div className="iq-pane iq-report-stage">
        <div className="iq-report-bar">
          <SegmentedControl
            aria-label="Readers of the report"
            size="small"
            value={audience}
            options={AUDIENCES.map((value) => ({ value, label: NAMES[value] }))}
            onValueChange={(value) => {
              const chosen = AUDIENCES.find((a) => a === value);
              if (chosen !== undefined) setAudience(chosen);
            }}
          />
          <Button
            size="small"
            icon={<PresentationIcon />}
            text="Present"
            disabled={document === undefined}
            onClick={() => {
              setPresenting(true);
            }}
          />
        </div>
        {html === null ? (
          <Spinner size={24} />
        ) : (
          <Preview html={html} label="Preview of the report" className="iq-report-page" />
        )}
      </div>
      {presenting && document !== undefined && (
        <Presentation
          document={document}
          onClose={() => {
            setPresenting(false);
          }}
        />
      )}
    </div>
  );
}
