import { z } from "zod";
import { Estimate } from "./model-checks.ts";
import { Shift, Verdict } from "./shift.ts";

/** How strongly two columns go together. */
export const AssociationMeasure = z.enum(["spearman", "cramers_v", "correlation_ratio"]);
export type AssociationMeasure = z.infer<typeof AssociationMeasure>;

/** Pearson's correlation over all rows of both windows. */
export const PearsonPair = z.object({
  baseline: z.number().nullable(),
  incident: z.number().nullable(),
});
export type PearsonPair = z.infer<typeof PearsonPair>;

/** Two columns that go together differently in the two windows. */
export const PairChange = z.object({
  a: z.string(),
  b: z.string(),
  measure: AssociationMeasure,
  baseline: z.number(),
  incident: z.number(),
  /** Incident minus baseline. */
  change: z.number(),
  /** Two standard deviations between stretches of the baseline, beyond chance; 0 or more. */
  usual: z.number(),
  /** Cohen's q: difference of the Fisher-transformed values. */
  cohensQ: z.number(),
  /** Two-sided p of the Fisher z test, and its Benjamini-Hochberg correction over all pairs. */
  p: z.number(),
  q: z.number(),
  verdict: Verdict,
  /** Over all rows, where both columns are numbers. */
  pearson: PearsonPair.nullable(),
  sentence: z.string(),
  /** SQL that computes the pair's numbers over all rows. */
  sql: z.string(),
});
export type PairChange = z.infer<typeof PairChange>;

export const CorrelationChange = z.object({
  columns: z.array(z.string()),
  /** Square matrices in the order of `columns`; null where a side has no variance or too few rows. */
  baseline: z.array(z.array(z.number().nullable())),
  incident: z.array(z.array(z.number().nullable())),
  /** Correlation matrix distance, 0 (equal up to scale) to 1. */
  distance: z.number().nullable(),
  /** The same between two halves of the baseline. */
  usualDistance: z.number().nullable(),
  /** How many pairs were compared, and how many of them changed by verdict. */
  compared: z.number(),
  changed: z.number(),
  /** The largest changes, changed pairs first. */
  pairs: z.array(PairChange),
});
export type CorrelationChange = z.infer<typeof CorrelationChange>;

/** A column by which the windows are told apart. */
export const Driver = z.object({
  column: z.string(),
  /** ROC area lost on held-out rows when the column's values are shuffled. */
  importance: z.number(),
  /** Share of the trees' gain, 0 to 1. */
  gain: z.number(),
  /** ROC area of the column alone, cross-fitted. */
  alone: z.number(),
});
export type Driver = z.infer<typeof Driver>;

/** How well a row's window can be told from its columns. */
export const DomainClassifier = z.object({
  /** Cross-validated ROC area with DeLong's 95 % interval. */
  auc: Estimate,
  /** The same classifier between two halves of the baseline; null where it cannot be halved. */
  placebo: Estimate.nullable(),
  /** How the baseline was halved. */
  halves: z.enum(["time", "chance"]).nullable(),
  folds: z.number(),
  rows: z.object({ baseline: z.number(), incident: z.number() }),
  columns: z.array(z.string()),
  drivers: z.array(Driver),
  verdict: Verdict,
  /** Of the difference from the placebo. */
  p: z.number().nullable(),
});
export type DomainClassifier = z.infer<typeof DomainClassifier>;

/** Mean reconstruction error of the rows of one window in a stretch of time. */
export const ReconstructionPoint = z.object({
  window: z.enum(["baseline", "incident"]),
  /** µs UTC, half-open. */
  from: z.number(),
  to: z.number(),
  rows: z.number(),
  error: z.number(),
  /** Standard error of the mean. */
  standardError: z.number(),
  outside: z.boolean(),
});
export type ReconstructionPoint = z.infer<typeof ReconstructionPoint>;

export const Reconstruction = z.object({
  columns: z.array(z.string()),
  components: z.number(),
  /** Share of the variance that the components keep. */
  explained: z.number(),
  /** µs; null without a time column. */
  bucket: z.number().nullable(),
  points: z.array(ReconstructionPoint),
  /** Mean of the baseline's buckets and three standard deviations around it; null with few buckets. */
  band: Estimate.nullable(),
  baselineError: z.number(),
  incidentError: z.number(),
  /** Cohen's d of the rows' errors. */
  effect: z.number(),
  verdict: Verdict,
});
export type Reconstruction = z.infer<typeof Reconstruction>;

/** Differences between two windows that no column shows alone. */
export const Multivariate = z.object({
  table: z.string(),
  baselineRows: z.number(),
  incidentRows: z.number(),
  /** Rows that were read: all, or a part chosen by the hash of the row's number. */
  sampled: z.object({ baseline: z.number(), incident: z.number(), whole: z.boolean() }),
  /** Columns that no part uses, or that the classifier had to leave out, each with the reason. */
  leftOut: z.array(z.object({ column: z.string(), why: z.string() })),
  correlations: CorrelationChange.nullable(),
  classifier: DomainClassifier.nullable(),
  reconstruction: Reconstruction.nullable(),
  /** What was found, in words, the strongest first; then what could not be done. */
  statements: z.array(z.string()),
  /** Verdicts above none, of the table as a whole. */
  shifts: z.array(Shift),
  /** Why nothing could be compared; null when something was. */
  skipped: z.string().nullable(),
});
export type Multivariate = z.infer<typeof Multivariate>;
