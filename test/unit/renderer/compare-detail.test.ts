import { expect, test } from "vitest";
import type { ColumnStats, Shift } from "../../../shared/model/shift.ts";
import type { TableMeta } from "../../../shared/model/table.ts";
import {
  categoryRows,
  mappingOf,
  sortedRows,
} from "../../../renderer/views/compare/detail/category-rows.ts";
import {
  keptPoints,
  pointsOf,
  quantileSentence,
  valueRange,
  wantsLog,
} from "../../../renderer/views/compare/detail/quantile-points.ts";
import { orderedColumns, rowText } from "../../../renderer/views/compare/detail/sample-cells.ts";

const COUNTS = [
  { value: "F", baseline: 40, incident: 0 },
  { value: "M", baseline: 50, incident: 20 },
  { value: "0", baseline: 0, incident: 25 },
  { value: "10", baseline: 10, incident: 5 },
];

function reEncoding(...names: string[]): Shift {
  return {
    kind: "re_encoding",
    facts: names.map((name) => ({ name, value: "rows" })),
  } as unknown as Shift;
}

test("new, vanished and renamed values are marked, shares are of all rows", () => {
  const mapping = mappingOf([reEncoding("`F` → `0`", "`gone` → `0`")], ["F", "M", "0", "10"]);
  expect([...mapping]).toEqual([["F", "0"]]);
  const rows = categoryRows(COUNTS, { baseline: 200, incident: 50 }, mapping);
  expect(rows.map((r) => r.mark)).toEqual(["vanished", null, "new", null]);
  expect(rows[0]).toMatchObject({ baselineShare: 0.2, difference: -0.2, readsNow: "0" });
  expect(rows[2]).toMatchObject({ formerly: ["F"], incidentShare: 0.5 });
});

test("a mapping is read where values hold the arrow, are empty, or were shortened", () => {
  const long = "x".repeat(60);
  const values = ["a → b", "a", "", long];
  const short = `${"x".repeat(39)}…`;
  const shifts = [
    reEncoding("`a → b` → `a`", "the empty text → `a`", `\`${short}\` → the empty text`),
  ];
  expect([...mappingOf(shifts, values)]).toEqual([
    ["a → b", "a"],
    ["", "a"],
    [long, ""],
  ]);
  expect(mappingOf([{ ...reEncoding("`a` → ``"), kind: "distribution" }], values).size).toBe(0);
});

test("values are sorted by number, differences by size", () => {
  const rows = categoryRows(COUNTS, { baseline: 100, incident: 50 }, new Map());
  const order = (by: "value" | "difference" | "incident", descending: boolean) =>
    sortedRows(rows, { by, descending }).map((r) => r.value);
  expect(order("value", false)).toEqual(["0", "10", "F", "M"]);
  expect(order("difference", true)).toEqual(["0", "F", "M", "10"]);
  expect(order("incident", false)).toEqual(["F", "10", "M", "0"]);
});

const STATS: ColumnStats = {
  rows: 10,
  nulls: 0,
  distinct: 9,
  mean: 4,
  sd: 1,
  min: 0,
  max: 1e6,
  quantiles: [1, 2, 3, 4, 5, 6, 7],
};

test("kept quantiles stand in for read ones; tails do not set the range", () => {
  const points = keptPoints(STATS, { ...STATS, quantiles: [1, 2, 3, 4.5, 5, 6, 9] });
  expect(points.map((p) => p.p)).toEqual([0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]);
  expect(valueRange(points)).toEqual([1, 9]);
  expect(quantileSentence(points, String)).toBe(
    "5 % stayed at 2; median 4 → 4.5; 95 % stayed at 6",
  );
  expect(keptPoints(STATS, { ...STATS, min: null })).toHaveLength(7);
  expect(keptPoints(STATS, { ...STATS, quantiles: null })).toEqual([]);
  expect(valueRange([])).toBeNull();
  const empty = { probabilities: [0, 1], baseline: [1, 2], incident: null };
  expect(pointsOf({ ...empty, baselineValues: 2, incidentValues: 0, sql: "" })).toEqual([]);
});

test("three powers of ten above zero are read on a logarithmic scale", () => {
  expect(wantsLog([0.1, 100])).toBe(true);
  expect(wantsLog([0.1, 99])).toBe(false);
  expect(wantsLog([0, 1e9])).toBe(false);
});

test("rows show the column first, then time, then entities; null is told from empty", () => {
  const table = {
    name: "t",
    target: "own",
    timeColumn: "ts",
    columns: [
      { name: "a", type: "double", role: "feature" },
      { name: "user", type: "varchar", role: "entity" },
      { name: "ts", type: "timestamp", role: "timestamp" },
      { name: "x", type: "varchar", role: "feature" },
    ],
    evidenceIds: ["E1"],
    rows: 1,
    from: 0,
    to: 1,
  } satisfies TableMeta;
  const columns = orderedColumns(["a", "user", "ts", "x"], table, "x");
  expect(columns.map((c) => c.name)).toEqual(["x", "ts", "user", "a"]);
  const row = { evidenceId: "E1", line: 3, offset: null, cells: [1234567.25, null, 0, ""] };
  expect(rowText(row, columns)).toBe(
    "x (empty) · ts 1970-01-01 00:00:00 · user null · a 1234567.25",
  );
});
