import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "@playwright/test";
import Ajv2020 from "ajv/dist/2020.js";
import type { FindingsFile } from "../../shared/model/findings-file.ts";
import { openData } from "../support/open-data.ts";
import { SAMPLE } from "../support/files.ts";
import { inquest } from "../support/command-line.ts";

let scratch: string;
test.beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "inquest-headless-"));
});
test.afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

function findingsIn(folder: string): FindingsFile {
  return JSON.parse(readFileSync(join(folder, "findings.json"), "utf8")) as FindingsFile;
}

test.describe.serial("the sample, from recipe to report", () => {
  let sample: string;
  test.beforeAll(() => {
    sample = join(scratch, "sample");
    cpSync(SAMPLE, sample, { recursive: true });
  });

  test("run writes findings, reports and a case", async () => {
    const out = join(scratch, "out");
    const { code, stdout, stderr } = await inquest(
      "run",
      join(sample, "recipe.yaml"),
      "--out",
      out,
    );
    expect(stderr + stdout).toContain("user_gender");
    expect(code).toBe(0);
    const findings = findingsIn(out);
    const schema = JSON.parse(
      readFileSync("resources/schema/findings-1.schema.json", "utf8"),
    ) as object;
    const validate = new Ajv2020({ strict: false }).compile(schema);
    expect(validate(findings), JSON.stringify(validate.errors)).toBe(true);

    const truth = JSON.parse(readFileSync(join(SAMPLE, "truth.json"), "utf8")) as {
      column: string;
      onset: string;
    };
    const top = findings.suspects.slice(0, 3);
    expect(top.map((s) => s.name)).toContain(truth.column);
    const suspect = top.find((s) => s.name === truth.column);
    const off = Math.abs(Date.parse(suspect?.onset?.at ?? "") - Date.parse(truth.onset));
    expect(off).toBeLessThan(2 * 86_400_000);
    expect(findings.evidence.every((e) => e.rejected === 0)).toBe(true);

    const together = findings.together.find((t) => t.classifier !== null);
    expect(together?.classifier?.drivers.slice(0, 3).map((d) => d.column)).toContain(truth.column);
    expect(findings.segment_drift.some((s) => s.column === truth.column)).toBe(true);

    const html = readFileSync(join(out, "report.html"), "utf8");
    expect(html).toContain("Together and by segment");
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/(?:src|href)\s*=\s*["']?https?:/i);
    for (const e of findings.evidence) expect(html).toContain(e.sha256);
    const markdown = readFileSync(join(out, "report.md"), "utf8");
    for (const e of findings.evidence) expect(markdown).toContain(e.sha256);
    expect(readFileSync(join(out, "report.pdf")).subarray(0, 5).toString()).toBe("%PDF-");
    expect(existsSync(join(out, "silent-degradation.inquest", "journal.jsonl"))).toBe(true);
  });

  test("verify finds that everything holds", async () => {
    const { code, stdout } = await inquest(
      "verify",
      join(scratch, "out", "silent-degradation.inquest"),
      "--json",
    );
    const result = JSON.parse(stdout) as {
      holds: boolean;
      checks: { what: string; holds: boolean }[];
    };
    expect(result.checks.filter((c) => !c.holds)).toEqual([]);
    expect(result.checks.length).toBeGreaterThan(55);
    expect(code).toBe(0);
  });

  test("verify names the one file that was altered, and what rested on it", async () => {
    appendFileSync(join(sample, "metrics/model_metrics.csv"), "\n");
    const { code, stdout } = await inquest(
      "verify",
      join(scratch, "out", "silent-degradation.inquest"),
      "--json",
    );
    const result = JSON.parse(stdout) as {
      checks: { what: string; holds: boolean; why: string }[];
    };
    const broken = result.checks.filter((c) => !c.holds);
    expect(broken.filter((c) => /^E\d/.test(c.what)).map((c) => c.what)).toEqual([
      expect.stringContaining("model_metrics.csv"),
    ]);
    expect(broken.some((c) => c.what.startsWith("finding"))).toBe(true);
    expect(code).toBe(4);
  });
});

test("a bad recipe ends with 2 and names the line and what was expected", async () => {
  const recipe = join(scratch, "bad.yaml");
  writeFileSync(
    recipe,
    "inquest: 1\ncase: x\nevidence:\n  - path: a.csv\n    rolls: { timestamp: t }\nwindows:\n  baseline: { from: 2024-01-01T00:00:00Z, to: 2024-01-02T00:00:00Z }\n  incident: { from: 2024-01-02T00:00:00Z, to: 2024-01-03T00:00:00Z }\n",
  );
  const { code, stderr } = await inquest("run", recipe, "--out", join(scratch, "bad"));
  expect(stderr).toMatch(/bad\.yaml:5:\d+: .*"rolls".*did you mean "roles"/s);
  expect(code).toBe(2);
});

test("evidence that cannot be read ends with 3, after the rest was reported on", async () => {
  const folder = mkdtempSync(join(scratch, "partial-"));
  const lines = ["time,latency_ms"];
  for (let i = 0; i < 2880; i++) {
    lines.push(
      `${new Date(Date.UTC(2024, 0, 1) + i * 60_000).toISOString()},${(20 + (i % 7) + (i >= 1440 ? 30 : 0)).toFixed(1)}`,
    );
  }
  writeFileSync(join(folder, "good.csv"), lines.join("\n"));
  writeFileSync(join(folder, "empty.csv"), "");
  writeFileSync(
    join(folder, "recipe.yaml"),
    "inquest: 1\ncase: partial\nevidence:\n  - path: good.csv\n  - path: empty.csv\n  - path: missing/*.log\nwindows:\n  baseline: { from: 2024-01-01T00:00:00Z, to: 2024-01-02T00:00:00Z }\n  incident: { from: 2024-01-02T00:00:00Z, to: 2024-01-03T00:00:00Z }\nreport: { formats: [html, docx, json] }\n",
  );
  const out = join(folder, "out");
  const { code, stderr } = await inquest("run", join(folder, "recipe.yaml"), "--out", out);
  expect(stderr).toMatch(/empty\.csv/);
  expect(stderr).toMatch(/missing\/\*\.log/);
  expect(stderr).toMatch(/docx/);
  expect(code).toBe(3);
  const findings = findingsIn(out);
  expect(findings.shifts.map((s) => s.metric ?? s.column)).toContain("latency_ms");
  expect(findings.failed.map((f) => f.path).join(" ")).toContain("empty.csv");
  expect(readFileSync(join(out, "report.html"), "utf8")).toContain("empty.csv");
});

test("import shows what an importer makes of a file; formats lists what can be read", async () => {
  const file = join(scratch, "rows.csv");
  writeFileSync(file, "user_id,score\nu1,0.5\nu2,bad,row\nu3,0.25\n");
  const jsonl = await inquest("import", file, "--as", "jsonl");
  const rows = jsonl.stdout
    .trim()
    .split("\n")
    .map((l) => JSON.parse(l) as { user_id: string; score: number; _line: number });
  expect(rows.map((r) => [r.user_id, r.score, r._line])).toEqual([
    ["u1", 0.5, 2],
    ["u3", 0.25, 4],
  ]);
  expect(jsonl.stderr).toMatch(/2 records read .* 1 rejected/);
  const csv = await inquest("import", file, "--as", "csv");
  expect(csv.stdout.split("\n")[0]).toBe("user_id,score,_ev,_line,_off");
  const formats = await inquest("formats", "--json");
  expect((JSON.parse(formats.stdout) as { id: string }[]).map((f) => f.id)).toEqual(
    expect.arrayContaining(["delimited", "parquet"]),
  );
});

test("an unknown command is refused with what there is", async () => {
  const { code, stderr } = await inquest("frobnicate");
  expect(code).toBe(2);
  expect(stderr).toMatch(/run RECIPE|--help/);
});

test("a microservice case with a known fault runs to a report", async () => {
  const folder = openData("A_metric_rca/petshop");
  test.skip(folder === null, "the open data is not beside the repository");
  const issue = join(resolve(folder ?? ""), "low_traffic/test/issue_0/metrics.csv");
  const normal = join(resolve(folder ?? ""), "low_traffic/noissue/metrics.csv");
  const recipe = join(scratch, "petshop.yaml");
  const [from, to] = timesOf(issue);
  const [start, end] = timesOf(normal);
  writeFileSync(
    recipe,
    `inquest: 1\ncase: petshop\nevidence:\n  - path: ${normal}\n  - path: ${issue}\nwindows:\n  baseline: { from: ${start}, to: ${end} }\n  incident: { from: ${from}, to: ${to} }\nreport: { formats: [html, pdf, json] }\n`,
  );
  const out = join(scratch, "petshop");
  const { code, stderr } = await inquest("run", recipe, "--out", out);
  expect(code, stderr).toBe(0);
  const findings = findingsIn(out);
  expect(findings.shifts.length).toBeGreaterThan(0);
  expect(findings.suspects.length).toBeGreaterThan(0);
  expect(readFileSync(join(out, "report.pdf")).length).toBeGreaterThan(10_000);
});

test("a drifted model runs to a report", async () => {
  const folder = openData("B_ml_drift/nannyml");
  test.skip(folder === null, "the open data is not beside the repository");
  const base = resolve(folder ?? "");
  const recipe = join(scratch, "california.yaml");
  const [start, end] = timesOf(join(base, "california_housing_reference.csv"), 9);
  const [from, to] = timesOf(join(base, "california_housing_analysis.csv"), 9);
  writeFileSync(
    recipe,
    `inquest: 1\ncase: california-housing\nevidence:\n  - path: ${base}/california_housing_reference.csv\n    options: { target: own, table: housing }\n  - path: ${base}/california_housing_analysis.csv\n    options: { target: own, table: housing }\nwindows:\n  baseline: { from: ${start}, to: ${end} }\n  incident: { from: ${from}, to: ${to} }\nreport: { formats: [html, json] }\n`,
  );
  const out = join(scratch, "california");
  const { code, stderr } = await inquest("run", recipe, "--out", out);
  expect(code, stderr).toBe(0);
  const findings = findingsIn(out);
  const names = findings.shifts.map((s) => s.column);
  expect(names.some((n) => n === "Longitude" || n === "Latitude" || n === "AveOccup")).toBe(true);
});

/** First and last time in a column of a CSV, as ISO; the end one second later. */
function timesOf(path: string, column = 0): [string, string] {
  const times = readFileSync(path, "utf8")
    .split("\n")
    .map((line) => line.split(",")[column] ?? "")
    .map((text) =>
      /^\d{9,10}(\.0)?$/.test(text)
        ? Number(text) * 1000
        : Date.parse(`${text.replace(" ", "T")}Z`),
    )
    .filter((t) => Number.isFinite(t))
    .sort((a, b) => a - b);
  return [
    new Date(times[0] ?? 0).toISOString(),
    new Date((times.at(-1) ?? 0) + 1000).toISOString(),
  ];
}
