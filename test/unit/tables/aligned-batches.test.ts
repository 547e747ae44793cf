import fc from "fast-check";
import {
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
  Table,
  Dictionary,
  Int32,
  Utf8,
} from "apache-arrow";
import { expect, test } from "vitest";
import { AlignedBatches, VECTOR_ROWS } from "../../../shared/tables/aligned-batches.ts";
import { BatchBuilder } from "../../../shared/tables/batch.ts";
import type { TableColumn } from "../../../shared/tables/fixed-tables.ts";

const COLUMNS: readonly TableColumn[] = [
  { name: "n", type: "double" },
  { name: "k", type: "bigint" },
  { name: "t", type: "timestamp" },
  { name: "s", type: "varchar" },
  { name: "b", type: "boolean" },
];

/** Rows `from` to `to` of one endless table; each column has its own holes. */
function batchOf(from: number, to: number, holes: boolean): Uint8Array {
  const builder = new BatchBuilder(COLUMNS, Math.max(1, to - from));
  const set = (column: number, i: number) => !holes || (i + column) % 7 !== 0;
  for (let i = from; i < to; i++) {
    if (set(0, i)) builder.double(0, i / 3);
    if (set(1, i)) builder.bigint(1, i);
    if (set(2, i)) builder.timestamp(2, i * 1000);
    if (set(3, i)) builder.utf8(3, i % 5 === 0 ? "" : `é ${String(i)}`);
    if (set(4, i)) builder.boolean(4, i % 3 === 0);
    builder.endRow();
  }
  return builder.flush();
}

const rowsOf = (ipc: Uint8Array): string[] =>
  tableFromIPC(ipc)
    .toArray()
    .map((row) =>
      Object.values((row as { toJSON(): object }).toJSON())
        .map(String)
        .join("|"),
    );

test("batches of any length come out in whole vectors, no row lost, changed or moved", () => {
  const lengths = fc.array(
    fc.tuple(
      fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5000 })),
      fc.boolean(),
    ),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(lengths, (parts) => {
      const aligned = new AlignedBatches();
      const out: string[] = [];
      let at = 0;
      for (const [length, holes] of parts) {
        const whole = aligned.add(batchOf(at, at + length, holes));
        at += length;
        if (whole === null) continue;
        const rows = rowsOf(whole);
        expect(rows.length % VECTOR_ROWS).toBe(0);
        out.push(...rows);
      }
      const rest = aligned.flush();
      if (rest !== null) out.push(...rowsOf(rest));
      expect(aligned.flush()).toBeNull();
      let from = 0;
      const expected = parts.flatMap(([length, holes]) => {
        from += length;
        return rowsOf(batchOf(from - length, from, holes));
      });
      expect(out).toEqual(expected);
    }),
    { numRuns: 40, seed: 7 },
  );
});

test("a batch of whole vectors goes through as it is, and so do dictionaries", () => {
  const aligned = new AlignedBatches();
  const whole = batchOf(0, 2 * VECTOR_ROWS, true);
  expect(aligned.add(whole)).toBe(whole);
  const terms = vectorFromArray(["a", "b", "a"], new Dictionary(new Utf8(), new Int32()));
  const ipc = tableToIPC(new Table({ terms }), "stream");
  expect(aligned.add(ipc)).toBe(ipc);
  expect(aligned.flush()).toBeNull();
});
