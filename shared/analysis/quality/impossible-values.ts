import { num } from "../../tables/sql.ts";
import { formatNumber, formatShare } from "../sentences.ts";
import { lowerBound, upperBound } from "../statistics/bins.ts";
import { hitFacts, shareGain, type ContentFinding, type NumberPair } from "./content-finding.ts";
import type { NameHints } from "./name-hints.ts";

/** The baseline must have kept to a bound in so many rows before a breach says anything. */
const LEAST_ROWS = 50;
/** A bound that this share of the baseline breaks is no bound. */
const KEPT = 0.001;

/** Where the baseline broke it as well, the incident must do so this many times as often. */
const MORE = 5;

/** Values that a column cannot have, and why. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly why: string;
}

/**
 * Bounds of a column by its name, unit and role, as far as the baseline keeps
 * them: latitudes, longitudes, ages, probabilities and shares (0 to 1, or to
 * 100 where the baseline goes there), and nothing below zero for counts,
 * durations, sizes and prices. Null where nothing is known.
 */
export function impossibleBeyond(hints: NameHints, min: number, max: number): Bounds | null {
  const open = Infinity;
  const candidates: Bounds[] = [
    ...(hints.latitude ? [{ low: -90, high: 90, why: "a latitude is -90 to 90 degrees" }] : []),
    ...(hints.longitude
      ? [{ low: -180, high: 360, why: "a longitude is -180 to 360 degrees" }]
      : []),
    ...(hints.age ? [{ low: 0, high: 130, why: "an age is 0 to 130 years" }] : []),
    ...(hints.share && max <= 1 ? [{ low: 0, high: 1, why: "a share is 0 to 1" }] : []),
    ...(hints.share && max > 1 && max <= 100
      ? [{ low: 0, high: 100, why: "a percentage is 0 to 100" }]
      : []),
    ...(hints.nonNegative ? [{ low: 0, high: open, why: "it cannot be negative" }] : []),
  ];
  return candidates.find((c) => min >= c.low && max <= c.high) ?? null;
}

/**
 * Finds values beyond what a column can mean, and infinities, where the
 * baseline had none (or hardly any).
 */
export function findImpossible(pair: NumberPair, hints: NameHints): ContentFinding | null {
  const { name, baseline, incident } = pair;
  if (baseline.length < LEAST_ROWS || incident.length === 0) return null;
  const infinite = findInfinite(pair);
  if (infinite !== null) return infinite;
  const cut = Math.floor(baseline.length * KEPT);
  const bounds = impossibleBeyond(
    hints,
    baseline[cut] ?? 0,
    baseline[baseline.length - 1 - cut] ?? 0,
  );
  if (bounds === null) return null;
  const { low, high, why } = bounds;
  const beyond = (sorted: Float64Array): number =>
    lowerBound(sorted, low) + sorted.length - upperBound(sorted, high);
  const hits = beyond(incident);
  if (hits === 0) return null;
  const b = { hits: beyond(baseline), rows: baseline.length };
  const i = { hits, rows: incident.length };
  const { gain, statistic, effect } = shareGain("impossible_share", b, i);
  // What the baseline does now and then is rare, not impossible.
  if (gain <= 0 || i.hits / i.rows < MORE * (b.hits / b.rows)) return null;
  const smallest = incident[0] ?? 0;
  const largest = incident[incident.length - 1] ?? 0;
  const example = smallest < low ? smallest : largest;
  return {
    kind: "impossible_value",
    statistic,
    effect,
    measure: "impossible_share",
    size: gain,
    sentence: `\`${name}\` has impossible values in ${formatShare(hits / incident.length)} of rows, such as ${formatNumber(example)} (${why}), before ${b.hits === 0 ? "in none" : `in ${formatShare(b.hits / b.rows)}`}`,
    facts: [
      { name: "Why impossible", value: why },
      {
        name: "Incident's range",
        value: `${formatNumber(smallest)} to ${formatNumber(largest)}`,
      },
      ...hitFacts("Impossible rows", b, i),
    ],
    condition: (x) =>
      high === Infinity ? `${x} < ${num(low)}` : `(${x} < ${num(low)} OR ${x} > ${num(high)})`,
  };
}

function findInfinite({ name, baseline, incident }: NumberPair): ContentFinding | null {
  const count = (sorted: Float64Array): number =>
    upperBound(sorted, -Infinity) + sorted.length - lowerBound(sorted, Infinity);
  const b = { hits: count(baseline), rows: baseline.length };
  const i = { hits: count(incident), rows: incident.length };
  const { gain, statistic, effect } = shareGain("impossible_share", b, i);
  if (i.hits === 0 || gain <= 0 || i.hits / i.rows < 2 * (b.hits / b.rows)) return null;
  return {
    kind: "impossible_value",
    statistic,
    effect,
    measure: "impossible_share",
    size: gain,
    sentence: `\`${name}\` is infinite in ${formatShare(i.hits / i.rows)} of rows, before ${b.hits === 0 ? "in none" : `in ${formatShare(b.hits / b.rows)}`}`,
    facts: hitFacts("Infinite rows", b, i),
    condition: (x) => `isinf(${x})`,
  };
}

/** NaN in a numeric column, which counts as missing everywhere else. */
export function findNaN(
  name: string,
  baseline: { readonly hits: number; readonly rows: number },
  incident: { readonly hits: number; readonly rows: number },
): ContentFinding | null {
  const { gain, statistic, effect } = shareGain("impossible_share", baseline, incident);
  if (incident.hits === 0 || incident.hits / incident.rows < 2 * (baseline.hits / baseline.rows)) {
    return null;
  }
  return {
    kind: "impossible_value",
    statistic,
    effect,
    measure: "impossible_share",
    size: gain,
    sentence: `\`${name}\` is not a number (NaN) in ${formatShare(incident.hits / incident.rows)} of rows, before ${baseline.hits === 0 ? "in none" : `in ${formatShare(baseline.hits / baseline.rows)}`}`,
    facts: hitFacts("Rows with NaN", baseline, incident),
    condition: (x) => `isnan(${x})`,
  };
}
