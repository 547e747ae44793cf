import init from "@sqlite.org/sqlite-wasm";
import type { SqliteModule } from "../../shared/importers/sqlite/module.ts";

/** SQLite's WebAssembly in Node. */
export async function loadSqliteInNode(): Promise<SqliteModule> {
  return (await init()) as unknown as SqliteModule;
}
