import { num } from "../../tables/sql.ts";
import { formatNumber, formatShare } from "../sentences.ts";
import { countDistinct, hasDistinct, lowerBound, upperBound } from "../statistics/bins.ts";
import { finitePart } from "../compare-numeric.ts";
import { hitFacts, shareGain, type ContentFinding, type NumberPair } from "./content-finding.ts";

const LEAST_ROWS = 50;
const LEAST_DISTINCT = 10;
/** Below this share of rows at a bound, a largest value is a largest value. */
const LEAST_AT_BOUND = 0.01;
/** Digits after the point that are told apart; what has more counts as having no grid. */
const MOST_DIGITS = 6;

/**
 * Finds numbers clipped at a bound: the largest (smallest) value holds about as
 * many rows as the baseline had from there on, where the baseline had hardly any
 * at exactly this value.
 */
export function findClipped(pair: NumberPair): ContentFinding | null {
  const both = finitePair(pair);
  if (both === null) return null;
  const { b, i } = both;
  return findClipping(pair.name, b, i, "above") ?? findClipping(pair.name, b, i, "below");
}

/**
 * Finds numbers rounded or cut to fewer digits: nearly all values now lie on a
 * grid of 10^-k on which at most half lay before.
 */
export function findRounded(pair: NumberPair): ContentFinding | null {
  const both = finitePair(pair);
  return both === null ? null : findRounding(pair.name, both.b, both.i);
}

function finitePair(pair: NumberPair): { b: Float64Array; i: Float64Array } | null {
  const b = finitePart(pair.baseline);
  const i = finitePart(pair.incident);
  if (b.length < LEAST_ROWS || i.length < LEAST_ROWS) return null;
  return hasDistinct(b, LEAST_DISTINCT) && hasDistinct(i, 2) ? { b, i } : null;
}

function findRounding(name: string, b: Float64Array, i: Float64Array): ContentFinding | null {
  // Full precision is the rule: a few values spread over the sample tell it.
  const probe = strided(i);
  if (upTo(digitCounts(probe), MOST_DIGITS - 1) < 0.9 * probe.length) return null;
  const before = digitCounts(b);
  const now = digitCounts(i);
  for (let digits = 0; digits < MOST_DIGITS; digits++) {
    const was = upTo(before, digits) / b.length;
    const is = upTo(now, digits) / i.length;
    if (is < 0.95 || was > 0.5) continue;
    const rounded = (is - was) / (1 - was);
    const hitsB = { hits: upTo(before, digits), rows: b.length };
    const hitsI = { hits: upTo(now, digits), rows: i.length };
    const { statistic, effect } = shareGain("rounded_share", hitsB, hitsI);
    const to =
      digits === 0
        ? "whole numbers"
        : `numbers with at most ${String(digits)} ${digits === 1 ? "digit" : "digits"} after the point`;
    const scale = 10 ** digits;
    return {
      kind: "truncation",
      statistic,
      effect,
      measure: "row_share",
      size: rounded,
      sentence: `\`${name}\` holds ${to} in ${formatShare(is)} of rows, before in ${formatShare(was)}: values are rounded or cut`,
      facts: [
        ...hitFacts(`Rows with ${to}`, hitsB, hitsI),
        {
          name: "Distinct values",
          value: `${formatNumber(countDistinct(b))} → ${formatNumber(countDistinct(i))}`,
        },
      ],
      condition: (x) => `abs(${x} * ${num(scale)} - round(${x} * ${num(scale)})) < 1e-6`,
    };
  }
  return null;
}

/** About 200 values, spread evenly over a sorted sample. */
function strided(sorted: Float64Array): Float64Array {
  const step = Math.max(1, Math.floor(sorted.length / 200));
  return sorted.filter((_, k) => k % step === 0);
}

/** Values by the digits after the point that they need: 0 to `MOST_DIGITS`, the last with more. */
function digitCounts(sorted: Float64Array): number[] {
  const counts = new Array<number>(MOST_DIGITS + 1).fill(0);
  for (const value of sorted) {
    const digits = digitsOf(value);
    counts[digits] = (counts[digits] ?? 0) + 1;
  }
  return counts;
}

function digitsOf(value: number): number {
  let scaled = value;
  for (let digits = 0; digits < MOST_DIGITS; digits++) {
    // Doubles that were written in decimal are off by less than this.
    if (Math.abs(scaled - Math.round(scaled)) <= Math.abs(scaled) * 1e-14) return digits;
    scaled = value * 10 ** (digits + 1);
  }
  return MOST_DIGITS;
}

function upTo(counts: readonly number[], digits: number): number {
  return counts.slice(0, digits + 1).reduce((s, c) => s + c, 0);
}

function findClipping(
  name: string,
  b: Float64Array,
  i: Float64Array,
  side: "above" | "below",
): ContentFinding | null {
  const bound = (side === "above" ? i[i.length - 1] : i[0]) ?? 0;
  const atB = upperBound(b, bound) - lowerBound(b, bound);
  const atI = upperBound(i, bound) - lowerBound(i, bound);
  const beyondB = side === "above" ? b.length - upperBound(b, bound) : lowerBound(b, bound);
  const share = atI / i.length;
  const expected = (beyondB + atB) / b.length;
  // At the edge of a range that ends there anyway, nothing is clipped.
  if (share < LEAST_AT_BOUND || beyondB / b.length < LEAST_AT_BOUND / 2) return null;
  if (atB / b.length > 0.2 * share || share < expected / 3 || share > 3 * expected) return null;
  // A value that is common next to the bound is an ordinary value of a grid.
  const next = side === "above" ? i[lowerBound(i, bound) - 1] : i[upperBound(i, bound)];
  const besides = next === undefined ? 0 : upperBound(i, next) - lowerBound(i, next);
  if (atI < 5 * besides) return null;
  const hitsB = { hits: atB, rows: b.length };
  const hitsI = { hits: atI, rows: i.length };
  const { gain, statistic, effect } = shareGain("clipped_share", hitsB, hitsI);
  const verb = side === "above" ? "exceeds" : "falls below";
  return {
    kind: "truncation",
    statistic,
    effect,
    measure: "row_share",
    size: gain,
    sentence: `No value of \`${name}\` ${verb} ${formatNumber(bound)} any more: ${formatShare(share)} of rows read exactly that, as many as used to lie there or beyond (${formatShare(expected)})`,
    facts: [
      { name: "Bound", value: formatNumber(bound) },
      ...hitFacts("Rows at the bound", hitsB, hitsI),
      { name: "Rows of the baseline beyond it", value: formatNumber(beyondB) },
    ],
    condition: (x) => `${x} = ${num(bound)}`,
  };
}

/** Lengths of a text column: rows by length (characters) in both windows. */
export interface LengthCount {
  readonly length: number;
  readonly baseline: number;
  readonly incident: number;
}

/**
 * Finds texts cut at a length: nothing is longer any more, and the longest
 * length holds about as many rows as used to be that long or longer.
 */
export function findCutTexts(name: string, lengths: readonly LengthCount[]): ContentFinding | null {
  const rowsB = lengths.reduce((s, l) => s + l.baseline, 0);
  const rowsI = lengths.reduce((s, l) => s + l.incident, 0);
  if (rowsB < LEAST_ROWS || rowsI < LEAST_ROWS) return null;
  const longest = lengths.reduce((m, l) => (l.incident > 0 ? Math.max(m, l.length) : m), 0);
  const at = lengths.find((l) => l.length === longest);
  if (at === undefined || longest === 0) return null;
  const beyond = lengths.reduce((s, l) => s + (l.length > longest ? l.baseline : 0), 0);
  const share = at.incident / rowsI;
  const expected = (beyond + at.baseline) / rowsB;
  if (share < LEAST_AT_BOUND || beyond / rowsB < LEAST_AT_BOUND / 2) return null;
  if (at.baseline / rowsB > 0.5 * share || share < expected / 2 || share > 2 * expected)
    return null;
  const hitsB = { hits: at.baseline, rows: rowsB };
  const hitsI = { hits: at.incident, rows: rowsI };
  const { gain, statistic, effect } = shareGain("cut_share", hitsB, hitsI);
  return {
    kind: "truncation",
    statistic,
    effect,
    measure: "row_share",
    size: gain,
    sentence: `Texts of \`${name}\` are cut at ${String(longest)} characters: ${formatShare(share)} of rows are exactly that long, where ${formatShare(expected)} used to be that long or longer`,
    facts: [
      { name: "Longest text, incident", value: `${String(longest)} characters` },
      {
        name: "Longest text, baseline",
        value: `${String(lengths.reduce((m, l) => (l.baseline > 0 ? Math.max(m, l.length) : m), 0))} characters`,
      },
      ...hitFacts("Rows of that length", hitsB, hitsI),
    ],
    condition: (x) => `length(${x}) = ${String(longest)}`,
  };
}
