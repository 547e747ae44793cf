import { chiSquaredSf } from "../statistics/special-functions.ts";
import type { SparseCounts } from "./unit-counts.ts";

/** Fewest buckets of which a spread is told. */
const LEAST_BUCKETS = 8;

/**
 * Variance over mean of counts per bucket (index of dispersion, Fano factor), 1
 * for a Poisson process, at least 1: the largest over buckets joined by 1, 2, 4, …,
 * as long as eight remain, so that bursts longer than a bucket count as such.
 * 1 where there are fewer buckets or no lines.
 * @param buckets whole buckets of the window, empty ones included
 */
export function dispersionOf(sparse: SparseCounts, buckets: number): number {
  let largest = 1;
  for (let width = 1; Math.floor(buckets / width) >= LEAST_BUCKETS; width *= 2) {
    const n = Math.floor(buckets / width);
    const joined = new Map<number, number>();
    sparse.places.forEach((place, k) => {
      const at = Math.floor(place / width);
      if (at < n) joined.set(at, (joined.get(at) ?? 0) + (sparse.counts[k] ?? 0));
    });
    let sum = 0;
    let squares = 0;
    for (const count of joined.values()) {
      sum += count;
      squares += count * count;
    }
    if (sum === 0) continue;
    const variance = (squares - (sum * sum) / n) / (n - 1);
    largest = Math.max(largest, variance / (sum / n));
  }
  return largest;
}

export interface RatioInterval {
  readonly low: number;
  /** Infinity where the baseline has none. */
  readonly high: number;
}

/** 99 % point of chi-squared with one degree of freedom. */
const LIMIT = 6.634896601021213;

/**
 * 99 % likelihood-ratio interval of the ratio of two Poisson rates (incident
 * over baseline), by bisection: all ratios r for which 2·(l(r̂) - l(r)) ≤ 6.63,
 * conditional on the sum (Przyborowski and Wilenski 1940). With the counts divided
 * by the dispersion it is the quasi-likelihood interval of an overdispersed
 * process (McCullagh and Nelder 1989, ch. 9); counts may be fractions and zero.
 * @param exposure incident's length over the baseline's
 */
export function rateRatioInterval(
  baseline: number,
  incident: number,
  exposure: number,
): RatioInterval {
  const total = baseline + incident;
  if (total === 0) return { low: 0, high: Infinity };
  // The share of the incident p = r·e / (1 + r·e).
  const entropy = (p: number): number =>
    (incident === 0 ? 0 : incident * Math.log(p)) +
    (baseline === 0 ? 0 : baseline * Math.log1p(-p));
  const best = incident / total;
  const top =
    (incident === 0 ? 0 : incident * Math.log(best)) +
    (baseline === 0 ? 0 : baseline * Math.log1p(-best));
  const isIn = (p: number): boolean => 2 * (top - entropy(p)) <= LIMIT;
  const ratio = (p: number): number => p / (1 - p) / exposure;
  return {
    low: incident === 0 ? 0 : ratio(edge(best, 0, isIn)),
    high: baseline === 0 ? Infinity : ratio(edge(best, 1, isIn)),
  };
}

/** The last point from `inside` towards `outside` where it still holds. */
function edge(inside: number, outside: number, isIn: (p: number) => boolean): number {
  let [a, b] = [inside, outside];
  for (let k = 0; k < 200 && Math.abs(b - a) > 1e-15; k++) {
    const middle = (a + b) / 2;
    if (isIn(middle)) a = middle;
    else b = middle;
  }
  return a;
}

/**
 * Largest change of a stretch of the baseline against the rest of it, in the
 * direction of `rises`, as a factor of 1 or more; half a line is added to what was
 * found and to what was expected. Null where there is no room for `parts` stretches.
 */
export function largestPlacebo(
  sparse: SparseCounts,
  buckets: number,
  parts: number,
  rises: boolean,
): number | null {
  if (buckets < 2 * parts) return null;
  const counts = new Array<number>(parts).fill(0);
  sparse.places.forEach((place, k) => {
    const part = Math.min(parts - 1, Math.floor((place * parts) / buckets));
    counts[part] = (counts[part] ?? 0) + (sparse.counts[k] ?? 0);
  });
  const total = counts.reduce((sum, c) => sum + c, 0);
  const factors = counts.map((c) => {
    const factor = shrunkRatio(c, (total - c) / (parts - 1));
    return rises ? factor : 1 / factor;
  });
  return Math.max(1, ...factors);
}

/** Found over expected, with half a line added to both (Haldane 1956; Anscombe 1956). */
export function shrunkRatio(found: number, expected: number): number {
  return (found + 0.5) / (expected + 0.5);
}

export interface LogOdds {
  readonly delta: number;
  readonly z: number;
}

/**
 * Log-odds ratio of a template's lines among all, incident over baseline, with an
 * informative Dirichlet prior, and in standard errors: Monroe, Colaresi and Quinn
 * (2008), eqs. 16, 20 and 22. The prior has the template's share of both windows,
 * and the weight of a tenth of the smaller one's lines.
 */
export function logOddsRatio(
  baseline: number,
  baselineTotal: number,
  incident: number,
  incidentTotal: number,
): LogOdds {
  const total = baselineTotal + incidentTotal;
  const weight = Math.max(1, Math.min(baselineTotal, incidentTotal) / 10);
  const prior = weight * ((baseline + incident) / total);
  if (prior === 0) return { delta: 0, z: 0 };
  const odds = (y: number, n: number): number =>
    Math.log((y + prior) / Math.max(n + weight - y - prior, Number.MIN_VALUE));
  // A template that is all there is has no odds.
  if (prior >= weight) return { delta: 0, z: 0 };
  const delta = odds(incident, incidentTotal) - odds(baseline, baselineTotal);
  const variance = 1 / (incident + prior) + 1 / (baseline + prior);
  return { delta, z: delta / Math.sqrt(variance) };
}

/** p of a G statistic of a 2×2 table over its dispersion: quasi-likelihood. */
export function overdispersedP(g: number, dispersion: number): number {
  return chiSquaredSf(g / dispersion, 1);
}

/**
 * Share of the buckets, in (0, 1], that hold four fifths of the lines: small for a
 * burst, .8 for an even stream. 1 for no lines.
 */
export function spreadOf(sparse: SparseCounts, buckets: number): number {
  const total = sparse.counts.reduce((sum, c) => sum + c, 0);
  let held = 0;
  let used = 0;
  for (const c of sparse.counts.toSorted((a, b) => b - a)) {
    if (held >= 0.8 * total) break;
    held += c;
    used++;
  }
  return total === 0 ? 1 : used / Math.max(1, buckets);
}
