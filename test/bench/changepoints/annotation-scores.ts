/** Changepoints by annotator: 0-based indices of the first point after each change. */
export type Annotations = Readonly<Record<string, readonly number[]>>;

/**
 * Mean over annotators of the covering of their segmentation by the predicted
 * one: each annotated segment's best Jaccard index, weighted by its length. As
 * van den Burg and Williams, "An Evaluation of Change Point Detection
 * Algorithms" (2020), section 4.1, and metrics.py of TCPDBench define it.
 * @param length number of points of the series
 */
export function coveringOf(
  annotations: Annotations,
  predicted: readonly number[],
  length: number,
): number {
  const found = segmentsOf(predicted, length);
  const covers = Object.values(annotations).map((places) => {
    const weighted = segmentsOf(places, length).map(
      (segment) =>
        (segment.end - segment.start) * Math.max(...found.map((f) => jaccard(segment, f))),
    );
    return weighted.reduce((s, v) => s + v, 0) / length;
  });
  return covers.reduce((s, v) => s + v, 0) / covers.length;
}

/**
 * F1 against several annotators, as the same source defines it: precision
 * against the changepoints of all together, recall as the mean over annotators;
 * index 0 is in every set; a prediction within `margin` counts, once.
 */
export function f1Of(annotations: Annotations, predicted: readonly number[], margin = 5): number {
  const found = withZero(predicted);
  const annotators = Object.values(annotations).map(withZero);
  const all = withZero(annotators.flat());
  const precision = matches(all, found, margin) / found.length;
  const recalls = annotators.map((places) => matches(places, found, margin) / places.length);
  const recall = recalls.reduce((s, v) => s + v, 0) / recalls.length;
  return (2 * precision * recall) / (precision + recall);
}

interface Segment {
  readonly start: number;
  readonly end: number;
}

function segmentsOf(places: readonly number[], length: number): Segment[] {
  const starts = withZero(places).filter((p) => p < length);
  return starts.map((start, k) => ({ start, end: starts[k + 1] ?? length }));
}

function jaccard(a: Segment, b: Segment): number {
  const shared = Math.min(a.end, b.end) - Math.max(a.start, b.start);
  return shared <= 0 ? 0 : shared / (Math.max(a.end, b.end) - Math.min(a.start, b.start));
}

const withZero = (places: readonly number[]): number[] =>
  [...new Set([0, ...places])].sort((a, b) => a - b);

/** How many of `places`, in ascending order, find a prediction of their own: the nearest left. */
function matches(places: readonly number[], found: readonly number[], margin: number): number {
  const left = new Set(found);
  let count = 0;
  for (const place of places) {
    const near = [...left]
      .filter((x) => Math.abs(x - place) <= margin)
      .sort((a, b) => Math.abs(a - place) - Math.abs(b - place) || a - b)[0];
    if (near === undefined) continue;
    left.delete(near);
    count++;
  }
  return count;
}
