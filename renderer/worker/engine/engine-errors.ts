import type { EngineError } from "../../../shared/tables/engine.ts";

/** What DuckDB-wasm threw, as a typed value that keeps the SQL. */
export function classify(thrown: unknown, sql: string): EngineError {
  const message = plainText(thrown instanceof Error ? thrown.message : String(thrown));
  return { kind: kindOf(thrown, message), message: shortened(message), sql };
}

/** Inserts report their errors as JSON, queries as text. */
function plainText(message: string): string {
  if (!message.startsWith('{"exception_type"')) return message;
  try {
    const parsed = JSON.parse(message) as { exception_type?: string; exception_message?: string };
    return `${parsed.exception_type ?? "Unknown"} Error: ${parsed.exception_message ?? message}`;
  } catch {
    return message;
  }
}

export function cancelled(sql: string): EngineError {
  return { kind: "cancelled", message: "The query was cancelled.", sql };
}

/** Marks before the first message of an Arrow IPC stream, and after its last one. */
const CONTINUATION = 0xffff_ffff;

/**
 * Why bytes are no complete Arrow IPC stream, or null. DuckDB-wasm takes the
 * pieces of a stream one by one and says nothing when the end never comes:
 * without this check the rows would be lost in silence.
 */
export function badStream(table: string, ipc: Uint8Array): EngineError | null {
  const view = new DataView(ipc.buffer, ipc.byteOffset, ipc.byteLength);
  const end = ipc.byteLength - 8;
  const whole =
    end >= 8 &&
    view.getUint32(0, true) === CONTINUATION &&
    view.getUint32(end, true) === CONTINUATION &&
    view.getUint32(end + 4, true) === 0;
  if (whole) return null;
  return {
    kind: "sql",
    message: "The data is not a complete Arrow IPC stream.",
    sql: insertText(table, ipc),
  };
}

/** How an insert of Arrow data is named in errors. */
export function insertText(table: string, ipc: Uint8Array): string {
  return `INSERT INTO ${table} (${ipc.byteLength} bytes of Arrow)`;
}

/** A write of the database stopped half-way: what DuckDB takes for stored is not. */
export function isHalfWritten(error: EngineError): boolean {
  return error.kind === "disk-full" && /QuotaExceeded|No space left/i.test(error.message);
}

/** DuckDB's own errors start with their class (`Catalog Error: …`); a text of the evidence may stand behind it. */
function kindOf(thrown: unknown, message: string): EngineError["kind"] {
  if (isTrap(thrown, message)) return "crashed";
  if (/^INTERRUPT Error|^Interrupted|query was canceled/i.test(message)) return "cancelled";
  if (
    /failed to offload|QuotaExceeded|No space left|(?:^|\n)IO Error: .*(?:write|disk)/i.test(
      message,
    )
  ) {
    return "disk-full";
  }
  if (/Out of Memory Error|bad_alloc/.test(message)) return "out-of-memory";
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
