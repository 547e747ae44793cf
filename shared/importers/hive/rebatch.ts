import {
  Bool,
  Field,
  Float64,
  Int64,
  makeData,
  makeVector,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  tableFromIPC,
  TimestampMicrosecond,
  type Data,
} from "apache-arrow";
import { arrowType } from "../../tables/batch.ts";
import type { ColumnType } from "../../model/role.ts";
import type { TableColumn } from "../../tables/fixed-tables.ts";
import { textData } from "../parquet/convert.ts";

/** Where a column of the table comes from, for the rows of one file. */
export type Origin =
  /** A column of the file's own batches, by its position. */
  | { readonly column: number }
  /** One value for all rows. */
  | { readonly value: string | number | boolean | null }
  /** These columns of the file as a JSON object. */
  | { readonly rest: readonly { readonly name: string; readonly column: number }[] };

/** A batch of a file as a batch of the table: other columns in another order, provenance as it is. */
export function rebatch(
  ipc: Uint8Array,
  origins: readonly Origin[],
  columns: readonly TableColumn[],
): Uint8Array {
  const schema = new Schema(columns.map((c) => new Field(c.name, arrowType(c.type), true)));
  const writer = new RecordBatchStreamWriter();
  for (const { data, numRows } of tableFromIPC(ipc).batches) {
    const own = data.children;
    const children = columns.map((column, i) => {
      const origin = origins[i];
      // The last three are the provenance, here and there.
      if (origin === undefined) return required(own[own.length - columns.length + i]);
      if ("column" in origin) return required(own[origin.column]);
      if ("rest" in origin) return restData(own, origin.rest, numRows);
      return constant(column.type, origin.value, numRows);
    });
    const struct = makeData({
      type: new Struct(schema.fields),
      length: numRows,
      nullCount: 0,
      children,
    });
    writer.write(new RecordBatch(schema, struct));
  }
  writer.finish();
  return writer.toUint8Array(true);
}

function required(data: Data | undefined): Data {
  if (data === undefined) throw new Error("a batch has fewer columns than its plan");
  return data;
}

/** The same value in all rows; a time in µs. */
function constant(type: ColumnType, value: string | number | boolean | null, length: number): Data {
  const bytes = (length + 7) >> 3;
  const common = {
    length,
    nullCount: value === null ? length : 0,
    nullBitmap: new Uint8Array(bytes).fill(value === null ? 0 : 0xff),
  };
  switch (type) {
    case "double":
      return makeData({
        type: new Float64(),
        ...common,
        data: new Float64Array(length).fill(Number(value)),
      });
    case "bigint":
      return makeData({ type: new Int64(), ...common, data: longs(value, length) });
    case "timestamp":
      return makeData({ type: new TimestampMicrosecond(), ...common, data: longs(value, length) });
    case "boolean":
      return makeData({
        type: new Bool(),
        ...common,
        data: new Uint8Array(bytes).fill(value === true ? 0xff : 0),
      });
    case "varchar":
      return textData(length, () => (value === null ? null : String(value)));
  }
}

function longs(value: string | number | boolean | null, length: number): BigInt64Array {
  return new BigInt64Array(length).fill(BigInt(Math.trunc(Number(value))));
}

function restData(
  own: readonly Data[],
  rest: readonly { readonly name: string; readonly column: number }[],
  length: number,
): Data {
  const vectors = rest.map(({ name, column }) => ({
    name,
    vector: makeVector(required(own[column])),
  }));
  return textData(length, (i) => {
    const filled = vectors.flatMap(({ name, vector }) => {
      const value = vector.get(i) as unknown;
      if (value === null || value === undefined) return [];
      return [[name, typeof value === "bigint" ? String(value) : value] as const];
    });
    return filled.length === 0 ? null : JSON.stringify(Object.fromEntries(filled));
  });
}
