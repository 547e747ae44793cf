import { DAY, HOUR, MINUTE, SECOND, formatIso, type EvidenceTime } from "../base/time.ts";
import type { Finding, FindingChart } from "../model/finding.ts";
import type { Windows } from "../model/window.ts";

type Series = Extract<FindingChart, { kind: "series" }>;

/** A bucket of a series: time, mean, extremes. */
export interface Point {
  readonly t: number;
  readonly v: number;
  readonly lo: number;
  readonly hi: number;
}

/** Points that follow each other; where buckets are missing or empty, the line must break. */
export function runs({ times, values, min, max }: Series): Point[][] {
  const gaps = times.slice(1).map((t, i) => t - (times[i] ?? t));
  const most = gaps.reduce((a, b) => Math.min(a, b), Infinity) * 1.5;
  const found: Point[][] = [];
  let before = -Infinity;
  times.forEach((t, i) => {
    const v = values[i] ?? null;
    if (v === null) return;
    const point = { t, v, lo: min[i] ?? v, hi: max[i] ?? v };
    const run = found.at(-1);
    if (run === undefined || t - before > most) found.push([point]);
    else run.push(point);
    before = t;
  });
  return found;
}

/** The numbers of a series in each window, by the intervals that begin in it; null where no window cuts it. */
export function seriesNumbers(chart: Series, windows: Windows): Finding["numbers"] {
  const points = runs(chart).flat();
  const [baseline, incident] = (["baseline", "incident"] as const).map((which) => {
    const window = windows[which];
    if (window === null || (window.from === null && window.to === null)) return [];
    const { from, to } = window;
    return points.filter((p) => p.t >= (from ?? -Infinity) && p.t < (to ?? Infinity));
  });
  if (baseline === undefined || incident === undefined) return null;
  if (baseline.length + incident.length === 0) return null;
  const row = (name: string, read: (points: readonly Point[]) => number): string[] => [
    name,
    ...[baseline, incident].map((p) => (p.length === 0 ? "" : text(read(p)))),
  ];
  const unit = chart.unit === undefined ? "" : `, ${chart.unit}`;
  return {
    header: ["", "Baseline", "Incident"],
    cells: [
      row("intervals", (p) => p.length),
      row(`mean of the intervals${unit}`, (p) => p.reduce((sum, { v }) => sum + v, 0) / p.length),
      row(`smallest${unit}`, (p) => p.reduce((least, { lo }) => Math.min(least, lo), Infinity)),
      row(`largest${unit}`, (p) => p.reduce((most, { hi }) => Math.max(most, hi), -Infinity)),
    ],
  };
}

function text(value: number): string {
  return String(Number(value.toPrecision(6)));
}

const STEPS: readonly number[] = [
  ...[1, 5, 15, 30].map((n) => n * SECOND),
  ...[1, 5, 15, 30].map((n) => n * MINUTE),
  ...[1, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 3, 7, 14, 30, 90, 365].map((n) => n * DAY),
];

/** About six round times; a clock time where the day is the same as at the tick before. */
export function timeTicks(from: number, to: number): { at: number; text: string }[] {
  if (!(to > from)) return [{ at: from, text: textOf(from, true) }];
  const step = STEPS.find((s) => (to - from) / s <= 6.5) ?? (to - from) / 6;
  const ticks: { at: number; text: string }[] = [];
  let day = "";
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const iso = formatIso(Math.round(at) as EvidenceTime);
    const sameDay = iso.slice(0, 10) === day;
    day = iso.slice(0, 10);
    ticks.push({ at, text: step >= DAY ? day : textOf(at, !sameDay, step < MINUTE) });
  }
  return ticks;
}

function textOf(time: number, withDay: boolean, withSeconds = false): string {
  const iso = formatIso(Math.round(time) as EvidenceTime);
  const clock = iso.slice(11, withSeconds ? 19 : 16);
  return withDay ? `${iso.slice(0, 10)} ${clock}` : clock;
}
