import { Button, TextArea } from "@blueprintjs/core";
import { useDeferredValue, useMemo, useState } from "react";
import { parseIso } from "../../../shared/base/time.ts";
import type { TimelineNote } from "../../../shared/model/timeline-note.ts";
import { readPostMortem, type PostMortem } from "../../../shared/postmortem/read-post-mortem.ts";
import { addReadNotes } from "../../data/timeline-notes.ts";
import { useCase } from "../../state/case-store.ts";
import { useView } from "../../state/view-store.ts";
import { EmptyState } from "../../widgets/empty-state.tsx";
import { count } from "../../widgets/format.ts";
import { useDesk, type Desk } from "./desk.ts";
import { EntryTable } from "./entry-table.tsx";
import { keyOf, noteOf, rowOf, type EntryRow } from "./entry-values.ts";
import { MarkedText } from "./marked-text.tsx";
import { AssumedFields, OpenText } from "./source-fields.tsx";
import "./postmortem.css";

const NO_NOTES: readonly TimelineNote[] = [];

/** A public post-mortem becomes events of the timeline: the start of a case without data. */
export default function PostMortemView() {
  const { desk, change } = useDesk();
  if (desk === null) return null;
  return <PostMortemDesk desk={desk} change={change} />;
}

interface PostMortemDeskProps {
  readonly desk: Desk;
  readonly change: (some: Partial<Desk>) => void;
}

function PostMortemDesk({ desk, change }: PostMortemDeskProps) {
  const zone = useView((s) => s.timezone);
  const notes = useCase((s) => s.state?.timelineNotes) ?? NO_NOTES;
  const readOnly = useCase((s) => s.opened?.readOnly !== null);
  const [isWriting, setWriting] = useState(desk.text === "");
  const [selected, setSelected] = useState<string | null>(null);
  const text = useDeferredValue(desk.text);
  const read = useMemo(
    () => readingOf(text, desk.day, desk.zoneMinutes),
    [text, desk.day, desk.zoneMinutes],
  );
  const rows = read.entries.map((e) => rowOf(e, desk.edits[keyOf(e)] ?? {}, zone, notes));
  const take = (name: string, taken: string) => {
    change({ name, text: taken, edits: {} });
    setWriting(false);
  };
  return (
    <div className="iq-split iq-pm">
      <div className="iq-pane iq-pm-source">
        <div className="iq-page-head">
          <h1>Read a post-mortem</h1>
          <OpenText disabled={readOnly} onText={take} />
          {desk.text !== "" && (
            <Button
              size="small"
              text={isWriting ? "Show the times" : "Edit the text"}
              disabled={readOnly}
              onClick={() => {
                setWriting(!isWriting);
              }}
            />
          )}
        </div>
        {isWriting ? (
          <TextArea
            fill
            className="iq-pm-writing"
            aria-label="Text of the post-mortem"
            placeholder="Paste the report here: text or Markdown. Its times are marked as you go; nothing leaves this computer."
            value={desk.text}
            readOnly={readOnly}
            onChange={(event) => {
              change({ text: event.currentTarget.value });
            }}
          />
        ) : (
          <MarkedText text={text} rows={rows} selected={selected} onSelect={setSelected} />
        )}
      </div>
      <div className="iq-pane iq-page">
        {rows.length === 0 ? (
          <EmptyState nested title={text === "" ? "No text yet" : "No times in this text"}>
            {text === ""
              ? "Paste a report, or open one. Its times become events that you check and put on the timeline: a case can begin before there are data."
              : "Times such as 14:03 UTC, 9:37 AM PST on 3 May or 2025-06-02 22:15 are found. Write them into the text, or put notes on the timeline by hand."}
          </EmptyState>
        ) : (
          <>
            <AddBar desk={desk} rows={rows} readOnly={readOnly} />
            <AssumedFields desk={desk} needs={read.needs} disabled={readOnly} onChange={change} />
            {read.repeated.length > 0 && (
              <p className="iq-muted">
                {count(read.repeated.length, "time")} repeated:{" "}
                {read.repeated
                  .map((r) => `“${r.said}” in line ${String(r.line)} as in line ${String(r.of)}`)
                  .join("; ")}
                .
              </p>
            )}
            <EntryTable
              rows={rows}
              zone={zone}
              selected={selected}
              readOnly={readOnly}
              onSelect={setSelected}
              onEdit={(key, edit) => {
                change({ edits: { ...desk.edits, [key]: { ...desk.edits[key], ...edit } } });
              }}
            />
          </>
        )}
      </div>
    </div>
  );
}

interface AddBarProps {
  readonly desk: Desk;
  readonly rows: readonly EntryRow[];
  readonly readOnly: boolean;
}

function AddBar({ desk, rows, readOnly }: AddBarProps) {
  const chosen = rows.filter((r) => r.chosen && !r.isAdded);
  const wrong = chosen.filter((r) => r.problem !== null).length;
  const added = rows.filter((r) => r.isAdded).length;
  const add = async () => {
    const notes = chosen.flatMap((row) => noteOf(row, desk.name.trim() || "Post-mortem") ?? []);
    if (await addReadNotes(notes)) useView.getState().show("timeline");
  };
  return (
    <div className="iq-page-head">
      <h2>{count(rows.length, "event")} read</h2>
      <span className="iq-muted">
        {added > 0 && `${String(added)} on the timeline already. `}
        {wrong > 0 && `${count(wrong, "event")} to be put right first.`}
      </span>
      <Button
        size="small"
        intent="primary"
        text={`Add ${count(chosen.length, "event")} to the timeline`}
        disabled={readOnly || chosen.length === 0 || wrong > 0}
        onClick={() => void add()}
      />
    </div>
  );
}

function readingOf(text: string, day: string, zoneMinutes: number): PostMortem {
  return readPostMortem(text, { reference: parseIso(day) ?? Date.now() * 1000, zoneMinutes });
}
