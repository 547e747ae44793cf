import { describe, expect, test } from "vitest";
import type { Finding } from "../../../shared/model/finding.ts";
import {
  findingsWithNumber,
  linkNumber,
  partsOf,
  withoutLinks,
} from "../../../shared/reasoning/linked-numbers.ts";

const finding = (id: string, change: Partial<Finding> = {}): Finding => ({
  id,
  kind: "shift",
  title: "",
  note: "",
  statement: "",
  provenance: null,
  evidenceIds: [],
  rows: [],
  chart: null,
  numbers: null,
  createdAt: "2024-05-01T00:00:00Z",
  ...change,
});

const numbersIn = (text: string): string[] =>
  partsOf(text, []).flatMap((p) => (p.kind === "number" ? [p.text] : []));

describe("numbers in a text", () => {
  test.each<[string, string[]]>([
    ["CTR fell from 4.1 % to 3.2 %.", ["4.1 %", "3.2 %"]],
    ["About 1,234,567 requests and −0.74", ["1,234,567", "−0.74"]],
    ["It took 95 minutes, not 20", ["95", "20"]],
    ["p95 of v4.12.0 on node-17 (E1, F2)", []],
    ["On 2024-05-12 at 03:10 UTC, 12 May 2024, May 12th", []],
    ["the 3rd attempt, model_7 and `4 of 5` in code", []],
    ["3× as many, 1e-5, 12ms", ["3×", "1e-5", "12ms"]],
    ["(12) [34] “56”", ["12", "34", "56"]],
    ["192.168.0.1 and /a/12/b", []],
  ])("%s", (text, expected) => {
    expect(numbersIn(text)).toEqual(expected);
  });

  test("the parts put together are the text without its links", () => {
    const text = "fell `x 1` from [4.1 %](F:abcdef) to 3.2 %, at 12:30";
    const joined = partsOf(text, []).map((p) => (p.kind === "code" ? `\`${p.text}\`` : p.text));
    expect(joined.join("")).toBe(withoutLinks(text));
    expect(withoutLinks(text)).toBe("fell `x 1` from 4.1 % to 3.2 %, at 12:30");
  });

  test("a link leads to its finding, and to none once that is gone", () => {
    const text = "[3.2 %](F:abcdef)";
    const [part] = partsOf(text, [finding("abcdef12-0000")]);
    expect(part).toMatchObject({ kind: "number", text: "3.2 %", findingId: "abcdef12-0000" });
    expect(partsOf(text, [])[0]).toMatchObject({ kind: "number", findingId: null });
  });

  test("linking changes the one number that is meant", () => {
    const text = "from 4 to 4";
    const second = partsOf(text, []).filter((p) => p.kind === "number")[1];
    if (second?.kind !== "number") throw new Error("no second number");
    expect(linkNumber(text, second, "abcdef12-0000")).toBe("from 4 to [4](F:abcdef)");
  });
});

describe("which findings hold a number", () => {
  const shift = finding("a", { statement: "`ctr` fell: mean 0.0412 → 0.0317" });
  const table = finding("b", {
    numbers: { header: ["", "Baseline"], cells: [["rows", "183542"]] },
  });
  const series = finding("c", {
    chart: { kind: "series", title: "t", times: [0], values: [12.34], min: [12], max: [13] },
  });
  const all = [shift, table, series];

  test.each<[string, string[]]>([
    ["3.2 %", ["a"]],
    ["3.17 %", ["a"]],
    ["3.1 %", []],
    ["183,542", ["b"]],
    ["12.3", ["c"]],
    ["12", ["c"]],
    ["183.5k", ["b"]],
    ["99", []],
  ])("%s", (number, ids) => {
    expect(findingsWithNumber(number, all).map((f) => f.id)).toEqual(ids);
  });
});
