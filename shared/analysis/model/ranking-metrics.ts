/** Metrics of ranked lists. A list is the results of one query. */

/** Results of one query in any order: `gains` are graded relevances, 0 for irrelevant. */
export interface RankedList {
  readonly gains: readonly number[];
  readonly scores: readonly number[];
}

/**
 * NDCG@k with gain rel and discount 1/log2(rank + 1) (Järvelin and Kekäläinen
 * 2002); equal scores share the mean gain (McSherry and Najork 2008); as
 * sklearn.metrics.ndcg_score. Null where nothing is relevant (0 there).
 */
export function ndcgAtK({ gains, scores }: RankedList, k: number): number | null {
  const ideal = [...gains].sort((a, b) => b - a).slice(0, k);
  const best = ideal.reduce((s, g, rank) => s + g / Math.log2(rank + 2), 0);
  if (best <= 0) return null;
  const order = orderOf(scores);
  let dcg = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let gain = 0;
    while (end < order.length && scores[order[end] ?? 0] === scores[order[start] ?? 0]) {
      gain += gains[order[end] ?? 0] ?? 0;
      end++;
    }
    for (let rank = start; rank < Math.min(end, k); rank++) {
      dcg += gain / (end - start) / Math.log2(rank + 2);
    }
    start = end;
  }
  return dcg / best;
}

/**
 * Average precision at k: Σ precision(rank) over relevant ranks up to k, over
 * min(k, relevant) (as trec_eval's map_cut and ml_metrics' apk). Equal scores
 * are read in the worst order: irrelevant first. Null where nothing is relevant.
 */
export function averagePrecisionAtK({ gains, scores }: RankedList, k: number): number | null {
  const relevant = gains.filter((g) => g > 0).length;
  if (relevant === 0) return null;
  let hits = 0;
  let total = 0;
  orderOf(scores, gains)
    .slice(0, k)
    .forEach((at, rank) => {
      if ((gains[at] ?? 0) <= 0) return;
      hits++;
      total += hits / (rank + 1);
    });
  return total / Math.min(k, relevant);
}

/** 1 / rank of the first relevant result, 0 when beyond k; ties in the worst order. */
export function reciprocalRank({ gains, scores }: RankedList, k = Infinity): number | null {
  if (!gains.some((g) => g > 0)) return null;
  const rank = orderOf(scores, gains).findIndex((at) => (gains[at] ?? 0) > 0);
  return rank < k ? 1 / (rank + 1) : 0;
}

/** Places by falling score; with gains, equal scores by rising gain. */
function orderOf(scores: readonly number[], gains?: readonly number[]): number[] {
  return scores
    .map((_, k) => k)
    .sort(
      (a, b) =>
        (scores[b] ?? 0) - (scores[a] ?? 0) || (gains?.[a] ?? 0) - (gains?.[b] ?? 0) || a - b,
    );
}
