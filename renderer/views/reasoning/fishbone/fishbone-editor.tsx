import { useEffect, useRef } from "react";
import type { FishboneText } from "../../../../shared/reasoning/fishbone-text.ts";
import { DraftText } from "../../../data/draft-text.tsx";
import type { DraftKey } from "../../../data/drafts.ts";

interface FishboneEditorProps {
  readonly text: FishboneText;
  readonly scale: number;
  /** Width of the picture on the screen, beyond which the field does not reach. */
  readonly room: number;
  readonly value: string;
  readonly label: string;
  readonly onDone: (how: "stay" | "leave" | "beside") => void;
}

function draftKey({ kind, id }: FishboneText): DraftKey {
  switch (kind) {
    case "problem":
      return "text/problem";
    case "category":
      return `item/categories/${id}/name`;
    case "cause":
      return `item/causes/${id}/text`;
  }
}

/** The field over a text of the picture, at its place. */
export function FishboneEditor({ text, scale, room, value, label, onDone }: FishboneEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const input = place.current?.querySelector("input");
    input?.focus();
    input?.select();
  }, []);
  const width = Math.max(220, text.width * scale);
  return (
    <div
      ref={place}
      className="iq-fish-editor"
      style={{
        left: Math.max(0, Math.min(text.x * scale - 6, room - width)),
        top: text.y * scale + (text.height * scale - 30) / 2,
        width,
      }}
      onKeyDown={(e) => {
        // Keys in the field are not those of the picture.
        e.stopPropagation();
        if (e.key === "Enter") {
          e.preventDefault();
          onDone(e.ctrlKey || e.metaKey ? "beside" : "stay");
        } else if (e.key === "Escape") onDone("stay");
      }}
      onBlur={() => {
        onDone("leave");
      }}
    >
      <DraftText
        draftKey={draftKey(text)}
        label={label}
        value={value}
        placeholder={text.kind === "problem" ? "What went wrong, in one sentence" : ""}
        multiline={false}
        readOnly={false}
      />
    </div>
  );
}
