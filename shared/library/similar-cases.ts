import type { CaseDigest } from "../model/library.ts";

/** A past case and why it is like the open one. */
export interface SimilarCase {
  readonly id: string;
  /** 0 to 1. */
  readonly likeness: number;
  /** Words of both texts, those that say most first. */
  readonly words: readonly string[];
  readonly suspects: readonly string[];
  readonly sameLayer: boolean;
}

/** How much each kind of likeness counts; a case without suspects or layers is compared by what is there. */
const TEXT = 0.6;
const SUSPECTS = 0.25;
const LAYER = 0.15;
const LEAST = 0.08;
const MOST = 8;
const MOST_WORDS = 6;

/**
 * Past cases like `open`, the most alike first: cosine of the TF-IDF vectors of
 * their texts (Salton, Wong and Yang, "A vector space model for automatic
 * indexing", CACM 1975; smoothed idf as in scikit-learn), Jaccard index of
 * their suspects, and whether a layer is the same.
 */
export function similarCases(open: CaseDigest, others: readonly CaseDigest[]): SimilarCase[] {
  const past = others.filter((c) => c.id !== open.id);
  const counted = [open, ...past].map((c) => countWords(c.text));
  const idf = inverseFrequencies(counted);
  const [own = new Map<string, number>(), ...vectors] = counted.map((words) => weigh(words, idf));
  return past
    .map((c, index): SimilarCase => {
      const vector = vectors[index] ?? new Map<string, number>();
      const suspects = open.suspects.filter((s) => c.suspects.includes(s));
      const sameLayer = c.layers.some((l) => open.layers.includes(l));
      return {
        id: c.id,
        likeness: likenessOf(open, c, cosine(own, vector), suspects.length, sameLayer),
        words: sharedWords(own, vector),
        suspects,
        sameLayer,
      };
    })
    .filter((c) => c.likeness >= LEAST)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, MOST);
}

function likenessOf(
  open: CaseDigest,
  other: CaseDigest,
  text: number,
  shared: number,
  sameLayer: boolean,
): number {
  let sum = TEXT * text;
  let whole = TEXT;
  const union = new Set([...open.suspects, ...other.suspects]).size;
  if (open.suspects.length > 0 && other.suspects.length > 0) {
    sum += SUSPECTS * (shared / union);
    whole += SUSPECTS;
  }
  if (open.layers.length > 0 && other.layers.length > 0) {
    sum += sameLayer ? LAYER : 0;
    whole += LAYER;
  }
  return sum / whole;
}

const STOP = new Set(
  "the and for was were are with that this from have has had not but which when then than them they their there its into over out our all any can could did does been being because after before between while who what where how why she him her his will would may might also only more most such same other some these those under about above case incident finding baseline".split(
    " ",
  ),
);

/** Words of three letters and more, also parts of names such as `user_gender`. */
function countWords(text: string): Map<string, number> {
  const words = new Map<string, number>();
  for (const [word] of text.toLowerCase().matchAll(/\p{L}[\p{L}\p{N}]{2,}/gu)) {
    if (!STOP.has(word)) words.set(word, (words.get(word) ?? 0) + 1);
  }
  return words;
}

/** ln((1 + n) / (1 + df)) + 1 */
function inverseFrequencies(texts: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const documents = new Map<string, number>();
  for (const words of texts) {
    for (const word of words.keys()) documents.set(word, (documents.get(word) ?? 0) + 1);
  }
  return new Map(
    [...documents].map(([word, df]) => [word, Math.log((1 + texts.length) / (1 + df)) + 1]),
  );
}

function weigh(words: ReadonlyMap<string, number>, idf: ReadonlyMap<string, number>) {
  return new Map([...words].map(([word, n]) => [word, n * (idf.get(word) ?? 0)]));
}

function cosine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let dot = 0;
  for (const [word, weight] of a) dot += weight * (b.get(word) ?? 0);
  const length = norm(a) * norm(b);
  return length === 0 ? 0 : dot / length;
}

function norm(vector: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const weight of vector.values()) sum += weight * weight;
  return Math.sqrt(sum);
}

function sharedWords(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): string[] {
  return [...a]
    .flatMap(([word, weight]): [string, number][] => {
      const other = b.get(word);
      return other === undefined ? [] : [[word, weight * other]];
    })
    .sort((x, y) => y[1] - x[1] || x[0].localeCompare(y[0]))
    .slice(0, MOST_WORDS)
    .map(([word]) => word);
}
