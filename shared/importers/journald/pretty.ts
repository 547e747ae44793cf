import { KEPT_TEXT } from "../text.ts";
import type { Outcome } from "./entry.ts";
import { jsonEntry } from "./forms.ts";

/** Larger entries are refused, not buffered. */
const MAX_ENTRY = 64 * 1024 * 1024;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Reads `-o json-pretty` line by line: an entry goes from a line `{` to a line `}`. */
export class PrettyReader {
  #lines: string[] = [];
  #length = 0;
  #at = { line: 0, offset: 0 };

  /** The entry or refusal that this line completes. */
  push(
    bytes: Uint8Array,
    start: number,
    end: number,
    at: { line: number; offset: number },
  ): Outcome | null {
    const text = decoder.decode(bytes.subarray(start, end));
    // Inside an entry every line is indented: a brace at the margin begins the next one.
    const cut = text === "{" ? this.finish() : null;
    if (this.#lines.length === 0) {
      if (text.trim() === "") return cut;
      this.#at = at;
      this.#length = 0;
    }
    this.#lines.push(text);
    this.#length += end - start;
    if (text === "}" || this.#length > MAX_ENTRY) return cut ?? this.finish();
    return cut;
  }

  /** What is open. */
  finish(): Outcome | null {
    if (this.#lines.length === 0) return null;
    const bytes = encoder.encode(this.#lines.join("\n"));
    const text = this.#lines.join("\n").slice(0, KEPT_TEXT);
    this.#lines = [];
    const read = jsonEntry(bytes, 0, bytes.length);
    if (read === null || typeof read === "string")
      return { ...this.#at, entry: null, reason: read ?? "empty", text };
    return { ...this.#at, entry: read, reason: "", text: "" };
  }
}
