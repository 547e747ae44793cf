import {
  ALPHA,
  AT,
  BACKSLASH,
  CLASS_OF,
  DASH,
  DIGIT,
  DOT,
  HEX_LETTER,
  LOWER,
  OTHER,
  SLASH,
  UNDERSCORE,
  UPPER,
} from "./byte-classes.ts";

/** Blanks and punctuation between words. */
export const GAP = 0;
/** A word that the statement itself says. */
export const WORD = 1;
/** A word with a few digits: `ssh2` is part of a statement, `eth0` is not; how it varies decides. */
export const MIXED = 2;
/** A value: number, identifier, address, path, time. */
export const VALUE = 3;
/** An account that every system has; shown as a value, counted as one word. */
export const ACCOUNT = 4;

/** What `classifyChunk` answers: one kind, or where a chunk must be cut in two. */
export const CUT_AFTER = 16;

/**
 * Judges the chunk of `bytes` from `start` to `end` (no blank or bracket inside)
 * that has these class bits and this many digits. Answers a kind, or CUT_AFTER + n:
 * the first n bytes are a word of their own and the rest is a value (`node-` 31).
 */
export function classifyChunk(
  bytes: Uint8Array,
  start: number,
  end: number,
  flags: number,
  digits: number,
): number {
  if (digits === 0) return classifyLetters(bytes, start, end, flags);
  const first = classAt(bytes, start);
  if ((first & DIGIT) !== 0) return VALUE;
  if ((first & ALPHA) === 0) return classifyAfterSign(bytes, start, end, first);
  const length = end - start;
  // abcdef0: a digest, an object's address, a thread's id.
  if ((flags & ~(DIGIT | HEX_LETTER | UPPER | LOWER)) === 0 && length >= 7) return VALUE;
  if ((flags & (DOT | SLASH | DASH)) !== 0) {
    if ((flags & DOT) !== 0 && isHostName(bytes, start, end)) return VALUE;
    const cut = numberedPrefix(bytes, start, end);
    if (cut > 0) return CUT_AFTER + cut;
  }
  if (digits >= 4) return VALUE;
  if ((flags & DOT) !== 0 && isVersion(bytes, start)) return VALUE;
  if ((flags & UNDERSCORE) !== 0 && hasNumberAfterUnderscore(bytes, start, end)) return VALUE;
  if ((flags & SLASH) !== 0 && countOf(bytes, start, end, 47) >= 2) return VALUE;
  if ((flags & DASH) !== 0 && endsInNumber(bytes, start, end)) return VALUE;
  return MIXED;
}

function classifyLetters(bytes: Uint8Array, start: number, end: number, flags: number): number {
  if ((flags & ALPHA) === 0) return GAP;
  // ffffffff, deadbeef: no word is so long and so spelled.
  if ((flags & ~(HEX_LETTER | UPPER | LOWER)) === 0 && end - start >= 8) return VALUE;
  if ((flags & (SLASH | DOT | BACKSLASH)) === 0) return classifyPlain(bytes, start, end);
  if ((flags & SLASH) !== 0) {
    const first = bytes[start];
    // /etc/passwd, ~/x, ./x; but read/write and //.
    if (first === 47 && bytes[start + 1] !== 47) return VALUE;
    if ((first === 126 || first === 46) && countOf(bytes, start, end, 47) >= 1) return VALUE;
    if (countOf(bytes, start, end, 47) >= 2) return VALUE;
  }
  if ((flags & SLASH) !== 0 && isNotApplicable(bytes, start, end)) return VALUE;
  if ((flags & BACKSLASH) !== 0 && countOf(bytes, start, end, 92) >= 2) return VALUE;
  if ((flags & DOT) !== 0 && isHostName(bytes, start, end)) return VALUE;
  // com.example.app/.Main: a path after all, if it differs.
  return (flags & (DOT | SLASH)) === (DOT | SLASH) ? MIXED : WORD;
}

/** n/a, N/A */
function isNotApplicable(bytes: Uint8Array, start: number, end: number): boolean {
  const isN = ((bytes[start] ?? 0) | 32) === 110;
  return end - start === 3 && isN && ((bytes[start + 2] ?? 0) | 32) === 97;
}

/**
 * true, false and null are values wherever they stand, root and admin are accounts:
 * the two heuristics "Boolean" and "User String" of Khan et al., Guidelines for
 * Assessing the Accuracy of Log Message Template Identification (ICSE 2022).
 */
function classifyPlain(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length !== 4 && length !== 5) return WORD;
  let packed = 0;
  for (let i = start; i < end; i++) packed = packed * 256 + ((bytes[i] ?? 0) | 32);
  if (packed === TRUE || packed === FALSE || packed === NULL) return VALUE;
  return packed === ROOT || packed === ADMIN ? ACCOUNT : WORD;
}

function pack(word: string): number {
  let packed = 0;
  for (const c of word) packed = packed * 256 + c.charCodeAt(0);
  return packed;
}

const TRUE = pack("true");
const FALSE = pack("false");
const NULL = pack("null");
const ROOT = pack("root");
const ADMIN = pack("admin");

function classifyAfterSign(bytes: Uint8Array, start: number, end: number, first: number): number {
  if ((first & SLASH) !== 0) return VALUE;
  const second = classAt(bytes, start + 1);
  if ((second & DIGIT) !== 0) return VALUE;
  if ((first & (DOT | OTHER)) !== 0 && bytes[start + 1] === 47) return VALUE;
  let digits = 0;
  for (let i = start; i < end; i++) digits += classAt(bytes, i) & DIGIT;
  return digits >= 4 ? VALUE : MIXED;
}

/** `node-31`, `core.2275`, `jetty-6.1.26`: letters, one mark, then a number to the end. */
function numberedPrefix(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && (classAt(bytes, i) & ALPHA) !== 0) i++;
  if (i === end || (classAt(bytes, i) & (DOT | DASH | SLASH)) === 0) return 0;
  if ((classAt(bytes, i + 1) & DIGIT) === 0 || i + 1 >= end) return 0;
  return i + 1 - start;
}

/** v1.0.0 */
function isVersion(bytes: Uint8Array, start: number): boolean {
  return ((bytes[start] ?? 0) | 32) === 118 && (classAt(bytes, start + 1) & DIGIT) !== 0;
}

/** rdd_42_20, dquot_6.5.1 */
function hasNumberAfterUnderscore(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    if (bytes[i] !== 95) continue;
    let k = i + 1;
    while (k < end && (classAt(bytes, k) & DIGIT) !== 0) k++;
    if (k > i + 1 && (k === end || (classAt(bytes, k) & ALPHA) === 0)) return true;
  }
  return false;
}

/** rack-unit-41: two words or more and a number name a thing, not a statement. */
function endsInNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let i = end;
  while (i > start && (classAt(bytes, i - 1) & DIGIT) !== 0) i--;
  return i < end && (classAt(bytes, i - 1) & DASH) !== 0;
}

/** Whether the name ends as host names do; package names begin so and end otherwise. */
export function isHostName(bytes: Uint8Array, start: number, end: number): boolean {
  let dot = end - 1;
  let packed = 0;
  let scale = 1;
  while (dot > start && bytes[dot] !== 46) {
    if ((classAt(bytes, dot) & LOWER) === 0) return false;
    packed += ((bytes[dot] ?? 0) - 96) * scale;
    scale *= 32;
    if (end - dot > 8) return false;
    dot--;
  }
  if (dot <= start || dot === end - 1) return false;
  if (DOMAINS.has(packed)) return !PACKAGE_ROOTS.has(textBefore(bytes, start, dot));
  if (end - dot !== 3 || !COUNTRIES.has(packed)) return false;
  // A country: three parts or more.
  for (let i = start; i < dot; i++) if (bytes[i] === 46) return true;
  return false;
}

/** The letters before the first dot when that is the last dot, else 0. */
function textBefore(bytes: Uint8Array, start: number, dot: number): number {
  let packed = 0;
  for (let i = start; i < dot; i++) {
    if ((classAt(bytes, i) & LOWER) === 0 || i - start > 7) return 0;
    packed = packed * 32 + ((bytes[i] ?? 0) - 96);
  }
  return packed;
}

function packLetters(word: string): number {
  let packed = 0;
  for (const c of word) packed = packed * 32 + c.charCodeAt(0) - 96;
  return packed;
}

const DOMAINS: ReadonlySet<number> = new Set(
  "com net org edu gov mil int info biz arpa local lan corp internal localdomain"
    .split(" ")
    .map(packLetters),
);
/** Countries whose letters do not also end the names of files, keys and packages. */
const COUNTRIES: ReadonlySet<number> = new Set(
  (
    "ae ar at au be bg br ca ch cl cn co cz de dk ee es eu fi fr gr hk hr hu ie il in ir it jp kr lt " +
    "lu lv mx my nl no nz pe ph pk pl pt ro ru se sg si sk su th tr tw ua uk us ve vn za"
  )
    .split(" ")
    .map(packLetters),
);
const PACKAGE_ROOTS: ReadonlySet<number> = new Set(
  "java javax android system sun com".split(" ").map(packLetters),
);

/** Whether the chunk, which has an `@`, is an e-mail address. */
export function isMailAddress(bytes: Uint8Array, start: number, end: number, at: number): boolean {
  return at > start && isHostName(bytes, at + 1, end);
}

export function lastAt(bytes: Uint8Array, start: number, end: number): number {
  for (let i = end - 1; i >= start; i--) if ((classAt(bytes, i) & AT) !== 0) return i;
  return -1;
}

function countOf(bytes: Uint8Array, start: number, end: number, byte: number): number {
  let count = 0;
  for (let i = start; i < end; i++) if (bytes[i] === byte) count++;
  return count;
}

function classAt(bytes: Uint8Array, index: number): number {
  return CLASS_OF[bytes[index] ?? 0] ?? 0;
}
