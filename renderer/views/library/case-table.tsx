import { Button, Tag } from "@blueprintjs/core";
import { TrashIcon } from "@blueprintjs/icons";
import type { CaseDigest } from "../../../shared/model/library.ts";
import { between } from "../../../shared/library/patterns.ts";
import { openCase } from "../../data/case-actions.ts";

interface CaseTableProps {
  readonly cases: readonly CaseDigest[];
  readonly openId: string | null;
  readonly onForget: (digest: CaseDigest) => void;
}

/** Cases with what caused them and how long they took, the latest first. */
export function CaseTable({ cases, openId, onForget }: CaseTableProps) {
  const sorted = [...cases].sort((a, b) => (b.started ?? "").localeCompare(a.started ?? ""));
  return (
    <table className="iq-table" aria-label="Cases">
      <thead>
        <tr>
          <th>Case</th>
          <th>Started</th>
          <th className="iq-num">To detect</th>
          <th className="iq-num">To resolve</th>
          <th>Layers</th>
          <th>Root cause and factors</th>
          <th>
            <span className="iq-visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((c) => (
          <tr key={c.id} data-case={c.id}>
            <td>
              {c.origin === "case" && c.id !== openId ? (
                <Button
                  size="small"
                  variant="minimal"
                  text={c.name}
                  title={c.place}
                  onClick={() => void openCase(c.place)}
                />
              ) : (
                <span title={c.place}>{c.name}</span>
              )}{" "}
              {c.origin === "imported" && <Tag minimal>imported</Tag>}
              {c.id === openId && (
                <Tag minimal intent="primary">
                  open
                </Tag>
              )}
            </td>
            <td className="iq-nowrap">{c.started?.slice(0, 10) ?? "–"}</td>
            <td className="iq-num iq-nowrap">{lengthText(between(c.started, c.detected))}</td>
            <td className="iq-num iq-nowrap">{lengthText(between(c.started, c.resolved))}</td>
            <td>
              {c.layers.join(", ")}
              {!c.rootCauseKnown && c.layers.length > 0 && (
                <span className="iq-muted"> (hypotheses)</span>
              )}
            </td>
            <td className="iq-library-factors">
              {c.factors.length === 0 ? (
                <span className="iq-muted">none on record</span>
              ) : (
                c.factors.map((f) => (
                  <div key={`${f.role}/${f.text}`}>
                    <span className="iq-muted">{f.role}:</span> {f.text}
                  </div>
                ))
              )}
            </td>
            <td>
              <Button
                size="small"
                variant="minimal"
                icon={<TrashIcon />}
                aria-label={`Take ${c.name} out of the library`}
                title="Take out of the library; a case folder stays where it is"
                onClick={() => {
                  onForget(c);
                }}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `3 h 20 min`, `2 d 4 h`; milliseconds in. */
export function lengthText(ms: number | null): string {
  if (ms === null) return "–";
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}
