import type { Layer } from "../model/role.ts";
import { EVENT_KINDS, SYMPTOM_LAYERS } from "./event-words.ts";

/** What a sentence beside a time tells. */
export interface Told {
  readonly text: string;
  readonly kind: string;
  readonly layer: Layer;
  /** The word that decided the kind; null where none did. */
  readonly word: string | null;
}

/** Kind and layer by the words that people use; the first kind that fits counts. */
export function tell(text: string): Told {
  const symptom = SYMPTOM_LAYERS.find((s) => s.words.test(text));
  for (const { kind, layer, words } of EVENT_KINDS) {
    const word = words.exec(text)?.[0];
    if (word === undefined) continue;
    return { text, kind, word, layer: layer === "serving" ? (symptom?.layer ?? layer) : layer };
  }
  return { text, kind: "note", word: null, layer: symptom?.layer ?? "serving" };
}

/** A quotation without the time in it. */
export function withoutTime(quote: string, said: string): string {
  return quote
    .replace(said, " ")
    .replace(/^[\s|:.,;()[\]~≈–—*-]+/u, "")
    .replace(/[\s|]+$/u, "")
    .replace(/\s*\|\s*/gu, " ")
    .replace(/\s+/gu, " ")
    .trim();
}

/** Words of three letters and more, in small letters. */
function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
}

/** Whether two sentences tell the same: two thirds of the words of the shorter. */
export function isAlike(a: string, b: string): boolean {
  const [first, second] = [wordsOf(a), wordsOf(b)];
  const common = [...first].filter((w) => second.has(w)).length;
  return common >= (2 / 3) * Math.max(1, Math.min(first.size, second.size));
}
