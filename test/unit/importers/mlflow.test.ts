import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { delimitedImporter } from "../../../shared/importers/delimited.ts";
import { mlflowJsonImporter } from "../../../shared/importers/mlflow-json.ts";
import {
  mlflowStoreImporter,
  recogniseMlflowStore,
} from "../../../shared/importers/mlflow-store.ts";
import { readMetricLine } from "../../../shared/importers/mlflow/metric-line.ts";
import { filesSource, folderSource, pathsBelow } from "../../support/folder-source.ts";
import { draw, readAll, readSource, type Cell, type Reading } from "./rows.ts";
import { fixture, testFixtures } from "./suite.ts";

const STORES = join(import.meta.dirname, "../../fixtures/mlflow-store");
const RUN = "0123456789abcdef0123456789abcdef";

testFixtures(mlflowJsonImporter, "mlflow-json", { only: (name) => name.endsWith(".json") });

describe("file store", () => {
  test.each(["mlruns", "mlruns-3"])(
    "%s becomes the rows that are drawn beside it",
    async (name) => {
      const reading = await readSource(mlflowStoreImporter, await folderSource(join(STORES, name)));
      await expect(draw(reading)).toMatchFileSnapshot(join(STORES, `${name}.rows.txt`));
    },
  );
});

describe("file store in detail", () => {
  const meta = (more = ""): string =>
    `artifact_uri: x\nend_time: null\nexperiment_id: '1'\nlifecycle_stage: active\nrun_id: ${RUN}\nrun_name: one\nstart_time: 1771236000000\nstatus: 3\nuser_id: ada\n${more}`;

  test("every metric line is a row, and the last of them by step is the run's value", async () => {
    const folder = join(STORES, "mlruns");
    const reading = await readSource(mlflowStoreImporter, await folderSource(folder));
    const lines = pathsBelow(folder)
      .filter((path) => /^(?:\.trash\/)?\d+\/[0-9a-f]{32}\/metrics\//.test(path))
      .flatMap((path) => readFileSync(join(folder, path), "utf8").trimEnd().split("\n"));
    expect(lines.length).toBe(25);
    expect(rowsOf(reading, "metrics")).toHaveLength(lines.length);
    expect(rowsOf(reading, "mlflow_metrics")).toHaveLength(lines.length);
    // 3 experiments, 7 runs, a model with two versions.
    expect(reading.accepted).toBe(lines.length + 3 + 7 + 1 + 2);
    expect(reading.rejects).toEqual([]);
    const sum = lines.reduce((s, line) => s + finite(Number(line.split(" ")[1])), 0);
    const value = reading.plan.further?.[0]?.batchColumns.findIndex((c) => c.name === "value") ?? 0;
    const read = rowsOf(reading, "metrics").reduce((s, r) => s + finite(Number(r[value])), 0);
    expect(read).toBeCloseTo(sum, 6);
  });

  test("a broken meta.yaml is rejected by its name, and its run is kept", async () => {
    const source = await filesSource({
      [`1/${RUN}/meta.yaml`]: "run_name: [unclosed\nstatus: 3\n",
      [`1/${RUN}/params/lr`]: "0.5\n",
      [`1/${RUN}/metrics/loss`]: "1771236000000 0.25 3\nnonsense\n1771236060000 abc 4\n\n",
    });
    const reading = await readSource(mlflowStoreImporter, source);
    expect(reading.rejects.map((r) => [r.line, r.reason.replace(/be read:.*/, "be read")])).toEqual(
      [
        [1, `1/${RUN}/meta.yaml cannot be read`],
        [2, `1/${RUN}/metrics/loss: a metric line has at least a time and a value`],
        [3, `1/${RUN}/metrics/loss: “abc” is no number`],
      ],
    );
    expect(reading.accepted).toBe(2);
    expect(cell(reading, 0, "params.lr")).toBe(0.5);
    expect(cell(reading, 0, "metrics.loss")).toBe(0.25);
  });

  test("an identifier that looks like a number, and a run by itself", async () => {
    const id = "12e45678901234567890123456789012";
    const source = await filesSource({
      [`${id}/meta.yaml`]: meta().replace(RUN, id),
      [`${id}/tags/mlflow.runName`]: "one",
    });
    const reading = await readSource(mlflowStoreImporter, source);
    expect(cell(reading, 0, "run_id")).toBe(id);
    expect(cell(reading, 0, "experiment_id")).toBe("1");
    expect(cell(reading, 0, "status")).toBe("FINISHED");
  });

  test("times that are none stay as they are written", async () => {
    const source = await filesSource({
      [`1/${RUN}/meta.yaml`]: meta("note: kept\n").replace("1771236000000", "soon"),
    });
    const reading = await readSource(mlflowStoreImporter, source);
    expect(cell(reading, 0, "start_time")).toBeNull();
    expect(JSON.parse(String(cell(reading, 0, "fields")))).toMatchObject({
      start_time: "soon",
      note: "kept",
    });
  });

  test("parameters that are versions or codes stay texts", async () => {
    const other = RUN.replace("0", "f");
    const source = await filesSource({
      [`1/${RUN}/params/version`]: "1.10",
      [`1/${RUN}/params/depth`]: "6",
      [`1/${other}/params/version`]: "1.2",
      [`1/${other}/params/depth`]: "1e-05",
    });
    const reading = await readSource(mlflowStoreImporter, source);
    const types = Object.fromEntries(reading.plan.columns.map((c) => [c.name, c.type]));
    expect(types["params.version"]).toBe("varchar");
    expect(types["params.depth"]).toBe("double");
    expect(cell(reading, 1, "params.depth")).toBe(1e-5);
  });

  test("keys that differ in case only have columns of their own", async () => {
    const source = await filesSource({
      [`1/${RUN}/params/lr`]: "1",
      [`1/${RUN}/params/LR`]: "2",
    });
    const reading = await readSource(mlflowStoreImporter, source);
    expect(cell(reading, 0, "params.LR")).toBe(2);
    expect(cell(reading, 0, "params.lr_2")).toBe(1);
  });

  test("a folder that is no store is refused in words", async () => {
    const source = await filesSource({ "a.txt": "x" });
    await expect(readSource(mlflowStoreImporter, source)).rejects.toThrow(/holds no experiment/);
  });
});

describe("metric lines", () => {
  test.each([
    ["1771236000000 0.5 3", { ts: 1771236000000000, value: 0.5, step: 3 }],
    ["1771236000000 0.5", { ts: 1771236000000000, value: 0.5, step: 0 }],
    ["0.5 1771236000000 3", { ts: 1771236000000000, value: 0.5, step: 3 }],
    ["1771236000 -inf -2", { ts: 1771236000000000, value: -Infinity, step: -2 }],
    ["1771236000000 nan 1", { ts: 1771236000000000, value: NaN, step: 1 }],
    ["1771236000000 1e-05 1", { value: 1e-5 }],
    ["0 0.5 3", { ts: null, value: 0.5, step: 3, fields: { timestamp: "0" } }],
    ["1771236000000 0.5 3 train abc", { fields: { dataset: "train", dataset_digest: "abc" } }],
    ["1771236000000 0.5 3 x", { fields: { more: ["x"] } }],
  ])("%s", (line, expected) => {
    expect(readMetricLine("loss", line, null)).toMatchObject(expected);
  });

  test.each(["", "5", "1771236000000 x 3", "then 0.5 3", "1771236000000 0.5 later"])(
    "%j is none",
    (line) => {
      expect(typeof readMetricLine("loss", line, null)).toBe("string");
    },
  );
});

describe("recognising", () => {
  test.each([
    [[`mlruns/1/${RUN}/meta.yaml`, "mlruns/1/meta.yaml", "train.py"], ["mlruns/"]],
    [[`1/${RUN}/metrics/val/auc`], [""]],
    [[`${RUN}/params/lr`], [""]],
    [[`a/mlruns/.trash/1/${RUN}/meta.yaml`], ["a/mlruns/"]],
    [
      [`mlruns/1/${RUN}/meta.yaml`, `mlruns/1/${RUN}/artifacts/mlruns/1/${RUN}/meta.yaml`],
      ["mlruns/"],
    ],
    [["mlruns/models/churn/version-1/meta.yaml"], ["mlruns/"]],
    [["models/churn/model.pkl", "meta.yaml", "params/lr"], []],
    [[`cache/${RUN}/blob`], []],
  ])("%j", (paths, expected) => {
    expect(recogniseMlflowStore(paths)).toEqual(expected);
  });
});

describe("REST answers", () => {
  test("a token on the last page says that more is on the server", async () => {
    const page = (token: string): string =>
      `{"metrics":[{"key":"a","value":1,"timestamp":1771236000000,"step":0}]${token}}\n`;
    const cut = await readAll(mlflowJsonImporter, page(',"next_page_token":"x"'));
    expect(cut.notes.join()).toMatch(
      /This export may be cut off: its last page has a next_page_token/,
    );
    const whole = await readAll(mlflowJsonImporter, page(',"next_page_token":"x"') + page(""));
    expect(whole.notes.join()).not.toMatch(/cut off/);
    expect(whole.accepted).toBe(2);
  });

  test("the name of the file says the run where the answer does not", async () => {
    const text = '{"metrics":[{"key":"a","value":1,"timestamp":1771236000000,"step":0}]}';
    const reading = await readAll(mlflowJsonImporter, text, { name: `history-${RUN}.json` });
    expect(cell(reading, 0, "series")).toBe(`a{run_id="${RUN}"}`);
  });

  test.each([
    '{"runs":[{"id":1,"status":"ok"}]}',
    '{"metrics":{"loss":0.5}}',
    '{"metrics":[{"name":"a","value":1}]}',
    '{"experiments":[]}',
    '{"model_versions":[{"name":"x"}]}',
    '[{"key":"a","value":1,"timestamp":1}]',
    '{"message":"\\"runs\\": [","ts":1}\n{"message":"x"}\n',
    "runs,info\n1,2\n",
    "",
  ])("%s is none", (text) => {
    expect(mlflowJsonImporter.detect(new TextEncoder().encode(text), "runs.json")).toBe(0);
  });
});

test("the CSV of search_runs needs no importer of its own", async () => {
  const reading = await readAll(delimitedImporter, fixture("mlflow-json", "runs.csv"), {
    name: "mlflow_runs.csv",
  });
  expect(reading.plan.table).toBe("mlflow_runs");
  const roles = Object.fromEntries(reading.plan.columns.map((c) => [c.name, [c.type, c.role]]));
  expect(roles["start_time"]).toEqual(["timestamp", "timestamp"]);
  expect(roles["end_time"]?.[0]).toBe("timestamp");
  expect(roles["metrics.loss"]?.[0]).toBe("double");
  expect(reading.rows).toHaveLength(6);
  expect(cell(reading, 3, "params.note")).toBe("first line\nsecond line");
});

function rowsOf(reading: Reading, table: string): readonly (readonly Cell[])[] {
  return reading.further.find((f) => f.table === table)?.rows ?? [];
}

function cell(reading: Reading, row: number, column: string): Cell | undefined {
  return reading.rows[row]?.[reading.header.indexOf(column)];
}

function finite(value: number): number {
  return Number.isFinite(value) ? Math.min(value, 1e6) : 0;
}
