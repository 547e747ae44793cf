import type { ConfidenceShift } from "../../model/model-checks.ts";
import { jensenShannon } from "../statistics/jensen-shannon.ts";
import { psiNoise, psiOfCounts } from "../statistics/psi.ts";
import { sizeScore, sizeVerdict } from "../verdict.ts";
import type { Cell } from "./score-cells.ts";

const SHOWN_BINS = 20;
const DECILES = 10;

/**
 * How the scores moved, with or without labels: PSI over the baseline's
 * deciles, Jensen-Shannon and Kolmogorov-Smirnov distance over the bins of the
 * score, the share near the decision threshold, and the share less certain
 * than all but 1 % of the baseline. Null without scores in both windows.
 * @param threshold null where scores are no probabilities
 */
export function confidenceShift(
  baseline: readonly Cell[],
  incident: readonly Cell[],
  threshold: number | null,
): ConfidenceShift | null {
  const b = byBin(baseline);
  const i = byBin(incident);
  const rowsB = total(b);
  const rowsI = total(i);
  if (rowsB === 0 || rowsI === 0) return null;
  const places = [...new Set([...b.keys(), ...i.keys()])].sort((x, y) => x - y);
  const decileB = new Array<number>(DECILES).fill(0);
  const decileI = new Array<number>(DECILES).fill(0);
  let cumulativeB = 0;
  let cumulativeI = 0;
  let ks = 0;
  for (const place of places) {
    const inB = b.get(place)?.rows ?? 0;
    const inI = i.get(place)?.rows ?? 0;
    const decile = Math.min(DECILES - 1, Math.floor((DECILES * (cumulativeB + inB / 2)) / rowsB));
    decileB[decile] = (decileB[decile] ?? 0) + inB;
    decileI[decile] = (decileI[decile] ?? 0) + inI;
    cumulativeB += inB;
    cumulativeI += inI;
    ks = Math.max(ks, Math.abs(cumulativeB / rowsB - cumulativeI / rowsI));
  }
  const psi = psiOfCounts(decileB, decileI);
  const psiSize = Math.max(0, psi - psiNoise(DECILES, rowsB, rowsI));
  // As in the comparison of columns: KS of two samples of one population is about this.
  const ksSize = Math.max(0, ks - (0.87 * Math.sqrt(1 / rowsB + 1 / rowsI)) / 2);
  const byKs = sizeScore("ks", ksSize) >= sizeScore("psi", psiSize);
  const verdict = byKs ? sizeVerdict("ks", ksSize) : sizeVerdict("psi", psiSize);
  const near = threshold === null ? null : sharesNear(b, i, threshold);
  const meanB = meanScore(b);
  const meanI = meanScore(i);
  return {
    statistics: [
      { name: "psi", value: psi, p: null },
      { name: "jensen_shannon", value: jensenShannon(decileB, decileI), p: null },
      { name: "ks", value: ks, p: null },
    ],
    nearThreshold: near,
    outliers: threshold === null ? null : uncertain(b, i, threshold),
    distribution: histogram(b, i),
    verdict,
    statement:
      verdict === "none"
        ? "The distribution of scores is as before."
        : `Scores moved: the mean went from ${meanB.toFixed(3)} to ${meanI.toFixed(3)}${near === null ? "" : `, ${percent(near.incident)} lie near the threshold (before: ${percent(near.baseline)})`}.`,
  };
}

type Bins = ReadonlyMap<number, { readonly rows: number; readonly score: number }>;

function byBin(cells: readonly Cell[]): Bins {
  const bins = new Map<number, { rows: number; w: number; ws: number }>();
  for (const { bin, rows, w, ws } of cells) {
    if (bin < 0 || w <= 0) continue;
    const found = bins.get(bin) ?? { rows: 0, w: 0, ws: 0 };
    bins.set(bin, { rows: found.rows + rows, w: found.w + w, ws: found.ws + ws });
  }
  return new Map([...bins].map(([bin, { rows, w, ws }]) => [bin, { rows, score: ws / w }]));
}

function total(bins: Bins): number {
  let rows = 0;
  for (const bin of bins.values()) rows += bin.rows;
  return rows;
}

function meanScore(bins: Bins): number {
  let score = 0;
  for (const bin of bins.values()) score += bin.rows * bin.score;
  return score / total(bins);
}

function shareWhere(bins: Bins, test: (score: number) => boolean): number {
  let rows = 0;
  for (const bin of bins.values()) if (test(bin.score)) rows += bin.rows;
  return rows / total(bins);
}

function sharesNear(b: Bins, i: Bins, threshold: number): { baseline: number; incident: number } {
  const near = (score: number): boolean => Math.abs(score - threshold) < 0.1;
  return { baseline: shareWhere(b, near), incident: shareWhere(i, near) };
}

/** Rows closer to the threshold than the baseline's closest 1 %. */
function uncertain(b: Bins, i: Bins, threshold: number): { baseline: number; incident: number } {
  const distances = [...b.values()]
    .map(({ rows, score }) => ({ rows, distance: Math.abs(score - threshold) }))
    .sort((x, y) => x.distance - y.distance);
  const wanted = 0.01 * total(b);
  let rows = 0;
  let limit = 0;
  for (const bin of distances) {
    rows += bin.rows;
    limit = bin.distance;
    if (rows >= wanted) break;
  }
  const within = (score: number): boolean => Math.abs(score - threshold) <= limit;
  return { baseline: shareWhere(b, within), incident: shareWhere(i, within) };
}

function histogram(b: Bins, i: Bins): ConfidenceShift["distribution"] {
  const edges = Array.from({ length: SHOWN_BINS + 1 }, (_, k) => k / SHOWN_BINS);
  const counts = (bins: Bins): number[] => {
    const out = new Array<number>(SHOWN_BINS).fill(0);
    for (const { rows, score } of bins.values()) {
      const at = Math.min(SHOWN_BINS - 1, Math.max(0, Math.floor(score * SHOWN_BINS)));
      out[at] = (out[at] ?? 0) + rows;
    }
    return out;
  };
  return { kind: "numeric", edges, baseline: counts(b), incident: counts(i) };
}

function percent(x: number): string {
  return `${(100 * x).toFixed(1)} %`;
}
