import { FIRST_PREV, type CaseEvent, type JournalLine } from "./events.ts";

/** SHA-256 of a text in UTF-8, as lower-case hex. */
export type HashText = (text: string) => string;

/** A journal line before it has its hash. */
export type LineDraft = CaseEvent & {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly prev: string;
};

/** A place where the chain does not hold. */
export interface ChainBreak {
  /** 1-based line of the journal file. */
  readonly line: number;
  /** The line's content does not fit its own hash, its link does not fit the line before, or its number is out of turn. */
  readonly what: "content" | "link" | "number";
  readonly message: string;
}

/**
 * JSON with sorted keys and no white space, so that equal content always has
 * equal bytes. Members that are `undefined` are left out, as JSON does.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map((item: unknown) => canonicalJson(item ?? null)).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}

/** The draft with the SHA-256 of its canonical JSON as `hash`. */
export function sealLine(draft: LineDraft, hash: HashText): JournalLine {
  return { ...draft, hash: hash(canonicalJson(draft)) };
}

/**
 * Checks that every line has the content it was written with and follows the
 * one before. Takes the lines as parsed from the file, before any upgrade;
 * `null` stands for a line that could not be parsed (that is reported by the
 * reader, and the link after it cannot be judged).
 *
 * What a chain cannot show: lines cut off at the end, and a rewrite of every
 * line from some point to the end.
 */
export function verifyChain(lines: readonly unknown[], hash: HashText): ChainBreak[] {
  const breaks: ChainBreak[] = [];
  let expected: { prev: string; seq: number } | null = {
    prev: FIRST_PREV,
    seq: 1,
  };
  lines.forEach((value, index) => {
    const links = readLinks(value);
    if (links === null) {
      expected = null;
      return;
    }
    const line = index + 1;
    if (hash(canonicalJson(links.content)) !== links.hash) {
      breaks.push({
        line,
        what: "content",
        message: `Line ${String(line)} of the journal was changed after it was written: its content does not fit its SHA-256.`,
      });
    }
    if (expected !== null && links.prev !== expected.prev) {
      breaks.push({
        line,
        what: "link",
        message: `Line ${String(line)} of the journal does not follow the line before it: a line was changed, removed or inserted there.`,
      });
    } else if (expected !== null && links.seq !== expected.seq) {
      breaks.push({
        line,
        what: "number",
        message: `Line ${String(line)} of the journal has the number ${String(links.seq)} where ${String(expected.seq)} was expected.`,
      });
    }
    expected = { prev: links.hash, seq: links.seq + 1 };
  });
  return breaks;
}

/** The members that link a line into the chain, and the content that its hash covers; null if it has none. */
export function readLinks(value: unknown): {
  seq: number;
  prev: string;
  hash: string;
  content: Record<string, unknown>;
} | null {
  if (typeof value !== "object" || value === null) return null;
  const { hash, ...content } = value as Record<string, unknown>;
  const { seq, prev } = content;
  if (typeof seq !== "number" || typeof prev !== "string" || typeof hash !== "string") return null;
  return { seq, prev, hash, content };
}
