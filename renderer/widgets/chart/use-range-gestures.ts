import { useEffect, useRef, type RefObject } from "react";
import type { Range } from "./lane-geometry.ts";

/** What the gestures need to know of the chart at the moment of the event. */
export interface GestureTarget {
  readonly range: Range;
  readonly bounds: Range;
  /** Left edge and width of the plot, px within the element. */
  readonly plotLeft: number;
  readonly plotWidth: number;
  readonly onRange: (range: Range) => void;
  readonly onReset: () => void;
  /** Pointer over the plot: px from its left edge; null when it leaves. */
  readonly onCursor: (x: number | null) => void;
}

/** Nothing shorter than this can be shown: 1 ms. */
const SHORTEST = 1000;

/** Wheel zooms around the pointer, shift and wheel or a drag pans, double click resets. */
export function useRangeGestures(
  element: RefObject<HTMLElement | null>,
  target: GestureTarget,
): void {
  const latest = useRef(target);
  useEffect(() => {
    latest.current = target;
  });
  useEffect(() => {
    const host = element.current;
    if (host === null) return;
    let drag: { x: number; range: Range } | null = null;
    const within = (event: MouseEvent) => {
      const x = event.clientX - host.getBoundingClientRect().left - latest.current.plotLeft;
      return x >= 0 && x <= latest.current.plotWidth ? x : null;
    };
    const onWheel = (event: WheelEvent) => {
      const x = within(event);
      // Over the gutter the wheel scrolls the lanes.
      if (x === null) return;
      event.preventDefault();
      const { range, bounds, plotWidth, onRange } = latest.current;
      const span = range.to - range.from;
      const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        onRange(panned(range, bounds, (sideways / plotWidth) * span));
      } else {
        onRange(zoomed(range, bounds, 1.0018 ** event.deltaY, range.from + (x / plotWidth) * span));
      }
    };
    const onDown = (event: PointerEvent) => {
      if (event.button !== 0 || within(event) === null || isControl(event.target)) return;
      drag = { x: event.clientX, range: latest.current.range };
      host.setPointerCapture(event.pointerId);
    };
    const onMove = (event: PointerEvent) => {
      latest.current.onCursor(within(event));
      if (drag === null) return;
      const { plotWidth, bounds, onRange } = latest.current;
      const shift = ((drag.x - event.clientX) / plotWidth) * (drag.range.to - drag.range.from);
      if (Math.abs(drag.x - event.clientX) >= 2) onRange(panned(drag.range, bounds, shift));
    };
    const onUp = () => {
      drag = null;
    };
    const onLeave = () => {
      latest.current.onCursor(null);
    };
    const onDouble = (event: MouseEvent) => {
      if (within(event) !== null && !isControl(event.target)) latest.current.onReset();
    };
    host.addEventListener("wheel", onWheel, { passive: false });
    host.addEventListener("pointerdown", onDown);
    host.addEventListener("pointermove", onMove);
    host.addEventListener("pointerup", onUp);
    host.addEventListener("pointercancel", onUp);
    host.addEventListener("pointerleave", onLeave);
    host.addEventListener("dblclick", onDouble);
    return () => {
      host.removeEventListener("wheel", onWheel);
      host.removeEventListener("pointerdown", onDown);
      host.removeEventListener("pointermove", onMove);
      host.removeEventListener("pointerup", onUp);
      host.removeEventListener("pointercancel", onUp);
      host.removeEventListener("pointerleave", onLeave);
      host.removeEventListener("dblclick", onDouble);
    };
  }, [element]);
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, input, select, a") !== null;
}

/** The range made `factor` times as long, with `anchor` staying where it is. */
export function zoomed(
  range: Range,
  bounds: Range,
  factor: number,
  anchor = (range.from + range.to) / 2,
): Range {
  const old = range.to - range.from;
  const span = Math.min(Math.max(old * factor, SHORTEST), bounds.to - bounds.from);
  const from = anchor - ((anchor - range.from) / old) * span;
  return inside({ from, to: from + span }, bounds);
}

export function panned(range: Range, bounds: Range, by: number): Range {
  return inside({ from: range.from + by, to: range.to + by }, bounds);
}

/** Moved, not cut, into the bounds. */
function inside({ from, to }: Range, bounds: Range): Range {
  const span = to - from;
  const start = Math.min(Math.max(from, bounds.from), Math.max(bounds.from, bounds.to - span));
  return { from: Math.round(start), to: Math.round(start + span) };
}

/** What a key does to the range; null for a key that does nothing. */
export function rangeForKey(key: string, range: Range, bounds: Range): Range | null {
  const span = range.to - range.from;
  switch (key) {
    case "ArrowLeft":
      return panned(range, bounds, -span / 10);
    case "ArrowRight":
      return panned(range, bounds, span / 10);
    case "PageUp":
      return panned(range, bounds, -span * 0.9);
    case "PageDown":
      return panned(range, bounds, span * 0.9);
    case "+":
    case "=":
      return zoomed(range, bounds, 1 / 1.5);
    case "-":
    case "_":
      return zoomed(range, bounds, 1.5);
    default:
      return null;
  }
}
