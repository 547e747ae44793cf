import { describe, expect, test } from "vitest";
import { parseCsv } from "../../bench/templates/log-sets.ts";
import { normaliseTemplate, scoreTemplates } from "../../bench/templates/metrics.ts";

describe("scores by hand", () => {
  test("all right", () => {
    const truth = ["a <*>", "a <*>", "b"];
    expect(scoreTemplates(truth, truth)).toEqual({ GA: 1, FGA: 1, PA: 1, FTA: 1 });
  });

  test("a group cut in two, the other right", () => {
    // Truth {0,1,2}, {3}; found {0,1}, {2}, {3}: one of two groups right, of three found.
    const scores = scoreTemplates(["a <*>", "a <*>", "a <*>", "b"], ["a <*>", "a <*>", "a x", "b"]);
    expect(scores.GA).toBe(1 / 4);
    expect(scores.FGA).toBeCloseTo((2 * 1) / (2 + 3));
    expect(scores.PA).toBe(3 / 4);
    // "a <*>" reads right and all its lines are of it; so does "b".
    expect(scores.FTA).toBeCloseTo((2 * 2) / (2 + 3));
  });

  test("two groups taken for one", () => {
    const scores = scoreTemplates(["a x", "a y", "b"], ["a <*>", "a <*>", "b"]);
    expect(scores).toEqual({ GA: 1 / 3, FGA: (2 * 1) / 5, PA: 1 / 3, FTA: (2 * 1) / 5 });
  });

  test("right groups with wrong texts", () => {
    const scores = scoreTemplates(["a <*>", "b"], ["a x", "b"]);
    expect(scores).toEqual({ GA: 1, FGA: 1, PA: 1 / 2, FTA: 1 / 2 });
  });
});

describe("templates as Loghub-2.0 rewrites them", () => {
  test.each([
    ["from <*>:<*> ok", "from <*> ok"],
    ["at <*>.<*>.<*>", "at <*>"],
    ["took 17 ms", "took <*> ms"],
    ["blk_<*> on node-<*>", "<*> on node-<*>"],
    ["a  b\tc ", "a b c"],
    ["user '<*>' gone", "user <*> gone"],
    ["id <*>/<*>", "id <*>"],
    ["two <*> <*>", "two <*> <*>"],
    ["<*><*>", "<*>"],
    ["vCores:<*>>", "vCores:<*>"],
  ])("%s", (template, wanted) => {
    expect(normaliseTemplate(template)).toBe(wanted);
  });
});

test("comma-separated records with quotes", () => {
  expect(parseCsv('a,b\n"x, ""y""",\r\n"l\nm",z\n')).toEqual([
    ["a", "b"],
    ['x, "y"', ""],
    ["l\nm", "z"],
  ]);
});
