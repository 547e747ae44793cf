import { DuckDbEngine } from "./duckdb-engine.ts";
import { serveEngine, type Endpoint } from "./engine-server.ts";

serveEngine(new DuckDbEngine(), globalThis, null);
