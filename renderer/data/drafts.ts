import type { CaseEvent } from "../../shared/case/events.ts";
import type { CaseState } from "../../shared/model/case.ts";
import { useCase } from "../state/case-store.ts";
import { ipc } from "./ipc-client.ts";

/**
 * A text being typed is kept on disk at once (`drafts.json`), and becomes a
 * journal event when the person pauses or leaves the field. After a crash the
 * drafts are turned into events when the case is opened.
 */
export type DraftKey = "summary" | `finding/${string}/note` | `finding/${string}/title`;

/** Kept like a draft, but becomes no event: a text that is being worked on. */
export type DeskKey = "post-mortem";

const latest = new Map<DraftKey | DeskKey, string | null>();
let writing: Promise<void> | null = null;

/** Keeps the text; calls while a write is under way are folded into the next. */
export function keepDraft(key: DraftKey | DeskKey, text: string | null): Promise<void> {
  latest.set(key, text);
  writing ??= drain().finally(() => {
    writing = null;
  });
  return writing;
}

async function drain(): Promise<void> {
  while (latest.size > 0) {
    const path = useCase.getState().opened?.path;
    const [entry] = latest;
    if (entry === undefined) return;
    const [key, text] = entry;
    latest.delete(key);
    if (path !== undefined) await ipc("case.saveDraft", { path, key, text });
  }
}

/** A text that lies on the desk of the open case; null where none does. */
export async function readDesk(key: DeskKey): Promise<string | null> {
  const path = useCase.getState().opened?.path;
  if (path === undefined) return null;
  return latest.get(key) ?? (await ipc("case.drafts", { path }))[key] ?? null;
}

/** The event that a finished text becomes. */
export function eventOf(key: DraftKey, text: string): CaseEvent {
  if (key === "summary") return { type: "summary/edited", data: { text } };
  const id = key.slice("finding/".length, key.lastIndexOf("/"));
  return key.endsWith("/title")
    ? { type: "finding/edited", data: { id, title: text } }
    : { type: "finding/edited", data: { id, note: text } };
}

/** Appends the finished text to the journal and lets go of the draft. */
export async function commitDraft(key: DraftKey, text: string): Promise<void> {
  if (await useCase.getState().append(eventOf(key, text))) await keepDraft(key, null);
}

/** Texts that a crash left as drafts, as events; drafts equal to the state are dropped. */
export async function recoverDrafts(path: string, state: CaseState): Promise<number> {
  const drafts = await ipc("case.drafts", { path });
  let recovered = 0;
  for (const [key, text] of Object.entries(drafts)) {
    if (!isDraftKey(key)) continue;
    if (current(key, state) === text) await keepDraft(key, null);
    else if (current(key, state) !== null) {
      await commitDraft(key, text);
      recovered += 1;
    }
  }
  return recovered;
}

function isDraftKey(key: string): key is DraftKey {
  return key === "summary" || /^finding\/.+\/(note|title)$/.test(key);
}

function current(key: DraftKey, state: CaseState): string | null {
  if (key === "summary") return state.summary;
  const id = key.slice("finding/".length, key.lastIndexOf("/"));
  const finding = state.findings.find((f) => f.id === id);
  if (finding === undefined) return null;
  return key.endsWith("/title") ? finding.title : finding.note;
}
