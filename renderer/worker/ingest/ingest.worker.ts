import initParquet, * as parquet from "parquet-wasm/esm";
import parquetWasmUrl from "parquet-wasm/esm/parquet_wasm_bg.wasm?url";
import { setParquetLoader } from "../../../shared/importers/parquet.ts";
import { serveIngest } from "./ingest-server.ts";

setParquetLoader(async () => {
  await initParquet({ module_or_path: parquetWasmUrl });
  return parquet;
}, watchCrashes);
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
