import { lowerBound, upperBound } from "../statistics/bins.ts";
import { ksDistance } from "../statistics/kolmogorov-smirnov.ts";
import { formatNumber, formatShare, quoteValue } from "../sentences.ts";
import { num, text } from "../../tables/sql.ts";
import { hitFacts, shareGain, type ContentFinding, type NumberPair } from "./content-finding.ts";

/** Below this gain of share a single value is noise or fashion, not a default. */
const LEAST_GAIN = 0.01;
/** A default that was there before must have become this many times as frequent. */
const LEAST_RATIO = 3;
/** Numbers with more distinct values in the baseline are quantities rather than codes. */
const QUANTITY = 30;
const LEAST_ROWS = 50;

/** Numbers that programs write where they have none. */
function isPlaceholder(value: number): boolean {
  const size = Math.abs(value);
  return (
    value === 0 ||
    value === -1 ||
    /^9{2,}(?:\.9+)?$/.test(String(size)) ||
    size === 2 ** 31 - 1 ||
    size === 2 ** 31 ||
    size === 2 ** 32 - 1 ||
    size >= 2 ** 63 ||
    value === Infinity ||
    value === -Infinity
  );
}

const PLACEHOLDER_TEXT =
  /^(?:n\/?a|nan|null|nil|none|undefined|unknown|unk|missing|default|other|empty|not available|not set|tbd|todo|test|\?+|-+|\.+|0|-1|9{3,}|<.*>|\(.*\)|1970-01-01.*|1900-01-01.*|0001-01-01.*|9999-12-31.*)$/i;

/** Whether a text stands for a missing value by custom: `unknown`, `N/A`, `none`, `1970-01-01`. */
export function isPlaceholderText(value: string): boolean {
  return PLACEHOLDER_TEXT.test(value.trim());
}

/**
 * Finds a single number that floods a column: a value written in place of a
 * missing one (0, -1, 999, …), or any value that has become by far the most
 * frequent in a column that had no such value. A shift of the whole
 * distribution towards zero is none: without the value, the rest must be as
 * before, or the value must stand out from its neighbours.
 */
export function findFlood({
  name,
  baseline,
  incident,
}: NumberPair): { readonly value: number; readonly finding: ContentFinding } | null {
  if (baseline.length < LEAST_ROWS || incident.length < LEAST_ROWS) return null;
  const masses = topMasses(incident, baseline);
  const quantity = masses.distinctBaseline > QUANTITY;
  for (const { value, rows, before } of masses.top) {
    const now = rows / incident.length;
    const was = before / baseline.length;
    if (now - was < LEAST_GAIN || now < LEAST_RATIO * was) continue;
    // Twice what any value of the baseline had: no ordinary value becomes that overnight.
    const unheardOf = quantity && now >= 0.02 && now >= 2 * masses.largestBaseline && was < 0.001;
    if (!isPlaceholder(value) && !unheardOf) continue;
    if (now > 0.995 || !standsOut({ name, baseline, incident }, value, now, now - was)) continue;
    const b = { hits: before, rows: baseline.length };
    const i = { hits: rows, rows: incident.length };
    const condition = (x: string): string => `${x} = ${num(value)}`;
    return { value, finding: floodFinding(name, formatNumber(value), b, i, condition) };
  }
  return null;
}

interface Mass {
  readonly value: number;
  readonly rows: number;
  readonly before: number;
}

/** The most frequent values of the incident, and how concentrated the baseline was. */
function topMasses(
  incident: Float64Array,
  baseline: Float64Array,
): { top: Mass[]; largestBaseline: number; distinctBaseline: number } {
  const runs: { value: number; rows: number }[] = [];
  eachRun(incident, (value, rows) => {
    if (rows < LEAST_GAIN * incident.length) return;
    runs.push({ value, rows });
  });
  let largest = 0;
  let distinct = 0;
  eachRun(baseline, (_, rows) => {
    distinct++;
    largest = Math.max(largest, rows);
  });
  return {
    top: runs
      .map((run) => ({ ...run, before: countAt(baseline, run.value) }))
      .sort((a, b) => b.rows - a.rows),
    largestBaseline: largest / baseline.length,
    distinctBaseline: distinct,
  };
}

/** Calls back for every distinct value of a sorted sample with its number of rows. */
export function eachRun(sorted: Float64Array, take: (value: number, rows: number) => void): void {
  for (let at = 0; at < sorted.length;) {
    const value = sorted[at] as number;
    let end = at + 1;
    while (end < sorted.length && sorted[end] === value) end++;
    take(value, end - at);
    at = end;
  }
}

function countAt(sorted: Float64Array, value: number): number {
  return upperBound(sorted, value) - lowerBound(sorted, value);
}

function standsOut(pair: NumberPair, value: number, share: number, gain: number): boolean {
  const { incident } = pair;
  const below = incident[lowerBound(incident, value) - 1];
  const above = incident[upperBound(incident, value)];
  const neighbours = [below, above].map((v) =>
    v === undefined ? 0 : countAt(incident, v) / incident.length,
  );
  const baseline = without(pair.baseline, value);
  const rest = without(incident, value);
  if (rest.length === 0 || baseline.length === 0) return false;
  const noise = 1.63 * Math.sqrt(1 / baseline.length + 1 / rest.length);
  if (ksDistance(baseline, rest) <= Math.max(noise, gain / 2)) return true;
  return share >= 5 * Math.max(...neighbours) && isIsolatedInBaseline(pair, value, share);
}

/** In the baseline the value and what lies around it were rare. */
function isIsolatedInBaseline({ baseline }: NumberPair, value: number, share: number): boolean {
  const low = lowerBound(baseline, value);
  const high = upperBound(baseline, value);
  const around = (high - low) / baseline.length;
  return around * LEAST_RATIO <= share;
}

/** A sorted sample without one value; a copy where there is any. */
export function without(sorted: Float64Array, value: number): Float64Array {
  const low = lowerBound(sorted, value);
  const high = upperBound(sorted, value);
  if (low === high) return sorted;
  const rest = new Float64Array(sorted.length - (high - low));
  rest.set(sorted.subarray(0, low));
  rest.set(sorted.subarray(high), low);
  return rest;
}

/** Rows of one text value in both windows. */
export interface ValueHits {
  readonly value: string;
  readonly baseline: number;
  readonly incident: number;
}

/**
 * Finds the text that floods a column: a customary stand-in for a missing value
 * that has become three times as frequent, or (`freeText`) any text in a column
 * where hardly two rows were alike.
 * @param rows rows with a value in both windows
 */
export function findTextFlood(
  name: string,
  values: readonly ValueHits[],
  rows: { readonly baseline: number; readonly incident: number },
  freeText: boolean,
): ContentFinding | null {
  if (rows.baseline < LEAST_ROWS || rows.incident < LEAST_ROWS) return null;
  const found = values
    .map((v) => ({ ...v, now: v.incident / rows.incident, was: v.baseline / rows.baseline }))
    .filter(
      (v) =>
        v.now - v.was >= LEAST_GAIN &&
        v.now >= LEAST_RATIO * v.was &&
        v.now < 0.995 &&
        (isPlaceholderText(v.value) || (freeText && v.now >= 0.02 && v.was < 0.001)),
    )
    .sort((a, b) => b.now - b.was - (a.now - a.was))[0];
  if (found === undefined) return null;
  const b = { hits: found.baseline, rows: rows.baseline };
  const i = { hits: found.incident, rows: rows.incident };
  return floodFinding(name, found.value, b, i, (x) => `${x} = ${text(found.value)}`);
}

function floodFinding(
  name: string,
  shown: string,
  b: { hits: number; rows: number },
  i: { hits: number; rows: number },
  condition: (value: string) => string,
): ContentFinding {
  const { gain, statistic, effect } = shareGain("flood_share", b, i);
  const value = quoteValue(shown);
  return {
    kind: "default_flood",
    statistic,
    effect,
    measure: "row_share",
    size: gain,
    sentence: `\`${name}\` reads ${value} in ${formatShare(i.hits / i.rows)} of rows, before in ${formatShare(b.hits / b.rows)}: it looks like a default written in place of real values`,
    facts: [
      { name: "Value", value: shown === "" ? "the empty text" : shown },
      ...hitFacts("Rows with it", b, i),
    ],
    condition,
  };
}
