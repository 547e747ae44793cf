import type { Estimate, MetricName } from "../../model/model-checks.ts";
import { brier, calibrationError, logLoss } from "./calibration-error.ts";
import * as confusion from "./confusion-metrics.ts";
import type { BinaryConfusion, ConfusionMatrix } from "./confusion-metrics.ts";
import { deltaError, normalInterval, wilson } from "./intervals.ts";
import { averagePrecision, rocAucInterval } from "./ranking-areas.ts";
import type { Cell, Metrics } from "./score-cells.ts";
import { histogramOfBins, sum, type ScoreHistogram } from "./score-histogram.ts";

/** Whether scores are probabilities: only then log loss, Brier score and calibration mean something. */
interface ScoreUse {
  readonly probabilities: boolean;
}

/** Score histogram of the cells with label and score. */
export function histogramOfCells(
  cells: readonly Cell[],
  positive: (cell: Cell) => boolean = (c) => c.y === "1",
): ScoreHistogram {
  const bins = new Map<number, number[]>();
  for (const cell of cells) {
    if (cell.y === null || cell.bin < 0 || cell.w <= 0) continue;
    const bin = bins.get(cell.bin) ?? [0, 0, 0, 0, 0];
    bins.set(cell.bin, bin);
    const at = positive(cell) ? 1 : 2;
    bin[0] = (bin[0] ?? 0) + cell.ws;
    bin[at] = (bin[at] ?? 0) + cell.w;
    bin[at + 2] = (bin[at + 2] ?? 0) + cell.w2;
  }
  const sorted = [...bins].sort((a, b) => a[0] - b[0]).map(([, b]) => b);
  for (const b of sorted) b[0] = (b[0] ?? 0) / ((b[1] ?? 0) + (b[2] ?? 0));
  return histogramOfBins(sorted);
}

/** All metrics of binary cells: hard decisions where predicted, areas and losses where scored. */
export function binaryMetrics(cells: readonly Cell[], use: ScoreUse): Metrics {
  const out: Metrics = new Map();
  const put = (name: MetricName, value: Estimate | null): void => {
    if (value !== null) out.set(name, value);
  };
  const { totals, squares } = confusionOfCells(cells);
  for (const [name, value] of decisionMetrics(totals, squares)) out.set(name, value);
  const h = histogramOfCells(cells);
  put("roc_auc", rocAucInterval(h));
  if (sum(h.negatives) > 0) put("average_precision", averagePrecision(h));
  if (use.probabilities) {
    put("log_loss", logLoss(h));
    put("brier", brier(h));
    put("calibration_error", calibrationError(h, "width"));
    put("calibration_error_mass", calibrationError(h, "mass"));
  }
  put("label_rate", rateOf(cells, "y"));
  put("prediction_rate", rateOf(cells, "p"));
  return out;
}

/** `[tp, fp, fn, tn]` as sums of weights and of their squares. */
function confusionOfCells(cells: readonly Cell[]): { totals: number[]; squares: number[] } {
  const totals = [0, 0, 0, 0];
  const squares = [0, 0, 0, 0];
  for (const { y, p, w, w2 } of cells) {
    if (y === null || p === null) continue;
    const at = y === "1" ? (p === "1" ? 0 : 2) : p === "1" ? 1 : 3;
    totals[at] = (totals[at] ?? 0) + w;
    squares[at] = (squares[at] ?? 0) + w2;
  }
  return { totals, squares };
}

/**
 * Metrics of hard decisions: Wilson's interval for proportions, the delta
 * method for F1, balanced accuracy and MCC.
 * @param totals weights `[tp, fp, fn, tn]`
 * @param squares sums of squared weights of the same
 */
export function decisionMetrics(totals: readonly number[], squares: readonly number[]): Metrics {
  const out: Metrics = new Map();
  const read = ([tp = 0, fp = 0, fn = 0, tn = 0]: readonly number[]): BinaryConfusion => ({
    ...{ tp, fp, fn, tn },
  });
  const share = (name: MetricName, hits: readonly number[], all: readonly number[]): void => {
    const total = (list: readonly number[], at: readonly number[]): number =>
      at.reduce((s, k) => s + (list[k] ?? 0), 0);
    const weight = total(totals, all);
    if (weight <= 0) return;
    const rows = weight ** 2 / total(squares, all);
    const interval = wilson((total(totals, hits) / weight) * rows, rows);
    if (interval !== null) out.set(name, interval);
  };
  share("accuracy", [0, 3], [0, 1, 2, 3]);
  share("precision", [0], [0, 1]);
  share("recall", [0], [0, 2]);
  const smooth: readonly [MetricName, (c: BinaryConfusion) => number | null, number][] = [
    ["balanced_accuracy", confusion.balancedAccuracy, 0],
    ["f1", confusion.f1, 0],
    ["mcc", confusion.mcc, -1],
  ];
  for (const [name, metric, least] of smooth) {
    const value = metric(read(totals));
    if (value === null) continue;
    const error = deltaError(totals, squares, (t) => metric(read(t)));
    if (error !== null) out.set(name, normalInterval(value, error, least, 1));
  }
  return out;
}

/** Share of '1' among the rows that have a label or prediction. */
function rateOf(cells: readonly Cell[], side: "y" | "p"): Estimate | null {
  let hits = 0;
  let weight = 0;
  let squares = 0;
  for (const cell of cells) {
    if (cell[side] === null) continue;
    weight += cell.w;
    squares += cell.w2;
    if (cell[side] === "1") hits += cell.w;
  }
  if (weight <= 0) return null;
  const rows = weight ** 2 / squares;
  return wilson((hits / weight) * rows, rows);
}

/** All metrics of multiclass cells; calibration is that of the predicted class. */
export function multiclassMetrics(cells: readonly Cell[], classes: readonly string[]): Metrics {
  const out: Metrics = new Map();
  const index = new Map(classes.map((name, k) => [name, k]));
  const size = classes.length;
  const totals = new Array<number>(size * size).fill(0);
  const squares = new Array<number>(size * size).fill(0);
  for (const { y, p, w, w2 } of cells) {
    const row = index.get(y ?? "");
    const column = index.get(p ?? "");
    if (y === null || p === null || row === undefined || column === undefined) continue;
    const at = row * size + column;
    totals[at] = (totals[at] ?? 0) + w;
    squares[at] = (squares[at] ?? 0) + w2;
  }
  const all = totals.reduce((s, w) => s + w, 0);
  if (all <= 0) return out;
  const matrix = (list: readonly number[]): ConfusionMatrix =>
    classes.map((_, row) => list.slice(row * size, (row + 1) * size));
  const rows = all ** 2 / squares.reduce((s, w) => s + w, 0);
  const right = confusion.multiclassAccuracy(matrix(totals)) ?? 0;
  const accuracy = wilson(right * rows, rows);
  if (accuracy !== null) {
    out.set("accuracy", accuracy);
    out.set("f1_micro", accuracy);
  }
  const smooth: readonly [MetricName, (m: ConfusionMatrix) => number | null, number][] = [
    ["balanced_accuracy", confusion.multiclassBalancedAccuracy, 0],
    ["mcc", confusion.multiclassMcc, -1],
    ["precision_macro", (m) => confusion.averaged(m, "macro")?.precision ?? null, 0],
    ["recall_macro", (m) => confusion.averaged(m, "macro")?.recall ?? null, 0],
    ["f1_macro", (m) => confusion.averaged(m, "macro")?.f1 ?? null, 0],
    ["f1_weighted", (m) => confusion.averaged(m, "weighted")?.f1 ?? null, 0],
  ];
  for (const [name, metric, least] of smooth) {
    const value = metric(matrix(totals));
    if (value === null) continue;
    const error = deltaError(totals, squares, (t) => metric(matrix(t)));
    if (error !== null) out.set(name, normalInterval(value, error, least, 1));
  }
  const h = histogramOfCells(
    cells.filter((c) => c.p !== null),
    (c) => c.y === c.p,
  );
  const calibration = calibrationError(h, "width");
  if (calibration !== null) out.set("calibration_error", calibration);
  return out;
}

/**
 * The most by which binning can have moved the ROC area: half the share of
 * positive-negative pairs that share a bin with different scores. 0 where every
 * bin holds one score, or a class is absent.
 */
export function binningError(cells: readonly Cell[]): number {
  const bins = new Map<
    number,
    { positive: number; negative: number; least: number; most: number }
  >();
  for (const c of cells) {
    if (c.y === null || c.bin < 0 || c.w <= 0) continue;
    const bin = bins.get(c.bin) ?? { positive: 0, negative: 0, least: Infinity, most: -Infinity };
    if (c.y === "1") bin.positive += c.w;
    else bin.negative += c.w;
    bin.least = Math.min(bin.least, c.least);
    bin.most = Math.max(bin.most, c.most);
    bins.set(c.bin, bin);
  }
  let pairs = 0;
  let positives = 0;
  let negatives = 0;
  for (const bin of bins.values()) {
    if (bin.most > bin.least) pairs += bin.positive * bin.negative;
    positives += bin.positive;
    negatives += bin.negative;
  }
  return positives > 0 && negatives > 0 ? pairs / positives / negatives / 2 : 0;
}
