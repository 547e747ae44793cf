import { Button } from "@blueprintjs/core";
import { CrossIcon } from "@blueprintjs/icons";
import type { LogLine } from "../../../shared/model/log-query.ts";
import { useView } from "../../state/view-store.ts";
import { lineTime } from "./line-text.ts";
import type { Marks } from "./use-marks.ts";

interface MarksListProps {
  readonly marks: Marks;
  readonly readOnly: boolean;
  readonly onGo: (line: LogLine) => void;
  readonly onClose: () => void;
}

/** Lines that stand on record, in the order of all lines. */
export function MarksList({ marks, readOnly, onGo, onClose }: MarksListProps) {
  const zone = useView((s) => s.timezone);
  const show = useView((s) => s.show);
  return (
    <aside className="iq-log-side" aria-label="Marked lines">
      <div className="iq-log-side-head">
        <h2>Marked lines</h2>
        <Button
          size="small"
          variant="minimal"
          icon={<CrossIcon />}
          aria-label="Close the list of marked lines"
          onClick={onClose}
        />
      </div>
      {marks.lines.length === 0 ? (
        <p className="iq-muted">
          No line is marked. <kbd>m</kbd> marks the line on which you stand: it becomes a finding,
          with file, line and the digest of the query that gives it.
        </p>
      ) : (
        <>
          <ul className="iq-log-marks">
            {marks.lines.map((line) => (
              <li key={`${String(line.evidence)}:${String(line.line)}`}>
                <button
                  type="button"
                  className="iq-log-mark-button"
                  onClick={() => {
                    onGo(line);
                  }}
                >
                  <span className="iq-muted iq-mono">
                    {lineTime(line.time, zone)} {line.level ?? ""}
                  </span>
                  <span className="iq-mono iq-log-mark-text">{line.message}</span>
                </button>
                <Button
                  size="small"
                  variant="minimal"
                  icon={<CrossIcon />}
                  aria-label="Take the mark off"
                  disabled={readOnly}
                  onClick={() => {
                    marks.toggle(line);
                  }}
                />
              </li>
            ))}
          </ul>
          <Button
            size="small"
            text="Word them in Findings"
            onClick={() => {
              show("findings");
            }}
          />
        </>
      )}
    </aside>
  );
}
