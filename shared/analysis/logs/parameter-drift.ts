import type { NumericSummary, ParameterChange } from "../../model/log-comparison.ts";
import type { Verdict } from "../../model/shift.ts";
import { formatNumber, formatShare, quoteValue } from "../sentences.ts";
import { kolmogorovSmirnov, ksDistance } from "../statistics/kolmogorov-smirnov.ts";
import { twoProportions } from "../statistics/two-proportions.ts";
import { cohensH } from "../statistics/effect-sizes.ts";
import { sizeVerdict } from "../verdict.ts";
import type { ParameterSample, ParameterValues } from "./parameter-sample.ts";
import { parseQuantity } from "./quantity.ts";

/** Fewer values of a window tell nothing. */
export const LEAST_VALUES = 20;
/** A parameter is a number when so many of its values are. */
const NUMERIC_SHARE = 0.95;
/** A number with more values than this is no code. */
const MOST_CODES = 50;
/** A value is dominant from this share of the lines on. */
const DOMINANT = 0.2;
/** … when it is met over half of the incident: the id of a request comes often, but briefly. */
const LEAST_LIFE = 0.5;
/** A median or 95 % point that moved by less is not major, however narrow the values are. */
const LEAST_MOVE = 0.1;

/** A parameter before correction: `p` is the smaller of its tests', for Benjamini-Hochberg. */
export interface ParameterDraft extends Omit<ParameterChange, "q"> {
  readonly p: number;
}

interface Timed {
  readonly value: string;
  readonly at: number;
}

/**
 * Compares one parameter between the windows: a number by the two-sample
 * Kolmogorov-Smirnov distance, a text or a code by the value whose share rose most
 * (Cohen's h). Both count only beyond what a part of the baseline's time and the
 * rest of it differ by, so that counters, ids and times of day, which move always, are
 * no change. Null where a window has fewer than `LEAST_VALUES` values.
 */
export function compareParameter(
  parameter: ParameterValues,
  baselineSample: ParameterSample,
  incidentParameter: ParameterValues,
  incidentSample: ParameterSample,
): ParameterDraft | null {
  const baseline = timedValues(parameter.values, baselineSample.times);
  const during = timedValues(incidentParameter.values, incidentSample.times);
  if (baseline.length < LEAST_VALUES || during.length < LEAST_VALUES) return null;
  const values = baseline.map((t) => t.value);
  const incident = during.map((t) => t.value);
  const numeric = compareNumbers(values, incident, parameter.unit);
  const distinct = new Set([...values, ...incident]).size;
  const value = numeric === null || distinct <= MOST_CODES ? compareDominant(values, during) : null;
  const byNumber = numeric === null ? "none" : numberVerdict(numeric);
  const byValue =
    value === null
      ? "none"
      : sizeVerdict("cohens_h", Math.max(0, Math.abs(value.h) - value.placebo));
  const isValue = value !== null && rank(byValue) >= rank(byNumber) && byValue !== "none";
  const { name, after, source } = parameter;
  return {
    ...{ name, after, source, numeric, value },
    verdict: isValue ? byValue : byNumber,
    p: Math.min(numeric?.p ?? 1, value?.p ?? 1),
    sentence: isValue
      ? `${quoteValue(value.value)} in ${formatShare(value.incident)} of the lines, ${formatShare(value.baseline)} before`
      : numeric === null
        ? `${formatNumber(distinct)} values, none newly frequent`
        : numberSentence(numeric),
  };
}

/** Values with their times, the earlier ones first. */
function timedValues(values: readonly (string | null)[], times: readonly number[]): Timed[] {
  return values
    .flatMap((value, k): Timed[] => (value === null ? [] : [{ value, at: times[k] ?? 0 }]))
    .sort((a, b) => a.at - b.at);
}

/** The baseline comes in order of time, for its halves. */
function compareNumbers(
  baseline: readonly string[],
  incident: readonly string[],
  unit: string | null,
): ParameterChange["numeric"] {
  const before = numbersOf(baseline);
  const after = numbersOf(incident);
  if (before === null || after === null || before.unit !== after.unit) return null;
  const all = sorted(before.values);
  const now = sorted(after.values);
  const test = kolmogorovSmirnov(all, now);
  if (test === null) return null;
  return {
    unit: before.unit ?? unit,
    baseline: summaryOf(all),
    incident: summaryOf(now),
    ks: test.statistic,
    p: test.p,
    placebo: largestOf(before.values, (part, rest) => ksDistance(sorted(part), sorted(rest))),
  };
}

function numbersOf(texts: readonly string[]): { values: number[]; unit: string | null } | null {
  const found = texts.flatMap((t) => parseQuantity(t) ?? []);
  if (found.length < NUMERIC_SHARE * texts.length) return null;
  const unit = found[0]?.unit ?? null;
  const alike = found.filter((q) => q.unit === unit);
  if (alike.length < NUMERIC_SHARE * texts.length) return null;
  return { values: alike.map((q) => q.value), unit };
}

/** Parts of the baseline, in order of time, that are held against the rest; two where they would be small. */
const PARTS = 4;
const LEAST_PART = 40;

function largestOf<T>(
  inOrder: readonly T[],
  differ: (part: readonly T[], rest: readonly T[]) => number,
): number {
  const parts = inOrder.length >= PARTS * LEAST_PART ? PARTS : 2;
  const edge = (k: number): number => Math.floor((k * inOrder.length) / parts);
  const sizes = Array.from({ length: parts }, (_, k) => {
    const [from, to] = [edge(k), edge(k + 1)];
    return differ(inOrder.slice(from, to), [...inOrder.slice(0, from), ...inOrder.slice(to)]);
  });
  return Math.max(...sizes);
}

function sorted(values: readonly number[]): Float64Array<ArrayBuffer> {
  return Float64Array.from(values).sort();
}

function summaryOf(values: Float64Array): NumericSummary {
  return { n: values.length, median: quantile(values, 0.5), p95: quantile(values, 0.95) };
}

/** Linear between order statistics (type 7), as numpy.quantile; of values sorted ascending. */
export function quantile(values: Float64Array, q: number): number {
  const at = (values.length - 1) * q;
  const low = values[Math.floor(at)] ?? NaN;
  const high = values[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}

function numberVerdict(numeric: NonNullable<ParameterChange["numeric"]>): Verdict {
  const size = Math.max(0, numeric.ks - numeric.placebo);
  const verdict = sizeVerdict("ks", size);
  const { baseline, incident } = numeric;
  const moved = Math.max(
    relative(baseline.median, incident.median),
    relative(baseline.p95, incident.p95),
  );
  return verdict === "major" && moved < LEAST_MOVE ? "minor" : verdict;
}

function relative(before: number, after: number): number {
  return before === after
    ? 0
    : Math.abs(after - before) / Math.max(Math.abs(before), Number.MIN_VALUE);
}

/** The value whose share rose most among those that are dominant in the incident. */
function compareDominant(
  baseline: readonly string[],
  incident: readonly Timed[],
): ParameterChange["value"] {
  const before = countsOf(baseline);
  const after = countsOf(incident.map((t) => t.value));
  let best: ParameterChange["value"] = null;
  for (const [value, n] of after) {
    const share = n / incident.length;
    if (share < DOMINANT || lifeOf(value, incident) < LEAST_LIFE) continue;
    const test = twoProportions(before.get(value) ?? 0, baseline.length, n, incident.length);
    if (test === null || test.h <= (best?.h ?? 0)) continue;
    best = {
      value,
      baseline: test.baselineRate,
      incident: share,
      h: test.h,
      // Bonferroni over the values: the largest of them was taken.
      p: Math.min(1, test.p * after.size),
      placebo: largestOf(baseline, (part, rest) =>
        Math.abs(cohensH(shareOf(value, part), shareOf(value, rest))),
      ),
    };
  }
  return best;
}

/** Share of the time of the lines between the first and the last one that has the value. */
function lifeOf(value: string, lines: readonly Timed[]): number {
  const own = lines.filter((t) => t.value === value);
  const length = (among: readonly Timed[]): number =>
    (among[among.length - 1]?.at ?? 0) - (among[0]?.at ?? 0);
  return length(lines) === 0 ? 1 : length(own) / length(lines);
}

function countsOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function shareOf(value: string, among: readonly string[]): number {
  return among.filter((v) => v === value).length / Math.max(1, among.length);
}

function rank(verdict: Verdict): number {
  return verdict === "major" ? 2 : verdict === "minor" ? 1 : 0;
}

function numberSentence({
  unit,
  baseline,
  incident,
}: NonNullable<ParameterChange["numeric"]>): string {
  const suffix = unit === null ? "" : ` ${unit}`;
  return `median ${formatNumber(baseline.median)} → ${formatNumber(incident.median)}${suffix}, 95 % below ${formatNumber(baseline.p95)} → ${formatNumber(incident.p95)}${suffix}`;
}
