import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  FormGroup,
  HTMLSelect,
  InputGroup,
  TextArea,
} from "@blueprintjs/core";
import { useState } from "react";
import { Layer } from "../../../shared/model/role.ts";
import type { TimelineNote } from "../../../shared/model/timeline-note.ts";
import { addNote, editNote } from "../../data/timeline-notes.ts";
import { useView } from "../../state/view-store.ts";
import { localText, parseLocal } from "../../widgets/local-time.ts";
import { LAYER_WORDS } from "../../widgets/tags.tsx";

/** Kinds that are offered; others may be typed. */
const KINDS = ["note", "deployment", "config", "alert", "detection", "mitigation", "rollback"];

/** A note that is there, or the time at which a new one shall stand. */
export type NoteDraft =
  | { readonly kind: "change"; readonly note: TimelineNote }
  | { readonly kind: "new"; readonly at: number };

interface NoteDialogProps {
  readonly draft: NoteDraft;
  readonly onClose: () => void;
}

/** Writes a note, or changes one. */
export function NoteDialog({ draft, onClose }: NoteDialogProps) {
  const zone = useView((s) => s.timezone);
  const note = draft.kind === "change" ? draft.note : undefined;
  const [text, setText] = useState(note?.text ?? "");
  const [from, setFrom] = useState(
    localText(draft.kind === "new" ? draft.at : draft.note.at, zone),
  );
  const [to, setTo] = useState(localText(note?.to ?? null, zone));
  const [layer, setLayer] = useState<Layer>(note?.layer ?? "people");
  const [kind, setKind] = useState(note?.kind ?? "note");
  const [service, setService] = useState(note?.service ?? "");
  const [problem, setProblem] = useState<string | null>(null);

  const save = async () => {
    const at = parseLocal(from, zone);
    const end = to.trim() === "" ? null : parseLocal(to, zone);
    const wrong = problemOf(text, at, to.trim() === "" ? "none" : end);
    setProblem(wrong);
    if (wrong !== null || at === null) return;
    const fields = {
      ...{ at, to: end, text: text.trim(), layer },
      kind: kind.trim() === "" ? "note" : kind.trim(),
      service: service.trim() === "" ? null : service.trim(),
    };
    const done = note === undefined ? await addNote(fields) : await editNote(note.id, fields);
    if (done) onClose();
  };
  return (
    <Dialog
      isOpen
      title={note === undefined ? "Note on the timeline" : "Change the note"}
      onClose={onClose}
      style={{ width: 480 }}
      transitionDuration={0}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <DialogBody>
          <FormGroup label="What happened" labelFor="note-text">
            <TextArea
              id="note-text"
              className="iq-note-text"
              autoFocus
              fill
              rows={2}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
              }}
            />
          </FormGroup>
          <div className="iq-note-fields">
            <FormGroup label={`When (${zone})`} labelFor="note-from">
              <InputGroup id="note-from" value={from} onValueChange={setFrom} />
            </FormGroup>
            <FormGroup label="Until" labelInfo="(if it lasted)" labelFor="note-to">
              <InputGroup id="note-to" value={to} onValueChange={setTo} />
            </FormGroup>
            <FormGroup label="Kind" labelFor="note-kind">
              <InputGroup id="note-kind" value={kind} onValueChange={setKind} list="note-kinds" />
              <datalist id="note-kinds">
                {KINDS.map((k) => (
                  <option key={k} value={k} />
                ))}
              </datalist>
            </FormGroup>
            <FormGroup label="Layer" labelFor="note-layer">
              <HTMLSelect
                id="note-layer"
                fill
                value={layer}
                options={Layer.options.map((value) => ({ value, label: LAYER_WORDS[value] }))}
                onChange={(event) => {
                  setLayer(Layer.parse(event.currentTarget.value));
                }}
              />
            </FormGroup>
            <FormGroup label="Service" labelInfo="(if one)" labelFor="note-service">
              <InputGroup id="note-service" value={service} onValueChange={setService} />
            </FormGroup>
          </div>
          {problem !== null && (
            <p role="alert" className="iq-time-problem">
              {problem}
            </p>
          )}
        </DialogBody>
        <DialogFooter
          actions={
            <>
              <Button text="Cancel" onClick={onClose} />
              <Button type="submit" intent="primary" text="Save" />
            </>
          }
        />
      </form>
    </Dialog>
  );
}

function problemOf(text: string, at: number | null, end: number | null | "none"): string | null {
  if (text.trim() === "") return "Write what happened.";
  if (at === null) return "The time is none. Write 2024-05-01 00:00.";
  if (end !== "none" && (end === null || end <= at))
    return "The end must be a time after the beginning, or empty.";
  return null;
}
