import type { TimelineNote } from "../model/timeline-note.ts";
import type { Lane, LaneData } from "../model/timeline.ts";

/** What people wrote on the timeline, as one lane. */
export const NOTE_LANE: Lane = {
  ...{ id: "notes", title: "Notes", kind: "notes", layer: "people" },
  ...{ table: "", subject: null, statistic: null },
};

/** The notes as events, in the order of time. */
export function noteLaneData(notes: readonly TimelineNote[]): LaneData {
  const events = [...notes]
    .sort((a, b) => a.at - b.at)
    .map(({ at, to, kind, text, service }) => ({
      ...{ at, count: 1, kind, title: text, service },
      ...(to === null ? {} : { to }),
      ...{ evidence: 0, line: 0 },
    }));
  return { kind: "events", laneId: NOTE_LANE.id, bucket: 1, events };
}
