import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { greatExpectationsImporter } from "../../../shared/importers/great-expectations.ts";
import { openData } from "../../support/open-data.ts";
import { readAll } from "./rows.ts";
import { fixture, testFixtures } from "./suite.ts";

testFixtures(greatExpectationsImporter, "great-expectations");

const encoder = new TextEncoder();

test.each([
  // A suite has expectations, not results.
  '{"expectation_suite_name":"a","expectations":[{"expectation_type":"expect_column_to_exist","kwargs":{"column":"a"},"meta":{}}],"meta":{"great_expectations_version":"0.14.11"},"success":true}',
  '{"name":"a","expectations":[{"type":"expect_column_to_exist","kwargs":{"column":"a"}}],"success":true}',
  '{"success":true,"results":[{"timestamp":1,"message":"expectation_config"}]}',
  '[{"success":true,"expectation":"x"}]',
  "success,expectation_type\ntrue,expect_column_to_exist\n",
])("%s is no result of Great Expectations", (text) => {
  expect(greatExpectationsImporter.detect(encoder.encode(text), "validation.json")).toBe(0);
});

test("the validation time stands in where the run has none, a time of day without zone is UTC", async () => {
  const result = {
    results: [
      {
        success: false,
        expectation_config: { expectation_type: "expect_column_to_exist", kwargs: { column: "a" } },
        result: {},
      },
    ],
    success: false,
    meta: { expectation_suite_name: "s", validation_time: "2026-03-01T10:00:00.5" },
  };
  const { rows, notes } = await readAll(greatExpectationsImporter, JSON.stringify(result));
  expect(rows[0]?.[0]).toBe(Date.UTC(2026, 2, 1, 10, 0, 0, 500) * 1000);
  expect(notes.join("\n")).toMatch(/taken as UTC/);
});

test("a document that is none, and a result that is cut off, are rejected", async () => {
  const lines = new TextDecoder().decode(fixture("great-expectations", "results-1.jsonl"));
  const [first = "", second = ""] = lines.split("\n");
  const reading = await readAll(
    greatExpectationsImporter,
    `${first}\n{"hello":"world"}\n${second.slice(0, 5000)}`,
  );
  expect(reading.accepted).toBe(11);
  expect(reading.rejects.map((r) => r.reason)).toEqual([
    "no validation result",
    "the file ends in the middle of it",
  ]);
  expect(reading.notes.join("\n")).toMatch(/^This export may be cut off/m);
});

test("a list of results is read like its documents", async () => {
  const document = new TextDecoder().decode(fixture("great-expectations", "result-1.json"));
  const whole = await readAll(greatExpectationsImporter, document);
  const list = await readAll(greatExpectationsImporter, `[${document},${document}]`);
  expect(list.accepted).toBe(2 * whole.accepted);
  expect(list.rows).toHaveLength(2 * whole.rows.length);
});

const open = openData("D_exports/great_expectations");

interface Expected {
  readonly file: string;
  readonly time: string;
  readonly failed: number;
  readonly of: string;
}

/** The failed expectations of each real file, counted from its JSON by other means. */
function expectedOf(folder: string): Expected[] {
  const [, ...lines] = readFileSync(join(folder, "truth.tsv"), "utf8").trim().split("\n");
  return lines.map((line) => {
    const [file = "", time = "", , failed = "", of = ""] = line.split("\t");
    return { file, time, failed: Number(failed), of };
  });
}

test.skipIf(open === null)("real results have as many failures as they say", async () => {
  for (const { file, time, failed, of } of expectedOf(open ?? "")) {
    const content = readFileSync(join(open ?? "", file));
    expect(greatExpectationsImporter.detect(content, "unknown"), file).toBeGreaterThan(0.9);
    const reading = await readAll(greatExpectationsImporter, content);
    const events = reading.rows.filter((r) => r[1] === "expectation");
    expect(events.length, file).toBe(failed);
    const written = JSON.parse(content.toString()) as { results: unknown[] };
    expect(reading.accepted, file).toBe(written.results.length);
    expect(reading.rejects).toEqual([]);
    expect(
      reading.rows.every((r) => r[0] === Date.parse(time) * 1000 + micros(time)),
      file,
    ).toBe(true);
    for (const pair of of.split(";").filter((p) => p.trim() !== "")) {
      const [expectation = "", column = ""] = pair.trim().split(":");
      expect(events.map((e) => e[2])).toContain(`${expectation}(${column}) failed`);
    }
  }
});

test.skipIf(open === null)("a real result of a profiler: 51 expectations", async () => {
  const content = readFileSync(join(open ?? "", "gx_repo/BasicDatasetProfiler_evrs.json"));
  const raw = JSON.parse(content.toString()) as { results: { success: boolean }[] };
  const { rows, accepted, rejects } = await readAll(greatExpectationsImporter, content);
  expect(accepted).toBe(51);
  expect(rejects).toEqual([]);
  const failed = raw.results.filter((r) => !r.success).length;
  expect(rows.filter((r) => r[1] === "expectation")).toHaveLength(failed);
  expect(rows.every((r) => r[0] !== null)).toBe(true);
});

/** Microseconds of a time beyond its milliseconds. */
function micros(time: string): number {
  return Number(/\.\d{3}(\d{3})/.exec(time)?.[1] ?? 0);
}
