import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BUNDLES } from "../../../shared/importers/bundles.ts";
import { IMPORTERS } from "../../../shared/importers/index.ts";
import { wandbHistoryImporter } from "../../../shared/importers/wandb-history.ts";
import { recogniseWandbRun, wandbRunImporter } from "../../../shared/importers/wandb-run.ts";
import { filesSource, folderSource, pathsBelow } from "../../support/folder-source.ts";
import { openData } from "../../support/open-data.ts";
import { draw, readAll, readSource, type Cell, type Reading } from "./rows.ts";
import { testFixtures } from "./suite.ts";

const RUNS = join(import.meta.dirname, "../../fixtures/wandb-run");
const RUN = "offline-run-20261123_045244-qcefofu6";
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

testFixtures(wandbHistoryImporter, "wandb-history");

describe("run folder", () => {
  test("becomes the rows that are drawn beside it", async () => {
    const reading = await readSource(wandbRunImporter, await folderSource(join(RUNS, RUN)));
    await expect(draw(reading)).toMatchFileSnapshot(join(RUNS, `${RUN}.rows.txt`));
  });
});

describe("run folder in detail", () => {
  test("counts agree with the files", async () => {
    const folder = join(RUNS, RUN);
    const reading = await readSource(wandbRunImporter, await folderSource(folder, 13));
    const lines = (name: string): Record<string, unknown>[] =>
      readFileSync(join(folder, "files", name), "utf8")
        .trimEnd()
        .split("\n")
        .map(
          (l) => JSON.parse(l.replace(/-?\b(?:NaN|Infinity)\b/g, "0")) as Record<string, unknown>,
        );
    const history = lines("wandb-history.jsonl");
    const events = lines("wandb-events.jsonl");
    expect(reading.accepted).toBe(history.length + events.length + 1);
    // loss, grad, val.auc and val.per class.yes; stage and weights are no numbers.
    const system = events.reduce((n, e) => n + Object.keys(e).length - 2, 0);
    expect(rowsOf(reading, "metrics")).toHaveLength(history.length * 4 + system);
    expect(rowsOf(reading, "wandb_metrics")).toHaveLength(history.length * 6);
    expect(reading.rejects).toEqual([]);
  });

  test("broken files are rejected by their names", async () => {
    const source = await filesSource({
      "files/wandb-metadata.json": '{"startedAt": ',
      "files/config.yaml": "lr: [",
      "files/wandb-summary.json": '{"loss": NaN}',
      "run-abc.wandb": Uint8Array.of(0x3a, 0x57, 0x26, 0x42),
    });
    const reading = await readSource(wandbRunImporter, source);
    expect(reading.rejects.map((r) => r.reason.split(/ cannot| is not|: /)[0])).toEqual([
      "files/config.yaml",
      "files/wandb-metadata.json",
      "run-abc.wandb",
    ]);
    expect(reading.rows).toHaveLength(1);
    expect(cell(reading, 0, "run_id")).toBe("abc");
    expect(cell(reading, 0, "summary.loss")).toBeNaN();
    expect(reading.notes.join()).toMatch(/The history of the run is missing: run-abc\.wandb/);
  });

  test.each([
    [["wandb/run-1/files/config.yaml", "wandb/run-1/files/wandb-summary.json"], ["wandb/run-1/"]],
    [["wandb/run-1/run-abc.wandb"], ["wandb/run-1/"]],
    [["wandb-history.jsonl"], [""]],
    [["files/wandb-metadata.json"], [""]],
    [["a/myfiles/wandb-metadata.json"], ["a/myfiles/"]],
    [["config.yaml", "a/config.yaml", "a/summary.json"], []],
  ])("recognises %j", (paths, expected) => {
    expect(recogniseWandbRun(paths)).toEqual(expected);
  });

  test("a real run of 2021", async ({ skip }) => {
    const folder = openData("D_exports/wandb/wandb/offline-run-20210216_154407-g9dvvkua");
    if (folder === null) {
      skip();
      return;
    }
    expect(recogniseWandbRun(pathsBelow(folder))).toEqual([""]);
    const reading = await readSource(wandbRunImporter, await folderSource(folder));
    const iso = (column: string): string => {
      const micros = cell(reading, 0, column);
      return new Date(Number(micros) / 1000).toISOString();
    };
    expect(reading.rows).toHaveLength(1);
    expect(reading.accepted).toBe(1);
    expect(cell(reading, 0, "run_id")).toBe("g9dvvkua");
    expect(iso("started_at")).toBe("2021-02-16T23:44:07.003Z");
    expect(cell(reading, 0, "git_commit")).toBe("86db7dc9144c87a4b41cad77a0dae2e55288b587");
    expect(cell(reading, 0, "host")).toBe("cvp");
    expect(reading.notes.join()).toMatch(/name no zone: they are read as UTC/);
    expect(reading.rejects.map((r) => r.text)).toEqual(["run-g9dvvkua.wandb"]);
  });
});

describe("exports", () => {
  const lines = (n: number): string =>
    Array.from(
      { length: n },
      (_, i) => `{"_step":${i},"_timestamp":${1771236000 + i},"a":${i}}\n`,
    ).join("");

  test("a history of exactly 500 points was probably sampled", async () => {
    const sampled = await readAll(wandbHistoryImporter, lines(500));
    expect(sampled.notes.join()).toMatch(/This export may be cut off: The history has exactly 500/);
    expect(sampled.rows).toHaveLength(500);
    const whole = await readAll(wandbHistoryImporter, lines(501));
    expect(whole.notes).toEqual([]);
  });

  test("so was a curve of exactly 500 points", async () => {
    const rows = Array.from({ length: 500 }, (_, i) => `${i},1,1,1`).join("\n");
    const text = `"Step","r - a","r - a__MIN","r - a__MAX"\n${rows}\n`;
    const reading = await readAll(wandbHistoryImporter, text);
    expect(reading.notes.join()).toMatch(/a curve has exactly 500 points/);
  });

  test("a table of runs cut in the middle of a record", async () => {
    const text = `"Name","State","Notes","User","Created","Runtime"\n"a","finished","-","u","2026-02-16 10:00:00","5"\n"b","fin`;
    const reading = await readAll(wandbHistoryImporter, text);
    expect(reading.accepted).toBe(1);
    expect(reading.rejects).toHaveLength(1);
    expect(reading.notes.join()).toMatch(/name no zone/);
  });

  test.each([
    '{"step":1,"loss":0.5}\n{"step":2,"loss":0.4}\n',
    '{"_timestamp":1771236000,"message":"x"}\n{"_timestamp":1771236001,"message":"y"}\n',
    '{"startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:01Z"}',
    '"Step","loss"\n1,2\n',
    "Name,State,Created\na,b,c\n",
    "a,a__MIN,a__MAX\n1,2,3\n",
    "name: x\nvalue: 1\n",
    "{}",
    "",
  ])("%s is none of them", (text) => {
    expect(wandbHistoryImporter.detect(bytes(text), "unknown")).toBe(0);
  });

  test("the registry has both", () => {
    const ids = IMPORTERS.map((i) => i.id);
    for (const { importer } of BUNDLES) expect(ids).toContain(importer);
  });
});

function rowsOf(reading: Reading, table: string): readonly (readonly Cell[])[] {
  return reading.further.find((f) => f.table === table)?.rows ?? [];
}

function cell(reading: Reading, row: number, column: string): Cell | undefined {
  return reading.rows[row]?.[reading.header.indexOf(column)];
}
