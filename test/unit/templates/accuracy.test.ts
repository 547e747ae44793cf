import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { matchTemplate, messageOf } from "../../../shared/templates/match-template.ts";
import { type LogSet, readLogSets } from "../../bench/templates/log-sets.ts";
import { scoreTemplates } from "../../bench/templates/metrics.ts";
import { mineLines } from "../../bench/templates/mine-lines.ts";
import { openData } from "../../support/open-data.ts";

const FIXTURES = new URL("../../fixtures/templates/", import.meta.url);

function readFixture(file: string): LogSet {
  const pairs = readFileSync(new URL(file, FIXTURES), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));
  return {
    name: basename(file, ".tsv"),
    truth: pairs.map(([truth = ""]) => truth),
    lines: pairs.map(([, ...line]) => line.join("\t")),
  };
}

function scoresOf(set: LogSet) {
  const templates = mineLines(set.lines);
  set.lines.forEach((line, i) => {
    const template = templates[i];
    const match = template === undefined ? null : matchTemplate(template, line);
    expect(template && match && messageOf(template, match), line).toBe(line);
  });
  return scoreTemplates(
    set.truth,
    templates.map(({ text }) => text),
  );
}

const rounded = (scores: ReturnType<typeof scoresOf>): string =>
  Object.entries(scores)
    .map(([name, score]) => `${name} ${score.toFixed(3)}`)
    .join(" ");

describe("sets written for the purpose, in the style of nine systems", () => {
  const sets = readdirSync(FIXTURES)
    .filter((file) => file.endsWith(".tsv"))
    .map(readFixture);

  test("their scores", () => {
    const report = sets.map((set) => `${set.name}: ${rounded(scoresOf(set))}`);
    expect(`\n${report.join("\n")}\n`).toMatchInlineSnapshot(`
      "
      android: GA 0.989 FGA 0.939 PA 0.989 FTA 0.939
      healthapp: GA 1.000 FGA 1.000 PA 1.000 FTA 1.000
      hpc: GA 1.000 FGA 1.000 PA 0.956 FTA 0.938
      mac: GA 1.000 FGA 1.000 PA 1.000 FTA 1.000
      openstack: GA 1.000 FGA 1.000 PA 1.000 FTA 1.000
      proxifier: GA 1.000 FGA 1.000 PA 1.000 FTA 1.000
      spark: GA 0.975 FGA 0.867 PA 0.975 FTA 0.867
      thunderbird: GA 1.000 FGA 1.000 PA 1.000 FTA 1.000
      windows: GA 1.000 FGA 1.000 PA 0.995 FTA 0.958
      "
    `);
  });
});

const folder = openData("C_logs/loghub2_templates");

describe.skipIf(folder === null)("labelled sets of real systems", () => {
  const scores = (folder === null ? [] : readLogSets(folder)).map(scoresOf);
  const mean = (metric: "GA" | "FGA" | "PA" | "FTA"): number =>
    scores.reduce((sum, score) => sum + score[metric], 0) / scores.length;

  test("are six", () => {
    expect(scores).toHaveLength(6);
  });

  test("groups are those of the truth", () => {
    expect(mean("GA")).toBeGreaterThan(0.985);
    expect(mean("FGA")).toBeGreaterThan(0.97);
    expect(Math.min(...scores.map(({ GA }) => GA))).toBeGreaterThan(0.97);
  });

  test("texts are those of the truth", () => {
    expect(mean("PA")).toBeGreaterThan(0.98);
    expect(mean("FTA")).toBeGreaterThan(0.93);
  });
});

const older = openData("C_logs/loghub_labelled");

describe.skipIf(older === null)("a set with the older truth, on which nothing was tuned", () => {
  test("groups and texts are those of the truth", () => {
    const [scores] = (older === null ? [] : readLogSets(older)).map(scoresOf);
    expect(scores?.GA).toBeGreaterThan(0.98);
    expect(scores?.PA).toBeGreaterThan(0.95);
  });
});
