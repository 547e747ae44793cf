import { DataType, TimeUnit, Vector, type Data, type Table } from "apache-arrow";
import { Fault, type Result } from "../base/result.ts";
import type { EvidenceTime } from "../base/time.ts";
import type { Engine, EngineError, QueryOptions } from "./engine.ts";

/** Declared column types of a result row. `*_OR_NULL` allow SQL NULL. */
export const STRING = "string";
export const NUMBER = "number";
export const BOOLEAN = "boolean";
export const TIMESTAMP = "timestamp";
export const NUMBERS = "numbers";
export const STRINGS = "strings";
export const STRING_OR_NULL = "string?";
export const NUMBER_OR_NULL = "number?";
export const TIMESTAMP_OR_NULL = "timestamp?";
export const NUMBERS_OR_NULL = "numbers?";

interface Fields {
  [STRING]: string;
  [NUMBER]: number;
  [BOOLEAN]: boolean;
  /** µs UTC. */
  [TIMESTAMP]: EvidenceTime;
  /** LIST of numbers. */
  [NUMBERS]: number[];
  [STRINGS]: string[];
  [STRING_OR_NULL]: string | null;
  [NUMBER_OR_NULL]: number | null;
  [TIMESTAMP_OR_NULL]: EvidenceTime | null;
  [NUMBERS_OR_NULL]: number[] | null;
}
export type FieldType = keyof Fields;
export type RowSpec = Readonly<Record<string, FieldType>>;
export type Row<S extends RowSpec> = { -readonly [K in keyof S]: Fields[S[K]] };

/**
 * Rows of a query result with declared column types.
 * Throws when a column is missing or holds a NULL that was not declared:
 * that is a bug in the query, not in the evidence.
 */
export function readRows<S extends RowSpec>(table: Table, spec: S): Row<S>[] {
  const columns = Object.entries(spec).map(([name, type]) => {
    const vector = table.getChild(name);
    if (vector === null) {
      const have = table.schema.fields.map((f) => f.name).join(", ");
      throw new Error(`the result has no column ${name}; it has ${have}`);
    }
    return { name, type, read: reader(vector) };
  });
  const rows: Row<S>[] = [];
  for (let i = 0; i < table.numRows; i++) {
    const row: Record<string, unknown> = {};
    for (const { name, type, read } of columns) {
      const value = read(i);
      if (value === null && !type.endsWith("?")) {
        throw new Error(`column ${name} is NULL in row ${i}`);
      }
      row[name] = value;
    }
    rows.push(row as Row<S>);
  }
  return rows;
}

/** One column of a result as plain values (numbers, strings, booleans, µs, arrays, null). */
export function readColumn(table: Table, name: string): unknown[] {
  const vector = table.getChild(name);
  if (vector === null) throw new Error(`the result has no column ${name}`);
  const read = reader(vector);
  return Array.from({ length: table.numRows }, (_, i) => read(i));
}

function reader(vector: Vector): (index: number) => unknown {
  const chunks = vector.data.map((data) => ({
    length: data.length,
    read: dataReader(data as Data),
  }));
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only.read;
  return (index) => {
    let local = index;
    for (const { length, read } of chunks) {
      if (local < length) return read(local);
      local -= length;
    }
    return null;
  };
}

/**
 * Reads from the buffers where Arrow's own `get` would lose something:
 * timestamps (rounded to ms), decimals (unscaled), and all of these in lists.
 */
function dataReader(data: Data): (index: number) => unknown {
  const type: unknown = data.type;
  if (DataType.isTimestamp(type)) {
    const values = data.values as BigInt64Array;
    return nullable(data, microseconds(values, type.unit));
  }
  if (DataType.isDate(type)) {
    const vector = new Vector([data]);
    return nullable(data, (i) => Number(vector.get(i)) * 1000);
  }
  if (DataType.isInt(type) && type.bitWidth === 64) {
    const values = data.values as BigInt64Array;
    return nullable(data, (i) => Number(values[i]));
  }
  if (DataType.isDecimal(type)) {
    const words = data.values as Uint32Array;
    const divisor = 10 ** type.scale;
    return nullable(data, (i) => decimal128(words, i * 4) / divisor);
  }
  if (DataType.isList(type)) {
    const item = data.children[0];
    const read = item === undefined ? () => null : dataReader(item);
    const offsets = data.valueOffsets as Int32Array;
    return nullable(data, (i) => {
      const start = offsets[i] ?? 0;
      return Array.from({ length: (offsets[i + 1] ?? start) - start }, (_, k) => read(start + k));
    });
  }
  const vector = new Vector([data]);
  return (i) => plain(vector.get(i) as unknown);
}

function nullable(data: Data, read: (index: number) => unknown): (index: number) => unknown {
  if (data.nullCount === 0) return read;
  return (index) => (data.getValid(index) ? read(index) : null);
}

function microseconds(values: BigInt64Array, unit: TimeUnit): (index: number) => number {
  switch (unit) {
    case TimeUnit.SECOND:
      return (i) => Number(values[i]) * 1e6;
    case TimeUnit.MILLISECOND:
      return (i) => Number(values[i]) * 1e3;
    case TimeUnit.MICROSECOND:
      return (i) => Number(values[i]);
    case TimeUnit.NANOSECOND:
      // In BigInt first: nanoseconds of today do not fit a double.
      return (i) => Number((values[i] ?? 0n) / 1000n);
  }
}

/** A 128-bit two's complement integer of four words, lowest first. */
function decimal128(words: Uint32Array, at: number): number {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words.subarray(at, at + 4);
  if (w3 === 0 && w2 === 0 && w1 < 0x20_0000) return w1 * 0x1_0000_0000 + w0;
  const whole = (BigInt(w3) << 96n) | (BigInt(w2) << 64n) | (BigInt(w1) << 32n) | BigInt(w0);
  return Number(BigInt.asIntN(128, whole));
}

function plain(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "object") {
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      return Array.from(value as unknown as ArrayLike<unknown>, plain);
    }
    if (Symbol.iterator in value) {
      return Array.from(value as Iterable<unknown>, plain);
    }
  }
  return value;
}

/**
 * Runs a query and reads its rows. An engine error is thrown as a `Fault`
 * and turned back into a value by `attempt` at the edge of an analysis.
 */
export async function queryRows<S extends RowSpec>(
  engine: Engine,
  sql: string,
  spec: S,
  options?: QueryOptions,
): Promise<Row<S>[]> {
  return readRows(await queryTable(engine, sql, options), spec);
}

/** Runs a query; an engine error is thrown as a `Fault`. */
export async function queryTable(
  engine: Engine,
  sql: string,
  options?: QueryOptions,
): Promise<Table> {
  const result: Result<Table, EngineError> = await engine.query(sql, options);
  if (!result.ok) throw new Fault(result.error);
  return result.value;
}
