import type { AsyncDuckDB } from "@duckdb/duckdb-wasm";
import type { QueryOptions } from "../../../shared/tables/engine.ts";

/** What DuckDB-wasm offers for one statement in slices, in a worker or in Node. */
export interface PendingQueries {
  startPendingQuery(c: number, sql: string, stream: boolean): Awaitable<Uint8Array | null>;
  pollPendingQuery(c: number): Awaitable<Uint8Array | null>;
  cancelPendingQuery(c: number): Awaitable<boolean>;
  fetchQueryResults(c: number): Awaitable<Uint8Array | null>;
  runQuery(c: number, sql: string): Awaitable<Uint8Array>;
}
type Awaitable<T> = T | Promise<T>;

/**
 * Runs a statement in slices of some milliseconds (`queryPollingInterval`), so
 * that it can be cancelled, and others can run, between two of them.
 * @returns the result as one Arrow IPC stream
 */
export async function runPending(
  { db }: { readonly db: PendingQueries },
  connection: number,
  sql: string,
  { signal }: QueryOptions,
): Promise<Uint8Array> {
  const checkCancelled = async () => {
    if (signal?.aborted !== true) return;
    await db.cancelPendingQuery(connection);
    // A query that was left half-way keeps its transaction open until the next one comes.
    await attempted(() => db.runQuery(connection, "SELECT 1"));
    throw new Error("Interrupted");
  };
  await checkCancelled();
  let header = await db.startPendingQuery(connection, sql, false);
  while (header === null) {
    await checkCancelled();
    header = await db.pollPendingQuery(connection);
  }
  const chunks = [header];
  for (;;) {
    await checkCancelled();
    const chunk = await db.fetchQueryResults(connection);
    if (chunk === null) continue;
    if (chunk.length === 0) break;
    chunks.push(chunk);
  }
  return concatenated(chunks);
}

/** Waits for work whose failure does not matter. */
async function attempted(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch {
    // An aborted transaction answers nothing; it is over all the same.
  }
}

export async function insertStream(
  { db }: { readonly db: Pick<AsyncDuckDB, "insertArrowFromIPCStream"> },
  connection: number,
  table: string,
  ipc: Uint8Array,
  create: boolean,
): Promise<null> {
  await db.insertArrowFromIPCStream(connection, ipc, { name: table, create });
  return null;
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
