import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  brier,
  calibrationError,
  logLoss,
  reliability,
} from "../../../../shared/analysis/model/calibration-error.ts";
import {
  accuracy,
  averaged,
  balancedAccuracy,
  f1,
  mcc,
  multiclassAccuracy,
  multiclassBalancedAccuracy,
  multiclassMcc,
  precision,
  recall,
  type BinaryConfusion,
} from "../../../../shared/analysis/model/confusion-metrics.ts";
import { decisionMetrics } from "../../../../shared/analysis/model/group-metrics.ts";
import {
  differenceInterval,
  poisson,
  seededUniform,
  wilson,
  Z95,
} from "../../../../shared/analysis/model/intervals.ts";
import {
  averagePrecision,
  rocAuc,
  rocAucInterval,
  rocAucOneVersusRest,
} from "../../../../shared/analysis/model/ranking-areas.ts";
import {
  averagePrecisionAtK,
  ndcgAtK,
  reciprocalRank,
  type RankedList,
} from "../../../../shared/analysis/model/ranking-metrics.ts";
import {
  regressionMetrics,
  regressionSums,
} from "../../../../shared/analysis/model/regression-metrics.ts";
import { histogramOfRows } from "../../../../shared/analysis/model/score-histogram.ts";

const reference = JSON.parse(
  readFileSync(new URL("reference/reference.json", import.meta.url), "utf8"),
);

interface BinaryCase {
  name: string;
  y: number[];
  s: number[];
  p: number[];
  w: number[] | null;
  [metric: string]: unknown;
}

function histogram(c: BinaryCase) {
  return histogramOfRows(
    c.y.map((v) => v === 1),
    c.s,
    c.w ?? undefined,
  );
}

function confusionOf(c: BinaryCase): BinaryConfusion & { list: number[]; squares: number[] } {
  const list = [0, 0, 0, 0];
  const squares = [0, 0, 0, 0];
  c.y.forEach((y, k) => {
    const at = y === 1 ? (c.p[k] === 1 ? 0 : 2) : c.p[k] === 1 ? 1 : 3;
    const w = c.w?.[k] ?? 1;
    list[at]! += w;
    squares[at]! += w * w;
  });
  return { tp: list[0]!, fp: list[1]!, fn: list[2]!, tn: list[3]!, list, squares };
}

describe.each(reference.binary as BinaryCase[])("binary: $name", (c) => {
  const h = histogram(c);
  const m = confusionOf(c);
  test.each([
    ["accuracy", accuracy(m)],
    ["precision", precision(m)],
    ["recall", recall(m)],
    ["f1", f1(m)],
    ["mcc", mcc(m)],
    ["balanced_accuracy", balancedAccuracy(m)],
    ["roc_auc", rocAuc(h)],
    ["average_precision", averagePrecision(h)?.value],
    ["log_loss", logLoss(h)?.value],
    ["brier", brier(h)?.value],
  ])("%s as scikit-learn", (name, value) => {
    expect(value).toBeCloseTo(c[name] as number, 11);
  });
  test.runIf(c.w === null)("calibration error, DeLong's error and Wilson's interval", () => {
    expect(calibrationError(h, "width")?.value).toBeCloseTo(c["ece"] as number, 11);
    const area = rocAucInterval(h);
    // An area near 1 is cut off there: the lower end tells the error.
    expect((area!.value - area!.low) / Z95).toBeCloseTo(
      Math.min(c["delong"] as number, area!.value / Z95),
      11,
    );
    const [low, high] = c["wilson"] as [number, number];
    const interval = decisionMetrics(m.list, m.squares).get("accuracy");
    expect(interval?.low).toBeCloseTo(low, 11);
    expect(interval?.high).toBeCloseTo(high, 11);
  });
});

test("analytic standard errors agree with resampled rows", () => {
  const c = reference.binary[1] as BinaryCase;
  const errors = c["bootstrap"] as Record<string, number>;
  const h = histogram(c);
  const m = confusionOf(c);
  const found = new Map([
    ...decisionMetrics(m.list, m.squares),
    ["average_precision", averagePrecision(h)!],
    ["log_loss", logLoss(h)!],
    ["brier", brier(h)!],
    ["roc_auc", rocAucInterval(h)!],
  ] as const);
  for (const [name, error] of Object.entries(errors)) {
    const e = found.get(name as "f1")!;
    const ratio = (e.value - e.low) / Z95 / error;
    expect(ratio, name).toBeGreaterThan(0.85);
    expect(ratio, name).toBeLessThan(1.15);
  }
});

describe("multiclass as scikit-learn", () => {
  const { classes, y, p, proba } = reference.multiclass as {
    classes: string[];
    y: string[];
    p: string[];
    proba: number[][];
  };
  const matrix = classes.map((t) =>
    classes.map((q) => y.filter((v, k) => v === t && p[k] === q).length),
  );
  test("confusion metrics", () => {
    expect(multiclassAccuracy(matrix)).toBeCloseTo(reference.multiclass.accuracy, 12);
    expect(multiclassBalancedAccuracy(matrix)).toBeCloseTo(
      reference.multiclass.balanced_accuracy,
      12,
    );
    expect(multiclassMcc(matrix)).toBeCloseTo(reference.multiclass.mcc, 12);
    for (const average of ["macro", "micro", "weighted"] as const) {
      const found = averaged(matrix, average)!;
      const [pr, rc, f] = reference.multiclass[average];
      expect([found.precision, found.recall, found.f1]).toEqual([
        expect.closeTo(pr, 11),
        expect.closeTo(rc, 11),
        expect.closeTo(f, 11),
      ]);
    }
  });
  test("one-versus-rest areas", () => {
    const histograms = classes.map((key, k) =>
      histogramOfRows(
        y.map((v) => v === key),
        proba.map((row) => row[k]!),
      ),
    );
    for (const average of ["macro", "weighted"] as const) {
      expect(rocAucOneVersusRest(histograms, average)).toBeCloseTo(
        reference.multiclass[`roc_auc_${average}`],
        12,
      );
    }
  });
});

describe("regression", () => {
  const { y, p, w, plain, weighted, bootstrap } = reference.regression;
  test("values as scikit-learn, plain and weighted", () => {
    for (const [sums, wanted] of [
      [regressionSums(y, p), plain],
      [regressionSums(y, p, w), weighted],
    ] as const) {
      const found = regressionMetrics(sums);
      for (const name of ["mae", "rmse", "mape", "r2", "bias"] as const) {
        expect(found.get(name)?.value, name).toBeCloseTo(wanted[name], 10);
      }
    }
  });
  test("standard errors as resampled rows", () => {
    const found = regressionMetrics(regressionSums(y, p));
    for (const name of ["mae", "rmse", "mape", "r2", "bias"] as const) {
      const e = found.get(name)!;
      const ratio = (e.high - e.value) / Z95 / bootstrap[name];
      expect(ratio, name).toBeGreaterThan(0.85);
      expect(ratio, name).toBeLessThan(1.15);
    }
  });
  test("labels of 0 and constant labels", () => {
    const found = regressionMetrics(regressionSums([0, 0, 0], [1, 2, 3]));
    expect(found.has("mape")).toBe(false);
    expect(found.has("r2")).toBe(false);
    expect(found.get("mae")?.value).toBe(2);
    expect(regressionMetrics(regressionSums([], [])).size).toBe(0);
  });
});

describe("ranking", () => {
  test.each(reference.lists as (RankedList & Record<string, number | null>)[])(
    "list %#",
    (list) => {
      expect(ndcgAtK(list, 3)).toBeCloseTo(list["ndcg3"] ?? NaN, 12);
      expect(ndcgAtK(list, 10)).toBeCloseTo(list["ndcg10"] ?? NaN, 12);
      if (typeof list["average_precision"] === "number") {
        expect(averagePrecisionAtK(list, Infinity)).toBeCloseTo(list["average_precision"], 12);
      }
    },
  );
  test("ties are read in the worst order; nothing relevant is no answer", () => {
    const tied = { gains: [1, 0, 0], scores: [1, 1, 0] };
    expect(reciprocalRank(tied)).toBe(1 / 2);
    expect(averagePrecisionAtK(tied, 10)).toBe(1 / 2);
    expect(reciprocalRank(tied, 1)).toBe(0);
    expect(ndcgAtK({ gains: [0, 0], scores: [1, 2] }, 10)).toBeNull();
  });
});

describe("edges", () => {
  test("metrics that are not defined are null, not 0", () => {
    const noPositives = { tp: 0, fp: 0, fn: 0, tn: 5 };
    expect(precision(noPositives)).toBeNull();
    expect(recall(noPositives)).toBeNull();
    expect(mcc(noPositives)).toBeNull();
    expect(rocAuc(histogramOfRows([false, false], [0.1, 0.2]))).toBeNull();
    expect(logLoss(histogramOfRows([], []))).toBeNull();
    expect(wilson(0, 0)).toBeNull();
  });
  test("scores of 0 and 1 that are right cost nothing", () => {
    const h = histogramOfRows([true, false], [1, 0]);
    expect(logLoss(h)?.value).toBeLessThan(1e-12);
    expect(rocAucInterval(h)).toEqual({ value: 1, low: 1, high: 1 });
  });
  test("reliability in bins of equal mass", () => {
    const scores = Array.from({ length: 1000 }, (_, k) => (k + 0.5) / 1000);
    const bins = reliability(
      histogramOfRows(
        scores.map((s) => s > 0.5),
        scores,
      ),
      "mass",
      4,
    );
    expect(bins.map((b) => b.rows)).toEqual([250, 250, 250, 250]);
    expect(bins.map((b) => b.positiveRate.value)).toEqual([0, 0, 1, 1]);
  });
});

test("interval of a difference is Newcombe's for proportions", () => {
  // Newcombe (1998), table II: 56/70 against 48/80, method 10.
  const found = differenceInterval(wilson(48, 80)!, wilson(56, 70)!);
  expect(found.value).toBeCloseTo(0.2, 12);
  expect(found.low).toBeCloseTo(0.0524, 4);
  expect(found.high).toBeCloseTo(0.3339, 4);
});

test.each([0.3, 4, 200])("Poisson numbers of mean %d", (mean) => {
  const uniform = seededUniform(7);
  const draws = Array.from({ length: 20_000 }, () => poisson(mean, uniform));
  const average = draws.reduce((s, v) => s + v, 0) / draws.length;
  const variance = draws.reduce((s, v) => s + (v - average) ** 2, 0) / draws.length;
  expect(Math.abs(average / mean - 1)).toBeLessThan(0.03);
  expect(Math.abs(variance / mean - 1)).toBeLessThan(0.06);
});
