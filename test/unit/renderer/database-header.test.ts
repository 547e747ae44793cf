import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, expect, test } from "vitest";
import { endOfBlocks, HEAD_BYTES } from "../../../renderer/worker/engine/database-header.ts";

const folder = mkdtempSync(join(tmpdir(), "inquest-tail-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A database with checkpoints after each statement, as DuckDB itself writes it. */
async function database(name: string, statements: readonly string[]): Promise<string> {
  const path = join(folder, name);
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const sql of statements) {
    await connection.run(sql);
    await connection.run("CHECKPOINT");
  }
  connection.closeSync();
  instance.closeSync();
  return path;
}

function end(path: string): number | null {
  const head = Uint8Array.from(readFileSync(path).subarray(0, HEAD_BYTES));
  return endOfBlocks(new DataView(head.buffer));
}

test.each([
  ["small", ["CREATE TABLE t AS SELECT 1 AS x"]],
  ["large", ["CREATE TABLE t AS SELECT range AS x, hash(range) AS h FROM range(300000)"]],
  ["newer-header-first", ["CREATE TABLE a AS SELECT 1 AS x", "CREATE TABLE b AS SELECT 2 AS x"]],
])("the blocks of a %s database end where its file ends", async (name, statements) => {
  const path = await database(`${name}.duckdb`, statements);
  expect(end(path)).toBe(statSync(path).size);
});

test("what is no database, or the beginning of one only, has no end", () => {
  expect(endOfBlocks(new DataView(new ArrayBuffer(HEAD_BYTES)))).toBeNull();
  expect(endOfBlocks(new DataView(new ArrayBuffer(100)))).toBeNull();
});
