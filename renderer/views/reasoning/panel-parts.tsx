import { Button, HTMLSelect } from "@blueprintjs/core";
import { TrashIcon } from "@blueprintjs/icons";
import type { ReactNode } from "react";

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly T[];
  /** What is shown for a value; the value itself where it is left out. */
  readonly names?: Readonly<Partial<Record<T, string>>>;
  readonly readOnly: boolean;
  readonly onChoose: (value: T) => void;
}

/** A choice of a few words. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { label, value, options, names, readOnly, onChoose } = props;
  return (
    <HTMLSelect
      aria-label={label}
      value={value}
      disabled={readOnly}
      options={options.map((option) => ({ value: option, label: names?.[option] ?? option }))}
      onChange={(e) => {
        const chosen = options.find((option) => option === e.currentTarget.value);
        if (chosen !== undefined) onChoose(chosen);
      }}
    />
  );
}

/** A field with its name above it. */
export function Field({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="iq-field">
      <span className="iq-field-name" aria-hidden="true">
        {name}
      </span>
      {children}
    </div>
  );
}

/** What a reader would object to. */
export function Objections({ label, texts }: { label: string; texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <ul className="iq-objections" aria-label={label}>
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

interface RemoveButtonProps {
  /** What goes, in words. */
  readonly label: string;
  readonly readOnly: boolean;
  readonly onRemove: () => void;
}

/** Takes an item away; undo brings it back. */
export function RemoveButton({ label, readOnly, onRemove }: RemoveButtonProps) {
  return (
    <Button
      size="small"
      variant="minimal"
      icon={<TrashIcon />}
      aria-label={label}
      disabled={readOnly}
      onClick={onRemove}
    />
  );
}
