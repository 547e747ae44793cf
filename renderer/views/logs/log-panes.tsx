import { useImperativeHandle, useMemo, useRef, useState, type Ref } from "react";
import type { LogLine } from "../../../shared/model/log-query.ts";
import type { Window } from "../../../shared/model/window.ts";
import { DAY } from "../../../shared/base/time.ts";
import { useView } from "../../state/view-store.ts";
import type { Range } from "../../widgets/chart/lane-geometry.ts";
import { time } from "../../widgets/format.ts";
import { WindowMark } from "../../widgets/tags.tsx";
import { LogPane, type LogPaneProps, type PaneControls } from "./log-pane.tsx";
import { useLogs } from "../../state/log-state.ts";

/** The list that has the person's attention. */
export interface ActivePane {
  readonly controls: () => PaneControls | null;
}

type Side = "one" | "before";

interface LogPanesProps extends Omit<
  LogPaneProps,
  "id" | "label" | "ref" | "start" | "isActive" | "onActive" | "onSeen"
> {
  readonly ref: Ref<ActivePane>;
  readonly incident: Window | null;
  readonly onSeen: (seen: Range | null) => void;
}

/** One list, or the incident beside the same time some days before; the second follows the first. */
export function LogPanes(props: LogPanesProps) {
  const { ref, incident, bounds, onSeen, ...shared } = props;
  const daysBefore = useLogs((s) => s.daysBefore);
  const zone = useView((s) => s.timezone);
  const [active, setActive] = useState<Side>("one");
  const one = useRef<PaneControls>(null);
  const before = useRef<PaneControls>(null);
  useImperativeHandle(ref, () => ({
    controls: () => (active === "before" ? (before.current ?? one.current) : one.current),
  }));
  const ranges = useMemo(
    () => (daysBefore === null ? null : besideRanges(incident, bounds, daysBefore)),
    [daysBefore, incident, bounds],
  );
  const follow = (side: Side, line: LogLine) => {
    props.onLine(line);
    if (daysBefore === null || line.time === null || side !== active) return;
    const shift = (side === "one" ? -1 : 1) * daysBefore * DAY;
    const other = side === "one" ? before : one;
    other.current?.goTo({ time: line.time + shift, evidence: 0, line: 0 });
  };
  const paneOf = (side: Side, label: string, range: Range | null) => (
    <LogPane
      key={`${side}/${String(daysBefore)}`}
      {...shared}
      bounds={bounds}
      id={`iq-log-${side}`}
      label={label}
      ref={side === "one" ? one : before}
      range={range}
      start={
        ranges === null || range === null
          ? useLogs.getState().place
          : { time: range.to, evidence: 0, line: 0 }
      }
      isActive={side === active}
      onActive={() => {
        setActive(side);
      }}
      onLine={(line) => {
        follow(side, line);
      }}
      {...(side === "one" ? { onSeen } : {})}
    />
  );
  if (ranges === null) return paneOf("one", "Log lines", props.range);
  const span = ({ from, to }: Range) => `${time(from, zone)} to ${time(to, zone)}`;
  const name = daysBefore === 7 ? "One week before" : "One day before";
  return (
    <div className="iq-log-beside">
      <div className="iq-log-half">
        <h2>
          <WindowMark which="incident" /> Incident{" "}
          <span className="iq-muted">{span(ranges.incident)}</span>
        </h2>
        {paneOf("one", "Log lines of the incident", ranges.incident)}
      </div>
      <div className="iq-log-half">
        <h2>
          {name} <span className="iq-muted">{span(ranges.before)}</span>
        </h2>
        {paneOf("before", `Log lines ${name.toLowerCase()}`, ranges.before)}
      </div>
    </div>
  );
}

/** The incident and the same time before; null where the incident has no time. */
export function besideRanges(
  incident: Window | null,
  bounds: Range | null,
  days: number,
): { incident: Range; before: Range } | null {
  if (incident === null || bounds === null) return null;
  const from = incident.from ?? bounds.from;
  const to = incident.to ?? bounds.to;
  if (to <= from) return null;
  return { incident: { from, to }, before: { from: from - days * DAY, to: to - days * DAY } };
}
