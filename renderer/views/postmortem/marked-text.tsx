import { useEffect, useRef, type ReactNode } from "react";
import type { EntryRow } from "./entry-values.ts";

interface MarkedTextProps {
  readonly text: string;
  readonly rows: readonly EntryRow[];
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
}

/** The text with its times marked; a mark leads to its entry. */
export function MarkedText({ text, rows, selected, onSelect }: MarkedTextProps) {
  const place = useRef<HTMLButtonElement | null>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { key, entry, chosen } of rows) {
    if (entry.start < at) continue;
    parts.push(text.slice(at, entry.start));
    parts.push(
      <button
        key={key}
        ref={key === selected ? place : undefined}
        type="button"
        className="iq-pm-mark"
        data-chosen={chosen}
        aria-pressed={key === selected}
        onClick={() => {
          onSelect(key);
        }}
      >
        {text.slice(entry.start, entry.end)}
      </button>,
    );
    at = entry.end;
  }
  parts.push(text.slice(at));
  return (
    <div className="iq-pm-text" role="region" aria-label="Text with its times" tabIndex={0}>
      {parts}
    </div>
  );
}
