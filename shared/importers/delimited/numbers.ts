/** 10^0 to 10^22: the powers of ten that a double holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const POWERS_OF_TEN = Float64Array.from(POWERS);

/** Digits that a double holds exactly whatever they are. */
const EXACT_DIGITS = 15;

/** How numbers are written in a column. */
export interface NumberFormat {
  /** Byte of the decimal sign. */
  readonly decimal: number;
  /** Byte between groups of three digits, or 0. */
  readonly group: number;
  /** Factor to the column's unit by the unit that stands in a cell. */
  readonly units: ReadonlyMap<string, number> | null;
}

/**
 * The number in `bytes[start, end)`, correctly rounded, or NaN where it is
 * none. Up to 15 digits are exact as an integer, and so is the power of ten,
 * so that one division rounds once (Clinger 1990); everything else goes
 * through `Number`.
 */
export function parseDouble(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let negative = false;
  const first = bytes[at];
  if (first === 45) {
    negative = true;
    at++;
  } else if (first === 43) {
    at++;
  }
  let mantissa = 0;
  let digits = 0;
  let point = -1;
  const begin = at;
  for (; at < end; at++) {
    const b = bytes[at] ?? 0;
    const d = b - 48;
    if (d >= 0 && d <= 9) {
      mantissa = mantissa * 10 + d;
      if (mantissa !== 0) digits++;
    } else if (b === 46 && point === -1) {
      point = at;
    } else {
      return parseSlowly(bytes, start, end);
    }
  }
  const decimals = point === -1 ? 0 : end - point - 1;
  if (digits > EXACT_DIGITS || decimals > 22) {
    return parseSlowly(bytes, start, end);
  }
  const length = end - begin;
  if (length === 0 || (length === 1 && point !== -1)) return NaN;
  const value = decimals === 0 ? mantissa : mantissa / (POWERS_OF_TEN[decimals] ?? NaN);
  return negative ? -value : value;
}

function parseSlowly(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 400) return NaN;
  let text = "";
  for (let at = start; at < end; at++) {
    const b = bytes[at] ?? 0;
    const ok = (b >= 48 && b <= 57) || b === 46 || b === 45 || b === 43 || b === 101 || b === 69;
    if (!ok) return parseSpecial(bytes, start, end);
    text += String.fromCharCode(b);
  }
  return text === "" ? NaN : Number(text);
}

function parseSpecial(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 9) return NaN;
  let text = "";
  for (let at = start; at < end; at++) {
    text += String.fromCharCode(bytes[at] ?? 0);
  }
  const sign = text.startsWith("-") ? -1 : 1;
  const word = text.replace(/^[+-]/, "").toLowerCase();
  return word === "inf" || word === "infinity" ? sign * Infinity : NaN;
}

/** `nan` in any case, which is a number. */
export function isNaNText(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start === 3 &&
    ((bytes[start] ?? 0) | 32) === 110 &&
    ((bytes[start + 1] ?? 0) | 32) === 97 &&
    ((bytes[start + 2] ?? 0) | 32) === 110
  );
}

/**
 * The integer in `bytes[start, end)`, or NaN: no integer, more than 15 digits
 * (see `parseLong`), or leading zeros, which would be lost.
 */
export function parseInteger(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const first = bytes[at];
  const negative = first === 45;
  if (negative || first === 43) at++;
  const length = end - at;
  if (length < 1 || length > EXACT_DIGITS) return NaN;
  if (length > 1 && bytes[at] === 48) return NaN;
  let value = 0;
  for (; at < end; at++) {
    const d = (bytes[at] ?? 0) - 48;
    if (d < 0 || d > 9) return NaN;
    value = value * 10 + d;
  }
  return negative && value !== 0 ? -value : value;
}

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

/** An integer of 16 to 19 digits that fits in 64 bits, or `null`. */
export function parseLong(bytes: Uint8Array, start: number, end: number): bigint | null {
  let text = "";
  for (let at = start; at < end && text.length < 21; at++) {
    text += String.fromCharCode(bytes[at] ?? 0);
  }
  return longOf(text);
}

/** A text as a 64-bit integer without leading zeros, or `null`. */
export function longOf(text: string): bigint | null {
  if (!/^[+-]?(?:0|[1-9]\d{0,18})$/.test(text)) return null;
  const value = BigInt(text.replace(/^\+/, ""));
  return value >= LONG_MIN && value <= LONG_MAX ? value : null;
}

/** A number written with group separators, a decimal comma or a unit, or NaN. */
export function parseFormatted(text: string, format: NumberFormat): number {
  let body = text.trim();
  let factor = 1;
  if (format.units !== null) {
    const [number, unit] = splitUnit(body);
    const scale = format.units.get(unit);
    if (scale === undefined) return NaN;
    body = number;
    factor = scale;
  }
  if (format.group !== 0) {
    const group = String.fromCharCode(format.group);
    if (body.includes(group) || /[\u00a0\u202f]/.test(body)) {
      const escaped = group === " " ? "[ \\u00a0\\u202f]" : `\\${group}`;
      const whole = new RegExp(`^[+-]?\\d{1,3}(?:${escaped}\\d{3})+(?!\\d)`);
      if (!whole.test(body)) return NaN;
      body = body.replace(new RegExp(escaped, "g"), "");
    }
  }
  if (format.decimal !== 46) {
    if (body.includes(".")) return NaN;
    body = body.replace(String.fromCharCode(format.decimal), ".");
  }
  if (/^nan$/i.test(body)) return NaN;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(body)) return NaN;
  // 950 · 0.001 is not 0.95; 950 / 1000 is.
  return factor < 1 ? Number(body) / Math.round(1 / factor) : Number(body) * factor;
}

/** `5.01 s` → `["5.01", "s"]`; a bare number has the unit "". A clock (`10:05:00`) is no number with a unit. */
export function splitUnit(text: string): [string, string] {
  const match = /^([+-]?[\d.,\u00a0\u202f ]*\d(?:[eE][+-]?\d+)?\.?)\s*([^\d\s:].{0,11})?$/u.exec(
    text,
  );
  if (match === null) return [text, ""];
  return [(match[1] ?? "").trim(), (match[2] ?? "").trim()];
}

/** Units that a tool may mix in one column, as factors to the first of each family. */
const FAMILIES: readonly ReadonlyMap<string, number>[] = [
  new Map([
    ["s", 1],
    ["sec", 1],
    ["secs", 1],
    ["ns", 1e-9],
    ["µs", 1e-6],
    ["μs", 1e-6],
    ["us", 1e-6],
    ["ms", 1e-3],
    ["min", 60],
    ["mins", 60],
    ["h", 3600],
    ["hour", 3600],
    ["hours", 3600],
    ["d", 86400],
    ["day", 86400],
    ["days", 86400],
  ]),
  new Map([
    ["B", 1],
    ["kB", 1e3],
    ["KB", 1e3],
    ["MB", 1e6],
    ["GB", 1e9],
    ["TB", 1e12],
    ["KiB", 1024],
    ["MiB", 1048576],
    ["GiB", 1073741824],
    ["TiB", 1099511627776],
  ]),
  new Map([
    ["", 1],
    ["K", 1e3],
    ["k", 1e3],
    ["Mil", 1e6],
    ["Bil", 1e9],
    ["Tri", 1e12],
  ]),
];

/** One unit for the units found in a column's cells; `null` where they do not go together. */
export function commonUnit(
  found: ReadonlySet<string>,
): { readonly unit: string; readonly units: ReadonlyMap<string, number> } | null {
  const named = [...found].filter((u) => u !== "");
  const [only] = named;
  if (only === undefined) return null;
  if (named.length === 1 && !FAMILIES[2]?.has(only)) {
    return {
      unit: only,
      units: new Map([
        [only, 1],
        ["", 1],
      ]),
    };
  }
  for (const family of FAMILIES) {
    if (!named.every((u) => family.has(u))) continue;
    const [base] = family.keys();
    return { unit: base ?? "", units: new Map([...family, ["", 1]]) };
  }
  return null;
}
