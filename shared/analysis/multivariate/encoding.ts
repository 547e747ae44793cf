import { quantileCodes } from "../model/boosted-trees.ts";
import { rocAuc } from "../model/ranking-areas.ts";
import { histogramOfBins } from "../model/score-histogram.ts";
import type { SampleColumn } from "./sample.ts";

/** Codes that trees read: 0 to 31, and 32 for missing. */
const CODES = 33;
const MISSING = 32;
const RARE = 31;

/**
 * Codes of a column for trees: quantile bins of numbers; categories by falling
 * frequency, all rare ones sharing the last code.
 */
export function treeCodes(column: SampleColumn): Uint8Array {
  if (column.kind === "numeric") return quantileCodes(column.values);
  return Uint8Array.from(column.codes, (code) => (code < 0 ? MISSING : Math.min(code, RARE)));
}

/**
 * How well one column alone tells two groups of rows apart: ROC area of the
 * share of the second group per code, each half of the rows judged by the
 * shares of the other half (½ in a code that the other half lacks).
 * @param codes of `treeCodes`, over all rows of the sample
 * @param rows places of the rows that take part, in random order
 * @param domain 0 or 1 for each of them
 */
export function separationAlone(codes: Uint8Array, rows: Int32Array, domain: Uint8Array): number {
  const counts = new Float64Array(2 * 2 * CODES);
  rows.forEach((row, k) => {
    const place = ((k % 2) * 2 + (domain[k] ?? 0)) * CODES + (codes[row] ?? 0);
    counts[place] = (counts[place] ?? 0) + 1;
  });
  const count = (half: number, group: number, code: number): number =>
    counts[(half * 2 + group) * CODES + code] ?? 0;
  const bins: number[][] = [];
  for (const half of [0, 1]) {
    for (let code = 0; code < CODES; code++) {
      const zeros = count(1 - half, 0, code);
      const ones = count(1 - half, 1, code);
      const own = [count(half, 1, code), count(half, 0, code)];
      bins.push([(ones + 1) / (zeros + ones + 2), ...own, ...own]);
    }
  }
  return rocAuc(histogramOfBins(merged(bins))) ?? 0.5;
}

/** Bins of equal score as one, ascending: ties count half. */
function merged(bins: readonly (readonly number[])[]): number[][] {
  const out: number[][] = [];
  for (const bin of [...bins].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))) {
    const last = out[out.length - 1];
    if (last?.[0] === bin[0] && last !== undefined)
      bin.forEach((v, k) => {
        if (k > 0) last[k] = (last[k] ?? 0) + v;
      });
    else out.push([...bin]);
  }
  return out;
}

/**
 * A column as numbers for principal components: numbers as they are, categories
 * by their share of the rows of reference, 0 for one that these lack; as
 * category_encoders.CountEncoder(normalize=True).
 * A missing category counts as the most frequent one, a missing number stays NaN.
 */
export function componentValues(column: SampleColumn, reference: Int32Array): Float64Array {
  if (column.kind === "numeric") return column.values;
  const counts = new Float64Array(column.categories.length);
  let missing = 0;
  for (const row of reference) {
    const code = column.codes[row] ?? -1;
    if (code < 0) missing++;
    else counts[code] = (counts[code] ?? 0) + 1;
  }
  const top = counts.indexOf(Math.max(...counts));
  counts[top] = (counts[top] ?? 0) + missing;
  const shares = counts.map((n) => n / Math.max(1, reference.length));
  return Float64Array.from(column.codes, (code) => shares[code < 0 ? top : code] ?? 0);
}

/** Places `0 … n-1` in an order that a seed decides (Fisher and Yates). */
export function shuffledPlaces(places: Int32Array, uniform: () => number): Int32Array {
  const out = Int32Array.from(places);
  for (let k = out.length - 1; k > 0; k--) {
    const other = Math.floor(uniform() * (k + 1));
    const kept = out[k] ?? 0;
    out[k] = out[other] ?? 0;
    out[other] = kept;
  }
  return out;
}
