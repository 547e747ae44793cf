import type { AnalysisInput, AnalysisName, AnalysisOutput } from "../../shared/analysis/index.ts";
import { ok, type Result } from "../../shared/base/result.ts";
import { PortEngine } from "../../shared/contract/port-engine.ts";
import type { Channel } from "../../shared/contract/rpc.ts";
import type { Engine, EngineError, QueryOptions } from "../../shared/tables/engine.ts";

export type EngineStatus =
  | { readonly state: "starting"; readonly message: string }
  | { readonly state: "ready"; readonly message: string }
  | { readonly state: "failed"; readonly message: string };

/** The engine worker, seen from the window. */
export class EngineClient extends PortEngine {
  readonly #worker: Worker;
  readonly #listeners = new Set<(status: EngineStatus) => void>();
  #status: EngineStatus = { state: "starting", message: "" };

  constructor() {
    const worker = new Worker(new URL("../worker/engine/engine.worker.ts", import.meta.url), {
      type: "module",
      name: "engine",
    });
    super(worker as Channel);
    this.#worker = worker;
    worker.onerror = (event) => {
      this.#tell({ state: "failed", message: event.message });
      this.rpc.fail(event.message);
    };
  }

  /** Calls back now and at every change; returns the function that stops it. */
  onStatus(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#status);
    return () => this.#listeners.delete(listener);
  }

  /** Opens the database of a case (OPFS), or one in memory for `null`. */
  async open(database: string | null): Promise<Result<{ recreated: boolean }, EngineError>> {
    this.#tell({ state: "starting", message: "" });
    const answer = await this.rpc.call({ type: "open", database });
    if (!answer.ok) {
      this.#tell({ state: "failed", message: answer.error.message });
      return answer;
    }
    this.#tell({ state: "ready", message: "" });
    return ok(answer.value as { recreated: boolean });
  }

  async close(): Promise<void> {
    await this.rpc.call({ type: "close" });
  }

  async deleteDatabase(database: string): Promise<void> {
    await this.rpc.call({ type: "delete", database });
  }

  /** Runs one of `shared/analysis` in the worker. */
  async analyse<N extends AnalysisName>(
    name: N,
    input: AnalysisInput<N>,
    options: QueryOptions = {},
  ): Promise<Result<AnalysisOutput<N>, EngineError>> {
    const { signal, onProgress } = options;
    const answer = await this.rpc.call(
      { type: "analyse", name, input },
      {
        signal,
        onProgress: onProgress === undefined ? undefined : (p) => { onProgress(p as number); },
      },
    );
    return answer.ok ? ok(answer.value as AnalysisOutput<N>) : answer;
  }

  /** Work on a connection of its own, for what needs a transaction. */
  async inSession<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    const session = new PortEngine(this.connectPort() as Channel);
    try {
      return await work(session);
    } finally {
      await session.end();
    }
  }

  /** A port over which a worker speaks to the engine on a connection of its own. */
  connectPort(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#worker.postMessage({ connect: port1 }, [port1]);
    return port2;
  }

  #tell(status: EngineStatus): void {
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
  }
}
