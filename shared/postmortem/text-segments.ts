/**
 * A piece of a text that tells of one thing: a heading, a list item, a table row or
 * a sentence of prose. Its text has no Markdown and no look-alikes of times, but
 * every character stands where it stood.
 */
export interface Segment {
  readonly kind: "heading" | "item" | "sentence";
  /** Place in the whole text, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** What is left to look for times in; of the same length. */
  readonly text: string;
}

/** Numbers that look like times, dates or zones and are none. */
const LOOK_ALIKES: readonly RegExp[] = [
  /```[\s\S]*?(?:```|$)/gu,
  /`[^`\n]*`/gu,
  /\b[a-z]+:\/\/[^\s)>\]]+/giu,
  // Versions, addresses, commit hashes, ratios, shares, amounts.
  /\bv?\d+\.\d+\.\d+(?:[.-][\w.]+)*\b/gu,
  /\bv\d+(?:\.\d+)*\b/giu,
  /\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b/gu,
  /\b\d{1,3}:1\b/gu,
  /[~<>]?\d+(?:[.,]\d+)?\s?(?:%|percent\b|x\b|ms\b|gb\b|mb\b|kb\b|tb\b|rps\b|qps\b)/giu,
  /[$€£]\s?\d[\d.,]*\w?/gu,
  // The article in "13:42 a rule is deployed" is no half of a day.
  /(?<=\b\d{1,2}:\d\d(?::\d\d)? +)a(?= +(?!m\b)\p{L})/giu,
];
const MARKUP = /[*_`>#|[\]~≈]/gu;
const BULLET = /^[ \t]*(?:[-*+•]|\d+[.)])[ \t]+/u;
const HEADING = /^\s{0,3}#{1,6}\s|^\s*\*\*[^*\n]+\*\*\s*$/u;
const TIME_FIRST =
  /^\s*[|[(*_~≈]*\s*(?:\d{4}-\d\d-\d\d[T ]+)?[~≈]?\d{1,2}:\d\d|^\s*\d{4}-\d\d-\d\d\b/u;
const ROW = /^\s*\|/u;
const CONTINUES = /^[ \t]{2,}\S/u;

/** All segments, in the order of the text. */
export function segmentsOf(original: string): Segment[] {
  const text = masked(original);
  const segments: Segment[] = [];
  for (const block of blocksOf(original)) {
    const slice = text.slice(block.start, block.end);
    if (block.kind === "prose")
      segments.push(...sentencesOf(original, text, block.start, block.end));
    else segments.push({ ...block, kind: block.kind, text: slice });
  }
  return segments;
}

/** The sentences of a stretch of text. */
export function sentencesOf(original: string, text: string, start: number, end: number): Segment[] {
  const found: Segment[] = [];
  let from = start;
  const put = (upto: number) => {
    if (original.slice(from, upto).trim() !== "")
      found.push({ kind: "sentence", start: from, end: upto, text: text.slice(from, upto) });
    from = upto;
  };
  for (const match of original.slice(start, end).matchAll(/[.!?](?=\s+[\p{Lu}\d"“(])/gu)) {
    const before = original.slice(from, start + match.index);
    if (/\b(?:[ap]\.m|no|vs|e\.g|i\.e|approx|ca|st)$/iu.test(before)) continue;
    put(start + match.index + 1);
  }
  put(end);
  return found;
}

/** The text with Markdown, code and look-alikes blanked out; nothing moves. */
export function masked(original: string): string {
  const blank = (found: string) => found.replace(/[^\n]/gu, " ");
  return [...LOOK_ALIKES, MARKUP]
    .reduce((text, pattern) => text.replace(pattern, blank), original)
    .split("\n")
    .map((line) => line.replace(BULLET, blank))
    .join(" ");
}

interface Block {
  readonly kind: "heading" | "item" | "prose";
  readonly start: number;
  end: number;
}

function blocksOf(original: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | null = null;
  let at = 0;
  for (const line of original.split("\n")) {
    const [start, end] = [at, at + line.length];
    at = end + 1;
    const kind = kindOf(line);
    if (line.trim() === "") open = null;
    else if (open !== null && kind === "prose" && continues(open.kind, line)) open.end = end;
    else {
      open = { kind, start, end };
      blocks.push(open);
      if (kind === "heading") open = null;
    }
  }
  return blocks;
}

function kindOf(line: string): Block["kind"] {
  if (HEADING.test(line)) return "heading";
  return BULLET.test(line) || ROW.test(line) || TIME_FIRST.test(line) ? "item" : "prose";
}

/** Prose goes on over lines; an item only where its next line is indented. */
function continues(kind: Block["kind"], line: string): boolean {
  return kind === "prose" || CONTINUES.test(line);
}

/** Text without Markdown: emphasis, links, table bars, line ends. */
export function plain(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/gu, "$1")
    .replace(/^\s*(?:[-*+•]|\d+[.)]|#{1,6}|>)\s+/u, "")
    .replace(/\*{1,3}|`+/gu, "")
    .replace(/(?<![\p{L}\p{N}])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![\p{L}\p{N}])/gu, "")
    .replace(/\s+/gu, " ")
    .trim();
}
