import { IMPORTERS } from "../../../shared/importers/index.ts";
import type { ImportError, Source } from "../../../shared/importers/importer.ts";
import { planImport, runImport } from "../../../shared/importers/run-import.ts";
import { openSource } from "../../../shared/importers/source.ts";
import { attempt, Fault, ok, unreachable, type Result } from "../../../shared/base/result.ts";
import { PortEngine } from "../../../shared/contract/port-engine.ts";
import type { IngestMessage, IngestReply, IngestRequest } from "../../../shared/contract/worker.ts";

/** The window's end of the channel. */
export interface Endpoint {
  postMessage(message: IngestReply): void;
  onmessage: ((event: MessageEvent<IngestMessage>) => void) | null;
}

/** Answers plan and import requests until the worker is ended. */
export function serveIngest(endpoint: Endpoint): void {
  const running = new Map<number, AbortController>();
  endpoint.onmessage = ({ data }) => {
    if ("cancel" in data) running.get(data.cancel)?.abort();
    else void answer(data.id, data.request);
  };

  async function answer(id: number, request: IngestRequest): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const result = await perform(request, controller.signal, (progress) => {
        endpoint.postMessage({ id, progress });
      });
      endpoint.postMessage(
        result.ok ? { id, ok: true, value: result.value } : { id, ok: false, error: result.error },
      );
    } catch (thrown) {
      const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
      endpoint.postMessage({ id, bug: text });
    } finally {
      running.delete(id);
    }
  }
}

type OnProgress = NonNullable<Parameters<typeof runImport>[5]["onProgress"]>;

async function perform(
  request: IngestRequest,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Result<unknown, ImportError>> {
  switch (request.type) {
    case "formats":
      return ok(
        IMPORTERS.map(({ id, name, description, extensions }) => ({
          id,
          name,
          description,
          extensions: [...extensions],
        })),
      );
    case "plan": {
      const source = await open(request, signal);
      return source.ok ? planImport(source.value, request.importer, request.options) : source;
    }
    case "import": {
      const engine = new PortEngine(request.engine);
      try {
        const source = await open(request, signal);
        if (!source.ok) return source;
        return await runImport(
          engine,
          source.value,
          request.importer,
          request.options,
          request.evidence,
          { signal, onProgress, now: Date.now() },
        );
      } finally {
        await engine.end();
      }
    }
    default:
      return unreachable(request);
  }
}

type FileRequest = Extract<IngestRequest, { url: string }>;

function open(request: FileRequest, signal: AbortSignal): Promise<Result<Source, ImportError>> {
  const { name, size } = request;
  return attempt<Source, ImportError>(() =>
    openSource({
      name,
      size,
      open: async () => (await get(request, signal)).body ?? new ReadableStream(),
      blob: async () => (await get(request, signal)).blob(),
    }),
  );

  async function get({ url: address }: FileRequest, abort: AbortSignal): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(address, { signal: abort });
    } catch (thrown) {
      if (abort.aborted)
        throw new Fault(
          problem(
            "cancelled",
            `The import of ${name} was cancelled.`,
            "Import it again when you want it.",
          ),
        );
      throw new Fault(
        problem(
          "unreadable",
          `${name} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
          "Check that the file is there and that you may read it, then add it again.",
        ),
      );
    }
    if (response.ok) return response;
    const gone = response.status === 404 || response.status === 410;
    throw new Fault(
      gone
        ? problem(
            "vanished",
            `${name} is no longer where it was.`,
            "Put it back, or add it from where it is now.",
          )
        : problem(
            "unreadable",
            `${name} cannot be read (${(await response.text()).slice(0, 300)}).`,
            "Check that you may read the file, then add it again.",
          ),
    );
  }

  function problem(kind: ImportError["kind"], message: string, advice: string): ImportError {
    return { kind, file: name, message, advice };
  }
}
