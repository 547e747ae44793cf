import { EngineClient } from "./engine-client.ts";
import { IngestClient } from "./ingest-client.ts";

/** The window's one engine and its ingest pool; made on first use, so that the first paint does not wait. */
let engine: EngineClient | null = null;
let ingest: IngestClient | null = null;

export function getEngine(): EngineClient {
  engine ??= new EngineClient();
  return engine;
}

export function getIngest(): IngestClient {
  ingest ??= new IngestClient(getEngine());
  return ingest;
}
