import { Button, InputGroup, TextArea } from "@blueprintjs/core";
import { useRef, useState } from "react";
import type { PriorityTable } from "../../../../shared/model/reasoning.ts";
import {
  readPriorityTable,
  writePriorityTable,
} from "../../../../shared/reasoning/fmea-priority-table.ts";
import { setPriorityTable } from "./fmea-actions.ts";
import { PriorityTag } from "./priority-tag.tsx";

interface PriorityTablePanelProps {
  readonly table: PriorityTable;
  readonly isOwn: boolean;
  readonly readOnly: boolean;
}

/** The table of action priorities with its source, and how it is replaced. */
export function PriorityTablePanel({ table, isOwn, readOnly }: PriorityTablePanelProps) {
  const [isReplacing, setReplacing] = useState(false);
  return (
    <section className="iq-fmea-priorities" aria-label="Table of priorities">
      <div>
        <h3>{table.name}</h3>
        <p className="iq-muted">{table.source}</p>
        <div className="iq-reasoning-head">
          <Button
            size="small"
            text="Replace…"
            disabled={readOnly}
            aria-expanded={isReplacing}
            onClick={() => {
              setReplacing(!isReplacing);
            }}
          />
          {isOwn && (
            <Button
              size="small"
              text="Back to the AIAG & VDA table"
              disabled={readOnly}
              onClick={() => void setPriorityTable(null)}
            />
          )}
        </div>
        {isReplacing && !readOnly && (
          <ReplaceTable
            table={table}
            onDone={() => {
              setReplacing(false);
            }}
          />
        )}
      </div>
      <div className="iq-fmea-rules" tabIndex={0} role="region" aria-label="Rules of the table">
        <table>
          <thead>
            <tr>
              <th scope="col">Severity</th>
              <th scope="col">Occurrence</th>
              <th scope="col">Detection</th>
              <th scope="col">Priority</th>
            </tr>
          </thead>
          <tbody>
            {table.rules.map((rule, i) => (
              <tr key={i}>
                <td>{range(rule.severity)}</td>
                <td>{range(rule.occurrence)}</td>
                <td>{range(rule.detection)}</td>
                <td>
                  <PriorityTag priority={rule.priority} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function range([low, high]: readonly [number, number]): string {
  return low === high ? String(low) : `${String(low)}–${String(high)}`;
}

function ReplaceTable({
  table,
  onDone,
}: {
  readonly table: PriorityTable;
  readonly onDone: () => void;
}) {
  const [text, setText] = useState(() => writePriorityTable(table));
  const [name, setName] = useState("");
  const [source, setSource] = useState("");
  const [faults, setFaults] = useState<readonly string[]>([]);
  const file = useRef<HTMLInputElement>(null);
  const apply = () => {
    const read = readPriorityTable(text, {
      name: name.trim() === "" ? "Own table of priorities" : name.trim(),
      source: source.trim() === "" ? "no source given" : source.trim(),
    });
    if (!read.ok) {
      setFaults(read.error);
      return;
    }
    void setPriorityTable(read.value).then(onDone);
  };
  return (
    <div className="iq-fmea-replace">
      <p className="iq-muted">
        One rule a line: severity from, to, occurrence from, to, detection from, to, priority (high,
        medium or low). Every combination of 1 to 10 must be in exactly one rule.
      </p>
      <div className="iq-reasoning-head">
        <InputGroup
          size="small"
          aria-label="Name of the table"
          placeholder="Name"
          value={name}
          onValueChange={setName}
        />
        <InputGroup
          size="small"
          className="iq-fmea-source"
          aria-label="Source of the table"
          placeholder="Source: where it is published"
          value={source}
          onValueChange={setSource}
        />
        <input
          ref={file}
          type="file"
          hidden
          accept=".csv,.tsv,.txt,text/csv,text/plain"
          aria-label="File with the table"
          onChange={(e) => {
            const chosen = e.currentTarget.files?.[0];
            e.currentTarget.value = "";
            setFaults([]);
            void chosen?.text().then(setText);
          }}
        />
        <Button size="small" text="Choose a file…" onClick={() => file.current?.click()} />
      </div>
      <TextArea
        className="iq-mono"
        fill
        rows={8}
        aria-label="Rules as text"
        spellCheck={false}
        value={text}
        onChange={(e) => {
          setText(e.currentTarget.value);
          setFaults([]);
        }}
      />
      {faults.length > 0 && (
        <ul role="alert" className="iq-fmea-faults">
          {faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      )}
      <div className="iq-reasoning-head">
        <Button size="small" intent="primary" text="Use this table" onClick={apply} />
        <Button size="small" variant="minimal" text="Cancel" onClick={onDone} />
      </div>
    </div>
  );
}
