/** A number with what it measures; times in ms, sizes in bytes. */
export interface Quantity {
  readonly value: number;
  readonly unit: string | null;
}

/** Factor and base unit of what stands behind a number. */
const UNITS: Readonly<Record<string, readonly [factor: number, unit: string]>> = {
  ns: [1e-6, "ms"],
  us: [1e-3, "ms"],
  µs: [1e-3, "ms"],
  μs: [1e-3, "ms"],
  ms: [1, "ms"],
  msec: [1, "ms"],
  millis: [1, "ms"],
  s: [1000, "ms"],
  sec: [1000, "ms"],
  secs: [1000, "ms"],
  seconds: [1000, "ms"],
  m: [60_000, "ms"],
  min: [60_000, "ms"],
  h: [3_600_000, "ms"],
  b: [1, "B"],
  bytes: [1, "B"],
  k: [1024, "B"],
  kb: [1024, "B"],
  kib: [1024, "B"],
  mb: [1024 ** 2, "B"],
  mib: [1024 ** 2, "B"],
  gb: [1024 ** 3, "B"],
  gib: [1024 ** 3, "B"],
  "%": [1, "%"],
};

const NUMBER = /^([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[-+]?\d+)?)\s*([a-zµμ%]*)$/iu;

/** A parameter read as a number, `12`, `1,204`, `3.5e2`, `250ms`, `1.5 s`, `12 MB`; null for other texts. */
export function parseQuantity(text: string): Quantity | null {
  const [, digits = "", suffix = ""] = NUMBER.exec(text.trim()) ?? [];
  if (!/\d/.test(digits)) return null;
  const value = Number(digits.replaceAll(",", ""));
  if (!Number.isFinite(value)) return null;
  if (suffix === "") return { value, unit: null };
  const known = UNITS[suffix.toLowerCase()];
  return known === undefined ? null : { value: value * known[0], unit: known[1] };
}

/** The unit that a template's text names behind a parameter: ` ms for rail=` is ms; null where none stands there. */
export function unitBehind(text: string): string | null {
  const [, word = ""] = /^\s?([a-zµμ%]+)(?![\w])/iu.exec(text) ?? [];
  // A letter alone is a unit only where it stands at the number.
  if (word.length === 1 && word !== "%" && /^\s/.test(text)) return null;
  return UNITS[word.toLowerCase()] === undefined ? null : word;
}
