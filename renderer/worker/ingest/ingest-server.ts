import { IMPORTERS } from "../../../shared/importers/index.ts";
import type { ImportError, ImportPlan } from "../../../shared/importers/importer.ts";
import { planImport, runImport } from "../../../shared/importers/run-import.ts";
import type { ImportNote } from "../../../shared/model/evidence.ts";
import { attempt, ok, unreachable, unwrap, type Result } from "../../../shared/base/result.ts";
import { PortEngine } from "../../../shared/contract/port-engine.ts";
import type {
  IngestMessage,
  IngestOrder,
  IngestReply,
  IngestRequest,
} from "../../../shared/contract/worker.ts";
import { extract, membersOf, resolveOrder } from "./containers.ts";
import { openSlicePool } from "./slice-pool.ts";

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
    case "members":
      return membersOf(request);
    case "extract":
      return extract(request, request.member);
    case "plan":
      return attempt(async () => {
        const { source, importer, options, notes } = await resolveOrder(request, null, signal);
        const plan = unwrap(await planImport(source, importer, options));
        return ordered(plan, request, notes);
      });
    case "import": {
      const engine = new PortEngine(request.engine);
      try {
        return await attempt(async () => {
          const resolved = await resolveOrder(request, request.extracted, signal);
          const { source, importer, options, notes } = resolved;
          const settings = { signal, onProgress, now: Date.now(), openPool: openSlicePool };
          const { evidence } = request;
          const outcome = unwrap(
            await runImport(engine, source, importer, options, evidence, settings),
          );
          return {
            ...outcome,
            plan: ordered(outcome.plan, request, []),
            notes: [...notes, ...outcome.notes],
          };
        });
      } finally {
        await engine.end();
      }
    }
    default:
      return unreachable(request);
  }
}

/** The importer sees the member by itself; the plan says where it is. */
function ordered(
  plan: ImportPlan,
  { options: { member } }: IngestOrder,
  notes: readonly ImportNote[],
): ImportPlan {
  const options = member === undefined ? plan.options : { ...plan.options, member };
  return { ...plan, options, notes: [...notes, ...plan.notes] };
}
