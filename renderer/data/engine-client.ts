import type { AnalysisInput, AnalysisName, AnalysisOutput } from "../../shared/analysis/index.ts";
import { ok, type Result } from "../../shared/base/result.ts";
import { PortEngine } from "../../shared/contract/port-engine.ts";
import type { Channel } from "../../shared/contract/rpc.ts";
import type { Engine, EngineError, QueryOptions } from "../../shared/tables/engine.ts";

export type EngineStatus =
  | { readonly state: "starting"; readonly message: string }
  | { readonly state: "ready"; readonly message: string }
  | { readonly state: "failed"; readonly message: string };

/** The engine worker, seen from the window. The worker starts with the first request. */
export class EngineClient extends PortEngine {
  readonly #worker: LazyWorker;
  readonly #listeners = new Set<(status: EngineStatus) => void>();
  #status: EngineStatus = { state: "starting", message: "" };
  #nextPort = 1;
  readonly #ports = new WeakMap<MessagePort, number>();

  constructor() {
    const worker = new LazyWorker((message) => {
      this.#tell({ state: "failed", message });
      this.rpc.fail(message);
    });
    super(worker);
    this.#worker = worker;
  }

  /** Settles when a database is open for the first time; a failure to open rejects. */
  get ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.onStatus(({ state, message }) => {
        if (state === "starting") return;
        queueMicrotask(() => {
          stop();
        });
        if (state === "ready") resolve();
        else reject(new Error(message));
      });
    });
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
        onProgress:
          onProgress === undefined
            ? undefined
            : (p) => {
                onProgress(p as number);
              },
      },
    );
    return answer.ok ? ok(answer.value as AnalysisOutput<N>) : answer;
  }

  /** Work on a connection of its own, for what needs a transaction. */
  async inSession<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    const session = new PortEngine(this.connectPort());
    try {
      return await work(session);
    } finally {
      await session.end();
    }
  }

  /** A port over which a worker speaks to the engine on a connection of its own. */
  connectPort(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    const number = this.#nextPort++;
    this.#ports.set(port2, number);
    this.#worker.postMessage({ connect: port1, number }, [port1]);
    return port2;
  }

  /** Rolls back and gives up the connection of a port whose worker is gone; nothing, if it ended by itself. */
  disconnectPort(port: MessagePort): void {
    const number = this.#ports.get(port);
    if (number !== undefined) this.#worker.postMessage({ disconnect: number }, []);
  }

  #tell(status: EngineStatus): void {
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
  }
}

/** Holds back the worker (34 MB of WebAssembly) until it is needed, so that the first paint does not wait. */
class LazyWorker implements Channel {
  onmessage: ((event: MessageEvent) => void) | null = null;
  #worker: Worker | null = null;

  constructor(private readonly onFailure: (message: string) => void) {}

  postMessage(message: unknown, transfer: Transferable[]): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message, transfer);
  }

  #start(): Worker {
    const worker = new Worker(new URL("../worker/engine/engine.worker.ts", import.meta.url), {
      type: "module",
      name: "engine",
    });
    worker.onmessage = (event) => this.onmessage?.(event);
    worker.onerror = (event) => {
      this.onFailure(event.message);
    };
    return worker;
  }
}
