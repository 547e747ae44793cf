import { useRef, type KeyboardEvent } from "react";
import { timeWithZone } from "../format.ts";
import type { Range } from "./lane-geometry.ts";

export type WindowName = "baseline" | "incident";

interface BrushWindowProps {
  readonly which: WindowName;
  readonly range: Range;
  readonly bounds: Range;
  /** px of the bounds. */
  readonly width: number;
  /** What an arrow key moves by and the pointer snaps to, in µs. */
  readonly step: number;
  readonly zone: string;
  readonly disabled: boolean;
  /** While the pointer drags; null ends it without a change. */
  readonly onDraft: (range: Range | null) => void;
  readonly onChange: (range: Range) => void;
}

type Part = "body" | "from" | "to";

const NAMES: Record<WindowName, string> = { baseline: "Baseline", incident: "Incident" };

/** One window on the overview: its body and both edges are sliders. */
export function BrushWindow(props: BrushWindowProps) {
  const { which, range, bounds, width, step, zone, disabled, onDraft, onChange } = props;
  const drag = useRef<{ part: Part; x: number; range: Range; moved: Range | null } | null>(null);
  const span = bounds.to - bounds.from;
  const x = (at: number) => Math.min(width, Math.max(0, ((at - bounds.from) / span) * width));
  const left = x(range.from);
  const right = x(range.to);

  const handle = (part: Part, label: string, value: number, className: string) => (
    <div
      className={className}
      role="slider"
      tabIndex={disabled ? -1 : 0}
      aria-label={`${NAMES[which]}: ${label}`}
      aria-valuemin={bounds.from / 1e6}
      aria-valuemax={bounds.to / 1e6}
      aria-valuenow={value / 1e6}
      aria-valuetext={timeWithZone(value, zone)}
      aria-disabled={disabled}
      onPointerDown={(event) => {
        if (disabled || event.button !== 0) return;
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { part, x: event.clientX, range, moved: null };
      }}
      onPointerMove={(event) => {
        const held = drag.current;
        if (held === null) return;
        const by =
          Math.round((((event.clientX - held.x) / Math.max(1, width)) * span) / step) * step;
        held.moved = moved(held.range, held.part, by, bounds, step);
        onDraft(held.moved);
      }}
      onPointerUp={() => {
        const held = drag.current;
        drag.current = null;
        if (held !== null && held.moved !== null) onChange(held.moved);
      }}
      onPointerCancel={() => {
        drag.current = null;
        onDraft(null);
      }}
      onKeyDown={(event) => {
        const by = keyDistance(event, range, part, bounds, step);
        if (by === null || disabled) return;
        event.preventDefault();
        onChange(moved(range, part, by, bounds, step));
      }}
    />
  );
  return (
    <div
      className={`iq-brush-window iq-brush-${which}`}
      style={{ left, width: Math.max(2, right - left) }}
      data-window={which}
    >
      {handle("body", "move the whole window", range.from, "iq-brush-body")}
      {handle("from", "beginning", range.from, "iq-brush-edge iq-brush-edge-from")}
      {handle("to", "end", range.to, "iq-brush-edge iq-brush-edge-to")}
    </div>
  );
}

function moved(range: Range, part: Part, by: number, bounds: Range, step: number): Range {
  if (part === "from") {
    return {
      from: Math.max(bounds.from, Math.min(range.from + by, range.to - step)),
      to: range.to,
    };
  }
  if (part === "to") {
    return {
      from: range.from,
      to: Math.min(bounds.to, Math.max(range.to + by, range.from + step)),
    };
  }
  const allowed = Math.max(bounds.from - range.from, Math.min(by, bounds.to - range.to));
  return { from: range.from + allowed, to: range.to + allowed };
}

/** Arrow keys move by a bucket, with Shift or Page keys by ten, Home and End to the limit. */
function keyDistance(
  event: KeyboardEvent,
  range: Range,
  part: Part,
  bounds: Range,
  step: number,
): number | null {
  const far = event.shiftKey ? 10 * step : step;
  switch (event.key) {
    case "ArrowLeft":
    case "ArrowDown":
      return -far;
    case "ArrowRight":
    case "ArrowUp":
      return far;
    case "PageDown":
      return -10 * step;
    case "PageUp":
      return 10 * step;
    case "Home":
      return bounds.from - (part === "to" ? range.to : range.from);
    case "End":
      return bounds.to - (part === "from" ? range.from : range.to);
    default:
      return null;
  }
}
