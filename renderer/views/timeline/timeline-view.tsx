import { Button, NonIdealState, Spinner } from "@blueprintjs/core";
import { PinIcon } from "@blueprintjs/icons";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { NOTE_LANE, noteLaneData } from "../../../shared/analysis/note-lane.ts";
import { DARK, LIGHT } from "../../../shared/model/palette.ts";
import type { TableMeta } from "../../../shared/model/table.ts";
import type { TemplateEdit } from "../../../shared/model/template-edit.ts";
import type { Lane } from "../../../shared/model/timeline.ts";
import type { TimelineNote } from "../../../shared/model/timeline-note.ts";
import { pinChart } from "../../data/pin.ts";
import { useAnalysis, useTables } from "../../data/queries.ts";
import { bandsOf } from "../../state/bands.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { LanesChart } from "../../widgets/chart/lanes-chart.tsx";
import type { ChartLane, Range } from "../../widgets/chart/lane-geometry.ts";
import { LanesNumbers } from "../../widgets/chart/lanes-numbers.tsx";
import { zoomed } from "../../widgets/chart/use-range-gestures.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { boundsOf } from "./bounds.ts";
import { chosenLanes, defaultLanes, orderedLanes, type OrderedLane } from "./lane-choice.ts";
import { LaneLoader, messageOf, type LoadedLane } from "./lane-loader.tsx";
import { LanePicker } from "./lane-picker.tsx";
import { queryFor } from "./lane-query.ts";
import { NoteDialog, type NoteDraft } from "./note-dialog.tsx";
import { NotesList } from "./notes-list.tsx";
import { TimelineToolbar } from "./timeline-toolbar.tsx";
import { useHeight, useSettled } from "./use-settled.ts";
import "./timeline.css";

/** All that happened over time, on one axis. */
export default function TimelineView() {
  const tables = useTables();
  const notes = useCase((s) => s.state?.timelineNotes) ?? NO_NOTES;
  const edits = useCase((s) => s.state?.templateEdits) ?? NO_EDITS;
  const extra = useView((s) => s.extraLanes);
  const bounds = useMemo(() => boundsOf(tables, notes), [tables, notes]);
  // The chart stays while the list is made anew: a clock was put right, a file came in.
  const listed = useAnalysis("listLanes", bounds === null ? null : { tables, edits }, {
    keepPrevious: true,
  });
  const lanes = useMemo(
    () => (listed.data === undefined ? undefined : allLanes(listed.data, extra, notes.length > 0)),
    [listed.data, extra, notes.length],
  );
  if (bounds === null) {
    return (
      <EmptyState
        title="Nothing with a time yet"
        action={
          <>
            <Button
              intent="primary"
              text="Go to Evidence"
              onClick={() => {
                useView.getState().show("evidence");
              }}
            />{" "}
            <Button
              text="Read a post-mortem…"
              onClick={() => {
                useView.getState().show("postmortem");
              }}
            />
          </>
        }
      >
        {tables.length === 0
          ? "Add logs, metrics, events or tables under Evidence. What carries a time appears here as lanes over one axis."
          : "None of the tables has a time column. Give one column the role “timestamp” under Evidence, or add logs, metrics or events."}
      </EmptyState>
    );
  }
  if (listed.isError) {
    return (
      <EmptyState
        title="The lanes could not be listed"
        action={<Button text="Try again" onClick={() => void listed.refetch()} />}
      >
        {messageOf(listed.error)}
      </EmptyState>
    );
  }
  if (lanes === undefined)
    return (
      <NonIdealState
        icon={<Spinner size={24} />}
        description="Looking for what can be drawn over time…"
      />
    );
  return <Timeline lanes={lanes} tables={tables} bounds={bounds} notes={notes} />;
}

function chooseLanes(ids: readonly string[] | null): void {
  useView.getState().setLanes(ids);
}

const NO_NOTES: readonly TimelineNote[] = [];
const NO_EDITS: readonly TemplateEdit[] = [];

/** Notes, what other views put here, and what the tables hold; each once. */
function allLanes(listed: readonly Lane[], extra: readonly Lane[], hasNotes: boolean): Lane[] {
  const ids = new Set(extra.map((l) => l.id));
  return [...(hasNotes ? [NOTE_LANE] : []), ...extra, ...listed.filter((l) => !ids.has(l.id))];
}

const NO_LANES: ReadonlyMap<string, LoadedLane> = new Map();

function Timeline({
  lanes,
  tables,
  bounds,
  notes,
}: {
  lanes: readonly Lane[];
  tables: readonly TableMeta[];
  bounds: Range;
  notes: readonly TimelineNote[];
}) {
  const { theme, timezone, range, laneIds, pinnedLanes, lanesByLayer, ghostDays, setTimeline } =
    useView();
  const symptom = useCase((s) => s.state?.symptom ?? null);
  const windows = useCase((s) => s.state?.windows);
  const readOnly = useCase((s) => (s.opened?.readOnly ?? null) !== null);
  const [loaded, setLoaded] = useState(NO_LANES);
  const [width, setWidth] = useState(0);
  const [numbersOpen, setNumbersOpen] = useState(false);
  const [draft, setDraft] = useState<NoteDraft | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const height = useHeight(scroller);

  const visible = range ?? bounds;
  const settled = useSettled(visible, 120);
  const query = useMemo(() => queryFor(settled, bounds, width), [settled, bounds, width]);
  const chosenIds = useMemo(
    () => chosenLanes(laneIds ?? [...pinnedLanes, ...defaultLanes(lanes, symptom)], lanes),
    [laneIds, lanes, pinnedLanes, symptom],
  );
  const ordered = useMemo(() => {
    const all = chosenIds.flatMap((id) => lanes.find((l) => l.id === id) ?? []);
    const isPinned = (lane: Lane) => pinnedLanes.includes(lane.id);
    const above = orderedLanes(all.filter(isPinned), lanesByLayer);
    return {
      above,
      below: orderedLanes(
        all.filter((l) => !isPinned(l)),
        lanesByLayer,
      ),
    };
  }, [chosenIds, lanes, pinnedLanes, lanesByLayer]);
  const placed = useMemo(() => [...ordered.above, ...ordered.below], [ordered]);
  const chosen = useMemo(() => placed.map((o) => o.lane), [placed]);
  const onLoaded = useCallback((id: string, lane: LoadedLane) => {
    setLoaded((before) => new Map(before).set(id, lane));
  }, []);
  const noteChart = useMemo(() => chartOfNotes(notes), [notes]);
  const [above, below] = useMemo(() => {
    const chartOf = ({ lane, group }: OrderedLane): ChartLane =>
      lane.id === NOTE_LANE.id
        ? { ...noteChart, ...(group === null ? {} : { group }) }
        : (loaded.get(lane.id)?.chart ?? waiting(lane));
    return [ordered.above.map(chartOf), ordered.below.map(chartOf)];
  }, [ordered, loaded, noteChart]);
  const bands = useMemo(() => bandsOf(windows), [windows]);
  const refining = chosen.some(
    (lane) => lane.id !== NOTE_LANE.id && loaded.get(lane.id)?.loading !== false,
  );
  useRefineMark(refining, settled);

  const pin = useCallback(
    (lane: Lane) => {
      const data = loaded.get(lane.id)?.data ?? null;
      if (data !== null) void pinChart({ lane, range: useView.getState().range ?? bounds, data });
    },
    [loaded, bounds],
  );
  const change = useCallback(
    (next: Range | null) => {
      useView
        .getState()
        .setRange(next !== null && next.from <= bounds.from && next.to >= bounds.to ? null : next);
    },
    [bounds],
  );
  const zoom = useCallback(
    (factor: number) => {
      change(zoomed(useView.getState().range ?? bounds, bounds, factor));
    },
    [bounds, change],
  );
  const reset = useCallback(() => {
    change(null);
  }, [change]);
  const setWindow = useCallback(
    (which: "baseline" | "incident") => {
      const { from, to } = useView.getState().range ?? bounds;
      void useCase
        .getState()
        .append({ type: "windows/set", data: { which, window: { from, to } } });
    },
    [bounds],
  );
  const writeNote = useCallback(() => {
    const { from, to } = useView.getState().range ?? bounds;
    setDraft({ kind: "new", at: Math.round((from + to) / 2e6) * 1e6 });
  }, [bounds]);
  const goToNote = useCallback(
    (note: TimelineNote) => {
      const width = (bounds.to - bounds.from) / 20;
      change({ from: note.at - width, to: (note.to ?? note.at) + width });
    },
    [bounds, change],
  );
  const editNote = useCallback((note: TimelineNote) => {
    setDraft({ kind: "change", note });
  }, []);
  const toggleNumbers = useCallback(() => {
    setNumbersOpen((open) => !open);
  }, []);
  const pinnable = useMemo(
    () => chosen.filter((l) => (loaded.get(l.id)?.data ?? null) !== null),
    [chosen, loaded],
  );
  const pinButton = useCallback(
    ({ id, title }: ChartLane) => {
      const lane = pinnable.find((l) => l.id === id);
      return lane === undefined || readOnly ? null : (
        <Button
          className="iq-lane-pin"
          size="small"
          variant="minimal"
          icon={<PinIcon size={12} />}
          aria-label={`Pin ${title} as finding`}
          title="Pin as finding"
          onClick={() => {
            pin(lane);
          }}
        />
      );
    },
    [pinnable, readOnly, pin],
  );
  const laneHeight = Math.round(
    Math.min(170, Math.max(66, (height - 42) / Math.max(1, below.length))),
  );
  const chart = (title: string, charts: readonly ChartLane[], hasTimes: boolean) => (
    <LanesChart
      title={title}
      lanes={charts}
      range={visible}
      bounds={bounds}
      bands={bands}
      zone={timezone}
      palette={theme === "dark" ? DARK : LIGHT}
      laneHeight={title === "Timeline" ? laneHeight : 66}
      hasTimes={hasTimes}
      onRange={change}
      onPlotWidth={setWidth}
      laneActions={pinButton}
    />
  );
  return (
    <div
      className="iq-timeline"
      data-refining={refining}
      onKeyDown={(event) => {
        const isText =
          event.target instanceof HTMLElement &&
          event.target.closest("input, select, textarea, [role=dialog]") !== null;
        if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey || isText) return;
        event.preventDefault();
        if (!readOnly) writeNote();
      }}
    >
      {placed.map(({ lane, group }) =>
        lane.id === NOTE_LANE.id ? null : (
          <LaneLoader
            key={lane.id}
            lane={lane}
            tables={tables}
            bounds={bounds}
            width={width}
            query={query}
            ghostDays={ghostDays}
            group={group}
            onLoaded={onLoaded}
          />
        ),
      )}
      <section className="iq-timeline-picker" aria-label="Lanes">
        <NotesList notes={notes} readOnly={readOnly} onGo={goToNote} onEdit={editNote} />
        <LanePicker
          lanes={lanes}
          chosen={chosenIds}
          isDefault={laneIds === null}
          pinned={pinnedLanes}
          byLayer={lanesByLayer}
          onChoose={chooseLanes}
          onPin={(ids) => {
            setTimeline({ pinnedLanes: ids });
          }}
          onByLayer={(byLayer) => {
            setTimeline({ lanesByLayer: byLayer });
          }}
        />
      </section>
      <div className="iq-timeline-main">
        <TimelineToolbar
          isWhole={range === null}
          readOnly={readOnly}
          pinnable={pinnable}
          numbersOpen={numbersOpen}
          onZoom={zoom}
          onReset={reset}
          onWindow={setWindow}
          onPin={pin}
          onNumbers={toggleNumbers}
          onNote={writeNote}
        />
        {above.length > 0 && (
          <div className="iq-timeline-pinned">{chart("Pinned lanes", above, true)}</div>
        )}
        <div ref={scroller} className="iq-timeline-lanes">
          {chosen.length === 0 ? (
            <EmptyState title="No lane is chosen">
              Choose at least one lane in the list at the left.
            </EmptyState>
          ) : (
            below.length > 0 && chart("Timeline", below, above.length === 0)
          )}
        </div>
        {numbersOpen && (
          <LanesNumbers lanes={[...above, ...below]} range={visible} zone={timezone} />
        )}
      </div>
      {draft !== null && (
        <NoteDialog
          draft={draft}
          onClose={() => {
            setDraft(null);
          }}
        />
      )}
    </div>
  );
}

function chartOfNotes(notes: readonly TimelineNote[]): ChartLane {
  const data = noteLaneData(notes);
  const parts = [{ data, from: -Infinity, to: Infinity, factor: 1 }];
  return { id: NOTE_LANE.id, title: NOTE_LANE.title, parts, status: null };
}

function waiting(lane: Lane): ChartLane {
  return {
    id: lane.id,
    title: lane.title,
    parts: [],
    status: { kind: "loading", message: "Loading…" },
  };
}

/** Leaves a measure for each time that finer data was awaited, from the settled range to all lanes drawn. */
function useRefineMark(refining: boolean, settled: Range): void {
  const since = useRef<number | null>(null);
  useEffect(() => {
    since.current = performance.now();
  }, [settled]);
  useEffect(() => {
    const start = since.current;
    if (refining || start === null) return;
    since.current = null;
    performance.measure("inquest:timeline-refine", { start, end: performance.now() });
  }, [refining]);
}
