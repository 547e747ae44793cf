import type { CaseEvent } from "../../shared/case/events.ts";
import { textOf } from "../../shared/case/items.ts";
import type { CaseState } from "../../shared/model/case.ts";
import { CollectionName, TextKey, type Collection } from "../../shared/model/reasoning.ts";
import { useCase } from "../state/case-store.ts";
import { ipc } from "./ipc-client.ts";

/**
 * A text being typed is kept on disk at once (`drafts.json`), and becomes a
 * journal event when the person pauses or leaves the field. After a crash the
 * drafts are turned into events when the case is opened.
 */
export type DraftKey =
  | "summary"
  | `finding/${string}/note`
  | `finding/${string}/title`
  /** A text that belongs to no item. */
  | `text/${TextKey}`
  /** A text field of an item: collection, id, field. */
  | `item/${Collection}/${string}/${string}`;

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

/** What a key means. */
type Subject =
  | { readonly kind: "summary" }
  | { readonly kind: "finding"; readonly id: string; readonly field: "title" | "note" }
  | { readonly kind: "text"; readonly key: TextKey }
  | {
      readonly kind: "item";
      readonly collection: Collection;
      readonly id: string;
      readonly field: string;
    };

/** Ids may hold slashes; null where it is no key of a draft. */
function subjectOf(key: string): Subject | null {
  if (key === "summary") return { kind: "summary" };
  const finding = /^finding\/(.+)\/(note|title)$/s.exec(key);
  if (finding !== null) {
    return {
      kind: "finding",
      id: finding[1] ?? "",
      field: finding[2] === "note" ? "note" : "title",
    };
  }
  if (key.startsWith("text/")) {
    const text = TextKey.safeParse(key.slice("text/".length));
    return text.success ? { kind: "text", key: text.data } : null;
  }
  const item = /^item\/([^/]+)\/(.+)\/([^/]+)$/s.exec(key);
  const collection = CollectionName.safeParse(item?.[1]);
  if (item === null || !collection.success) return null;
  return { kind: "item", collection: collection.data, id: item[2] ?? "", field: item[3] ?? "" };
}

/** The event that a finished text becomes. */
function eventOf(subject: Subject, text: string): CaseEvent {
  switch (subject.kind) {
    case "summary":
      return { type: "summary/edited", data: { text } };
    case "text":
      return { type: "text/edited", data: { key: subject.key, text } };
    case "finding":
      return { type: "finding/edited", data: { id: subject.id, [subject.field]: text } };
    case "item": {
      const { collection, id, field } = subject;
      return { type: "item/text-edited", data: { collection, id, field, text } };
    }
  }
}

/** Appends the finished text to the journal and lets go of the draft. */
export async function commitDraft(key: DraftKey, text: string): Promise<void> {
  const subject = subjectOf(key);
  if (subject === null) throw new Error(`no such draft: ${key}`);
  if (await useCase.getState().append(eventOf(subject, text))) await keepDraft(key, null);
}

/** Texts that a crash left as drafts, as events; drafts equal to the state are dropped. */
export async function recoverDrafts(path: string, state: CaseState): Promise<number> {
  const drafts = await ipc("case.drafts", { path });
  let recovered = 0;
  for (const [key, text] of Object.entries(drafts)) {
    const subject = subjectOf(key);
    if (subject === null) continue;
    const now = current(subject, state);
    if (now === text) await keepDraft(key as DraftKey, null);
    else if (now !== null) {
      await commitDraft(key as DraftKey, text);
      recovered += 1;
    }
  }
  return recovered;
}

/** What the journal says; null where the thing is gone. */
function current(subject: Subject, state: CaseState): string | null {
  switch (subject.kind) {
    case "summary":
      return state.summary;
    case "text":
      return state.texts[subject.key] ?? "";
    case "finding":
      return state.findings.find((f) => f.id === subject.id)?.[subject.field] ?? null;
    case "item": {
      const list: readonly { id: string }[] = state.items[subject.collection];
      const item = list.find((i) => i.id === subject.id);
      return item === undefined ? null : textOf(item, subject.field);
    }
  }
}
