import { expect, test } from "vitest";
import type { CaseState } from "../../../shared/model/case.ts";
import { parseRecipe } from "../../../shared/report/recipe.ts";
import { writeRecipe } from "../../../shared/report/write-recipe.ts";
import { reportFixture } from "./report-fixture.ts";

const fixture = (change: Partial<CaseState> = {}): CaseState => ({
  ...reportFixture().state,
  ...change,
});

function readBack(text: string | null) {
  const result = parseRecipe(text ?? "");
  if (!result.ok) throw new Error(`${result.error.line}: ${result.error.message}\n${text ?? ""}`);
  return result.value;
}

test("a case written as a recipe is read back as the same", () => {
  const state = fixture();
  const first = state.evidence[0];
  if (first === undefined) throw new Error("the fixture has no evidence");
  first.options = {
    timezone: "Europe/Berlin",
    delimiter: "\t",
    headerRows: 1,
    correctedMs: -90_000,
    roles: { event_ts: "timestamp", country: "segment", "yes: no": "segment", null: "label" },
  };
  const recipe = readBack(writeRecipe(state, { formats: ["html"] }));
  expect(recipe.name).toBe(state.name);
  expect(recipe.windows).toEqual(state.windows);
  expect(recipe.symptom).toEqual(state.symptom);
  expect(recipe.impact).toEqual(state.impact);
  expect(recipe.formats).toEqual(["html"]);
  expect(recipe.evidence).toEqual(
    state.evidence.map((e) => ({
      path: e.path,
      members: null,
      importer: e.importer,
      options: {
        ...e.options,
        target: e.target,
        ...(e.target === "own" ? { table: e.table } : {}),
      },
    })),
  );
});

test("awkward texts stay texts", () => {
  const filter = {
    column: "version",
    values: ["1.10", "true", "null", "", "2024-05-01", "~", "0x1f"],
  };
  const window = { from: null, to: null, filter };
  for (const name of ["12", "true", "a: b # c", "- x", "*star", "line\nbreak", "'\"`"]) {
    const recipe = readBack(
      writeRecipe(fixture({ name, windows: { baseline: window, incident: window } })),
    );
    expect(recipe.name).toBe(name);
    expect(recipe.windows.baseline.filter).toEqual(filter);
  }
});

test("times keep their microseconds", () => {
  const window = { from: 1_714_521_600_123_456, to: 1_714_521_700_000_000 };
  const recipe = readBack(
    writeRecipe(fixture({ windows: { baseline: window, incident: window } })),
  );
  expect(recipe.windows.baseline).toEqual(window);
});

test.each([
  ["/data", "case/features.csv"],
  ["/data/", "case/features.csv"],
  ["/data/case", "features.csv"],
  ["/dat", "/data/case/features.csv"],
  ["/elsewhere", "/data/case/features.csv"],
])("seen from %s, a file is %s", (directory, path) => {
  expect(readBack(writeRecipe(fixture(), { directory })).evidence[0]?.path).toBe(path);
});

test("below a folder of Windows, a path is written with slashes", () => {
  const state = fixture();
  Object.assign(state.evidence[0] ?? {}, { path: "C:\\data\\logs\\a.log" });
  const text = writeRecipe(state, { directory: "C:\\data" });
  expect(readBack(text).evidence[0]?.path).toBe("logs/a.log");
});

test("a case without windows or evidence is no recipe", () => {
  expect(writeRecipe(fixture({ evidence: [] }))).toBeNull();
  expect(writeRecipe(fixture({ windows: { baseline: null, incident: null } }))).toBeNull();
});

test("a file of an archive is written as its member", () => {
  const state = fixture();
  const [first] = state.evidence;
  if (first === undefined) throw new Error("the fixture has no evidence");
  first.options = { member: "logs/[a] {b}.log" };
  const text = writeRecipe({ ...state, evidence: [first] });
  const [evidence] = readBack(text).evidence;
  expect(evidence?.members).toEqual(["logs/[a] {b}.log"]);
  expect(evidence?.options).not.toHaveProperty("member");
});
