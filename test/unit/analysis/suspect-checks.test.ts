import { describe, expect, test } from "vitest";
import type { Course } from "../../../shared/analysis/course.ts";
import { graphOf } from "../../../shared/analysis/rca/dependencies.ts";
import { checkAlternative } from "../../../shared/analysis/suspect-alternative.ts";
import type { Candidate } from "../../../shared/analysis/suspect-candidates.ts";
import { checkDose, checkRecovery } from "../../../shared/analysis/suspect-checks.ts";
import {
  checkCallers,
  checkTouched,
  type TouchedRows,
} from "../../../shared/analysis/suspect-coverage.ts";
import type { Suspect } from "../../../shared/model/suspect.ts";

const BEFORE = [1, 2, 1, 2, 1, 2, 1, 2];
const DURING = [9, 8, 10, 12, 11, 13, 15, 14];

function courseOf(values: readonly number[], after: readonly number[] = []): Course {
  return {
    bucket: 10,
    times: values.map((_, k) => 10 * k),
    values: [...values],
    statistic: "mean",
    baseline: BEFORE.length,
    after,
  };
}
const onset = { at: 80, from: 70, to: 90 };

describe("dose-response", () => {
  const symptom = courseOf([...BEFORE, ...DURING.map((v) => -2 * v)]);
  test("more of it, more of the symptom, after the onset", () => {
    const { check } = checkDose(courseOf([...BEFORE, ...DURING]), symptom, onset);
    expect(check).toMatchObject({ name: "dose-response", result: "supports" });
    expect(check.why).toContain("rank correlation -1 with the symptom over the 8 points");
  });
  test("a step that both made is no dose", () => {
    const flat = courseOf([...BEFORE, 9, 11, 10, 9, 11, 9, 10, 11]);
    expect(checkDose(flat, symptom, onset).check.result).toBe("unknown");
  });
  test("too few points, or no onset", () => {
    const late = { at: 140, from: 140, to: 150 };
    expect(checkDose(symptom, symptom, late).check.why).toContain("only 2 points");
    expect(checkDose(symptom, symptom, null).check.result).toBe("unknown");
  });
});

describe("recovery", () => {
  const back = courseOf([...BEFORE, ...DURING], [1, 2, 1]);
  const gone = courseOf([...BEFORE, ...DURING], [12, 12, 13]);
  test("went back when the symptom did, or did not", () => {
    expect(checkRecovery(back, back).check).toMatchObject({ result: "supports" });
    expect(checkRecovery(gone, back).check).toMatchObject({ result: "contradicts" });
    expect(checkRecovery(back, gone).check.result).toBe("contradicts");
    expect(checkRecovery(gone, gone).check.result).toBe("unknown");
  });
  test("the data ends with the incident, or nothing moved", () => {
    expect(checkRecovery(courseOf([...BEFORE, ...DURING]), back).check.why).toBe(
      "the data ends with the incident",
    );
    expect(checkRecovery(courseOf([...BEFORE, ...BEFORE], BEFORE), back).check.result).toBe(
      "unknown",
    );
  });
});

describe("coverage of rows", () => {
  const rows: TouchedRows = {
    ...{ outcome: "clicked", share: 0.4, before: 0.1, othersBefore: 0.1, z: -20 },
    ...{ touched: 0.05, others: 0.1 },
  };
  test("the trouble is in the rows that changed, or as much in the others", () => {
    expect(checkTouched(rows, false)).toMatchObject({ check: { result: "supports" } });
    const both = checkTouched({ ...rows, touched: 0.05, others: 0.05 }, false);
    expect(both.check.result).toBe("contradicts");
    expect(both.factor).toBeLessThan(1);
    expect(checkTouched({ ...rows, others: 0.08 }, false).check.result).toBe("unknown");
  });
  test("says nothing where the outcome stayed, or there is none", () => {
    expect(checkTouched({ ...rows, z: 1 }, false).check.result).toBe("unknown");
    expect(checkTouched(null, false).check.result).toBe("unknown");
    expect(checkTouched(rows, true).check.result).toBe("unknown");
  });
});

describe("coverage of services", () => {
  const graph = graphOf([
    { caller: "web", callee: "cart" },
    { caller: "cart", callee: "db" },
    { caller: "db", callee: "cart" },
  ]);
  const of = (service: string, strength = 0.8) => ({ service, strength }) as Candidate;
  const all = [of("web"), of("cart"), of("db"), of("mail", 0.1)];
  test("how many of those in trouble call it, also through others", () => {
    expect(checkCallers(of("db"), all, graph).check).toMatchObject({
      result: "supports",
      why: "2 of the 2 other services in trouble call db, directly or through others",
    });
    expect(checkCallers(of("web"), all, graph).check.result).toBe("contradicts");
  });
  test("alone in trouble, or the calls are not known", () => {
    expect(checkCallers(of("db"), [of("db")], graph).check.result).toBe("supports");
    expect(checkCallers(of("db"), all, graphOf([])).check.result).toBe("unknown");
  });
});

describe("alternative", () => {
  const suspect = (name: string, score: number, from = 70) =>
    ({ name, score, service: null, onset: { at: 80, from, to: 90 } }) as Suspect;
  const values = [...BEFORE, ...DURING];
  const own = { suspect: suspect("a", 0.5), course: courseOf(values) };
  test("another that moved alike and ranks higher speaks against it", () => {
    const other = { suspect: suspect("b", 0.7), course: courseOf(values.map((v) => v * v)) };
    expect(checkAlternative(own, [other])).toMatchObject({
      result: "contradicts",
      why: "`b` moved alike (rank correlation 1) and ranks higher: it would explain the same",
    });
    const lower = { ...other, suspect: suspect("b", 0.4) };
    expect(checkAlternative(own, [lower]).result).toBe("unknown");
  });
  test("no rival: too weak, later, or of another course", () => {
    const course = courseOf(values);
    const weak = { suspect: suspect("b", 0.1), course };
    const later = { suspect: suspect("c", 0.7, 100), course };
    const other = { suspect: suspect("d", 0.7), course: courseOf([...DURING, ...BEFORE]) };
    expect(checkAlternative(own, [weak, later, other]).result).toBe("supports");
  });
});
