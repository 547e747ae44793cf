import { z } from "zod";
import { Estimate } from "./model-checks.ts";

/** What is watched: each is a sum over rows, or a sum over another one. */
export const AttributionMetric = z.discriminatedUnion("kind", [
  /** Rows per hour. */
  z.object({ kind: z.literal("rows") }),
  /** Σ column per hour. */
  z.object({ kind: z.literal("sum"), column: z.string() }),
  /** Mean of a number; share of true. */
  z.object({ kind: z.literal("mean"), column: z.string() }),
  /** Σ numerator / Σ denominator. */
  z.object({ kind: z.literal("ratio"), numerator: z.string(), denominator: z.string() }),
  /** Share of rows with prediction = label. */
  z.object({ kind: z.literal("accuracy"), prediction: z.string(), label: z.string() }),
  /** Mean of |prediction - label|. */
  z.object({ kind: z.literal("absolute_error"), prediction: z.string(), label: z.string() }),
  /** Mean of (score - label)²: the Brier score where the label is 0 or 1. */
  z.object({ kind: z.literal("squared_error"), score: z.string(), label: z.string() }),
]);
export type AttributionMetric = z.infer<typeof AttributionMetric>;

/** One value of a column; null is a missing value. */
export const SegmentPredicate = z.object({ column: z.string(), value: z.string().nullable() });
export type SegmentPredicate = z.infer<typeof SegmentPredicate>;

/** A segment in one window. */
export const SegmentSide = z.object({
  /** Rows with a value of the metric. */
  rows: z.number(),
  /** Share of the denominator (of the rows, for a mean); of the total, for rows and sums. */
  share: z.number(),
  /** The metric in the segment; null without rows. */
  value: z.number().nullable(),
});
export type SegmentSide = z.infer<typeof SegmentSide>;

/** What a segment adds to the change of the metric. */
export const SegmentChange = z.object({
  /** Conditions that all hold. Empty for the rows of no listed segment. */
  where: z.array(SegmentPredicate),
  baseline: SegmentSide,
  incident: SegmentSide,
  /** By its changed share of rows, and by its changed value. `mix + rate = total`. */
  mix: z.number(),
  rate: z.number(),
  /** With its 95 % interval. */
  total: Estimate,
});
export type SegmentChange = z.infer<typeof SegmentChange>;

/** All segments of a column move one way, the whole moves the other. */
export const SimpsonParadox = z.object({
  /** The change at constant shares, with its 95 % interval. */
  adjusted: Estimate,
  /** Segments that move against the whole, of those compared, and their share of rows. */
  against: z.number(),
  compared: z.number(),
  share: z.number(),
  sentence: z.string(),
});
export type SimpsonParadox = z.infer<typeof SimpsonParadox>;

/** The whole change over the values of one column. */
export const DimensionSplit = z.object({
  column: z.string(),
  /** Sums over the segments; `mix + rate` is the change. */
  mix: z.number(),
  rate: z.number(),
  /** Adtributor's surprise of the column: Jensen-Shannon divergence in nats, 0 to ln 2. */
  surprise: z.number(),
  /** Largest part first; rare values together come last, without a condition. */
  segments: z.array(SegmentChange),
  /** How many values stand together in the last segment. */
  pooled: z.number(),
  simpson: SimpsonParadox.nullable(),
});
export type DimensionSplit = z.infer<typeof DimensionSplit>;

/** A segment that explains a part of the change. */
export const AttributionCause = z.object({
  /**
   * `rate`: the metric changed within the segment. `mix`: its share of rows did.
   * `volume`: its rows or sum did. `everywhere`: the change is alike in all
   * segments; there are no conditions.
   */
  kind: z.enum(["rate", "mix", "volume", "everywhere"]),
  segment: SegmentChange,
  /** The rows outside this and all other causes. */
  elsewhere: z.object({ baseline: z.number().nullable(), incident: z.number().nullable() }),
  /** Part of the whole change; may be above 1 or negative. Null where the whole did not change. */
  share: z.number().nullable(),
  /** Of the scan, and its p-value over all candidates (Bonferroni). */
  statistic: z.number(),
  p: z.number(),
  /** How far the same segment differs between the halves of the baseline; null when not known. */
  usual: z.number().nullable(),
  /** Squeeze's generalized potential score, at most 1: how alike the change is within, how absent outside. */
  potential: z.number().nullable(),
  sentence: z.string(),
});
export type AttributionCause = z.infer<typeof AttributionCause>;

export const WaterfallStep = z.object({
  label: z.string(),
  /** Empty for the rest. */
  where: z.array(SegmentPredicate),
  from: z.number(),
  to: z.number(),
});
export type WaterfallStep = z.infer<typeof WaterfallStep>;

/** From the baseline's value to the incident's; each step begins where the last one ended. */
export const Waterfall = z.object({
  baseline: z.number(),
  incident: z.number(),
  steps: z.array(WaterfallStep),
});
export type Waterfall = z.infer<typeof Waterfall>;

/** Where the change of a metric is. */
export const Attribution = z.object({
  table: z.string(),
  metric: AttributionMetric,
  /** What the metric is called: `mean of price`, `rows per hour`. */
  name: z.string(),
  unit: z.string().nullable(),
  /** Whether the metric is a sum, so that segments have no mix. */
  additive: z.boolean(),
  baseline: SegmentSide,
  incident: SegmentSide,
  /** Incident minus baseline. */
  change: Estimate,
  /** The change between two halves of the baseline; null where it cannot be halved. */
  usualChange: z.number().nullable(),
  /** How the baseline was halved. */
  halves: z.enum(["time", "chance"]).nullable(),
  /** By how much segments vary more between the halves than independent rows would (variance ratio, 1 or more). */
  inflation: z.number(),
  /** Whether the whole changed by more than chance and than the halves of the baseline differ by. */
  changed: z.boolean(),
  /** Strongest first. Empty where nothing stands out. */
  causes: z.array(AttributionCause),
  /** Part of the change that the causes explain together; null where the whole did not change. */
  explained: z.number().nullable(),
  waterfall: Waterfall,
  /** Highest surprise first. */
  dimensions: z.array(DimensionSplit),
  /** How many combinations were looked at, over which columns. */
  searched: z.object({
    columns: z.array(z.string()),
    combinations: z.number(),
    depth: z.number(),
  }),
  /** What was left out, and why. */
  limits: z.array(z.string()),
  sentence: z.string(),
  statements: z.array(z.string()),
  /** SQL from which the numbers of the causes, or of the whole, can be repeated. */
  sql: z.string(),
  /** Why nothing could be attributed; null when something was. */
  skipped: z.string().nullable(),
});
export type Attribution = z.infer<typeof Attribution>;
