import { createClock } from "../text-log/clock.ts";
import { readIso } from "../text-log/clocks.ts";
import type { JournalEntry, JournalValue } from "./entry.ts";
import type { Outcome } from "./entry.ts";

/** `Sun 2026-03-01 10:00:00.123456 UTC [s=…;i=1;b=…;m=…;t=64bf38889aa40;x=…]`; `t` is the time in µs, hexadecimal. */
export const VERBOSE_HEAD =
  /^(?:[^\s\d]+ )?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)(?: \S+)? \[(s=[0-9a-f]+;.*t=([0-9a-f]+).*)\]\s*$/;

const FIELD = /^ {4}([A-Z0-9_]{1,64})=(.*)$/s;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Reads `-o verbose` line by line: a head, then a field a line; what goes on is indented further. */
export class VerboseReader {
  #entry: Record<string, JournalValue> | null = null;
  #at = { line: 0, offset: 0 };
  #key: string | null = null;

  /** The entry before, where this line begins the next; or the refusal of this line. */
  push(
    bytes: Uint8Array,
    start: number,
    end: number,
    at: { line: number; offset: number },
  ): Outcome | null {
    const text = decoder.decode(bytes.subarray(start, end));
    const head = VERBOSE_HEAD.exec(text);
    if (head !== null) {
      const done = this.finish();
      const [, written = "", cursor = "", micros = ""] = head;
      this.#entry = { __CURSOR: cursor, __REALTIME_TIMESTAMP: instant(written, micros) };
      this.#at = at;
      this.#key = null;
      return done;
    }
    const field = FIELD.exec(text);
    if (field !== null && this.#entry !== null) {
      const [, key = "", value = ""] = field;
      const before = this.#entry[key];
      this.#entry[key] =
        before === undefined
          ? value
          : [...(Array.isArray(before) ? (before as string[]) : [before as string]), value];
      this.#key = key;
      return null;
    }
    if (this.#entry !== null && this.#key !== null && text.startsWith("    ")) {
      this.#goOn(text);
      return null;
    }
    if (text.trim() === "" || text.startsWith("-- ")) return null;
    return { ...at, entry: null, reason: "not part of a journal entry", text };
  }

  /** A line of a value with line breaks, indented by the width of `    KEY=`. */
  #goOn(text: string): void {
    const entry = this.#entry;
    const key = this.#key;
    if (entry === null || key === null) return;
    const indent = 4 + key.length + 1;
    const more = text.slice(0, indent).trim() === "" ? text.slice(indent) : text.trimStart();
    const value = entry[key];
    if (typeof value === "string") entry[key] = `${value}\n${more}`;
    else if (Array.isArray(value))
      entry[key] = [...(value as string[]).slice(0, -1), `${String(value.at(-1))}\n${more}`];
  }

  /** The entry that is open. */
  finish(): Outcome | null {
    const entry: JournalEntry | null = this.#entry;
    this.#entry = null;
    return entry === null ? null : { ...this.#at, entry, reason: "", text: "" };
  }
}

/** The cursor's time where it agrees with the written one to within a day (zones), else that one. */
function instant(written: string, hexadecimal: string): string {
  const bytes = encoder.encode(written);
  const clock = createClock(1970);
  readIso(bytes, 0, bytes.length, clock);
  const micros = parseInt(hexadecimal, 16);
  return String(Math.abs(micros - clock.micros) <= 86_400_000_000 ? micros : clock.micros);
}
