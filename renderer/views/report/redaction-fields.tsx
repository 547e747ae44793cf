import { Button, Checkbox, Dialog, DialogBody, TextArea } from "@blueprintjs/core";
import { useMemo, useState } from "react";
import { REDACTION_KINDS, type RedactionKind } from "../../../shared/redaction/detectors.ts";
import {
  previewReportRedaction,
  type RedactionChoice,
} from "../../../shared/report/redact-report.ts";
import type { ReadyReport } from "../../data/report.ts";
import { useCase } from "../../state/case-store.ts";
import { count } from "../../widgets/format.ts";

const LABELS: Readonly<Record<RedactionKind, string>> = {
  email: "E-mail addresses",
  phone: "Phone numbers",
  ip: "IP addresses",
  mac: "MAC addresses",
  card: "Card numbers",
  iban: "Account numbers (IBAN)",
  secret: "Tokens, keys, passwords",
  name: "Names of the list",
};

interface RedactionFieldsProps {
  readonly report: ReadyReport | null;
  readonly choice: RedactionChoice;
  readonly readOnly: boolean;
  readonly onChange: (kinds: readonly RedactionKind[]) => void;
}

/** What an export hides; the case and its evidence stay as they are. */
export function RedactionFields({ report, choice, readOnly, onChange }: RedactionFieldsProps) {
  const append = useCase((s) => s.append);
  const [names, setNames] = useState<string | null>(null);
  const [shown, setShown] = useState(false);
  const keepNames = () => {
    if (names === null) return;
    const list = names
      .split("\n")
      .map((n) => n.trim())
      .filter((n) => n !== "");
    void append({ type: "redaction/names-set", data: [...new Set(list)] }).then(() => {
      setNames(null);
    });
  };
  return (
    <section>
      <h2>Redaction</h2>
      <p className="iq-muted">
        Values of these kinds are replaced in the export, the same value by the same word in every
        export of the case. A file in which one is left is not written.
      </p>
      <div className="iq-redaction-kinds">
        {REDACTION_KINDS.map((kind) => (
          <Checkbox
            key={kind}
            label={LABELS[kind]}
            checked={choice.kinds.includes(kind)}
            onChange={() => {
              onChange(
                choice.kinds.includes(kind)
                  ? choice.kinds.filter((k) => k !== kind)
                  : [...choice.kinds, kind],
              );
            }}
          />
        ))}
      </div>
      {choice.kinds.includes("name") && (
        <TextArea
          fill
          autoResize
          className="iq-redaction-names"
          aria-label="Names to hide, one a line"
          placeholder="One name a line: persons, hosts, customers"
          readOnly={readOnly}
          value={names ?? choice.names.join("\n")}
          onChange={(e) => {
            setNames(e.currentTarget.value);
          }}
          onBlur={keepNames}
        />
      )}
      <Button
        size="small"
        text="Show what would be replaced"
        disabled={report === null || choice.kinds.length === 0}
        onClick={() => {
          setShown(true);
        }}
      />
      {report !== null && (
        <Dialog
          isOpen={shown}
          title="What the redaction replaces"
          style={{ width: 760 }}
          onClose={() => {
            setShown(false);
          }}
        >
          <DialogBody>{shown && <PreviewTable report={report} choice={choice} />}</DialogBody>
        </Dialog>
      )}
    </section>
  );
}

const MOST = 200;

function PreviewTable({ report, choice }: { report: ReadyReport; choice: RedactionChoice }) {
  const found = useMemo(() => previewReportRedaction(report.input, choice), [report.input, choice]);
  if (found.items.length === 0) {
    return <p>Nothing of these kinds was found in what the report is made from.</p>;
  }
  return (
    <>
      <p className="iq-muted">
        {count(found.items.length, "value")} in {count(found.total, "place")} of what the report is
        made from.
      </p>
      <table className="iq-table" aria-label="Values that are replaced">
        <thead>
          <tr>
            <th>Value</th>
            <th>Becomes</th>
            <th className="iq-num">Places</th>
            <th>First place</th>
          </tr>
        </thead>
        <tbody>
          {found.items.slice(0, MOST).map((item) => (
            <tr key={item.pseudonym}>
              <td className="iq-mono">{item.value}</td>
              <td className="iq-nowrap">{item.pseudonym}</td>
              <td className="iq-num">{item.count}</td>
              <td className="iq-muted">{item.where[0]?.excerpt ?? ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.items.length > MOST && <p>{count(found.items.length - MOST, "more value")}.</p>}
    </>
  );
}
