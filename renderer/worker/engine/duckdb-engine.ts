import * as duckdb from "@duckdb/duckdb-wasm";
import workerUrl from "@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url";
import wasmUrl from "@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url";
import { tableFromIPC, type Table } from "apache-arrow";
import { err, ok, type Result } from "../../../shared/base/result.ts";
import type { Engine, EngineError, QueryOptions } from "../../../shared/tables/engine.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { classify } from "./engine-errors.ts";
import { deleteDatabaseFiles, openInOpfs } from "./opfs-database.ts";

/**
 * Said once for every connection; extensions cannot be had here, and trying to hangs a query.
 * DuckDB's own progress reports stay off: they are delivered by code made at
 * run time, which the content security policy refuses. Progress comes from the
 * steps of an analysis and the bytes of an import.
 */
const SETTINGS = [
  "SET autoload_known_extensions=false",
  "SET autoinstall_known_extensions=false",
  "SET custom_extension_repository='/none'",
];

export const QUERY_CONFIG: duckdb.DuckDBQueryConfig = {
  castBigIntToDouble: true,
  castDecimalToDouble: true,
  queryPollingInterval: 20,
};

/**
 * DuckDB-wasm in a nested worker, over a database in OPFS (or in memory). After
 * a crash of the wasm module it starts again with the same database.
 */
export class DuckDbEngine implements Engine {
  #db: duckdb.AsyncDuckDB | null = null;
  #pool: ConnectionPool | null = null;
  #database: string | null = null;
  /** Opening, closing and restarting happen one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Opens `opfs://NAME.duckdb`, or a database in memory for `null`. A file that
   * this DuckDB cannot read is replaced by an empty one (`recreated`): the
   * database is a cache. The instance that warmed up in memory is used on,
   * since instantiating takes longer than opening.
   */
  open(database: string | null): Promise<Result<{ recreated: boolean }, EngineError>> {
    return this.#inTurn(async () => {
      const reuse = this.#database === null && database !== null;
      if (!reuse) await this.#stop();
      this.#database = database;
      try {
        return ok({ recreated: await this.#start() });
      } catch (thrown) {
        return err(classify(thrown, `open ${database ?? "in memory"}`));
      }
    });
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  async deleteDatabase(database: string): Promise<void> {
    if (this.#database === database) await this.close();
    await deleteDatabaseFiles(database);
  }

  query(sql: string, options: QueryOptions = {}): Promise<Result<Table, EngineError>> {
    return decoded(this.queryBytes(sql, options));
  }

  /** The result as one Arrow IPC stream, on any free connection. */
  async queryBytes(sql: string, options: QueryOptions = {}): Promise<Result<Uint8Array, EngineError>> {
    const pool = await this.#ready();
    return this.#guard(sql, options, (db) =>
      open(pool).use((connection) => runPending(db, connection, sql, options)),
    );
  }

  async insertArrow(
    table: string,
    ipc: Uint8Array,
    options: InsertOptions = {},
  ): Promise<Result<null, EngineError>> {
    const pool = await this.#ready();
    return this.#guard(insertText(table, ipc), {}, (db) =>
      open(pool).use((connection) => insert(db, connection, table, ipc, options)),
    );
  }

  async checkpoint(): Promise<Result<null, EngineError>> {
    return checkpointOf(await this.queryBytes("CHECKPOINT"));
  }

  /**
   * An engine on a connection of its own, so that `BEGIN` … `COMMIT` of an
   * import holds together while other queries go on.
   */
  session(): EngineSession {
    let connection: Promise<number> | null = null;
    const own = (pool: ConnectionPool | null) => (connection ??= open(pool).connect());
    const queryBytes = async (sql: string, options: QueryOptions = {}) => {
      const pool = await this.#ready();
      return this.#guard(sql, options, async (db) => runPending(db, await own(pool), sql, options));
    };
    return {
      queryBytes,
      query: (sql, options) => decoded(queryBytes(sql, options)),
      insertArrow: async (table, ipc, options = {}) => {
        const pool = await this.#ready();
        return this.#guard(insertText(table, ipc), {}, async (db) =>
          insert(db, await own(pool), table, ipc, options),
        );
      },
      checkpoint: async () => checkpointOf(await queryBytes("CHECKPOINT")),
      end: async () => {
        const pool = await this.#ready();
        if (connection !== null && pool !== null) await pool.disconnect(await connection);
      },
    };
  }

  async #guard<T>(
    sql: string,
    options: QueryOptions,
    work: (db: duckdb.AsyncDuckDB) => Promise<T>,
  ): Promise<Result<T, EngineError>> {
    const db = this.#db;
    if (db === null) return err({ kind: "crashed", message: "The database is not open.", sql });
    if (options.signal?.aborted === true) return err(cancelled(sql));
    try {
      return ok(await work(db));
    } catch (thrown) {
      if (options.signal?.aborted === true) return err(cancelled(sql));
      const error = classify(thrown, sql);
      if (error.kind === "crashed" && this.#db === db) await this.#restart();
      return err(error);
    }
  }

  async #ready(): Promise<ConnectionPool | null> {
    await this.#turn;
    return this.#pool;
  }

  #restart(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  /** True when an unreadable database file was replaced. */
  async #start(): Promise<boolean> {
    const db = this.#db ?? (await this.#instantiate());
    await this.#pool?.close();
    this.#pool = null;
    let recreated = false;
    if (this.#database === null) await db.open({ path: ":memory:", query: QUERY_CONFIG });
    else recreated = await openInOpfs(db, this.#database, QUERY_CONFIG);
    this.#pool = await ConnectionPool.open(db, SETTINGS);
    return recreated;
  }

  async #instantiate(): Promise<duckdb.AsyncDuckDB> {
    const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(workerUrl));
    await db.instantiate(wasmUrl);
    this.#db = db;
    return db;
  }

  async #stop(): Promise<void> {
    const db = this.#db;
    const pool = this.#pool;
    this.#db = null;
    this.#pool = null;
    if (db === null) return;
    if (pool !== null && this.#database !== null) {
      await pool.use((c) => db.runQuery(c, "CHECKPOINT")).catch(() => undefined);
    }
    await db.reset().catch(() => null);
    await db.terminate();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work, work);
    this.#turn = next.catch(() => undefined);
    return next;
  }
}

type InsertOptions = { readonly create?: boolean };

/** An engine on one connection; `end` gives the connection back and rolls back what is open. */
export interface EngineSession extends Engine {
  queryBytes(sql: string, options?: QueryOptions): Promise<Result<Uint8Array, EngineError>>;
  end(): Promise<void>;
}

function open(pool: ConnectionPool | null): ConnectionPool {
  if (pool === null) throw new Error("the database is not open");
  return pool;
}

function insertText(table: string, ipc: Uint8Array): string {
  return `INSERT INTO ${table} (${ipc.byteLength} bytes of Arrow)`;
}

async function insert(
  db: duckdb.AsyncDuckDB,
  connection: number,
  table: string,
  ipc: Uint8Array,
  options: InsertOptions,
): Promise<null> {
  await db.insertArrowFromIPCStream(connection, ipc, { name: table, create: options.create ?? false });
  return null;
}

/** A checkpoint that must wait for another transaction is not a failure: the next one comes. */
function checkpointOf(done: Result<Uint8Array, EngineError>): Result<null, EngineError> {
  if (done.ok || /other (write )?transactions/i.test(done.error.message)) return ok(null);
  return done;
}

async function decoded(
  bytes: Promise<Result<Uint8Array, EngineError>>,
): Promise<Result<Table, EngineError>> {
  const result = await bytes;
  return result.ok ? ok(tableFromIPC(result.value) as Table) : result;
}

function cancelled(sql: string): EngineError {
  return { kind: "cancelled", message: "The query was cancelled.", sql };
}

/** Runs a statement in slices, so that it can be cancelled between two of them. */
async function runPending(
  db: duckdb.AsyncDuckDB,
  connection: number,
  sql: string,
  options: QueryOptions,
): Promise<Uint8Array> {
  const { signal } = options;
  const cancel = () => void db.cancelPendingQuery(connection).catch(() => false);
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    let header = await db.startPendingQuery(connection, sql, false);
    while (header === null) {
      if (signal?.aborted === true) {
        await db.cancelPendingQuery(connection);
        throw new Error("cancelled");
      }
      header = await db.pollPendingQuery(connection);
    }
    const chunks = [header];
    for (;;) {
      const chunk: Uint8Array | null = await db.fetchQueryResults(connection);
      if (chunk === null) continue;
      if (chunk.length === 0) break;
      chunks.push(chunk);
    }
    return concatenated(chunks);
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

function concatenated(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1 && chunks[0] !== undefined) return chunks[0];
  const whole = new Uint8Array(chunks.reduce((sum, c) => sum + c.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
