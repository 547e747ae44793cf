import { GAP } from "./chunk-kinds.ts";

/** The kind of a place between brackets or behind an equals sign where nothing stands. */
export const EMPTY = 5;

/**
 * Calls `take` for each token, with the gaps cut open where a value is left out:
 * `()`, `[]`, `{}`, `""`, `''` and `key= `. So `from 1.2.3.4 ()` and
 * `from 1.2.3.4 (host)` have their places in common.
 */
export function eachPiece(
  kinds: ArrayLike<number>,
  texts: readonly string[],
  take: (kind: number, text: string) => void,
): void {
  texts.forEach((text, i) => {
    const kind = kinds[i] ?? GAP;
    if (kind !== GAP || text.length < 2 || !MAY_BE_OPEN.test(text)) {
      take(kind, text);
      return;
    }
    let rest = text;
    for (let match = OPEN.exec(rest); match !== null; match = OPEN.exec(rest)) {
      const cut = match.index + match[0].length;
      take(GAP, rest.slice(0, cut));
      take(EMPTY, "");
      rest = rest.slice(cut);
    }
    take(GAP, rest);
  });
}

const MAY_BE_OPEN = /\(\)|\[\]|\{\}|""|''|^=[\s,;)\]}]/;
/** Where a gap is cut: behind an opening mark whose closing mark follows at once. */
const OPEN = /\((?=\))|\[(?=\])|\{(?=\})|"(?=")|'(?=')|^=(?=[\s,;)\]}])/;
