import type { Windows } from "../model/window.ts";
import { time } from "./format.ts";
import { timeTicks } from "./series-points.ts";
import { c, clip, COLOURS, hatch, label, line, svg, WIDTH } from "./svg.ts";

/** A moment on the timeline of the report. */
export interface TimelineEntry {
  /** µs UTC. */
  readonly at: number;
  readonly text: string;
  /** A milestone of the incident stands out from an event. */
  readonly weight: "milestone" | "event";
}

const TOP = 34;
const ROW = 18;
/** Width of a character at the size of the labels, with some to spare. */
const CHARACTER = 6.1;
const LONGEST = 62;
const MOST_ENTRIES = 16;

/** The incident on one axis: windows, milestones, and the events nearest to them. `key` makes ids unique. */
export function timelineSvg(
  entries: readonly TimelineEntry[],
  windows: Windows,
  key: string,
): string | null {
  const range = rangeOf(entries, windows);
  if (range === null) return null;
  const shown = chosen(entries, range);
  const x = (at: number): number =>
    6 + ((at - range.from) / (range.to - range.from)) * (WIDTH - 12);
  const placed = place(shown, x);
  const rows = Math.max(0, ...placed.map((p) => p.row)) + 1;
  const bottom = TOP + rows * ROW + 8;
  const bands = (["baseline", "incident"] as const)
    .map((which) => band(windows[which], which, x, bottom, key))
    .join("");
  const marks = placed.map((p) => mark(p, bottom)).join("");
  const axis =
    line(6, bottom, WIDTH - 6, bottom, COLOURS.muted) +
    timeTicks(range.from, range.to)
      .map(
        ({ at, text }) =>
          line(x(at), bottom, x(at), bottom + 4, COLOURS.muted) +
          label(Math.min(Math.max(x(at), 26), WIDTH - 26), bottom + 16, text, { anchor: "middle" }),
      )
      .join("");
  const told = shown.map((e) => `${time(e.at)} ${e.text}`).join("; ");
  return svg(
    bottom + 24,
    "Course of the incident",
    told,
    hatch(`${key}-hatch`) + bands + axis + marks,
  );
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The incident and every milestone, with room before it; without either the events themselves. */
function rangeOf(entries: readonly TimelineEntry[], { incident }: Windows): Range | null {
  const milestones = entries.filter((e) => e.weight === "milestone");
  const base = milestones.length > 0 || incident !== null ? milestones : entries;
  const times = base.map((e) => e.at);
  if (incident !== null) {
    if (incident.from !== null) times.push(incident.from);
    if (incident.to !== null) times.push(incident.to);
  }
  if (times.length === 0) return null;
  const low = times.reduce((a, b) => Math.min(a, b));
  const high = times.reduce((a, b) => Math.max(a, b));
  const length = Math.max(high - low, 60e6);
  return { from: low - 0.3 * length, to: high + 0.08 * length };
}

/** Milestones always; of the events those nearest to the begin of the incident. */
function chosen(entries: readonly TimelineEntry[], { from, to }: Range): TimelineEntry[] {
  const inside = entries.filter((e) => e.at >= from && e.at <= to);
  const milestones = inside.filter((e) => e.weight === "milestone");
  const start = from + (to - from) * (0.3 / 1.38);
  const events = inside
    .filter((e) => e.weight === "event")
    .sort((a, b) => Math.abs(a.at - start) - Math.abs(b.at - start))
    .slice(0, Math.max(0, MOST_ENTRIES - milestones.length));
  return [...milestones, ...events].sort((a, b) => a.at - b.at);
}

interface Placed {
  readonly entry: TimelineEntry;
  readonly x: number;
  readonly row: number;
  readonly text: string;
  readonly anchor: "start" | "end";
}

/** Each label in the first row in which it touches no other. */
function place(entries: readonly TimelineEntry[], x: (at: number) => number): Placed[] {
  const rows: { from: number; to: number }[][] = [];
  return entries.map((entry) => {
    const text = clip(entry.text, LONGEST);
    const width = text.length * CHARACTER + 12;
    const at = x(entry.at);
    const anchor = at + width > WIDTH && at > WIDTH / 2 ? "end" : "start";
    const span =
      anchor === "start" ? { from: at - 6, to: at + width } : { from: at - width, to: at + 6 };
    const free = rows.findIndex((row) => row.every((s) => s.to < span.from || s.from > span.to));
    const row = free < 0 ? rows.length : free;
    (rows[row] ??= []).push(span);
    return { entry, x: at, row, text, anchor };
  });
}

function mark({ entry, x, row, text, anchor }: Placed, bottom: number): string {
  const y = TOP + row * ROW;
  const strong = entry.weight === "milestone";
  const fill = strong ? COLOURS.text : COLOURS.muted;
  const shape = strong
    ? `<path d="M${c(x)} ${c(y - 5)} l5 5 l-5 5 l-5 -5 z" fill="${fill}"/>`
    : `<circle cx="${c(x)}" cy="${c(y)}" r="3.2" fill="#fff" stroke="${fill}" stroke-width="1.5"/>`;
  return (
    `<line x1="${c(x)}" y1="${c(y + 5)}" x2="${c(x)}" y2="${c(bottom)}" stroke="${COLOURS.grid}"/>` +
    shape +
    label(anchor === "start" ? x + 9 : x - 9, y + 4, text, {
      anchor,
      fill: COLOURS.text,
      ...(strong ? { weight: 600 } : {}),
    })
  );
}

function band(
  window: Windows["baseline"],
  which: "baseline" | "incident",
  x: (at: number) => number,
  bottom: number,
  key: string,
): string {
  if (window === null) return "";
  const from = Math.max(6, window.from === null ? 6 : x(window.from));
  const to = Math.min(WIDTH - 6, window.to === null ? WIDTH - 6 : x(window.to));
  if (to - from < 1) return "";
  const fill =
    which === "incident"
      ? `fill="url(#${key}-hatch)"`
      : `fill="${COLOURS.baseline}" fill-opacity="0.1"`;
  const name = which === "incident" ? "Incident" : "Baseline";
  const shown =
    to - from > 60 ? label(from + 4, 12, name, { fill: COLOURS[which], weight: 600 }) : "";
  return `<rect x="${c(from)}" y="17" width="${c(to - from)}" height="${c(bottom - 17)}" ${fill} opacity="0.5"/>${shown}`;
}
