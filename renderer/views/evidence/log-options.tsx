import { HTMLSelect } from "@blueprintjs/core";
import { useState } from "react";
import type { ImportPlan } from "../../../shared/importers/importer.ts";
import type { ImportOptions } from "../../../shared/model/evidence.ts";
import { PatternEditor } from "./pattern-editor.tsx";
import { lacksTimes } from "./lacks-times.ts";
import { TextOption } from "./text-option.tsx";

interface Props {
  readonly plan: ImportPlan;
  readonly onChange: (options: ImportOptions) => void;
}

/** What can be said of a text log: whose lines they are, how its clock went, which lines belong together, and a pattern. */
export function LogOptions({ plan, onChange }: Props) {
  const { options, lines = [] } = plan;
  const [open, setOpen] = useState(options.pattern !== undefined);
  return (
    <>
      <div className="iq-options">
        <TextOption
          label="Service of lines that name none"
          value={options.service ?? ""}
          placeholder="none"
          onCommit={(service) => {
            onChange({ service: service === "" ? undefined : service });
          }}
        />
        <TextOption
          label="Field that tells services apart"
          value={options.splitBy ?? ""}
          placeholder="none"
          onCommit={(splitBy) => {
            onChange({ splitBy: splitBy === "" ? undefined : splitBy });
          }}
        />
        <TextOption
          label="Clock was behind by (ms)"
          value={options.clockOffsetMs === undefined ? "" : String(options.clockOffsetMs)}
          placeholder="0"
          onCommit={(text) => {
            const clockOffsetMs = Number(text);
            if (!Number.isNaN(clockOffsetMs)) onChange({ clockOffsetMs });
          }}
        />
        <label>
          Lines that continue a record
          <HTMLSelect
            className="iq-compact-select"
            value={options.continuation ?? ""}
            options={[
              { value: "", label: "as detected" },
              { value: "indented", label: "indented ones" },
              { value: "no-timestamp", label: "those without a time" },
              { value: "none", label: "none" },
            ]}
            onChange={(e) => {
              const continuation = e.currentTarget.value;
              onChange({ continuation: continuation === "" ? undefined : continuation });
            }}
          />
        </label>
        {lacksTimes(plan) && (
          <TextOption
            label="Date of the first record"
            value={options.date ?? ""}
            placeholder="2026-03-01"
            onCommit={(date) => {
              onChange({ date: date === "" ? undefined : date });
            }}
          />
        )}
      </div>
      {lines.length > 0 && (
        <details
          className="iq-pattern-details"
          open={open}
          onToggle={(e) => {
            setOpen(e.currentTarget.open);
          }}
        >
          <summary>Pattern of the lines</summary>
          {open && (
            <PatternEditor
              lines={lines}
              pattern={options.pattern ?? ""}
              onUse={(pattern) => {
                onChange({ pattern });
              }}
            />
          )}
        </details>
      )}
    </>
  );
}
