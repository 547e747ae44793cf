import type { WindowPair } from "../windows.ts";
import type { Signal } from "./rank-services.ts";
import { shiftScore } from "./shift-score.ts";
import type { SignalKind } from "./signal-kind.ts";

/** A series in both windows: first the baseline's points, then the incident's, each in the order of time. */
export interface SeriesPoints {
  readonly series: string;
  readonly table: string;
  /** The service; the series itself where none is named. */
  readonly service: string;
  readonly kind: SignalKind;
  /** µs UTC. */
  readonly times: readonly number[];
  /** Finite; counters as steps. */
  readonly values: readonly number[];
  /** How many of them are the baseline's. */
  readonly before: number;
}

/** Values of both sides. */
export interface Sides {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Whether another onset can be asked for: both windows are times, the baseline first. */
export function hasMovableOnset({ baseline, incident }: WindowPair): boolean {
  const isTime = (w: WindowPair["baseline"]) => w.from !== null && w.to !== null;
  if (!isTime(baseline) || !isTime(incident)) return false;
  return (baseline.to ?? 0) <= (incident.from ?? 0);
}

/** @param onset µs UTC where the incident begins now; null leaves the windows as they are */
export function sidesAt({ times, values, before }: SeriesPoints, onset: number | null): Sides {
  if (onset === null) return { before: values.slice(0, before), after: values.slice(before) };
  let cut = 0;
  while (cut < times.length && (times[cut] ?? 0) < onset) cut++;
  return { before: values.slice(0, cut), after: values.slice(cut) };
}

/**
 * How far each series moved. Series with fewer than ten points in the baseline,
 * or none in the incident, are left out.
 */
export function signalsAt(points: readonly SeriesPoints[], onset: number | null): Signal[] {
  return points.flatMap((own) => {
    const { before, after } = sidesAt(own, onset);
    const shift = shiftScore(before, after);
    if (shift === null) return [];
    return [{ series: own.series, table: own.table, service: own.service, kind: own.kind, shift }];
  });
}
