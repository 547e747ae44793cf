import { Button } from "@blueprintjs/core";
import { CrossIcon, EditIcon } from "@blueprintjs/icons";
import { memo } from "react";
import type { TimelineNote } from "../../../shared/model/timeline-note.ts";
import { removeNote } from "../../data/timeline-notes.ts";
import { useView } from "../../state/view-store.ts";
import { integer, time } from "../../widgets/format.ts";

interface NotesListProps {
  readonly notes: readonly TimelineNote[];
  readonly readOnly: boolean;
  readonly onGo: (note: TimelineNote) => void;
  readonly onEdit: (note: TimelineNote) => void;
}

/** The notes of the case in the order of time. */
export const NotesList = memo(function NotesList(props: NotesListProps) {
  const { notes, readOnly, onGo, onEdit } = props;
  const zone = useView((s) => s.timezone);
  if (notes.length === 0) return null;
  const ordered = [...notes].sort((a, b) => a.at - b.at);
  return (
    <>
      <div className="iq-picker-head">
        <h2>Notes</h2>
        <span className="iq-muted">{integer(notes.length)}</span>
      </div>
      <ol className="iq-note-list" aria-label="Notes on the timeline">
        {ordered.map((note) => (
          <li key={note.id}>
            <button
              type="button"
              className="iq-link iq-note-go"
              title={note.text}
              onClick={() => {
                onGo(note);
              }}
            >
              <span className="iq-muted">{time(note.at, zone)}</span>
              <span className="iq-clip">{note.text}</span>
            </button>
            <Button
              size="small"
              variant="minimal"
              icon={<EditIcon size={12} />}
              aria-label={`Change the note ${note.text}`}
              disabled={readOnly}
              onClick={() => {
                onEdit(note);
              }}
            />
            <Button
              size="small"
              variant="minimal"
              icon={<CrossIcon size={12} />}
              aria-label={`Remove the note ${note.text}`}
              disabled={readOnly}
              onClick={() => void removeNote(note.id)}
            />
          </li>
        ))}
      </ol>
    </>
  );
});
