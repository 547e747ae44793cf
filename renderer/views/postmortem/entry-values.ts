import type { TimelineNote } from "../../../shared/model/timeline-note.ts";
import type { PostMortemEntry } from "../../../shared/postmortem/read-post-mortem.ts";
import { localText, parseLocal } from "../../widgets/local-time.ts";
import type { EntryEdit } from "./desk.ts";

/** An entry as it stands in the table: what was read, under what a person changed. */
export interface EntryRow {
  readonly key: string;
  readonly entry: PostMortemEntry;
  readonly chosen: boolean;
  /** As shown, in the zone of the window. */
  readonly atText: string;
  readonly toText: string;
  readonly text: string;
  readonly kind: string;
  readonly layer: PostMortemEntry["layer"];
  /** µs UTC; null where what is typed is no time. */
  readonly at: number | null;
  readonly to: number | null;
  /** What is wrong with it, in words. */
  readonly problem: string | null;
  readonly isAdded: boolean;
}

/** Keeps its edits when lines move; not when the time itself is rewritten. */
export function keyOf(entry: PostMortemEntry): string {
  return `${entry.said} · ${entry.quote}`;
}

export function rowOf(
  entry: PostMortemEntry,
  edit: EntryEdit,
  zone: string,
  added: readonly TimelineNote[],
): EntryRow {
  const atText = edit.at ?? localText(entry.at, zone);
  const toText = edit.to ?? localText(entry.to, zone);
  const at = edit.at === undefined ? entry.at : parseLocal(edit.at, zone);
  const to =
    edit.to === undefined ? entry.to : edit.to.trim() === "" ? null : parseLocal(edit.to, zone);
  const text = edit.text ?? entry.text;
  return {
    ...{ key: keyOf(entry), entry, atText, toText, at, to, text },
    chosen: edit.chosen ?? entry.isLikely,
    kind: edit.kind ?? entry.kind,
    layer: edit.layer ?? entry.layer,
    problem: problemOf(at, to, toText, text),
    isAdded: added.some(
      ({ source, at: noteAt, text: noteText }) =>
        source?.quote === entry.quote && (noteAt === at || noteText === text),
    ),
  };
}

function problemOf(
  at: number | null,
  to: number | null,
  toText: string,
  text: string,
): string | null {
  if (at === null) return "The time is none. Write 2024-05-01 00:00.";
  if (toText.trim() !== "" && (to === null || to <= at))
    return "The end must be a time after the beginning, or empty.";
  if (text.trim() === "") return "Write what happened.";
  return null;
}

/** The note that an entry becomes; null where something is wrong with it. */
export function noteOf(row: EntryRow, name: string): Omit<TimelineNote, "id"> | null {
  const { at, to, text, kind, layer, entry, problem } = row;
  if (at === null || problem !== null) return null;
  return {
    ...{ at, to, text: text.trim(), layer, service: null },
    kind: kind.trim() === "" ? "note" : kind.trim(),
    source: { name, line: entry.line, quote: entry.quote },
  };
}
