import { ACCOUNT, GAP, MIXED, VALUE, WORD } from "../chunk-kinds.ts";
import { EMPTY } from "../pieces.ts";

const WEIGHT_OF_VALUE = 2.75;

/** The cell of a value, and that of several values in a list. */
export const VALUE_CELL = 0;
export const SEVERAL_CELL = 1;

/**
 * Tokens as small numbers, with what the merging asks of them. Hashes come from
 * the texts, so that nothing depends on the order in which tokens arrive.
 */
export class Lexicon {
  readonly kinds: number[] = [VALUE, VALUE];
  readonly texts: string[] = ["<*>", "<*>"];
  readonly hashes: number[] = [0x9e3779b1, 0x7f4a7c15];
  /** For a gap, the cell of the same gap with its blanks as one; else itself. */
  readonly loose: number[] = [0, 1];
  private readonly weights: number[] = [WEIGHT_OF_VALUE, WEIGHT_OF_VALUE];
  private readonly ids = new Map<string, number>();

  cell(kind: number, text: string): number {
    if (kind === VALUE) return VALUE_CELL;
    const key = `${kind}${text}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.kinds.length;
    this.ids.set(key, id);
    this.kinds.push(kind);
    this.texts.push(text);
    this.hashes.push(hashText(key));
    this.weights.push(kind === GAP ? 0 : weightOf(kind, text));
    this.loose.push(id);
    if (kind === GAP) {
      const single = text.replace(/\s+/g, " ");
      // The marker keeps a loose gap apart from the same gap written with one blank.
      this.loose[id] = this.cellOfLoose(single);
    }
    return id;
  }

  private cellOfLoose(single: string): number {
    const key = `~${single}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.kinds.length;
    this.ids.set(key, id);
    this.kinds.push(GAP);
    this.texts.push(single);
    this.hashes.push(hashText(key));
    this.weights.push(0);
    this.loose.push(id);
    return id;
  }

  isGap(cell: number): boolean {
    return this.kinds[cell] === GAP;
  }

  isLooseGap(cell: number): boolean {
    return this.isGap(cell) && this.loose[cell] === cell;
  }

  /** A word whose being different says nothing yet. */
  isWord(cell: number): boolean {
    const kind = this.kinds[cell];
    return kind === WORD || kind === ACCOUNT;
  }

  isMixed(cell: number): boolean {
    return this.kinds[cell] === MIXED;
  }

  /** How much one more different text of this sort speaks for a place where values stand. */
  weight(cell: number): number {
    return this.weights[cell] ?? 1;
  }

  text(cell: number): string {
    return this.texts[cell] ?? "";
  }

  hash(cell: number): number {
    return this.hashes[this.loose[cell] ?? cell] ?? 0;
  }
}

/** Words that English sentences are held together by are never a value. */
const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  (
    "a an the of to in on at by for from with without as is are was were be been has have had not no " +
    "and or but if when while because due than then that this it its will would can could cannot must " +
    "may should do does did so too now yet already after before until since through into onto over " +
    "under between out off up down via per all any some other more most again only also still"
  ).split(" "),
);

/** NEW, FAIL_TASK_CLEANUP: a state, of which there are few and each means something else. */
const IN_CAPITALS = /^[A-Z][A-Z_]+$/;
/** com.example.Thing, host-name, snake_case, camelCase: names rather than English. */
const NAME_LIKE = /[._/\\$*+~-]|[a-z][A-Z]/;
const VERB_LIKE = /^[A-Za-z]?[a-z]{2,}(?:ed|ing|ly)$/;

function weightOf(kind: number, text: string): number {
  if (kind === EMPTY) return 2;
  if (kind === ACCOUNT) return 0.5;
  if (kind === MIXED) return 1.5;
  if (FUNCTION_WORDS.has(text.toLowerCase())) return -8;
  if (IN_CAPITALS.test(text)) return 0.25;
  if (NAME_LIKE.test(text)) return 1.25;
  return VERB_LIKE.test(text) ? 0.5 : 1;
}

export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
