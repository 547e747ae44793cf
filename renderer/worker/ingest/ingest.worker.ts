import sqliteWasmUrl from "@sqlite.org/sqlite-wasm/sqlite3.wasm?url";
import initParquet, * as parquet from "parquet-wasm/esm";
import parquetWasmUrl from "parquet-wasm/esm/parquet_wasm_bg.wasm?url";
import { setParquetLoader } from "../../../shared/importers/parquet.ts";
import { setSqliteLoader } from "../../../shared/importers/sqlite.ts";
import type { SqliteModule } from "../../../shared/importers/sqlite/module.ts";
import { serveIngest } from "./ingest-server.ts";

setParquetLoader(async () => {
  await initParquet({ module_or_path: parquetWasmUrl });
  return parquet;
}, watchCrashes);
setSqliteLoader(async () => {
  // Without this class it does not start a worker of its own for files that it writes.
  Reflect.deleteProperty(globalThis, "FileSystemHandle");
  const { default: initSqlite } = await import("@sqlite.org/sqlite-wasm");
  const module = await initSqlite({ locateFile: () => sqliteWasmUrl });
  return module as unknown as SqliteModule;
});
serveIngest(globalThis);

/** Errors that nobody caught: the Parquet decoder traps outside of its promises. */
function watchCrashes(listener: (reason: unknown) => void): () => void {
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    listener(event.error ?? event.message);
  };
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    listener(event.reason);
  };
  addEventListener("error", onError);
  addEventListener("unhandledrejection", onRejection);
  return () => {
    removeEventListener("error", onError);
    removeEventListener("unhandledrejection", onRejection);
  };
}
