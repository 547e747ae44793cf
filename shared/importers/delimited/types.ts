import type { ColumnType } from "../../model/role.ts";
import { detectTimeLayout, type DetectedTime } from "../times.ts";
import { commonUnit, longOf, parseFormatted, splitUnit, type NumberFormat } from "./numbers.ts";

/** What the sample says about one column. */
export interface ColumnGuess {
  readonly type: ColumnType;
  readonly unit?: string;
  readonly time: DetectedTime | null;
  /** How numbers are written, where it is not the plain way. */
  readonly format: NumberFormat | null;
  /** Cells of the sample that hold something. */
  readonly filled: number;
  readonly distinct: number;
}

/** Share of cells that may fail to be what the others are. */
export const TOLERANCE = 0.001;

const COMMA = 44;
const DOT = 46;

const NULL_TEXTS = new Set([
  "",
  "NULL",
  "NA",
  "null",
  "None",
  "N/A",
  "n/a",
  "<NA>",
  "#N/A",
  "\\N",
  "NaT",
]);

export function isNullText(text: string): boolean {
  return NULL_TEXTS.has(text);
}

/** Texts that stand for nothing in a column of numbers or times, though they may be texts elsewhere. */
export function isPlaceholder(text: string): boolean {
  return text === "-" || text === "--" || text === "undefined" || text === "nil";
}

const TRUE = new Set(["true", "yes", "t", "y", "on"]);
const FALSE = new Set(["false", "no", "f", "n", "off"]);
export function parseBoolean(text: string): boolean | null {
  const word = text.toLowerCase();
  if (TRUE.has(word) || word === "1") return true;
  return FALSE.has(word) || word === "0" ? false : null;
}

const PLAIN_NUMBER = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf|infinity|nan)$/i;

/** Names under which a plain number is a point in time. */
export function hintsTime(name: string): boolean {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z]+/);
  if (words.some((w) => NOT_A_TIME.has(w))) return false;
  return words.some((w) => TIME_WORDS.has(w)) || /_at$|At$/.test(name);
}
const NOT_A_TIME = new Set([
  "response",
  "elapsed",
  "duration",
  "latency",
  "cpu",
  "wait",
  "run",
  "total",
  "id",
  "zone",
  "bytes",
]);
const TIME_WORDS = new Set([
  "time",
  "timestamp",
  "ts",
  "date",
  "datetime",
  "epoch",
  "unix",
  "nano",
  "when",
  "created",
  "updated",
  "timeunixnano",
]);

/** Type, unit and writing of a column from the cells of the sample. */
export function guessColumn(
  name: string,
  cells: readonly string[],
  delimiter: number,
): ColumnGuess {
  const filled = cells.filter((c) => !isNullText(c));
  const values = filled.filter((c) => !isPlaceholder(c));
  const distinct = new Set(filled).size;
  const base = { time: null, format: null, filled: values.length, distinct };
  if (values.length === 0) {
    return filled.length === 0 ? { ...base, type: "double" } : { ...base, type: "varchar" };
  }
  const allowed = Math.floor(values.length * TOLERANCE);
  if (isBooleanColumn(values)) return { ...base, type: "boolean" };
  const most = (test: (text: string) => boolean): boolean => failsAtMost(values, allowed, test);
  if (most((v) => PLAIN_NUMBER.test(v))) {
    const numbers = values.filter((v) => PLAIN_NUMBER.test(v));
    const time = hintsTime(name) ? detectTimeLayout(numbers) : null;
    if (time !== null) return { ...base, type: "timestamp", time };
    if (most((v) => longOf(v) !== null)) return { ...base, type: "bigint" };
    // Leading zeros mean a code (postal, phone), and would be lost in a number.
    if (numbers.some((v) => /^[+-]?0\d/.test(v))) {
      return { ...base, type: "varchar" };
    }
    // Integers beyond 64 bits are identifiers.
    if (numbers.some((v) => /^[+-]?\d{19,}$/.test(v))) {
      return { ...base, type: "varchar" };
    }
    return { ...base, type: "double" };
  }
  const time = detectMostTimes(values, allowed);
  if (time !== null) return { ...base, type: "timestamp", time };
  const number = guessFormat(values, delimiter);
  if (number !== null && most((v) => !Number.isNaN(parseFormatted(v, number.format)))) {
    return number.unit === undefined
      ? { ...base, type: "double", format: number.format }
      : { ...base, type: "double", format: number.format, unit: number.unit };
  }
  return { ...base, type: "varchar" };
}

function failsAtMost(
  values: readonly string[],
  allowed: number,
  test: (text: string) => boolean,
): boolean {
  let failed = 0;
  for (const value of values) {
    if (!test(value) && ++failed > allowed) return false;
  }
  return true;
}

/**
 * `true` and `false`, in whichever case. Other pairs (`yes`/`no`, `Y`/`N`) stay
 * texts: their spelling is what the file says, and where another file of the
 * same table has a third word the two must still read alike.
 */
function isBooleanColumn(values: readonly string[]): boolean {
  return values.every((value) => value.length <= 5 && /^(?:true|false)$/i.test(value));
}

/** As `detectTimeLayout`, where a few cells may be something else. */
function detectMostTimes(values: readonly string[], allowed: number): DetectedTime | null {
  if (!values.slice(0, 20 + allowed).some((v) => /\d/.test(v) && v.length >= 6)) return null;
  const found = detectTimeLayout(values);
  if (found !== null || allowed === 0) return found;
  const looksLikeTime = values.filter((v) => /\d[-:/.]\d|\d{2}:\d{2}/.test(v));
  return values.length - looksLikeTime.length <= allowed ? detectTimeLayout(looksLikeTime) : null;
}

function guessFormat(
  values: readonly string[],
  delimiter: number,
): { readonly format: NumberFormat; readonly unit?: string } | null {
  const sample = values.slice(0, 2000);
  const units = new Set<string>();
  const bodies: string[] = [];
  for (const value of sample) {
    const [body, unit] = splitUnit(value);
    units.add(unit);
    bodies.push(body);
    if (units.size > 20) return null;
  }
  const common = commonUnit(units);
  if (common === null && [...units].some((u) => u !== "")) return null;
  const separators = guessSeparators(bodies, delimiter);
  if (separators === null) return null;
  const format = { ...separators, units: common?.units ?? null };
  return common === null || common.unit === "" ? { format } : { format, unit: common.unit };
}

/** Decimal and group separators that fit all numbers. */
function guessSeparators(
  bodies: readonly string[],
  delimiter: number,
): { readonly decimal: number; readonly group: number } | null {
  const all = bodies.join("\n");
  const spaces = /\d[ \u00a0\u202f]\d/.test(all) ? 32 : 0;
  if (!all.includes(",")) {
    // 1.234.567: dots as group separators.
    return /\d\.\d{3}\.\d/.test(all)
      ? { decimal: COMMA, group: DOT }
      : { decimal: DOT, group: spaces };
  }
  const germanGroups = /\d\.\d{3},\d/.test(all) || /\d\.\d{3}\.\d/.test(all);
  if (germanGroups) return { decimal: COMMA, group: DOT };
  const englishGroups = bodies.every(
    (b) => !b.includes(",") || /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(b),
  );
  if (!englishGroups) return { decimal: COMMA, group: spaces };
  // `1,234` alone could be either; a file that is cut by semicolons writes decimals with a comma.
  const certain = /,\d{3}[,.]/.test(all);
  return certain || delimiter !== 59
    ? { decimal: DOT, group: COMMA }
    : { decimal: COMMA, group: spaces };
}
