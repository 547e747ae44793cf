import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ANALYSES } from "../../shared/analysis/index.ts";
import { modelTables, trainingPairs } from "../../shared/analysis/model/model-performance.ts";
import { unwrap } from "../../shared/base/result.ts";
import { FindingsFile } from "../../shared/model/findings-file.ts";
import * as model from "../../shared/model/model-checks.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import type { Windows } from "../../shared/model/window.ts";
import { runImport } from "../../shared/importers/run-import.ts";
import { findingFromMetric } from "../../shared/reasoning/metric-finding.ts";
import { findingsFile } from "../../shared/report/findings-json.ts";
import type { ReportInput } from "../../shared/report/report-input.ts";
import { resultDigest } from "../../shared/tables/digest.ts";
import { createNodeEngine } from "../support/node-engine.ts";
import { sourceOf } from "../support/sources.ts";
import { htmlOf, markdownOf, reportFixture } from "../unit/report/report-fixture.ts";

const FIXTURE = join(import.meta.dirname, "../fixtures/predictions");
const expected = JSON.parse(readFileSync(join(FIXTURE, "expected.json"), "utf8")) as Record<
  "baseline" | "incident",
  Record<string, number>
>;
const of = (version: string) => ({
  ...{ from: null, to: null },
  filter: { column: "model_version", values: [version] },
});
const WINDOWS = { baseline: of("v7"), incident: of("v8") } satisfies Windows;

let engine: Awaited<ReturnType<typeof createNodeEngine>>;
let table: TableMeta;
let models: model.ModelPerformance;

beforeAll(async () => {
  engine = await createNodeEngine();
  const content = readFileSync(join(FIXTURE, "predictions.csv"));
  const source = await sourceOf(content, { name: "predictions.csv" });
  const settings = { signal: new AbortController().signal, now: Date.UTC(2026, 11, 31) };
  const { plan, columns, rows, from, to } = unwrap(
    await runImport(engine, source, "auto", {}, 1, settings),
  );
  const named = columns.map(({ name, type, role }) => ({ name, type, role }));
  table = {
    ...{ name: plan.table, target: "own", columns: named, rows, from, to },
    ...{ timeColumn: "prediction_time", evidenceIds: ["E1"] },
  };
  models = await ANALYSES.modelPerformance(engine, { tables: [table], windows: WINDOWS });
});
afterAll(async () => {
  await engine.close();
});

function input(): ReportInput {
  const base = reportFixture();
  return { ...base, models };
}

describe("by name", () => {
  test("all three questions run, and their answers are valid", async () => {
    const checks = await ANALYSES.modelChecks(engine, { table, windows: WINDOWS });
    expect(model.ModelChecks.parse(checks).metrics.length).toBeGreaterThan(10);
    expect(checks).toEqual(models.checks[0]);
    const versions = await ANALYSES.versionComparison(engine, { table, window: null });
    expect(versions.steps.map((s) => [s.before, s.after])).toEqual([["v7", "v8"]]);
    const against = await ANALYSES.trainingServing(engine, { training: table, serving: table });
    expect(against.columns.every((c) => c.verdict === "none")).toBe(true);
  });

  test("a case without a model has nothing to say of one", async () => {
    const plain = {
      ...table,
      columns: table.columns.map((c) => ({ ...c, role: "feature" as const })),
    };
    expect(modelTables([plain])).toEqual([]);
    const found = await ANALYSES.modelPerformance(engine, { tables: [plain], windows: WINDOWS });
    expect(found).toEqual({ checks: [], versions: [], trainingServing: [] });
  });

  test("which of two tables is the training data", () => {
    const pair = (a: string, b: string) =>
      trainingPairs([
        { ...table, name: a },
        { ...table, name: b },
      ])[0];
    expect(pair("serving_log", "training_rows")).toMatchObject({
      training: { name: "training_rows" },
      named: true,
    });
    expect(pair("january", "february")?.named).toBe(false);
    const other = {
      ...table,
      name: "b",
      columns: table.columns.filter((c) => c.role !== "feature"),
    };
    const few = { ...other, columns: other.columns.slice(0, 2) };
    expect(trainingPairs([table, few])).toEqual([]);
  });
});

test("metrics are scikit-learn's, the same in HTML, Markdown and JSON", () => {
  const html = htmlOf(input());
  const markdown = markdownOf(input());
  const file = FindingsFile.parse(JSON.parse(JSON.stringify(findingsFile(input(), []))));
  const names = { accuracy: "accuracy", "Brier score": "brier", "log loss": "log_loss" } as const;
  for (const [label, name] of Object.entries(names)) {
    const metric = file.models[0]?.metrics.find((m) => m.metric === name);
    for (const window of ["baseline", "incident"] as const) {
      const value = expected[window][label] ?? NaN;
      // Losses are taken at the mean score of each of 2,000 bins, accuracy is exact.
      const off = Math.abs((metric?.[window]?.value ?? NaN) - value);
      expect(off, `${window} ${name}`).toBeLessThan(name === "accuracy" ? 1e-12 : 2e-5);
      const shown = String(Number(value.toPrecision(4)));
      expect(html).toContain(`>${shown} (`);
      expect(markdown).toContain(`| ${shown} (`);
    }
  }
  const area = file.models[0]?.metrics.find((m) => m.metric === "roc_auc");
  expect(area).toMatchObject({ verdict: "major", direction: "worse" });
  const said = models.checks[0]?.statements[0] ?? "nothing";
  expect(html).toContain(`<li>${said}</li>`);
  expect(markdown).toContain("## Model performance");
  expect(file.model_versions[0]?.steps).toHaveLength(1);
});

test("without models no section, and empty lists in JSON", () => {
  const without = { ...reportFixture(), models: null };
  expect(htmlOf(without)).not.toContain("Model performance");
  expect(markdownOf(without)).not.toContain("Model performance");
  expect(findingsFile(without, []).models).toEqual([]);
});

test("a pinned metric brings its query, which answers the same again", async () => {
  const [checks] = models.checks;
  const change = checks?.metrics.find((m) => m.metric === "roc_auc");
  if (checks === undefined || change === undefined) throw new Error("no ROC area");
  const finding = await findingFromMetric(
    engine,
    { id: "f", createdAt: "2024-06-01T00:00:00.000Z" },
    table,
    checks,
    change,
    WINDOWS,
  );
  expect(finding.statement).toMatch(/^ROC AUC fell from 0\.817 to 0\.667/);
  expect(finding.chart?.kind).toBe("series");
  const again = resultDigest(unwrap(await engine.query(finding.provenance?.sql ?? "")));
  expect(again.sha256).toBe(finding.provenance?.resultDigest);
  expect(finding.provenance?.resultRows).toBeGreaterThan(100);
});
