import { z } from "zod";
import { Layer } from "./role.ts";

/** One row of the timeline: something that can be drawn over time. */
export const Lane = z.object({
  /** Stable key, e.g. `logs`, `metrics/latency{svc="a"}`, `features/ranking/age/mean`, `events`. */
  id: z.string(),
  title: z.string(),
  kind: z.enum(["log-levels", "template", "series", "feature", "events", "notes", "volume"]),
  layer: Layer,
  table: z.string(),
  /** Series key (metrics) or column (features). */
  subject: z.string().nullable(),
  /** For `feature`: what is drawn per bucket. */
  statistic: z
    .enum(["mean", "null_rate", "distinct", "rate", "count", "accuracy", "error", "quantile"])
    .nullable(),
  /** Of `accuracy` and `error`: the column of the truth. */
  against: z.string().optional(),
  /** Of `template`: which lines, and what of a number in them is drawn: a quantile, or the mean. */
  lines: z
    .object({
      shapes: z.array(z.number()),
      /** SQL over `logs`: the number of a line. */
      value: z.string().optional(),
      q: z.number().optional(),
    })
    .optional(),
  unit: z.string().optional(),
});
export type Lane = z.infer<typeof Lane>;

/** Aggregated content of a lane for a time range: one entry per non-empty bucket. */
export const LaneData = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("series"),
    laneId: z.string(),
    bucket: z.number(),
    /** µs UTC at bucket starts, ascending. */
    times: z.array(z.number()),
    mean: z.array(z.number().nullable()),
    /** Extremes of the raw points in the bucket: no spike disappears by zooming out. */
    min: z.array(z.number().nullable()),
    max: z.array(z.number().nullable()),
    count: z.array(z.number()),
  }),
  z.object({
    kind: z.literal("levels"),
    laneId: z.string(),
    bucket: z.number(),
    times: z.array(z.number()),
    /** Rows per bucket by level; the keys are the levels that occur, most severe first. */
    levels: z.array(z.object({ level: z.string(), counts: z.array(z.number()) })),
  }),
  z.object({
    kind: z.literal("events"),
    laneId: z.string(),
    bucket: z.number(),
    events: z.array(
      z.object({
        at: z.number(),
        /** Number of events that fell on the same pixel. */
        count: z.number(),
        kind: z.string(),
        title: z.string(),
        service: z.string().nullable(),
        /** µs UTC, of one that lasted. */
        to: z.number().optional(),
        evidence: z.number(),
        line: z.number(),
      }),
    ),
  }),
]);
export type LaneData = z.infer<typeof LaneData>;

/** A change of a lane's level; times in µs UTC. */
export const LaneChangepoint = z.object({
  at: z.number(),
  /** Between these it lies, at 95 %. */
  from: z.number(),
  to: z.number(),
  shape: z.enum(["step", "ramp"]),
  /** Mean level up to it (from the change before) and after it (to the next). */
  before: z.number(),
  after: z.number(),
  probability: z.number(),
});
export type LaneChangepoint = z.infer<typeof LaneChangepoint>;
