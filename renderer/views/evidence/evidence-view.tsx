import { Button } from "@blueprintjs/core";
import { ImportIcon, PlusIcon } from "@blueprintjs/icons";
import { chooseEvidence, chooseEvidenceFolder } from "../../data/case-actions.ts";
import { isReady, startAllImports } from "../../data/import-actions.ts";
import { useCase } from "../../state/case-store.ts";
import { useImports } from "../../state/import-store.ts";
import { useView } from "../../state/view-store.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { count } from "../../widgets/format.ts";
import { EvidenceDetail } from "./evidence-detail.tsx";
import { EvidenceTable } from "./evidence-table.tsx";
import { PendingList } from "./pending-list.tsx";
import { PendingDetail } from "./pending-detail.tsx";
import "./evidence.css";

/** Files of the case: on their way in at the top, in it below; the selected one at the right. */
export default function EvidenceView() {
  const evidence = useCase((s) => s.state?.evidence);
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const pending = useImports((s) => s.pending);
  const selectedId = useView((s) => s.evidenceId);
  if (evidence === undefined) return null;

  const ready = pending.filter(isReady).length;
  const selectedPending =
    pending.find((p) => p.key === selectedId) ??
    (evidence.every((e) => e.id !== selectedId) ? pending.find((p) => p.chosen) : undefined);
  const selected = evidence.find((e) => e.id === selectedId);

  if (evidence.length === 0 && pending.length === 0) {
    return (
      <EmptyState
        title="Add what the incident left behind"
        action={
          <>
            <Button
              intent="primary"
              icon={<PlusIcon />}
              text="Choose files…"
              disabled={readOnly}
              onClick={() => void chooseEvidence()}
            />{" "}
            <Button
              text="Add folder…"
              disabled={readOnly}
              onClick={() => void chooseEvidenceFolder()}
            />{" "}
            <Button
              text="Read a post-mortem…"
              disabled={readOnly}
              onClick={() => {
                useView.getState().show("postmortem");
              }}
            />
          </>
        }
      >
        Drop files, folders or archives (ZIP, tar) anywhere on this window: logs, metric CSVs,
        feature snapshots (Parquet), JSON lines, each also gzipped or zstd-compressed. Each file is
        previewed before it is imported; originals are opened read-only and identified by their
        SHA-256. No data? The times of a written report can be the start.
      </EmptyState>
    );
  }

  return (
    <div className="iq-split iq-evidence">
      <div className="iq-pane iq-page">
        <div className="iq-page-head">
          <h1>Evidence</h1>
          <Button
            size="small"
            icon={<PlusIcon />}
            text="Add files…"
            disabled={readOnly}
            onClick={() => void chooseEvidence()}
          />
          <Button
            size="small"
            text="Add folder…"
            disabled={readOnly}
            onClick={() => void chooseEvidenceFolder()}
          />
        </div>
        {pending.length > 0 && (
          <section aria-labelledby="iq-pending">
            <div className="iq-page-head">
              <h2 id="iq-pending" style={{ marginRight: "auto" }}>
                Waiting for import
              </h2>
              {ready > 0 && (
                <Button
                  size="small"
                  intent="primary"
                  icon={<ImportIcon />}
                  text={`Import ${count(ready, "file")}`}
                  onClick={() => void startAllImports()}
                />
              )}
            </div>
            <PendingList items={pending} selected={selectedPending?.key ?? null} />
          </section>
        )}
        {evidence.length > 0 && (
          <section aria-labelledby="iq-in-case">
            {pending.length > 0 && <h2 id="iq-in-case">In the case</h2>}
            <EvidenceTable evidence={evidence} selected={selected?.id ?? null} />
          </section>
        )}
      </div>
      <div className="iq-pane">
        {selectedPending !== undefined ? (
          <PendingDetail key={selectedPending.key} item={selectedPending} />
        ) : selected !== undefined ? (
          <EvidenceDetail key={selected.id} evidence={selected} />
        ) : (
          <EmptyState nested title="No file selected">
            Select a file at the left to see its columns, roles, rows and rejected rows. When all
            evidence is in, go on to Compare.
          </EmptyState>
        )}
      </div>
    </div>
  );
}
