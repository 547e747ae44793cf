/** Address in SQLite's memory. */
export type Pointer = number;

/** A C structure in SQLite's memory; its members begin with `$`. */
export interface Struct {
  readonly pointer: Pointer;
  dispose(): void;
}

export interface VfsStruct extends Struct {
  $iVersion: number;
  $szOsFile: number;
  $mxPathname: number;
  $xRandomness: Pointer;
  $xSleep: Pointer;
  $xCurrentTime: Pointer;
}

export interface IoStruct extends Struct {
  $iVersion: number;
}

export interface FileStruct extends Struct {
  $pMethods: Pointer;
}

type Method = (...args: never[]) => number;

/**
 * What is used of the package `@sqlite.org/sqlite-wasm`
 * (https://sqlite.org/wasm/doc/trunk/api-index.md). Its own types are those of
 * the whole C interface, and not of the structures' members.
 */
export interface SqliteModule {
  readonly capi: {
    readonly SQLITE_OK: number;
    readonly SQLITE_ROW: number;
    readonly SQLITE_DONE: number;
    readonly SQLITE_INTEGER: number;
    readonly SQLITE_FLOAT: number;
    readonly SQLITE_TEXT: number;
    readonly SQLITE_BLOB: number;
    readonly SQLITE_OPEN_READONLY: number;
    readonly SQLITE_CANTOPEN: number;
    readonly SQLITE_IOERR: number;
    readonly SQLITE_IOERR_SHORT_READ: number;
    readonly SQLITE_READONLY: number;
    readonly SQLITE_NOTFOUND: number;
    readonly SQLITE_IOCAP_IMMUTABLE: number;
    readonly sqlite3_vfs: new (pointer?: Pointer) => VfsStruct;
    readonly sqlite3_io_methods: new () => IoStruct;
    readonly sqlite3_file: (new (pointer: Pointer) => FileStruct) & {
      readonly structInfo: { readonly sizeof: number };
    };
    sqlite3_vfs_find(name: string | null): Pointer;
    sqlite3_open_v2(name: string, database: Pointer, flags: number, vfs: string): number;
    sqlite3_close_v2(database: Pointer): number;
    sqlite3_errmsg(database: Pointer): string;
    sqlite3_prepare_v2(
      database: Pointer,
      sql: string,
      length: number,
      statement: Pointer,
      tail: null,
    ): number;
    sqlite3_step(statement: Pointer): number;
    sqlite3_finalize(statement: Pointer): number;
    sqlite3_column_count(statement: Pointer): number;
    sqlite3_column_type(statement: Pointer, column: number): number;
    sqlite3_column_int64(statement: Pointer, column: number): bigint;
    sqlite3_column_double(statement: Pointer, column: number): number;
    sqlite3_column_blob(statement: Pointer, column: number): Pointer;
    sqlite3_column_bytes(statement: Pointer, column: number): number;
  };
  readonly wasm: {
    /** The C functions as they are: pointers in and out. */
    readonly exports: { sqlite3_column_text(statement: Pointer, column: number): Pointer };
    heap8u(): Uint8Array;
    peekPtr(at: Pointer): Pointer;
    poke32(at: Pointer, value: number): unknown;
    poke64(at: Pointer, value: bigint): unknown;
    cstrToJs(at: Pointer): string | null;
    readonly pstack: {
      readonly pointer: Pointer;
      restore(pointer: Pointer): void;
      allocPtr(): Pointer;
    };
  };
  readonly vfs: {
    installVfs(options: {
      io: { struct: IoStruct; methods: Readonly<Record<string, Method>> };
      vfs: { struct: VfsStruct; methods: Readonly<Record<string, Method>>; name: string };
    }): unknown;
  };
}

let loader: (() => Promise<SqliteModule>) | null = null;
let loaded: Promise<SqliteModule> | null = null;

/** How SQLite is had: its WebAssembly is fetched differently in a worker and in Node. */
export function setSqliteLoader(load: () => Promise<SqliteModule>): void {
  loader = load;
  loaded = null;
}

/** SQLite, loaded when it is first wanted. */
export function loadSqlite(): Promise<SqliteModule> {
  if (loader === null) throw new Error("setSqliteLoader was not called");
  loaded ??= loader();
  return loaded;
}
