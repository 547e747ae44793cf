import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseRecipe, type Recipe } from "../../../shared/report/recipe.ts";

const HEAD = "inquest: 1\ncase: x\n";
const EVIDENCE = "evidence:\n  - path: a.csv\n";
const WINDOWS = `windows:
  baseline: { from: 2024-01-01T00:00:00Z, to: 2024-01-02T00:00:00Z }
  incident: { from: 2024-01-02T00:00:00Z, to: 2024-01-03T00:00:00Z }
`;
const GOOD = HEAD + EVIDENCE + WINDOWS;

function parsed(text: string): Recipe {
  const result = parseRecipe(text);
  if (!result.ok) throw new Error(`${result.error.line}: ${result.error.message}`);
  return result.value;
}

const withFile = (lines: string): string => `${HEAD}evidence:\n  - path: a.csv\n${lines}${WINDOWS}`;
const withBaseline = (window: string): string =>
  `${HEAD}${EVIDENCE}windows:\n  baseline: ${window}\n  incident: { from: 2024-01-02T00:00:00Z }\n`;

describe("a bad recipe names the line and what was expected", () => {
  test.each<[name: string, text: string, place: string, message: string]>([
    // Not YAML, or not names with values.
    ["nothing", "", "1:1", "the recipe: expected names with values"],
    ["a text", "hello", "1:1", "the recipe: expected names with values"],
    ["a list", "- a\n", "1:1", "the recipe: expected names with values"],
    ["a tab", "inquest: 1\n\tcase: x\n", "2:1", "not valid YAML: Tabs are not allowed"],
    ["indentation", "inquest: 1\ncase: x\n  y: 3\n", "2:7", "not valid YAML: Nested mappings"],
    ["a name twice", `${HEAD}case: y\n`, "3:1", "not valid YAML: Map keys must be unique"],
    ["two documents", `${GOOD}---\na: 1\n`, "8:1", "Source contains multiple documents"],
    ["an alias to nowhere", `${GOOD}impact: *b\n`, "8:9", "Unresolved alias"],
    [
      "aliases without end",
      [
        "a: &a [x,x,x,x,x,x,x,x,x]",
        ..."bcd".split("").map((n, i) => {
          const inner = `*${"abc"[i] ?? ""}`;
          return `${n}: &${n} [${Array(9).fill(inner).join(",")}]`;
        }),
      ].join("\n"),
      "1:1",
      "Excessive alias count",
    ],
    // Names that mean nothing.
    [
      "a misspelt section",
      `${HEAD}evidense:\n  - path: a\n${WINDOWS}`,
      "3:1",
      'did you mean "evidence"?',
    ],
    [
      "a misspelt window",
      GOOD.replace("baseline", "baselin"),
      "6:3",
      'windows has "baselin", which means nothing here; did you mean "baseline"?',
    ],
    [
      "a misspelt role",
      withFile("    roles: { timestmp: t }\n"),
      "5:14",
      'did you mean "timestamp"?',
    ],
    [
      "a misspelt option",
      withFile('    options: { delimeter: ";" }\n'),
      "5:16",
      'did you mean "delimiter"?',
    ],
    ["a name far from all", `${GOOD}owner: me\n`, "8:1", "expected one of inquest, case, timezone"],
    [
      "a name of the language",
      `${GOOD}__proto__: { a: 1 }\n`,
      "8:1",
      '"__proto__", which means nothing here',
    ],
    [
      "with Windows line ends",
      `${GOOD}reprot: {}\n`.replaceAll("\n", "\r\n"),
      "8:1",
      'did you mean "report"?',
    ],
    // Values that are missing or of another kind.
    ["another version", GOOD.replace("1", "2"), "1:10", "inquest: expected 1, the version"],
    ["the version as text", GOOD.replace("1", '"1"'), "1:10", "inquest: expected 1, the version"],
    ["no name", `inquest: 1\n${EVIDENCE}${WINDOWS}`, "1:1", "case is missing; expected a name"],
    ["an empty name", GOOD.replace("x", '""'), "2:7", "case: expected a name"],
    [
      "a number as name",
      GOOD.replace("x", "12"),
      "2:7",
      'case: expected a name; put it in quotes: "12"',
    ],
    [
      "no windows",
      `${HEAD}${EVIDENCE}`,
      "1:1",
      "windows is missing; expected baseline and incident",
    ],
    [
      "evidence of nothing",
      `${HEAD}evidence:\n${WINDOWS}`,
      "3:10",
      "evidence: expected a list of files",
    ],
    [
      "evidence of no file",
      `${HEAD}evidence: []\n${WINDOWS}`,
      "3:11",
      "evidence: expected a list of files",
    ],
    [
      "evidence as text",
      `${HEAD}evidence: a.csv\n${WINDOWS}`,
      "3:11",
      "evidence: expected a list of files",
    ],
    [
      "a bare file name",
      `${HEAD}evidence:\n  - a.csv\n${WINDOWS}`,
      "4:5",
      "expected a file with a path, such as `path: logs/*.log`",
    ],
    [
      "no path",
      `${HEAD}evidence:\n  - importer: auto\n${WINDOWS}`,
      "4:5",
      "evidence.0.path is missing",
    ],
    [
      "a role without column",
      withFile("    roles: { timestamp: 3 }\n"),
      "5:25",
      "expected the name of a column, or a list",
    ],
    [
      "two roles for a column",
      withFile("    roles: { feature: a, label: [b, a] }\n"),
      "5:33",
      "one role for each column; `a` is feature and label",
    ],
    [
      "a word for a year",
      withFile("    options: { year: x }\n"),
      "5:22",
      "options.year: expected a number",
    ],
    [
      "a place on Mars",
      `inquest: 1\ncase: x\ntimezone: Mars/Olympus\n${EVIDENCE}${WINDOWS}`,
      "3:11",
      "expected a time zone such as Europe/Berlin",
    ],
    // Windows.
    [
      "a word for a time",
      withBaseline("{ from: yesterday }"),
      "6:21",
      "windows.baseline.from: expected a time with its zone",
    ],
    [
      "a time without zone",
      withBaseline("{ from: 2024-01-01T00:00:00 }"),
      "6:21",
      "expected a time with its zone",
    ],
    [
      "30 February",
      withBaseline("{ from: 2024-02-30T00:00:00Z }"),
      "6:21",
      "expected a time with its zone",
    ],
    [
      "seconds since 1970",
      withBaseline("{ from: 1714521600 }"),
      "6:21",
      "expected a time with its zone",
    ],
    [
      "an end before the start",
      withBaseline("{ from: 2024-01-02T00:00:00Z, to: 2024-01-01T00:00:00Z }"),
      "6:13",
      "expected from to be before to",
    ],
    ["an empty window", withBaseline("{}"), "6:13", "expected from and to, or a filter"],
    [
      "one window",
      GOOD.replace(/ {2}baseline.*\n/, ""),
      "6:3",
      "windows.baseline is missing; expected from and to",
    ],
    [
      "a number to filter by",
      withBaseline("{ filter: { column: v, values: [1.10] } }"),
      "6:45",
      'expected a text; put it in quotes: "1.1',
    ],
    // The rest.
    [
      "an unknown format",
      `${GOOD}report: { formats: [html, pdff] }\n`,
      "8:27",
      "expected html or pdf or docx or pptx or md or json",
    ],
    [
      "a format outside a list",
      `${GOOD}report: { formats: html }\n`,
      "8:20",
      "expected a list of formats, such as [html, pdf]",
    ],
    [
      "an unknown audience",
      `${GOOD}report: { audience: boss }\n`,
      "8:21",
      "expected executive or technical or audit",
    ],
    [
      "a sideways symptom",
      `${GOOD}symptom: { metric: ctr, direction: sideways }\n`,
      "8:36",
      "symptom.direction: expected up or down",
    ],
    [
      "a symptom without direction",
      `${GOOD}symptom: { metric: ctr }\n`,
      "8:10",
      "symptom.direction is missing; expected up or down",
    ],
    [
      "many requests",
      `${GOOD}impact: { requests_per_hour: many }\n`,
      "8:30",
      "impact.requests_per_hour: expected a number",
    ],
  ])("%s", (_name, text, place, message) => {
    const result = parseRecipe(text);
    if (result.ok) throw new Error("was taken for a good recipe");
    const { line, column, expected } = result.error;
    expect(result.error.message).toContain(message);
    expect(`${line}:${column}`).toBe(place);
    expect(expected).not.toBe("");
    expect(result.error.message).not.toMatch(/undefined|received|\[object/);
  });
});

test("the smallest recipe, with what is assumed", () => {
  const recipe = parsed(GOOD);
  expect(recipe).toMatchObject({
    name: "x",
    evidence: [{ path: "a.csv", importer: "auto", options: {} }],
    symptom: null,
    impact: null,
    dependencies: [],
    formats: ["html", "json"],
  });
  expect(recipe.windows.baseline).toEqual({
    from: Date.UTC(2024, 0, 1) * 1000,
    to: Date.UTC(2024, 0, 2) * 1000,
  });
});

test("zones of windows, zones of files, roles", () => {
  const recipe = parsed(
    `inquest: 1
case: "12"
timezone: Europe/Berlin
evidence:
  - path: a.csv
    roles: { timestamp: t, segment: [country, device] }
  - path: b.csv
    importer: delimited
    options: { timezone: "+02:00", delimiter: ";" }
windows:
  baseline: { from: 2024-01-01T02:00:00+02:00, filter: { column: v, values: ["7"] } }
  incident: { from: "2024-01-02T00:00:00.25Z" }
`,
  );
  expect(recipe.evidence.map((e) => e.options)).toEqual([
    {
      timezone: "Europe/Berlin",
      roles: { t: "timestamp", country: "segment", device: "segment" },
    },
    { timezone: "+02:00", delimiter: ";" },
  ]);
  expect(recipe.windows.baseline).toEqual({
    from: Date.UTC(2024, 0, 1) * 1000,
    to: null,
    filter: { column: "v", values: ["7"] },
  });
  expect(recipe.windows.incident.from).toBe(Date.UTC(2024, 0, 2) * 1000 + 250_000);
});

test("recipes of the samples are good, and name files that are there", () => {
  const samples = "resources/samples";
  for (const name of readdirSync(samples)) {
    const recipe = parsed(readFileSync(join(samples, name, "recipe.yaml"), "utf8"));
    for (const { path } of recipe.evidence) {
      const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".";
      expect(readdirSync(join(samples, name, folder)).length).toBeGreaterThan(0);
    }
  }
});

test.each([
  ["a.zip", "", "a.zip", null],
  ["a.zip!/logs/*.log", "", "a.zip", ["logs/*.log"]],
  ["a.zip", "    member: logs/a.log\n", "a.zip", ["logs/a.log"]],
  ["a.zip", "    member: [x.log, mlruns/]\n", "a.zip", ["x.log", "mlruns/"]],
  ["a.xlsx", "    options: { member: Sheet1 }\n", "a.xlsx", ["Sheet1"]],
  ["a!/b", "    member: c\n", "a!/b", ["c"]],
])("members: %s %s", (path, lines, file, members) => {
  const recipe = parsed(`${HEAD}evidence:\n  - path: ${path}\n${lines}${WINDOWS}`);
  expect(recipe.evidence[0]).toMatchObject({ path: file, members });
});
