import { Button, InputGroup } from "@blueprintjs/core";
import { CrossIcon } from "@blueprintjs/icons";
import { useId, useState } from "react";
import type { Window } from "../../../shared/model/window.ts";
import { duration } from "../../widgets/format.ts";
import { WindowMark } from "../../widgets/tags.tsx";
import type { WindowName } from "../../widgets/chart/brush-window.tsx";
import { localText, parseLocal } from "../../widgets/local-time.ts";

interface WindowFieldsProps {
  readonly which: WindowName;
  readonly window: Window | null;
  readonly zone: string;
  readonly disabled: boolean;
  readonly onChange: (window: Window | null) => void;
}

/** Beginning and end of a window as text, in the zone of display. */
export function WindowFields({ which, window, zone, disabled, onChange }: WindowFieldsProps) {
  const from = window?.from ?? null;
  const to = window?.to ?? null;
  const filter = window?.filter;
  const name = which === "baseline" ? "Baseline" : "Incident";
  const set = (next: { from: number | null; to: number | null }) => {
    if (next.from === null && next.to === null && filter === undefined) onChange(null);
    else onChange({ ...next, ...(filter === undefined ? {} : { filter }) });
  };
  return (
    <div className="iq-window-fields" role="group" aria-label={name}>
      <span className="iq-window-name">
        <WindowMark which={which} />
        {name}
      </span>
      <TimeField
        key={`from ${String(from)} ${zone}`}
        label={`${name} from`}
        value={from}
        zone={zone}
        disabled={disabled}
        limit={to === null ? null : { at: to, side: "before" }}
        onChange={(at) => {
          set({ from: at, to });
        }}
      />
      <span className="iq-muted">to</span>
      <TimeField
        key={`to ${String(to)} ${zone}`}
        label={`${name} to`}
        value={to}
        zone={zone}
        disabled={disabled}
        limit={from === null ? null : { at: from, side: "after" }}
        onChange={(at) => {
          set({ from, to: at });
        }}
      />
      <span className="iq-muted iq-window-length">
        {from !== null && to !== null ? duration(to - from) : ""}
      </span>
      <Button
        size="small"
        variant="minimal"
        icon={<CrossIcon size={12} />}
        aria-label={`Clear the ${which} window`}
        title="Clear"
        disabled={disabled || window === null}
        onClick={() => {
          onChange(null);
        }}
      />
    </div>
  );
}

interface TimeFieldProps {
  readonly label: string;
  readonly value: number | null;
  readonly zone: string;
  readonly disabled: boolean;
  /** The other end of the window. */
  readonly limit: { readonly at: number; readonly side: "before" | "after" } | null;
  readonly onChange: (at: number | null) => void;
}

/** Written when it is left or confirmed with Enter; a text that is no time stays and says why. */
function TimeField({ label, value, zone, disabled, limit, onChange }: TimeFieldProps) {
  const shown = localText(value, zone);
  const [text, setText] = useState(shown);
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const commit = () => {
    if (text.trim() === shown) {
      setProblem(null);
      return;
    }
    const at = text.trim() === "" ? null : parseLocal(text, zone);
    const wrong = problemOf(text, at, limit);
    setProblem(wrong);
    if (wrong === null) onChange(at);
  };
  return (
    <span className="iq-time-field">
      <InputGroup
        size="small"
        className="iq-time-input"
        aria-label={`${label} (${zone})`}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : id}
        placeholder="2024-05-01 00:00"
        intent={problem === null ? "none" : "danger"}
        value={text}
        disabled={disabled}
        onValueChange={setText}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key === "Escape") {
            setText(shown);
            setProblem(null);
          }
        }}
      />
      {problem !== null && (
        <span id={id} className="iq-time-problem" role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}

function problemOf(text: string, at: number | null, limit: TimeFieldProps["limit"]): string | null {
  if (text.trim() === "") return null;
  if (at === null)
    return "Not a time. Write 2024-05-01 00:00, or with an offset 2024-05-01T00:00+02:00.";
  if (limit?.side === "before" && at >= limit.at) return "The beginning must lie before the end.";
  if (limit?.side === "after" && at <= limit.at) return "The end must lie after the beginning.";
  return null;
}
