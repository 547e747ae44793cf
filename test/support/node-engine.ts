import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as DuckDB from "@duckdb/duckdb-wasm/blocking";
import { tableFromIPC, type Table } from "apache-arrow";
import { err, ok, type Result } from "../../shared/base/result.ts";
import type { Engine, EngineError, QueryOptions } from "../../shared/tables/engine.ts";

const require = createRequire(import.meta.url);

export interface NodeEngine extends Engine {
  close(): Promise<void>;
}

/** DuckDB-wasm in memory, in Node. It blocks: a query cannot be cancelled once it runs. */
export async function createNodeEngine(options: { memoryLimit?: string } = {}): Promise<NodeEngine> {
  const path = require.resolve("@duckdb/duckdb-wasm/dist/duckdb-node-blocking.cjs");
  const duckdb = require(path) as typeof DuckDB;
  const dist = dirname(path);
  const db = await duckdb.createDuckDB(
    {
      mvp: { mainModule: join(dist, "duckdb-mvp.wasm"), mainWorker: "" },
      eh: { mainModule: join(dist, "duckdb-eh.wasm"), mainWorker: "" },
    },
    new duckdb.VoidLogger(),
    duckdb.NODE_RUNTIME,
  );
  await db.instantiate(() => undefined);
  db.open({
    path: ":memory:",
    query: { castBigIntToDouble: true, castDecimalToDouble: true, castTimestampToDate: false },
  });
  const connection = db.connect();
  for (const sql of [
    "SET autoload_known_extensions=false",
    "SET autoinstall_known_extensions=false",
    "SET custom_extension_repository='/none'",
    ...(options.memoryLimit === undefined ? [] : [`SET memory_limit='${options.memoryLimit}'`]),
  ]) {
    connection.query(sql);
  }

  function run<T>(sql: string, work: () => T, signal?: AbortSignal): Promise<Result<T, EngineError>> {
    if (signal?.aborted === true) {
      return Promise.resolve(err({ kind: "cancelled", message: "The query was cancelled.", sql }));
    }
    try {
      return Promise.resolve(ok(work()));
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      const kind = /out of memory/i.test(message) ? "out-of-memory" : "sql";
      return Promise.resolve(err({ kind, message, sql }));
    }
  }

  return {
    query: (sql: string, queryOptions: QueryOptions = {}) =>
      run(sql, () => tableFromIPC(db.runQuery(connection.useUnsafe((_, id) => id), sql)) as Table, queryOptions.signal),
    insertArrow: (table, ipc, insertOptions = {}) =>
      run(`INSERT INTO ${table} (Arrow, ${ipc.byteLength} bytes)`, () => {
        connection.insertArrowFromIPCStream(ipc, { name: table, create: insertOptions.create ?? false });
        return null;
      }),
    checkpoint: () =>
      run("CHECKPOINT", () => {
        connection.query("CHECKPOINT");
        return null;
      }),
    close: () => {
      connection.close();
      db.reset();
      return Promise.resolve();
    },
  };
}
