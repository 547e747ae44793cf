import type { Table } from "apache-arrow";
import type { Result } from "../base/result.ts";

/**
 * Why a query did not answer. The SQL stands in every kind, so that a message
 * can show it and a person can repeat it.
 */
export type EngineError =
  | { readonly kind: "sql"; readonly message: string; readonly sql: string }
  | { readonly kind: "cancelled"; readonly message: string; readonly sql: string }
  | { readonly kind: "out-of-memory"; readonly message: string; readonly sql: string }
  | { readonly kind: "disk-full"; readonly message: string; readonly sql: string }
  | { readonly kind: "crashed"; readonly message: string; readonly sql: string };

export interface QueryOptions {
  /** Cancels the query; it then answers with kind `cancelled`. */
  readonly signal?: AbortSignal;
  /** Called with 0 to 1 while the query runs, where the database can tell. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * The only door to DuckDB. Implementations: `renderer/data/engine-client.ts`
 * (the worker's, over a message port), `renderer/worker/engine/` (inside the
 * worker), `test/support/node-engine.ts` (in memory, in Node). All pass
 * `test/support/engine-contract.ts`.
 *
 * Results are Arrow as DuckDB makes it; `readRows` of `rows.ts` turns BIGINT,
 * DECIMAL and TIMESTAMP into plain numbers (times in µs UTC).
 */
export interface Engine {
  query(sql: string, options?: QueryOptions): Promise<Result<Table, EngineError>>;
  /**
   * Appends one complete Arrow IPC stream to a table, columns matched by
   * position; with `create`, makes the table from the stream's schema.
   */
  insertArrow(
    table: string,
    ipc: Uint8Array,
    options?: { readonly create?: boolean },
  ): Promise<Result<null, EngineError>>;
  /** Makes everything that is committed durable. */
  checkpoint(): Promise<Result<null, EngineError>>;
}
