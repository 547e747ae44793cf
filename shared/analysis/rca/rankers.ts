import { quantileSorted } from "../statistics/quantiles.ts";
import type { DependencyGraph } from "./dependencies.ts";
import type { Sides } from "./series-points.ts";

/**
 * BARO's robust scorer: the largest distance of the incident's values from the
 * baseline's median, in its interquartile ranges. Pham, Ha, Zhang, "BARO: Robust
 * Root Cause Analysis for Microservices", FSE 2024 (`fse-baro`, RobustScaler).
 * A range of 0 counts as 1, as there. NaN without a value on either side.
 */
export function robustScore({ before, after }: Sides): number {
  if (before.length === 0 || after.length === 0) return Number.NaN;
  const sorted = [...before].sort((a, b) => a - b);
  const spread = quantileSorted(sorted, 0.75) - quantileSorted(sorted, 0.25);
  return farthest(after, quantileSorted(sorted, 0.5), spread === 0 ? 1 : spread);
}

/**
 * N-sigma: the largest distance of the incident's values from the baseline's mean,
 * in its standard deviations (0 counts as 1, as scikit-learn's StandardScaler has it).
 */
export function sigmaScore({ before, after }: Sides): number {
  if (before.length === 0 || after.length === 0) return Number.NaN;
  const mean = before.reduce((sum, v) => sum + v, 0) / before.length;
  const variance = before.reduce((sum, v) => sum + (v - mean) ** 2, 0) / before.length;
  return farthest(after, mean, variance === 0 ? 1 : Math.sqrt(variance));
}

function farthest(values: readonly number[], centre: number, scale: number): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value - centre) / scale);
  return most;
}

const RESTART = 0.15;
const ROUNDS = 100;

/**
 * Random walk with restart over the calls, from caller to callee, as MicroRCA
 * does (Wu et al., NOMS 2020): who asks for trouble walks to where it comes from.
 * A step goes to a callee in proportion to its own trouble, or stays in
 * proportion to the service's; it restarts at services in proportion to theirs.
 * @param trouble of each service, 0 or more
 * @returns the share of time at each service; they sum to 1 where there is trouble
 */
export function walkScores(
  trouble: ReadonlyMap<string, number>,
  graph: DependencyGraph,
): Map<string, number> {
  const services = [...trouble.keys()];
  const sum = services.reduce((all, s) => all + (trouble.get(s) ?? 0), 0);
  if (sum === 0) return new Map();
  const start = new Map(services.map((s) => [s, (trouble.get(s) ?? 0) / sum]));
  let share = start;
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Map(services.map((s) => [s, RESTART * (start.get(s) ?? 0)]));
    for (const service of services) {
      const ways = [service, ...(graph.get(service) ?? [])].filter((s) => trouble.has(s));
      const weights = ways.map((s) => trouble.get(s) ?? 0);
      const all = weights.reduce((total, w) => total + w, 0);
      const mass = (1 - RESTART) * (share.get(service) ?? 0);
      for (const [k, way] of ways.entries()) {
        const part = all === 0 ? (way === service ? 1 : 0) : (weights[k] ?? 0) / all;
        next.set(way, (next.get(way) ?? 0) + mass * part);
      }
    }
    share = next;
  }
  return share;
}

/**
 * Kendall's coefficient of concordance of several rankings of the same items,
 * without ties (`W = 12 S / (m² (n³ - n))`, Kendall and Babington Smith 1939).
 * @param rankings each with the ranks 1 to n in the order of the items
 * @returns null for fewer than two rankings or two items
 */
export function concordance(rankings: readonly (readonly number[])[]): number | null {
  const n = rankings[0]?.length ?? 0;
  const m = rankings.length;
  if (m < 2 || n < 2) return null;
  const sums = Array.from({ length: n }, (_, k) => rankings.reduce((s, r) => s + (r[k] ?? 0), 0));
  const mean = sums.reduce((s, v) => s + v, 0) / n;
  const spread = sums.reduce((s, v) => s + (v - mean) ** 2, 0);
  return (12 * spread) / (m ** 2 * (n ** 3 - n));
}
