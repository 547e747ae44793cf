import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ImportOutcome } from "../../shared/contract/worker.ts";
import type { Source } from "../../shared/importers/importer.ts";
import { runImport } from "../../shared/importers/run-import.ts";
import { createFixedTablesSql } from "../../shared/tables/case-tables.ts";
import { queryTable, readColumn } from "../../shared/tables/rows.ts";
import { filesSource, folderSource } from "../support/folder-source.ts";
import { createNodeEngine, type NodeEngine } from "../support/node-engine.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures");

let engine: NodeEngine;
let evidence = 0;
beforeAll(async () => {
  engine = await createNodeEngine();
  for (const sql of createFixedTablesSql()) await queryTable(engine, sql);
});
afterAll(() => engine.close());

async function run(importer: string, source: Source): Promise<ImportOutcome> {
  const signal = new AbortController().signal;
  const now = Date.UTC(2026, 10, 24);
  const result = await runImport(engine, source, importer, {}, ++evidence, { signal, now });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

async function values(sql: string): Promise<unknown[]> {
  return readColumn(await queryTable(engine, sql), "v");
}

test("a file store fills runs, metrics, points by step, and events", async () => {
  const outcome = await run(
    "mlflow-store",
    await folderSource(join(FIXTURES, "mlflow-store/mlruns")),
  );
  expect([outcome.plan.table, outcome.tableRows, outcome.rows, outcome.rejected]).toEqual([
    "mlflow_runs",
    7,
    38,
    0,
  ]);
  expect(outcome.further.map((f) => [f.table, f.tableRows])).toEqual([
    ["metrics", 25],
    ["mlflow_metrics", 25],
    ["events", 3 + 13 + 2 + 1 + 4],
  ]);
  expect(
    await values(
      `SELECT run_name AS v FROM mlflow_runs WHERE deleted OR "metrics.loss" > 1e100 ORDER BY 1`,
    ),
  ).toEqual(["bad data", "trashed", "typo"]);
  expect(
    await values("SELECT step::DOUBLE AS v FROM mlflow_metrics WHERE key = 'warmup' ORDER BY ts"),
  ).toEqual([-2, -2]);
});

test("a parameter that turns out to be a text further down makes its column one", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 220 }, (_, i) => [
      `1/${i.toString(16).padStart(32, "0")}/params/depth`,
      i < 215 ? String(i) : "auto",
    ]),
  );
  const outcome = await run("mlflow-store", await filesSource(files));
  expect(outcome.tableRows).toBe(220);
  expect(
    await values(
      `SELECT "params.depth" AS v FROM mlflow_runs WHERE _ev = ${evidence} AND "params.depth" IN ('7', 'auto') ORDER BY 1 LIMIT 2`,
    ),
  ).toEqual(["7", "auto"]);
});

test("a run folder of W&B fills its tables", async () => {
  const folder = "wandb-run/offline-run-20261123_045244-qcefofu6";
  const outcome = await run("wandb-run", await folderSource(join(FIXTURES, folder)));
  expect([outcome.plan.table, outcome.tableRows, outcome.rows, outcome.rejected]).toEqual([
    "wandb_runs",
    1,
    9,
    0,
  ]);
  expect(
    await values("SELECT value AS v FROM wandb_metrics WHERE key = 'loss' ORDER BY step"),
  ).toEqual([1, 0.5, 0.3333333333333333, 0.25, 0.2]);
});
