import type { Grant } from "../../shared/contract/ipc.ts";
import { RpcClient } from "../../shared/contract/rpc.ts";
import type { ImportOutcome, ImportProgress, IngestRequest } from "../../shared/contract/worker.ts";
import type { ImportError, ImportPlan } from "../../shared/importers/importer.ts";
import { ok, type Result } from "../../shared/base/result.ts";
import type { ImportOptions } from "../../shared/model/evidence.ts";
import type { EngineClient } from "./engine-client.ts";

export interface Format {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly extensions: readonly string[];
}

export interface ImportCall {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** Bytes after which an import worker is replaced: the Parquet decoder's memory never shrinks. */
const WORKER_LIFE = 64e6;

/**
 * Ingest workers, seen from the window. Previews share one worker, imports
 * another, which ends after a large file or a failure.
 * Imports run one after the other: decoding overlaps with inserting, and two
 * transactions would only wait for each other in the one-threaded database.
 */
export class IngestClient {
  #planner: IngestWorker | null = null;
  #importer: IngestWorker | null = null;
  #imported = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly engine: EngineClient) {}

  async planFile(
    grant: Grant,
    importer: string,
    options: ImportOptions,
  ): Promise<Result<ImportPlan, ImportError>> {
    this.#planner ??= startWorker();
    const answer = await this.#planner.rpc.call({
      type: "plan",
      url: addressOf(grant),
      name: grant.name,
      size: grant.size,
      importer,
      options,
    });
    return answer.ok ? ok(answer.value as ImportPlan) : answer;
  }

  /** All rows of the file under this evidence number, in one transaction. */
  importFile(
    grant: Grant,
    importer: string,
    options: ImportOptions,
    evidence: number,
    { signal, onProgress }: ImportCall = {},
  ): Promise<Result<ImportOutcome, ImportError>> {
    return this.#inTurn(async () => {
      this.#importer ??= startWorker();
      const { rpc, worker } = this.#importer;
      const port = this.engine.connectPort();
      let healthy = false;
      try {
        const answer = await rpc.call(
          {
            type: "import",
            url: addressOf(grant),
            name: grant.name,
            size: grant.size,
            importer,
            options,
            evidence,
            engine: port,
          },
          {
            signal,
            transfer: [port],
            onProgress:
              onProgress === undefined
                ? undefined
                : (p) => {
                    onProgress(p as ImportProgress);
                  },
          },
        );
        healthy = answer.ok;
        return answer.ok ? ok(answer.value as ImportOutcome) : answer;
      } finally {
        this.#imported += grant.size;
        if (!healthy || this.#imported > WORKER_LIFE) {
          worker.terminate();
          this.#importer = null;
          this.#imported = 0;
        }
      }
    });
  }

  async formats(): Promise<readonly Format[]> {
    this.#planner ??= startWorker();
    const answer = await this.#planner.rpc.call({ type: "formats" });
    return answer.ok ? (answer.value as Format[]) : [];
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work, work);
    this.#turn = next.catch(() => undefined);
    return next;
  }
}

interface IngestWorker {
  readonly rpc: RpcClient<IngestRequest, ImportError>;
  readonly worker: Worker;
}

function startWorker(): IngestWorker {
  const worker = new Worker(new URL("../worker/ingest/ingest.worker.ts", import.meta.url), {
    type: "module",
    name: "ingest",
  });
  const rpc = new RpcClient<IngestRequest, ImportError>(worker);
  worker.onerror = (event) => {
    rpc.fail(event.message);
  };
  return { rpc, worker };
}

function addressOf(grant: Grant): string {
  return `evidence://${grant.id}/`;
}
