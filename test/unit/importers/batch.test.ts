import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BatchBuilder } from "../../../shared/tables/batch.ts";
import { readColumn } from "../../../shared/tables/rows.ts";

const COLUMNS = [
  { name: "t", type: "timestamp" },
  { name: "d", type: "double" },
  { name: "n", type: "bigint" },
  { name: "b", type: "boolean" },
  { name: "s", type: "varchar" },
] as const;

test("cells of any values come back, batch after batch, and unset cells are NULL", () => {
  const int = fc.integer({ min: -(2 ** 53 - 1), max: 2 ** 53 - 1 });
  const row = fc.record(
    {
      t: int,
      d: fc.double(),
      n: int,
      b: fc.boolean(),
      s: fc.string({ unit: "grapheme", maxLength: 80 }),
    },
    { requiredKeys: [] },
  );
  const builder = new BatchBuilder(COLUMNS, 16);
  fc.assert(
    fc.property(fc.array(row, { maxLength: 16 }), (rows) => {
      for (const r of rows) {
        if (r.t !== undefined) builder.timestamp(0, r.t);
        if (r.d !== undefined) builder.double(1, r.d);
        if (r.n !== undefined) builder.bigint(2, r.n);
        if (r.b !== undefined) builder.boolean(3, r.b);
        if (r.s !== undefined) builder.utf8(4, r.s);
        builder.endRow();
      }
      const table = tableFromIPC(builder.flush());
      expect(table.numRows).toBe(rows.length);
      for (const key of ["t", "d", "n", "b", "s"] as const) {
        // -0 and 0 are the same integer.
        const expected = rows.map((r) =>
          key === "t" || key === "n"
            ? (r[key] ?? null) === null
              ? null
              : Number(r[key]) + 0
            : (r[key] ?? null),
        );
        expect(readColumn(table, key)).toEqual(expected);
      }
    }),
  );
});

test("a row that is rolled back leaves nothing behind", () => {
  const builder = new BatchBuilder(COLUMNS);
  builder.utf8(4, "gone");
  builder.double(1, 1);
  builder.boolean(3, true);
  builder.rollbackRow();
  builder.utf8(4, "stays");
  builder.endRow();
  const table = tableFromIPC(builder.flush());
  expect(table.numRows).toBe(1);
  expect(readColumn(table, "s")).toEqual(["stays"]);
  expect(readColumn(table, "d")).toEqual([null]);
  expect(readColumn(table, "b")).toEqual([null]);
});

test("the last value of a cell that is set twice counts, and null() unsets it", () => {
  const builder = new BatchBuilder(COLUMNS);
  builder.utf8(4, "a longer text");
  builder.utf8(4, "b");
  builder.double(1, 1);
  builder.null(1);
  builder.boolean(3, true);
  builder.boolean(3, false);
  builder.endRow();
  const table = tableFromIPC(builder.flush());
  expect(readColumn(table, "s")).toEqual(["b"]);
  expect(readColumn(table, "d")).toEqual([null]);
  expect(readColumn(table, "b")).toEqual([false]);
});

test("64-bit integers keep all digits", () => {
  const builder = new BatchBuilder([{ name: "n", type: "bigint" }]);
  builder.bigint64(0, 1674982122425293566n);
  builder.endRow();
  const vector = tableFromIPC(builder.flush()).getChild("n");
  expect(vector?.get(0)).toBe(1674982122425293566n);
});

test("a batch is full at its capacity and when its texts exceed 64 MiB", () => {
  const builder = new BatchBuilder([{ name: "s", type: "varchar" }], 100);
  const text = new Uint8Array(33 * 1024 * 1024).fill(97);
  builder.utf8Bytes(0, text, 0, text.length);
  builder.endRow();
  expect(builder.full).toBe(false);
  builder.utf8Bytes(0, text, 0, text.length);
  builder.endRow();
  expect(builder.full).toBe(true);
  builder.flush();
  expect(builder.full).toBe(false);
  for (let i = 0; i < 100; i++) builder.endRow();
  expect(builder.full).toBe(true);
});
