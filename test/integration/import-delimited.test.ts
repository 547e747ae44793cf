import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Result } from "../../shared/base/result.ts";
import type { ImportOutcome } from "../../shared/contract/worker.ts";
import type { ImportError, Source } from "../../shared/importers/importer.ts";
import { planImport, removeEvidence, runImport } from "../../shared/importers/run-import.ts";
import { openSource } from "../../shared/importers/source.ts";
import type { ImportOptions } from "../../shared/model/evidence.ts";
import type { Engine } from "../../shared/tables/engine.ts";
import { createFixedTablesSql } from "../../shared/tables/case-tables.ts";
import { NUMBER, queryRows, readColumn, queryTable } from "../../shared/tables/rows.ts";
import { createNodeEngine, type NodeEngine } from "../support/node-engine.ts";
import { openData } from "../support/open-data.ts";
import { gzip, sourceOf, streamOf } from "../support/sources.ts";

const NOW = Date.UTC(2026, 10, 23);

let engine: NodeEngine;
beforeAll(async () => {
  engine = await createNodeEngine();
});
afterAll(() => engine.close());

beforeEach(async () => {
  const tables = await queryTable(engine, "SELECT table_name AS t FROM duckdb_tables()");
  await queryTable(engine, "DROP VIEW IF EXISTS metrics");
  for (const name of readColumn(tables, "t"))
    await queryTable(engine, `DROP TABLE "${String(name)}"`);
  for (const sql of createFixedTablesSql()) await queryTable(engine, sql);
});

function run(
  source: Source,
  options: ImportOptions = {},
  settings: {
    evidence?: number;
    signal?: AbortSignal;
    engine?: Engine;
    onProgress?: () => void;
  } = {},
): Promise<Result<ImportOutcome, ImportError>> {
  return runImport(
    settings.engine ?? engine,
    source,
    "delimited",
    options,
    settings.evidence ?? 1,
    {
      signal: settings.signal ?? new AbortController().signal,
      now: NOW,
      ...(settings.onProgress === undefined ? {} : { onProgress: settings.onProgress }),
    },
  );
}

async function importOk(
  source: Source,
  options: ImportOptions = {},
  evidence = 1,
): Promise<ImportOutcome> {
  const result = await run(source, options, { evidence });
  if (!result.ok) throw new Error(`${result.error.kind}: ${result.error.message}`);
  return result.value;
}

async function countRows(table: string, where = "true"): Promise<number> {
  const [row] = await queryRows(
    engine,
    `SELECT count(*)::DOUBLE AS n FROM "${table}" WHERE ${where}`,
    { n: NUMBER },
  );
  return row?.n ?? NaN;
}

async function column(sql: string): Promise<unknown[]> {
  const table = await queryTable(engine, sql);
  return readColumn(table, table.schema.fields[0]?.name ?? "");
}

const named = (outcome: ImportOutcome): string => outcome.notes.map((n) => n.message).join("\n");

test("rows, rejects, nulls and times arrive in the database", async () => {
  const outcome = await importOk(
    await sourceOf(
      "id,event_time,x\n1,2026-03-01T10:00:00Z,0.5\n2,2026-03-01T11:00:00Z,\n3,oops\n",
      { name: "features_2026-03-01.csv" },
    ),
  );
  expect(outcome).toMatchObject({
    rows: 2,
    rejected: 1,
    tableRows: 2,
    plan: { table: "features", target: "own" },
  });
  expect(outcome.from).toBe(Date.UTC(2026, 2, 1, 10) * 1000);
  expect(outcome.to).toBe(Date.UTC(2026, 2, 1, 11) * 1000);
  expect(outcome.columns).toMatchObject([
    { name: "id", type: "bigint", nulls: 0 },
    { name: "event_time", type: "timestamp", role: "timestamp", nulls: 0 },
    { name: "x", type: "double", role: "feature", nulls: 1 },
  ]);
  expect(await column("SELECT reason FROM rejects WHERE _ev = 1 AND _line = 4")).toEqual([
    "has 2 fields, the header has 3",
  ]);
  expect(
    await column("SELECT strftime(event_time, '%Y-%m-%d %H:%M') FROM features ORDER BY _line"),
  ).toEqual(["2026-03-01 10:00", "2026-03-01 11:00"]);
});

test("daily snapshots with other columns and types meet in one table", async () => {
  const days = [
    "user_id,age,plan\n1,20,a\n2,30,b\n",
    "user_id,plan,age,country\n3,c,40.5,DE\n",
    "user_id,age,plan,empty\n4,old,7,\n",
  ];
  for (const [i, content] of days.entries()) {
    await importOk(await sourceOf(content, { name: `users_2026-03-0${i + 1}.csv` }), {}, i + 1);
  }
  expect(await countRows("users")).toBe(4);
  expect(await column("SELECT age FROM users ORDER BY user_id")).toEqual([
    "20.0",
    "30.0",
    "40.5",
    "old",
  ]);
  expect(await column("SELECT plan FROM users ORDER BY user_id")).toEqual(["a", "b", "c", "7"]);
  expect(await column("SELECT country FROM users ORDER BY user_id")).toEqual([
    null,
    null,
    "DE",
    null,
  ]);
  expect(await column("SELECT _ev FROM users ORDER BY user_id")).toEqual([1, 1, 2, 3]);
  // An empty column takes the type of a later file.
  const outcome = await importOk(
    await sourceOf("user_id,empty\n5,text\n", { name: "users_2026-03-04.csv" }),
    {},
    4,
  );
  expect(outcome.rows).toBe(1);
  expect(await column("SELECT empty FROM users WHERE user_id = 5")).toEqual(["text"]);
});

test("a type that does not hold starts the import again, once, and says so", async () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => `${i},${i}`);
  const outcome = await importOk(
    await sourceOf(["id,n", ...rows, "7,1.5"].join("\n"), { name: "wide.csv" }),
  );
  expect(outcome).toMatchObject({ rows: 200_001, rejected: 0, tableRows: 200_001 });
  expect(named(outcome)).toContain("read again as a number");
  expect(await column("SELECT max(n) FROM wide WHERE id = 7")).toEqual([7]);
  expect(await countRows("wide")).toBe(200_001);
});

test("cancelling leaves nothing behind", async () => {
  const rows = Array.from({ length: 300_000 }, (_, i) => `${i},${i}`);
  const source = await sourceOf(["id,n", ...rows].join("\n"), { name: "big.csv" });
  const abort = new AbortController();
  const result = await run(
    source,
    {},
    {
      signal: abort.signal,
      onProgress: () => {
        abort.abort();
      },
    },
  );
  expect(result).toMatchObject({ ok: false, error: { kind: "cancelled", file: "big.csv" } });
  expect(
    await column("SELECT table_name FROM information_schema.tables WHERE table_name = 'big'"),
  ).toEqual([]);
  // The connection is usable again.
  await importOk(await sourceOf("a,b\n1,2\n", { name: "after.csv" }));
});

test("gzip cut in half: the outcome is good, warns, and accounts for every record", async () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => `${i},${Math.sin(i)}`);
  const whole = gzip(["id,x", ...rows].join("\n"));
  const outcome = await importOk(
    await sourceOf(whole.subarray(0, whole.length / 2), { name: "half.csv.gz" }),
  );
  expect(outcome.rows).toBeGreaterThan(10_000);
  expect(outcome.rejected).toBe(1);
  expect(outcome.notes).toContainEqual(
    expect.objectContaining({
      kind: "warning",
      message: expect.stringContaining("ends in the middle") as string,
    }),
  );
  expect(await column("SELECT max(id) FROM half")).toEqual([outcome.rows - 1]);
});

test("a gzip bomb is refused and leaves nothing", async () => {
  const content = Buffer.concat([Buffer.from("a,b\n"), Buffer.from("1,2\n".repeat(2_000_000))]);
  const source = await openSource(
    {
      name: "bomb.csv.gz",
      size: 1,
      open: () => Promise.resolve(streamOf(gzip(content), 65536)),
    },
    { ratioFrom: 1_000_000 },
  );
  expect(await run(source)).toMatchObject({ ok: false, error: { kind: "bomb" } });
  expect(
    await column("SELECT table_name FROM information_schema.tables WHERE table_name = 'bomb'"),
  ).toEqual([]);
});

test("empty, binary, vanished and unknown importers are errors with advice", async () => {
  const kindOf = async (bytes: Uint8Array, name: string): Promise<string> => {
    const result = await planImport(await sourceOf(bytes, { name }), "auto", {});
    if (result.ok) return `planned as ${result.value.importer}`;
    expect(result.error.advice.length).toBeGreaterThan(10);
    expect(result.error.message).toContain(name);
    return result.error.kind;
  };
  expect(await kindOf(new Uint8Array(0), "x.csv")).toBe("empty");
  expect(
    await kindOf(Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0]), "x.png"),
  ).toBe("binary");
  expect(await kindOf(Buffer.from("a,b\n1,2\n"), "x.csv")).toBe("planned as delimited");
  const source = await sourceOf("a,b\n1,2\n");
  expect(await planImport(source, "nope", {})).toMatchObject({
    ok: false,
    error: { kind: "unsupported" },
  });
});

test("a header alone makes an empty table and a warning", async () => {
  const outcome = await importOk(await sourceOf("a,b\n", { name: "none.csv" }));
  expect(outcome).toMatchObject({ rows: 0, rejected: 0, tableRows: 0, from: null });
  expect(named(outcome)).toContain("no rows");
});

test("times in the future are counted in a warning", async () => {
  const outcome = await importOk(
    await sourceOf(
      "time,v\n2026-11-22T00:00:00Z,1\n2027-05-01T00:00:00Z,2\n2027-05-02T00:00:00Z,3\n",
      { name: "f.csv" },
    ),
  );
  expect(outcome.notes).toContainEqual(
    expect.objectContaining({
      kind: "warning",
      count: 2,
      message: expect.stringContaining("future") as string,
    }),
  );
});

test("round numbers of records hint at a cut export", async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `${i},x`);
  expect(
    named(await importOk(await sourceOf(["id,t", ...rows].join("\n"), { name: "cut.csv" }))),
  ).toContain("exactly 5000");
  expect(
    named(
      await importOk(
        await sourceOf(["id,t", ...rows.slice(1)].join("\n"), { name: "cut.csv" }),
        {},
        2,
      ),
    ),
  ).not.toContain("exactly");
});

test("errors of the database are told apart and roll back", async () => {
  const failing = (kind: "out-of-memory" | "disk-full" | "sql"): Engine => ({
    query: (sql, options) => engine.query(sql, options),
    checkpoint: () => engine.checkpoint(),
    insertArrow: () =>
      Promise.resolve({ ok: false, error: { kind, message: "no", sql: "INSERT" } }),
  });
  for (const [kind, expected] of [
    ["out-of-memory", "out-of-memory"],
    ["disk-full", "disk-full"],
    ["sql", "engine"],
  ] as const) {
    const result = await run(
      await sourceOf("a,b\n1,2\n", { name: "e.csv" }),
      {},
      { engine: failing(kind) },
    );
    expect(result).toMatchObject({ ok: false, error: { kind: expected } });
  }
  expect(
    await column("SELECT table_name FROM information_schema.tables WHERE table_name = 'e'"),
  ).toEqual([]);
});

test("a file that ran out of memory is tried once more, from its beginning", async () => {
  let refused = 0;
  const tight: Engine = {
    query: (sql, options) => engine.query(sql, options),
    checkpoint: () => engine.checkpoint(),
    insertArrow: (table, ipc, options) =>
      refused++ > 0
        ? engine.insertArrow(table, ipc, options)
        : Promise.resolve({
            ok: false,
            error: { kind: "out-of-memory", message: "no", sql: "INSERT" },
          }),
  };
  const source = await sourceOf("a,b\n1,2\n3,4\n", { name: "again.csv" });
  const result = await run(source, {}, { engine: tight });
  expect(result).toMatchObject({ ok: true, value: { rows: 2, rejected: 0 } });
  expect(await column("SELECT b FROM again ORDER BY a")).toEqual([2, 4]);
});

test("at most three batches wait for the database", async () => {
  let waiting = 0;
  let most = 0;
  const slow: Engine = {
    query: (sql, options) => engine.query(sql, options),
    checkpoint: () => engine.checkpoint(),
    insertArrow: async (table, ipc, options) => {
      waiting++;
      most = Math.max(most, waiting);
      await new Promise((resolve) => setTimeout(resolve, 20));
      waiting--;
      return engine.insertArrow(table, ipc, options);
    },
  };
  const header = Array.from({ length: 200 }, (_, i) => `c${i}`).join(",");
  const line = Array.from({ length: 200 }, (_, i) => i).join(",");
  const content = `${header}\n${`${line}\n`.repeat(150_000)}`;
  const result = await run(
    await sourceOf(content, { name: "m.csv" }),
    { target: "own" },
    { engine: slow },
  );
  expect(result).toMatchObject({ ok: true, value: { rows: 150_000 } });
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(3);
});

test("tables of every case stay when their last row goes: the view over them must not break", async () => {
  const source = await sourceOf(
    "time,metric,value\n2024-05-01T00:00:00Z,cpu,1\n2024-05-01T00:01:00Z,cpu,2\n",
  );
  expect((await run(source, { target: "metrics" })).ok).toBe(true);
  expect(await countRows("metrics")).toBe(2);
  const stored = readColumn(
    await queryTable(engine, "SELECT table_name AS t FROM duckdb_tables()"),
    "t",
  );
  // As a rebuild does with the rows of an import that never ended.
  for (const name of stored)
    expect(await removeEvidence(engine, 1, [String(name)])).toMatchObject({ ok: true });
  expect(await countRows("metrics")).toBe(0);
  expect(await countRows("log_shapes")).toBe(0);
  expect(await countRows("rejects")).toBe(0);
});

test("removing an evidence removes its rows only; an own table goes with its last row", async () => {
  await importOk(await sourceOf("a,b\n1,2\n3\n", { name: "r.csv" }), {}, 1);
  await importOk(await sourceOf("a,b\n5,6\n7\n", { name: "r.csv" }), {}, 2);
  expect(await removeEvidence(engine, 1, ["r"])).toMatchObject({ ok: true });
  expect(await column("SELECT a FROM r")).toEqual([5]);
  expect(await countRows("rejects")).toBe(1);
  expect(await removeEvidence(engine, 2, ["r"])).toMatchObject({ ok: true });
  expect(await countRows("rejects")).toBe(0);
  expect(
    await column("SELECT table_name FROM information_schema.tables WHERE table_name = 'r'"),
  ).toEqual([]);
  expect(await removeEvidence(engine, 1, ["metrics"])).toMatchObject({ ok: true });
  expect(await countRows("metrics")).toBe(0);
});

describe("real files", () => {
  const root = openData(".");
  test.skipIf(root === null)(
    "every record of every CSV is a row or a reject",
    async () => {
      const files = listFiles(root ?? "").filter((f) => /\.csv$/.test(f));
      expect(files.length).toBeGreaterThan(100);
      const targets = new Map<string, number>();
      for (const [i, path] of files.entries()) {
        const bytes = readFileSync(path);
        const source = await sourceOf(bytes, { name: basename(path) });
        const outcome = await importOk(source, {}, i + 1);
        const records =
          countRecords(bytes.toString("latin1")) - (outcome.plan.options.headerRows ?? 0);
        expect(`${path}: ${outcome.rows + outcome.rejected}`).toBe(`${path}: ${records}`);
        expect(outcome.rejected, path).toBe(0);
        expect(await countRows(outcome.plan.table, `_ev = ${i + 1}`), path).toBe(outcome.tableRows);
        targets.set(outcome.plan.target, (targets.get(outcome.plan.target) ?? 0) + 1);
      }
      expect([...targets.keys()].sort()).toEqual(["logs", "metrics", "own", "spans"]);
    },
    300_000,
  );

  const petshop = openData("A_metric_rca/petshop/low_traffic/noissue/metrics.csv");
  test.skipIf(petshop === null)(
    "petshop: services and series from a header of three rows",
    async () => {
      const outcome = await importOk(
        await sourceOf(readFileSync(petshop ?? ""), { name: "metrics.csv" }),
      );
      expect(outcome).toMatchObject({ rows: 589, plan: { target: "metrics" } });
      expect(
        await column(
          "SELECT count(*)::DOUBLE FROM metrics WHERE service = 'PetSite' AND name = 'latency / Average'",
        ),
      ).not.toEqual([0]);
      const cells = readFileSync(petshop ?? "", "utf8")
        .split("\n")
        .slice(4)
        .join("\n")
        .split(/[,\n]/)
        .filter((c) => c.trim() !== "").length;
      expect(outcome.tableRows).toBe(cells - 589);
    },
  );

  const pod = openData(
    "A_metric_rca/nezha/2022-08-22/metric/cartservice-579f59597d-wc2lz_metric.csv",
  );
  test.skipIf(pod === null)("nezha: a pod's metrics belong to its service", async () => {
    await importOk(await sourceOf(readFileSync(pod ?? ""), { name: basename(pod ?? "") }));
    expect(await column("SELECT DISTINCT service FROM metrics")).toEqual(["cartservice"]);
    expect(
      await column("SELECT DISTINCT unit FROM metrics WHERE name = 'MemoryUsage(Mi)'"),
    ).toEqual(["Mi"]);
  });
});

function listFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    return statSync(path).isDirectory() ? listFiles(path) : [path];
  });
}

/** Records by RFC 4180, counted on their own. */
function countRecords(text: string): number {
  let records = 0;
  let quoted = false;
  let filled = false;
  let fieldStart = true;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') i++;
      else if (c === '"') quoted = false;
    } else if (c === '"' && fieldStart) {
      quoted = true;
      filled = true;
      fieldStart = false;
    } else if (c === "\n") {
      if (filled) records++;
      filled = false;
      fieldStart = true;
    } else if (c !== "\r") {
      filled = true;
      fieldStart = c === ",";
    }
  }
  return filled ? records + 1 : records;
}
