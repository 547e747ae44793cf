import { Button, InputGroup } from "@blueprintjs/core";
import { useMemo, useState } from "react";
import type { PatternMark } from "../../data/log-patterns.ts";

interface Props {
  readonly line: string;
  readonly marks: readonly PatternMark[];
  readonly onChange: (marks: readonly PatternMark[]) => void;
}

const FIELDS = [
  { field: "ts", label: "time" },
  { field: "level", label: "level" },
  { field: "service", label: "service" },
  { field: "host", label: "host" },
  { field: "message", label: "message" },
];

/** A sample line whose words can be chosen and named. */
export function MarkedLine({ line, marks, onChange }: Props) {
  const words = useMemo(() => wordsOf(line), [line]);
  const [range, setRange] = useState<{ from: number; to: number } | null>(null);
  const [other, setOther] = useState("");
  const name = (field: string) => {
    const first = words[range?.from ?? -1];
    const last = words[range?.to ?? -1];
    if (first === undefined || last === undefined || field === "") return;
    const mark = { start: first.start, end: last.end, field };
    const kept = marks.filter(
      (m) => m.field !== field && (m.end <= mark.start || m.start >= mark.end),
    );
    onChange([...kept, mark]);
    setRange(null);
    setOther("");
  };
  const fieldAt = (start: number) => marks.find((m) => start >= m.start && start < m.end)?.field;
  return (
    <>
      <div className="iq-marked-line iq-mono" role="group" aria-label="Words of the sample line">
        {words.map((word, i) => {
          const field = fieldAt(word.start);
          const chosen = range !== null && i >= range.from && i <= range.to;
          return (
            <span key={word.start}>
              {line.slice(words[i - 1]?.end ?? 0, word.start)}
              <button
                type="button"
                className="iq-word"
                aria-pressed={chosen}
                data-field={field}
                title={field === undefined ? "Click to choose" : `${field}; click to choose`}
                onClick={(event) => {
                  if (event.shiftKey && range !== null) {
                    setRange({ from: Math.min(range.from, i), to: Math.max(range.from, i) });
                  } else setRange({ from: i, to: i });
                }}
              >
                {word.text}
              </button>
            </span>
          );
        })}
      </div>
      <div className="iq-pattern-buttons">
        <span className="iq-muted">{range === null ? "These words are the" : "It is the"}</span>
        {FIELDS.map(({ field, label }) => (
          <Button
            key={field}
            size="small"
            text={label}
            disabled={range === null}
            onClick={() => {
              name(field);
            }}
          />
        ))}
        <InputGroup
          size="small"
          placeholder="other field, Enter"
          aria-label="Other field"
          disabled={range === null}
          value={other}
          onValueChange={setOther}
          onKeyDown={(e) => {
            if (e.key === "Enter") name(other.trim().replace(/\W+/g, "_"));
          }}
        />
        <Button
          size="small"
          text="Start over"
          disabled={marks.length === 0}
          onClick={() => {
            onChange([]);
          }}
        />
      </div>
    </>
  );
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Words and single signs; blanks stand between them. */
function wordsOf(line: string): Word[] {
  return [...line.matchAll(/[\p{L}\p{N}_][\p{L}\p{N}_.:+-]*|\S/gu)].map((m) => ({
    text: m[0],
    start: m.index,
    end: m.index + m[0].length,
  }));
}
