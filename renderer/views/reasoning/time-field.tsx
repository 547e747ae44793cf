import { InputGroup } from "@blueprintjs/core";
import { useState } from "react";
import { useView } from "../../state/view-store.ts";
import { localText, parseLocal } from "../../widgets/local-time.ts";

interface TimeFieldProps {
  readonly label: string;
  /** µs UTC; null while it is not known. */
  readonly value: number | null;
  readonly readOnly: boolean;
  readonly onChange: (value: number | null) => void;
}

/** A time in the zone that is shown, taken when the field is left or with Enter. */
export function TimeField({ label, value, readOnly, onChange }: TimeFieldProps) {
  const zone = useView((s) => s.timezone);
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? localText(value, zone);
  const parsed = shown.trim() === "" ? null : parseLocal(shown.trim(), zone);
  const wrong = shown.trim() !== "" && parsed === null;
  const commit = () => {
    if (text === null || wrong) return;
    if (parsed !== value) onChange(parsed);
    setText(null);
  };
  return (
    <InputGroup
      className="iq-time-field"
      aria-label={label}
      aria-invalid={wrong}
      intent={wrong ? "danger" : "none"}
      title={wrong ? "Write it as 2024-05-12 03:00:00" : `In ${zone}`}
      placeholder="2024-05-12 03:00"
      value={shown}
      readOnly={readOnly}
      onValueChange={setText}
      onBlur={commit}
      onKeyDown={(e) => {
        if (e.key === "Enter") commit();
        if (e.key === "Escape") setText(null);
      }}
    />
  );
}
