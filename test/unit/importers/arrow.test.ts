import * as parquet from "parquet-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { arrowImporter } from "../../../shared/importers/arrow.ts";
import { unlz4 } from "../../../shared/importers/arrow/lz4.ts";
import { parquetImporter, setParquetLoader } from "../../../shared/importers/parquet.ts";
import { sourceOf } from "../../support/sources.ts";
import { onCrash } from "./crash.ts";
import { readAll } from "./rows.ts";
import { fixture, testFixtures } from "./suite.ts";

const REFUSED = ["logs-1.feather", "run-end.arrow"];

beforeAll(() => {
  setParquetLoader(() => Promise.resolve(parquet), onCrash);
});

testFixtures(arrowImporter, "arrow", { only: (name) => !REFUSED.includes(name) });

describe("the same table as Parquet and as Arrow gives the same rows", () => {
  test.each([
    ["types.parquet", "types.arrow"],
    ["types.parquet", "types-stream.arrows"],
    ["metrics.parquet", "metrics-zstd.arrow"],
    ["logs.parquet", "logs.feather"],
  ])("%s and %s", async (one, other) => {
    const name = "table";
    const left = await readAll(parquetImporter, fixture("parquet", one), { name });
    const right = await readAll(arrowImporter, fixture("arrow", other), { name });
    expect(right.header).toEqual(left.header);
    const notParquet = left.header.indexOf("duration");
    for (const [i, row] of right.rows.entries()) {
      const rows = [row, left.rows[i] ?? []].map((cells) =>
        cells.filter((_, c) => c !== notParquet),
      );
      expect(rows[0]).toEqual(rows[1]);
    }
    expect(right.rows).toHaveLength(left.rows.length);
  });
});

describe("refused by name", () => {
  test.each([
    ["logs-1.feather", "unsupported", "version 1"],
    ["run-end.arrow", "unsupported", "column “runs” is run-end encoded, which is not read here"],
  ])("%s", async (name, kind, words) => {
    const source = await sourceOf(fixture("arrow", name), { name });
    expect(arrowImporter.detect(await source.head(), name)).toBe(1);
    const planned = await arrowImporter.plan(source, {});
    expect(planned.ok ? null : planned.error.kind).toBe(kind);
    expect(planned.ok ? "" : planned.error.message).toContain(words);
  });
});

describe("cut and damaged", () => {
  test.each([0, 8, 20, 400])("the first %i bytes", async (length) => {
    const content = fixture("arrow", "metrics-zstd.arrow").subarray(0, length);
    const planned = await arrowImporter.plan(await sourceOf(content), {});
    expect(planned.ok ? null : planned.error.kind).toBe(length === 0 ? "empty" : "truncated");
  });

  test("whole batches before the cut are kept, and it is told", async () => {
    const content = fixture("arrow", "metrics-zstd.arrow");
    const whole = await readAll(arrowImporter, content);
    const cut = await readAll(arrowImporter, content.subarray(0, content.length * 0.6));
    expect(cut.accepted).toBe(16);
    expect(cut.rows).toEqual(whole.rows.slice(0, cut.rows.length));
    expect(cut.notes.join()).toMatch(/^This export may be cut off: it ends \d+ bytes too early/);
  });
});

describe("LZ4", () => {
  test("a match that overlaps itself", () => {
    // Frame: no checksums; one block: literal "a", then 19 bytes from distance 1, then "bcdef".
    const block = [0x1f, 0x61, 0x01, 0x00, 0x00, 0x50, ...Buffer.from("bcdef")];
    const frame = [
      0x04,
      0x22,
      0x4d,
      0x18,
      0x60,
      0x40,
      0x82,
      block.length,
      0,
      0,
      0,
      ...block,
      0,
      0,
      0,
      0,
    ];
    expect(Buffer.from(unlz4(Uint8Array.from(frame), 25)).toString()).toBe(
      `${"a".repeat(20)}bcdef`,
    );
    expect(() => unlz4(Uint8Array.from(frame), 24)).toThrow(RangeError);
    expect(() => unlz4(Uint8Array.from(frame), 26)).toThrow(RangeError);
  });
});

test.each(["ARROW", "\u00ff\u00ff\u00ff\u00ff", "a,b\n1,2\n", "PAR1", "", "{}"])(
  "%j is none",
  (text) => {
    const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
    expect(arrowImporter.detect(bytes, "x.arrow")).toBe(0);
  },
);
