import { InputGroup } from "@blueprintjs/core";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onCommit: (value: string) => void;
}

/** An option of an import as text; Enter or leaving the field sets it. */
export function TextOption({ label, value, placeholder, onCommit }: Props) {
  return (
    <label>
      {label}
      <InputGroup
        key={value}
        size="small"
        defaultValue={value}
        {...(placeholder === undefined ? {} : { placeholder })}
        onBlur={(e) => {
          const next = e.currentTarget.value.trim();
          if (next !== value) onCommit(next);
        }}
        onKeyDown={(e) => {
          if (e.key === "Enter") e.currentTarget.blur();
        }}
      />
    </label>
  );
}
