import type { Estimate, MetricName } from "../../model/model-checks.ts";
import {
  isotonicCalibration,
  logOdds,
  plattCalibration,
  type CalibrationMap,
} from "./calibration-maps.ts";
import { decisionMetrics, histogramOfCells } from "./group-metrics.ts";
import { resampledTotal, seededUniform, Z95 } from "./intervals.ts";
import { rocAucInterval } from "./ranking-areas.ts";
import type { Cell, Metrics } from "./score-cells.ts";
import { histogramOfBins, sum, type ScoreHistogram } from "./score-histogram.ts";

/**
 * Confidence-based performance estimation (CBPE): with calibrated scores c(s) a
 * row predicted positive is a true positive with probability c(s). Sums of
 * these probabilities stand for the unknown confusion matrix and score
 * histogram (NannyML, `nannyml.performance_estimation.confidence_based`;
 * Białek et al. 2024, arXiv:2407.08649).
 */
export const CBPE_ASSUMPTIONS: readonly string[] = [
  "No concept drift: what the inputs mean for the outcome is as it was in the baseline.",
  "Scores are calibrated on the baseline, and the calibration still holds.",
  "The incident's inputs lie where the baseline had rows to learn the calibration from.",
];

/** From so many labelled rows on the calibration is isotonic, Platt's below. */
const ISOTONIC_ROWS = 1000;
const RESAMPLES = 40;

export interface FittedCalibration {
  readonly kind: "isotonic" | "platt";
  readonly map: CalibrationMap;
  /** Maps fitted on resampled baselines, for the calibration's own uncertainty. */
  readonly resampled: readonly CalibrationMap[];
  readonly rows: number;
}

/**
 * Fits the calibration on labelled baseline cells; null without both classes.
 * Isotonic from 1,000 rows on (scikit-learn's advice), Platt's on log-odds below.
 */
export function fitCalibration(baseline: readonly Cell[], seed = 1): FittedCalibration | null {
  const h = histogramOfCells(baseline);
  const positives = sum(h.positives);
  const negatives = sum(h.negatives);
  if (positives <= 0 || negatives <= 0) return null;
  const rows = baseline.reduce((s, c) => s + (c.y === null || c.bin < 0 ? 0 : c.rows), 0);
  const kind = rows >= ISOTONIC_ROWS ? "isotonic" : "platt";
  const fit = (of: ScoreHistogram): CalibrationMap =>
    kind === "isotonic" ? isotonicCalibration(of) : plattCalibration(of, logOdds);
  const uniform = seededUniform(seed);
  const resampled: CalibrationMap[] = [];
  for (let k = 0; k < RESAMPLES; k++) {
    const drawn = resampledHistogram(h, uniform);
    if (sum(drawn.positives) > 0 && sum(drawn.negatives) > 0) resampled.push(fit(drawn));
  }
  return { kind, map: fit(h), resampled, rows };
}

/** A Poisson bootstrap of a histogram. */
function resampledHistogram(h: ScoreHistogram, uniform: () => number): ScoreHistogram {
  const draw = (totals: Float64Array, squares: Float64Array): Float64Array =>
    totals.map((w, k) => resampledTotal(w, squares[k] ?? 0, uniform));
  return {
    ...h,
    positives: draw(h.positives, h.positiveSquares),
    negatives: draw(h.negatives, h.negativeSquares),
  };
}

/**
 * Estimated metrics of cells without regard to their labels. The interval
 * covers the sampling of as many rows (as that of the realised metric would)
 * and the calibration's uncertainty, not a breach of the assumptions.
 */
export function estimateMetrics(cells: readonly Cell[], calibration: FittedCalibration): Metrics {
  const estimated = estimateOnce(cells, calibration.map);
  const draws = new Map<MetricName, number[]>();
  for (const map of calibration.resampled) {
    for (const [name, { value }] of estimateOnce(cells, map)) {
      const list = draws.get(name);
      if (list === undefined) draws.set(name, [value]);
      else list.push(value);
    }
  }
  return new Map(
    [...estimated].map(([name, e]) => [name, widened(e, draws.get(name) ?? [])] as const),
  );
}

/** An interval with the spread of the calibration added in quadrature. */
function widened(e: Estimate, draws: readonly number[]): Estimate {
  if (draws.length < 2) return e;
  const mean = draws.reduce((s, v) => s + v, 0) / draws.length;
  const variance = draws.reduce((s, v) => s + (v - mean) ** 2, 0) / (draws.length - 1);
  const more = Z95 * Math.sqrt(variance);
  return {
    value: e.value,
    low: Math.max(0, e.value - Math.hypot(e.value - e.low, more)),
    high: Math.min(1, e.value + Math.hypot(e.high - e.value, more)),
  };
}

function estimateOnce(cells: readonly Cell[], map: CalibrationMap): Metrics {
  const { histogram, totals, squares } = expected(cells, map);
  const out: Metrics = new Map();
  for (const [name, value] of decisionMetrics(totals, squares)) {
    if (ESTIMATED.has(name)) out.set(name, value);
  }
  const area = rocAucInterval(histogram);
  if (area !== null) out.set("roc_auc", area);
  return out;
}

const ESTIMATED: ReadonlySet<MetricName> = new Set(["accuracy", "precision", "recall", "f1"]);

/** Expected histogram and `[tp, fp, fn, tn]` of cells under a calibration. */
export function expected(
  cells: readonly Cell[],
  map: CalibrationMap,
): { histogram: ScoreHistogram; totals: number[]; squares: number[] } {
  const totals = [0, 0, 0, 0];
  const squares = [0, 0, 0, 0];
  const bins = new Map<number, number[]>();
  for (const { bin, p, w, w2, ws } of cells) {
    if (bin < 0 || w <= 0) continue;
    const score = ws / w;
    const chance = map(score);
    const row = bins.get(bin) ?? [0, 0, 0, 0, 0];
    bins.set(bin, row);
    [ws, w * chance, w * (1 - chance), w2 * chance, w2 * (1 - chance)].forEach((v, k) => {
      row[k] = (row[k] ?? 0) + v;
    });
    if (p === null) continue;
    const [yes, no] = p === "1" ? [0, 1] : [2, 3];
    totals[yes] = (totals[yes] ?? 0) + w * chance;
    totals[no] = (totals[no] ?? 0) + w * (1 - chance);
    squares[yes] = (squares[yes] ?? 0) + w2 * chance;
    squares[no] = (squares[no] ?? 0) + w2 * (1 - chance);
  }
  const sorted = [...bins].sort((a, b) => a[0] - b[0]).map(([, b]) => b);
  for (const b of sorted) b[0] = (b[0] ?? 0) / ((b[1] ?? 0) + (b[2] ?? 0));
  return { histogram: histogramOfBins(sorted), totals, squares };
}
