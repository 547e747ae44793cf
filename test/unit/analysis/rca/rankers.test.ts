import { describe, expect, test } from "vitest";
import { graphOf } from "../../../../shared/analysis/rca/dependencies.ts";
import {
  concordance,
  robustScore,
  sigmaScore,
  walkScores,
} from "../../../../shared/analysis/rca/rankers.ts";

describe("scores of a series", () => {
  const before = [1, 2, 3, 4, 5];
  test("robust: from the median in interquartile ranges", () => {
    // median 3, quartiles 2 and 4
    expect(robustScore({ before, after: [4, 9] })).toBeCloseTo(3, 12);
    expect(robustScore({ before, after: [-7] })).toBeCloseTo(5, 12);
  });
  test("N-sigma: from the mean in standard deviations of the population", () => {
    expect(sigmaScore({ before, after: [3, 3 + 2 * Math.SQRT2] })).toBeCloseTo(2, 12);
  });
  test("a spread of 0 counts as 1; nothing on a side is no number", () => {
    expect(robustScore({ before: [7, 7, 7], after: [9] })).toBe(2);
    expect(sigmaScore({ before: [7, 7, 7], after: [9] })).toBe(2);
    expect(robustScore({ before: [], after: [9] })).toBeNaN();
    expect(sigmaScore({ before: [7], after: [] })).toBeNaN();
  });
});

describe("walk over the calls", () => {
  const graph = graphOf([
    { caller: "web", callee: "cart" },
    { caller: "cart", callee: "db" },
    { caller: "web", callee: "ads" },
  ]);
  test("comes to rest where trouble is called for, not where it is noticed", () => {
    const walk = walkScores(
      new Map([
        ["web", 1],
        ["cart", 1],
        ["db", 1],
        ["ads", 0],
      ]),
      graph,
    );
    const [web = 0, cart = 0, db = 0, ads = 1] = ["web", "cart", "db", "ads"].map((s) =>
      walk.get(s),
    );
    expect(db).toBeGreaterThan(cart);
    expect(cart).toBeGreaterThan(web);
    expect(ads).toBe(0);
    expect(web + cart + db + ads).toBeCloseTo(1, 9);
  });
  test("without calls the shares are those of the trouble; without trouble there are none", () => {
    const alone = walkScores(
      new Map([
        ["a", 3],
        ["b", 1],
      ]),
      graph,
    );
    expect(alone.get("a")).toBeCloseTo(0.75, 9);
    expect(walkScores(new Map([["a", 0]]), graph).size).toBe(0);
  });
});

describe("concordance", () => {
  test("1 for the same order, 0 for opposite ones", () => {
    const order = [1, 2, 3, 4];
    expect(concordance([order, order, order])).toBeCloseTo(1, 12);
    expect(concordance([order, [4, 3, 2, 1]])).toBeCloseTo(0, 12);
  });
  test("a worked example", () => {
    // Sums 4, 6, 8, 12: S = 35, W = 12 * 35 / (9 * 60)
    expect(
      concordance([
        [1, 2, 3, 4],
        [2, 1, 3, 4],
        [1, 3, 2, 4],
      ]),
    ).toBeCloseTo((12 * 35) / 540, 12);
  });
  test("nothing to compare", () => {
    expect(concordance([[1, 2]])).toBeNull();
    expect(concordance([[1], [1]])).toBeNull();
  });
});
