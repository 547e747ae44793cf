import { describe, expect, test } from "vitest";
import type { FishboneCause } from "../../../shared/model/reasoning.ts";
import {
  FISHBONE_PRESETS,
  levelOf,
  moveCause,
  replaceCategories,
  takesSubCause,
} from "../../../shared/reasoning/fishbone-edit.ts";

const cause = (id: string, categoryId: string, parentId: string | null = null): FishboneCause => ({
  id,
  categoryId,
  parentId,
  text: id,
  findingIds: [],
});
const causes = [
  cause("a", "people"),
  cause("b", "people", "a"),
  cause("c", "people", "b"),
  cause("d", "data"),
];

describe("editing a fishbone", () => {
  test("a cause takes what hangs on it to the other bone", () => {
    expect(moveCause(causes, "b", "data")).toEqual([cause("b", "data"), cause("c", "data", "b")]);
    expect(moveCause(causes, "a", "data").map((c) => [c.id, c.categoryId, c.parentId])).toEqual([
      ["a", "data", null],
      ["b", "data", "a"],
      ["c", "data", "b"],
    ]);
  });

  test("a sub-cause put on its own bone hangs on the bone; a cause that is there stays", () => {
    expect(moveCause(causes, "b", "people")[0]).toEqual(cause("b", "people"));
    expect(moveCause(causes, "a", "people")).toEqual([]);
    expect(moveCause(causes, "gone", "people")).toEqual([]);
  });

  test("there are two levels below a cause", () => {
    expect(causes.map((c) => levelOf(causes, c))).toEqual([0, 1, 2, 0]);
    expect(causes.map((c) => takesSubCause(causes, c))).toEqual([true, true, false, true]);
  });

  test("other bones keep those of the same name, with their causes, in the new order", () => {
    const before = [
      { id: "people", name: "people" },
      { id: "data", name: "Data " },
    ];
    let next = 0;
    const after = replaceCategories(before, causes, FISHBONE_PRESETS[1].categories, () =>
      String(++next),
    );
    expect(after.categories.map((c) => c.id)).toEqual(["data", "1", "2", "3", "4", "5"]);
    expect(after.categories.map((c) => c.name)).toContain("People and process");
    expect(after.causes.map((c) => c.id)).toEqual(["d"]);
  });
});
