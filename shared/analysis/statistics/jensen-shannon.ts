/**
 * Jensen-Shannon distance, base 2, of two histograms over the same bins: the
 * square root of the divergence, 0 (same) to 1 (disjoint); as
 * scipy.spatial.distance.jensenshannon(p, q, base=2). NaN when a histogram is
 * empty.
 */
export function jensenShannon(baseline: readonly number[], incident: readonly number[]): number {
  const n = baseline.reduce((s, c) => s + c, 0);
  const m = incident.reduce((s, c) => s + c, 0);
  if (n === 0 || m === 0) return NaN;
  let sum = 0;
  for (let i = 0; i < baseline.length; i++) {
    const p = (baseline[i] ?? 0) / n;
    const q = (incident[i] ?? 0) / m;
    const middle = (p + q) / 2;
    if (p > 0) sum += p * Math.log2(p / middle);
    if (q > 0) sum += q * Math.log2(q / middle);
  }
  return Math.sqrt(Math.max(0, sum / 2));
}
