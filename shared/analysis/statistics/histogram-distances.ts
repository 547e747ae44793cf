/**
 * Total variation distance of two histograms over the same bins: half the sum
 * of the differences of shares, 0 (same) to 1 (disjoint), the largest
 * difference of the shares of any set of bins. NaN when a histogram is empty.
 */
export function totalVariation(baseline: readonly number[], incident: readonly number[]): number {
  return distanceOf(baseline, incident, (p, q) => Math.abs(p - q) / 2);
}

/**
 * Hellinger distance of two histograms over the same bins, √(1 - Σ√(p·q)),
 * 0 to 1; as NannyML's `hellinger` over the same bins. NaN when one is empty.
 */
export function hellinger(baseline: readonly number[], incident: readonly number[]): number {
  // The form with differences: 1 - Σ√(p·q) loses the digits of small distances.
  return Math.sqrt(
    distanceOf(baseline, incident, (p, q) => (Math.sqrt(p) - Math.sqrt(q)) ** 2 / 2),
  );
}

function distanceOf(
  baseline: readonly number[],
  incident: readonly number[],
  term: (p: number, q: number) => number,
): number {
  const n = baseline.reduce((s, c) => s + c, 0);
  const m = incident.reduce((s, c) => s + c, 0);
  if (n === 0 || m === 0) return NaN;
  return baseline.reduce((s, c, k) => s + term(c / n, (incident[k] ?? 0) / m), 0);
}
