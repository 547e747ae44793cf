import { describe, expect, test } from "vitest";
import type { FailureMode, FmeaScores } from "../../../shared/model/reasoning.ts";
import { PriorityTable } from "../../../shared/model/reasoning.ts";
import {
  DEFAULT_PRIORITY_TABLE,
  readPriorityTable,
  ruleCovers,
  writePriorityTable,
} from "../../../shared/reasoning/fmea-priority-table.ts";
import { FMEA_SCALES } from "../../../shared/reasoning/fmea-scales.ts";
import {
  actionPriority,
  fmeaTable,
  riskPriorityNumber,
  sortFailureModes,
} from "../../../shared/reasoning/fmea.ts";

const scores = (severity: number, occurrence: number, detection: number): FmeaScores => ({
  severity,
  occurrence,
  detection,
});
const NONE: FmeaScores = { severity: null, occurrence: null, detection: null };
const priority = (s: number, o: number, d: number) =>
  actionPriority(scores(s, o, d), DEFAULT_PRIORITY_TABLE);
const ALL = Array.from({ length: 10 }, (_, i) => i + 1);

describe("the table of action priorities", () => {
  test("covers each of the 1,000 combinations once", () => {
    for (const s of ALL)
      for (const o of ALL)
        for (const d of ALL) {
          const rules = DEFAULT_PRIORITY_TABLE.rules.filter((r) => ruleCovers(r, s, o, d));
          expect(rules, `${s} ${o} ${d}`).toHaveLength(1);
        }
    expect(PriorityTable.parse(DEFAULT_PRIORITY_TABLE)).toEqual(DEFAULT_PRIORITY_TABLE);
  });

  test("never falls when a score rises", () => {
    const level = { low: 1, medium: 2, high: 3 };
    const at = (s: number, o: number, d: number) => level[priority(s, o, d) ?? "low"];
    for (const s of ALL)
      for (const o of ALL)
        for (const d of ALL) {
          const here = at(s, o, d);
          if (s < 10) expect(at(s + 1, o, d)).toBeGreaterThanOrEqual(here);
          if (o < 10) expect(at(s, o + 1, d)).toBeGreaterThanOrEqual(here);
          if (d < 10) expect(at(s, o, d + 1)).toBeGreaterThanOrEqual(here);
        }
  });

  test("is the published one, read as nested conditions", () => {
    // The form in which the implementations that it was checked against write it.
    const published = (s: number, o: number, d: number): string => {
      if (s === 1 || o === 1) return "low";
      if (s <= 3) return o <= 7 || d <= 4 ? "low" : "medium";
      if (s <= 6) {
        if (o <= 3) return "low";
        if (o <= 5) return d <= 6 ? "low" : "medium";
        if (o <= 7) return d === 1 ? "low" : "medium";
        return d <= 4 ? "medium" : "high";
      }
      if (s <= 8) {
        if (o <= 3) return d <= 4 ? "low" : "medium";
        if (o <= 5) return d <= 6 ? "medium" : "high";
        if (o <= 7) return d === 1 ? "medium" : "high";
        return "high";
      }
      if (o <= 3) return d <= 4 ? "low" : d <= 6 ? "medium" : "high";
      if (o <= 5) return d === 1 ? "medium" : "high";
      return "high";
    };
    for (const s of ALL)
      for (const o of ALL)
        for (const d of ALL) expect(priority(s, o, d), `${s} ${o} ${d}`).toBe(published(s, o, d));
  });

  test("agrees with worked examples", () => {
    // www.biz-pi.com/product/fmea-action-priority-ap-lookup-tables/
    expect(priority(8, 6, 2)).toBe("high");
    expect(priority(2, 6, 8)).toBe("low");
    expect(priority(10, 1, 10)).toBe("low");
    expect(priority(9, 4, 1)).toBe("medium");
    expect(priority(9, 4, 2)).toBe("high");
    expect(priority(5, 8, 4)).toBe("medium");
  });

  test("says nothing while a score is missing", () => {
    expect(actionPriority({ ...scores(9, 9, 9), detection: null }, DEFAULT_PRIORITY_TABLE)).toBe(
      null,
    );
    expect(riskPriorityNumber({ ...scores(9, 9, 9), severity: null })).toBeNull();
    expect(riskPriorityNumber(scores(8, 6, 2))).toBe(96);
  });
});

describe("a table of one’s own", () => {
  const named = { name: "Ours", source: "handbook of the house" };

  test("is read as it was written", () => {
    const read = readPriorityTable(writePriorityTable(DEFAULT_PRIORITY_TABLE), named);
    expect(read).toEqual({ ok: true, value: { ...named, rules: DEFAULT_PRIORITY_TABLE.rules } });
  });

  test("may have semicolons, tabs, quotes, letters, and no header", () => {
    const read = readPriorityTable('1;10;1;10;1;5;L\r\n"1"\t10\t1\t10\t6\t10\tHigh\n', named);
    expect(read.ok && read.value.rules.map((r) => r.priority)).toEqual(["low", "high"]);
  });

  test("says which combinations are missing or double", () => {
    expect(readPriorityTable("1,10,1,10,2,10,H\n9,10,1,1,2,2,L", named)).toEqual({
      ok: false,
      error: [
        "100 combinations are in no rule; severity, occurrence, detection: (1, 1, 1) (1, 2, 1) (1, 3, 1) (1, 4, 1) (1, 5, 1) and 95 more.",
        "2 combinations are in more than one rule; severity, occurrence, detection: (9, 1, 2) (10, 1, 2).",
      ],
    });
  });

  test("names the line that cannot be read", () => {
    const text =
      "s1,s2,o1,o2,d1,d2,ap\n1,10,1,10,1,10\n1,11,1,10,1,10,H\n5,4,1,10,1,10,H\n1,10,1,10,1,10,X";
    expect(readPriorityTable(text, named)).toEqual({
      ok: false,
      error: [
        "Line 2: 7 values are needed, 6 were found.",
        "Line 3: “11” is no whole number from 1 to 10.",
        "Line 4: a range ends before it begins.",
        "Line 5: “X” is none of high, medium, low.",
      ],
    });
    expect(readPriorityTable("", named).ok).toBe(false);
  });
});

test("each scale has ten levels", () => {
  for (const scale of FMEA_SCALES) expect(new Set(scale.levels).size).toBe(10);
});

describe("the FMEA", () => {
  const mode = (id: string, before: FmeaScores, more: Partial<FailureMode> = {}): FailureMode => ({
    id,
    item: "",
    mode: id,
    effect: "",
    cause: "",
    controls: "",
    before,
    after: NONE,
    actionIds: [],
    findingIds: [],
    ...more,
  });
  const modes = [
    mode("unrated", NONE),
    // High although its RPN is the smaller one.
    mode("medium", scores(7, 4, 6)),
    mode("high", scores(9, 4, 2)),
    mode("higher", scores(9, 6, 2)),
  ];

  test("is sorted by priority, then by RPN", () => {
    expect(sortFailureModes(modes, DEFAULT_PRIORITY_TABLE).map((m) => m.id)).toEqual([
      "higher",
      "high",
      "medium",
      "unrated",
    ]);
  });

  test("is a table of plain texts for the report", () => {
    const { header, rows, source } = fmeaTable(
      {
        failureModes: [
          modes[0] ?? mode("x", NONE),
          mode("late features", scores(8, 6, 2), {
            item: "feature store",
            effect: "stale scores",
            actionIds: ["a1", "gone"],
            findingIds: ["f2", "f1"],
            after: scores(8, 2, 2),
          }),
        ],
        actions: [
          {
            id: "a1",
            title: "Alert on age",
            kind: "detective",
            owner: "",
            due: "",
            metric: "",
            check: null,
            results: [],
            factorIds: [],
            state: "open",
            note: "",
          },
        ],
      },
      DEFAULT_PRIORITY_TABLE,
      [{ id: "f1" }, { id: "f2" }],
    );
    expect(rows[0]).toEqual([
      "feature store",
      "late features",
      "stale scores",
      "–",
      "–",
      "8",
      "6",
      "2",
      "96",
      "high",
      "Alert on age",
      "8",
      "2",
      "2",
      "32",
      "low",
      "F1, F2",
    ]);
    expect(rows[1]?.[1]).toBe("unrated");
    for (const row of rows) expect(row).toHaveLength(header.length);
    expect(source).toContain("2019");
  });
});
