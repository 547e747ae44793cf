/** Text of a picture that is laid out without a screen: how wide it is, and where it breaks. */

/** Width of a text in the units of the picture. */
export type Measure = (text: string, size: number, bold: boolean) => number;

/** A text at a place; `y` of a line is its baseline. */
export interface FishboneText {
  readonly id: string;
  readonly kind: "problem" | "category" | "cause";
  /** Of a cause: 0 on the bone, 1 and more on another cause. */
  readonly level: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly size: number;
  readonly bold: boolean;
  readonly lines: readonly { readonly text: string; readonly x: number; readonly y: number }[];
  /** Numbers of the cited findings, `F1 F3`. */
  readonly marks: { readonly text: string; readonly x: number; readonly y: number } | null;
}

/** Share of the font size that a character takes, on the wide side of common sans-serif fonts. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/^[iljI.,:;|'!]$/, 0.34],
  [/^[ ft()[\]/\\"r-]$/, 0.43],
  [/^[mwMW@%—…]$/, 1],
  [/^[A-Z&+<>=~#]$/, 0.79],
  [/^[\u0020-\u024f]$/, 0.65],
  [/^[\u0370-\u052f]$/, 0.8],
];

/** What a text takes in about every sans-serif font: rather too much than too little. */
export const approximateWidth: Measure = (text, size, bold) => {
  let width = 0;
  for (const character of text) {
    width += WIDTHS.find(([pattern]) => pattern.test(character))?.[1] ?? 1.1;
  }
  return width * size * (bold ? 1.08 : 1);
};

/** Lines of a text that are no wider than `most`; a word that is wider alone is cut between characters. */
export function wrapText(
  text: string,
  most: number,
  width: (line: string) => number,
): readonly string[] {
  const lines: string[] = [];
  let line = "";
  const words = text.split(/\s+/u).filter((w) => w !== "");
  for (const word of words.flatMap((w) => cutWord(w, most, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && width(longer) > most) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

function cutWord(word: string, most: number, width: (line: string) => number): readonly string[] {
  if (width(word) <= most) return [word];
  const parts: string[] = [];
  let part = "";
  for (const character of word) {
    if (part !== "" && width(part + character) > most) {
      parts.push(part);
      part = "";
    }
    part += character;
  }
  return [...parts, part];
}
