import type { Estimate, ReliabilityBin } from "../../model/model-checks.ts";
import { normalInterval, wilson } from "./intervals.ts";
import type { ScoreHistogram } from "./score-histogram.ts";
import { sum } from "./score-histogram.ts";

/** A bin of a reliability diagram as sums of weights. */
interface Bin {
  from: number;
  to: number;
  positives: number;
  negatives: number;
  /** Σ w · score. */
  scores: number;
  squares: number;
  /** Which bins of the histogram it holds: `[first, end)`. */
  first: number;
  end: number;
}

type Binning = "width" | "mass";

/**
 * Log loss -Σ w ln p(y) / Σ w with its interval, by the bins' mean scores,
 * clipped to [ε, 1 - ε] of a double as sklearn.metrics.log_loss does.
 */
export function logLoss(h: ScoreHistogram): Estimate | null {
  const clip = (p: number): number => Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p));
  return meanLoss(
    h,
    (p) => -Math.log(clip(p)),
    (p) => -Math.log(1 - clip(p)),
    Infinity,
  );
}

/** Brier score Σ w (p - y)² / Σ w; as sklearn.metrics.brier_score_loss. */
export function brier(h: ScoreHistogram): Estimate | null {
  return meanLoss(
    h,
    (p) => (1 - p) ** 2,
    (p) => p * p,
    1,
  );
}

function meanLoss(
  h: ScoreHistogram,
  ofPositive: (p: number) => number,
  ofNegative: (p: number) => number,
  most: number,
): Estimate | null {
  let total = 0;
  let loss = 0;
  for (let k = 0; k < h.scores.length; k++) {
    const p = h.scores[k] ?? 0;
    const yes = h.positives[k] ?? 0;
    const no = h.negatives[k] ?? 0;
    total += yes + no;
    // A class with no rows must not bring 0 · ∞ in.
    if (yes > 0) loss += yes * ofPositive(p);
    if (no > 0) loss += no * ofNegative(p);
  }
  if (total <= 0) return null;
  const mean = loss / total;
  let variance = 0;
  for (let k = 0; k < h.scores.length; k++) {
    const p = h.scores[k] ?? 0;
    const yes = h.positiveSquares[k] ?? 0;
    const no = h.negativeSquares[k] ?? 0;
    if (yes > 0) variance += yes * (ofPositive(p) - mean) ** 2;
    if (no > 0) variance += no * (ofNegative(p) - mean) ** 2;
  }
  return normalInterval(mean, Math.sqrt(variance) / total, 0, most);
}

/**
 * Expected calibration error Σ |positive rate - mean score| · share over bins
 * (Naeini, Cooper and Hauskrecht 2015), 10 bins by default, of equal width over
 * [0, 1] (right-open, 1 in the last) or of equal mass. Noise adds to it: of a
 * perfectly calibrated model it is about √(2k/πn)/2, not 0.
 */
export function calibrationError(h: ScoreHistogram, binning: Binning, count = 10): Estimate | null {
  const total = sum(h.positives) + sum(h.negatives);
  if (total <= 0) return null;
  const bins = reliabilityBins(h, binning, count);
  const error = bins.reduce((s, b) => s + Math.abs(b.positives - b.scores), 0) / total;
  let variance = 0;
  for (const bin of bins) {
    const sign = Math.sign(bin.positives - bin.scores);
    for (let k = bin.first; k < bin.end; k++) {
      const p = h.scores[k] ?? 0;
      variance += (h.positiveSquares[k] ?? 0) * (sign * (1 - p) - error) ** 2;
      variance += (h.negativeSquares[k] ?? 0) * (sign * -p - error) ** 2;
    }
  }
  return normalInterval(error, Math.sqrt(variance) / total, 0, 1);
}

/** The reliability diagram: bins that hold rows, with Wilson's interval of the positive rate. */
export function reliability(h: ScoreHistogram, binning: Binning, count = 10): ReliabilityBin[] {
  return reliabilityBins(h, binning, count).flatMap((b) => {
    const weight = b.positives + b.negatives;
    const rows = b.squares > 0 ? weight ** 2 / b.squares : 0;
    const rate = wilson((b.positives / weight) * rows, rows);
    if (rate === null) return [];
    const { from, to } = b;
    return [{ from, to, rows: weight, meanScore: b.scores / weight, positiveRate: rate }];
  });
}

function reliabilityBins(h: ScoreHistogram, binning: Binning, count: number): Bin[] {
  const total = sum(h.positives) + sum(h.negatives);
  const bins: Bin[] = [];
  let last = -1;
  let seen = 0;
  for (let k = 0; k < h.scores.length; k++) {
    const score = h.scores[k] ?? 0;
    const yes = h.positives[k] ?? 0;
    const no = h.negatives[k] ?? 0;
    if (yes + no <= 0) continue;
    const place =
      // The small addend undoes the rounding of means: 0.3 of 3 · 0.1 is 0.30000000000000004.
      binning === "width" ? score * count + 1e-9 : (count * (seen + (yes + no) / 2)) / total;
    const index = Math.min(count - 1, Math.max(0, Math.floor(place)));
    seen += yes + no;
    if (index !== last) {
      const from = binning === "width" ? index / count : score;
      const to = binning === "width" ? (index + 1) / count : score;
      bins.push({ from, to, positives: 0, negatives: 0, scores: 0, squares: 0, first: k, end: k });
      last = index;
    }
    const bin = bins[bins.length - 1];
    if (bin === undefined) continue;
    bin.positives += yes;
    bin.negatives += no;
    bin.scores += (yes + no) * score;
    bin.squares += (h.positiveSquares[k] ?? 0) + (h.negativeSquares[k] ?? 0);
    bin.end = k + 1;
    if (binning === "mass") bin.to = score;
  }
  return bins;
}
