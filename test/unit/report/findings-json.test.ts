import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { FindingsFile } from "../../../shared/model/findings-file.ts";
import { findingsFile } from "../../../shared/report/findings-json.ts";
import { findingsJsonSchema } from "../../../shared/report/json-schema.ts";
import { htmlOf, markdownOf, reportFixture } from "./report-fixture.ts";

const validate = new Ajv2020({ strict: true }).compile(findingsJsonSchema());
const read = (text: string): FindingsFile => FindingsFile.parse(JSON.parse(text));
const made = (input = reportFixture()): string =>
  JSON.stringify(
    findingsFile(input, [{ path: "report.html", format: "html", sha256: "0".repeat(64) }]),
  );

test("keeps to the published schema", () => {
  expect(validate(JSON.parse(made())), JSON.stringify(validate.errors)).toBe(true);
});

test("keeps to the schema with nothing in the case", () => {
  const input = reportFixture({ comparison: null, suspects: [], timeline: [], failed: [] });
  Object.assign(input.state, { evidence: [], findings: [], symptom: null, impact: null });
  input.state.windows = {
    baseline: null,
    incident: { from: null, to: null, filter: { column: "v", values: ["2"] } },
  };
  const text = made(input);
  expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
  expect(read(text).windows).toEqual({
    baseline: null,
    incident: { from: null, to: null, filter: { column: "v", values: ["2"] } },
  });
});

test("keeps to the schema where a statistic has no finite value", () => {
  const input = reportFixture();
  const [shift] = input.comparison?.shifts ?? [];
  if (shift) Object.assign(shift, { effect: { name: "log2_ratio", value: Infinity } });
  expect(validate(JSON.parse(made(input))), JSON.stringify(validate.errors)).toBe(true);
});

test("times are ISO 8601 in UTC", () => {
  const file = read(made());
  expect(file.windows.incident).toEqual({
    from: "2024-05-15T00:00:00Z",
    to: "2024-05-16T12:00:00Z",
    filter: null,
  });
  expect(file.timeline.map((e) => e.at)).toEqual([
    "2024-05-14T23:00:00Z",
    "2024-05-15T00:00:01.500Z",
  ]);
  expect(file.timeline.map((e) => e.evidence_id)).toEqual(["E3", "E3"]);
  expect(file.changepoints[0]).toEqual({
    table: "features",
    subject: "account_age",
    at: "2024-05-15T00:00:00Z",
    from: "2024-05-14T23:00:00Z",
    to: "2024-05-15T01:00:00Z",
  });
});

test("all shifts are there, with the counts of both windows; verdict none is left out", () => {
  const input = reportFixture();
  const last = input.comparison?.shifts.at(-1);
  if (last) last.verdict = "none";
  const { shifts } = read(made(input));
  expect(shifts).toHaveLength(49);
  expect(shifts[0]?.column).toBe("account_age");
  expect(shifts[0]?.baseline.rows).toBe(183_542);
  expect(shifts[0]?.incident.rows).toBe(20_417);
});

test("HTML, Markdown and JSON tell the same numbers", () => {
  const input = reportFixture();
  const { shifts, evidence, findings } = read(made(input));
  for (const text of [htmlOf(input), markdownOf(input)]) {
    const plain = text.replaceAll("\\", "");
    for (const shift of shifts.slice(0, 40)) {
      expect(plain).toContain(String(shift.effect.value).replace("-", "−"));
    }
    expect(plain).toContain("0.021");
    for (const file of evidence) {
      expect(plain).toContain(file.sha256);
      expect(plain).toContain(file.rows.toLocaleString("en-GB"));
    }
    for (const { provenance } of findings) {
      if (provenance !== null) expect(plain).toContain(provenance.resultDigest);
    }
  }
});
