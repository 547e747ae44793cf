import { Button, Menu, MenuItem, PopoverNext } from "@blueprintjs/core";
import { CaretDownIcon } from "@blueprintjs/icons";
import { useEffect, useRef, useState } from "react";
import type { FmeaScale } from "../../../../shared/reasoning/fmea-scales.ts";

interface ScoreFieldProps {
  readonly scale: FmeaScale;
  /** Which row and whether before or after actions. */
  readonly subject: string;
  readonly value: number | null;
  readonly readOnly: boolean;
  readonly onChange: (value: number | null) => void;
}

/** Milliseconds without a key press after which a score counts: a 1 may become a 10. */
const PAUSE = 600;

/** A score of 1 to 10: typed, or chosen by its wording. */
export function ScoreField({ scale, subject, value, readOnly, onChange }: ScoreFieldProps) {
  const [text, setText] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const timer = useRef<number | undefined>(undefined);
  const input = useRef<HTMLInputElement>(null);
  const shown = text ?? (value === null ? "" : String(value));
  const typed = readScore(shown);

  const commit = () => {
    window.clearTimeout(timer.current);
    if (text === null) return;
    setText(null);
    if (typed !== undefined && typed !== value) onChange(typed);
  };
  const last = useRef(commit);
  useEffect(() => {
    last.current = commit;
  });
  useEffect(
    () => () => {
      last.current();
    },
    [],
  );
  const wording =
    typed === undefined || typed === null
      ? `${scale.name}: ${scale.question} 1 to 10; Alt+↓ shows the scale.`
      : `${scale.name} ${String(typed)}: ${scale.levels[typed - 1] ?? ""}`;
  return (
    <div className="iq-fmea-score">
      <input
        ref={input}
        className="iq-fmea-number"
        inputMode="numeric"
        aria-label={`${scale.name} ${subject}`}
        aria-invalid={typed === undefined}
        title={wording}
        value={shown}
        readOnly={readOnly}
        onChange={(e) => {
          setText(e.currentTarget.value);
          window.clearTimeout(timer.current);
          timer.current = window.setTimeout(() => {
            last.current();
          }, PAUSE);
        }}
        onBlur={commit}
        onFocus={(e) => {
          e.currentTarget.select();
        }}
        onKeyDown={(e) => {
          if (e.altKey && e.key === "ArrowDown" && !readOnly) {
            e.preventDefault();
            e.stopPropagation();
            setOpen(true);
          }
        }}
      />
      <PopoverNext
        isOpen={isOpen}
        placement="bottom-end"
        onInteraction={setOpen}
        onClosed={() => input.current?.focus()}
        content={
          <Menu className="iq-fmea-levels" aria-label={`Levels of ${scale.name.toLowerCase()}`}>
            {scale.levels
              .map((level, i) => ({ level, score: i + 1 }))
              .reverse()
              .map(({ level, score }) => (
                <MenuItem
                  key={score}
                  roleStructure="listoption"
                  selected={score === value}
                  text={`${String(score)}  ${level}`}
                  multiline
                  onClick={() => {
                    setText(null);
                    onChange(score);
                  }}
                />
              ))}
          </Menu>
        }
      >
        <Button
          size="small"
          variant="minimal"
          className="iq-fmea-caret"
          icon={<CaretDownIcon size={12} />}
          tabIndex={-1}
          aria-label={`Choose ${scale.name.toLowerCase()} ${subject}`}
          disabled={readOnly}
        />
      </PopoverNext>
    </div>
  );
}

/** Null for nothing typed, undefined for what is no score. */
function readScore(text: string): number | null | undefined {
  if (text.trim() === "") return null;
  const score = Number(text);
  return Number.isInteger(score) && score >= 1 && score <= 10 ? score : undefined;
}
