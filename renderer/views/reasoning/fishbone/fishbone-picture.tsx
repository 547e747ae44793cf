import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent } from "react";
import { boneAt, type FishboneLayout } from "../../../../shared/reasoning/fishbone-layout.ts";
import type { FishboneText } from "../../../../shared/reasoning/fishbone-text.ts";
import { FishboneDrawing } from "./fishbone-drawing.tsx";
import { FishboneEditor } from "./fishbone-editor.tsx";
import { textTowards } from "./fishbone-keys.ts";

export interface FishboneWords {
  /** As written, unbroken. */
  readonly value: string;
  /** For who does not see where it stands. */
  readonly label: string;
  /** Label of the button that adds to it; null where nothing can hang on it. */
  readonly adds: string | null;
}

interface FishbonePictureProps {
  readonly layout: FishboneLayout;
  readonly fits: boolean;
  readonly readOnly: boolean;
  readonly current: string;
  readonly editing: string | null;
  readonly wordsOf: (text: FishboneText) => FishboneWords;
  readonly onCurrent: (id: string) => void;
  readonly onEdit: (id: string | null) => void;
  readonly onAdd: (id: string) => void;
  /** Another one on what this one hangs on. */
  readonly onAddBeside: (id: string) => void;
  readonly onRemove: (id: string) => void;
  readonly onMove: (causeId: string, categoryId: string) => void;
  readonly onMoveMenu: () => void;
}

const FIELD_LABELS: Readonly<Record<FishboneText["kind"], string>> = {
  problem: "Text of the problem",
  category: "Name of the category",
  cause: "Text of the cause",
};
const DRAGGED = "application/x-inquest-cause";
/** Larger than its own size a small fishbone need not be. */
const LARGEST = 1.25;

/** The fishbone, to be written on: each text is a button over the drawing. */
export function FishbonePicture(props: FishbonePictureProps) {
  const { layout, fits, readOnly, current, editing, wordsOf, onCurrent, onEdit } = props;
  const pane = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  const [target, setTarget] = useState<string | null>(null);
  useEffect(() => {
    if (pane.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      setRoom(entry?.contentRect.width ?? 0);
    });
    observer.observe(pane.current);
    return () => {
      observer.disconnect();
    };
  }, []);
  const scale = fits && room > 0 ? Math.min(LARGEST, room / layout.width) : 1;
  const boneUnder = (e: DragEvent): string | null => {
    const box = e.currentTarget.getBoundingClientRect();
    return boneAt(layout, (e.clientX - box.left) / scale, (e.clientY - box.top) / scale);
  };
  const focus = (id: string) => {
    onCurrent(id);
    pane.current?.querySelector<HTMLElement>(`[data-text="${id}"]`)?.focus();
  };
  const edited = layout.texts.find((t) => t.id === editing);
  return (
    <div ref={pane} className="iq-fish-pane">
      <div
        className="iq-fish-canvas"
        role="group"
        aria-label="Fishbone"
        style={{ width: layout.width * scale, height: layout.height * scale }}
        onDragOver={(e) => {
          if (!e.dataTransfer.types.includes(DRAGGED)) return;
          e.preventDefault();
          setTarget(boneUnder(e));
        }}
        onDragLeave={(e) => {
          if (!e.currentTarget.contains(e.relatedTarget as Node | null)) setTarget(null);
        }}
        onDrop={(e) => {
          const causeId = e.dataTransfer.getData(DRAGGED);
          const bone = boneUnder(e);
          setTarget(null);
          if (causeId === "" || bone === null) return;
          e.preventDefault();
          // The window takes what is dropped on it as files otherwise.
          e.stopPropagation();
          props.onMove(causeId, bone);
        }}
      >
        <FishboneDrawing layout={layout} scale={scale} targetId={target} hiddenId={editing} />
        {layout.texts.map((text) => (
          <TextButton
            key={text.id}
            text={text}
            scale={scale}
            words={wordsOf(text)}
            isCurrent={text.id === current}
            readOnly={readOnly}
            onFocus={() => {
              onCurrent(text.id);
            }}
            onEdit={() => {
              onEdit(text.id);
            }}
            onAdd={() => {
              props.onAdd(text.id);
            }}
            onKey={(e) => {
              handleKey(e, text, { ...props, focus });
            }}
          />
        ))}
        {edited !== undefined && !readOnly && (
          <FishboneEditor
            key={edited.id}
            text={edited}
            scale={scale}
            room={Math.max(layout.width * scale, room)}
            value={wordsOf(edited).value}
            label={FIELD_LABELS[edited.kind]}
            onDone={(how) => {
              onEdit(null);
              if (how !== "leave") focus(edited.id);
              if (how === "beside") props.onAddBeside(edited.id);
            }}
          />
        )}
      </div>
    </div>
  );
}

function handleKey(
  e: KeyboardEvent,
  text: FishboneText,
  {
    layout,
    readOnly,
    focus,
    onEdit,
    onAdd,
    onAddBeside,
    onRemove,
    onMoveMenu,
  }: FishbonePictureProps & { readonly focus: (id: string) => void },
): void {
  const done = () => {
    e.preventDefault();
    e.stopPropagation();
  };
  const next = e.ctrlKey || e.metaKey || e.altKey ? null : textTowards(layout.texts, text, e.key);
  if (next !== null) {
    done();
    focus(next);
  }
  if (readOnly) return;
  if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
    done();
    onAddBeside(text.id);
  } else if (e.key === "F2") {
    done();
    onEdit(text.id);
  } else if (e.key === "+" || e.key === "Insert") {
    done();
    onAdd(text.id);
  } else if ((e.key === "Delete" || e.key === "Backspace") && text.kind !== "problem") {
    done();
    onRemove(text.id);
  } else if (e.key === "m" && text.kind === "cause" && !e.ctrlKey && !e.metaKey && !e.altKey) {
    done();
    onMoveMenu();
  }
}

interface TextButtonProps {
  readonly text: FishboneText;
  readonly scale: number;
  readonly words: FishboneWords;
  readonly isCurrent: boolean;
  readonly readOnly: boolean;
  readonly onFocus: () => void;
  readonly onEdit: () => void;
  readonly onAdd: () => void;
  readonly onKey: (e: KeyboardEvent) => void;
}

/** One text of the picture: the place to click, and beside it the button that adds to it. */
function TextButton(props: TextButtonProps) {
  const { text, scale, words, isCurrent, readOnly, onFocus, onEdit, onAdd, onKey } = props;
  const isDraggable = text.kind === "cause" && !readOnly;
  return (
    <div
      className="iq-fish-text"
      data-kind={text.kind}
      data-current={isCurrent ? "true" : undefined}
      style={{
        left: text.x * scale,
        top: text.y * scale,
        width: text.width * scale,
        height: text.height * scale,
      }}
      draggable={isDraggable}
      onDragStart={(e) => {
        e.dataTransfer.setData(DRAGGED, text.id);
        e.dataTransfer.effectAllowed = "move";
      }}
    >
      <button
        type="button"
        className="iq-fish-hit"
        data-text={text.id}
        aria-label={words.label}
        tabIndex={isCurrent ? 0 : -1}
        onFocus={onFocus}
        onClick={() => {
          onFocus();
          if (!readOnly) onEdit();
        }}
        onKeyDown={onKey}
      />
      {words.adds !== null && !readOnly && (
        <button
          type="button"
          className="iq-fish-add"
          aria-label={words.adds}
          title={words.adds}
          tabIndex={isCurrent ? 0 : -1}
          onClick={onAdd}
        >
          +
        </button>
      )}
    </div>
  );
}
