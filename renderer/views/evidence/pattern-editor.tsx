import { Button, HTMLSelect, TextArea } from "@blueprintjs/core";
import { useMemo, useState } from "react";
import {
  patternFor,
  tryPattern,
  type PatternMark,
  type PatternTest,
} from "../../data/log-patterns.ts";
import { useCase } from "../../state/case-store.ts";
import { integer } from "../../widgets/format.ts";
import { MarkedLine } from "./marked-line.tsx";

interface Props {
  readonly lines: readonly string[];
  /** The pattern by which the file is read now; empty where a layout was detected. */
  readonly pattern: string;
  readonly onUse: (pattern: string | undefined) => void;
}

const SHOWN_LINES = 8;
const SHOWN_FAILURES = 5;
const SHOWN_ROWS = 8;

/**
 * Builds a pattern for a log that no layout reads: click on words of a sample
 * line and say what they are; what it makes of the first lines is told at once.
 */
export function PatternEditor({ lines, pattern, onUse }: Props) {
  const saved = useCase((s) => s.state?.logPatterns) ?? [];
  const append = useCase((s) => s.append);
  const [sample, setSample] = useState(lines[0] ?? "");
  const [marks, setMarks] = useState<readonly PatternMark[]>([]);
  const [draft, setDraft] = useState(pattern === "" ? patternFor(sample, []) : pattern);
  const test = useMemo(() => tryPattern(draft, lines), [draft, lines]);
  const mark = (next: readonly PatternMark[]) => {
    setMarks(next);
    setDraft(patternFor(sample, next));
  };
  const choose = (line: string) => {
    setSample(line);
    setMarks([]);
    setDraft(patternFor(line, []));
  };
  const isSaved = saved.some((p) => p.pattern === draft);
  return (
    <section className="iq-pattern" aria-label="Pattern of the lines">
      <p className="iq-muted">
        Choose a line that is typical, click on its words (with Shift: up to there), and say what
        they are.
      </p>
      <HTMLSelect
        fill
        aria-label="Sample line"
        className="iq-mono"
        value={sample}
        options={lines.slice(0, SHOWN_LINES).map((line) => ({ value: line, label: line }))}
        onChange={(e) => {
          choose(e.currentTarget.value);
        }}
      />
      <MarkedLine line={sample} marks={marks} onChange={mark} />
      <label className="iq-pattern-text">
        Pattern
        <TextArea
          fill
          className="iq-mono"
          aria-label="Pattern"
          spellCheck={false}
          value={draft}
          onChange={(e) => {
            setDraft(e.currentTarget.value);
          }}
        />
      </label>
      {test.ok ? (
        <TestResult test={test.value} />
      ) : (
        <p className="iq-error" role="alert">
          Character {test.error.column}: {test.error.message}
        </p>
      )}
      <div className="iq-pattern-buttons">
        <Button
          size="small"
          intent="primary"
          text="Read the file by this pattern"
          disabled={!test.ok || test.value.matched === 0 || draft === pattern}
          onClick={() => {
            onUse(draft);
          }}
        />
        <Button
          size="small"
          text={isSaved ? "Saved in the case" : "Save in the case"}
          disabled={!test.ok || isSaved}
          onClick={() =>
            void append({
              type: "log-pattern/saved",
              data: { name: `Pattern ${String(saved.length + 1)}`, pattern: draft },
            })
          }
        />
        {saved.length > 0 && (
          <HTMLSelect
            aria-label="Saved patterns"
            value=""
            options={[
              { value: "", label: "saved patterns…" },
              ...saved.map((p) => ({ value: p.pattern, label: `${p.name}: ${p.pattern}` })),
            ]}
            onChange={(e) => {
              if (e.currentTarget.value !== "") setDraft(e.currentTarget.value);
            }}
          />
        )}
        {pattern !== "" && (
          <Button
            size="small"
            text="Back to the detected layout"
            onClick={() => {
              onUse(undefined);
            }}
          />
        )}
      </div>
    </section>
  );
}

function TestResult({ test }: { test: PatternTest }) {
  return (
    <>
      <p role="status">
        <strong>
          {integer(test.matched)} of {integer(test.total)}
        </strong>{" "}
        lines fit.
      </p>
      {test.failed.length > 0 && (
        <ul className="iq-pattern-failed">
          {test.failed.slice(0, SHOWN_FAILURES).map((f) => (
            <li key={f.line}>
              <span className="iq-muted">
                line {f.line}, stops at character {f.stoppedAt}:{" "}
              </span>
              <span className="iq-mono">
                {f.text.slice(0, f.stoppedAt - 1)}
                <mark>{f.text.slice(f.stoppedAt - 1)}</mark>
              </span>
            </li>
          ))}
        </ul>
      )}
      {test.rows.length > 0 && (
        <div className="iq-preview" tabIndex={0} role="region" aria-label="What the pattern reads">
          <table className="iq-table">
            <thead>
              <tr>
                {COLUMNS.map((c) => (
                  <th key={c}>{c}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {test.rows.slice(0, SHOWN_ROWS).map((row) => (
                <tr key={row.line}>
                  {COLUMNS.map((c) => (
                    <td key={c} title={row[c] ?? ""}>
                      {row[c] ?? ""}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

const COLUMNS = ["ts", "level", "service", "host", "message", "fields"] as const;
