import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as DuckDB from "@duckdb/duckdb-wasm/blocking";
import { expect, test } from "vitest";
import { runPending } from "../../renderer/worker/engine/run-query.ts";
import { QUERY_CONFIG } from "../../renderer/worker/engine/settings.ts";

test("a cancelled statement lets go of its rows", async () => {
  const require = createRequire(import.meta.url);
  const path = require.resolve("@duckdb/duckdb-wasm/dist/duckdb-node-blocking.cjs");
  const duckdb = require(path) as typeof DuckDB;
  const wasm = (name: string) => ({ mainModule: join(dirname(path), name), mainWorker: "" });
  const bundles = { mvp: wasm("duckdb-mvp.wasm"), eh: wasm("duckdb-eh.wasm") };
  const db = await duckdb.createDuckDB(bundles, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
  await db.instantiate(() => undefined);
  db.open({ path: ":memory:", query: QUERY_CONFIG });
  const [first, second] = [db.connect(), db.connect()].map((c) => c.useUnsafe((_, id) => id));
  if (first === undefined || second === undefined) throw new Error("no connections");
  db.runQuery(first, "CREATE TABLE t AS SELECT i FROM range(3000000) r(i)");

  // Aborted at the third look, in the middle of the statement.
  let looks = 0;
  const signal = {
    get aborted() {
      return ++looks > 2;
    },
  } as AbortSignal;
  const run = runPending({ db }, first, "UPDATE t SET i = i + 1", { signal });
  await expect(run).rejects.toThrow("Interrupted");
  expect(() => db.runQuery(second, "UPDATE t SET i = 0 WHERE i < 10")).not.toThrow();
});
