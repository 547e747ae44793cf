import { ProgressBar } from "@blueprintjs/core";
import type { PendingImport } from "../../state/import-store.ts";
import { useView } from "../../state/view-store.ts";
import { bytes, integer } from "../../widgets/format.ts";

/** One file on its way in: its name, its size, and how far it is. */
export function PendingItem({ item, selected }: { item: PendingImport; selected: boolean }) {
  const select = useView((s) => s.selectEvidence);
  const size = item.member === null ? (item.grant?.size ?? null) : item.member.size;
  const sizeText = size === null ? "" : bytes(size);
  const rows = item.member?.rows ?? null;
  return (
    <button
      type="button"
      className="iq-pending-item"
      aria-pressed={selected}
      onClick={() => {
        select(item.key);
      }}
    >
      <span className="iq-pending-name iq-clip" title={item.member?.name ?? item.path}>
        <bdi>{item.name}</bdi>
      </span>
      <span className="iq-muted">{rows === null ? sizeText : `${integer(rows)} rows`}</span>
      <PhaseLine item={item} />
    </button>
  );
}

function PhaseLine({ item }: { item: PendingImport }) {
  const { phase } = item;
  switch (phase.kind) {
    case "listed":
      return null;
    case "planning":
      return <span className="iq-muted">reading the first rows…</span>;
    case "planned":
      return item.duplicateOf === null ? (
        <span className="iq-muted">
          {phase.plan.importer} → table {phase.plan.table} · {phase.plan.columns.length} columns
        </span>
      ) : (
        <span className="iq-pending-error">
          already in the case as {item.duplicateOf} (same SHA-256)
        </span>
      );
    case "waiting":
      return <span className="iq-muted">waiting for its turn</span>;
    case "running": {
      const p = phase.progress;
      const share = p === null || p.totalBytes === 0 ? 0 : p.bytes / p.totalBytes;
      return (
        <>
          <ProgressBar value={share} stripes={false} intent="primary" />
          <span className="iq-muted">
            {p === null
              ? ""
              : `${integer(p.rows)} rows · ${integer(p.rejected)} rejected · ${bytes(p.bytes)}`}
          </span>
        </>
      );
    }
    case "failed":
      return <span className="iq-pending-error iq-clip">{phase.error.message}</span>;
  }
}
