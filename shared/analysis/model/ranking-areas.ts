import type { Estimate } from "../../model/model-checks.ts";
import { normalInterval } from "./intervals.ts";
import { sum, type ScoreHistogram } from "./score-histogram.ts";

/**
 * Area under the ROC curve: P(score of a positive > of a negative), ties
 * counted half; as sklearn.metrics.roc_auc_score. Null where a class is absent.
 */
export function rocAuc(h: ScoreHistogram): number | null {
  const positives = sum(h.positives);
  const negatives = sum(h.negatives);
  if (positives <= 0 || negatives <= 0) return null;
  let below = 0;
  let area = 0;
  for (let k = 0; k < h.scores.length; k++) {
    const n = h.negatives[k] ?? 0;
    area += (h.positives[k] ?? 0) * (below + n / 2);
    below += n;
  }
  return area / positives / negatives;
}

/**
 * ROC area with DeLong's interval (DeLong, DeLong and Clarke-Pearson 1988):
 * variance of the placements of positives among negatives, and the reverse, in
 * one pass over the bins (as Sun and Xu 2014 do over ranks). Σw²/(Σw)² stands
 * for 1/n where rows are weighted.
 */
export function rocAucInterval(h: ScoreHistogram): Estimate | null {
  const area = rocAuc(h);
  if (area === null) return null;
  const positives = sum(h.positives);
  const negatives = sum(h.negatives);
  let negativesBelow = 0;
  let positivesBelow = 0;
  let ofPositives = 0;
  let ofNegatives = 0;
  for (let k = 0; k < h.scores.length; k++) {
    const p = h.positives[k] ?? 0;
    const n = h.negatives[k] ?? 0;
    const placement = (negativesBelow + n / 2) / negatives;
    const reverse = 1 - (positivesBelow + p / 2) / positives;
    ofPositives += (h.positiveSquares[k] ?? 0) * (placement - area) ** 2;
    ofNegatives += (h.negativeSquares[k] ?? 0) * (reverse - area) ** 2;
    negativesBelow += n;
    positivesBelow += p;
  }
  const variance =
    unbiased(positives, sum(h.positiveSquares)) * (ofPositives / positives ** 2) +
    unbiased(negatives, sum(h.negativeSquares)) * (ofNegatives / negatives ** 2);
  return normalInterval(area, Math.sqrt(variance), 0, 1);
}

/** n / (n - 1) with the effective number of rows. */
function unbiased(total: number, squares: number): number {
  const rows = (total * total) / squares;
  return rows > 1 ? rows / (rows - 1) : 1;
}

/**
 * Average precision, Σ (R_k - R_k-1) P_k from the highest score down; as
 * sklearn.metrics.average_precision_score. Its interval is that of the delta
 * method over the bins. Null without positives.
 */
export function averagePrecision(h: ScoreHistogram): Estimate | null {
  const positives = sum(h.positives);
  if (positives <= 0) return null;
  const size = h.scores.length;
  const precisions = new Float64Array(size);
  // Σ over this and lower bins of ∂P/∂TP and -∂P/∂FP, times the bin's positives.
  const gain = new Float64Array(size + 1);
  const loss = new Float64Array(size + 1);
  let tp = 0;
  let fp = 0;
  let value = 0;
  for (let k = size - 1; k >= 0; k--) {
    tp += h.positives[k] ?? 0;
    fp += h.negatives[k] ?? 0;
    precisions[k] = tp + fp > 0 ? tp / (tp + fp) : 0;
    value += ((h.positives[k] ?? 0) / positives) * (precisions[k] ?? 0);
  }
  for (let k = 0; k < size; k++) {
    const all = (tp + fp) ** 2;
    gain[k + 1] = (gain[k] ?? 0) + (all > 0 ? ((h.positives[k] ?? 0) * fp) / all : 0);
    loss[k + 1] = (loss[k] ?? 0) + (all > 0 ? ((h.positives[k] ?? 0) * tp) / all : 0);
    tp -= h.positives[k] ?? 0;
    fp -= h.negatives[k] ?? 0;
  }
  let variance = 0;
  for (let k = 0; k < size; k++) {
    const ofPositive = ((precisions[k] ?? 0) - value + (gain[k + 1] ?? 0)) / positives;
    const ofNegative = (loss[k + 1] ?? 0) / positives;
    variance += (h.positiveSquares[k] ?? 0) * ofPositive ** 2;
    variance += (h.negativeSquares[k] ?? 0) * ofNegative ** 2;
  }
  return normalInterval(value, Math.sqrt(variance), 0, 1);
}

/**
 * One-versus-rest ROC areas put together: `macro` is their mean, `weighted`
 * counts each by its class's rows; as roc_auc_score(multi_class="ovr"). Null
 * where a class has no rows of its own or no others.
 */
export function rocAucOneVersusRest(
  histograms: readonly ScoreHistogram[],
  average: "macro" | "weighted",
): number | null {
  let total = 0;
  let weight = 0;
  for (const h of histograms) {
    const area = rocAuc(h);
    if (area === null) return null;
    const w = average === "macro" ? 1 : sum(h.positives);
    total += w * area;
    weight += w;
  }
  return weight > 0 ? total / weight : null;
}
