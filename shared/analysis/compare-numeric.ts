import type { ColumnStats, Distribution, Statistic } from "../model/shift.ts";
import {
  distanceStatistics,
  histogramStatistics,
  meanStatistics,
  nullRate,
  rankStatistics,
} from "./column-statistics.ts";
import type { ColumnDraft, DraftShift } from "./draft-shift.ts";
import { compareCategories } from "./compare-categorical.ts";
import { nullShift } from "./compare-nulls.ts";
import type { CategoryCount } from "./re-encoding.ts";
import { numericSentence, sharesSentence } from "./sentences.ts";
import {
  countBetween,
  countDistinct,
  countValues,
  lowerBound,
  quantileEdges,
  upperBound,
  type ValueCounts,
} from "./statistics/bins.ts";
import { chiSquared } from "./statistics/chi-squared.ts";
import { cohensH, moments } from "./statistics/effect-sizes.ts";
import { kolmogorovSmirnovP } from "./statistics/kolmogorov-smirnov.ts";
import { mergeSamples } from "./statistics/merged-samples.ts";
import { psiNoise, psiOfCounts } from "./statistics/psi.ts";
import { quantileSorted, quantilesSorted } from "./statistics/quantiles.ts";
import { wasserstein } from "./statistics/wasserstein.ts";
import { sizeScore, type EffectName } from "./verdict.ts";

/** All values of a numeric column in one window. */
export interface NumericSample {
  /** Rows of the window. */
  readonly rows: number;
  /** Ascending, without NULL and NaN (both count as missing), with infinities. */
  readonly sorted: Float64Array;
}

/** Up to so many distinct values a number is a code as much as a quantity. */
const DISCRETE = 30;
const HISTOGRAM_BINS = 30;

/**
 * Compares a numeric column: exact two-sample KS (decides p, but for two values: a
 * rate), Cramér-von Mises,
 * Anderson-Darling, Cliff's delta and Cohen's d with intervals, PSI and the
 * distances of histograms over the baseline's deciles (over the values where
 * there are at most 30), Wasserstein distance over the baseline's standard
 * deviation. Infinities take part in ranks and outer bins, not in moments and
 * quantiles. NaN counts as missing.
 */
export function compareNumeric(
  name: string,
  baseline: NumericSample,
  incident: NumericSample,
  unit?: string,
): ColumnDraft {
  const b = baseline.sorted;
  const i = incident.sorted;
  const finiteB = finitePart(b);
  const finiteI = finitePart(i);
  const momentsB = moments(finiteB);
  const momentsI = moments(finiteI);
  const merged = mergeSamples(b, i);
  const statsB = statsOf(baseline, finiteB, momentsB, merged?.distinctBaseline);
  const statsI = statsOf(incident, finiteI, momentsI, merged?.distinctIncident);
  const statistics: Statistic[] = [];
  const shifts: DraftShift[] = [];
  const nulls = nullShift(name, statsB, statsI);
  if (nulls !== null) {
    shifts.push(nulls);
    statistics.push(nulls.statistic, ...nullRate(statsB, statsI));
  }
  if (merged === null) {
    return {
      baseline: statsB,
      incident: statsI,
      statistics,
      distribution: null,
      shifts,
    };
  }
  const { ks, delta } = merged;
  const values = countValues(b, i, DISCRETE);
  const rates = values === null ? null : compareRates(values);
  const ksP = kolmogorovSmirnovP(ks, b.length, i.length);
  const p = rates?.p ?? ksP;
  const edges = values === null ? quantileEdges(b) : [];
  const binsB = values === null ? countBetween(b, edges) : values.a;
  const binsI = values === null ? countBetween(i, edges) : values.b;
  const psi = psiOfCounts(binsB, binsI);
  const noise = psiNoise(binsB.length, b.length, i.length);
  // The merge steps over infinities, where there is no distance.
  const distance = Number.isFinite(merged.wasserstein)
    ? merged.wasserstein
    : wasserstein(finiteB, finiteI);
  statistics.push(
    ...rankStatistics(merged, ksP, b.length, i.length),
    ...meanStatistics(momentsB, momentsI),
    ...distanceStatistics(distance, momentsB),
    ...histogramStatistics(binsB, binsI),
    ...(rates === null ? [] : [{ name: "cohens_h", value: rates.measure.shown, p: rates.p }]),
  );
  // The KS distance of two samples of one population is about this by chance.
  const ksNoise = 0.87 * Math.sqrt(1 / b.length + 1 / i.length);
  const measures: { name: EffectName; shown: number; size: number }[] = [
    { name: "cliffs_delta", shown: delta, size: delta },
    { name: "ks", shown: ks, size: Math.max(0, ks - ksNoise / 2) },
    { name: "psi", shown: psi, size: Math.max(0, psi - noise) },
    ...(rates === null ? [] : [rates.measure]),
  ];
  const strongest = measures.reduce((best, m) =>
    sizeScore(m.name, m.size) > sizeScore(best.name, best.size) ? m : best,
  );
  shifts.push({
    kind: "distribution",
    statistic: { name: strongest.name, value: strongest.shown, p },
    effect: { name: "cliffs_delta", value: delta },
    measure: strongest.name,
    size: strongest.size,
    sentence:
      values !== null && (rates !== null || statsB.quantiles?.[3] === statsI.quantiles?.[3])
        ? sharesSentence(name, codes(values), b.length, i.length)
        : numericSentence(name, statsB, statsI, delta, unit),
    query: rates === null ? "numeric" : "categorical",
  });
  if (values !== null) shifts.push(...codeShifts(name, baseline, incident, values));
  return {
    baseline: statsB,
    incident: statsI,
    statistics,
    distribution: histogram(finiteB, finiteI),
    shifts,
  };
}

/**
 * A number with two values is a rate: Cohen's h measures it, and Pearson's
 * chi-squared decides (under such ties the KS test's p is far too large).
 */
function compareRates(values: ValueCounts) {
  if (values.values.length !== 2) return null;
  const test = chiSquared(values.a, values.b);
  if (test === null) return null;
  const n = values.a.reduce((sum, count) => sum + count, 0);
  const m = values.b.reduce((sum, count) => sum + count, 0);
  const h = cohensH((values.a[1] ?? 0) / n, (values.b[1] ?? 0) / m);
  // The standard error of h, whatever the rates are.
  const noise = Math.sqrt(1 / n + 1 / m);
  return {
    p: test.p,
    measure: { name: "cohens_h" as const, shown: h, size: Math.max(0, Math.abs(h) - noise / 2) },
  };
}

function codes(values: ValueCounts): CategoryCount[] {
  return values.values.map((value, index) => ({
    value: String(value),
    baseline: values.a[index] ?? 0,
    incident: values.b[index] ?? 0,
  }));
}

/** Codes that came, went or were renamed, for numbers with few distinct values. */
function codeShifts(
  name: string,
  baseline: NumericSample,
  incident: NumericSample,
  values: ValueCounts,
): DraftShift[] {
  const draft = compareCategories(name, {
    baselineRows: baseline.rows,
    incidentRows: incident.rows,
    categories: codes(values),
    other: {
      categories: 0,
      inBaseline: 0,
      inIncident: 0,
      baseline: 0,
      incident: 0,
      onlyIncident: 0,
      onlyBaseline: 0,
    },
    singletons: values.a.filter((count) => count === 1).length,
    incidentSingletons: values.b.filter((count) => count === 1).length,
  });
  return draft.shifts.filter((s) => s.kind !== "distribution" && s.kind !== "null_rate");
}

/** The part of a sorted sample between the infinities; shares its memory. */
export function finitePart(sorted: Float64Array): Float64Array {
  const first = sorted[0];
  const last = sorted[sorted.length - 1];
  if (first !== -Infinity && last !== Infinity) return sorted;
  return sorted.subarray(upperBound(sorted, -Infinity), lowerBound(sorted, Infinity));
}

function statsOf(
  sample: NumericSample,
  finite: Float64Array,
  m: { mean: number; sd: number } | null,
  distinct = countDistinct(sample.sorted),
): ColumnStats {
  return {
    rows: sample.rows,
    nulls: sample.rows - sample.sorted.length,
    distinct,
    mean: finiteOrNull(m?.mean),
    sd: finiteOrNull(m?.sd),
    min: finite[0] ?? null,
    max: finite[finite.length - 1] ?? null,
    quantiles: quantilesSorted(finite),
  };
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/**
 * Bins of equal width between the 0.5 % and 99.5 % points of both samples; what
 * lies outside is counted in the outer bins. Whole numbers of a small range get
 * a bin each.
 */
function histogram(b: Float64Array, i: Float64Array): Distribution | null {
  if (b.length === 0 && i.length === 0) return null;
  const low = lowest(b, i, 0.005);
  const high = -lowest(b, i, 0.995, -1);
  const interior: number[] = [];
  let bins = HISTOGRAM_BINS;
  let from = low;
  let width = (high - low) / bins;
  if (high === low) {
    bins = 1;
    width = Math.abs(low) * 1e-3 || 1;
    from = low - width / 2;
  } else if (
    Number.isInteger(low) &&
    Number.isInteger(high) &&
    high - low < 40 &&
    wholes(b) &&
    wholes(i)
  ) {
    bins = high - low + 1;
    width = 1;
    from = low - 0.5;
  }
  for (let k = 1; k < bins; k++) interior.push(from + k * width);
  return {
    kind: "numeric",
    edges: [from, ...interior, from + bins * width],
    baseline: countBetween(b, interior),
    incident: countBetween(i, interior),
  };
}

function lowest(b: Float64Array, i: Float64Array, level: number, sign = 1): number {
  return Math.min(
    b.length === 0 ? Infinity : sign * quantileSorted(b, level),
    i.length === 0 ? Infinity : sign * quantileSorted(i, level),
  );
}

/** Whether a sample holds whole numbers, by 200 of its values. */
function wholes(sorted: Float64Array): boolean {
  const step = Math.max(1, Math.floor(sorted.length / 200));
  for (let k = 0; k < sorted.length; k += step) {
    if (!Number.isInteger(sorted[k])) return false;
  }
  return true;
}
