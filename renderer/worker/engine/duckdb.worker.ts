// DuckDB's own worker, with writes that are checked.
import "./whole-writes.ts";
import "@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js";
