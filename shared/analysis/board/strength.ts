import type { ParameterChange, StackChange, TemplateChange } from "../../model/log-comparison.ts";
import type { MetricChange } from "../../model/model-checks.ts";
import type { Shift, Verdict } from "../../model/shift.ts";
import { metricSize } from "../model/metric-rules.ts";
import { sizeScore, thresholdScore } from "../verdict.ts";

/**
 * One order over all sources. Every kind of change has its own effect size and its
 * own thresholds; what they share is where a size lies between them (`sizeScore`):
 * a third of the scale for each verdict. A verdict that was lowered, because the
 * baseline does as much by itself or because chance can, keeps its own third.
 */
const BANDS: Readonly<Record<Verdict, readonly [number, number]>> = {
  none: [0, 1 / 3],
  minor: [1 / 3, 2 / 3],
  major: [2 / 3, 1],
};

function inBand(verdict: Verdict, score: number): number {
  const [low, high] = BANDS[verdict];
  return Math.min(high, Math.max(low, score));
}

/** Of a column, series or table. */
export function shiftStrength({ verdict, score }: Shift): number {
  return inBand(verdict, score);
}

/** Of a template: by the end of its interval that is nearer to no change. */
export function templateStrength(change: TemplateChange): number {
  const { verdict, ratioLow, ratioHigh } = change;
  const up = Math.max(1, ratioLow);
  const down = ratioHigh === null || ratioHigh === 0 ? 1 : Math.max(1, 1 / ratioHigh);
  return inBand(verdict, sizeScore("volume", Math.log2(Math.max(up, down))));
}

/** Of a stack trace: by how often it was there, per time; half a trace is added to both. */
export function stackStrength(
  { verdict, baseline, incident }: StackChange,
  exposure: number,
): number {
  const ratio = (incident + 0.5) / (baseline * exposure + 0.5);
  return inBand(verdict, sizeScore("volume", Math.log2(ratio)));
}

/** Of a parameter: its numbers, or the share of one value, whichever changed more. */
export function parameterStrength({ verdict, numeric, value }: ParameterChange): number {
  const scores = [
    numeric === null ? 0 : sizeScore("ks", numeric.ks),
    value === null ? 0 : sizeScore("cohens_h", value.h),
  ];
  return inBand(verdict, Math.max(...scores));
}

/** Metrics of models saturate at this many times what is major. */
const METRIC_MOST = 6;

/** Of a metric of a model. */
export function metricStrength(change: MetricChange): number {
  const found = metricSize(change);
  if (found === null) return 0;
  const { size, minor, major } = found;
  return inBand(change.verdict, thresholdScore({ minor, major, most: METRIC_MOST * major }, size));
}
