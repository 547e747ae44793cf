import { useState } from "react";
import type { UnitGuess } from "../../../shared/analysis/units.ts";

interface Props {
  readonly column: string;
  readonly unit: string;
  readonly guess: UnitGuess | null;
  readonly onChange: (unit: string) => void;
}

/** A unit as text; Enter or leaving the field sets it, Escape takes back what was typed. A guess is one click away. */
export function UnitField({ column, unit, guess, onChange }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    if (draft !== null && draft.trim() !== unit) onChange(draft.trim());
    setDraft(null);
  };
  return (
    <span className="iq-unit">
      <input
        className="iq-unit-input"
        aria-label={`Unit of ${column}`}
        value={draft ?? unit}
        placeholder={guess === null ? "none" : ""}
        onChange={(e) => {
          setDraft(e.currentTarget.value);
        }}
        onBlur={commit}
        onKeyDown={(e) => {
          if (e.key === "Enter") commit();
          else if (e.key === "Escape") setDraft(null);
        }}
      />
      {guess !== null && unit === "" && draft === null && (
        <button
          type="button"
          className="iq-unit-guess"
          title={`Guessed: ${guess.reason}. Click to take it.`}
          onClick={() => {
            onChange(guess.unit);
          }}
        >
          {guess.unit}?
        </button>
      )}
    </span>
  );
}
