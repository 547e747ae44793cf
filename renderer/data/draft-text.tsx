import { TextArea, InputGroup } from "@blueprintjs/core";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { commitDraft, keepDraft, type DraftKey } from "./drafts.ts";

export interface DraftTextProps {
  readonly draftKey: DraftKey;
  readonly label: string;
  /** What the journal says. */
  readonly value: string;
  readonly placeholder?: string;
  readonly multiline: boolean;
  readonly readOnly: boolean;
  /** What stands below the field, for the text as it is typed; `replace` puts another in its place. */
  readonly below?: (text: string, replace: (next: string) => void) => ReactNode;
}

/** Milliseconds without a key press after which the text becomes a journal event. */
const PAUSE = 1500;

/** A text field whose every key press is on disk before the next one. */
export function DraftText({
  draftKey,
  label,
  value,
  placeholder = "",
  multiline,
  readOnly,
  below,
}: DraftTextProps) {
  const [text, setText] = useState<string | null>(null);
  const timer = useRef<number | undefined>(undefined);
  const pending = useRef<string | null>(null);

  const commit = () => {
    window.clearTimeout(timer.current);
    const finished = pending.current;
    pending.current = null;
    if (finished === null) return;
    void commitDraft(draftKey, finished).then(() => {
      setText((t) => (t === finished ? null : t));
    });
  };
  const change = (next: string) => {
    setText(next);
    pending.current = next;
    void keepDraft(draftKey, next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(commit, PAUSE);
  };
  // A view that closes in the middle of a sentence hands the sentence in.
  const last = useRef(commit);
  useEffect(() => {
    last.current = commit;
  });
  useEffect(
    () => () => {
      last.current();
    },
    [],
  );

  const shared = {
    "aria-label": label,
    value: text ?? value,
    placeholder,
    readOnly,
    onBlur: commit,
  };
  const field = multiline ? (
    <TextArea
      {...shared}
      className="iq-draft"
      fill
      autoResize
      onChange={(e) => {
        change(e.currentTarget.value);
      }}
    />
  ) : (
    <InputGroup {...shared} className="iq-draft" fill onValueChange={change} />
  );
  if (below === undefined) return field;
  return (
    <div className="iq-draft-with">
      {field}
      <Below render={below} text={text ?? value} replace={change} />
    </div>
  );
}

interface BelowProps {
  readonly render: NonNullable<DraftTextProps["below"]>;
  readonly text: string;
  readonly replace: (next: string) => void;
}

function Below({ render, text, replace }: BelowProps) {
  return render(text, replace);
}
