/**
 * A score histogram: weights of positives and negatives by bins of the score,
 * ascending. Made from rows with one bin per distinct score all metrics are
 * exact; made from the bins of a query, ROC area and average precision are off
 * by at most `binningError` (`group-metrics.ts`).
 */
export interface ScoreHistogram {
  /** Mean score of each bin, ascending. */
  readonly scores: Float64Array;
  /** Σ w of positives and negatives in each bin. */
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  /** Σ w² of the same; equal to them where rows weigh 1. */
  readonly positiveSquares: Float64Array;
  readonly negativeSquares: Float64Array;
}

/**
 * An exact histogram of rows: one bin per distinct score. Rows whose score is
 * not a number are left out.
 * @param labels true for the positive class
 */
export function histogramOfRows(
  labels: readonly boolean[],
  scores: readonly number[],
  weights?: readonly number[],
): ScoreHistogram {
  const order = scores
    .map((_, k) => k)
    .filter((k) => !Number.isNaN(scores[k]))
    .sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  const bins: number[][] = [];
  let last = NaN;
  for (const k of order) {
    const score = scores[k] ?? 0;
    if (score !== last) bins.push([score, 0, 0, 0, 0]);
    last = score;
    const bin = bins[bins.length - 1] ?? [];
    const w = weights?.[k] ?? 1;
    const at = labels[k] === true ? 1 : 2;
    bin[at] = (bin[at] ?? 0) + w;
    bin[at + 2] = (bin[at + 2] ?? 0) + w * w;
  }
  return histogramOfBins(bins);
}

/** From `[score, Σw positives, Σw negatives, Σw² positives, Σw² negatives]` in ascending order. */
export function histogramOfBins(bins: readonly (readonly number[])[]): ScoreHistogram {
  const column = (at: number): Float64Array => Float64Array.from(bins, (b) => b[at] ?? 0);
  return {
    scores: column(0),
    positives: column(1),
    negatives: column(2),
    positiveSquares: column(3),
    negativeSquares: column(4),
  };
}

export function sum(values: Float64Array): number {
  let total = 0;
  for (const v of values) total += v;
  return total;
}
