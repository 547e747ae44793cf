import { Button, FormGroup, HTMLSelect, InputGroup } from "@blueprintjs/core";
import { useRef, useState } from "react";
import type { Desk } from "./desk.ts";

/** A longer one is no post-mortem. */
const MOST_BYTES = 2_000_000;

/** Opens a text file; what it cannot take is told, with what to do. */
export function OpenText({
  disabled,
  onText,
}: {
  readonly disabled: boolean;
  readonly onText: (name: string, text: string) => void;
}) {
  const input = useRef<HTMLInputElement | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const open = async (file: File | undefined) => {
    if (file === undefined) return;
    const text = file.size > MOST_BYTES ? "" : await file.text();
    const wrong = problemOf(file, text);
    setProblem(wrong);
    if (wrong === null) onText(file.name, text);
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Text or Markdown file"
        accept=".txt,.md,.markdown,text/plain,text/markdown"
        onChange={(event) => {
          const { currentTarget } = event;
          void open(currentTarget.files?.[0]).then(() => {
            currentTarget.value = "";
          });
        }}
      />
      <Button
        size="small"
        text="Open a file…"
        disabled={disabled}
        onClick={() => {
          input.current?.click();
        }}
      />
      {problem !== null && (
        <span role="alert" className="iq-time-problem">
          {problem}
        </span>
      )}
    </>
  );
}

function problemOf(file: File, text: string): string | null {
  if (file.size > MOST_BYTES)
    return `${file.name} is larger than 2 MB. Save the part that tells of the incident as text, or add a log under Evidence.`;
  if (text.includes("\0") || text.includes("\uFFFD"))
    return `${file.name} is not text in UTF-8. Save the page as text or Markdown and open that.`;
  return text.trim() === "" ? `${file.name} is empty.` : null;
}

const OFFSETS = [
  ...Array.from({ length: 27 }, (_, k) => (k - 12) * 60),
  ...[-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765],
].sort((a, b) => a - b);

function offsetText(minutes: number): string {
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  const rest = String(size % 60).padStart(2, "0");
  return `UTC${minutes < 0 ? "−" : "+"}${String(Math.floor(size / 60)).padStart(2, "0")}:${rest}`;
}

interface AssumedFieldsProps {
  readonly desk: Desk;
  /** What the text leaves open. */
  readonly needs: { readonly date: boolean; readonly zone: boolean };
  readonly disabled: boolean;
  readonly onChange: (some: Partial<Desk>) => void;
}

/** What is to be assumed where the text is silent; only what it is silent about. */
export function AssumedFields({ desk, needs, disabled, onChange }: AssumedFieldsProps) {
  return (
    <div className="iq-pm-assumed">
      <FormGroup label="Name of the text" labelFor="pm-name">
        <InputGroup
          id="pm-name"
          size="small"
          value={desk.name}
          disabled={disabled}
          onValueChange={(name) => {
            onChange({ name });
          }}
        />
      </FormGroup>
      {needs.date && (
        <FormGroup label="Day, where the text names none" labelFor="pm-day">
          <InputGroup
            id="pm-day"
            size="small"
            type="date"
            value={desk.day}
            disabled={disabled}
            onValueChange={(day) => {
              onChange({ day });
            }}
          />
        </FormGroup>
      )}
      {needs.zone && (
        <FormGroup label="Zone, where the text names none" labelFor="pm-zone">
          <HTMLSelect
            id="pm-zone"
            value={String(desk.zoneMinutes)}
            disabled={disabled}
            options={OFFSETS.map((m) => ({ value: String(m), label: offsetText(m) }))}
            onChange={(event) => {
              onChange({ zoneMinutes: Number(event.currentTarget.value) });
            }}
          />
        </FormGroup>
      )}
    </div>
  );
}
