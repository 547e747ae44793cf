import { Button, HTMLSelect, Tab, Tabs } from "@blueprintjs/core";
import { useState } from "react";
import type { Evidence } from "../../../shared/model/evidence.ts";
import { Role } from "../../../shared/model/role.ts";
import { pinRows } from "../../data/pin.ts";
import { rejectedPage, rowsPage } from "../../data/rows.ts";
import { removeEvidence, relocate } from "../../data/evidence-actions.ts";
import { useCase } from "../../state/case-store.ts";
import { useSession } from "../../state/session-store.ts";
import { useView } from "../../state/view-store.ts";
import { DataTable, type DataColumn } from "../../widgets/data-table.tsx";
import { bytes, count, integer, timeWithZone } from "../../widgets/format.ts";
import { Notes } from "./notes.tsx";

/** One evidence file: identity, schema with roles, rows, rejected rows. */
export function EvidenceDetail({ evidence }: { evidence: Evidence }) {
  const zone = useView((s) => s.timezone);
  const original = useSession((s) => s.originals[evidence.id]);
  return (
    <div className="iq-detail">
      <div className="iq-page-head">
        <h2 className="iq-clip" style={{ marginRight: "auto" }} title={evidence.path}>
          {evidence.id} · {evidence.name}
        </h2>
        <Button
          size="small"
          text="Remove from case"
          onClick={() => void removeEvidence(evidence)}
        />
      </div>
      {original !== undefined && original.status !== "unchanged" && (
        <div className="iq-error" role="alert">
          <strong>The original is {original.status}.</strong>
          <p>{original.message}</p>
          {original.foundAt !== null && (
            <Button
              size="small"
              text={`Use ${original.foundAt}`}
              onClick={() => void relocate(evidence, original.foundAt ?? "")}
            />
          )}
        </div>
      )}
      <dl className="iq-facts">
        <dt>File</dt>
        <dd className="iq-mono">
          {evidence.path}
          {evidence.options.member !== undefined && <bdi> › {evidence.options.member}</bdi>}
        </dd>
        <dt>SHA-256</dt>
        <dd className="iq-mono" data-testid="sha256">
          {evidence.sha256}
        </dd>
        <dt>Content</dt>
        <dd>
          {bytes(evidence.size)} · {count(evidence.rows, "record")} imported ·{" "}
          {integer(evidence.rejected)} rejected
          {evidence.tableRows !== evidence.rows && (
            <> · {count(evidence.tableRows, "row")} in the table</>
          )}
        </dd>
        <dt>Read by</dt>
        <dd>
          {evidence.importer} → table <strong>{evidence.table}</strong>
        </dd>
        <dt>Time range</dt>
        <dd>
          {evidence.from === null
            ? "no times in this file"
            : `${timeWithZone(evidence.from, zone)} to ${timeWithZone(evidence.to, zone)}`}
        </dd>
      </dl>
      <Notes notes={evidence.notes} />
      <Tabs id={`evidence-${evidence.id}`} renderActiveTabPanelOnly>
        <Tab id="columns" title="Columns" panel={<Columns evidence={evidence} />} />
        <Tab
          id="rows"
          title={`Rows (${integer(evidence.tableRows)})`}
          panel={<Rows evidence={evidence} />}
        />
        <Tab
          id="rejected"
          title={`Rejected (${integer(evidence.rejected)})`}
          panel={<Rejected evidence={evidence} />}
        />
      </Tabs>
    </div>
  );
}

function Columns({ evidence }: { evidence: Evidence }) {
  const append = useCase((s) => s.append);
  const editable = evidence.target === "own";
  return (
    <table className="iq-table" aria-label="Columns">
      <thead>
        <tr>
          <th>Column</th>
          <th>Type</th>
          <th>Role</th>
          <th className="iq-num">Null</th>
        </tr>
      </thead>
      <tbody>
        {evidence.columns.map((column) => (
          <tr key={column.name}>
            <td>
              {column.name}
              {column.unit !== undefined && <span className="iq-muted"> ({column.unit})</span>}
            </td>
            <td className="iq-muted">{column.type}</td>
            <td>
              {editable ? (
                <HTMLSelect
                  className="iq-compact-select"
                  aria-label={`Role of ${column.name}`}
                  value={column.role}
                  options={Role.options.map((r) => ({ value: r, label: r.replace("_", " ") }))}
                  onChange={(e) =>
                    void append({
                      type: "evidence/role-changed",
                      data: {
                        id: evidence.id,
                        column: column.name,
                        role: Role.parse(e.currentTarget.value),
                      },
                    })
                  }
                />
              ) : (
                column.role.replace("_", " ")
              )}
            </td>
            <td className="iq-num">{integer(column.nulls)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const WIDTHS = { timestamp: 210, double: 110, bigint: 100, boolean: 70, varchar: 160 } as const;

function Rows({ evidence }: { evidence: Evidence }) {
  const [marked, setMarked] = useState<ReadonlySet<number>>(new Set());
  const columns: DataColumn[] = [
    { name: "line", width: 70, numeric: true },
    ...evidence.columns.map((c) => ({
      name: c.name,
      width: c.name === "message" ? 620 : WIDTHS[c.type],
      numeric: c.type === "double" || c.type === "bigint",
      title: c.unit === undefined ? c.name : `${c.name} (${c.unit})`,
    })),
  ];
  const toggle = (index: number) => {
    setMarked((old) => {
      const next = new Set(old);
      if (!next.delete(index)) next.add(index);
      return next;
    });
  };
  return (
    <>
      <div className="iq-page-head" style={{ marginBottom: 6 }}>
        <span className="iq-muted" style={{ marginRight: "auto" }}>
          Mark rows with the box or the space key, then pin them as a finding.
        </span>
        <Button
          size="small"
          text={marked.size === 0 ? "Pin marked rows" : `Pin ${count(marked.size, "row")}`}
          disabled={marked.size === 0}
          onClick={() => {
            void pinRows(
              evidence,
              [...marked].sort((a, b) => a - b),
            ).then((done) => {
              if (done) setMarked(new Set());
            });
          }}
        />
      </div>
      <div className="iq-detail-rows">
        <DataTable
          label={`Rows of ${evidence.name}`}
          cacheKey={["evidence", evidence.id, evidence.sha256]}
          columns={columns}
          rowCount={evidence.tableRows}
          fetchPage={(offset, limit, signal) => rowsPage(evidence, offset, limit, signal)}
          selected={marked}
          onToggle={toggle}
        />
      </div>
    </>
  );
}

function Rejected({ evidence }: { evidence: Evidence }) {
  if (evidence.rejected === 0) {
    return (
      <p className="iq-muted">Every record of this file became a row. Nothing was left out.</p>
    );
  }
  return (
    <div className="iq-detail-rows">
      <DataTable
        label={`Rejected records of ${evidence.name}`}
        cacheKey={["rejects", evidence.id, evidence.sha256]}
        columns={[
          { name: "line", width: 80, numeric: true },
          { name: "reason", width: 320, numeric: false },
          { name: "text of the record", width: 700, numeric: false },
        ]}
        rowCount={evidence.rejected}
        fetchPage={(offset, limit, signal) => rejectedPage(evidence, offset, limit, signal)}
      />
    </div>
  );
}
