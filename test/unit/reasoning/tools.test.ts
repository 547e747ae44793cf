import { describe, expect, test } from "vitest";
import type { Finding } from "../../../shared/model/finding.ts";
import {
  NO_ITEMS,
  type Action,
  type Factor,
  type Items,
  type Milestone,
  type Objective,
  type Rating,
  type Why,
} from "../../../shared/model/reasoning.ts";
import {
  actionGaps,
  actionWarnings,
  fulfils,
  isOverdue,
} from "../../../shared/reasoning/actions.ts";
import { adviseWording, withOffer } from "../../../shared/reasoning/blameless.ts";
import {
  factorStatement,
  factorWarnings,
  orderedFactors,
} from "../../../shared/reasoning/factors.ts";
import {
  courseLengths,
  courseWarnings,
  errorBudget,
  impactWarnings,
} from "../../../shared/reasoning/impact.ts";
import { analyseMatrix, matrixTable } from "../../../shared/reasoning/matrix.ts";
import { sweepState, sweepTable } from "../../../shared/reasoning/sweep-questions.ts";
import { whyOutline, whyTree, whyWarnings } from "../../../shared/reasoning/why-tree.ts";

const findings = (count: number): Finding[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ id: `f${i + 1}`, kind: "note", title: `Finding ${i + 1}`, note: "", statement: "" },
    ...{ provenance: null, evidenceIds: [], rows: [], chart: null, numbers: null, createdAt: "" },
  }));

/** Rows of ratings, a letter each: `+` consistent, `-` inconsistent, others as they are. */
function matrix(...rows: readonly (readonly Rating[])[]): Items {
  const width = rows[0]?.length ?? 0;
  return {
    ...NO_ITEMS,
    hypotheses: Array.from({ length: width }, (_, h) => ({
      ...{ id: `h${h + 1}`, title: `Hypothesis ${h + 1}`, note: "", layer: "data" as const },
    })),
    cells: rows.flatMap((row, f) =>
      row.map((rating, h) => ({
        ...{ id: `f${f + 1}/h${h + 1}`, findingId: `f${f + 1}`, hypothesisId: `h${h + 1}` },
        ...{ rating, reason: "because" },
      })),
    ),
  };
}

describe("competing hypotheses", () => {
  // Heuer (1999), figure 15: would Iraq retaliate? H1 not, H2 in a minor way, H3 in a major way.
  const HEUER = matrix(
    ["C", "C", "C"],
    ["C", "C", "I"],
    ["C", "C", "I"],
    ["I", "C", "C"],
    ["I", "C", "C"],
    ["I", "C", "C"],
  );

  test("the published example: the second is least inconsistent, the first evidence tells nothing", () => {
    const { ranking, rows } = analyseMatrix(HEUER, findings(6));
    expect(ranking.map((r) => [r.hypothesis.id, r.inconsistency, r.rank])).toEqual([
      ["h2", 0, 1],
      ["h3", 2, 2],
      ["h1", 3, 3],
    ]);
    expect(rows.map((r) => r.diagnosticity)).toEqual([0, 0.5, 0.5, 0.5, 0.5, 0.5]);
    expect(matrixTable(analyseMatrix(HEUER, findings(6)), HEUER, findings(6)).ranking[0]).toEqual([
      "1",
      "H2 Hypothesis 2",
      "data",
      "0",
      "0 of 6",
      "6",
    ]);
  });

  test("very inconsistent weighs double, NA and neutral nothing", () => {
    const items = matrix(["II", "N", "NA"], ["CC", "I", "C"]);
    const { ranking, rows } = analyseMatrix(items, findings(2));
    expect(ranking.map((r) => r.inconsistency)).toEqual([0, 1, 2]);
    // (0 - -2) / 4, the NA left aside; (2 - -1) / 4.
    expect(rows.map((r) => r.diagnosticity)).toEqual([0.5, 0.75]);
  });

  test("it says on which finding the order hangs", () => {
    const items = matrix(["C", "II"], ["I", "C"]);
    const { sensitivity } = analyseMatrix(items, findings(2));
    expect(sensitivity.map((s) => s.text)).toEqual([
      "Without finding 1, “Hypothesis 2” would be the least inconsistent instead of “Hypothesis 1”.",
    ]);
  });

  test("it warns of one hypothesis only, and of findings that fit all", () => {
    expect(analyseMatrix(matrix(["C"]), findings(1)).warnings[0]).toMatch(/can only confirm/);
    expect(analyseMatrix(matrix(["C", "C"]), findings(1)).warnings.join()).toMatch(
      /No finding tells the hypotheses apart.*No finding speaks against/,
    );
  });
});

describe("whys", () => {
  const why = (id: string, parentId: string | null, change: Partial<Why> = {}): Why => ({
    ...{ id, parentId, text: id, area: "technology", findingIds: [], assumption: true },
    ...change,
  });

  test("a tree in which nothing is lost: orphans and circles stand at the top", () => {
    const tree = whyTree([
      why("a", null),
      why("b", "a"),
      why("c", "gone"),
      why("x", "y"),
      why("y", "x"),
    ]);
    expect(tree.map((b) => [b.number, b.why.id, b.children.map((c) => c.number)])).toEqual([
      ["1", "a", ["1.1"]],
      ["2", "c", []],
      ["3", "x", ["3.1"]],
    ]);
  });

  test("it asks where a line ends in technology, where there is one line, where nobody asks about detection", () => {
    const kinds = (whys: Why[]) => whyWarnings(whys, findings(1)).map((w) => w.kind);
    expect(kinds([why("a", null), why("b", "a")])).toEqual([
      "rests on an assumption",
      "ends in technology",
      "nobody asked why it was not noticed",
      "single line",
    ]);
    const whole = [
      why("a", null, { findingIds: ["f1"], assumption: false }),
      why("b", "a", { area: "process", findingIds: ["f1"] }),
      why("c", "b", { area: "process" }),
      why("d", "a", { area: "detection", findingIds: ["f1"] }),
      why("e", "d", { area: "detection" }),
    ];
    expect(kinds(whole)).toEqual([]);
    expect(kinds([...whole, why("p", null, { area: "people", assumption: false })])).toEqual([
      "ends in people",
      "no source",
    ]);
  });

  test("readers see numbers, depth and sources", () => {
    const lines = whyOutline(
      [why("a", null, { findingIds: ["f2"] }), why("b", "a"), why("c", "a", { assumption: false })],
      findings(2),
    );
    expect(lines.map((l) => `${l.number} ${l.depth} ${l.sources}`)).toEqual([
      "1 1 F2",
      "1.1 2 assumption",
      "1.2 2 no source yet",
    ]);
  });
});

describe("blameless wording", () => {
  test.each([
    ["The operator should have checked it.", "counterfactual"],
    ["The on-call failed to notice the alert.", "failing"],
    ["A careless deployment.", "judgement"],
    ["It was human error.", "judgement"],
    ["An engineer misconfigured the balancer.", "role"],
    ["Ann Miller pushed the change.", "name"],
  ])("%s", (text, kind) => {
    expect(adviseWording(text, ["Ann Miller"]).map((a) => a.kind)).toEqual([kind]);
  });

  test.each([
    "The job failed to start because the disk was full.",
    "Requests that failed to connect were retried.",
    'The page said: "operator error".',
    "The log says `should have been 3`.",
    "A deployment changed the encoding at 14:03.",
  ])("what machines do, and what is quoted, is left alone: %s", (text) => {
    expect(adviseWording(text, [])).toEqual([]);
  });

  test("the offered words take the place of what was found", () => {
    const text = "The on-call failed to notice it.";
    const [advice] = adviseWording(text, []);
    expect(advice === undefined ? "" : withOffer(text, advice)).toBe(
      "The on-call did not notice it.",
    );
  });
});

describe("factors", () => {
  const factor = (change: Partial<Factor>): Factor => ({
    ...{ id: "a", text: "a", role: "contributing", layer: "data", claim: "cause", checks: {} },
    ...{ findingIds: ["f1"], note: "" },
    ...change,
  });
  const supports = { result: "supports", note: "" } as const;

  test("a claim of cause needs order in time, mechanism and a third check", () => {
    const warned = (checks: Factor["checks"]) => factorWarnings(factor({ checks }), findings(1));
    expect(warned({})[0]).toContain("order in time and mechanism do not support it");
    expect(warned({ "order in time": supports, mechanism: supports })[0]).toContain(
      "two checks only",
    );
    const three = { "order in time": supports, mechanism: supports, strength: supports };
    expect(warned(three)).toEqual([]);
    expect(warned({ ...three, removal: { result: "contradicts", note: "" } })[0]).toContain(
      "a check contradicts it",
    );
    expect(factorWarnings(factor({ claim: "correlation", findingIds: [] }), [])).toEqual([
      "It cites no finding: it stands on its author’s word.",
    ]);
  });

  test("the statement says what was checked and what was not", () => {
    expect(
      factorStatement(
        factor({
          claim: "correlation",
          checks: {
            "order in time": { result: "supports", note: "a day before" },
            removal: { result: "unclear", note: "" },
          },
        }),
      ),
    ).toBe(
      "Seen together with the incident; not claimed as a cause. Checked and in favour: order in time (a day before). Checked and unclear: removal. Not checked: strength, dose and response, mechanism, elsewhere, other explanations.",
    );
    const ordered = orderedFactors([factor({ id: "x" }), factor({ id: "y", role: "root cause" })]);
    expect(ordered.map((f) => f.id)).toEqual(["y", "x"]);
  });
});

describe("impact", () => {
  const MINUTE = 60_000_000;
  const milestone = (id: Milestone["id"], minutes: number, basis: Milestone["basis"] = "input") =>
    ({ id, at: minutes * MINUTE, basis, findingIds: [], note: "" }) satisfies Milestone;
  const course = [
    milestone("started", 0, "estimate"),
    milestone("detected", 12),
    milestone("mitigated", 40),
    milestone("resolved", 90),
  ];
  const objective = (change: Partial<Objective>): Objective => ({
    ...{ id: "o", name: "o", target: 0.999, periodDays: 30, measure: "minutes", bad: null },
    ...{ total: null, contract: false, penalty: "", basis: "input", findingIds: [], note: "" },
    ...change,
  });

  test("times to detect, mitigate and resolve, and what cannot be", () => {
    expect(courseLengths(course).map((l) => [(l.length ?? 0) / MINUTE, l.estimated])).toEqual([
      [12, true],
      [40, true],
      [90, true],
      [78, false],
    ]);
    expect(courseWarnings(course)).toEqual([]);
    expect(courseWarnings([milestone("started", 5), milestone("detected", 1)])).toEqual([
      "Not known yet: when it was mitigated, resolved.",
      "It was detected before it started.",
    ]);
  });

  test("error budgets: 43.2 minutes of 30 days at 99.9 %, and by requests", () => {
    expect(errorBudget(objective({}), course)).toMatchObject({
      budget: 43.2,
      bad: 40,
      breached: false,
    });
    expect(errorBudget(objective({ target: 0.9999 }), course)).toMatchObject({
      budget: 4.32,
      breached: true,
    });
    const requests = objective({ measure: "requests", bad: 1500, total: 1_000_000 });
    expect(errorBudget(requests, course)).toMatchObject({ budget: 1000, bad: 1500, share: 1.5 });
    expect(errorBudget(objective({ measure: "requests", bad: 3 }), course).breached).toBeNull();
  });

  test("a number says where it comes from, and keeps its order", () => {
    const item = {
      ...{ id: "i", kind: "users" as const, name: "n", unit: "users", note: "" },
      ...{ low: 3, likely: 2, high: null, basis: "estimate" as const, findingIds: [] },
    };
    expect(impactWarnings(item, [])).toEqual([
      "Low, likely and high are not in this order.",
      "An estimate needs a low and a high value.",
    ]);
    expect(
      impactWarnings({ ...item, low: 1, high: 4, basis: "query", findingIds: ["f1"] }, findings(1)),
    ).toEqual(["It is said to come from a query, but cites no finding with one."]);
  });
});

describe("actions", () => {
  const action = (change: Partial<Action>): Action => ({
    ...{ id: "a", title: "a", kind: "preventive", owner: "Team", due: "2024-06-01" },
    ...{ metric: "below 3 %", results: [], factorIds: ["x"], state: "open", note: "" },
    check: { kind: "query", sql: "SELECT 1", comparison: "<", threshold: 3 },
    ...change,
  });

  test("what makes an action accountable", () => {
    expect(actionWarnings(action({}), "2024-05-01")).toEqual([]);
    expect(
      actionWarnings(
        action({ owner: " ", due: "", metric: "better", check: null, factorIds: [] }),
        "2024-05-01",
      ),
    ).toHaveLength(5);
    expect(actionWarnings(action({}), "2024-06-02")).toEqual(["It was due on 2024-06-01."]);
    expect(isOverdue(action({ state: "done" }), "2025-01-01")).toBe(false);
    expect(actionWarnings(action({ state: "done" }), "2024-05-01")[0]).toMatch(/has not held yet/);
  });

  test("what the actions leave out", () => {
    const root = { id: "x", role: "root cause", text: "re-encoding" } as Factor;
    expect(actionGaps([action({})], [root])).toEqual(["No action would notice it sooner."]);
    expect(actionGaps([action({ kind: "detective", factorIds: [] })], [root])).toEqual([
      "No action prevents it from happening again.",
      "No action answers the root cause “re-encoding”.",
    ]);
  });

  test.each([
    ["<", 2, true],
    ["<", 3, false],
    ["<=", 3, true],
    [">", 3, false],
    [">=", 3, true],
    ["=", 3, true],
  ] as const)("3 is the threshold: value %s %d", (comparison, value, holds) => {
    const check = { kind: "query", sql: "", comparison, threshold: 3 } as const;
    expect(fulfils(value, check)).toBe(holds);
  });
});

test("4 P's: what nobody looked at is told, and what was found needs words", () => {
  const untouched = sweepState([]);
  expect(untouched.warnings).toEqual([]);
  expect(untouched.byArea.platform.looked).toBe(0);
  const [first] = untouched.questions;
  if (first === undefined) throw new Error("no question");
  const { id, area, question, note } = first;
  const state = sweepState([{ id, area, question, note, findingIds: [], state: "something" }]);
  expect(state.byArea.people.looked).toBe(1);
  expect(state.warnings[0]).toBe("Nobody has looked at process, product, platform yet.");
  expect(state.warnings[1]).toContain("says that something was found, but not what");
  expect(sweepTable(state, []).at(0)?.[2]).toBe("something found");
  expect(sweepTable(state, [])).toHaveLength(untouched.questions.length);
});
