import type { TimelineNote } from "../../shared/model/timeline-note.ts";
import { useCase } from "../state/case-store.ts";

/** What a person fills in; the id comes with it. */
export type NoteFields = Omit<TimelineNote, "id" | "source">;

/** Puts a note on the timeline; false where the journal refused it. */
export function addNote(fields: NoteFields): Promise<boolean> {
  const note: TimelineNote = { ...fields, id: crypto.randomUUID(), source: null };
  return useCase.getState().append({ type: "timeline-notes/added", data: [note] });
}

/** Puts what was read from a text on the timeline, as one step. */
export function addReadNotes(read: readonly Omit<TimelineNote, "id">[]): Promise<boolean> {
  const notes = read.map((note) => ({ ...note, id: crypto.randomUUID() }));
  return useCase.getState().append({ type: "timeline-notes/added", data: notes });
}

export function editNote(id: string, fields: NoteFields): Promise<boolean> {
  return useCase.getState().append({ type: "timeline-note/edited", data: { id, ...fields } });
}

export function removeNote(id: string): Promise<boolean> {
  return useCase.getState().append({ type: "timeline-note/removed", data: { id } });
}
