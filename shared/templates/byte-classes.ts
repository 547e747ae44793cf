/** What a byte can be; a chunk of text is judged by the classes of its bytes together. */
export const DIGIT = 1;
/** a–f and A–F. */
export const HEX_LETTER = 2;
/** Other letters; every byte of a character beyond ASCII counts as one. */
export const LETTER = 4;
export const UPPER = 8;
export const DOT = 16;
export const DASH = 32;
export const UNDERSCORE = 64;
export const SLASH = 128;
export const BACKSLASH = 256;
export const AT = 512;
/** Ends a chunk: brackets, quotes, `= : , ;` and the like. */
export const SEPARATOR = 1024;
export const SPACE = 2048;
/** Other characters that may stand inside a chunk: `* $ + ~`. */
export const OTHER = 4096;
export const LOWER = 8192;
/** `'`: inside a word (can't) it is a letter, elsewhere a quote. */
export const APOSTROPHE = 16384;

export const ALPHA = HEX_LETTER | LETTER;
export const BREAK = SEPARATOR | SPACE | APOSTROPHE;

export const CLASS_OF: Readonly<Uint16Array> = classTable();

function classTable(): Uint16Array {
  const table = new Uint16Array(256).fill(LETTER);
  for (let b = 0; b <= 32; b++) table[b] = SPACE;
  table[127] = SPACE;
  for (let b = 48; b <= 57; b++) table[b] = DIGIT;
  for (let b = 65; b <= 90; b++) table[b] = (b <= 70 ? HEX_LETTER : LETTER) | UPPER;
  for (let b = 97; b <= 122; b++) table[b] = (b <= 102 ? HEX_LETTER : LETTER) | LOWER;
  const set = (characters: string, value: number): void => {
    for (const c of characters) table[c.charCodeAt(0)] = value;
  };
  set(',;:=|"()[]{}<>#%&!?`^', SEPARATOR);
  set("*$+~", OTHER);
  set(".", DOT);
  set("-", DASH);
  set("_", UNDERSCORE);
  set("/", SLASH);
  set("\\", BACKSLASH);
  set("@", AT);
  set("'", APOSTROPHE);
  return table;
}
