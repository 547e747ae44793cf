import { DataType, makeVector, type Data, type Schema } from "apache-arrow";
import type { ColumnType } from "../../model/role.ts";
import { uniqueNames } from "../delimited/header.ts";
import type { SampledColumn } from "../delimited/target.ts";
import { hintsTime } from "../delimited/types.ts";
import { WidenColumn } from "../importer.ts";
import {
  compileTime,
  detectTimeLayout,
  type TimeLayout,
  type TimeParser,
  type TimeSettings,
} from "../times.ts";
import { naturalType, numberData, textData, TooLarge, toNatural } from "./convert.ts";
import { makeTimes } from "./times-data.ts";

/** A column of the file, and what becomes of it. */
export interface ParquetColumn {
  readonly name: string;
  /** Type in which Arrow's values are taken. */
  readonly natural: ColumnType;
  /** Type in the table. */
  readonly type: ColumnType;
  /** Texts or numbers that are times. */
  readonly parse: TimeParser | null;
  readonly zoned: boolean;
  readonly notes: readonly string[];
}

/** Names and types of the table's columns. `sample`: the first rows' columns, or null where they could not be read. */
export function planColumns(
  schema: Schema,
  sample: readonly Data[] | null,
  types: Readonly<Record<string, ColumnType>>,
  settings: TimeSettings,
): ParquetColumn[] {
  const { names, renamed } = uniqueNames(schema.fields.map((field) => field.name));
  return schema.fields.map((field, i) => {
    const name = names[i] ?? field.name;
    const { type: natural, note } = naturalType(field.type as DataType, name);
    const notes = note === null ? [] : [note];
    const was = renamed.find((r) => r.to === name);
    if (was !== undefined)
      notes.push(
        `The column name “${was.from}” occurs more than once; one is called “${was.to}” here.`,
      );
    const data = sample?.[i];
    const time = data === undefined ? null : timeIn(name, natural, data);
    const type = types[name] ?? (time === null ? natural : "timestamp");
    const parse =
      type === "timestamp" && natural !== "timestamp"
        ? compileTime(time?.layout ?? "iso", settings)
        : null;
    return { name, natural, type, parse, zoned: parse === null || time?.zoned === true, notes };
  });
}

/** Whether texts or integers of the sample are times. */
function timeIn(
  name: string,
  natural: ColumnType,
  data: Data,
): { layout: TimeLayout; zoned: boolean } | null {
  if (natural !== "varchar" && !(natural === "bigint" && hintsTime(name))) return null;
  const texts = cellsOf(data, natural).filter((text) => text !== "");
  const dated =
    natural === "bigint" || hintsTime(name) || texts.some((text) => /\d[-:/]\d/.test(text));
  const found = dated && texts.length > 0 ? detectTimeLayout(texts) : null;
  return found === null ? null : { layout: found.layout, zoned: found.hasZone };
}

/** A column of a batch as the table takes it. */
export function convertColumn(column: ParquetColumn, data: Data): Data {
  let natural: Data;
  try {
    natural = toNatural(data);
  } catch (thrown) {
    if (!(thrown instanceof TooLarge)) throw thrown;
    if (column.type !== "double" && column.type !== "varchar")
      throw new WidenColumn(column.name, "double");
    const vector = makeVector(data);
    natural = numberData(data.length, (i) => {
      const value = vector.get(i) as bigint | null;
      return value === null ? null : Number(BigInt.asUintN(64, value));
    });
  }
  if (column.type === column.natural) return natural;
  const vector = makeVector(natural);
  if (column.type === "double" && column.natural === "bigint") {
    if (DataType.isFloat(natural.type)) return natural;
    return numberData(data.length, (i) => {
      const value = vector.get(i) as bigint | null;
      return value === null ? null : Number(value);
    });
  }
  const cells = cellsOf(natural, column.natural);
  if (column.type === "timestamp" && column.parse !== null) {
    return makeTimes(
      cells,
      (i) => natural.getValid(i),
      column.parse,
      () => new WidenColumn(column.name, "varchar"),
    );
  }
  if (column.type === "varchar")
    return textData(data.length, (i) => (natural.getValid(i) ? (cells[i] ?? "") : null));
  throw new WidenColumn(column.name, "varchar");
}

/** Cells as text, empty for NULL. `data` is in its natural type. */
export function cellsOf(data: Data, type: ColumnType): string[] {
  const vector = makeVector(data);
  const micros = type === "timestamp" ? (data.values as BigInt64Array) : null;
  return Array.from({ length: data.length }, (_, i) => {
    if (!data.getValid(i)) return "";
    if (micros !== null) return new Date(Number((micros[i] ?? 0n) / 1000n)).toISOString();
    return String(vector.get(i));
  });
}

/** What the shared choice of target wants to know of a column. */
export function sampledColumn(column: ParquetColumn, converted: Data | null): SampledColumn {
  const cells = converted === null ? [] : cellsOf(converted, column.type);
  const filled = cells.filter((cell) => cell !== "");
  const numbers =
    column.type === "double" || column.type === "bigint"
      ? filled.map(Number).filter((n) => !Number.isNaN(n))
      : [];
  const length = filled.reduce((sum, cell) => sum + cell.length, 0);
  return {
    name: column.name,
    type: column.type,
    cells,
    filled: filled.length,
    distinct: new Set(filled).size,
    meanLength: length / Math.max(1, filled.length),
    counts:
      column.type === "bigint" &&
      numbers.length > 0 &&
      numbers.every((n, i) => i === 0 || n === (numbers[i - 1] ?? 0) + 1),
    ...(numbers.length === 0 ? {} : { min: Math.min(...numbers), max: Math.max(...numbers) }),
  };
}
