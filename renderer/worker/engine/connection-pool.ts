import type { AsyncDuckDB } from "@duckdb/duckdb-wasm";

/** Queries of different views run interleaved; more connections than this bring nothing with one thread. */
const SIZE = 4;

/** A few connections, each used by one query at a time; the rest wait in line. */
export class ConnectionPool {
  readonly #all = new Set<number>();
  readonly #free: number[] = [];
  readonly #waiting: ((connection: number) => void)[] = [];

  private constructor(private readonly db: AsyncDuckDB) {}

  /** @param settings statements for the whole database, said once */
  static async open(db: AsyncDuckDB, settings: readonly string[]): Promise<ConnectionPool> {
    const pool = new ConnectionPool(db);
    const first = await pool.connect();
    for (const sql of settings) await db.runQuery(first, sql);
    pool.#free.push(first);
    while (pool.#free.length < SIZE) pool.#free.push(await pool.connect());
    return pool;
  }

  /** A connection outside the pool; give it back with `disconnect`. */
  async connect(): Promise<number> {
    const connection = await this.db.connectInternal();
    this.#all.add(connection);
    return connection;
  }

  async disconnect(connection: number): Promise<void> {
    this.#all.delete(connection);
    await this.db.disconnect(connection);
  }

  async use<T>(work: (connection: number) => Promise<T>): Promise<T> {
    const connection =
      this.#free.pop() ?? (await new Promise<number>((resolve) => this.#waiting.push(resolve)));
    try {
      return await work(connection);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(connection);
      else next(connection);
    }
  }

  /** Cancels whatever runs on any connection. */
  async cancelAll(): Promise<void> {
    for (const connection of this.#all) {
      if (!this.#free.includes(connection))
        await this.db.cancelPendingQuery(connection).catch(() => false);
    }
  }
}
