/**
 * How a literal may be spelt in a text. `exact`: any case, accents or none,
 * any white space for white space. `name`: also `Ann_Lee` or `ann.lee` for
 * `Ann Lee`. `compact`: letters and digits only, up to two separators between
 * any two of them.
 */
export type Spelling = "exact" | "name" | "compact";

export interface Literal<T> {
  readonly text: string;
  readonly item: T;
  /** Found only where no letter and no digit touches it. */
  readonly whole: boolean;
}

interface Node<T> {
  readonly next: Map<number, Node<T>>;
  literal: Literal<T> | null;
}

interface Found<T> {
  readonly start: number;
  readonly end: number;
  readonly item: T;
}

const IGNORED = 0;
const BLANK = 32;
const MOST_GAPS: Readonly<Record<Spelling, number>> = { exact: Infinity, name: 3, compact: 2 };
const GAPS: Readonly<Record<Spelling, RegExp>> = {
  exact: /\s/,
  name: /[\s._+-]/,
  compact: /[ \t\u00a0\u202f.\-/():_\u2010-\u2013]/,
};

/**
 * Finds many literals in one pass: a tree of their characters, walked from
 * every place where one may begin. The time grows with the text, not with the
 * number of literals.
 */
export class LiteralFinder<T> {
  readonly #root: Node<T> = { next: new Map(), literal: null };
  readonly #spelling: Spelling;
  readonly #isGap: (code: number) => boolean;

  constructor(spelling: Spelling, literals: readonly Literal<T>[]) {
    this.#spelling = spelling;
    this.#isGap = remembered((code) => GAPS[spelling].test(String.fromCharCode(code)));
    for (const literal of literals) this.#add(literal);
  }

  /** The longest literal at each place, from left to right, without overlap. */
  find(text: string): Found<T>[] {
    const found: Found<T>[] = [];
    if (this.#root.next.size === 0) return found;
    for (let at = 0; at < text.length;) {
      const match = this.#root.next.has(foldCode(text.charCodeAt(at)))
        ? this.#matchAt(text, at)
        : null;
      if (match) found.push(match);
      at = match ? match.end : at + 1;
    }
    return found;
  }

  #add(literal: Literal<T>): void {
    let node = this.#root;
    for (const code of this.#codesOf(literal.text)) {
      let next = node.next.get(code);
      if (!next) {
        next = { next: new Map(), literal: null };
        node.next.set(code, next);
      }
      node = next;
    }
    if (node !== this.#root) node.literal ??= literal;
  }

  #codesOf(text: string): number[] {
    const spelt = {
      exact: () => text.trim().replace(/\s+/g, " "),
      name: () => text.trim().replace(/(?<=[\p{L}\p{N}])[\s._+-]{1,3}(?=[\p{L}\p{N}])/gu, " "),
      compact: () => text.replace(/[^\p{L}\p{N}]/gu, ""),
    }[this.#spelling]();
    return Array.from({ length: spelt.length }, (_, i) => foldCode(spelt.charCodeAt(i))).filter(
      (code) => code !== IGNORED,
    );
  }

  #matchAt(text: string, start: number): Found<T> | null {
    let best: Found<T> | null = null;
    let node = this.#root;
    let gaps = 0;
    for (let at = start; at < text.length; at++) {
      const code = foldCode(text.charCodeAt(at));
      if (code === IGNORED) continue;
      const next = node.next.get(code);
      if (next && !(code === BLANK && gaps > 0)) {
        node = next;
        gaps = code === BLANK ? 1 : 0;
      } else {
        if (!this.#isGap(code) || gaps >= MOST_GAPS[this.#spelling]) break;
        if (gaps === 0 && this.#spelling !== "compact") {
          const afterBlank = node.next.get(BLANK);
          if (!afterBlank) break;
          node = afterBlank;
        }
        gaps++;
        continue;
      }
      const literal = node.literal;
      if (literal && (!literal.whole || isWhole(text, start, at + 1)))
        best = { start, end: at + 1, item: literal.item };
    }
    return best;
  }
}

/** Neither end cuts a word; scripts written without blanks have no such ends. */
function isWhole(text: string, start: number, end: number): boolean {
  return !isCut(text, start - 1, start) && !isCut(text, end, end - 1);
}

function isCut(text: string, outside: number, inside: number): boolean {
  let at = outside;
  const step = outside - inside;
  while (at >= 0 && at < text.length && foldCode(text.charCodeAt(at)) === IGNORED) at += step;
  return (
    at >= 0 && at < text.length && isWord(text.charCodeAt(at)) && isWord(text.charCodeAt(inside))
  );
}

const isWord = remembered((code) => {
  const character = String.fromCharCode(code);
  return (
    /[\p{L}\p{N}]/u.test(character) &&
    !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u.test(
      character,
    )
  );
});

/** A UTF-16 unit in lower case and without its accent; 0 for what cannot be seen. */
const foldCode = remembered((code) => {
  const character = String.fromCharCode(code);
  if (/[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]/.test(character)) return IGNORED;
  if (/\s/.test(character)) return BLANK;
  if (character === "’") return 39;
  const folded = character.normalize("NFD").charAt(0).toLowerCase();
  return folded.length === 1 ? folded.charCodeAt(0) : code;
});

/** A function of UTF-16 units that computes each answer once. */
function remembered<T>(compute: (code: number) => T): (code: number) => T {
  const answers: (T | undefined)[] = [];
  return (code) => (answers[code] ??= compute(code));
}
