import { Button, Checkbox, Spinner } from "@blueprintjs/core";
import { ExportIcon } from "@blueprintjs/icons";
import { useEffect, useRef, useState } from "react";
import { DraftText } from "../../data/draft-text.tsx";
import { ipc } from "../../data/ipc-client.ts";
import { REPORT_FORMATS, exportReport, useReport, type ReportFormat } from "../../data/report.ts";
import { useCase } from "../../state/case-store.ts";
import { useSession } from "../../state/session-store.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import "./report.css";

/** The report as it will be exported, beside what a person writes and chooses for it. */
export default function ReportView() {
  const state = useCase((s) => s.state);
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const report = useReport();
  const [formats, setFormats] = useState<ReadonlySet<ReportFormat>>(
    new Set(["html", "pdf", "json"]),
  );
  const [working, setWorking] = useState(false);
  if (state === null) return null;
  if (state.evidence.length === 0) {
    return (
      <EmptyState title="Nothing to report yet">
        A report is made from evidence, the two windows and your findings. Add evidence first.
      </EmptyState>
    );
  }
  const toggle = (format: ReportFormat) => {
    setFormats((old) => {
      const next = new Set(old);
      if (!next.delete(format)) next.add(format);
      return next;
    });
  };
  const run = async () => {
    setWorking(true);
    try {
      await exportReport([...formats]);
    } catch (thrown) {
      useSession.getState().notify({
        kind: "error",
        message: `The report was not written: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      });
    } finally {
      setWorking(false);
    }
  };
  return (
    <div className="iq-split iq-report">
      <div className="iq-pane iq-page">
        <h1>Report</h1>
        <section>
          <h2>Summary</h2>
          <p className="iq-muted">
            What happened, to whom, for how long, in words for people who will not read on. It opens
            the report.
          </p>
          <DraftText
            draftKey="summary"
            label="Summary of the report"
            value={state.summary}
            placeholder="For three weeks …"
            multiline
            readOnly={readOnly}
          />
        </section>
        <section>
          <h2>Export</h2>
          {REPORT_FORMATS.map((format) => (
            <Checkbox
              key={format.id}
              checked={formats.has(format.id)}
              onChange={() => {
                toggle(format.id);
              }}
              labelElement={
                <>
                  {format.name} <span className="iq-muted">{format.description}</span>
                </>
              }
            />
          ))}
          <Button
            intent="primary"
            icon={<ExportIcon />}
            text="Export report"
            loading={working}
            disabled={readOnly || formats.size === 0 || report.html === null}
            onClick={() => void run()}
          />
        </section>
        {state.exports.length > 0 && (
          <section>
            <h2>Made from this case</h2>
            <ul className="iq-exports">
              {[...state.exports].reverse().map((e) => (
                <li key={`${e.at}/${e.path}`}>
                  <Button
                    size="small"
                    variant="minimal"
                    text={e.path.slice(
                      Math.max(e.path.lastIndexOf("/"), e.path.lastIndexOf("\\")) + 1,
                    )}
                    title="Show in the file manager"
                    onClick={() => void ipc("case.reveal", { path: e.path })}
                  />
                  <span className="iq-muted iq-mono iq-clip" title={`SHA-256 ${e.sha256}`}>
                    {e.at.slice(0, 19).replace("T", " ")} · {e.sha256.slice(0, 16)}…
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      <div className="iq-pane iq-report-stage">
        {report.html === null ? <Spinner size={24} /> : <Preview html={report.html} />}
      </div>
    </div>
  );
}

/** The document in a shadow root: its styles stay inside, ours outside. */
function Preview({ html }: { html: string }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const parsed = new DOMParser().parseFromString(html, "text/html");
    const page = document.createElement("div");
    page.className = "page-body";
    page.append(...Array.from(parsed.body.childNodes).map((n) => document.importNode(n, true)));
    const styles = Array.from(parsed.head.querySelectorAll("style")).map((s) => {
      const style = document.createElement("style");
      style.textContent = s.textContent
        .replaceAll(":root", ":host")
        .replace(/(^|[\s,}])(?:html|body)(?=[\s,{])/g, "$1.page-body");
      return style;
    });
    root.replaceChildren(...styles, page);
  }, [html]);
  return (
    <div
      ref={host}
      className="iq-report-page"
      role="document"
      aria-label="Preview of the report"
      tabIndex={0}
    />
  );
}
