import { DAY, HOUR, MINUTE, SECOND, formatIso, type EvidenceTime } from "../base/time.ts";
import type { FindingChart } from "../model/finding.ts";

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
