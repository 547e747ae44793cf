import type { GrantOutcome } from "../../shared/contract/ipc.ts";
import type { ImportError } from "../../shared/importers/importer.ts";
import type { Evidence, ImportOptions } from "../../shared/model/evidence.ts";
import { useCase } from "../state/case-store.ts";
import { useImports, type PendingImport } from "../state/import-store.ts";
import { useSession } from "../state/session-store.ts";
import { useView } from "../state/view-store.ts";
import { importEvidence } from "./import-evidence.ts";
import { ipc } from "./ipc-client.ts";
import { getEngine, getIngest } from "./services.ts";

let nextKey = 1;
/** Settles when the case that was opened last has its database. */
let caseReady: Promise<unknown> = Promise.resolve();

/** Imports that are asked for before this settles wait for it. */
export function importsWaitFor(ready: Promise<unknown>): void {
  caseReady = ready.catch(() => undefined);
}

/** Asks for leave to read these files and previews each. */
export async function addPaths(paths: readonly string[]): Promise<void> {
  await addGrants(await ipc("evidence.grant", { paths: [...paths] }));
}

/** Takes files into the list of pending imports and previews them. */
export async function addGrants(outcomes: readonly GrantOutcome[]): Promise<void> {
  const items = outcomes.map(toPending);
  useImports.getState().add(items);
  const [first] = items;
  if (first !== undefined) useView.getState().selectEvidence(first.key);
  await Promise.all(items.filter((i) => i.grant !== null).map((i) => plan(i.key)));
}

function toPending(outcome: GrantOutcome): PendingImport {
  const key = `import-${nextKey++}`;
  const path = outcome.ok ? outcome.grant.path : outcome.path;
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return {
    key,
    grant: outcome.ok ? outcome.grant : null,
    path,
    name,
    importer: "auto",
    options: {},
    phase: outcome.ok
      ? { kind: "planning" }
      : {
          kind: "failed",
          error: {
            kind: outcome.error.kind === "not-found" ? "vanished" : "unreadable",
            file: path,
            message: outcome.error.message,
            advice: "Check that the file exists and that you may read it, then add it again.",
          },
        },
    duplicateOf: null,
  };
}

function find(key: string): PendingImport | undefined {
  return useImports.getState().pending.find((p) => p.key === key);
}

/** Reads the first rows and works out what the file is; again whenever options change. */
export async function plan(
  key: string,
  change?: { importer?: string; options?: ImportOptions },
): Promise<void> {
  const { update } = useImports.getState();
  if (change !== undefined) update(key, change);
  const item = find(key);
  if (item?.grant === null || item?.grant === undefined) return;
  const { grant } = item;
  void findDuplicate(key, grant.id);
  const result = await getIngest().planFile(grant, item.importer, item.options);
  const current = find(key);
  if (current?.importer !== item.importer || current.options !== item.options) return;
  update(key, {
    phase: result.ok
      ? { kind: "planned", plan: result.value }
      : { kind: "failed", error: result.error },
  });
}

/** The same content twice is recognised by its hash, before anything is imported. */
async function findDuplicate(key: string, grantId: string): Promise<void> {
  const answer = await ipc("evidence.hash", { grantId });
  if (!answer.ok) return;
  const same = useCase.getState().state?.evidence.find((e) => e.sha256 === answer.value.sha256);
  useImports.getState().update(key, { duplicateOf: same?.id ?? null });
}

/** Imports one previewed file; it leaves the list when it has become evidence. */
export async function startImport(key: string): Promise<void> {
  const { update, remove } = useImports.getState();
  const item = find(key);
  if (item?.grant === null || item?.grant === undefined || item.phase.kind !== "planned") return;
  const abort = new AbortController();
  update(key, { phase: { kind: "running", progress: null, abort } });
  await caseReady;
  const result = await runImportOf(
    item.grant,
    item.phase.plan.importer,
    item.options,
    abort,
    (progress) => {
      update(key, { phase: { kind: "running", progress, abort } });
    },
  );
  if (result.ok || result.error.kind === "cancelled") {
    remove(key);
    if (!result.ok) {
      useSession.getState().notify({
        kind: "info",
        message: `The import of ${item.name} was cancelled; nothing of it is in the case.`,
      });
    }
  } else {
    update(key, { phase: { kind: "failed", error: result.error } });
  }
}

/** Imports every previewed file that is not a duplicate, one after another. */
export async function startAllImports(): Promise<void> {
  const keys = useImports
    .getState()
    .pending.filter((p) => p.phase.kind === "planned" && p.duplicateOf === null)
    .map((p) => p.key);
  for (const key of keys) await startImport(key);
}

export function cancelImport(key: string): void {
  const item = find(key);
  if (item?.phase.kind === "running") item.phase.abort.abort();
  else useImports.getState().remove(key);
}

type RunResult = { ok: true; value: Evidence } | { ok: false; error: ImportError };

async function runImportOf(
  grant: Parameters<typeof importEvidence>[0]["grant"],
  importer: string,
  options: ImportOptions,
  abort: AbortController,
  onProgress: NonNullable<Parameters<typeof importEvidence>[0]["onProgress"]>,
): Promise<RunResult> {
  const { state, append } = useCase.getState();
  if (state === null) throw new Error("no case is open");
  return importEvidence({
    grant,
    importer,
    options,
    caseState: state,
    append: (...events) => append(...events),
    engine: getEngine(),
    ingest: getIngest(),
    signal: abort.signal,
    onProgress,
  });
}
