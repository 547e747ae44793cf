import type { Grant } from "../../shared/contract/ipc.ts";
import { RpcClient } from "../../shared/contract/rpc.ts";
import type {
  ImportOutcome,
  ImportProgress,
  IngestFile,
  IngestRequest,
  MemberList,
} from "../../shared/contract/worker.ts";
import type { Extracted } from "../../shared/importers/containers/container.ts";
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
  /** What the original was found to be. */
  readonly sha256?: string;
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

  /** The parts of a file or folder that are imported each on its own; null if it is imported as one. */
  async listMembers(grant: Grant): Promise<Result<MemberList | null, ImportError>> {
    this.#planner ??= startWorker();
    const answer = await this.#planner.rpc.call({ type: "members", ...fileOf(grant) });
    return answer.ok ? ok(answer.value as MemberList | null) : answer;
  }

  async planFile(
    grant: Grant,
    importer: string,
    options: ImportOptions,
  ): Promise<Result<ImportPlan, ImportError>> {
    this.#planner ??= startWorker();
    const answer = await this.#planner.rpc.call({
      type: "plan",
      ...fileOf(grant),
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
    { sha256, signal, onProgress }: ImportCall = {},
  ): Promise<Result<ImportOutcome, ImportError>> {
    return this.#inTurn(async () => {
      const file = fileOf(grant, sha256);
      const extracted = await this.#extract(file, options.member);
      this.#importer ??= startWorker();
      const { rpc, worker } = this.#importer;
      const port = this.engine.connectPort();
      let healthy = false;
      let read = 0;
      try {
        const answer = await rpc.call(
          {
            type: "import",
            ...file,
            importer,
            options,
            extracted,
            evidence,
            engine: port,
          },
          {
            signal,
            transfer: [port],
            onProgress: (p) => {
              const progress = p as ImportProgress;
              read = progress.totalBytes;
              onProgress?.(progress);
            },
          },
        );
        healthy = answer.ok;
        return answer.ok ? ok(answer.value as ImportOutcome) : answer;
      } finally {
        this.#imported += options.member === undefined ? grant.size : read;
        if (!healthy || this.#imported > WORKER_LIFE) {
          worker.terminate();
          this.#importer = null;
          this.#imported = 0;
        }
      }
    });
  }

  /** The previewing worker keeps what it has decompressed of an archive; the importing one is replaced now and then. */
  async #extract(file: IngestFile, member: string | undefined): Promise<Extracted | null> {
    if (member === undefined) return null;
    this.#planner ??= startWorker();
    const answer = await this.#planner.rpc.call({ type: "extract", ...file, member });
    // What is wrong with the archive is told by the import.
    return answer.ok ? (answer.value as Extracted | null) : null;
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

function fileOf({ id, name, size }: Grant, sha256?: string): IngestFile {
  return { url: `evidence://${id}/`, name, size, sha256: sha256 ?? null };
}
