/** Severities as the `logs` table holds them. */
export const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace"] as const;
export type Level = (typeof LEVELS)[number];

/** Words that loggers write, by the severity they mean. */
const WORDS: Record<Level, string> = {
  fatal: "fatal critical crit emerg emergency panic alert dpanic",
  error: "error err eror eerror severe failure errors",
  warn: "warn warning wrn wrning",
  info: "info information informational inf notice note notification log statement hint detail ok success",
  debug: "debug dbg debg debug1 debug2 debug3 debug4 debug5 fine config dbug",
  trace: "trace trc verbose vrb silly finer finest all",
};

/** Single letters, where a layout says that a letter stands for the level (glog, logcat, MongoDB). */
const LETTERS: Record<string, Level> = {
  f: "fatal",
  c: "fatal",
  e: "error",
  w: "warn",
  i: "info",
  n: "info",
  d: "debug",
  t: "trace",
  v: "trace",
};

/** Words that mean a level only where a layout puts the level, not in running text. */
const ONLY_IN_PLACE = new Set(
  "all config detail errors failure fine finer finest hint log note ok statement success".split(
    " ",
  ),
);

const BY_WORD = new Map<string, Level>(
  LEVELS.flatMap((level) => WORDS[level].split(" ").map((word) => [word, level] as const)),
);

/** The severity that a word means (`WARNING`, `crit`, `DEBUG5`), or null. */
export function levelOfWord(word: string): Level | null {
  const lower = word.trim().toLowerCase();
  return BY_WORD.get(lower) ?? (lower.length === 1 ? (LETTERS[lower] ?? null) : null);
}

/** The severity of a syslog priority value or severity number (RFC 5424, section 6.2.1). */
export function levelOfSyslog(priority: number): Level {
  const severity = priority & 7;
  if (severity <= 2) return "fatal";
  if (severity === 3) return "error";
  if (severity === 4) return "warn";
  return severity === 7 ? "debug" : "info";
}

/** The severity of an HTTP status: server errors are errors, client errors warnings. */
export function levelOfStatus(status: number): Level | null {
  if (status >= 500) return "error";
  if (status >= 400) return "warn";
  return status >= 100 ? "info" : null;
}

/** The severity of an OpenTelemetry severity number (1 to 24). */
export function levelOfOtel(severity: number): Level | null {
  if (severity < 1 || severity > 24) return null;
  return (
    (["trace", "debug", "info", "warn", "error", "fatal"] as const)[
      Math.floor((severity - 1) / 4)
    ] ?? null
  );
}

/**
 * The severity of a number in a JSON log: 10 to 60 in tens (bunyan, pino and
 * Python count alike from debug up to error, Python's 50 is critical),
 * otherwise syslog's 0 to 7.
 */
export function levelOfNumber(value: number, python = false): Level | null {
  if (!Number.isInteger(value) || value < 0) return null;
  if (value <= 7) return levelOfSyslog(value);
  if (value < 10 || value > 60) return null;
  const steps = python
    ? (["debug", "info", "warn", "error", "fatal", "fatal"] as const)
    : (["trace", "debug", "info", "warn", "error", "fatal"] as const);
  return steps[Math.floor(value / 10) - 1] ?? null;
}

const BY_HASH = new Map<number, { bytes: Uint8Array; level: Level }[]>();
const encoder = new TextEncoder();
for (const [word, level] of BY_WORD) {
  const bytes = encoder.encode(word);
  const hash = hashOf(bytes, 0, bytes.length);
  BY_HASH.set(hash, [...(BY_HASH.get(hash) ?? []), { bytes, level }]);
}

const LONGEST = Math.max(...[...BY_WORD.keys()].map((word) => word.length));

/** `levelOfWord` on bytes, whatever the case; single letters are not words here. */
export function levelOfBytes(bytes: Uint8Array, start: number, end: number): Level | null {
  const length = end - start;
  if (length < 2 || length > LONGEST) return null;
  const candidates = BY_HASH.get(hashOf(bytes, start, end));
  if (candidates === undefined) return null;
  for (const candidate of candidates) {
    if (sameWord(candidate.bytes, bytes, start, end)) return candidate.level;
  }
  return null;
}

/** `levelOfWord` on one byte. */
export function levelOfLetter(byte: number): Level | null {
  return LETTERS[String.fromCharCode(byte | 0x20)] ?? null;
}

function sameWord(word: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (word.length !== end - start) return false;
  for (let i = 0; i < word.length; i++) {
    if (word[i] !== lower(bytes[start + i] ?? 0)) return false;
  }
  return true;
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + lower(bytes[i] ?? 0)) | 0;
  return hash;
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}

/** How far into a message a level word is looked for. */
const REACH = 100;

const LETTER = 1;
const WORD = 2;
/** Letters, and what else may stand in a word. */
const CLASSES = Uint8Array.from({ length: 256 }, (_, byte) =>
  isLetter(byte) ? LETTER | WORD : isWordByte(byte) ? WORD : 0,
);

/**
 * The severity that a free-form beginning of a message states: a word in
 * capitals (`… ERROR …`), in brackets (`[error]`), as a pair (`level=warn`),
 * or the first word with a colon (`fatal: …`). A word in running text
 * ("an error occurred") says nothing.
 */
export function findLevel(bytes: Uint8Array, start: number, end: number): Level | null {
  const limit = Math.min(end, start + REACH);
  let at = start;
  while (at < limit) {
    while (at < limit && ((CLASSES[bytes[at] ?? 0] ?? 0) & LETTER) === 0) at++;
    const from = at;
    while (at < limit && (CLASSES[bytes[at] ?? 0] ?? 0) !== 0) at++;
    const length = at - from;
    if (length < 3 || length > LONGEST) continue;
    // Words of running text are most of what is seen: small letters between blanks.
    const before = from > start ? (bytes[from - 1] ?? 0) : 0;
    const running =
      before === 0x20 && (bytes[from + 1] ?? 0) >= 0x61 && !isPairMark(bytes[from - 2] ?? 0);
    if (running) continue;
    const level = stated(bytes, from, at, start, end);
    if (level !== null) return level;
  }
  return null;
}

/** `=` or `:` with a key before it. */
function isPairMark(byte: number): boolean {
  return byte === 0x3d || byte === 0x3a;
}

function stated(
  bytes: Uint8Array,
  from: number,
  to: number,
  start: number,
  end: number,
): Level | null {
  const before = from > start ? (bytes[from - 1] ?? 0) : 0x20;
  const after = to < end ? (bytes[to] ?? 0) : 0x20;
  const capitals = isCapital(bytes[from] ?? 0) && isCapital(bytes[from + 1] ?? 0);
  const bracketed = (before === 0x5b && after === 0x5d) || (before === 0x3c && after === 0x3e);
  const paired = before === 0x3d || before === 0x3a || before === 0x22 || before === 0x20;
  const first = from === start && (after === 0x3a || after === 0x09);
  if (!capitals && !bracketed && !first && !(paired && followsLevelKey(bytes, from, start)))
    return null;
  if (capitals && !isBreak(before) && !isBreak(after)) return null;
  // A dot or slash glues the word to a path or a class name.
  if (before === 0x2e || before === 0x2f || after === 0x2e || after === 0x2f || after === 0x3d)
    return null;
  const level = levelOfBytes(bytes, from, to);
  if (level === null) return null;
  const word = String.fromCharCode(...bytes.subarray(from, to)).toLowerCase();
  return ONLY_IN_PLACE.has(word) ? null : level;
}

/** Whether `level`, `lvl` or `severity` and `=` or `:` stand before, as in `level=warn` and `"level": "warn"`. */
function followsLevelKey(bytes: Uint8Array, from: number, start: number): boolean {
  let at = from - 1;
  while (at > start && (bytes[at] === 0x22 || bytes[at] === 0x20)) at--;
  if (bytes[at] !== 0x3d && bytes[at] !== 0x3a) return false;
  at--;
  while (at > start && (bytes[at] === 0x22 || bytes[at] === 0x20)) at--;
  let key = "";
  for (; at >= start && isLetter(bytes[at] ?? 0); at--)
    key = String.fromCharCode(bytes[at] ?? 0) + key;
  return /^(?:level|lvl|severity|loglevel|levelname)$/i.test(key);
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}
function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}
function isWordByte(byte: number): boolean {
  return isLetter(byte) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f;
}
/** Blank, bracket or punctuation that separates a level word from its surroundings. */
function isBreak(byte: number): boolean {
  return (
    byte <= 0x20 ||
    byte === 0x5b ||
    byte === 0x5d ||
    byte === 0x3a ||
    byte === 0x7c ||
    byte === 0x28 ||
    byte === 0x29 ||
    byte === 0x2c ||
    byte === 0x3c ||
    byte === 0x3e ||
    byte === 0x2d
  );
}
