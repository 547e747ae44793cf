import type { AsyncDuckDB } from "@duckdb/duckdb-wasm";

/** Queries of different views run interleaved; more connections than this bring nothing with one thread. */
const SIZE = 4;

/** A few connections, each used by one query at a time; the rest wait in line. */
export class ConnectionPool {
  readonly #free: number[];
  readonly #waiting: ((connection: number) => void)[] = [];

  private constructor(
    private readonly db: AsyncDuckDB,
    private readonly settings: readonly string[],
    connections: readonly number[],
  ) {
    this.#free = [...connections];
  }

  static async open(db: AsyncDuckDB, settings: readonly string[]): Promise<ConnectionPool> {
    const pool = new ConnectionPool(db, settings, []);
    for (let i = 0; i < SIZE; i++) pool.#free.push(await pool.connect());
    return pool;
  }

  /** A connection outside the pool; give it back with `disconnect`. */
  async connect(): Promise<number> {
    const connection = await this.db.connectInternal();
    for (const sql of this.settings) await this.db.runQuery(connection, sql);
    return connection;
  }

  disconnect(connection: number): Promise<void> {
    return this.db.disconnect(connection);
  }

  /** Ends the idle connections; those in use end with their query. */
  async close(): Promise<void> {
    for (const connection of this.#free.splice(0)) await this.disconnect(connection);
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
}
