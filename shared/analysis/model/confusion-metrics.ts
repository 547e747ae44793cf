/** Metrics of hard decisions, from a confusion matrix of weights. */

/** Rows of truth, columns of prediction, in the same order of classes. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** A binary confusion matrix as four weights. */
export interface BinaryConfusion {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

export type Average = "macro" | "micro" | "weighted";

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

export function accuracy({ tp, fp, fn, tn }: BinaryConfusion): number | null {
  return ratio(tp + tn, tp + fp + fn + tn);
}

/** Null without predicted positives, where scikit-learn warns and says 0. */
export function precision({ tp, fp }: BinaryConfusion): number | null {
  return ratio(tp, tp + fp);
}

/** Null without positives, where scikit-learn warns and says 0. */
export function recall({ tp, fn }: BinaryConfusion): number | null {
  return ratio(tp, tp + fn);
}

/** 2TP / (2TP + FP + FN); as sklearn.metrics.f1_score. */
export function f1({ tp, fp, fn }: BinaryConfusion): number | null {
  return ratio(2 * tp, 2 * tp + fp + fn);
}

/** Mean of recall and specificity; null where a class is absent. */
export function balancedAccuracy({ tp, fp, fn, tn }: BinaryConfusion): number | null {
  const sensitivity = ratio(tp, tp + fn);
  const specificity = ratio(tn, tn + fp);
  return sensitivity === null || specificity === null ? null : (sensitivity + specificity) / 2;
}

/** Matthews' correlation coefficient; null where truth or prediction is constant. */
export function mcc({ tp, fp, fn, tn }: BinaryConfusion): number | null {
  return multiclassMcc([
    [tn, fp],
    [fn, tp],
  ]);
}

/** Share of rows on the diagonal; equals micro-averaged precision, recall and F1. */
export function multiclassAccuracy(matrix: ConfusionMatrix): number | null {
  const { diagonal, total } = margins(matrix);
  return ratio(
    diagonal.reduce((s, d) => s + d, 0),
    total,
  );
}

/** Mean recall over the classes that occur in the truth (sklearn.metrics.balanced_accuracy_score). */
export function multiclassBalancedAccuracy(matrix: ConfusionMatrix): number | null {
  const { diagonal, truth } = margins(matrix);
  const recalls = truth.flatMap((t, k) => (t > 0 ? [(diagonal[k] ?? 0) / t] : []));
  return ratio(
    recalls.reduce((s, r) => s + r, 0),
    recalls.length,
  );
}

/** Gorodkin's multiclass R_K (2004); as sklearn.metrics.matthews_corrcoef. */
export function multiclassMcc(matrix: ConfusionMatrix): number | null {
  const { diagonal, truth, predicted, total } = margins(matrix);
  const correct = diagonal.reduce((s, d) => s + d, 0);
  let both = 0;
  let truths = 0;
  let predictions = 0;
  truth.forEach((t, k) => {
    const p = predicted[k] ?? 0;
    both += t * p;
    truths += t * t;
    predictions += p * p;
  });
  const square = (total * total - truths) * (total * total - predictions);
  return square > 0 ? (correct * total - both) / Math.sqrt(square) : null;
}

/**
 * Precision, recall and F1 over classes that occur in truth or prediction; as
 * sklearn.metrics.precision_recall_fscore_support(zero_division=0).
 */
export function averaged(
  matrix: ConfusionMatrix,
  average: Average,
): { precision: number; recall: number; f1: number } | null {
  const { diagonal, truth, predicted, total } = margins(matrix);
  if (total <= 0) return null;
  if (average === "micro") {
    const share = diagonal.reduce((s, d) => s + d, 0) / total;
    return { precision: share, recall: share, f1: share };
  }
  const sums = { precision: 0, recall: 0, f1: 0, weight: 0 };
  truth.forEach((t, k) => {
    const p = predicted[k] ?? 0;
    const hit = diagonal[k] ?? 0;
    if (t <= 0 && p <= 0) return;
    const weight = average === "macro" ? 1 : t;
    sums.precision += weight * (p > 0 ? hit / p : 0);
    sums.recall += weight * (t > 0 ? hit / t : 0);
    sums.f1 += (weight * 2 * hit) / (t + p);
    sums.weight += weight;
  });
  const { weight } = sums;
  return {
    precision: sums.precision / weight,
    recall: sums.recall / weight,
    f1: sums.f1 / weight,
  };
}

interface Margins {
  diagonal: number[];
  truth: number[];
  predicted: number[];
  total: number;
}

function margins(matrix: ConfusionMatrix): Margins {
  const size = matrix.length;
  const out: Margins = {
    diagonal: matrix.map((row, k) => row[k] ?? 0),
    truth: matrix.map((row) => row.reduce((s, v) => s + v, 0)),
    predicted: new Array<number>(size).fill(0),
    total: 0,
  };
  for (const row of matrix) {
    row.forEach((v, k) => {
      out.predicted[k] = (out.predicted[k] ?? 0) + v;
      out.total += v;
    });
  }
  return out;
}
