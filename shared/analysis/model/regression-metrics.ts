import type { Estimate, MetricName } from "../../model/model-checks.ts";
import { normalInterval } from "./intervals.ts";

/**
 * Sums over rows of errors e = prediction - label and of d = label - centre,
 * plain and (suffix 2) with squared weights for standard errors. `ape` is
 * |e / label| over the `apeWeight` of labels other than 0.
 */
export interface RegressionSums {
  readonly n: number;
  readonly w: number;
  readonly e: number;
  readonly abs: number;
  readonly ee: number;
  readonly d: number;
  readonly dd: number;
  readonly apeWeight: number;
  readonly ape: number;
  readonly w2: number;
  readonly e2: number;
  readonly abs2: number;
  readonly ee2: number;
  readonly eeee2: number;
  readonly ape2: number;
  readonly apeape2: number;
  readonly apeWeight2: number;
  readonly d2: number;
  readonly dd2: number;
  readonly ddd2: number;
  readonly dddd2: number;
  readonly eed2: number;
  readonly eedd2: number;
}

/** The SQL aggregate of each sum, over columns `e`, `d`, `w` and `ape`. */
export const REGRESSION_SUMS: Readonly<Record<keyof RegressionSums, string>> = {
  n: "count(*)",
  w: "sum(w)",
  e: "sum(w * e)",
  abs: "sum(w * abs(e))",
  ee: "sum(w * e * e)",
  d: "sum(w * d)",
  dd: "sum(w * d * d)",
  apeWeight: "coalesce(sum(w) FILTER (WHERE ape IS NOT NULL), 0)",
  ape: "coalesce(sum(w * ape), 0)",
  w2: "sum(w * w)",
  e2: "sum(w * w * e)",
  abs2: "sum(w * w * abs(e))",
  ee2: "sum(w * w * e * e)",
  eeee2: "sum(w * w * e * e * e * e)",
  ape2: "coalesce(sum(w * w * ape), 0)",
  apeape2: "coalesce(sum(w * w * ape * ape), 0)",
  apeWeight2: "coalesce(sum(w * w) FILTER (WHERE ape IS NOT NULL), 0)",
  d2: "sum(w * w * d)",
  dd2: "sum(w * w * d * d)",
  ddd2: "sum(w * w * d * d * d)",
  dddd2: "sum(w * w * d * d * d * d)",
  eed2: "sum(w * w * e * e * d)",
  eedd2: "sum(w * w * e * e * d * d)",
};

/** The same sums of rows in memory. */
export function regressionSums(
  labels: readonly number[],
  predictions: readonly number[],
  weights?: readonly number[],
): RegressionSums {
  const centre = labels.reduce((s, y) => s + y, 0) / Math.max(1, labels.length);
  const s: Record<keyof RegressionSums, number> = { ...NOTHING };
  labels.forEach((y, k) => {
    const e = (predictions[k] ?? NaN) - y;
    const d = y - centre;
    const w = weights?.[k] ?? 1;
    const v = w * w;
    const ape = y === 0 ? 0 : Math.abs(e / y);
    const some = y === 0 ? 0 : 1;
    s.n++;
    s.w += w;
    s.e += w * e;
    s.abs += w * Math.abs(e);
    s.ee += w * e * e;
    s.d += w * d;
    s.dd += w * d * d;
    s.apeWeight += w * some;
    s.ape += w * ape;
    s.w2 += v;
    s.e2 += v * e;
    s.abs2 += v * Math.abs(e);
    s.ee2 += v * e * e;
    s.eeee2 += v * e ** 4;
    s.ape2 += v * ape;
    s.apeape2 += v * ape * ape;
    s.apeWeight2 += v * some;
    s.d2 += v * d;
    s.dd2 += v * d * d;
    s.ddd2 += v * d ** 3;
    s.dddd2 += v * d ** 4;
    s.eed2 += v * e * e * d;
    s.eedd2 += v * e * e * d * d;
  });
  return s;
}

const NOTHING: RegressionSums = {
  n: 0,
  w: 0,
  e: 0,
  abs: 0,
  ee: 0,
  d: 0,
  dd: 0,
  apeWeight: 0,
  ape: 0,
  w2: 0,
  e2: 0,
  abs2: 0,
  ee2: 0,
  eeee2: 0,
  ape2: 0,
  apeape2: 0,
  apeWeight2: 0,
  d2: 0,
  dd2: 0,
  ddd2: 0,
  dddd2: 0,
  eed2: 0,
  eedd2: 0,
};

/**
 * MAE, RMSE, MAPE, R² and bias (mean of prediction - label) with intervals by
 * the delta method. As scikit-learn, but MAPE leaves out labels of 0, where
 * scikit-learn divides by 2e-16. R² is left out where labels are constant.
 */
export function regressionMetrics(s: RegressionSums): Map<MetricName, Estimate> {
  const out = new Map<MetricName, Estimate>();
  if (s.w <= 0) return out;
  const error = (sumOfSquares: number): number => Math.sqrt(Math.max(0, sumOfSquares)) / s.w;
  const mae = s.abs / s.w;
  out.set("mae", normalInterval(mae, error(s.ee2 - 2 * mae * s.abs2 + mae * mae * s.w2), 0));
  const mse = s.ee / s.w;
  const rmse = Math.sqrt(mse);
  const ofMse = error(s.eeee2 - 2 * mse * s.ee2 + mse * mse * s.w2);
  out.set("rmse", normalInterval(rmse, rmse > 0 ? ofMse / (2 * rmse) : 0, 0));
  const bias = s.e / s.w;
  out.set("bias", normalInterval(bias, error(s.ee2 - 2 * bias * s.e2 + bias * bias * s.w2)));
  if (s.apeWeight > 0) {
    const mape = s.ape / s.apeWeight;
    const variance = s.apeape2 - 2 * mape * s.ape2 + mape * mape * s.apeWeight2;
    out.set("mape", normalInterval(mape, Math.sqrt(Math.max(0, variance)) / s.apeWeight, 0));
  }
  const mean = s.d / s.w;
  const total = s.dd - s.w * mean * mean;
  if (total > s.dd * 1e-12) {
    const r2 = 1 - s.ee / total;
    out.set(
      "r2",
      normalInterval(r2, Math.sqrt(Math.max(0, r2Variance(s, mean, total))), -Infinity, 1),
    );
  }
  return out;
}

/** Variance of R² = 1 - A/T: each row moves it by (-e² + (A/T)(d - mean)²)/T. */
function r2Variance(s: RegressionSums, mean: number, total: number): number {
  const k = s.ee / total;
  const eedd = s.eedd2 - 2 * mean * s.eed2 + mean * mean * s.ee2;
  const dddd =
    s.dddd2 - 4 * mean * s.ddd2 + 6 * mean ** 2 * s.dd2 - 4 * mean ** 3 * s.d2 + mean ** 4 * s.w2;
  return (s.eeee2 - 2 * k * eedd + k * k * dddd) / (total * total);
}
