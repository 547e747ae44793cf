import { ANALYSES } from "../../../shared/analysis/index.ts";
import { attempt, err, ok, unreachable, type Result } from "../../../shared/base/result.ts";
import type { EngineMessage, EngineReply, EngineRequest } from "../../../shared/contract/worker.ts";
import type { EngineError, QueryOptions } from "../../../shared/tables/engine.ts";
import type { DuckDbEngine, EngineSession } from "./duckdb-engine.ts";

/** One end of a message channel: a port, or the worker's own scope. */
export interface Endpoint {
  postMessage(message: EngineReply, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<EngineMessage>) => void) | null;
}

/**
 * Answers requests of one client. Clients that come over a port of their own
 * (ingest workers) get a session, so that their transaction holds together.
 */
export function serveEngine(
  engine: DuckDbEngine,
  endpoint: Endpoint,
  session: EngineSession | null,
): void {
  const running = new Map<number, AbortController>();
  const sessions = new Map<number, EngineSession>();
  endpoint.onmessage = ({ data }) => {
    if ("cancel" in data) running.get(data.cancel)?.abort();
    else if ("connect" in data) {
      const own = engine.session();
      sessions.set(data.number, own);
      serveEngine(engine, data.connect, own);
    } else if ("disconnect" in data) {
      void sessions.get(data.disconnect)?.end();
      sessions.delete(data.disconnect);
    } else void answer(data.id, data.request);
  };

  async function answer(id: number, request: EngineRequest): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    const options: QueryOptions = {
      signal: controller.signal,
      onProgress: (progress) => {
        endpoint.postMessage({ id, progress });
      },
    };
    try {
      const result = await perform(engine, session, request, options);
      if (!result.ok) endpoint.postMessage({ id, ok: false, error: result.error });
      else if (result.value instanceof Uint8Array) {
        const bytes = ownBuffer(result.value);
        endpoint.postMessage({ id, ok: true, value: bytes }, [bytes.buffer]);
      } else endpoint.postMessage({ id, ok: true, value: result.value });
    } catch (thrown) {
      const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
      endpoint.postMessage({ id, bug: text });
    } finally {
      running.delete(id);
    }
  }
}

async function perform(
  engine: DuckDbEngine,
  session: EngineSession | null,
  request: EngineRequest,
  options: QueryOptions,
): Promise<Result<unknown, EngineError>> {
  const target = session ?? engine;
  switch (request.type) {
    case "open":
      return engine.open(request.database);
    case "close":
      if (session === null) await engine.close();
      else await session.end();
      return ok(null);
    case "delete":
      await engine.deleteDatabase(request.database);
      return ok(null);
    case "query":
      return target.queryBytes(request.sql, request.progress ? options : signalOnly(options));
    case "insert":
      return target.insertArrow(request.table, request.ipc, { create: request.create });
    case "checkpoint":
      return target.checkpoint();
    case "analyse":
      return analyse(engine, request.name, request.input, options);
    default:
      return unreachable(request);
  }
}

function signalOnly({ signal }: QueryOptions): QueryOptions {
  return signal === undefined ? {} : { signal };
}

type AnyAnalysis = (
  engine: DuckDbEngine,
  input: unknown,
  options: QueryOptions,
) => Promise<unknown>;

async function analyse(
  engine: DuckDbEngine,
  name: string,
  input: unknown,
  options: QueryOptions,
): Promise<Result<unknown, EngineError>> {
  // A new analysis is a row in ANALYSES; the client checks its types by name.
  const known = ANALYSES as unknown as Readonly<Record<string, AnyAnalysis>>;
  const analysis = Object.hasOwn(known, name) ? known[name] : undefined;
  if (analysis === undefined)
    return err({ kind: "sql", message: `There is no analysis ${name}.`, sql: name });
  return attempt<unknown, EngineError>(() => analysis(engine, input, options));
}

/** A copy where the bytes are a part of a larger buffer: only whole buffers can be handed over. */
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
    ? (bytes as Uint8Array<ArrayBuffer>)
    : bytes.slice();
}
