import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelChecks } from "../../shared/analysis/model/model-checks.ts";
import { averagePrecision, rocAuc } from "../../shared/analysis/model/ranking-areas.ts";
import {
  averagePrecisionAtK,
  ndcgAtK,
  reciprocalRank,
} from "../../shared/analysis/model/ranking-metrics.ts";
import { histogramOfRows } from "../../shared/analysis/model/score-histogram.ts";
import { trainingServing } from "../../shared/analysis/model/training-serving.ts";
import { versionComparison } from "../../shared/analysis/model/version-comparison.ts";
import type { WindowPair } from "../../shared/analysis/windows.ts";
import { Fault, unwrap } from "../../shared/base/result.ts";
import { DAY, parseIso } from "../../shared/base/time.ts";
import * as model from "../../shared/model/model-checks.ts";
import type { ColumnType, Role } from "../../shared/model/role.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { readColumn } from "../../shared/tables/rows.ts";
import { createNodeEngine } from "../support/node-engine.ts";
import { openData } from "../support/open-data.ts";

let engine: Awaited<ReturnType<typeof createNodeEngine>>;
const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
const WEEKS: WindowPair = {
  baseline: { from: T0, to: T0 + 7 * DAY },
  incident: { from: T0 + 7 * DAY, to: T0 + 14 * DAY },
};
const N = 20_000;

async function run(sql: string): Promise<void> {
  unwrap(await engine.query(sql));
}

async function column(sql: string, name: string): Promise<unknown[]> {
  return readColumn(unwrap(await engine.query(sql)), name);
}

function meta(name: string, columns: readonly (readonly [string, ColumnType, Role])[]): TableMeta {
  return {
    ...{ name, target: "own", timeColumn: "ts", evidenceIds: ["E1"], rows: N, from: T0 },
    to: T0 + 14 * DAY - 1,
    columns: [
      { name: "ts", type: "timestamp", role: "timestamp" },
      ...columns.map(([n, type, role]) => ({ name: n, type, role })),
    ],
  };
}

function metricOf(checks: Pick<model.ModelChecks, "metrics">, name: model.MetricName) {
  const found = checks.metrics.find((m) => m.metric === name);
  if (found === undefined) throw new Error(`no metric ${name}`);
  return found;
}

/** Rows over 14 days with uniform numbers u1 to u9, the same in every run; `late` is the incident. */
const ROWS = `(SELECT TIMESTAMP '2024-05-01' + to_microseconds((i * ${String(14 * DAY)}) // ${String(N)}) AS ts,
  i, i >= ${String(N / 2)} AS late, ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => `(hash(i * 1000003 + ${String(k)}) % 1000000007) / 1000000007.0 AS u${String(k)}`).join(", ")}
  FROM range(${String(N)}) r(i))`;

beforeAll(async () => {
  engine = await createNodeEngine();
});
afterAll(async () => {
  await engine.close();
});

describe("binary model", () => {
  const columns = [
    ["x", "double", "feature"],
    ["score", "double", "score"],
    ["pred", "bigint", "prediction"],
    ["label", "boolean", "label"],
    ["country", "varchar", "segment"],
  ] as const;

  beforeAll(async () => {
    // P(y|x) turns weaker in the incident, and only in country b; inputs stay.
    await run(`CREATE TABLE concept AS
      SELECT *, CAST(score >= 0.5 AS BIGINT) AS pred, u2 < CASE WHEN late AND country = 'b' THEN 0.5 ELSE score END AS label
      FROM (SELECT *, u1 AS x, u1 AS score, CASE WHEN u3 < 0.5 THEN 'a' ELSE 'b' END AS country FROM ${ROWS})`);
    // Inputs move to where the model is unsure; P(y|x) stays.
    await run(`CREATE TABLE covariate AS SELECT *, CAST(score >= 0.5 AS BIGINT) AS pred, u2 < score AS label, 'a' AS country
      FROM (SELECT *, x AS score FROM (SELECT *, CASE WHEN late THEN 0.25 + u1 / 2 ELSE u1 END AS x FROM ${ROWS}))`);
  });

  test("exact values, stated binning error below 1e-3, valid by schema", async () => {
    const checks = await modelChecks(engine, meta("concept", columns), WEEKS);
    expect(() => model.ModelChecks.parse(checks)).not.toThrow();
    expect(checks).toMatchObject({ task: "binary", positiveClass: "1", skipped: null });
    const rows = unwrap(
      await engine.query("SELECT score, CAST(label AS INT) AS y FROM concept WHERE NOT late"),
    );
    const h = histogramOfRows(
      readColumn(rows, "y").map((v) => v === 1),
      readColumn(rows, "score").map(Number),
    );
    const auc = metricOf(checks, "roc_auc").baseline;
    expect(checks.binningError).toBeLessThan(1e-3);
    expect(Math.abs((auc?.value ?? 0) - (rocAuc(h) ?? 0))).toBeLessThan(checks.binningError ?? 0);
    expect(metricOf(checks, "average_precision").baseline?.value).toBeCloseTo(
      averagePrecision(h)?.value ?? 0,
      3,
    );
    const [brier] = await column(
      "SELECT avg((score - CAST(label AS INT)) ** 2) AS v FROM concept WHERE NOT late",
      "v",
    );
    expect(metricOf(checks, "brier").baseline?.value).toBeCloseTo(Number(brier), 5);
    const [accuracy] = await column(
      "SELECT avg(CAST(label = (pred = 1) AS INT)) AS v FROM concept WHERE late",
      "v",
    );
    expect(metricOf(checks, "accuracy").incident?.value).toBeCloseTo(Number(accuracy), 12);
    expect(checks.overTime.length).toBeGreaterThanOrEqual(14);
    expect(checks.reliability?.baseline).toHaveLength(10);
  });

  test("concept drift is told as such, and in which segment", async () => {
    const checks = await modelChecks(engine, meta("concept", columns), WEEKS);
    expect(metricOf(checks, "roc_auc")).toMatchObject({ verdict: "major", direction: "worse" });
    const verdicts = checks.segments.map((s) => [s.value, metricOf(s, "roc_auc").verdict]);
    expect(Object.fromEntries(verdicts)).toEqual({ a: "none", b: "major" });
    const d = checks.decompositions.find((x) => x.metric === "accuracy");
    expect(d).toMatchObject({ method: "domain_classifier", path: "covariate_shift" });
    expect(Math.abs((d?.domainAuc ?? 0) - 0.5)).toBeLessThan(0.03);
    expect(d?.parts.concept.high).toBeLessThan(0);
    expect(d?.parts.concept.value).toBeLessThan(0.8 * (d?.change.value ?? 0));
    expect(d?.statement).toContain("concept drift");
    // CBPE cannot see it: that is its assumption.
    const estimated = checks.estimated?.metrics.find((m) => m.metric === "roc_auc");
    expect(estimated?.verdict).toBe("none");
    expect(checks.confidence?.verdict).toBe("none");
  });

  test("covariate shift is told as such, and CBPE sees it without labels", async () => {
    const checks = await modelChecks(engine, meta("covariate", columns), WEEKS);
    const d = checks.decompositions.find((x) => x.metric === "accuracy");
    expect(d?.change.value).toBeLessThan(-0.08);
    expect(Math.abs(d?.parts.concept.value ?? 1)).toBeLessThan(0.03);
    expect(d?.parts.inputs.value).toBeLessThan(0.7 * (d?.change.value ?? 0));
    expect(d?.statement).toContain("covariate shift");
    const auc = metricOf(checks, "roc_auc").incident;
    const estimated = checks.estimated?.metrics.find((m) => m.metric === "roc_auc")?.incident;
    expect(Math.abs((estimated?.value ?? 0) - (auc?.value ?? 0))).toBeLessThan(0.02);
    expect(estimated?.low).toBeLessThan(auc?.value ?? 0);
    expect(estimated?.high).toBeGreaterThan(auc?.value ?? 0);
    expect(checks.confidence?.verdict).toBe("major");
  });

  test("equal windows raise no alarm", async () => {
    const same = {
      baseline: { from: T0, to: T0 + 3 * DAY },
      incident: { from: T0 + 3 * DAY, to: T0 + 6 * DAY },
    };
    const checks = await modelChecks(engine, meta("concept", columns), same);
    expect(checks.metrics.filter((m) => m.verdict !== "none")).toEqual([]);
    expect(checks.segments.flatMap((s) => s.metrics).filter((m) => m.verdict !== "none")).toEqual(
      [],
    );
    expect(checks.confidence?.verdict).toBe("none");
  });

  test("label shift: class shares moved, scores within a class did not", async () => {
    await run(`CREATE TABLE classes AS SELECT *, CAST(score >= 0.5 AS BIGINT) AS pred FROM (
      SELECT *, 1 / (1 + exp(-(4 * (u1 + u4 + u5 - 1.5) + CASE WHEN label THEN 1 ELSE -1 END))) AS score
      FROM (SELECT *, u2 < CASE WHEN late THEN 0.5 ELSE 0.1 END AS label FROM ${ROWS}))`);
    const checks = await modelChecks(engine, meta("classes", columns.slice(1, 4)), WEEKS);
    const d = checks.decompositions.find((x) => x.metric === "roc_auc");
    expect(d?.path).toBe("label_shift");
    const positive = d?.labelWeights?.find((w) => w.label === "1");
    expect(positive?.realised).toBeCloseTo(5, 0);
    expect(Math.abs((positive?.implied ?? 0) / (positive?.realised ?? 1) - 1)).toBeLessThan(0.15);
    expect(metricOf(checks, "label_rate").verdict).toBe("major");
  });

  test("labels that have not arrived: said, left out, estimated", async () => {
    await run(
      `CREATE TABLE delayed AS SELECT * REPLACE (CASE WHEN i >= 16000 AND u9 < (i - 16000) / 2000 THEN NULL ELSE label END AS label) FROM concept`,
    );
    const some = await modelChecks(engine, meta("delayed", columns), WEEKS);
    expect(some.labels?.immatureFrom).not.toBeNull();
    expect(some.incident.labelled).toBeLessThan(7500);
    expect(some.statements[0]).toContain("same maturity");
    await run(
      "CREATE TABLE unlabelled AS SELECT * REPLACE (CASE WHEN late THEN NULL ELSE label END AS label) FROM covariate",
    );
    const none = await modelChecks(engine, meta("unlabelled", columns), WEEKS);
    expect(none.statements[0]).toContain("no labels");
    expect(metricOf(none, "roc_auc").incident).toBeNull();
    expect(none.estimated?.metrics.find((m) => m.metric === "roc_auc")?.verdict).toBe("major");
    expect(none.decompositions).toEqual([]);
  });

  test("how columns are read: words, numbers, whose probability, orders, weights", async () => {
    await run(`CREATE TABLE readings AS SELECT ts,
      CASE WHEN label THEN 'Yes' ELSE 'no' END AS words, CAST(label AS DOUBLE) AS numbers,
      CASE WHEN pred = 1 THEN 'true' ELSE 'false' END AS word_pred, pred,
      greatest(score, 1 - score) AS confidence, score, 1 - score AS inverse, 600 + 100 * ln((score + 0.001) / (1.001 - score)) AS points,
      CASE WHEN country = 'a' THEN 1 ELSE 0 END AS w FROM concept`);
    const read = (list: readonly (readonly [string, ColumnType, Role])[]) =>
      modelChecks(engine, meta("readings", list), WEEKS);
    const plain = await read([
      ["score", "double", "score"],
      ["pred", "bigint", "prediction"],
      ["numbers", "double", "label"],
    ]);
    const wanted = metricOf(plain, "roc_auc").baseline?.value ?? 0;
    const predicted = await read([
      ["confidence", "double", "score"],
      ["word_pred", "varchar", "prediction"],
      ["words", "varchar", "label"],
    ]);
    expect(predicted.readings.join(" ")).toContain("probability of the predicted class");
    expect(metricOf(predicted, "roc_auc").baseline?.value).toBeCloseTo(wanted, 4);
    const inverse = await read([
      ["inverse", "double", "score"],
      ["pred", "bigint", "prediction"],
      ["words", "varchar", "label"],
    ]);
    expect(metricOf(inverse, "roc_auc").baseline?.value).toBeCloseTo(wanted, 4);
    const points = await read([
      ["points", "double", "score"],
      ["words", "varchar", "label"],
    ]);
    expect(points.readings.join(" ")).toContain("order only");
    expect(metricOf(points, "roc_auc").baseline?.value).toBeCloseTo(wanted, 3);
    expect(points.metrics.some((m) => m.metric === "log_loss")).toBe(false);
    expect(points.estimated).toBeNull();
    const weighted = await read([
      ["score", "double", "score"],
      ["words", "varchar", "label"],
      ["w", "bigint", "weight"],
    ]);
    expect(metricOf(weighted, "roc_auc").verdict).toBe("none");
  });
});

test("multiclass: confusion metrics and areas per class", async () => {
  await run(`CREATE TABLE multi AS SELECT *,
    CASE WHEN u2 < proba_cat THEN 'cat' WHEN u2 < proba_cat + proba_dog THEN 'dog' ELSE 'owl' END AS truth,
    CASE WHEN late AND u5 < 0.3 THEN 'owl' WHEN proba_cat >= greatest(proba_dog, proba_owl) THEN 'cat' WHEN proba_dog >= proba_owl THEN 'dog' ELSE 'owl' END AS pred
    FROM (SELECT *, a / (a + b + c) AS proba_cat, b / (a + b + c) AS proba_dog, c / (a + b + c) AS proba_owl FROM
      (SELECT *, u1 ** 3 + 0.01 AS a, u3 ** 3 + 0.01 AS b, u4 ** 3 + 0.01 AS c FROM ${ROWS}))`);
  const checks = await modelChecks(
    engine,
    meta("multi", [
      ["truth", "varchar", "label"],
      ["pred", "varchar", "prediction"],
      ["proba_cat", "double", "score"],
      ["proba_dog", "double", "score"],
      ["proba_owl", "double", "score"],
    ]),
    WEEKS,
  );
  expect(checks.task).toBe("multiclass");
  const [accuracy] = await column(
    "SELECT avg(CAST(truth = pred AS INT)) AS v FROM multi WHERE NOT late",
    "v",
  );
  expect(metricOf(checks, "accuracy").baseline?.value).toBeCloseTo(Number(accuracy), 12);
  expect(metricOf(checks, "f1_macro")).toMatchObject({ verdict: "major", direction: "worse" });
  expect(metricOf(checks, "roc_auc_macro").baseline?.value).toBeGreaterThan(0.7);
  expect(metricOf(checks, "roc_auc_macro").verdict).toBe("none");
  const [loss] = await column(
    "SELECT avg(-ln(CASE truth WHEN 'cat' THEN proba_cat WHEN 'dog' THEN proba_dog ELSE proba_owl END)) AS v FROM multi WHERE NOT late",
    "v",
  );
  expect(metricOf(checks, "log_loss").baseline?.value).toBeCloseTo(Number(loss), 10);
});

test("regression: errors by window and segment", async () => {
  await run(`CREATE TABLE fares AS SELECT *, 10 + 90 * u1 AS fare, 10 + 90 * u1 + (u2 - 0.5) * CASE WHEN late AND zone = 'z1' THEN 40 ELSE 10 END AS predicted
    FROM (SELECT *, 'z' || CAST(floor(u3 * 3) AS INT) AS zone FROM ${ROWS})`);
  const checks = await modelChecks(
    engine,
    meta("fares", [
      ["fare", "double", "label"],
      ["predicted", "double", "prediction"],
      ["zone", "varchar", "segment"],
    ]),
    WEEKS,
  );
  expect(checks.task).toBe("regression");
  const [rmse] = await column(
    "SELECT sqrt(avg((predicted - fare) ** 2)) AS v FROM fares WHERE late",
    "v",
  );
  expect(metricOf(checks, "rmse").incident?.value).toBeCloseTo(Number(rmse), 9);
  const [r2] = await column(
    "SELECT 1 - sum((predicted - fare) ** 2) / (var_pop(fare) * count(*)) AS v FROM fares WHERE late",
    "v",
  );
  expect(metricOf(checks, "r2").incident?.value).toBeCloseTo(Number(r2), 9);
  const worst = checks.segments.filter((s) => metricOf(s, "mae").verdict === "major");
  expect(worst.map((s) => s.value)).toEqual(["z1"]);
});

test("ranking: as the pure functions over each list", async () => {
  await run(`CREATE TABLE results AS SELECT ts, late, i // 10 AS query_id, CAST(floor(4 * u1 * u1) AS BIGINT) AS relevance,
    round(u1 * CASE WHEN late THEN 0 ELSE 1 END + u2, 1) AS score FROM ${ROWS}`);
  const checks = await modelChecks(
    engine,
    meta("results", [
      ["query_id", "bigint", "entity"],
      ["relevance", "bigint", "label"],
      ["score", "double", "score"],
    ]),
    WEEKS,
  );
  const lists = new Map<unknown, { gains: number[]; scores: number[] }>();
  const rows = unwrap(
    await engine.query("SELECT query_id, relevance, score FROM results WHERE NOT late"),
  );
  const scores = readColumn(rows, "score");
  const gains = readColumn(rows, "relevance");
  readColumn(rows, "query_id").forEach((q, k) => {
    const list = lists.get(q) ?? { gains: [], scores: [] };
    lists.set(q, list);
    list.gains.push(Number(gains[k]));
    list.scores.push(Number(scores[k]));
  });
  const mean = (f: (l: { gains: number[]; scores: number[] }) => number | null): number => {
    const values = [...lists.values()].map(f).filter((v) => v !== null);
    return values.reduce((s, v) => s + v, 0) / values.length;
  };
  expect(metricOf(checks, "ndcg").baseline?.value).toBeCloseTo(
    mean((l) => ndcgAtK(l, 10)),
    9,
  );
  expect(metricOf(checks, "map").baseline?.value).toBeCloseTo(
    mean((l) => averagePrecisionAtK(l, 10)),
    9,
  );
  expect(metricOf(checks, "mrr").baseline?.value).toBeCloseTo(
    mean((l) => reciprocalRank(l, 10)),
    9,
  );
  expect(metricOf(checks, "ndcg")).toMatchObject({ verdict: "major", direction: "worse" });
});

test("versions, each against the one before", async () => {
  await run(`CREATE TABLE served AS SELECT *, CASE WHEN i < 8000 THEN 'm1' WHEN i < 15000 THEN 'm2' ELSE 'm3' END AS version,
    u2 < u1 AS label, CASE WHEN i >= 15000 THEN u4 ELSE u1 END AS score FROM ${ROWS}`);
  const found = await versionComparison(
    engine,
    meta("served", [
      ["score", "double", "score"],
      ["label", "boolean", "label"],
      ["version", "varchar", "model_version"],
    ]),
    null,
  );
  expect(() => model.VersionComparison.parse(found)).not.toThrow();
  expect(found.versions.map((v) => v.version)).toEqual(["m1", "m2", "m3"]);
  expect(found.steps.map((s) => [s.before, s.after, metricOf(s, "roc_auc").verdict])).toEqual([
    ["m1", "m2", "none"],
    ["m2", "m3", "major"],
  ]);
});

test("training against serving", async () => {
  await run(
    `CREATE TABLE training AS SELECT u1 AS x, u2 AS steady, CASE WHEN u3 < 0.5 THEN 'F' ELSE 'M' END AS sex, u4 < u1 AS label, u1 AS score, 1 AS only_here FROM ${ROWS} WHERE NOT late`,
  );
  await run(
    `CREATE TABLE serving AS SELECT 100 * u1 AS x, u2 AS steady, CASE WHEN u3 < 0.5 THEN '0' ELSE 'M' END AS sex, u4 < u1 AS label, u5 AS score FROM ${ROWS} WHERE late`,
  );
  const columns = [
    ["x", "double", "feature"],
    ["steady", "double", "feature"],
    ["sex", "varchar", "feature"],
    ["label", "boolean", "label"],
    ["score", "double", "score"],
  ] as const;
  const untimed = (t: TableMeta): TableMeta => ({
    ...t,
    timeColumn: null,
    columns: t.columns.slice(1),
  });
  const found = await trainingServing(
    engine,
    untimed(meta("training", [...columns, ["only_here", "bigint", "feature"]])),
    untimed(meta("serving", columns)),
  );
  expect(() => model.TrainingServing.parse(found)).not.toThrow();
  const verdict = (name: string) => found.columns.find((c) => c.column === name)?.verdict;
  expect([verdict("x"), verdict("sex"), verdict("steady")]).toEqual(["major", "major", "none"]);
  expect(found.columns.find((c) => c.column === "x")?.unseen).toBeGreaterThan(0.98);
  expect(found.columns.find((c) => c.column === "sex")?.unseen).toBeCloseTo(0.5, 1);
  expect(found.schema.map((s) => [s.column, s.change])).toEqual([["only_here", "only_training"]]);
  expect(found.metrics.find((m) => m.metric === "roc_auc")?.verdict).toBe("major");
});

describe("edges", () => {
  const columns = [
    ["score", "double", "score"],
    ["label", "boolean", "label"],
  ] as const;
  test("an empty window, a single row, all NULL and all equal do not break it", async () => {
    await run(
      `CREATE TABLE odd AS SELECT ts, CASE WHEN late THEN 0.5 END AS score, CASE WHEN late THEN true END AS label FROM ${ROWS} WHERE late OR i = 0`,
    );
    const checks = await modelChecks(engine, meta("odd", columns), WEEKS);
    expect(checks.baseline.labelled).toBe(0);
    expect(checks.metrics.every((m) => m.change === null)).toBe(true);
    const empty = {
      baseline: { from: T0 - DAY, to: T0 },
      incident: { from: T0 - 2 * DAY, to: T0 - DAY },
    };
    expect((await modelChecks(engine, meta("odd", columns), empty)).metrics).toEqual([]);
  });
  test("tables without a model are skipped with a reason", async () => {
    const checks = await modelChecks(engine, meta("odd", [["score", "double", "feature"]]), WEEKS);
    expect(checks.skipped).toContain("no column is a prediction");
  });
  test("a cancelled check is a fault, and progress ends at 1", async () => {
    const seen: number[] = [];
    await modelChecks(engine, meta("odd", columns), WEEKS, { onProgress: (f) => seen.push(f) });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    const cancelled = modelChecks(engine, meta("odd", columns), WEEKS, {
      signal: AbortSignal.abort(),
    });
    await expect(cancelled).rejects.toBeInstanceOf(Fault);
  });
});

const housing = openData("B_ml_drift/nannyml");

describe.skipIf(housing === null)("California housing", () => {
  async function load(name: string, file: string): Promise<void> {
    const [head = "", ...lines] = readFileSync(join(housing ?? "", file), "utf8")
      .trim()
      .split(/\r?\n/);
    const cells = lines.map((line) => line.split(","));
    const columns = head.split(",").map((title, k) => {
      const texts = cells.map((row) => row[k] ?? "");
      return [title, title === "timestamp" ? texts : Float64Array.from(texts, Number)] as const;
    });
    const ipc = tableToIPC(tableFromArrays(Object.fromEntries(columns)), "stream");
    unwrap(await engine.insertArrow(name, ipc, { create: true }));
  }

  test("realised areas are the published ones; the estimate follows them", async () => {
    await load("h1", "california_housing_reference.csv");
    await load("h2", "california_housing_analysis.csv");
    await load("h3", "california_housing_analysis_gt.csv");
    await run(`CREATE TABLE housing AS SELECT * REPLACE (CAST(timestamp AS TIMESTAMP) AS timestamp) FROM
      (SELECT * FROM h1 UNION ALL BY NAME SELECT h2.*, clf_target FROM h2 JOIN h3 USING (id))`);
    const table: TableMeta = {
      ...meta("housing", [
        ["y_pred_proba", "double", "score"],
        ["y_pred", "double", "prediction"],
        ["clf_target", "double", "label"],
      ]),
      timeColumn: "timestamp",
    };
    const truth = readFileSync(join(housing ?? "", "california_realised_auc.tsv"), "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split("\t"))
      .filter(([period]) => period === "analysis");
    const lines = ["month    realised  CBPE (95 % band)         decided"];
    const errors: number[] = [];
    for (const [, month = "", , area] of truth) {
      const from = parseIso(`${month}-01`) ?? 0;
      const date = new Date(from / 1000);
      const to = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) * 1000;
      const checks = await modelChecks(engine, table, {
        baseline: { from: parseIso("2020-10-01"), to: parseIso("2021-06-01") },
        incident: { from, to },
      });
      const realised = metricOf(checks, "roc_auc");
      const estimated = checks.estimated?.metrics.find((m) => m.metric === "roc_auc");
      expect(realised.incident?.value).toBeCloseTo(Number(area), 3);
      const e = estimated?.incident ?? { value: NaN, low: NaN, high: NaN };
      errors.push(Math.abs(e.value - Number(area)));
      lines.push(
        `${month}  ${(realised.incident?.value ?? NaN).toFixed(4)}    ${e.value.toFixed(4)} (${e.low.toFixed(4)}–${e.high.toFixed(4)})  realised ${realised.verdict}, estimated ${estimated?.verdict ?? ""}`,
      );
    }
    console.log(lines.join("\n"));
    errors.sort((a, b) => a - b);
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(0.03);
  }, 60_000);
});
