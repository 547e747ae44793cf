import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { crossFittedDomain } from "../../../../shared/analysis/model/boosted-trees.ts";
import {
  isotonicCalibration,
  plattCalibration,
} from "../../../../shared/analysis/model/calibration-maps.ts";
import { estimateMetrics } from "../../../../shared/analysis/model/cbpe.ts";
import {
  bbseWeights,
  decompose,
  type Stratum,
} from "../../../../shared/analysis/model/decomposition.ts";
import { seededUniform } from "../../../../shared/analysis/model/intervals.ts";
import {
  labelMaturity,
  type LabelBucket,
} from "../../../../shared/analysis/model/label-maturity.ts";
import { metricChange } from "../../../../shared/analysis/model/metric-rules.ts";
import { rocAuc } from "../../../../shared/analysis/model/ranking-areas.ts";
import type { Cell } from "../../../../shared/analysis/model/score-cells.ts";
import { histogramOfRows } from "../../../../shared/analysis/model/score-histogram.ts";

const reference = JSON.parse(
  readFileSync(new URL("reference/reference.json", import.meta.url), "utf8"),
);

function histogramOf(k: number) {
  const { y, s } = reference.binary[k] as { y: number[]; s: number[] };
  return histogramOfRows(
    y.map((v) => v === 1),
    s,
  );
}

test("isotonic calibration as scikit-learn", () => {
  const { y, s } = reference.binary[0] as { y: number[]; s: number[] };
  const map = isotonicCalibration(histogramOf(0));
  const { grid, isotonic } = reference.calibration as { grid: number[]; isotonic: number[] };
  expect(y.length).toBe(s.length);
  grid.forEach((x, k) => {
    // The embedded scores are clipped to [.01, .99]; the fit was on the raw ones.
    if (x > 0.02 && x < 0.98) expect(map(x)).toBeCloseTo(isotonic[k]!, 10);
  });
});

test("Platt's calibration as scikit-learn", () => {
  const map = plattCalibration(histogramOf(1));
  const { grid, platt_grid } = reference.calibration as { grid: number[]; platt_grid: number[] };
  grid.forEach((x, k) => {
    expect(map(x)).toBeCloseTo(platt_grid[k]!, 4);
  });
});

test("estimated metrics as NannyML on calibrated scores", () => {
  const { s, p } = reference.binary[0] as { s: number[]; p: number[] };
  const map = isotonicCalibration(histogramOf(0));
  const order = [...new Set(s)].sort((a, b) => a - b);
  const cells = s.map((score, k): Cell => ({
    ...{ bin: order.indexOf(score), y: null, p: String(p[k]), rows: 1, w: 1, w2: 1 },
    ...{ ws: score, least: score, most: score },
  }));
  const found = estimateMetrics(cells, { kind: "isotonic", map, resampled: [], rows: s.length });
  for (const name of ["accuracy", "precision", "recall", "f1", "roc_auc"] as const) {
    expect(found.get(name)?.value, name).toBeCloseTo(reference.cbpe[name], 8);
  }
});

describe("decomposition", () => {
  /** 20 score groups; the world says how often each occurs and how often it is positive. */
  function strata(
    mass: (x: number, window: 0 | 1) => number,
    rate: (x: number, window: 0 | 1) => number,
  ): Stratum[] {
    const rows = 40_000;
    const xs = Array.from({ length: 20 }, (_, k) => (k + 0.5) / 20);
    const totals = [0, 1].map((w) => xs.reduce((s, x) => s + mass(x, w as 0 | 1), 0));
    return xs.flatMap((x, group) => {
      const at = (w: 0 | 1) => mass(x, w) / totals[w]!;
      const pi = at(1) / (at(0) + at(1));
      return ([0, 1] as const).flatMap((w) =>
        [true, false].map((y): Stratum => {
          const n = rows * at(w) * (y ? rate(x, w) : 1 - rate(x, w));
          return {
            ...{ bin: group, group, y, p: x >= 0.5 },
            ...{ baseline: w === 0 ? n : 0, incident: w === 1 ? n : 0 },
            ...{ baselineSquares: w === 0 ? n : 0, incidentSquares: w === 1 ? n : 0 },
            ...{ sharedBaseline: w === 0 ? n * pi : 0, sharedIncident: w === 1 ? n * (1 - pi) : 0 },
          };
        }),
      );
    });
  }

  test.each(["accuracy", "roc_auc"] as const)("moved inputs are all of it: %s", (metric) => {
    const d = decompose(
      strata(
        (x, w) => (w === 0 ? 1 : Math.exp(-20 * (x - 0.5) ** 2)),
        (x) => x,
      ),
      metric,
      "covariate_shift",
    )!;
    expect(d.change.value).toBeLessThan(-0.05);
    expect(d.parts.inputs.value).toBeCloseTo(d.change.value, 10);
    expect(d.parts.concept.value).toBeCloseTo(0, 10);
    expect(d.parts.concept.low).toBeLessThan(0);
    expect(d.parts.concept.high).toBeGreaterThan(0);
  });
  test("another meaning of the same inputs is concept", () => {
    const d = decompose(
      strata(
        () => 1,
        (x, w) => (w === 0 ? x : 0.25 + x / 2),
      ),
      "accuracy",
      "covariate_shift",
    )!;
    expect(d.change.value).toBeLessThan(-0.1);
    expect(d.parts.inputs.value).toBeCloseTo(0, 10);
    expect(d.parts.concept.value).toBeCloseTo(d.change.value, 3);
    expect(d.parts.concept.high).toBeLessThan(0);
  });
  test("one factor on all odds is labels, not concept", () => {
    const d = decompose(
      strata(
        () => 1,
        (x, w) => (w === 0 ? x : (4 * x) / (4 * x + 1 - x)),
      ),
      "accuracy",
      "covariate_shift",
    )!;
    expect(Math.abs(d.change.value)).toBeGreaterThan(0.02);
    expect(d.parts.labels.value).toBeCloseTo(d.change.value, 6);
    expect(d.parts.concept.value).toBeCloseTo(0, 6);
  });
  test("parts add up to the change", () => {
    const d = decompose(
      strata(
        (x, w) => (w === 0 ? 1 : 0.2 + x),
        (x, w) => (w === 0 ? x : x * x),
      ),
      "roc_auc",
      "covariate_shift",
    )!;
    const { inputs, labels, concept } = d.parts;
    expect(inputs.value + labels.value + concept.value).toBeCloseTo(d.change.value, 12);
  });
  test("BBSE finds class weights from predictions alone", () => {
    // P(predicted | true): 0.9 and 0.8 right; shares .7/.3 become .4/.6.
    const joint = [
      [0.7 * 0.9, 0.3 * 0.2],
      [0.7 * 0.1, 0.3 * 0.8],
    ];
    const predicted = [0.4 * 0.9 + 0.6 * 0.2, 0.4 * 0.1 + 0.6 * 0.8];
    const weights = bbseWeights(joint, predicted)!;
    expect(weights[0]).toBeCloseTo(0.4 / 0.7, 12);
    expect(weights[1]).toBeCloseTo(0.6 / 0.3, 12);
    expect(
      bbseWeights(
        [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
        [0.5, 0.5],
      ),
    ).toBeNull();
  });
});

describe("domain classifier", () => {
  const n = 8000;
  const uniform = seededUniform(3);
  const domain = Uint8Array.from({ length: n }, (_, k) => (k < n / 2 ? 0 : 1));
  const noise = Float64Array.from({ length: n }, () => uniform());
  const auc = (features: Float64Array[]): number =>
    rocAuc(
      histogramOfRows(
        Array.from(domain, (d) => d === 1),
        Array.from(crossFittedDomain(features, domain)),
      ),
    )!;

  test("finds nothing where there is nothing", () => {
    expect(Math.abs(auc([noise]) - 0.5)).toBeLessThan(0.03);
  });
  test("finds a shift of an interaction that no column shows alone", () => {
    const a = Float64Array.from({ length: n }, () => uniform());
    const b = Float64Array.from({ length: n }, (_, k) => {
      const same = domain[k] === 0 ? uniform() < 0.5 : uniform() < 0.9;
      return a[k]! < 0.5 === same ? uniform() / 2 : 0.5 + uniform() / 2;
    });
    expect(auc([a, b, noise])).toBeGreaterThan(0.65);
  });
  test("reads missing values as a value", () => {
    const holes = noise.map((v, k) => (domain[k] === 1 && uniform() < 0.5 ? NaN : v));
    expect(auc([holes])).toBeGreaterThan(0.7);
  });
});

describe("label maturity", () => {
  const buckets = (b: readonly number[], i: readonly number[]): LabelBucket[] =>
    [...b, ...i].map((labelled, k) => ({
      ...{ window: k < b.length ? 0 : 1, from: k * 10, to: k * 10 + 10, rows: 1000, labelled },
    }));
  test("labels that are all there", () => {
    const found = labelMaturity(buckets([990, 980, 985], [980, 990, 985]));
    expect(found).toMatchObject({ immatureFrom: null, leftOut: 0, statement: null });
  });
  test("the youngest rows are left out", () => {
    const found = labelMaturity(buckets([990, 980, 985], [980, 985, 500, 100]));
    expect(found).toMatchObject({ immatureFrom: 50, leftOut: 600 });
    expect(found.statement).toContain("same maturity");
  });
  test("an incident without labels", () => {
    const found = labelMaturity(buckets([990, 980], [0, 0, 0]));
    expect(found.statement).toContain("no labels");
  });
  test("evenly missing labels are compared, with a warning", () => {
    const found = labelMaturity(buckets([990, 980], [500, 510, 495, 500]));
    expect(found.immatureFrom).toBeNull();
    expect(found.statement).toContain("without regard to age");
  });
  test("labels still arriving everywhere in the incident leave nothing to compare", () => {
    const found = labelMaturity(buckets([990, 980], [700, 500, 300, 100]));
    expect(found.immatureFrom).toBe(20);
  });
  test("a sampled label is mature at its own share", () => {
    expect(labelMaturity(buckets([200, 210], [195, 205])).statement).toBeNull();
  });
});

describe("verdicts", () => {
  const at = (value: number, half: number) => ({ value, low: value - half, high: value + half });
  test("come from size, and stand only beyond the uncertainty", () => {
    expect(metricChange("roc_auc", at(0.9, 0.001), at(0.89, 0.001)).verdict).toBe("none");
    expect(metricChange("roc_auc", at(0.9, 0.001), at(0.87, 0.001)).verdict).toBe("minor");
    expect(metricChange("roc_auc", at(0.9, 0.001), at(0.8, 0.001))).toMatchObject({
      verdict: "major",
      direction: "worse",
    });
    expect(metricChange("roc_auc", at(0.9, 0.2), at(0.8, 0.2)).verdict).toBe("none");
  });
  test("losses are judged against the baseline, and lower is better", () => {
    expect(metricChange("rmse", at(100, 0.1), at(80, 0.1))).toMatchObject({
      verdict: "minor",
      direction: "better",
    });
  });
});
