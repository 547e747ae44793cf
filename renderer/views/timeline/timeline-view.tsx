import { Button, NonIdealState, Spinner } from "@blueprintjs/core";
import { PinIcon } from "@blueprintjs/icons";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { DARK, LIGHT } from "../../../shared/model/palette.ts";
import type { TableMeta } from "../../../shared/model/table.ts";
import type { Lane } from "../../../shared/model/timeline.ts";
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
import { defaultLanes } from "./lane-choice.ts";
import { LaneLoader, messageOf, type LoadedLane } from "./lane-loader.tsx";
import { LanePicker } from "./lane-picker.tsx";
import { queryFor } from "./lane-query.ts";
import { TimelineToolbar } from "./timeline-toolbar.tsx";
import { useHeight, useSettled } from "./use-settled.ts";
import "./timeline.css";

/** All that happened over time, on one axis. */
export default function TimelineView() {
  const tables = useTables();
  const bounds = useMemo(() => boundsOf(tables), [tables]);
  const lanes = useAnalysis("listLanes", bounds === null ? null : { tables });
  if (bounds === null) {
    return (
      <EmptyState
        title="Nothing with a time yet"
        action={
          <Button
            intent="primary"
            text="Go to Evidence"
            onClick={() => {
              useView.getState().show("evidence");
            }}
          />
        }
      >
        {tables.length === 0
          ? "Add logs, metrics, events or tables under Evidence. What carries a time appears here as lanes over one axis."
          : "None of the tables has a time column. Give one column the role “timestamp” under Evidence, or add logs, metrics or events."}
      </EmptyState>
    );
  }
  if (lanes.isError) {
    return (
      <EmptyState
        title="The lanes could not be listed"
        action={<Button text="Try again" onClick={() => void lanes.refetch()} />}
      >
        {messageOf(lanes.error)}
      </EmptyState>
    );
  }
  if (lanes.data === undefined)
    return (
      <NonIdealState
        icon={<Spinner size={24} />}
        description="Looking for what can be drawn over time…"
      />
    );
  return <Timeline lanes={lanes.data} tables={tables} bounds={bounds} />;
}

function chooseLanes(ids: readonly string[] | null): void {
  useView.getState().setLanes(ids);
}

const NO_LANES: ReadonlyMap<string, LoadedLane> = new Map();

function Timeline({
  lanes,
  tables,
  bounds,
}: {
  lanes: readonly Lane[];
  tables: readonly TableMeta[];
  bounds: Range;
}) {
  const { theme, timezone, range, laneIds } = useView();
  const symptom = useCase((s) => s.state?.symptom ?? null);
  const windows = useCase((s) => s.state?.windows);
  const readOnly = useCase((s) => (s.opened?.readOnly ?? null) !== null);
  const [loaded, setLoaded] = useState(NO_LANES);
  const [width, setWidth] = useState(0);
  const [numbersOpen, setNumbersOpen] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const height = useHeight(scroller);

  const visible = range ?? bounds;
  const settled = useSettled(visible, 120);
  const query = useMemo(() => queryFor(settled, bounds, width), [settled, bounds, width]);
  const chosenIds = useMemo(
    () => (laneIds ?? defaultLanes(lanes, symptom)).filter((id) => lanes.some((l) => l.id === id)),
    [laneIds, lanes, symptom],
  );
  const chosen = useMemo(
    () => chosenIds.flatMap((id) => lanes.find((l) => l.id === id) ?? []),
    [chosenIds, lanes],
  );
  const onLoaded = useCallback((id: string, lane: LoadedLane) => {
    setLoaded((before) => new Map(before).set(id, lane));
  }, []);
  const chartLanes = useMemo(
    () => chosen.map((lane) => loaded.get(lane.id)?.chart ?? waiting(lane)),
    [chosen, loaded],
  );
  const bands = useMemo(() => bandsOf(windows), [windows]);
  const refining = chosen.some((lane) => loaded.get(lane.id)?.loading !== false);
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
    Math.min(170, Math.max(66, (height - 42) / Math.max(1, chosen.length))),
  );
  return (
    <div className="iq-timeline" data-refining={refining}>
      {chosen.map((lane) => (
        <LaneLoader
          key={lane.id}
          lane={lane}
          tables={tables}
          bounds={bounds}
          width={width}
          query={query}
          onLoaded={onLoaded}
        />
      ))}
      <section className="iq-timeline-picker" aria-label="Lanes">
        <LanePicker
          lanes={lanes}
          chosen={chosenIds}
          isDefault={laneIds === null}
          onChoose={chooseLanes}
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
        />
        <div ref={scroller} className="iq-timeline-lanes">
          {chosen.length === 0 ? (
            <EmptyState title="No lane is chosen">
              Choose at least one lane in the list at the left.
            </EmptyState>
          ) : (
            <LanesChart
              title="Timeline"
              lanes={chartLanes}
              range={visible}
              bounds={bounds}
              bands={bands}
              zone={timezone}
              palette={theme === "dark" ? DARK : LIGHT}
              laneHeight={laneHeight}
              onRange={change}
              onPlotWidth={setWidth}
              laneActions={pinButton}
            />
          )}
        </div>
        {numbersOpen && <LanesNumbers lanes={chartLanes} range={visible} zone={timezone} />}
      </div>
    </div>
  );
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
