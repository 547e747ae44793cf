import type { DuckDBQueryConfig } from "@duckdb/duckdb-wasm";

/**
 * Said once for every database, in this order. No extension can be had here,
 * and looking for one hangs a query (also with autoload off, where a function
 * of `icu` is asked for): without external access it is an error at once, and
 * SQL can reach neither the network nor a file.
 */
export const SETTINGS: readonly string[] = [
  "SET autoload_known_extensions=false",
  "SET autoinstall_known_extensions=false",
  "SET custom_extension_repository='/none'",
  "SET enable_external_access=false",
  // Its progress is reported through `new Function`, which the content security
  // policy forbids: any query that lasts longer would fail with an EvalError.
  "SET enable_progress_bar=false",
];

/**
 * Every commit is written into the database file at once. Of a write-ahead log
 * in OPFS only what was committed before the session's first CHECKPOINT is
 * found again after the process was killed (DuckDB-wasm 1.32).
 */
export const DURABLE_SETTINGS: readonly string[] = ["SET wal_autocheckpoint='0KB'"];

/**
 * What a database in a file may hold in memory. Comparing 5 million rows of 40
 * columns is as fast with 0.5 as with 3 GB, a log of 4 GB is imported as fast,
 * and what the wasm module once took it never gives back. With the first import
 * or query that runs out of it, it gets more.
 */
export const MEMORY = { usual: "512MB", most: "3GB" } as const;

/**
 * The casts stay off: inside LIST and STRUCT, DuckDB-wasm 1.32 changes the
 * declared type to double and leaves the bits (`[1::BIGINT]` reads as 5e-324).
 * `readRows` converts instead.
 */
export const QUERY_CONFIG: DuckDBQueryConfig = {
  castBigIntToDouble: false,
  castDecimalToDouble: false,
  castDurationToTime64: false,
  castTimestampToDate: false,
  queryPollingInterval: 20,
};
