import { keepsOffsets, type TextFormat } from "../text.ts";
import { ESCAPE, withoutColours } from "./bytes.ts";

/** Whole lines of the file's first bytes, as UTF-8 without colours; of the first `limit` bytes. */
export function sampleLines(head: Uint8Array, format: TextFormat, limit: number): Uint8Array[] {
  const content = head.subarray(format.bom, limit);
  const bytes = keepsOffsets(format)
    ? content
    : new TextEncoder().encode(new TextDecoder(format.encoding).decode(content));
  const found: Uint8Array[] = [];
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(format.newline, start);
    // The last line of a cut sample may be half a line.
    if (newline < 0 && head.length >= limit && found.length > 0) break;
    const next = newline < 0 ? bytes.length : newline;
    const end = next > start && bytes[next - 1] === 0x0d ? next - 1 : next;
    const line = bytes.subarray(start, end);
    found.push(line.includes(ESCAPE) ? withoutColours(line, 0, line.length) : line);
    start = next + 1;
  }
  return found;
}
