import type { KeyboardEvent } from "react";
import type { Evidence } from "../../../shared/model/evidence.ts";
import { useSession } from "../../state/session-store.ts";
import { useView } from "../../state/view-store.ts";
import { integer, time } from "../../widgets/format.ts";

export function EvidenceTable({
  evidence,
  selected,
}: {
  evidence: readonly Evidence[];
  selected: string | null;
}) {
  const select = useView((s) => s.selectEvidence);
  const zone = useView((s) => s.timezone);
  const originals = useSession((s) => s.originals);
  const onKey = (event: KeyboardEvent<HTMLTableRowElement>, index: number) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      select(evidence[index]?.id ?? null);
    }
    if (step === 0) return;
    event.preventDefault();
    const next =
      step === 1
        ? event.currentTarget.nextElementSibling
        : event.currentTarget.previousElementSibling;
    if (next instanceof HTMLElement) {
      next.focus();
      select(evidence[index + step]?.id ?? null);
    }
  };
  return (
    <table className="iq-table iq-evidence-table" aria-label="Evidence">
      <colgroup>
        <col style={{ width: 44 }} />
        <col />
        <col style={{ width: 112 }} />
        <col style={{ width: 72 }} />
        <col style={{ width: 74 }} />
        <col style={{ width: 92 }} />
      </colgroup>
      <thead>
        <tr>
          <th>Id</th>
          <th>File</th>
          <th>Table</th>
          <th className="iq-num">Rows</th>
          <th className="iq-num">Rejected</th>
          <th>From</th>
        </tr>
      </thead>
      <tbody>
        {evidence.map((e, index) => {
          const original = originals[e.id];
          const warnings = e.notes.filter((n) => n.kind === "warning").length;
          return (
            <tr
              key={e.id}
              data-clickable
              data-evidence={e.id}
              tabIndex={e.id === selected || (selected === null && index === 0) ? 0 : -1}
              aria-selected={e.id === selected}
              onClick={() => {
                select(e.id);
              }}
              onKeyDown={(event) => {
                onKey(event, index);
              }}
            >
              <td className="iq-muted">{e.id}</td>
              <td className="iq-clip" title={e.path}>
                {e.name}
                {original !== undefined && original.status !== "unchanged" && (
                  <span className="iq-original"> · {original.status}</span>
                )}
                {warnings > 0 && (
                  <span className="iq-muted">
                    {" "}
                    · {warnings} {warnings === 1 ? "warning" : "warnings"}
                  </span>
                )}
              </td>
              <td className="iq-clip" title={e.table}>
                {e.table}
              </td>
              <td className="iq-num">{integer(e.rows)}</td>
              <td className="iq-num">
                {e.rejected === 0 ? (
                  "0"
                ) : (
                  <strong style={{ color: "var(--iq-minor)" }}>{integer(e.rejected)}</strong>
                )}
              </td>
              <td className="iq-nowrap">{time(e.from, zone).slice(0, 10)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
