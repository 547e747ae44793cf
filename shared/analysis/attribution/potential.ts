/** A leaf's expected and actual amount. */
export interface Forecast {
  readonly expected: number;
  readonly actual: number;
}

/**
 * Adtributor's surprise of a dimension (Bhagwan et al. 2014, section 3.2): the
 * Jensen-Shannon divergence, in nats, of the shares of the expected and the
 * actual total; 0 to ln 2. Of a ratio, the sum of numerator's and denominator's.
 * Amounts below zero count as 0.
 */
export function surprise(elements: readonly Forecast[]): number {
  const sum = (read: (f: Forecast) => number): number =>
    elements.reduce((s, f) => s + Math.max(0, read(f)), 0);
  const expected = sum((f) => f.expected);
  const actual = sum((f) => f.actual);
  if (expected <= 0 || actual <= 0) return 0;
  let total = 0;
  for (const f of elements) {
    const p = Math.max(0, f.expected) / expected;
    const q = Math.max(0, f.actual) / actual;
    if (p > 0) total += p * Math.log((2 * p) / (p + q));
    if (q > 0) total += q * Math.log((2 * q) / (p + q));
  }
  return Math.max(0, total / 2);
}

/**
 * Squeeze's generalized potential score of a set of leaves (Li et al. 2019,
 * section III-D): 1 where, by the ripple effect, all leaves of the set move by
 * the set's own factor and all others stay as expected; 0 or less where the set
 * says nothing. Null where nothing differs from what is expected, or nothing is
 * expected of the set. It gives a
 * leaf of one row the weight of a leaf of a million, and so it is told, but the
 * search does not go by it.
 */
export function generalizedPotential(
  inside: readonly Forecast[],
  outside: readonly Forecast[],
): number | null {
  const expected = inside.reduce((s, f) => s + f.expected, 0);
  if (expected === 0) return null;
  const actual = inside.reduce((s, f) => s + f.actual, 0);
  const factor = actual / expected;
  const mean = (list: readonly Forecast[], guess: (f: Forecast) => number): number =>
    list.length === 0
      ? 0
      : list.reduce((s, f) => s + Math.abs(f.actual - guess(f)), 0) / list.length;
  const rest = mean(outside, (f) => f.expected);
  const before = mean(inside, (f) => f.expected) + rest;
  return before === 0 ? null : 1 - (mean(inside, (f) => f.expected * factor) + rest) / before;
}
