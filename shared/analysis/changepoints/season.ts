import { DAY, HOUR } from "../../base/time.ts";
import { median } from "../statistics/quantiles.ts";
import { spearman } from "../statistics/spearman.ts";
import { runningMedian } from "./preparation.ts";

/** What repeats in a series. */
export interface Season {
  readonly name: string;
  /** Length of a cycle in sampling intervals. */
  readonly period: number;
  /** Rank correlation of the detrended series with itself one cycle later. */
  readonly strength: number;
  /** What is added at each phase, from phase 0 on; of median 0. Null for a phase never seen. */
  readonly profile: readonly (number | null)[];
}

/** Cycles that must have been seen. */
const LEAST_CYCLES = 4;
const LEAST_PERIOD = 4;

/** Least rank correlation one cycle apart: two fifths of the spread about the trend repeat. */
const LEAST_STRENGTH = 0.4;

/** And how many standard errors, 1/√pairs, it must lie from 0. */
const LEAST_ERRORS = 4;

/** By how much a longer season must beat a shorter one, whose multiple it may be. */
const LEAST_BETTER = 0.1;

const CALENDAR = [
  { name: "hour", length: HOUR },
  { name: "day", length: DAY },
  { name: "week", length: 7 * DAY },
  { name: "year", length: 365.2425 * DAY },
] as const;

/**
 * The season of a series, among hour, day, week and year as far as the sampling
 * interval (median distance of `times`) resolves them and four cycles were
 * seen. The series is detrended by a running median of one cycle, so that
 * changes of level do not count; then its rank correlation with itself one cycle later says
 * whether it repeats. The profile is the median of each phase, as in robust
 * classical decomposition: an outage of a day or two does not bend it.
 * @param phases place of each point in sampling intervals, from {@link gridOf}
 * @param interval sampling interval in µs
 */
export function findSeason(
  values: readonly number[],
  phases: readonly number[],
  interval: number,
): Season | null {
  let best: Season | null = null;
  for (const { name, length } of CALENDAR) {
    const period = Math.round(length / interval);
    const cycles = ((phases[phases.length - 1] ?? 0) - (phases[0] ?? 0) + 1) / period;
    if (period < LEAST_PERIOD || cycles < LEAST_CYCLES) continue;
    const detrended = detrend(values, period);
    const { strength, pairs } = repetition(detrended, phases, period);
    const needed = Math.max(LEAST_STRENGTH, LEAST_ERRORS / Math.sqrt(pairs));
    if (!(strength >= needed) || strength < (best?.strength ?? -1) + LEAST_BETTER) continue;
    best = { name, period, strength, profile: profileOf(detrended, phases, period) };
  }
  return best;
}

/** The series without its season: what {@link Season.profile} says is subtracted. */
export function removeSeason(
  values: readonly number[],
  phases: readonly number[],
  { profile, period }: Season,
): number[] {
  return values.map((v, i) => v - (profile[(phases[i] ?? 0) % period] ?? 0));
}

/** Sampling interval in µs and the place of each point in it; null where times do not rise. */
export interface Grid {
  readonly interval: number;
  readonly places: readonly number[];
}

/**
 * Where the times are even but for a fifth (months are), a point's place is its
 * number; where there are holes, its time in intervals since the first.
 */
export function gridOf(times: readonly number[]): Grid | null {
  const steps = times.slice(1).map((t, i) => t - (times[i] ?? 0));
  if (steps.length === 0) return null;
  const interval = median(steps);
  if (!(interval > 0)) return null;
  const isEven = steps.every((s) => Math.abs(s / interval - 1) < 0.2);
  const first = times[0] ?? 0;
  return {
    interval: isEven ? ((times[times.length - 1] ?? 0) - first) / steps.length : interval,
    places: times.map((t, i) => (isEven ? i : Math.round((t - first) / interval))),
  };
}

function detrend(values: readonly number[], period: number): number[] {
  const trend = runningMedian(values, period >> 1);
  return values.map((v, i) => v - (trend[i] ?? 0));
}

function repetition(
  values: readonly number[],
  phases: readonly number[],
  period: number,
): { strength: number; pairs: number } {
  const at = new Map(phases.map((phase, i) => [phase, values[i] ?? 0]));
  const now: number[] = [];
  const later: number[] = [];
  for (const [i, phase] of phases.entries()) {
    const other = at.get(phase + period);
    if (other === undefined) continue;
    now.push(values[i] ?? 0);
    later.push(other);
  }
  return { strength: spearman(now, later), pairs: now.length };
}

function profileOf(
  values: readonly number[],
  phases: readonly number[],
  period: number,
): (number | null)[] {
  const groups = Array.from({ length: period }, (): number[] => []);
  for (const [i, phase] of phases.entries()) groups[phase % period]?.push(values[i] ?? 0);
  const medians = groups.map((group) => (group.length === 0 ? null : median(group)));
  const level = median(medians.filter((m) => m !== null));
  return medians.map((m) => (m === null ? null : m - level));
}
