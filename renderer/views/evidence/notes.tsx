import type { ImportNote } from "../../../shared/model/evidence.ts";
import { integer } from "../../widgets/format.ts";

/** What a person should know of a file: assumptions, warnings, counts. */
export function Notes({ notes }: { notes: readonly ImportNote[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className="iq-notes" aria-label="Notes">
      {notes.map((note) => (
        <li key={note.message} data-kind={note.kind}>
          {note.kind === "warning" && <strong>Warning: </strong>}
          {note.message}
          {note.count !== undefined && note.count > 1 && (
            <span className="iq-muted"> ({integer(note.count)} times)</span>
          )}
        </li>
      ))}
    </ul>
  );
}
