import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { IMPORTERS } from "../../shared/importers/index.ts";
import type { Source } from "../../shared/importers/importer.ts";
import { runImport } from "../../shared/importers/run-import.ts";
import { decodeSlice, slicesOf, type OpenPool } from "../../shared/importers/slices.ts";
import type { ImportOptions } from "../../shared/model/evidence.ts";
import { createFixedTablesSql } from "../../shared/tables/case-tables.ts";
import { queryTable, readColumn } from "../../shared/tables/rows.ts";
import { createNodeEngine, type NodeEngine } from "../support/node-engine.ts";
import { gzip, sourceOf } from "../support/sources.ts";

let engine: NodeEngine;
beforeAll(async () => {
  engine = await createNodeEngine();
});
afterAll(() => engine.close());
beforeEach(reset);

async function reset(): Promise<void> {
  await queryTable(engine, "DROP VIEW IF EXISTS metrics");
  const tables = await queryTable(engine, "SELECT table_name AS t FROM duckdb_tables()");
  for (const name of readColumn(tables, "t"))
    await queryTable(engine, `DROP TABLE "${String(name)}"`);
  for (const sql of createFixedTablesSql()) await queryTable(engine, sql);
}

/** Slices that were decoded in the test that runs. */
let decoded = 0;

/** A pool without threads; what it is given and answers is cloned as between threads. */
const openPool: OpenPool = (id, head, plan, evidence) => {
  const importer = IMPORTERS.find((i) => i.id === id);
  if (importer === undefined) throw new Error(id);
  const itsPlan = structuredClone(plan);
  return {
    width: 3,
    decode: async (slice) => {
      decoded++;
      return structuredClone(
        await decodeSlice(importer, head, itsPlan, evidence, structuredClone(slice)),
      );
    },
    close: () => undefined,
  };
};

type Content = string | Uint8Array | (() => Source);

interface Imported {
  readonly outcome: unknown;
  readonly tables: Readonly<Record<string, unknown[][]>>;
}

/** What an import came to, and every row of every table. */
async function importing(
  content: Content,
  sliceBytes: number | null,
  options: ImportOptions = {},
): Promise<Imported> {
  await reset();
  const source =
    typeof content === "function"
      ? content()
      : await sourceOf(content, { chunk: 777, name: "file" });
  const result = await runImport(engine, source, "auto", options, 1, {
    signal: new AbortController().signal,
    now: Date.UTC(2026, 0, 1),
    ...(sliceBytes === null ? {} : { openPool, slicedFrom: 0, sliceBytes }),
  });
  if (!result.ok) return { outcome: result.error, tables: {} };
  const tables: Record<string, unknown[][]> = {};
  const names = readColumn(
    await queryTable(engine, "SELECT table_name AS t FROM duckdb_tables() ORDER BY 1"),
    "t",
  );
  for (const name of names) {
    const order = name === "log_shapes" || name === "metric_series" ? "id" : "rowid";
    const table = await queryTable(engine, `SELECT * FROM "${String(name)}" ORDER BY ${order}`);
    const columns = table.schema.fields.map((f) => readColumn(table, f.name));
    tables[String(name)] = Array.from({ length: table.numRows }, (_, r) =>
      columns.map((c) => c[r]),
    );
  }
  const { plan, ...rest } = result.value;
  return { outcome: { importer: plan.importer, ...rest }, tables };
}

/** The same file read in one go, and in slices of these sizes. */
async function expectSame(
  content: Content,
  sizes: readonly number[],
  options: ImportOptions = {},
): Promise<Imported> {
  const whole = await importing(content, null, options);
  for (const size of sizes) {
    decoded = 0;
    const sliced = await importing(content, size, options);
    expect(decoded, `slices of ${String(size)} bytes`).toBeGreaterThan(2);
    expect(sliced).toEqual(whole);
  }
  return whole;
}

const LOG = Array.from({ length: 400 }, (_, i) => {
  const at = new Date(Date.UTC(2026, 2, 1) + i * 1000).toISOString();
  const trace =
    i % 7 === 0 ? "\njava.lang.Error: x\n\tat a.B.c(D.java:1)\n\n\tat e.F.g(H.java:2)" : "";
  const wrong = i % 31 === 0 ? "\nno time here" : "";
  return `${at} ${i % 5 === 0 ? "ERROR" : "INFO"} [main] request ${String(i * 37)} from 10.0.0.${String(i % 9)} took ${String(i)} ms${trace}${wrong}`;
}).join("\n");

describe("a file read in slices is the file read in one go", () => {
  test("text logs with stack traces", async () => {
    const { tables } = await expectSame(LOG, [1999, 7001]);
    expect(tables["logs"]?.length).toBeGreaterThanOrEqual(400);
    expect(tables["log_shapes"]?.length).toBeGreaterThan(0);
  });

  test("text logs, compressed and cut off", async () => {
    const zipped = gzip(LOG);
    await expectSame(zipped, [3000]);
    const cut = await sourceOf(LOG.slice(0, 20_000), { chunk: 777, name: "file" });
    const error = { kind: "truncated", file: "file", message: "It ends.", advice: "" } as const;
    await expectSame(
      () => ({
        name: cut.name,
        size: cut.size,
        compression: "gzip",
        consumed: 0,
        cut: error,
        head: (limit) => cut.head(limit),
        stream: () => cut.stream(),
        blob: () => cut.blob(),
      }),
      [3000],
    );
  });

  test("JSON lines with lines that are none", async () => {
    const lines = Array.from({ length: 300 }, (_, i) =>
      i % 29 === 3
        ? "{broken"
        : JSON.stringify({
            timestamp: new Date(Date.UTC(2026, 2, 1) + i * 1000).toISOString(),
            level: "info",
            message: `user ${String(i)} logged in`,
            extra: i % 4 === 0 ? { deep: [i] } : null,
          }),
    );
    await expectSame(`\uFEFF${lines.join("\r\n")}\r\n`, [2500]);
  });

  test("JSON lines whose column needs a wider type further down", async () => {
    const lines = Array.from({ length: 9000 }, (_, i) =>
      JSON.stringify({ user_id: i, amount: i < 8000 ? i : i + 0.5, country: `c${String(i % 5)}` }),
    );
    const { tables } = await expectSame(lines.join("\n"), [60_000], { target: "own" });
    expect(tables["file"]?.length).toBe(9000);
  });
});

test("slices end with records and lose no byte", async () => {
  const plan = { options: {} } as never;
  const text = IMPORTERS.find((i) => i.id === "text-log");
  const bytes = new TextEncoder().encode(LOG);
  const slicing = text?.slicing?.(bytes, plan);
  if (slicing === null || slicing === undefined) throw new Error("not sliced");
  let offset = 0;
  for await (const slice of slicesOf(await sourceOf(LOG, { chunk: 100 }), slicing, 1000)) {
    expect(slice.offset).toBe(offset);
    expect(LOG.slice(0, offset).split("\n").length).toBe(slice.line);
    expect(new TextDecoder().decode(slice.bytes)).toBe(
      LOG.slice(offset, offset + slice.bytes.length),
    );
    expect(LOG.slice(offset, offset + 4)).toBe("2026");
    offset += slice.bytes.length;
  }
  expect(offset).toBe(LOG.length);
});

test.each([
  ["times without a year", "Mar  1 10:00:00 web app[1]: x\n"],
  ["times without a date", "10:00:00.123 [main] INFO  c.x.Y - z\n"],
  ["container streams", "2026-03-01T10:00:00.669794202Z stdout F x\n"],
])("%s are not cut: a part would not know what it needs", async (_what, line) => {
  const content = line.repeat(50);
  const source = await sourceOf(content);
  const text = IMPORTERS.find((i) => i.id === "text-log");
  const plan = await text?.plan(source, {});
  if (plan?.ok !== true) throw new Error("no plan");
  expect(text?.slicing?.(await source.head(), plan.value)).toBeNull();
});
