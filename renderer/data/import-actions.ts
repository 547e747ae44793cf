import type { Result } from "../../shared/base/result.ts";
import type { Grant, GrantOutcome } from "../../shared/contract/ipc.ts";
import type { MemberList } from "../../shared/contract/worker.ts";
import { FOLDER } from "../../shared/importers/containers/member-names.ts";
import type { ImportError } from "../../shared/importers/importer.ts";
import type { Evidence, ImportOptions } from "../../shared/model/evidence.ts";
import { useCase } from "../state/case-store.ts";
import { useImports, type PendingGroup, type PendingImport } from "../state/import-store.ts";
import { useSession } from "../state/session-store.ts";
import { useView } from "../state/view-store.ts";
import { importEvidence, sameEvidence, type ImportRequest } from "./import-evidence.ts";
import { ipc } from "./ipc-client.ts";
import { getEngine, getIngest } from "./services.ts";

let nextKey = 1;
/** Settles when the case that was opened last has its database. */
let caseReady: Promise<unknown> = Promise.resolve();

/** Imports that are asked for before this settles wait for it. */
export function importsWaitFor(ready: Promise<unknown>): void {
  caseReady = ready.catch(() => undefined);
}

/** Asks for leave to read these files and folders and previews each. */
export async function addPaths(paths: readonly string[]): Promise<void> {
  await addGrants(await ipc("evidence.grant", { paths: [...paths] }));
}

/** Takes files and folders into the list of pending imports and previews them. */
export async function addGrants(outcomes: readonly GrantOutcome[]): Promise<void> {
  const items = outcomes.map(toPending);
  useImports.getState().add(items);
  const [first] = items;
  if (first !== undefined) useView.getState().selectEvidence(first.key);
  const looks = items.flatMap((item) => (item.grant === null ? [] : [look(item, item.grant)]));
  await Promise.all(looks);
}

function toPending(outcome: GrantOutcome): PendingImport {
  const path = outcome.ok ? outcome.grant.path : outcome.path;
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return {
    key: newKey(),
    grant: outcome.ok ? outcome.grant : null,
    path,
    name,
    importer: "auto",
    options: {},
    group: null,
    member: null,
    chosen: true,
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

function newKey(): string {
  return `import-${nextKey++}`;
}

/** A file is previewed; of an archive, a folder, a workbook or a database each part is. */
async function look(item: PendingImport, grant: Grant): Promise<void> {
  const { key } = item;
  const listed = await getIngest().listMembers(grant);
  if (find(key) === undefined) return;
  if (!listed.ok) {
    useImports.getState().update(key, { phase: { kind: "failed", error: listed.error } });
  } else if (listed.value === null) {
    await plan(key);
  } else {
    const members = expand(item, grant, listed.value);
    void findDuplicates(members, grant.id);
    for (const member of members) if (member.chosen) await planListed(member.key);
  }
}

function expand(item: PendingImport, grant: Grant, list: MemberList): PendingImport[] {
  const group: PendingGroup = {
    key: newKey(),
    path: item.path,
    name: item.name,
    size: grant.size,
    isFolder: grant.isFolder,
    trouble: list.trouble,
    done: 0,
    running: false,
  };
  // A folder's own entry says nothing that its files do not.
  const files = list.members.filter((m) => m.skipped !== FOLDER);
  const members = files.map((member): PendingImport => ({
    ...item,
    key: newKey(),
    name: member.name,
    importer: member.importer ?? "auto",
    options: { member: member.name },
    group: group.key,
    member,
    chosen: member.skipped === null,
    phase: { kind: "listed" },
  }));
  useImports.getState().expand(item.key, group, members);
  const first = members.find((m) => m.chosen) ?? members[0];
  const { evidenceId, selectEvidence } = useView.getState();
  if (evidenceId === item.key) selectEvidence(first?.key ?? null);
  return members;
}

/** Previews a part that was only listed. */
async function planListed(key: string): Promise<void> {
  if (find(key)?.phase.kind !== "listed") return;
  useImports.getState().update(key, { phase: { kind: "planning" } });
  await plan(key);
}

/** Says that a part is to be imported, or not. */
export async function chooseMember(key: string, chosen: boolean): Promise<void> {
  useImports.getState().update(key, { chosen });
  if (chosen) await planListed(key);
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
  if (item.group === null) void findDuplicates([item], grant.id);
  const result = await getIngest().planFile(grant, item.importer, item.options);
  const current = find(key);
  if (current?.importer !== item.importer || current.options !== item.options) return;
  update(key, {
    phase: result.ok
      ? { kind: "planned", plan: result.value }
      : { kind: "failed", error: result.error },
    // A picture among the logs is no reason to keep the logs waiting.
    ...(!result.ok && item.member !== null && NO_EVIDENCE.has(result.error.kind)
      ? { chosen: false }
      : {}),
  });
}

/** Reasons for leaving out a part that nobody has asked for by name. */
const NO_EVIDENCE: ReadonlySet<ImportError["kind"]> = new Set(["empty", "binary", "unsupported"]);

/** The same content twice is recognised by its hash, before anything is imported. */
async function findDuplicates(items: readonly PendingImport[], grantId: string): Promise<void> {
  const answer = await ipc("evidence.hash", { grantId });
  const { state } = useCase.getState();
  if (!answer.ok || state === null) return;
  for (const { key, options } of items) {
    const same = sameEvidence(state, answer.value.sha256, options.member);
    if (same !== undefined || items.length === 1) {
      useImports.getState().update(key, { duplicateOf: same?.id ?? null });
    }
  }
}

/**
 * Imports one previewed file; it leaves the list when it has become evidence.
 * Takes and answers the SHA-256 of an original that was read a moment ago.
 */
export async function startImport(key: string, sha256?: string): Promise<string | undefined> {
  const { update, remove } = useImports.getState();
  const item = find(key);
  if (item?.grant === null || item?.grant === undefined || item.phase.kind !== "planned") {
    return sha256;
  }
  const abort = new AbortController();
  update(key, { phase: { kind: "running", progress: null, abort } });
  await caseReady;
  const result = await runImportOf({
    grant: item.grant,
    importer: item.phase.plan.importer,
    options: item.options,
    sha256,
    signal: abort.signal,
    onProgress: (progress) => {
      update(key, { phase: { kind: "running", progress, abort } });
    },
  });
  if (result.ok || result.error.kind === "cancelled") {
    remove(key);
    settleGroup(item.group, result.ok ? 1 : 0);
    if (!result.ok) {
      useSession.getState().notify({
        kind: "info",
        message: `The import of ${item.name} was cancelled; nothing of it is in the case.`,
      });
    }
  } else {
    update(key, { phase: { kind: "failed", error: result.error } });
  }
  return result.ok ? result.value.sha256 : undefined;
}

/** A group goes when nothing that was chosen is left of it. */
function settleGroup(key: string | null, imported: number): void {
  const { groups, pending, updateGroup, removeGroup } = useImports.getState();
  const group = groups.find((g) => g.key === key);
  if (group === undefined) return;
  const left = pending.some((p) => p.group === group.key && p.chosen && p.duplicateOf === null);
  if (left) updateGroup(group.key, { done: group.done + imported });
  else removeGroup(group.key);
}

/** Imports every previewed file that is not a duplicate, one after another. */
export async function startAllImports(): Promise<void> {
  let sha256: string | undefined;
  let group: string | null = null;
  for (const item of useImports.getState().pending.filter(isReady)) {
    if (item.group === null || item.group !== group) sha256 = undefined;
    group = item.group;
    sha256 = await startImport(item.key, sha256);
  }
}

/** True for a file that can be imported at once. */
export function isReady({ phase, duplicateOf, chosen }: PendingImport): boolean {
  return phase.kind === "planned" && duplicateOf === null && chosen;
}

/** Imports the chosen parts of a group, one after another; a part that fails leaves the others. */
export async function startGroup(group: string): Promise<void> {
  const { updateGroup, pending } = useImports.getState();
  const keys = pending
    .filter((p) => p.group === group && p.chosen && p.duplicateOf === null)
    .map((p) => p.key);
  updateGroup(group, { running: true });
  let sha256: string | undefined;
  for (const key of keys) {
    const item = find(key);
    if (item?.chosen !== true) continue;
    // Its turn may come before its preview.
    if (item.phase.kind === "listed" || item.phase.kind === "planning") await plan(key);
    sha256 = await startImport(key, sha256);
  }
  updateGroup(group, { running: false });
  settleGroup(group, 0);
}

export function cancelImport(key: string): void {
  const item = find(key);
  if (item?.phase.kind === "running") {
    item.phase.abort.abort();
    return;
  }
  useImports.getState().remove(key);
  settleGroup(item?.group ?? null, 0);
}

/** Takes a group off the list; a part that is being imported is cancelled. */
export function cancelGroup(group: string): void {
  const { pending, removeGroup } = useImports.getState();
  for (const { group: of, phase } of pending) {
    if (of === group && phase.kind === "running") phase.abort.abort();
  }
  removeGroup(group);
}

type Order = Pick<
  ImportRequest,
  "grant" | "importer" | "options" | "sha256" | "signal" | "onProgress"
>;

async function runImportOf(order: Order): Promise<Result<Evidence, ImportError>> {
  const { state, append } = useCase.getState();
  if (state === null) throw new Error("no case is open");
  return importEvidence({
    ...order,
    caseState: state,
    append: (...events) => append(...events),
    engine: getEngine(),
    ingest: getIngest(),
  });
}
