import type { Statistic } from "../model/shift.ts";
import { andersonDarling } from "./statistics/anderson-darling.ts";
import type { ChiSquaredResult } from "./statistics/chi-squared.ts";
import { cramerVonMisesP } from "./statistics/cramer-von-mises.ts";
import {
  cliffsDeltaInterval,
  cohensDInterval,
  cohensHInterval,
  cramersVInterval,
  type Interval,
} from "./statistics/effect-intervals.ts";
import { cohensD, cohensH, type Moments } from "./statistics/effect-sizes.ts";
import { hellinger, totalVariation } from "./statistics/histogram-distances.ts";
import { jensenShannon } from "./statistics/jensen-shannon.ts";
import type { MergedSamples } from "./statistics/merged-samples.ts";
import { psiCritical, psiOfCounts, psiP } from "./statistics/psi.ts";

/** Siddiqi (2006); shown, since many teams have their alarms there. */
const CUSTOMARY_PSI = "customary limits: 0.1 and 0.25";

/**
 * Rank statistics of two numeric samples with their p-values, Cliff's delta
 * with its 95 % interval.
 * @param ksP the p-value of the KS distance
 */
export function rankStatistics(
  merged: MergedSamples,
  ksP: number,
  n: number,
  m: number,
): Statistic[] {
  const { delta, deltaVariance, cramerVonMises } = merged;
  const anderson = andersonDarling(merged.andersonDarling, n, m);
  return [
    { name: "ks", value: merged.ks, p: ksP },
    {
      name: "cliffs_delta",
      value: delta,
      p: null,
      ...within(cliffsDeltaInterval(delta, deltaVariance, n, m)),
    },
    { name: "cramer_von_mises", value: cramerVonMises, p: cramerVonMisesP(cramerVonMises, n, m) },
    ...(anderson === null
      ? []
      : [
          {
            name: "anderson_darling",
            value: anderson.statistic,
            p: anderson.p,
            ...(anderson.bound === null
              ? {}
              : { note: `p is ${anderson.bound} this: the table ends here` }),
          },
        ]),
  ];
}

/** Cohen's d with its 95 % interval; none where it is infinite or not defined. */
export function meanStatistics(baseline: Moments | null, incident: Moments | null): Statistic[] {
  const d = cohensD(baseline, incident);
  if (d === null || !Number.isFinite(d) || baseline === null || incident === null) return [];
  return [
    {
      name: "cohens_d",
      value: d,
      p: null,
      ...within(cohensDInterval(d, baseline.n, incident.n)),
    },
  ];
}

/**
 * The Wasserstein distance over the baseline's sample standard deviation; none
 * where that is 0. Evidently divides by the population's (n in place of n - 1)
 * and by no less than .001; NannyML leaves the distance in the column's unit and
 * estimates it from 10,000 bins where the reference has as many rows.
 */
export function distanceStatistics(distance: number, baseline: Moments | null): Statistic[] {
  const value = distance / (baseline?.sd ?? 0);
  return Number.isFinite(value) ? [{ name: "wasserstein_normed", value, p: null }] : [];
}

/**
 * Distances of two histograms over the same bins: PSI with its p and the value
 * that chance exceeds in 5 % of cases, Jensen-Shannon, total variation,
 * Hellinger. Bins that are empty in both windows count for none. Over the same
 * bins they agree with SciPy, Evidently and NannyML, but for what is said here:
 * Evidently cuts both windows together by Sturges' rule, takes natural
 * logarithms for Jensen-Shannon (√ln 2 times this) and fills empty shares with a
 * millionth of the smallest one where that is below 1e-4; NannyML cuts the
 * baseline by Doane's rule.
 */
export function histogramStatistics(
  baseline: readonly number[],
  incident: readonly number[],
): Statistic[] {
  const n = baseline.reduce((s, c) => s + c, 0);
  const m = incident.reduce((s, c) => s + c, 0);
  const used = baseline.filter((c, k) => c + (incident[k] ?? 0) > 0).length;
  const psi = psiOfCounts(baseline, incident);
  return [
    { name: "psi", value: psi, p: psiP(psi, used, n, m), note: CUSTOMARY_PSI },
    { name: "psi_critical", value: psiCritical(used, n, m), p: null },
    { name: "jensen_shannon", value: jensenShannon(baseline, incident), p: null },
    { name: "total_variation", value: totalVariation(baseline, incident), p: null },
    { name: "hellinger", value: hellinger(baseline, incident), p: null },
  ];
}

/** Chi-squared, G and Cramér's V, raw and without its bias; the latter with its 95 % interval. */
export function contingencyStatistics(test: ChiSquaredResult, total: number): Statistic[] {
  return [
    { name: "chi_squared", value: test.statistic, p: test.p },
    { name: "g_test", value: test.g, p: test.gP },
    { name: "cramers_v", value: test.cramersV, p: null },
    {
      name: "cramers_v_corrected",
      value: test.cramersVCorrected,
      p: null,
      ...within(cramersVInterval(test.statistic, test.degrees, total)),
    },
  ];
}

/** Cohen's h of the rates of missing values, with its 95 % interval; both windows have rows. */
export function nullRate(baseline: NullCount, incident: NullCount): Statistic[] {
  return rate(
    "null_rate_h",
    { hits: baseline.nulls, rows: baseline.rows },
    { hits: incident.nulls, rows: incident.rows },
  );
}

/**
 * Cohen's h of the share of one of two categories, with its 95 % interval: of
 * the last by name, so of `true` and `1`. Nothing where there are not two.
 */
export function twoCategories(
  categories: readonly {
    readonly value: string;
    readonly baseline: number;
    readonly incident: number;
  }[],
): Statistic[] {
  const [a, b] = categories;
  if (a === undefined || b === undefined || categories.length !== 2) return [];
  const [other, one] = a.value < b.value ? [a, b] : [b, a];
  return rate(
    "cohens_h",
    { hits: one.baseline, rows: one.baseline + other.baseline },
    { hits: one.incident, rows: one.incident + other.incident },
    `of the share of ${one.value}`,
  );
}

interface NullCount {
  readonly rows: number;
  readonly nulls: number;
}
interface Hits {
  readonly hits: number;
  readonly rows: number;
}

function rate(name: string, baseline: Hits, incident: Hits, note?: string): Statistic[] {
  if (baseline.rows === 0 || incident.rows === 0) return [];
  const h = cohensH(baseline.hits / baseline.rows, incident.hits / incident.rows);
  return [
    {
      name,
      value: h,
      p: null,
      ...within(cohensHInterval(h, baseline.rows, incident.rows)),
      ...(note === undefined ? {} : { note }),
    },
  ];
}

function within(interval: Interval | null): { low?: number; high?: number } {
  return interval ?? {};
}
