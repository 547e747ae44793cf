import { expect, test } from "vitest";
import { keyCandidates } from "../../../../shared/analysis/quality/key-violations.ts";
import type { ColumnType, Role } from "../../../../shared/model/role.ts";

function candidates(columns: readonly (readonly [string, ColumnType, Role])[]): string[] {
  return keyCandidates({
    name: "t",
    target: "own",
    columns: columns.map(([name, type, role]) => ({ name, type, role })),
    timeColumn: "ts",
    evidenceIds: [],
    rows: 0,
    from: null,
    to: null,
  }).map((c) => c.columns.join("+"));
}

test("entities come first, alone, with the time and in pairs", () => {
  const found = candidates([
    ["ts", "timestamp", "timestamp"],
    ["price", "double", "feature"],
    ["trip_uuid", "varchar", "ignore"],
    ["user_id", "varchar", "entity"],
    ["item_id", "bigint", "entity"],
    ["notes", "varchar", "ignore"],
    ["_line", "bigint", "ignore"],
  ]);
  expect(found).toEqual([
    "user_id",
    "item_id",
    "trip_uuid",
    "user_id+ts",
    "item_id+ts",
    "user_id+item_id",
  ]);
});

test("few ids make a key with the time only; features never do", () => {
  expect(
    candidates([
      ["ts", "timestamp", "timestamp"],
      ["driver_id", "bigint", "segment"],
      ["country", "varchar", "segment"],
      ["amount", "bigint", "feature"],
    ]),
  ).toEqual(["driver_id+ts"]);
});
