import type { EngineError } from "../../../shared/tables/engine.ts";

/** What DuckDB-wasm threw, as a typed value that keeps the SQL. */
export function classify(thrown: unknown, sql: string): EngineError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { kind: kindOf(thrown, message), message: shortened(message), sql };
}

function kindOf(thrown: unknown, message: string): EngineError["kind"] {
  if (/INTERRUPT|cancelled/i.test(message)) return "cancelled";
  if (/QuotaExceeded|No space left|Could not write file|disk.*full/i.test(message)) return "disk-full";
  if (/out of memory|failed to allocate|memory limit/i.test(message)) return "out-of-memory";
  const trapped = thrown instanceof Error && thrown.name === "RuntimeError";
  if (trapped || /unreachable|memory access out of bounds|null function|table index is out/i.test(message)) {
    return "crashed";
  }
  if (/FATAL|database has been invalidated/i.test(message)) return "crashed";
  return "sql";
}

/** Parser errors repeat themselves; the first part says it all. */
function shortened(message: string): string {
  return message.length > 2000 ? `${message.slice(0, 2000)}…` : message;
}
