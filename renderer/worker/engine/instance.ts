import * as duckdb from "@duckdb/duckdb-wasm";
import wasmUrl from "@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url";
import { ConnectionPool } from "./connection-pool.ts";
import { openInOpfs, registerSpill } from "./opfs-database.ts";
import { DURABLE_SETTINGS, MEMORY, QUERY_CONFIG, SETTINGS } from "./settings.ts";

/** One run of DuckDB-wasm, from the start of its worker to its end. */
export class Instance {
  /** Settles when the database may take all memory; null while it may not. */
  #raised: Promise<unknown> | null = null;
  /** Why the worker ended; null while it lives. */
  #ended: Error | null = null;
  readonly #waiting = new Set<(reason: Error) => void>();

  private constructor(
    readonly db: duckdb.AsyncDuckDB,
    private readonly worker: Worker,
  ) {
    worker.addEventListener("error", (event) => {
      this.#end(trap(event.message));
    });
  }

  #pool: ConnectionPool | null = null;
  get pool(): ConnectionPool {
    if (this.#pool === null) throw new Error("the database is not open");
    return this.#pool;
  }

  /** Starts a worker and opens the database; `recreated` when an unreadable file was replaced. */
  static async start(database: string | null): Promise<{ instance: Instance; recreated: boolean }> {
    const worker = new Worker(new URL("./duckdb.worker.ts", import.meta.url), {
      type: "module",
      name: "duckdb",
    });
    const instance = new Instance(new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker), worker);
    try {
      return { instance, recreated: await instance.whileAlive(instance.#open(database)) };
    } catch (thrown) {
      await instance.kill();
      throw thrown;
    }
  }

  async #open(database: string | null): Promise<boolean> {
    const { db } = this;
    await db.instantiate(wasmUrl);
    let recreated = false;
    if (database === null) await db.open({ path: ":memory:", query: QUERY_CONFIG });
    else recreated = await openInOpfs(db, database, QUERY_CONFIG);
    const limit = `SET memory_limit='${MEMORY.usual}'`;
    const onDisk =
      database === null ? [] : [...DURABLE_SETTINGS, ...(await registerSpill(db)), limit];
    if (database === null) this.#raised = Promise.resolve();
    this.#pool = await ConnectionPool.open(db, [...onDisk, ...SETTINGS]);
    return recreated;
  }

  get hasAllMemory(): boolean {
    return this.#raised !== null;
  }

  /** Lets the database take all the memory there is, from now on; all who ask wait until it may. */
  async raiseMemory(): Promise<void> {
    this.#raised ??= this.pool.use((c) => this.db.runQuery(c, `SET memory_limit='${MEMORY.most}'`));
    await this.#raised;
  }

  /**
   * The outcome of `work`, or an error as soon as the worker ends: the library
   * leaves its promises open then. Not `Promise.race` with one promise for the
   * end: that one would keep every result for as long as the worker lives.
   */
  whileAlive<T>(work: Promise<T>): Promise<T> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      const settle = () => this.#waiting.delete(reject);
      work.then(
        (value) => {
          settle();
          resolve(value);
        },
        (reason: unknown) => {
          settle();
          reject(reason instanceof Error ? reason : new Error(String(reason)));
        },
      );
    });
  }

  #end(reason: Error): void {
    this.#ended ??= reason;
    for (const reject of this.#waiting) reject(reason);
    this.#waiting.clear();
  }

  /** Ends what runs, makes the file complete, lets go of it. */
  async close(): Promise<void> {
    const pool = this.#pool;
    if (pool !== null) {
      const orderly = pool
        .cancelAll()
        .then(() => pool.use((c) => this.db.runQuery(c, "CHECKPOINT")))
        .then(() => this.db.reset())
        .catch(() => undefined);
      await Promise.race([orderly, new Promise((resolve) => setTimeout(resolve, 10_000))]);
    }
    await this.kill();
  }

  /** Ends the worker at once. Whoever waits for an answer gets an error. */
  async kill(): Promise<void> {
    this.#end(trap("the database was closed"));
    await this.db.terminate();
    this.worker.terminate();
  }
}

function trap(message: string): Error {
  const error = new Error(message);
  error.name = "RuntimeError";
  return error;
}
