import { repairUtf8 } from "../text.ts";
import type { JournalEntry, JournalValue } from "./entry.ts";
import { VERBOSE_HEAD } from "./verbose.ts";

export type JournalForm = "json" | "pretty" | "export" | "verbose";

const decoder = new TextDecoder();

/** The form in which the first bytes of a file hold a journal, or null. */
export function formOf(head: Uint8Array): JournalForm | null {
  const text = decoder.decode(head.subarray(0, 16 * 1024)).replace(/^\ufeff/, "");
  if (/^\s*(?:__CURSOR|__REALTIME_TIMESTAMP)=/.test(text)) return "export";
  // Older versions write a blank behind the brace.
  if (/^(?:data: |\u001e)?\{ ?"/.test(text)) {
    // A key may be told from a text by the colon behind it.
    const first = text.slice(0, text.includes("\n") ? text.indexOf("\n") : text.length);
    const cursor = /"__CURSOR"\s*:\s*"s=/.test(first) || /"_BOOT_ID"\s*:/.test(first);
    return cursor && /"__REALTIME_TIMESTAMP"\s*:\s*"\d+"/.test(first) ? "json" : null;
  }
  // json-pretty: the keys stand on lines of their own, in any order.
  if (/^\{\n\t"[A-Z_]/.test(text)) {
    const first = text.slice(0, text.includes("\n}") ? text.indexOf("\n}") : text.length);
    const own = /^\t"(?:__CURSOR|_BOOT_ID)" : /m.test(first);
    return own && /^\t"__REALTIME_TIMESTAMP" : "\d+"/m.test(first) ? "pretty" : null;
  }
  return VERBOSE_HEAD.test(text.slice(0, 1000).split("\n")[0] ?? "") ? "verbose" : null;
}

/** An entry of `-o json`, why the line is none, or null for a line that holds nothing. */
export function jsonEntry(
  bytes: Uint8Array,
  start: number,
  end: number,
): JournalEntry | string | null {
  let from = start;
  // json-seq begins each entry with RS, json-sse with `data: `.
  if (bytes[from] === 0x1e) from++;
  const text = decoder.decode(bytes.subarray(from, end)).replace(/^data: /, "");
  if (text.trim() === "") return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "not valid JSON";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return "valid JSON, but no journal entry";
  const entry: Record<string, JournalValue> = {};
  for (const [key, field] of Object.entries(value)) entry[key] = fieldOf(field);
  return entry;
}

/** A text, null, an array of bytes (not UTF-8, or with control characters), or an array of these. */
function fieldOf(value: unknown): JournalValue {
  if (typeof value === "string" || value === null) return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (value.length > 0 && value.every(isByte)) return bytesText(Uint8Array.from(value));
  return value.map((one) => {
    const field = fieldOf(one);
    return typeof field === "string" || field === null ? field : field.join("");
  });
}

function isByte(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 255;
}

/** Bytes as text: UTF-8, or Windows-1252 where they are not. */
export function bytesText(bytes: Uint8Array): string {
  return decoder.decode(repairUtf8(bytes, 0, bytes.length));
}
