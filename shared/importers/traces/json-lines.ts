import type { Source } from "../importer.ts";
import { elementsOf, jsonElements, parseJson, type JsonElement } from "../json-elements.ts";
import { objectOf } from "../json-fields.ts";
import { detectText, lines, type LineReject } from "../text.ts";

/** What the reason of an element begins with that the end of the file cuts off. */
export const CUT_OFF = "the file ends in the middle";

/** Whether the first line that is not blank is a whole JSON object. */
export function isJsonLines(head: Uint8Array): boolean {
  const [first] = elementsOf(head.subarray(0, firstBreak(head)), [""]);
  return first?.bad === null && objectOf(first.value) !== null;
}

/** End of the first line that is not blank. */
function firstBreak(head: Uint8Array): number {
  let filled = false;
  for (let i = 0; i < head.length; i++) {
    const byte = head[i] ?? 0;
    if (byte > 0x20) filled = true;
    else if (byte === 0x0a && filled) return i + 1;
  }
  return head.length;
}

/**
 * Whole documents where each is a line, so that one that is torn costs that
 * line only; else the elements at these paths.
 */
export function documentsOf(
  source: Source,
  head: Uint8Array,
  patterns: readonly string[],
): AsyncGenerator<JsonElement> {
  return patterns[0] === "" && isJsonLines(head)
    ? lineElements(source)
    : jsonElements(source, patterns);
}

async function* lineElements(source: Source): AsyncGenerator<JsonElement> {
  const format = detectText(await source.head());
  const rejected: LineReject[] = [];
  let torn: JsonElement | null = null;
  let document = 0;
  for await (const block of lines(source, format, { onReject: (r) => rejected.push(r) })) {
    for (let i = 0; i < block.count; i++) {
      const bytes = trimmed(block.bytes.subarray(block.starts[i] ?? 0, block.ends[i] ?? 0));
      if (bytes.length === 0) continue;
      if (torn !== null) yield { ...torn, bad: "the line ends in the middle of its document" };
      torn = null;
      const element = elementOf(bytes, document++, block.firstLine + i, block.offsets[i] ?? -1);
      if (element.bad !== null && isTorn(bytes)) torn = element;
      else yield element;
    }
    for (const reject of rejected.splice(0)) yield rejectedElement(reject, document++);
  }
  if (torn !== null) yield { ...torn, bad: `${CUT_OFF} of it` };
  for (const reject of rejected) yield rejectedElement(reject, document++);
}

/** Without blanks at the ends, commas behind, and the record separators of RFC 7464. */
function trimmed(line: Uint8Array): Uint8Array {
  let start = 0;
  let end = line.length;
  while (start < end && (line[start] ?? 0) <= 0x20) start++;
  while (end > start && ((line[end - 1] ?? 0) <= 0x20 || line[end - 1] === 0x2c)) end--;
  return line.subarray(start, end);
}

const decoder = new TextDecoder();

function elementOf(bytes: Uint8Array, document: number, line: number, offset: number): JsonElement {
  const text = decoder.decode(bytes);
  const { value, bad } = parseJson(text);
  const pattern = bad === null ? 0 : -1;
  return { pattern, path: [], document, value, bad, line, offset, text: () => text };
}

/** A document that goes on behind the line: nothing in it is wrong so far. */
function isTorn(bytes: Uint8Array): boolean {
  return elementsOf(bytes, [""]).length === 0;
}

function rejectedElement(reject: LineReject, document: number): JsonElement {
  const { line, offset, reason: bad, text } = reject;
  return { pattern: -1, path: [], document, value: undefined, bad, line, offset, text: () => text };
}
