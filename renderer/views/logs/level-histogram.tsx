import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import type { LogIndex } from "../../../shared/model/log-query.ts";
import type { WindowBand } from "../../state/bands.ts";
import { ChartFrame } from "../../widgets/chart/chart-frame.tsx";
import type { Range } from "../../widgets/chart/lane-geometry.ts";
import { timeTicks } from "../../widgets/chart/time-axis.ts";
import { duration, integer, time, timeWithZone } from "../../widgets/format.ts";
import { barsOf, filledBars, stackedPaths, type Bars } from "./histogram-bars.ts";

interface LevelHistogramProps {
  readonly index: LogIndex;
  /** Lines with a hit, drawn as ticks below; null without a search. */
  readonly hits: LogIndex | null;
  readonly bounds: Range;
  readonly bands: readonly WindowBand[];
  readonly range: Range | null;
  /** The part that the list shows now. */
  readonly seen: Range | null;
  readonly zone: string;
  readonly onRange: (range: Range | null) => void;
  readonly onGo: (time: number) => void;
}

const HEIGHT = 56;
const HIT_HEIGHT = 4;
const BAR = 4;

/** Lines over time by level. A drag keeps that time, a click goes there; arrow keys move a cursor. */
export function LevelHistogram(props: LevelHistogramProps) {
  const { index, hits, bounds, bands, range, seen, zone, onRange, onGo } = props;
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  const span = bounds.to - bounds.from;
  const bars = useMemo(
    () => barsOf(index, bounds, Math.max(1, Math.floor(width / BAR))),
    [index, bounds, width],
  );
  const hitBars = useMemo(
    () => (hits === null ? null : barsOf(hits, bounds, Math.max(1, Math.floor(width / BAR)))),
    [hits, bounds, width],
  );
  const ticks = useMemo(
    () => timeTicks(bounds.from, bounds.to, width, zone, 110),
    [bounds, width, zone],
  );
  const x = (at: number) => Math.min(width, Math.max(0, ((at - bounds.from) / span) * width));
  const paths = stackedPaths(bars, x, HEIGHT - HIT_HEIGHT - 2);
  const timeAt = (event: PointerEvent) => {
    const share = (event.clientX - event.currentTarget.getBoundingClientRect().left) / width;
    return Math.round(bounds.from + Math.min(1, Math.max(0, share)) * span);
  };
  const shown = drag === null ? range : ordered(drag);

  const onUp = () => {
    if (drag === null) return;
    const chosen = ordered(drag);
    if (x(chosen.to) - x(chosen.from) < 3) onGo(chosen.from);
    else onRange(chosen);
    setDrag(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = bars.width * (event.shiftKey ? 10 : 1);
    const at = cursor ?? range?.from ?? bounds.from;
    if (event.key === "ArrowLeft") setCursor(Math.max(bounds.from, at - step));
    else if (event.key === "ArrowRight") setCursor(Math.min(bounds.to, at + step));
    else if (event.key === "Enter") onGo(at);
    else if (event.key === "[") onRange({ from: at, to: Math.max(range?.to ?? bounds.to, at + 1) });
    else if (event.key === "]")
      onRange({ from: Math.min(range?.from ?? bounds.from, at - 1), to: at });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const at = cursor ?? range?.from ?? bounds.from;
  return (
    <ChartFrame
      title={`Lines per ${duration(bars.width)}${hits === null ? "" : ", and where hits are"}`}
      legend={<Legend bars={bars} />}
      numbers={() => numbersOf(bars, zone)}
    >
      <div className="iq-log-histogram">
        <div
          ref={box}
          className="iq-log-picture"
          style={{ height: HEIGHT }}
          role="slider"
          tabIndex={0}
          aria-label="Time: arrow keys move, Enter goes there, [ and ] keep what is after or before"
          aria-valuemin={bounds.from / 1e6}
          aria-valuemax={bounds.to / 1e6}
          aria-valuenow={at / 1e6}
          aria-valuetext={timeWithZone(at, zone)}
          onKeyDown={onKeyDown}
          onBlur={() => {
            setCursor(null);
          }}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            const from = timeAt(event);
            setDrag({ from, to: from });
          }}
          onPointerMove={(event) => {
            if (drag !== null) setDrag({ from: drag.from, to: timeAt(event) });
          }}
          onPointerUp={onUp}
          onPointerCancel={() => {
            setDrag(null);
          }}
          onDoubleClick={() => {
            onRange(null);
          }}
        >
          {bands.map((band) => (
            <div
              key={band.which}
              className={`iq-log-band iq-log-band-${band.which}`}
              data-band={band.which}
              style={{ left: x(band.from), width: Math.max(2, x(band.to) - x(band.from)) }}
            />
          ))}
          <svg width={width} height={HEIGHT} aria-hidden="true">
            {paths.map(({ level, path }) => (
              <path key={level} d={path} data-level={level} />
            ))}
            {hitBars !== null &&
              filledBars(hitBars).map((start) => (
                <rect
                  key={start}
                  className="iq-log-hit-tick"
                  x={x(start)}
                  y={HEIGHT - HIT_HEIGHT}
                  width={Math.max(2, x(start + hitBars.width) - x(start) - 1)}
                  height={HIT_HEIGHT}
                />
              ))}
          </svg>
          {shown !== null && (
            <>
              <div className="iq-log-shade" style={{ left: 0, width: x(shown.from) }} />
              <div className="iq-log-shade" style={{ left: x(shown.to), right: 0 }} />
            </>
          )}
          {seen !== null && (
            <div
              className="iq-log-seen"
              style={{ left: x(seen.from), width: Math.max(3, x(seen.to) - x(seen.from)) }}
            />
          )}
          {cursor !== null && <div className="iq-log-cursor" style={{ left: x(cursor) }} />}
        </div>
        <div className="iq-log-ticks" aria-hidden="true">
          {ticks.map((tick) =>
            x(tick.at) > width - 30 ? null : (
              <span
                key={tick.at}
                className={tick.major ? "iq-tick iq-tick-major" : "iq-tick"}
                style={{ left: x(tick.at) }}
              >
                {tick.label}
              </span>
            ),
          )}
        </div>
      </div>
    </ChartFrame>
  );
}

function ordered({ from, to }: Range): Range {
  return from <= to ? { from, to } : { from: to, to: from };
}

function Legend({ bars }: { bars: Bars }) {
  return (
    <span className="iq-chart-legend">
      {bars.levels.map(({ level, total }) => (
        <span key={level} className="iq-muted">
          <span className="iq-log-swatch" data-level={level} /> {level} {integer(total)}
        </span>
      ))}
    </span>
  );
}

function numbersOf(bars: Bars, zone: string) {
  return {
    header: [`Time (${zone})`, ...bars.levels.map((l) => l.level)],
    rows: bars.starts.map((at, i) => [
      time(at, zone),
      ...bars.levels.map((l) => integer(l.counts[i] ?? 0)),
    ]),
  };
}
