import { InputGroup } from "@blueprintjs/core";
import { useState } from "react";

interface NumberFieldProps {
  readonly label: string;
  readonly value: number | null;
  readonly placeholder?: string;
  readonly readOnly: boolean;
  /** Whether a number can stand here; the sentence that says why not. */
  readonly refuse?: (value: number) => string | null;
  readonly onChange: (value: number | null) => void;
}

/** A number that may be missing; taken when the field is left or with Enter. What is no number stays and says so. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, placeholder, readOnly, refuse, onChange } = props;
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? (value === null ? "" : String(value));
  const parsed = readNumber(shown);
  const trouble =
    parsed === undefined
      ? "This is no number."
      : parsed === null
        ? null
        : (refuse?.(parsed) ?? null);
  const commit = () => {
    if (text === null || parsed === undefined || trouble !== null) return;
    if (parsed !== value) onChange(parsed);
    setText(null);
  };
  return (
    <InputGroup
      className="iq-number-field"
      aria-label={label}
      aria-invalid={trouble !== null}
      title={trouble ?? undefined}
      intent={trouble === null ? "none" : "danger"}
      inputMode="decimal"
      value={shown}
      placeholder={placeholder}
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

/** `1,200`, `1200.5`, `3e6`; null for nothing, undefined for what is no number. */
function readNumber(text: string): number | null | undefined {
  const plain = text.trim().replace(/[\s,_](?=\d{3}(?:\D|$))/g, "");
  if (plain === "") return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}
