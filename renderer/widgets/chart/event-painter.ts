import type { Palette } from "../../../shared/model/palette.ts";
import { firstAtOrAfter, type EventsData, type Range } from "./lane-geometry.ts";
import { stroke, xOf, type Plot, type Shape } from "./lane-shapes.ts";

const SIZE = 5;
const FONT = 11;
/** Mean width of a letter at that size; labels are cut rather than measured. */
const LETTER = 6.1;

/** Events as a vertical tick with a symbol by kind, and their title where it fits. */
export function paintEvents(
  shapes: Shape[],
  data: EventsData,
  range: Range,
  plot: Plot,
  palette: Palette,
): void {
  const { events } = data;
  const times = events.map((e) => e.at);
  const first = firstAtOrAfter(times, range.from);
  const last = firstAtOrAfter(times, range.to);
  const middle = plot.y + plot.height / 2;
  for (let i = first; i < last; i++) {
    const event = events[i];
    if (event === undefined) continue;
    const x = Math.round(xOf(plot, event.at)) + 0.5;
    if (event.to !== undefined) {
      const end = Math.min(plot.x + plot.width, xOf(plot, event.to));
      shapes.push({
        type: "rect",
        shape: { x, y: middle - 2, width: Math.max(2, end - x), height: 4 },
        style: { fill: palette.muted, opacity: 0.5 },
        silent: true,
      });
    }
    shapes.push(
      stroke(
        [
          [x, plot.y],
          [x, plot.y + plot.height],
        ],
        palette.muted,
        1,
      ),
    );
    shapes.push(symbol(event.kind, x, middle, palette));
    const next = events[i + 1];
    const room = (next === undefined ? plot.x + plot.width : xOf(plot, next.at)) - x - 2 * SIZE - 6;
    const label = event.count > 1 ? `${String(event.count)} events` : event.title;
    const text = cut(label, Math.floor(room / LETTER));
    if (text !== "") {
      shapes.push({
        type: "text",
        style: {
          text,
          x: x + SIZE + 5,
          y: middle,
          fill: palette.text,
          fontSize: FONT,
          verticalAlign: "middle",
        },
        silent: true,
      });
    }
  }
}

function cut(text: string, letters: number): string {
  if (text.length <= letters) return text;
  return letters < 6 ? "" : `${text.slice(0, letters - 1).trimEnd()}…`;
}

/** Kinds differ in shape; an unknown kind is a ring. */
function symbol(kind: string, x: number, y: number, palette: Palette): Shape {
  const filled = { fill: palette.text, stroke: palette.ground, lineWidth: 1 };
  const corners = CORNERS[kind];
  if (corners !== undefined) {
    const points = corners.map(([dx, dy]): [number, number] => [x + dx * SIZE, y + dy * SIZE]);
    return { type: "polygon", shape: { points }, style: filled, silent: true };
  }
  const style =
    kind === "alert" ? filled : { fill: palette.ground, stroke: palette.text, lineWidth: 1.5 };
  return { type: "circle", shape: { cx: x, cy: y, r: SIZE - 0.5 }, style, silent: true };
}

const UP: [number, number][] = [
  [0, -1.1],
  [1.05, 0.9],
  [-1.05, 0.9],
];
const DOWN: [number, number][] = [
  [0, 1.1],
  [1.05, -0.9],
  [-1.05, -0.9],
];
const DIAMOND: [number, number][] = [
  [0, -1.2],
  [1.2, 0],
  [0, 1.2],
  [-1.2, 0],
];
const SQUARE: [number, number][] = [
  [-0.9, -0.9],
  [0.9, -0.9],
  [0.9, 0.9],
  [-0.9, 0.9],
];
const CORNERS: Readonly<Partial<Record<string, readonly [number, number][]>>> = {
  deployment: UP,
  rollback: DOWN,
  model: DIAMOND,
  config: SQUARE,
};
