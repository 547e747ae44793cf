import type { Estimate, MetricChange, MetricName } from "../../model/model-checks.ts";
import type { Verdict } from "../../model/shift.ts";
import { benjaminiHochberg } from "../statistics/benjamini-hochberg.ts";
import { cohensH } from "../statistics/effect-sizes.ts";
import { Q_LIMIT } from "../verdict.ts";
import { differenceInterval, pOfInterval } from "./intervals.ts";

/** From which size on a change of a metric counts, and which way is better. */
interface MetricRule {
  readonly label: string;
  readonly better: "higher" | "lower" | "neither";
  /** `absolute` in the metric's unit, `relative` to the baseline, or Cohen's h of two rates. */
  readonly scale: "absolute" | "relative" | "cohens_h";
  readonly minor: number;
  readonly major: number;
}

const share = (label: string): MetricRule => ({
  label,
  better: "higher",
  scale: "absolute",
  minor: 0.02,
  major: 0.05,
});
const loss = (label: string, minor = 0.1, major = 0.25): MetricRule => ({
  label,
  better: "lower",
  scale: "relative",
  minor,
  major,
});
const rate = (label: string): MetricRule => ({
  label,
  better: "neither",
  scale: "cohens_h",
  minor: 0.2,
  major: 0.5,
});

/**
 * Thresholds of a verdict: 2 and 5 points for what lies in [0, 1] (a fall of
 * 5 points of ROC area takes a tenth of what lies between chance and a perfect
 * model), 10 % and 25 % of the baseline for losses and errors.
 */
export const METRIC_RULES: Readonly<Record<MetricName, MetricRule>> = {
  accuracy: share("accuracy"),
  balanced_accuracy: share("balanced accuracy"),
  precision: share("precision"),
  recall: share("recall"),
  f1: share("F1"),
  mcc: { ...share("MCC"), minor: 0.04, major: 0.1 },
  roc_auc: share("ROC AUC"),
  average_precision: share("average precision (PR AUC)"),
  log_loss: loss("log loss"),
  brier: loss("Brier score"),
  calibration_error: {
    ...share("calibration error (equal-width bins)"),
    better: "lower",
  },
  calibration_error_mass: {
    ...share("calibration error (equal-mass bins)"),
    better: "lower",
  },
  precision_macro: share("macro precision"),
  recall_macro: share("macro recall"),
  f1_macro: share("macro F1"),
  f1_micro: share("micro F1"),
  f1_weighted: share("weighted F1"),
  roc_auc_macro: share("macro ROC AUC"),
  roc_auc_weighted: share("weighted ROC AUC"),
  mae: loss("MAE"),
  rmse: loss("RMSE"),
  mape: loss("MAPE"),
  r2: { ...share("R²"), minor: 0.05, major: 0.1 },
  bias: { label: "bias", better: "neither", scale: "absolute", minor: Infinity, major: Infinity },
  ndcg: share("NDCG"),
  map: share("MAP"),
  mrr: share("MRR"),
  ctr: { ...loss("click-through rate"), better: "higher" },
  label_rate: rate("share of the positive class"),
  prediction_rate: rate("share predicted positive"),
};

/**
 * The change of one metric. The verdict comes from the size of the change by
 * `METRIC_RULES`; it stands only when the 95 % interval of the change leaves
 * out 0. q is filled in by `correctGroups`.
 */
export function metricChange(
  metric: MetricName,
  baseline: Estimate | null,
  incident: Estimate | null,
): MetricChange {
  if (baseline === null || incident === null) {
    return {
      metric,
      baseline,
      incident,
      change: null,
      p: null,
      q: null,
      direction: "neither",
      verdict: "none",
    };
  }
  const change = differenceInterval(baseline, incident);
  const rule = METRIC_RULES[metric];
  const certain = change.low > 0 || change.high < 0;
  const better = rule.better === "higher" ? change.value > 0 : change.value < 0;
  return {
    metric,
    baseline,
    incident,
    change,
    p: pOfInterval(change),
    q: null,
    direction:
      change.value === 0 || rule.better === "neither" ? "neither" : better ? "better" : "worse",
    verdict: certain ? verdictOf(rule, baseline.value, incident.value) : "none",
  };
}

function verdictOf(rule: MetricRule, baseline: number, incident: number): Verdict {
  const size = sizeOf(rule, baseline, incident);
  return size >= rule.major ? "major" : size >= rule.minor ? "minor" : "none";
}

function sizeOf(rule: MetricRule, baseline: number, incident: number): number {
  if (rule.scale === "cohens_h") return Math.abs(cohensH(baseline, incident));
  const difference = Math.abs(incident - baseline);
  return rule.scale === "absolute" ? difference : difference / Math.abs(baseline);
}

/** Size of a change with the thresholds that its verdict is judged by; null where a side is missing. */
export function metricSize({
  metric,
  baseline,
  incident,
}: MetricChange): { size: number; minor: number; major: number } | null {
  if (baseline === null || incident === null) return null;
  const rule = METRIC_RULES[metric];
  const { minor, major } = rule;
  return { size: sizeOf(rule, baseline.value, incident.value), minor, major };
}

/** All metrics that either side has, in the order of the rules. */
export function metricChanges(
  baseline: ReadonlyMap<MetricName, Estimate>,
  incident: ReadonlyMap<MetricName, Estimate>,
): MetricChange[] {
  return (Object.keys(METRIC_RULES) as MetricName[]).flatMap((metric) =>
    baseline.has(metric) || incident.has(metric)
      ? [metricChange(metric, baseline.get(metric) ?? null, incident.get(metric) ?? null)]
      : [],
  );
}

/**
 * Benjamini-Hochberg over all metrics of all groups: a hundred segments show
 * something by chance. A verdict whose q is above the limit becomes `none`.
 */
export function correctGroups<G extends { readonly metrics: MetricChange[] }>(
  groups: readonly G[],
): G[] {
  const all = groups.flatMap((g) => g.metrics.filter((m) => m.p !== null));
  const corrected = benjaminiHochberg(all.map((m) => m.p ?? 1));
  const q = new Map(all.map((m, k) => [m, corrected[k] ?? 1]));
  return groups.map((g) => ({
    ...g,
    metrics: g.metrics.map((m) => {
      const value = q.get(m) ?? null;
      return { ...m, q: value, verdict: value !== null && value < Q_LIMIT ? m.verdict : "none" };
    }),
  }));
}
