import { seededUniform } from "../model/intervals.ts";
import { shuffledPlaces } from "./encoding.ts";
import type { Sample } from "./sample.ts";

/** Places of the baseline's rows cut in parts, and by what. */
export interface BaselineParts {
  readonly parts: readonly Int32Array[];
  readonly by: "time" | "chance";
}

const SEED = 20_240_512;

/** Random numbers that are the same in every run. */
export function sampleUniform(): () => number {
  return seededUniform(SEED);
}

/**
 * The baseline's rows in parts of equal number that follow each other in time;
 * cut by chance where the table has no times. What differs between parts of one
 * baseline is what differs without an incident.
 */
export function baselineParts({ rows, times }: Sample, count: number): BaselineParts {
  const all = Int32Array.from({ length: rows.baseline }, (_, k) => k);
  const timed = times === null ? new Int32Array(0) : all.filter((k) => !Number.isNaN(times[k]));
  const inOrder =
    times === null || timed.length < all.length / 2
      ? shuffledPlaces(all, sampleUniform())
      : timed.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
  const parts = Array.from({ length: count }, (_, k) =>
    inOrder.slice(
      Math.floor((k * inOrder.length) / count),
      Math.floor(((k + 1) * inOrder.length) / count),
    ),
  );
  return { parts, by: inOrder === timed ? "time" : "chance" };
}
