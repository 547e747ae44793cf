/** The cost of one segment, for {@link segmentSeries}. */
export interface SegmentCost {
  /** Number of points. */
  readonly length: number;
  /** Cost of the points `start` to `end` (exclusive) as one segment. */
  readonly of: (start: number, end: number) => number;
  /** Most by which cutting a segment in two may raise the cost; 0 for sums of losses. */
  readonly slack?: number;
}

export interface SegmentationOptions {
  /** What one change must save, in the unit of the cost. */
  readonly penalty: number;
  /** Least number of points of a segment; 2 unless told. */
  readonly minLength?: number;
}

/**
 * The segmentation of least penalised cost: sum of segment costs plus `penalty`
 * for each change. PELT of Killick, Fearnhead and Eckley, "Optimal detection of
 * changepoints with a linear computational cost" (JASA 2012): exact, linear in
 * the length where changes are many and quadratic at worst. A start that pruning
 * rules out at `t` is still tried until `t + minLength`: before that the
 * better segmentation through `t` would have too short a segment.
 * @returns the first index of each segment but the first, ascending
 */
export function segmentSeries(cost: SegmentCost, options: SegmentationOptions): number[] {
  const { penalty, minLength = 2 } = options;
  const { length: n, slack = 0 } = cost;
  const least = new Float64Array(n + 1).fill(Infinity);
  const previous = new Int32Array(n + 1);
  const retired = new Int32Array(n + 1).fill(n + 1);
  least[0] = -penalty;
  let starts: number[] = [0];
  const costs = new Float64Array(n + 1);
  for (let end = minLength; end <= n; end++) {
    let best = Infinity;
    let from = 0;
    for (const start of starts) {
      const value = (least[start] ?? Infinity) + cost.of(start, end);
      costs[start] = value;
      if (value + penalty < best) {
        best = value + penalty;
        from = start;
      }
    }
    least[end] = best;
    previous[end] = from;
    const kept: number[] = [];
    for (const start of starts) {
      if ((costs[start] ?? 0) > best + slack) {
        retired[start] = Math.min(retired[start] ?? n, end + minLength);
      }
      if (end + 1 < (retired[start] ?? n)) kept.push(start);
    }
    const next = end + 1 - minLength;
    if (next >= minLength) kept.push(next);
    starts = kept;
  }
  return changesOf(previous, n);
}

function changesOf(previous: Int32Array, n: number): number[] {
  const changes: number[] = [];
  for (let at = previous[n] ?? 0; at > 0; at = previous[at] ?? 0) changes.push(at);
  return changes.reverse();
}
