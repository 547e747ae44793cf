import { Button, ButtonGroup, HTMLSelect } from "@blueprintjs/core";
import type { RefObject } from "react";
import type { LogKey } from "../../state/log-keys.ts";
import type { WindowBand } from "../../state/bands.ts";
import { WindowMark } from "../../widgets/tags.tsx";
import { useLogs } from "../../state/log-state.ts";
import { SearchField } from "./search-field.tsx";

interface LogToolbarProps {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly problem: string | null;
  readonly bands: readonly WindowBand[];
  /** How many lines are marked. */
  readonly marks: number;
  readonly onAct: (key: LogKey) => void;
  readonly onGo: (time: number) => void;
}

/** Search, ways to go, and how the lines are shown. */
export function LogToolbar({ field, problem, bands, marks, onAct, onGo }: LogToolbarProps) {
  const { wrap, histogram, side, daysBefore, change } = useLogs();
  const hasIncident = bands.some((b) => b.which === "incident");
  return (
    <div className="iq-log-tools" role="toolbar" aria-label="Logs">
      <h1>Logs</h1>
      <SearchField
        field={field}
        problem={problem}
        onNext={(direction) => {
          change({ awaited: { search: useLogs.getState().search, direction } });
        }}
        onLeave={() => {
          onAct("leave");
        }}
      />
      <span className="iq-log-spring" />
      {bands.length > 0 && (
        <ButtonGroup>
          {bands.map(({ which, from }) => (
            <Button
              key={which}
              size="small"
              title={`To the first line of the ${which}`}
              onClick={() => {
                onGo(from);
              }}
            >
              <WindowMark which={which} />
              {which === "baseline" ? "To baseline" : "To incident"}
            </Button>
          ))}
        </ButtonGroup>
      )}
      <HTMLSelect
        aria-label="Incident beside an earlier time"
        disabled={!hasIncident}
        title={
          hasIncident ? "The incident beside the same time before" : "Set the incident window first"
        }
        value={daysBefore === null ? "" : String(daysBefore)}
        options={[
          { value: "", label: "one list" },
          { value: "1", label: "beside the day before" },
          { value: "7", label: "beside the week before" },
        ]}
        onChange={(e) => {
          const { value } = e.currentTarget;
          change({ daysBefore: value === "7" ? 7 : value === "1" ? 1 : null, context: false });
        }}
      />
      <ButtonGroup>
        <Button
          size="small"
          text="Chart"
          title="Lines over time (i)"
          active={histogram}
          aria-pressed={histogram}
          onClick={() => {
            onAct("histogram");
          }}
        />
        <Button
          size="small"
          text="Wrap"
          title="Wrap long lines (z)"
          active={wrap}
          aria-pressed={wrap}
          onClick={() => {
            onAct("wrap");
          }}
        />
        <Button
          size="small"
          text="Details"
          title="All of the line (Enter)"
          active={side === "detail"}
          aria-pressed={side === "detail"}
          onClick={() => {
            onAct("detail");
          }}
        />
        <Button
          size="small"
          text={marks === 0 ? "Marks" : `Marks ${String(marks)}`}
          title="Lines marked as evidence (u, U)"
          active={side === "marks"}
          aria-pressed={side === "marks"}
          onClick={() => {
            change({ side: side === "marks" ? null : "marks" });
          }}
        />
      </ButtonGroup>
      <Button
        size="small"
        variant="minimal"
        text="Keys"
        title="Keys of this view (?)"
        onClick={() => {
          onAct("keys");
        }}
      />
    </div>
  );
}
