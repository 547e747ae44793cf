import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as DuckDB from "@duckdb/duckdb-wasm/blocking";
import { tableFromIPC } from "apache-arrow";
import { err, ok, type Result } from "../../shared/base/result.ts";
import {
  badStream,
  cancelled,
  classify,
  insertText,
} from "../../renderer/worker/engine/engine-errors.ts";
import { QUERY_CONFIG, SETTINGS } from "../../renderer/worker/engine/settings.ts";
import type { Engine, EngineError, QueryOptions } from "../../shared/tables/engine.ts";

const require = createRequire(import.meta.url);

export interface NodeEngine extends Engine {
  close(): Promise<void>;
}

export interface NodeEngineOptions {
  /** As DuckDB writes it: `200MB`. */
  readonly memoryLimit?: string;
}

/** Closed engines, to be opened again: instantiating costs a second. */
const idle: DuckDB.DuckDBBindings[] = [];

/**
 * DuckDB-wasm in memory, in Node (its file-backed databases come out corrupt
 * there). It blocks: a query cannot be cancelled once it runs.
 */
export async function createNodeEngine(options: NodeEngineOptions = {}): Promise<NodeEngine> {
  const db = idle.pop() ?? (await instantiate());
  db.open({ path: ":memory:", query: QUERY_CONFIG });
  const connection = db.connect();
  const id = connection.useUnsafe((_, number) => number);
  const limit = options.memoryLimit;
  for (const sql of [
    ...SETTINGS,
    ...(limit === undefined ? [] : [`SET memory_limit='${limit}'`]),
  ]) {
    connection.query(sql);
  }
  return {
    query: (sql: string, { signal }: QueryOptions = {}) =>
      answer(sql, () => tableFromIPC(db.runQuery(id, sql)), signal),
    insertArrow: (table, ipc, { create = false } = {}) => {
      const bad = badStream(table, ipc);
      if (bad !== null) return Promise.resolve(err(bad));
      return answer(insertText(table, ipc), () => {
        db.insertArrowFromIPCStream(id, ipc, { name: table, create });
        return null;
      });
    },
    checkpoint: () =>
      answer("CHECKPOINT", () => {
        db.runQuery(id, "CHECKPOINT");
        return null;
      }),
    close: () => {
      connection.close();
      db.reset();
      idle.push(db);
      return Promise.resolve();
    },
  };
}

async function instantiate(): Promise<DuckDB.DuckDBBindings> {
  const path = require.resolve("@duckdb/duckdb-wasm/dist/duckdb-node-blocking.cjs");
  const duckdb = require(path) as typeof DuckDB;
  const wasm = (name: string) => ({ mainModule: join(dirname(path), name), mainWorker: "" });
  const bundles = { mvp: wasm("duckdb-mvp.wasm"), eh: wasm("duckdb-eh.wasm") };
  const db = await duckdb.createDuckDB(bundles, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
  await db.instantiate(() => undefined);
  return db;
}

function answer<T>(
  sql: string,
  work: () => T,
  signal?: AbortSignal,
): Promise<Result<T, EngineError>> {
  if (signal?.aborted === true) {
    return Promise.resolve(err(cancelled(sql)));
  }
  try {
    return Promise.resolve(ok(work()));
  } catch (thrown) {
    return Promise.resolve(err(classify(thrown, sql)));
  }
}
