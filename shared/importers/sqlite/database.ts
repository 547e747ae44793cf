import { filesOf, VFS } from "./file-system.ts";
import { loadSqlite, type Pointer, type SqliteModule } from "./module.ts";
import type { Pages } from "./pages.ts";

/** A value of SQLite: integers beyond 2^53 as bigint. */
export type SqliteValue = number | bigint | string | Uint8Array | null;

/** SQLite could not open the file or read on. */
export class SqliteFailure extends Error {}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
let opened = 0;

/** Opens a database for reading. Throws `SqliteFailure`. */
export async function openDatabase(pages: Pages): Promise<Database> {
  const module = await loadSqlite();
  const name = `database-${opened++}`;
  filesOf(module).set(name, pages);
  const database = new Database(module, name);
  try {
    database.open();
  } catch (thrown) {
    database.close();
    throw thrown;
  }
  return database;
}

/** An identifier in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A database that is read. Call `close`. */
export class Database {
  #pointer: Pointer = 0;

  constructor(
    readonly module: SqliteModule,
    readonly name: string,
  ) {}

  open(): void {
    const { capi, wasm } = this.module;
    const stack = wasm.pstack.pointer;
    const out = wasm.pstack.allocPtr();
    const code = capi.sqlite3_open_v2(this.name, out, capi.SQLITE_OPEN_READONLY, VFS);
    this.#pointer = wasm.peekPtr(out);
    wasm.pstack.restore(stack);
    this.#check(code);
    // What a database says of itself is not trusted.
    for (const setting of ["trusted_schema=OFF", "cell_size_check=ON", "temp_store=MEMORY"])
      this.all(`PRAGMA ${setting}`);
  }

  /** The rows of a query, one at a time. */
  *rows(sql: string): Generator<readonly SqliteValue[]> {
    const { capi } = this.module;
    const statement = this.#prepare(sql);
    try {
      const width = capi.sqlite3_column_count(statement);
      for (;;) {
        const code = capi.sqlite3_step(statement);
        if (code === capi.SQLITE_DONE) return;
        if (code !== capi.SQLITE_ROW) this.#check(code);
        const row: SqliteValue[] = [];
        for (let c = 0; c < width; c++) row.push(this.#value(statement, c));
        yield row;
      }
    } finally {
      capi.sqlite3_finalize(statement);
    }
  }

  /** All rows of a query that has few. */
  all(sql: string): (readonly SqliteValue[])[] {
    return [...this.rows(sql)];
  }

  close(): void {
    if (this.#pointer !== 0) this.module.capi.sqlite3_close_v2(this.#pointer);
    this.#pointer = 0;
    filesOf(this.module).delete(this.name);
  }

  #prepare(sql: string): Pointer {
    const { capi, wasm } = this.module;
    const stack = wasm.pstack.pointer;
    const out = wasm.pstack.allocPtr();
    const code = capi.sqlite3_prepare_v2(this.#pointer, sql, -1, out, null);
    const statement = wasm.peekPtr(out);
    wasm.pstack.restore(stack);
    this.#check(code);
    return statement;
  }

  #value(statement: Pointer, c: number): SqliteValue {
    const { capi } = this.module;
    switch (capi.sqlite3_column_type(statement, c)) {
      case capi.SQLITE_INTEGER: {
        const value = capi.sqlite3_column_int64(statement, c);
        const number = Number(value);
        return Number.isSafeInteger(number) ? number : value;
      }
      case capi.SQLITE_FLOAT:
        return capi.sqlite3_column_double(statement, c);
      case capi.SQLITE_TEXT:
        // By its length: a text may hold NUL characters.
        return this.#text(statement, c);
      case capi.SQLITE_BLOB:
        return this.#bytes(statement, c, capi.sqlite3_column_blob(statement, c)).slice();
      default:
        return null;
    }
  }

  #text(statement: Pointer, c: number): string {
    const at = this.module.wasm.exports.sqlite3_column_text(statement, c);
    const bytes = this.#bytes(statement, c, at);
    // Some runtimes do not decode what stands in shared memory.
    return decoder.decode(bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice());
  }

  #bytes(statement: Pointer, c: number, at: Pointer): Uint8Array {
    const { capi, wasm } = this.module;
    const length = capi.sqlite3_column_bytes(statement, c);
    return wasm.heap8u().subarray(at, at + length);
  }

  #check(code: number): void {
    const { capi } = this.module;
    if (code === capi.SQLITE_OK) return;
    throw new SqliteFailure(capi.sqlite3_errmsg(this.#pointer));
  }
}
