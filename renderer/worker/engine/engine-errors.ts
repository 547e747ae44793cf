import type { EngineError } from "../../../shared/tables/engine.ts";

/** What DuckDB-wasm threw, as a typed value that keeps the SQL. */
export function classify(thrown: unknown, sql: string): EngineError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { kind: kindOf(thrown, message), message: shortened(message), sql };
}

export function cancelled(sql: string): EngineError {
  return { kind: "cancelled", message: "The query was cancelled.", sql };
}

/** How an insert of Arrow data is named in errors. */
export function insertText(table: string, ipc: Uint8Array): string {
  return `INSERT INTO ${table} (${ipc.byteLength} bytes of Arrow)`;
}

/** DuckDB's own errors start with their class (`Catalog Error: …`); a text of the evidence may stand behind it. */
function kindOf(thrown: unknown, message: string): EngineError["kind"] {
  if (isTrap(thrown, message)) return "crashed";
  if (/^INTERRUPT Error|^Interrupted|query was canceled/i.test(message)) return "cancelled";
  if (/^(?:TransactionContext Error: .{0,80})?Out of Memory Error|failed to allocate|bad_alloc/i.test(message)) {
    return /temp_directory|max_temp_directory_size|disk/i.test(message) && /offload|No space|exceed.*temp/i.test(message)
      ? "disk-full"
      : "out-of-memory";
  }
  if (/QuotaExceeded|No space left|(?:^|\n)IO Error: .*(?:write|disk)/i.test(message)) return "disk-full";
  return "sql";
}

/** The wasm module broke, or DuckDB gave the database up: nothing works until it is opened again. */
function isTrap(thrown: unknown, message: string): boolean {
  if (thrown instanceof Error && thrown.name === "RuntimeError") return true;
  if (/^FATAL Error|database has been invalidated/i.test(message)) return true;
  return /^(?:unreachable|memory access out of bounds|null function|function signature mismatch|table index is out of bounds|Maximum call stack size exceeded)/.test(
    message,
  );
}

/** Parser errors repeat themselves; the first part says it all. */
function shortened(message: string): string {
  return message.length > 2000 ? `${message.slice(0, 2000)}…` : message;
}
