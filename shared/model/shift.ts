import { z } from "zod";
import { ColumnType, Layer, Role } from "./role.ts";

export const Verdict = z.enum(["none", "minor", "major"]);
export type Verdict = z.infer<typeof Verdict>;

/** Counts and quantiles of one column in one window. */
export const ColumnStats = z.object({
  rows: z.number(),
  nulls: z.number(),
  distinct: z.number(),
  mean: z.number().nullable(),
  sd: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** Quantiles at 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99; null for columns without order. */
  quantiles: z.array(z.number()).nullable(),
});
export type ColumnStats = z.infer<typeof ColumnStats>;

/** One statistic with all that is needed to judge it. */
export const Statistic = z.object({
  /** `psi`, `jensen_shannon`, `ks`, `chi_squared`, `cramers_v`, `cliffs_delta`, `cohens_d`, … */
  name: z.string(),
  value: z.number(),
  p: z.number().nullable(),
  /** 95 % confidence interval of the value, where there is one. */
  low: z.number().optional(),
  high: z.number().optional(),
  /** What to know when reading it: a customary limit, a p that is only a bound. */
  note: z.string().optional(),
});
export type Statistic = z.infer<typeof Statistic>;

/** Both windows over the same bins or categories. */
export const Distribution = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("numeric"),
    /** n+1 edges of n bins. */
    edges: z.array(z.number()),
    baseline: z.array(z.number()),
    incident: z.array(z.number()),
  }),
  z.object({
    kind: z.literal("categorical"),
    categories: z.array(z.string()),
    baseline: z.array(z.number()),
    incident: z.array(z.number()),
    /** Rows of categories beyond the listed ones. */
    otherBaseline: z.number(),
    otherIncident: z.number(),
  }),
]);
export type Distribution = z.infer<typeof Distribution>;

export const ShiftKind = z.enum([
  "distribution",
  "null_rate",
  "new_categories",
  "vanished_categories",
  "re_encoding",
  "volume",
  "level",
  "renamed",
  "retyped",
  "constant",
  "cardinality",
  "duplicates",
  "key_violation",
  "out_of_range",
  "impossible_value",
  "freshness",
  "late_arrival",
  "gaps",
  "unit",
  "default_flood",
  "truncation",
  "time_zone",
  "rule",
  "backfill",
  "leak",
  "stale",
  "unmatched",
  "correlation",
  "multivariate",
  "performance",
]);
export type ShiftKind = z.infer<typeof ShiftKind>;

/** What a person checks a shift against: an inferred mapping, a factor, a first time. */
export const Fact = z.object({ name: z.string(), value: z.string() });
export type Fact = z.infer<typeof Fact>;

/** One difference between baseline and incident. */
export const Shift = z.object({
  /** Stable within a comparison: `table/column/kind`. */
  id: z.string(),
  table: z.string(),
  kind: ShiftKind,
  /** What moved: a column of an own table, a series of `metrics`, a level or service of `logs`. */
  subject: z.object({
    type: z.enum(["column", "metric", "template", "table"]),
    name: z.string(),
  }),
  role: Role,
  layer: Layer,
  service: z.string().nullable(),
  /** The statistic that decided the verdict. */
  statistic: Statistic,
  effect: z.object({ name: z.string(), value: z.number() }),
  /** p-value of the test and its Benjamini-Hochberg correction over the comparison. */
  p: z.number().nullable(),
  q: z.number().nullable(),
  verdict: Verdict,
  /** Sort key: how much it changed, comparable over kinds, in [0, 1]. */
  score: z.number(),
  /**
   * Share of the model's change that lies in the rows where this moved, in
   * [0, 1]; left out where there is no model, where it did not change, or where
   * nothing can tell.
   */
  impact: z.number().optional(),
  /** One plain sentence for a stakeholder. */
  sentence: z.string(),
  /** Details in words, in the order in which they are shown. */
  facts: z.array(Fact).optional(),
  /** SQL from which the numbers can be repeated. */
  sql: z.string(),
  evidenceIds: z.array(z.string()),
});
export type Shift = z.infer<typeof Shift>;

/** Everything known about one column after a comparison. */
export const ColumnComparison = z.object({
  table: z.string(),
  /** Column name; for `metrics` the series key. */
  column: z.string(),
  type: ColumnType,
  role: Role,
  unit: z.string().optional(),
  baseline: ColumnStats,
  incident: ColumnStats,
  statistics: z.array(Statistic),
  distribution: Distribution.nullable(),
  shifts: z.array(Shift),
});
export type ColumnComparison = z.infer<typeof ColumnComparison>;

export const TableComparison = z.object({
  table: z.string(),
  baselineRows: z.number(),
  incidentRows: z.number(),
  columns: z.array(ColumnComparison),
  /** Shifts of the table as a whole: its keys, its freshness, its columns together. */
  shifts: z.array(Shift),
  /** What to know before trusting the comparison: shared rows, rounded numbers. */
  notes: z.array(z.string()).optional(),
  /** Why a table could not be compared (no time column, empty window); null when it was. */
  skipped: z.string().nullable(),
});
export type TableComparison = z.infer<typeof TableComparison>;
