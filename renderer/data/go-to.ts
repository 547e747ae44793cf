import type { Lane } from "../../shared/model/timeline.ts";
import { clearFilters, useLogs } from "../state/log-state.ts";
import { useView } from "../state/view-store.ts";
import { useCase } from "../state/case-store.ts";

const HOUR = 3_600_000_000;

/** The log view with the lines of some templates only, of the whole time. */
export function showLines(templateIds: readonly string[]): void {
  clearFilters();
  useLogs.getState().change({ onlyTemplates: [...templateIds], place: null });
  useView.getState().show("logs");
}

/** The timeline around a time; without one, both windows. */
export function showTime(at: number | null): void {
  const windows = useCase.getState().state?.windows;
  const { setRange, show } = useView.getState();
  const { from = null, to = null } = windows?.incident ?? {};
  const width = from === null || to === null ? 6 * HOUR : Math.max(to - from, HOUR);
  if (at !== null) setRange({ from: at - width, to: at + width });
  else if (from !== null && to !== null) {
    const begin = windows?.baseline?.from ?? from;
    setRange({ from: Math.min(begin, from), to });
  }
  show("timeline");
}

/** A lane on the timeline, above the others, around a time. */
export function showLane(lane: Lane, at: number | null): void {
  const { extraLanes, setTimeline } = useView.getState();
  setTimeline({ extraLanes: [...extraLanes.filter((l) => l.id !== lane.id), lane] });
  showLanes([lane.id], at);
}

/** The lane of a column or a series, whatever is drawn of it. */
export function showColumnLane(table: string, column: string, at: number | null): void {
  const id = `${table}/${column}`;
  showLanes([id, ...["mean", "rate", "distinct"].map((statistic) => `${id}/${statistic}`)], at);
}

/** Ids of which there is no lane are passed over. */
function showLanes(ids: readonly string[], at: number | null): void {
  const { laneIds, pinnedLanes, setLanes, setTimeline } = useView.getState();
  const first = (others: readonly string[]) => [...new Set([...ids, ...others])];
  setTimeline({ pinnedLanes: first(pinnedLanes) });
  if (laneIds !== null) setLanes(first(laneIds));
  showTime(at);
}
