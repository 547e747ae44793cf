import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as parquet from "parquet-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { Fault } from "../../../shared/base/result.ts";
import { WidenColumn } from "../../../shared/importers/importer.ts";
import { parquetImporter, setParquetLoader } from "../../../shared/importers/parquet.ts";
import { decimalToDouble, nanosToMicros } from "../../../shared/importers/parquet/numbers.ts";
import { KeepingSink, sourceOf } from "../../support/sources.ts";
import { onCrash } from "./crash.ts";
import { draw, readAll } from "./rows.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/parquet");
const file = (name: string): Uint8Array => new Uint8Array(readFileSync(join(FIXTURES, name)));

beforeAll(() => {
  setParquetLoader(() => Promise.resolve(parquet), onCrash);
});

describe("fixtures", () => {
  test.each(["types", "metrics", "logs"])(
    "%s.parquet becomes the rows that are drawn beside it",
    async (name) => {
      const reading = await readAll(parquetImporter, file(`${name}.parquet`), {
        name: `${name}.parquet`,
      });
      await expect(draw(reading)).toMatchFileSnapshot(join(FIXTURES, `${name}.rows.txt`));
    },
  );

  test.each(["types", "metrics", "logs"])(
    "%s.parquet reads the same in any chunks and without its name",
    async (name) => {
      const whole = await readAll(parquetImporter, file(`${name}.parquet`), {
        name: `${name}.parquet`,
      });
      for (const chunk of [1, 7, 1000]) {
        expect((await readAll(parquetImporter, file(`${name}.parquet`), { chunk })).rows).toEqual(
          whole.rows,
        );
      }
      expect(parquetImporter.detect(file(`${name}.parquet`).subarray(0, 64), "unknown")).toBe(1);
    },
  );
});

test("refuses what is no Parquet", () => {
  expect(parquetImporter.detect(new TextEncoder().encode("PAR,1\n"), "x.parquet")).toBe(0);
  expect(parquetImporter.detect(new Uint8Array(0), "x.parquet")).toBe(0);
});

test("rows keep their number in the file over row groups", async () => {
  const { rows, accepted } = await readAll(parquetImporter, file("groups.parquet"), {
    name: "groups.parquet",
  });
  expect(accepted).toBe(10_000);
  expect(rows).toHaveLength(10_000);
  expect(rows.every((row, i) => row[0] === i && row[1] === i / 3 && row[3] === i + 1)).toBe(true);
});

describe("damage", () => {
  test.each([20, 8000, 40_000])("a file that ends after %i bytes is truncated", async (length) => {
    const planned = await parquetImporter.plan(
      await sourceOf(file("groups.parquet").subarray(0, length), { name: "g.parquet" }),
      {},
    );
    expect(planned.ok ? null : planned.error.kind).toBe("truncated");
    expect(planned.ok ? "" : planned.error.message).toContain("end is missing");
  });

  test("rows before a damaged row group are kept, and the loss is told", async () => {
    const { rows, notes } = await readAll(parquetImporter, file("damaged.parquet"), {
      name: "damaged.parquet",
    });
    expect(rows.length).toBeGreaterThanOrEqual(2500);
    expect(rows.length).toBeLessThan(10_000);
    expect(rows.every((row, i) => row[0] === i)).toBe(true);
    expect(notes.join("\n")).toContain(
      `${10_000 - rows.length} of its 10000 rows could not be read`,
    );
  });

  test("a footer that is garbage is damage", async () => {
    const content = file("groups.parquet");
    content.fill(0xff, content.length - 200, content.length - 8);
    const planned = await parquetImporter.plan(await sourceOf(content, { name: "g.parquet" }), {});
    expect(planned.ok ? null : planned.error.kind).toBe("damaged");
  });

  test("nothing readable is a failure", async () => {
    const content = file("groups.parquet");
    content.fill(0xff, 4, 5000);
    const source = await sourceOf(content, { name: "g.parquet" });
    const planned = await parquetImporter.plan(source, {});
    if (!planned.ok) throw new Error(planned.error.message);
    await expect(
      parquetImporter.read(source, planned.value, new KeepingSink()),
    ).rejects.toBeInstanceOf(Fault);
  });
});

describe("types", () => {
  test("unsigned integers beyond 63 bits ask for numbers", async () => {
    await expect(readAll(parquetImporter, file("unsigned.parquet"))).rejects.toEqual(
      new WidenColumn("id", "double"),
    );
    const { rows } = await readAll(parquetImporter, file("unsigned.parquet"), {
      options: { types: { id: "double" } },
    });
    expect(rows.map((row) => row[0])).toEqual([1, 2 ** 64, null]);
  });

  test("types that are set win", async () => {
    const { rows } = await readAll(parquetImporter, file("types.parquet"), {
      options: { types: { iso: "varchar", int8: "varchar", int32: "double" } },
    });
    const header = (await readAll(parquetImporter, file("types.parquet"))).header;
    expect(rows[0]?.[header.indexOf("iso")]).toBe("2026-03-01T12:00:00+02:00");
    expect(rows.map((row) => row[header.indexOf("int8")])).toEqual(["-1", "127", null]);
    expect(rows.map((row) => row[header.indexOf("int32")])).toEqual([-5, 2147483647, null]);
  });

  test.each([1_772_359_200_123_456_789n, -1n, -1000n, 0n, 999n, 4_102_444_799_999_999_999n])(
    "%s ns",
    (nanos) => {
      const low = Number(BigInt.asUintN(32, nanos));
      const high = Number(nanos >> 32n);
      const floor = nanos >= 0n ? nanos / 1000n : (nanos - 999n) / 1000n;
      expect(nanosToMicros(low, high)).toBe(Number(floor));
    },
  );

  test("decimals", () => {
    const words = (value: bigint): number[] =>
      [0n, 32n, 64n, 96n].map((shift) => Number(BigInt.asUintN(32, value >> shift)));
    const values = [-1n, 123n, -(10n ** 30n), 10n ** 30n];
    const out = decimalToDouble(Uint32Array.from(values.flatMap(words)), 4, 2, values.length);
    expect(out[0]).toBe(-0.01);
    expect(out[1]).toBe(1.23);
    expect(out[2]).toBeCloseTo(-1e28, -15);
    expect(out[3]).toBeCloseTo(1e28, -15);
  });
});
