import { useEffect, useRef, useState, type PointerEvent } from "react";
import {
  segmentOfPlace,
  type PlacedIndex,
} from "../../../shared/analysis/log-lines/index-places.ts";
import type { LogPlace } from "../../../shared/model/log-query.ts";
import type { WindowBand } from "../../state/bands.ts";
import type { ListPlace } from "./use-position.ts";

interface LogScrollbarProps {
  readonly listId: string;
  readonly at: ListPlace;
  readonly rows: number;
  readonly hits: PlacedIndex | undefined;
  readonly marks: readonly LogPlace[];
  readonly bands: readonly WindowBand[];
  /** Colours change with it. */
  readonly theme: string;
  readonly onScrollTo: (top: number) => void;
}

const SHORTEST_THUMB = 24;
const WIDTH = 22;

/** The whole list from top to bottom: where errors, hits and marks are, and which part is seen. A drag goes anywhere. */
export function LogScrollbar(props: LogScrollbarProps) {
  const { listId, at, rows, hits, marks, bands, theme, onScrollTo } = props;
  const { index, top } = at;
  const track = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [height, setHeight] = useState(0);
  /** Where in the thumb it is held, in px. */
  const held = useRef<number | null>(null);

  useEffect(() => {
    const element = track.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setHeight(element.clientHeight);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  useEffect(() => {
    if (canvas.current !== null && height > 0)
      drawOverview(canvas.current, height, index, hits, marks, bands);
  }, [height, index, hits, marks, bands, theme]);

  const range = Math.max(1, index.total - rows);
  const thumb = Math.min(
    height,
    Math.max(SHORTEST_THUMB, (height * rows) / Math.max(1, index.total)),
  );
  const room = Math.max(1, height - thumb);
  const y = Math.min(1, top / range) * room;
  const move = (event: PointerEvent, grip: number) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientY - box.top - grip) / room));
    onScrollTo(share * range);
  };
  return (
    <div
      ref={track}
      className="iq-log-scrollbar"
      role="scrollbar"
      aria-label="Place in the list"
      aria-controls={listId}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={range}
      aria-valuenow={Math.round(Math.min(top, range))}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const inside = event.clientY - event.currentTarget.getBoundingClientRect().top - y;
        held.current = inside >= 0 && inside <= thumb ? inside : thumb / 2;
        move(event, held.current);
      }}
      onPointerMove={(event) => {
        if (held.current !== null) move(event, held.current);
      }}
      onPointerUp={() => {
        held.current = null;
      }}
      onPointerCancel={() => {
        held.current = null;
      }}
    >
      <canvas ref={canvas} width={WIDTH} height={height} aria-hidden="true" />
      {index.total > rows && (
        <div
          className="iq-log-thumb"
          style={{ height: thumb, transform: `translateY(${String(y)}px)` }}
        />
      )}
    </div>
  );
}

/** One line of pixels is a part of the list; it says whether there is an error, a hit, a mark in it. */
function drawOverview(
  canvas: HTMLCanvasElement,
  height: number,
  index: PlacedIndex,
  hits: PlacedIndex | undefined,
  marks: readonly LogPlace[],
  bands: readonly WindowBand[],
): void {
  const scale = window.devicePixelRatio;
  canvas.width = WIDTH * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d");
  if (context === null || index.total === 0) return;
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const y = (number: number) => (number / index.total) * height;
  const tick = (variable: string, from: number, to: number, left: number, width: number) => {
    context.fillStyle = style.getPropertyValue(variable);
    context.fillRect(left, Math.floor(y(from)), width, Math.max(2, y(to) - y(from)));
  };
  const numberOf = (place: LogPlace) => index.starts[segmentOfPlace(index, place)] ?? 0;
  const atTime = (time: number) => {
    const segment = segmentOfPlace(index, { time, evidence: 0, line: 0 });
    return segment < 0 ? 0 : (index.starts[segment] ?? 0);
  };
  for (const { which, from, to } of bands)
    tick(`--iq-${which}`, atTime(from), atTime(to), which === "baseline" ? 0 : 3, 2);
  index.segments.forEach(({ errors }, i) => {
    const start = index.starts[i] ?? 0;
    if (errors > 0) tick("--iq-log-error", start, start + errors, 7, 5);
  });
  for (const { span } of hits?.segments ?? []) {
    const number =
      span.kind === "time"
        ? atTime(span.from)
        : numberOf({ time: null, evidence: span.evidence, line: span.from });
    tick("--iq-log-hit", number, number, 13, 4);
  }
  for (const mark of marks) tick("--iq-accent", numberOf(mark), numberOf(mark), 18, 4);
}
