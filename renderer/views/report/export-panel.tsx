import { Button, Checkbox } from "@blueprintjs/core";
import { ExportIcon } from "@blueprintjs/icons";
import { useMemo, useState } from "react";
import type { RedactionKind } from "../../../shared/redaction/detectors.ts";
import { baseName, exportReport } from "../../data/export-report.ts";
import { ipc } from "../../data/ipc-client.ts";
import { REPORT_FORMATS, type ReadyReport, type ReportFormat } from "../../data/report.ts";
import { useCase } from "../../state/case-store.ts";
import { useSession } from "../../state/session-store.ts";
import { useView } from "../../state/view-store.ts";
import { BundleFields } from "./bundle-fields.tsx";
import { RedactionFields } from "./redaction-fields.tsx";

const NONE: never[] = [];

/** Formats, redaction, bundle, and what was made before. */
export function ExportPanel({ report }: { report: ReadyReport | null }) {
  const exports = useCase((s) => s.state?.exports ?? NONE);
  const names = useCase((s) => s.state?.redactionNames ?? NONE);
  const heldElsewhere = useCase((s) => s.opened?.readOnly !== null);
  const locked = useCase((s) => s.locked);
  const audience = useView((s) => s.audience);
  const [formats, setFormats] = useState<ReadonlySet<ReportFormat>>(
    new Set(["html", "pdf", "json"]),
  );
  const [kinds, setKinds] = useState<readonly RedactionKind[]>(NONE);
  const [working, setWorking] = useState(false);
  const choice = useMemo(() => ({ kinds, names }), [kinds, names]);
  const toggle = (format: ReportFormat) => {
    setFormats((old) => {
      const next = new Set(old);
      if (!next.delete(format)) next.add(format);
      return next;
    });
  };
  const run = async (what: string, work: (ready: ReadyReport) => Promise<unknown>) => {
    if (report === null) return;
    setWorking(true);
    try {
      await work(report);
    } catch (thrown) {
      useSession.getState().notify({
        kind: "error",
        message: `The ${what} was not written: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      });
    } finally {
      setWorking(false);
    }
  };
  return (
    <>
      <section>
        <h2>Formats</h2>
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
          disabled={heldElsewhere || formats.size === 0 || report === null}
          onClick={() =>
            void run("report", (ready) => exportReport(ready, audience, [...formats], choice))
          }
        />
      </section>
      <RedactionFields report={report} choice={choice} readOnly={locked} onChange={setKinds} />
      <BundleFields
        formats={[...formats]}
        choice={choice}
        disabled={heldElsewhere || working || report === null}
        onExport={(work) => void run("bundle", work)}
      />
      {exports.length > 0 && (
        <section>
          <h2>Made from this case</h2>
          <ul className="iq-exports">
            {[...exports].reverse().map((e) => (
              <li key={`${e.at}/${e.path}`}>
                <Button
                  size="small"
                  variant="minimal"
                  text={baseName(e.path)}
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
    </>
  );
}
