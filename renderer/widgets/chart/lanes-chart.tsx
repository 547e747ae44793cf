import {
  memo,
  useCallback,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from "react";
import type { Palette } from "../../../shared/model/palette.ts";
import { duration, timeWithZone } from "../format.ts";
import { EChart } from "./echart.tsx";
import type { Band, ChartLane, Range } from "./lane-geometry.ts";
import { readoutAt } from "./lane-readout.ts";
import { GUTTER, lanesOption, plotWidth, structureOf } from "./lanes-option.ts";
import { TimeStrip } from "./time-strip.tsx";
import { timeTicks } from "./time-axis.ts";
import { rangeForKey, useRangeGestures } from "./use-range-gestures.ts";
import "./lanes-chart.css";

interface LanesChartProps {
  /** Says what the chart shows. */
  readonly title: string;
  readonly lanes: readonly ChartLane[];
  /** Visible range and the limits of zooming and panning, µs UTC. */
  readonly range: Range;
  readonly bounds: Range;
  readonly bands: readonly Band[];
  /** IANA zone of the labels. */
  readonly zone: string;
  readonly palette: Palette;
  readonly laneHeight: number;
  /** `null`: back to everything. */
  readonly onRange: (range: Range | null) => void;
  /** Width in px on which time is drawn: the number of buckets worth asking for. */
  readonly onPlotWidth?: (width: number) => void;
  /** Times above the lanes; false where another chart above has them. */
  readonly hasTimes?: boolean;
  /** Buttons in a lane's headline; a stable function, or every redraw makes them anew. */
  readonly laneActions?: (lane: ChartLane) => ReactNode;
}

/**
 * Lanes stacked over one time axis, with one cursor through all of them.
 * A change of the range redraws at once from the data at hand; finer data is
 * the caller's to bring.
 */
export function LanesChart({
  title,
  lanes,
  range,
  bounds,
  bands,
  zone,
  palette,
  laneHeight,
  onRange,
  onPlotWidth,
  hasTimes = true,
  laneActions,
}: LanesChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const changedAt = useRef<number | null>(null);
  const [width, setWidth] = useState(0);
  const [cursor, setCursor] = useState<number | null>(null);
  const inner = plotWidth(width);

  const change = (next: Range | null) => {
    changedAt.current ??= performance.now();
    onRange(next);
  };
  useRangeGestures(host, {
    range,
    bounds,
    plotLeft: GUTTER,
    plotWidth: inner,
    onRange: change,
    onReset: () => {
      change(null);
    },
    onCursor: setCursor,
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey)
      return;
    const side = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (event.shiftKey && side !== 0) {
      setCursor(Math.min(inner, Math.max(0, (cursor ?? inner / 2) + side * 8)));
    } else if (event.key === "Home") change(null);
    else if (event.key === "Escape" && cursor !== null) setCursor(null);
    else {
      const next = rangeForKey(event.key, range, bounds);
      if (next === null) return;
      change(next);
    }
    event.preventDefault();
  };

  const ticks = useMemo(() => timeTicks(range.from, range.to, inner, zone), [range, inner, zone]);
  const picture = useMemo(
    () => ({ lanes, range, bands, ticks, palette, width, laneHeight }),
    [lanes, range, bands, ticks, palette, width, laneHeight],
  );
  const option = useMemo(() => lanesOption(picture), [picture]);
  const onWidth = useCallback(
    (pixels: number) => {
      setWidth(pixels);
      onPlotWidth?.(plotWidth(pixels));
    },
    [onPlotWidth],
  );
  const onDrawn = useCallback(() => {
    const start = changedAt.current;
    if (start === null) return;
    changedAt.current = null;
    afterNextFrame(() => {
      performance.measure("inquest:timeline-redraw", { start, end: performance.now() });
    });
  }, []);

  const span = range.to - range.from;
  const at = cursor === null || inner <= 0 ? null : range.from + (cursor / inner) * span;
  const reach = (6 / Math.max(inner, 1)) * span;
  return (
    <div
      ref={host}
      className="iq-lanes"
      role="group"
      tabIndex={0}
      aria-roledescription="time chart"
      aria-label={`${title}, ${timeWithZone(range.from, zone)} to ${timeWithZone(range.to, zone)}. Arrow keys pan, plus and minus zoom, Home shows everything, Shift with an arrow key moves the cursor.`}
      data-from={range.from}
      data-to={range.to}
      onKeyDown={onKeyDown}
    >
      {hasTimes && (
        <TimeStrip
          ticks={ticks}
          bands={bands}
          range={range}
          width={inner}
          zone={zone}
          cursor={at === null || cursor === null ? null : { x: cursor, at }}
        />
      )}
      <div className="iq-lanes-body" style={{ height: lanes.length * laneHeight }}>
        <EChart
          option={option}
          structure={structureOf(picture)}
          height={lanes.length * laneHeight}
          onWidth={onWidth}
          onDrawn={onDrawn}
        />
        {lanes.map((lane, i) => (
          <LaneHead
            key={lane.id}
            lane={lane}
            top={i * laneHeight}
            value={at === null ? null : readoutAt(lane, at, reach)}
            actions={laneActions}
          />
        ))}
        {lanes.map((lane, i) =>
          lane.status === null ? null : (
            <div
              key={lane.id}
              className={`iq-lane-status iq-lane-status-${lane.status.kind}`}
              style={{ top: i * laneHeight + 22, height: laneHeight - 28 }}
            >
              {lane.status.message}
            </div>
          ),
        )}
        {cursor !== null && <div className="iq-lanes-cursor" style={{ left: GUTTER + cursor }} />}
      </div>
      <div className="iq-visually-hidden" aria-live="polite">
        {`Shown: ${duration(span)}`}
      </div>
    </div>
  );
}

interface LaneHeadProps {
  readonly lane: ChartLane;
  readonly top: number;
  readonly value: string | null;
  readonly actions: ((lane: ChartLane) => ReactNode) | undefined;
}

/** Drawn anew only when its words change: a redraw of the picture does not pay for the buttons. */
const LaneHead = memo(function LaneHead({ lane, top, value, actions }: LaneHeadProps) {
  const buttons = useMemo(() => actions?.(lane), [actions, lane]);
  return (
    <div className="iq-lane-head" style={{ top }} data-lane={lane.id}>
      <span className="iq-lane-title iq-clip" title={lane.title}>
        {lane.group !== undefined && <span className="iq-lane-group">{lane.group}</span>}
        {lane.title}
      </span>
      {lane.unit !== undefined && <span className="iq-lane-unit">{lane.unit}</span>}
      {buttons}
      <span className="iq-lane-value iq-clip">{value}</span>
    </div>
  );
});

/** Runs when the browser has painted the next frame. */
function afterNextFrame(done: () => void): void {
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      done();
    };
    channel.port2.postMessage(null);
  });
}
