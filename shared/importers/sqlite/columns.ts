import type { ColumnType } from "../../model/role.ts";
import type { SampledColumn } from "../delimited/target.ts";
import { uniqueNames } from "../delimited/header.ts";
import { hintsTime, isNullText } from "../delimited/types.ts";
import {
  compileTime,
  detectTimeLayout,
  type DetectedTime,
  type TimeParser,
  type TimeSettings,
} from "../times.ts";
import type { SqliteValue } from "./database.ts";
import type { ColumnInfo } from "./tables.ts";

/** A column of a table, and what becomes of its values. */
export interface SqliteColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly time: DetectedTime | null;
  readonly parse: TimeParser | null;
  /** Texts are read as those of a CSV: numbers may be texts, `NULL` is nothing. */
  readonly loose: boolean;
  readonly sampled: SampledColumn;
}

export interface ColumnPlan {
  readonly columns: readonly SqliteColumn[];
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
}

/** Bytes of a BLOB that are kept. */
export const MOST_BLOB = 256;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const DECLARED_TIME = /DATE|TIME/;

/**
 * Names and types of a table's columns. SQLite's values have types of their
 * own (https://www.sqlite.org/datatype3.html): those of the sample decide, and
 * the declared type says what numbers mean.
 */
export function planColumns(
  infos: readonly ColumnInfo[],
  sample: readonly (readonly SqliteValue[])[],
  types: Readonly<Record<string, ColumnType>>,
  settings: TimeSettings & { readonly dayFirst?: boolean },
): ColumnPlan {
  const { names, renamed } = uniqueNames(infos.map((c) => c.name));
  // What came from a CSV (`.import`) is text throughout.
  const loose = infos.every((c) => /^(?:TEXT|ANY)?$/.test(c.declared));
  const columns = infos.map((info, i): SqliteColumn => {
    const name = names[i] ?? info.name;
    const values = sample.map((row) => row[i] ?? null);
    const guess = guessType(info, values, loose);
    const type = types[name] ?? guess.type;
    const time =
      type === "timestamp" ? (guess.time ?? detectTimeLayout(textsOf(values, loose))) : null;
    const parse =
      type === "timestamp"
        ? compileTime(time?.layout ?? "iso", {
            ...settings,
            dayFirst: settings.dayFirst ?? time?.dayFirst ?? false,
          })
        : null;
    return { name, type, time, parse, loose, sampled: sampledColumn(name, type, values, loose) };
  });
  return { columns, renamed };
}

function guessType(
  { name, declared }: ColumnInfo,
  values: readonly SqliteValue[],
  loose: boolean,
): { readonly type: ColumnType; readonly time: DetectedTime | null } {
  const plain = (type: ColumnType): { type: ColumnType; time: null } => ({ type, time: null });
  const filled = values.filter((v) => !isNothing(v, loose));
  if (filled.length === 0) return plain(typeOfDeclared(declared));
  if (filled.some((v) => v instanceof Uint8Array)) return plain("varchar");
  const texts = filled.map(String);
  const numbers = filled.every((v) => typeof v !== "string");
  const timely = DECLARED_TIME.test(declared) || hintsTime(name);
  if (timely || (!numbers && texts.some((t) => /\d[-:/]\d/.test(t)))) {
    const time = detectTimeLayout(texts);
    if (time !== null) return { type: "timestamp", time };
  }
  if (numbers) {
    if (/BOOL/.test(declared) && filled.every((v) => v === 0 || v === 1)) return plain("boolean");
    const whole = filled.every((v) => typeof v === "bigint" || Number.isSafeInteger(v));
    // A REAL column gives 1.0, which is a whole number here.
    return plain(whole && !/REAL|FLOA|DOUB/.test(declared) ? "bigint" : "double");
  }
  if (loose && texts.every((t) => NUMBER.test(t) && !/^[+-]?0\d/.test(t))) {
    if (texts.every((t) => /^[+-]?\d{1,15}$/.test(t))) return plain("bigint");
    if (!texts.some((t) => /^[+-]?\d{16,}$/.test(t))) return plain("double");
  }
  return plain("varchar");
}

/** https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
function typeOfDeclared(declared: string): ColumnType {
  if (/BOOL/.test(declared)) return "boolean";
  if (DECLARED_TIME.test(declared)) return "timestamp";
  if (/INT/.test(declared)) return "bigint";
  return /REAL|FLOA|DOUB|NUM|DEC/.test(declared) ? "double" : "varchar";
}

/** NULL, and an empty text; in what came from a CSV also the words for it. */
export function isNothing(value: SqliteValue, loose: boolean): boolean {
  return (
    value === null || value === "" || (loose && typeof value === "string" && isNullText(value))
  );
}

function textsOf(values: readonly SqliteValue[], loose: boolean): string[] {
  return values.filter((v) => !isNothing(v, loose)).map(textOfValue);
}

/** A value as text; binary as hexadecimal digits, cut at `MOST_BLOB` bytes. */
export function textOfValue(value: SqliteValue): string {
  if (!(value instanceof Uint8Array)) return value === null ? "" : String(value);
  const kept = value.subarray(0, MOST_BLOB);
  const digits = Array.from(kept, (b) => b.toString(16).padStart(2, "0")).join("");
  return value.length > MOST_BLOB ? `${digits}… (${value.length} bytes)` : digits;
}

function sampledColumn(
  name: string,
  type: ColumnType,
  values: readonly SqliteValue[],
  loose: boolean,
): SampledColumn {
  const cells = values.map((v) => (isNothing(v, loose) ? "" : textOfValue(v)));
  const filled = cells.filter((cell) => cell !== "");
  const numeric = type === "double" || type === "bigint";
  const numbers = numeric ? filled.map(Number).filter((n) => !Number.isNaN(n)) : [];
  const length = filled.reduce((sum, cell) => sum + cell.length, 0);
  return {
    name,
    type,
    cells,
    filled: filled.length,
    distinct: new Set(filled).size,
    meanLength: length / Math.max(1, filled.length),
    counts:
      type === "bigint" &&
      numbers.length > 0 &&
      numbers.every((n, i) => i === 0 || n === (numbers[i - 1] ?? 0) + 1),
    ...(numbers.length === 0
      ? {}
      : {
          min: numbers.reduce((a, b) => Math.min(a, b)),
          max: numbers.reduce((a, b) => Math.max(a, b)),
        }),
  };
}
