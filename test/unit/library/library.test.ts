import { describe, expect, test } from "vitest";
import { EMPTY_CASE } from "../../../shared/case/fold.ts";
import { digestOf } from "../../../shared/library/case-digest.ts";
import {
  between,
  median,
  overdueActions,
  recurringPatterns,
} from "../../../shared/library/patterns.ts";
import { readPastCases } from "../../../shared/library/read-past-cases.ts";
import { similarCases } from "../../../shared/library/similar-cases.ts";
import type { CaseDigest } from "../../../shared/model/library.ts";

const digest = (id: string, change: Partial<CaseDigest> = {}): CaseDigest => ({
  id,
  name: id,
  place: id,
  origin: "case",
  started: null,
  detected: null,
  mitigated: null,
  resolved: null,
  layers: [],
  rootCauseKnown: false,
  factors: [],
  suspects: [],
  actions: [],
  text: "",
  ...change,
});

describe("patterns", () => {
  test("counts the cases that say something, not all", () => {
    const cases = [
      digest("a", { layers: ["data"] }),
      digest("b", { layers: ["data", "model"] }),
      digest("c", { layers: ["model"] }),
      digest("d", { layers: ["serving"] }),
      digest("e"),
    ];
    expect(recurringPatterns(cases)).toEqual([
      { kind: "layer", label: "data quality", caseIds: ["a", "b"], of: 4 },
      { kind: "layer", label: "the model", caseIds: ["b", "c"], of: 4 },
    ]);
  });

  test("finds the same factor in other words", () => {
    const factor = (text: string) => [{ text, role: "contributing" as const, layer: null }];
    const [found] = recurringPatterns([
      digest("a", { factors: factor("There was no alert on null rates") }),
      digest("b", { factors: factor("The drop went unnoticed for a week") }),
      digest("c", { factors: factor("Capacity of the cache") }),
    ]);
    expect(found).toMatchObject({ label: "nobody was alerted", caseIds: ["a", "b"], of: 3 });
  });

  test("an action is overdue from the day after its day, and only while it is open", () => {
    const action = (title: string, due: string, state: "open" | "done") => ({
      title,
      owner: "",
      due,
      state,
    });
    const cases = [
      digest("a", {
        actions: [
          action("late", "2024-05-01", "open"),
          action("today", "2024-05-03", "open"),
          action("done", "2024-05-01", "done"),
          action("undated", "", "open"),
        ],
      }),
    ];
    expect(overdueActions(cases, "2024-05-03").map((a) => [a.title, a.days])).toEqual([
      ["late", 2],
    ]);
  });

  test("lengths of time and their middle leave out what is not known", () => {
    expect(between("2024-05-01T00:00:00Z", "2024-05-01T01:00:00Z")).toBe(3_600_000);
    expect(between("2024-05-01T01:00:00Z", "2024-05-01T00:00:00Z")).toBeNull();
    expect(between(null, "2024-05-01T00:00:00Z")).toBeNull();
    expect(median([3, null, 1, 2])).toBe(2);
    expect(median([4, 1])).toBe(2.5);
    expect(median([null])).toBeNull();
  });
});

describe("likeness", () => {
  const open = digest("open", {
    text: "The feature user_gender was re-encoded by an upstream export; recommendations lost clicks",
    suspects: ["user_gender"],
    layers: ["features"],
  });

  test("the case of the same kind stands first, with why", () => {
    const found = similarCases(open, [
      digest("disk", {
        text: "A disk was full and the queue stood still",
        layers: ["infrastructure"],
      }),
      digest("encoding", {
        text: "An upstream team re-encoded country in its export; recommendations became worse",
        layers: ["features"],
      }),
    ]);
    expect(found.map((s) => s.id)).toEqual(["encoding"]);
    expect(found[0]?.words).toContain("upstream");
    expect(found[0]?.sameLayer).toBe(true);
  });

  test("the same text is the most that can be, and the open case is not like itself", () => {
    const twin = { ...open, id: "twin" };
    const found = similarCases(open, [open, twin]);
    expect(found.map((s) => s.id)).toEqual(["twin"]);
    expect(found[0]?.likeness).toBeCloseTo(1, 10);
  });
});

describe("past cases from files", () => {
  test("a table, a row a case; what cannot be read is told with its line", () => {
    const csv = [
      "Title,Started,Resolved,Layer,Root cause,Contributing factors,Services",
      'Checkout down,2023-02-01T10:00:00Z,2023-02-01T12:30:00Z,Infrastructure,"Disk full, again",no alert; no runbook,checkout; db',
      "Odd,yesterday,,,,,",
      ",2023-01-01,,,,,",
    ].join("\n");
    const read = readPastCases(csv, "past.csv");
    if (!read.ok) throw new Error(read.error.message);
    const [first] = read.value.cases;
    expect(read.value.cases).toHaveLength(1);
    expect(first).toMatchObject({
      name: "Checkout down",
      started: "2023-02-01T10:00:00Z",
      resolved: "2023-02-01T12:30:00Z",
      layers: ["infrastructure"],
      rootCauseKnown: true,
      suspects: ["checkout", "db"],
    });
    expect(first?.factors.map((f) => [f.role, f.text])).toEqual([
      ["root cause", "Disk full, again"],
      ["contributing", "no alert"],
      ["contributing", "no runbook"],
    ]);
    expect(read.value.rejected.map((r) => r.line)).toEqual([3, 4]);
    expect(read.value.rejected[0]?.message).toContain("yesterday");
  });

  test("a table without titles says which columns are read", () => {
    const read = readPastCases("a,b\n1,2\n", "x.csv");
    expect(read.ok ? "" : read.error.message).toMatch(/x\.csv, line 1: .*title/);
  });

  test("a post-mortem: its title, times and causes", () => {
    const text = `# Ranking lost quality

## Timeline
- 2023-06-01 09:00 UTC: the model was deployed
- 2023-06-01 11:00 UTC: an alert fired
- 2023-06-01 12:00 UTC: the incident was resolved

## Root cause
The feature store served stale data.

## Contributing factors
- Nobody was alerted on staleness
- The runbook was missing
`;
    const read = readPastCases(text, "pm.md");
    if (!read.ok) throw new Error(read.error.message);
    expect(read.value.cases[0]).toMatchObject({
      name: "Ranking lost quality",
      started: "2023-06-01T09:00:00Z",
      detected: "2023-06-01T11:00:00Z",
      resolved: "2023-06-01T12:00:00Z",
    });
    expect(read.value.cases[0]?.factors.map((f) => f.text)).toEqual([
      "The feature store served stale data.",
      "Nobody was alerted on staleness",
      "The runbook was missing",
    ]);
  });
});

test("a case in short takes its layers from the root cause, and says when it only has hypotheses", () => {
  const hypothesis = { id: "h", title: "t", note: "", layer: "serving" as const };
  const open = {
    ...EMPTY_CASE,
    name: "n",
    items: { ...EMPTY_CASE.items, hypotheses: [hypothesis] },
  };
  expect(digestOf(open, "id", "place")).toMatchObject({
    layers: ["serving"],
    rootCauseKnown: false,
  });
  const factor = {
    id: "f",
    text: "x",
    role: "root cause" as const,
    layer: "data" as const,
    claim: "cause" as const,
    checks: {},
    findingIds: [],
    note: "",
  };
  const known = { ...open, items: { ...open.items, factors: [factor] } };
  expect(digestOf(known, "id", "place")).toMatchObject({ layers: ["data"], rootCauseKnown: true });
});
