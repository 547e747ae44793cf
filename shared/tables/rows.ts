import { DataType, TimeUnit, type Table, type Vector } from "apache-arrow";
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
export const BOOLEAN_OR_NULL = "boolean?";
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
  [BOOLEAN_OR_NULL]: boolean | null;
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
  const type: unknown = vector.type;
  if (DataType.isTimestamp(type)) {
    const factor =
      type.unit === TimeUnit.SECOND
        ? 1e6
        : type.unit === TimeUnit.MILLISECOND
          ? 1e3
          : type.unit === TimeUnit.NANOSECOND
            ? 1e-3
            : 1;
    return rawReader(vector, factor);
  }
  return (index) => plain(vector.get(index) as unknown);
}

/** Timestamps are read from the buffer: `get` would round them to milliseconds. */
function rawReader(vector: Vector, factor: number): (index: number) => unknown {
  const starts: number[] = [];
  let start = 0;
  for (const chunk of vector.data) {
    starts.push(start);
    start += chunk.length;
  }
  return (index) => {
    let c = starts.length - 1;
    while (c > 0 && (starts[c] ?? 0) > index) c--;
    const chunk = vector.data[c];
    if (chunk === undefined) return null;
    const local = index - (starts[c] ?? 0);
    if (!chunk.getValid(local)) return null;
    const values = chunk.values as BigInt64Array;
    return Math.round(Number(values[local]) * factor);
  };
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
