import { describe, expect, test } from "vitest";
import { findChange } from "../../../shared/analysis/changepoint.ts";
import { inferReEncoding } from "../../../shared/analysis/re-encoding.ts";
import { tablesOfEvidence } from "../../../shared/analysis/tables-of-case.ts";
import {
  suggestWindows,
  windowPredicate,
  windowsOverlap,
} from "../../../shared/analysis/windows.ts";
import type { Evidence } from "../../../shared/model/evidence.ts";
import type { Role } from "../../../shared/model/role.ts";
import type { TableMeta } from "../../../shared/model/table.ts";

function evidence(id: string, role: Role, from: number, to: number): Evidence {
  return {
    id,
    path: `/x/${id}.csv`,
    name: `${id}.csv`,
    size: 1,
    mtimeMs: 0,
    sha256: "",
    importer: "csv",
    options: {},
    target: "own",
    table: "t",
    columns: [
      { name: "at", type: "timestamp", role: "timestamp", nulls: 0 },
      { name: "x", type: "varchar", role, nulls: 0 },
    ],
    rows: 10,
    rejected: 0,
    tableRows: 10,
    from,
    to,
    notes: [],
  };
}
const FILES = [
  evidence("E1", "feature", 0, 9),
  evidence("E2", "segment", 10, 19),
  evidence("E3", "segment", 20, 29),
];
const TABLE = tablesOfEvidence(FILES)[0] as TableMeta;

test("evidence of one table is merged, roles by majority", () => {
  expect(TABLE).toMatchObject({
    name: "t",
    timeColumn: "at",
    rows: 30,
    from: 0,
    to: 29,
    evidenceIds: ["E1", "E2", "E3"],
  });
  expect(TABLE.columns[1]).toEqual({ name: "x", type: "varchar", role: "segment" });
  expect(tablesOfEvidence(FILES.slice(0, 2))[0]?.columns[1]?.role).toBe("segment");
  expect(
    tablesOfEvidence([
      { ...evidence("E1", "feature", 0, 9), target: "metrics", table: "metrics" },
    ])[0],
  ).toMatchObject({
    timeColumn: "ts",
    columns: [
      { name: "ts", role: "timestamp" },
      { name: "series" },
      { name: "name" },
      { name: "service" },
      { name: "value", role: "value" },
      { name: "unit" },
    ],
  });
});

describe("windows", () => {
  test("half-open in time, quoted values, null where they do not apply", () => {
    expect(
      windowPredicate(TABLE, { from: 0, to: 1e6, filter: { column: "x", values: ["it's"] } }),
    ).toBe(
      `("at" >= TIMESTAMP '1970-01-01 00:00:00.000000' AND "at" < TIMESTAMP '1970-01-01 00:00:01.000000' AND "x" IN ('it''s'))`,
    );
    expect(windowPredicate({ ...TABLE, timeColumn: null }, { from: 0, to: 1 })).toBeNull();
    expect(
      windowPredicate(TABLE, { from: null, to: null, filter: { column: "y", values: ["1"] } }),
    ).toBeNull();
    expect(windowPredicate(TABLE, { from: null, to: null })).toBeNull();
  });

  test("overlap", () => {
    expect(windowsOverlap({ from: 0, to: 10 }, { from: 10, to: 20 })).toBe(false);
    expect(windowsOverlap({ from: 0, to: 11 }, { from: 10, to: null })).toBe(true);
    const on = (value: string) => ({
      from: null,
      to: null,
      filter: { column: "v", values: [value] },
    });
    expect(windowsOverlap(on("7"), on("8"))).toBe(false);
    expect(windowsOverlap(on("7"), on("7"))).toBe(true);
  });

  test("suggested from files that follow each other, else from the range", () => {
    expect(suggestWindows([TABLE], FILES)).toMatchObject({
      baseline: { from: 0, to: 10 },
      incident: { from: 20, to: 30 },
    });
    expect(suggestWindows([TABLE])).toMatchObject({
      baseline: { from: 0, to: 15 },
      incident: { from: 23, to: 30 },
    });
    expect(suggestWindows([{ ...TABLE, from: null, to: null }])).toBeNull();
  });
});

describe("renamed values", () => {
  const counts = (rows: Record<string, [number, number]>) =>
    Object.entries(rows).map(([value, [baseline, incident]]) => ({ value, baseline, incident }));
  const infer = (rows: Record<string, [number, number]>) =>
    inferReEncoding(counts(rows), 1000, 1000);

  test("one to one, by shares", () => {
    expect(
      infer({ F: [400, 0], M: [350, 0], u: [250, 255], "0": [0, 398], "1": [0, 347] }),
    ).toMatchObject([
      { from: ["F"], to: "0" },
      { from: ["M"], to: "1" },
    ]);
  });
  test("many to one", () => {
    expect(infer({ F: [400, 0], M: [350, 0], u: [250, 252], "0": [0, 748] })).toMatchObject([
      { from: ["F", "M"], to: "0", ambiguous: false },
    ]);
  });
  test("by name before share", () => {
    expect(
      infer({ Male: [500, 0], Female: [500, 0], male: [0, 510], female: [0, 490] }),
    ).toMatchObject([
      { from: ["Male"], to: "male", ambiguous: false },
      { from: ["Female"], to: "female", ambiguous: false },
    ]);
  });
  test("equal shares are said to be ambiguous", () => {
    expect(infer({ a: [500, 0], b: [500, 0], x: [0, 500], y: [0, 500] })[0]?.ambiguous).toBe(true);
  });
  test("what merely vanished or appeared is not a renaming", () => {
    expect(infer({ a: [300, 0], b: [700, 1000] })).toMatchObject([{ from: ["a"], to: "b" }]);
    expect(infer({ a: [300, 0], b: [400, 550], c: [300, 450] })).toEqual([]);
    expect(infer({ a: [500, 300], b: [500, 400], c: [0, 300] })).toEqual([]);
  });
});

describe("change of a course", () => {
  const noise = (k: number): number => ((k * 7919) % 101) / 101;
  test("a step", () => {
    const course = Array.from({ length: 60 }, (_, k) => noise(k) + (k >= 40 ? 3 : 0));
    expect(findChange(course, 30)).toMatchObject({ index: 40, shape: "step" });
  });
  test("a ramp begins where it begins, not in its middle", () => {
    const course = Array.from({ length: 60 }, (_, k) => noise(k) + Math.max(0, k - 35) * 0.15);
    const found = findChange(course, 30);
    expect(found?.shape).toBe("ramp");
    expect(Math.abs((found?.index ?? 0) - 36)).toBeLessThanOrEqual(4);
  });
  test("nothing", () => {
    expect(
      findChange(
        Array.from({ length: 60 }, (_, k) => noise(k)),
        30,
      ),
    ).toBeNull();
    expect(findChange([1, 1, 1, 1, 1, 1, 1, 1], 4)).toBeNull();
    expect(findChange([1, 2], 1)).toBeNull();
  });
});
