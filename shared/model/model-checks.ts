import { z } from "zod";
import { Distribution, Statistic, Verdict } from "./shift.ts";

/** A value with its 95 % interval. */
export const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });
export type Estimate = z.infer<typeof Estimate>;

/** What a model does, as far as its prediction and label columns say. */
export const ModelTask = z.enum(["binary", "multiclass", "regression", "ranking"]);
export type ModelTask = z.infer<typeof ModelTask>;

export const MetricName = z.enum([
  "accuracy",
  "balanced_accuracy",
  "precision",
  "recall",
  "f1",
  "mcc",
  "roc_auc",
  "average_precision",
  "log_loss",
  "brier",
  "calibration_error",
  "calibration_error_mass",
  "precision_macro",
  "recall_macro",
  "f1_macro",
  "f1_micro",
  "f1_weighted",
  "roc_auc_macro",
  "roc_auc_weighted",
  "mae",
  "rmse",
  "mape",
  "r2",
  "bias",
  "ndcg",
  "map",
  "mrr",
  "ctr",
  "label_rate",
  "prediction_rate",
]);
export type MetricName = z.infer<typeof MetricName>;

/** One metric in both windows. Null where it is not defined (no positives, say). */
export const MetricChange = z.object({
  metric: MetricName,
  baseline: Estimate.nullable(),
  incident: Estimate.nullable(),
  /** Incident minus baseline. */
  change: Estimate.nullable(),
  /** Two-sided, of the change, by normal approximation; q is corrected over all groups. */
  p: z.number().nullable(),
  q: z.number().nullable(),
  direction: z.enum(["better", "worse", "neither"]),
  verdict: Verdict,
});
export type MetricChange = z.infer<typeof MetricChange>;

/** Rows behind a set of metrics. */
export const Support = z.object({
  rows: z.number(),
  /** Rows with label and prediction (or score) that take part. */
  labelled: z.number(),
  /** Rows of the positive class; null where there is none. */
  positives: z.number().nullable(),
});
export type Support = z.infer<typeof Support>;

/** Metrics of the rows with one value in a column. */
export const GroupChecks = z.object({
  column: z.string(),
  value: z.string(),
  baseline: Support,
  incident: Support,
  metrics: z.array(MetricChange),
});
export type GroupChecks = z.infer<typeof GroupChecks>;

/** Metrics of one stretch of time, `[from, to)` in µs UTC. */
export const TimedMetrics = z.object({
  from: z.number(),
  to: z.number(),
  window: z.enum(["baseline", "incident"]),
  support: Support,
  metrics: z.array(z.object({ metric: MetricName, estimate: Estimate })),
});
export type TimedMetrics = z.infer<typeof TimedMetrics>;

/** How far labels have arrived. */
export const LabelMaturity = z.object({
  baselineShare: z.number(),
  incidentShare: z.number(),
  /** Share of rows with a label by age (µs before the table's last row), youngest first. */
  byAge: z.array(
    z.object({ from: z.number(), to: z.number(), rows: z.number(), labelled: z.number() }),
  ),
  /** Rows from here on (µs UTC) stay out of realised metrics; null when none do. */
  immatureFrom: z.number().nullable(),
  /** Labelled rows that were left out for it. */
  leftOut: z.number(),
  statement: z.string().nullable(),
});
export type LabelMaturity = z.infer<typeof LabelMaturity>;

/** Bins of a reliability diagram that hold rows. */
export const ReliabilityBin = z.object({
  from: z.number(),
  to: z.number(),
  rows: z.number(),
  meanScore: z.number(),
  positiveRate: Estimate,
});
export type ReliabilityBin = z.infer<typeof ReliabilityBin>;

/** How the scores themselves moved; needs no labels. */
export const ConfidenceShift = z.object({
  statistics: z.array(Statistic),
  /** Share of scores within 0.1 of the decision threshold; null when scores are no probabilities. */
  nearThreshold: z.object({ baseline: z.number(), incident: z.number() }).nullable(),
  /** Share of rows less certain than all but 1 % of the baseline; null as above. */
  outliers: z.object({ baseline: z.number(), incident: z.number() }).nullable(),
  distribution: Distribution,
  verdict: Verdict,
  statement: z.string(),
});
export type ConfidenceShift = z.infer<typeof ConfidenceShift>;

/** Performance without labels, from calibrated scores. */
export const EstimatedPerformance = z.object({
  calibration: z.enum(["isotonic", "platt"]),
  /** Labelled baseline rows the calibration was fitted on. */
  fittedOn: z.number(),
  metrics: z.array(MetricChange),
  /** Estimated over time, in both windows. */
  overTime: z.array(TimedMetrics),
  assumptions: z.array(z.string()),
  statement: z.string(),
});
export type EstimatedPerformance = z.infer<typeof EstimatedPerformance>;

/** A change of one metric split into inputs, class shares and concept. */
export const Decomposition = z.object({
  metric: MetricName,
  /** Inputs compared by a domain classifier over the features, or by bins of the score alone. */
  method: z.enum(["domain_classifier", "score_bins"]),
  /** Which story the split follows: inputs moved, or only the class shares did. */
  path: z.enum(["covariate_shift", "label_shift"]),
  baseline: z.number(),
  incident: z.number(),
  change: Estimate,
  /** Parts that add up to the change. */
  parts: z.object({ inputs: Estimate, labels: Estimate, concept: Estimate }),
  /** The change that class shares alone would bring, P(x|y) kept. */
  ifOnlyLabels: z.number(),
  /** Area under ROC of telling the windows apart by inputs (cross-fitted); 0.5 is no shift. */
  domainAuc: z.number().nullable(),
  /** How far the inputs of both windows lie over each other: 1 the same, 0 apart. */
  overlap: z.number(),
  /** Rows of each window the split was computed on, sampled by hash where fewer than all. */
  rows: z.object({ baseline: z.number(), incident: z.number(), sampled: z.boolean() }),
  /** Class weights q(y)/p(y) that the predictions imply (BBSE), and the realised ones. */
  labelWeights: z
    .array(z.object({ label: z.string(), implied: z.number().nullable(), realised: z.number() }))
    .nullable(),
  statement: z.string(),
});
export type Decomposition = z.infer<typeof Decomposition>;

/** Performance of the model behind one table, baseline against incident. */
export const ModelChecks = z.object({
  table: z.string(),
  /** Why nothing could be checked; null when something was. */
  skipped: z.string().nullable(),
  task: ModelTask.nullable(),
  columns: z.object({
    label: z.string().nullable(),
    prediction: z.string().nullable(),
    scores: z.array(z.string()),
    weight: z.string().nullable(),
    query: z.string().nullable(),
  }),
  /** Classes as they are compared, most frequent first; empty for numbers. */
  classes: z.array(z.string()),
  positiveClass: z.string().nullable(),
  /** How columns were read, in words: which class is positive, whose probability the score is. */
  readings: z.array(z.string()),
  baseline: Support,
  incident: Support,
  labels: LabelMaturity.nullable(),
  metrics: z.array(MetricChange),
  /** ROC area and average precision come from binned scores; they are off by at most this. */
  binningError: z.number().nullable(),
  reliability: z
    .object({ baseline: z.array(ReliabilityBin), incident: z.array(ReliabilityBin) })
    .nullable(),
  overTime: z.array(TimedMetrics),
  segments: z.array(GroupChecks),
  versions: z.array(GroupChecks),
  confidence: ConfidenceShift.nullable(),
  estimated: EstimatedPerformance.nullable(),
  decompositions: z.array(Decomposition),
  statements: z.array(z.string()),
  /** SQL from which the numbers can be repeated. */
  sql: z.string(),
});
export type ModelChecks = z.infer<typeof ModelChecks>;

/** One model version against the version before it. */
export const VersionComparison = z.object({
  table: z.string(),
  column: z.string(),
  /** In the order in which they were first seen; `from`, `to` in µs UTC. */
  versions: z.array(
    z.object({
      version: z.string(),
      from: z.number().nullable(),
      to: z.number().nullable(),
      support: Support,
    }),
  ),
  /** Each version with enough rows against the one before it; `baseline` is the earlier one. */
  steps: z.array(
    z.object({ before: z.string(), after: z.string(), metrics: z.array(MetricChange) }),
  ),
  statements: z.array(z.string()),
  skipped: z.string().nullable(),
});
export type VersionComparison = z.infer<typeof VersionComparison>;

/** A training table against a serving table. */
export const TrainingServing = z.object({
  training: z.string(),
  serving: z.string(),
  rows: z.object({ training: z.number(), serving: z.number() }),
  /** Columns that only one side has, or that have another type. */
  schema: z.array(
    z.object({
      column: z.string(),
      change: z.enum(["only_training", "only_serving", "retyped"]),
      why: z.string(),
    }),
  ),
  columns: z.array(
    z.object({
      column: z.string(),
      statistics: z.array(Statistic),
      verdict: Verdict,
      score: z.number(),
      /** Share of serving rows outside the range or categories of the training rows. */
      unseen: z.number(),
      missing: z.object({ training: z.number(), serving: z.number() }),
      sentence: z.string(),
    }),
  ),
  /** Where both sides have labels; `baseline` is training. */
  metrics: z.array(MetricChange),
  statements: z.array(z.string()),
});
export type TrainingServing = z.infer<typeof TrainingServing>;

/** All that a case's tables say about its models. */
export const ModelPerformance = z.object({
  checks: z.array(ModelChecks),
  versions: z.array(VersionComparison),
  trainingServing: z.array(TrainingServing),
});
export type ModelPerformance = z.infer<typeof ModelPerformance>;
