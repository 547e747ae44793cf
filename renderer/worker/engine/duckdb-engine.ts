import { tableFromIPC, type Table } from "apache-arrow";
import { err, ok, type Result } from "../../../shared/base/result.ts";
import type { Engine, EngineError, QueryOptions } from "../../../shared/tables/engine.ts";
import { badStream, cancelled, classify, insertText, isHalfWritten } from "./engine-errors.ts";
import { deleteDatabaseFiles, giveRoomBack } from "./opfs-database.ts";
import { Instance } from "./instance.ts";
import { insertStream, runPending } from "./run-query.ts";

interface InsertOptions {
  readonly create?: boolean;
}

/** An engine on one connection; `end` gives the connection back and rolls back what is open. */
export interface EngineSession extends Engine {
  queryBytes(sql: string, options?: QueryOptions): Promise<Result<Uint8Array, EngineError>>;
  end(): Promise<void>;
}

/**
 * DuckDB-wasm in a nested worker, over a database in OPFS (or in memory). After
 * a crash of the wasm module, or a write that the disk had no room for, it
 * starts again with the same database; what was in memory only is gone then.
 */
export class DuckDbEngine implements Engine {
  #instance: Instance | null = null;
  #database: string | null = null;
  /** Opening, closing and restarting happen one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Opens `opfs://NAME.duckdb`, or a database in memory for `null`. A file that
   * this DuckDB cannot read is replaced by an empty one (`recreated`): the
   * database is a cache.
   */
  open(database: string | null): Promise<Result<{ recreated: boolean }, EngineError>> {
    return this.#inTurn(async () => {
      await this.#stop();
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
  queryBytes(sql: string, options: QueryOptions = {}): Promise<Result<Uint8Array, EngineError>> {
    return this.#runWithRoom(sql, options, (instance) =>
      instance.pool.use((connection) => runPending(instance, connection, sql, options)),
    );
  }

  async insertArrow(
    table: string,
    ipc: Uint8Array,
    options: InsertOptions = {},
  ): Promise<Result<null, EngineError>> {
    const bad = badStream(table, ipc);
    if (bad !== null) return err(bad);
    return this.#runWithRoom(insertText(table, ipc), {}, (instance) =>
      instance.pool.use((connection) =>
        insertStream(instance, connection, table, ipc, options.create ?? false),
      ),
    );
  }

  async checkpoint(): Promise<Result<null, EngineError>> {
    return checkpointOf(await this.queryBytes("CHECKPOINT"));
  }

  /**
   * An engine on a connection of its own, so that `BEGIN` … `COMMIT` of an
   * import holds together while other queries go on. After an error of kind
   * `out-of-memory` the database may take all there is.
   */
  session(): EngineSession {
    let own: { instance: Instance; connection: Promise<number> } | null = null;
    const connectionOf = (instance: Instance): Promise<number> => {
      own ??= { instance, connection: instance.pool.connect() };
      if (own.instance === instance) return own.connection;
      throw new Lost("The database was started again; what was not committed is lost.");
    };
    const run = async <T>(
      sql: string,
      options: QueryOptions,
      work: (instance: Instance) => Promise<T>,
    ): Promise<Result<T, EngineError>> => {
      const result = await this.#run(sql, options, work);
      // Its transaction is lost; who begins again may take more.
      if (!result.ok && result.error.kind === "out-of-memory") await this.#instance?.raiseMemory();
      return result;
    };
    const queryBytes = (sql: string, options: QueryOptions = {}) =>
      run(sql, options, async (instance) =>
        runPending(instance, await connectionOf(instance), sql, options),
      );
    return {
      queryBytes,
      query: (sql, options) => decoded(queryBytes(sql, options)),
      insertArrow: async (table, ipc, options = {}) => {
        const bad = badStream(table, ipc);
        if (bad !== null) return err(bad);
        return run(insertText(table, ipc), {}, async (instance) =>
          insertStream(instance, await connectionOf(instance), table, ipc, options.create ?? false),
        );
      },
      checkpoint: async () => checkpointOf(await queryBytes("CHECKPOINT")),
      end: async () => {
        if (own === null) return;
        const { instance, connection } = own;
        own = null;
        if (instance === this.#instance) await instance.pool.disconnect(await connection);
      },
    };
  }

  /**
   * As `#run`; where the usual memory does not do, once more with all there is.
   * A statement that ran out of memory changed nothing.
   */
  async #runWithRoom<T>(
    sql: string,
    options: QueryOptions,
    work: (instance: Instance) => Promise<T>,
  ): Promise<Result<T, EngineError>> {
    const hadAll = this.#instance?.hasAllMemory === true;
    const first = await this.#run(sql, options, work);
    if (hadAll || first.ok || first.error.kind !== "out-of-memory") return first;
    return this.#run(sql, options, async (instance) => {
      await instance.raiseMemory();
      return work(instance);
    });
  }

  /** Runs `work` on the open database. Expected failures become values; a crash restarts the database. */
  async #run<T>(
    sql: string,
    options: QueryOptions,
    work: (instance: Instance) => Promise<T>,
  ): Promise<Result<T, EngineError>> {
    await this.#turn;
    const instance = this.#instance;
    if (instance === null)
      return err({ kind: "crashed", message: "The database is not open.", sql });
    if (isAborted(options)) return err(cancelled(sql));
    try {
      return ok(await instance.whileAlive(work(instance)));
    } catch (thrown) {
      if (thrown instanceof Lost) return err({ kind: "crashed", message: thrown.message, sql });
      const error = classify(thrown, sql);
      if (error.kind === "crashed" || isHalfWritten(error)) await this.#restart(instance);
      else if (isAborted(options)) return err(cancelled(sql));
      return err(error);
    }
  }

  #restart(broken: Instance): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#instance !== broken) return;
      this.#instance = null;
      await broken.kill();
      if (this.#database !== null) await giveRoomBack(this.#database);
      await this.#start();
    });
  }

  /** True when an unreadable database file was replaced. */
  async #start(): Promise<boolean> {
    const { instance, recreated } = await Instance.start(this.#database);
    this.#instance = instance;
    return recreated;
  }

  async #stop(): Promise<void> {
    const instance = this.#instance;
    this.#instance = null;
    await instance?.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work, work);
    this.#turn = next.catch(() => undefined);
    return next;
  }
}

/** Asked anew each time: it changes while one waits. */
function isAborted({ signal }: QueryOptions): boolean {
  return signal?.aborted === true;
}

/** The connection belonged to a database that is gone. */
class Lost extends Error {}

/** A checkpoint that must wait for another transaction is not a failure: the next one comes. */
function checkpointOf(done: Result<Uint8Array, EngineError>): Result<null, EngineError> {
  if (done.ok || /other (?:write )?transactions/i.test(done.error.message)) return ok(null);
  return done;
}

async function decoded(
  bytes: Promise<Result<Uint8Array, EngineError>>,
): Promise<Result<Table, EngineError>> {
  const result = await bytes;
  return result.ok ? ok(tableFromIPC(result.value)) : result;
}
