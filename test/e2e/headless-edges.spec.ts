import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import Ajv2020 from "ajv/dist/2020.js";
import type { FindingsFile } from "../../shared/model/findings-file.ts";
import { inquest } from "../support/command-line.ts";

let scratch: string;
test.beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "inquest-edges-"));
});
test.afterEach(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** Two days of a latency that rises on the second. */
function writeLatency(name: string): void {
  const lines = ["time,latency_ms"];
  for (let i = 0; i < 2880; i++) {
    const value = 20 + (i % 7) + (i >= 1440 ? 30 : 0);
    lines.push(`${new Date(Date.UTC(2024, 0, 1) + i * 60_000).toISOString()},${value}`);
  }
  writeFileSync(join(scratch, name), lines.join("\n"));
}

function writeRecipe(evidence: string, report = "report: { formats: [html, json] }"): string {
  const path = join(scratch, "recipe.yaml");
  writeFileSync(
    path,
    `inquest: 1
case: edges
evidence:
${evidence}
windows:
  baseline: { from: 2024-01-01T00:00:00Z, to: 2024-01-02T00:00:00Z }
  incident: { from: 2024-01-02T00:00:00Z, to: 2024-01-03T00:00:00Z }
${report}
`,
  );
  return path;
}

function findingsIn(folder: string): FindingsFile {
  const findings = JSON.parse(readFileSync(join(folder, "findings.json"), "utf8")) as FindingsFile;
  const schema = readFileSync("resources/schema/findings-1.schema.json", "utf8");
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(schema) as object);
  expect(validate(findings), JSON.stringify(validate.errors)).toBe(true);
  return findings;
}

test("evidence of which nothing can be read still ends in a report that says so", async () => {
  writeFileSync(join(scratch, "empty.csv"), "");
  const out = join(scratch, "out");
  const recipe = writeRecipe("  - path: empty.csv\n  - path: nowhere/*.csv");
  const { code, stderr } = await inquest("run", recipe, "--out", out);
  expect(stderr).toContain("empty.csv");
  expect(stderr).toContain("nowhere/*.csv");
  expect(code).toBe(3);
  const findings = findingsIn(out);
  expect(findings.evidence).toEqual([]);
  expect(findings.failed).toHaveLength(2);
  expect(readFileSync(join(out, "report.html"), "utf8")).toContain("nowhere/*.csv");
});

test("the same content twice is told, counted once and no failure", async () => {
  writeLatency("a.csv");
  writeLatency("b.csv");
  const out = join(scratch, "out");
  const { code, stderr } = await inquest("run", writeRecipe("  - path: '*.csv'"), "--out", out);
  expect(stderr).toMatch(/b\.csv has the same content as E1/);
  expect(code).toBe(0);
  const findings = findingsIn(out);
  expect(findings.evidence.map((e) => e.rows)).toEqual([2880]);
  expect(findings.failed.map((f) => f.path).join()).toContain("b.csv");
});

test("a clock that a recipe puts right moves the rows, and verify finds them again", async () => {
  writeLatency("a.csv");
  const out = join(scratch, "out");
  const recipe = writeRecipe("  - { path: a.csv, options: { correctedMs: -3600000 } }");
  const { code } = await inquest("run", recipe, "--out", out);
  expect(code).toBe(0);
  const [evidence] = findingsIn(out).evidence;
  expect(evidence).toMatchObject({ from: "2023-12-31T23:00:00Z", to: "2024-01-02T22:59:00Z" });
  expect(evidence?.notes.map((n) => n.message)).toContain("All times were moved by −3600 s");
  expect((await inquest("verify", join(out, "edges.inquest"))).code).toBe(0);
});

test("a case is never written over: the second run into a folder is refused", async () => {
  writeLatency("a.csv");
  const recipe = writeRecipe("  - path: a.csv");
  const out = join(scratch, "out");
  expect((await inquest("run", recipe, "--out", out)).code).toBe(0);
  const before = readFileSync(join(out, "edges.inquest/journal.jsonl"), "utf8");
  const { code, stderr } = await inquest("run", recipe, "--out", out);
  expect(stderr).toContain("is there already");
  expect(code).toBe(2);
  expect(readFileSync(join(out, "edges.inquest/journal.jsonl"), "utf8")).toBe(before);
});

test("a report can be written without mail and IP addresses; the case keeps them", async () => {
  writeLatency("a.csv");
  writeFileSync(
    join(scratch, "events.csv"),
    "time,kind,service,title\n2024-01-02T00:00:00Z,deployment,api,rollout by ann@example.org from 10.1.2.3\n",
  );
  const out = join(scratch, "out");
  const evidence = "  - path: a.csv\n  - path: events.csv\n    options: { target: events }";
  const report = "report: { formats: [html, pdf, docx, pptx, md, json], redact: [email, ip] }";
  const { code, stderr } = await inquest("run", writeRecipe(evidence, report), "--out", out);
  expect(code, stderr).toBe(0);
  for (const name of ["report.html", "report.md", "findings.json"]) {
    const text = readFileSync(join(out, name), "utf8").replaceAll("\\", "");
    expect(text.includes("ann@example.org"), name).toBe(false);
    expect(text.includes("10.1.2.3"), name).toBe(false);
    expect(text, name).toMatch(/rollout by \[[^\]]*1\] from \[[^\]]*1\]/);
  }
  expect((await inquest("verify", join(out, "edges.inquest"))).code).toBe(0);
});

test("the PDF has its name and a number on every page", async () => {
  test.skip(!hasPdftotext(), "pdftotext is not installed");
  writeLatency("a.csv");
  const out = join(scratch, "out");
  const recipe = writeRecipe("  - path: a.csv", "report: { formats: [pdf] }");
  expect((await inquest("run", recipe, "--out", out)).code).toBe(0);
  const text = execFileSync("pdftotext", ["-layout", join(out, "report.pdf"), "-"]).toString();
  const pages = text.split("\f").slice(0, -1);
  expect(pages.length).toBeGreaterThan(1);
  pages.forEach((page, index) => {
    expect(page).toMatch(new RegExp(`\\b${index + 1}\\s*/\\s*${pages.length}\\b`));
    expect(page.trimStart().startsWith("edges")).toBe(true);
  });
  // findings.json is written whatever the formats.
  expect(existsSync(join(out, "findings.json"))).toBe(true);
});

test("import tells how many records were rejected and why", async () => {
  writeFileSync(join(scratch, "rows.csv"), "user_id,score\nu1,0.5\nu2,bad,row\nu3,0.25\n");
  const { stderr } = await inquest("import", join(scratch, "rows.csv"), "--as", "csv");
  expect(stderr).toMatch(/rejected 1: .*\(first in line 3: u2,bad,row\)/);
});

function hasPdftotext(): boolean {
  try {
    execFileSync("pdftotext", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
