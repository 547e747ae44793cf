import {
  Field,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  type Data,
} from "apache-arrow";
import { arrowType } from "../../tables/batch.ts";
import type { TableColumn } from "../../tables/fixed-tables.ts";
import type { ParquetColumn } from "./columns.ts";

/** One complete Arrow IPC stream of converted columns and their provenance: evidence and record number, no offset. */
export function ownBatch(
  batchColumns: readonly TableColumn[],
  columns: readonly ParquetColumn[],
  data: readonly Data[],
  length: number,
  before: number,
  evidence: number,
): Uint8Array {
  const schema = new Schema(
    batchColumns.map((column) => new Field(column.name, arrowType(column.type), true)),
  );
  const children = [
    ...data.slice(0, columns.length),
    integers(length, () => evidence),
    integers(length, (i) => before + i + 1),
    makeData({
      type: new Int64(),
      length,
      nullCount: length,
      nullBitmap: new Uint8Array((length + 7) >> 3),
      data: new BigInt64Array(length),
    }),
  ];
  const struct = makeData({ type: new Struct(schema.fields), length, nullCount: 0, children });
  const writer = new RecordBatchStreamWriter();
  writer.write(new RecordBatch(schema, struct));
  writer.finish();
  return writer.toUint8Array(true);
}

/** Whole numbers below 2^53 as 64-bit integers. */
function integers(length: number, value: (index: number) => number): Data {
  const values = new BigInt64Array(length);
  const words = new Int32Array(values.buffer);
  for (let i = 0; i < length; i++) {
    const number = value(i);
    words[2 * i] = number | 0;
    words[2 * i + 1] = Math.floor(number / 4_294_967_296);
  }
  return makeData({ type: new Int64(), length, nullCount: 0, nullBitmap: null, data: values });
}
