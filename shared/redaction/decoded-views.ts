import type { Sensitive } from "./sensitive.ts";

/** A text as it reads with its escapes decoded, and the way back into the text as it is written. */
interface View {
  readonly text: string;
  readonly toRaw: (at: number) => number;
}

const UTF8_PERCENT = String.raw`%(?:[0-7][\da-f]|[cd][\da-f]%[89ab][\da-f]|e[\da-f](?:%[89ab][\da-f]){2}|f[0-4](?:%[89ab][\da-f]){3})`;
const ENTITY = String.raw`&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,8});`;
const BACKSLASH = String.raw`\\(?:u[\da-f]{4}|x[\da-f]{2}|[nrt]|[!-%'-/:-@[-${"`"}{-~])`;
/** Soft hyphen, zero-width characters, and the places where HTML may break a word. */
const INVISIBLE = String.raw`[\u00ad\u200b-\u200d\u2060\ufeff]|<wbr ?/?>`;
const ESCAPE = new RegExp(`${UTF8_PERCENT}|${ENTITY}|${BACKSLASH}|${INVISIBLE}`, "gi");

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  shy: "",
  commat: "@",
  period: ".",
  colon: ":",
  plus: "+",
  lowbar: "_",
};
const CONTROLS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/**
 * What `find` finds in the text as written and in the text with percent,
 * HTML, JSON and Markdown escapes decoded, twice over (`&amp;` inside a JSON
 * string inside HTML). All offsets are those of the text as written; values
 * are as decoded. The lists may overlap.
 */
export function findInViews(
  text: string,
  find: (view: string) => readonly Sensitive[],
): Sensitive[] {
  const found = [...find(text)];
  let view: View | null = { text, toRaw: (at) => at };
  for (let depth = 0; depth < 2; depth++) {
    view = decodeView(view);
    if (view === null) break;
    const { toRaw } = view;
    for (const item of find(view.text))
      found.push({ ...item, start: toRaw(item.start), end: toRaw(item.end) });
  }
  return found;
}

/** The text with its escapes decoded once; null where it has none. */
function decodeView({ text, toRaw }: View): View | null {
  const parts: string[] = [];
  // Position after each escape: in the decoded text, and in the text before.
  const decodedEnds = [0];
  const rawEnds = [0];
  let length = 0;
  let rest = 0;
  for (const match of text.matchAll(ESCAPE)) {
    const decoded = decodeEscape(match[0]);
    if (decoded === null) continue;
    const plain = text.slice(rest, match.index);
    rest = match.index + match[0].length;
    parts.push(plain, decoded);
    length += plain.length + decoded.length;
    decodedEnds.push(length);
    rawEnds.push(rest);
  }
  if (parts.length === 0) return null;
  parts.push(text.slice(rest));
  return {
    text: parts.join(""),
    toRaw: (at) => {
      const index = lastAtMost(decodedEnds, at);
      return toRaw((rawEnds[index] ?? 0) + at - (decodedEnds[index] ?? 0));
    },
  };
}

function decodeEscape(escape: string): string | null {
  if (escape.startsWith("%")) return decodePercent(escape);
  if (escape.startsWith("&")) return decodeEntity(escape.slice(1, -1).toLowerCase());
  if (!escape.startsWith("\\")) return "";
  const kind = escape.charAt(1);
  if (escape.length > 2) return String.fromCharCode(Number.parseInt(escape.slice(2), 16));
  return CONTROLS[kind] ?? kind;
}

function decodePercent(escape: string): string | null {
  try {
    return decodeURIComponent(escape);
  } catch {
    return null;
  }
}

function decodeEntity(name: string): string | null {
  if (!name.startsWith("#")) return ENTITIES[name] ?? null;
  const hex = name.startsWith("#x");
  const code = Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
  if (code === 0xad || (code >= 0x200b && code <= 0x200d)) return "";
  return code <= 0x10ffff ? String.fromCodePoint(code) : null;
}

/** Index of the last number that is at most `limit`; the numbers ascend and start at 0. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
