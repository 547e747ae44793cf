import initParquet, * as parquet from "parquet-wasm/esm";
import parquetWasmUrl from "parquet-wasm/esm/parquet_wasm_bg.wasm?url";
import { setParquetLoader } from "../../../shared/importers/parquet.ts";
import { serveIngest, type Endpoint } from "./ingest-server.ts";

setParquetLoader(async () => {
  await initParquet({ module_or_path: parquetWasmUrl });
  return parquet;
});
serveIngest(globalThis as unknown as Endpoint);
