import { DuckDbEngine } from "./duckdb-engine.ts";
import { serveEngine } from "./engine-server.ts";

serveEngine(new DuckDbEngine(), globalThis, null);
