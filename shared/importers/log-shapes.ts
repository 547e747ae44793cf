import {
  Field,
  Int64,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  makeData,
  tableFromIPC,
  type Data,
} from "apache-arrow";
import { BatchBuilder } from "../tables/batch.ts";
import { LOG_SHAPES_COLUMNS, SHAPE_COLUMN } from "../tables/log-store.ts";
import type { Shape } from "../templates/shape.ts";
import { ShapeTable } from "../templates/shape-table.ts";

const LINE_FEED = 10;

/** Adds the shape of each message to batches of `logs`, and keeps the shapes of the file. */
export class LogShapes {
  readonly #table = new ShapeTable();
  readonly #absorbed = new Map<number, Shape>();

  constructor(readonly evidence: number) {}

  /** The batch with the column `shape`; NULL where there is no message. */
  withShapes(ipc: Uint8Array): Uint8Array {
    const [batch] = tableFromIPC(ipc).batches;
    if (batch === undefined) throw new Error("the batch of logs is empty");
    const message: Data | undefined = batch.getChild("message")?.data[0];
    if (message === undefined) throw new Error("the batch of logs has no messages");
    const children = [...batch.data.children, this.#shapesOf(message)];
    const fields = [
      ...batch.schema.fields.map((f) => new Field(f.name, f.type, true)),
      new Field(SHAPE_COLUMN.name, new Int64(), true),
    ];
    const type = new Struct(fields);
    const data = makeData({ type, length: batch.numRows, nullCount: 0, children });
    const writer = new RecordBatchStreamWriter();
    writer.write(new RecordBatch(new Schema(fields), data));
    writer.finish();
    return writer.toUint8Array(true);
  }

  /** The shapes so far, to be absorbed elsewhere. */
  known(): Shape[] {
    return this.#table.shapes();
  }

  /** Takes in the shapes of a part of the file that was read elsewhere. */
  absorb(shapes: readonly Shape[]): void {
    for (const shape of shapes) {
      const known = this.#absorbed.get(shape.id);
      this.#absorbed.set(
        shape.id,
        known === undefined ? shape : { ...known, count: known.count + shape.count },
      );
    }
  }

  /** All shapes of the file, as batches of `log_shapes`. */
  *shapes(): Generator<Uint8Array> {
    const builder = new BatchBuilder(LOG_SHAPES_COLUMNS, 8192);
    this.absorb(this.#table.shapes());
    for (const shape of this.#absorbed.values()) {
      builder.bigint(0, shape.id);
      builder.utf8(1, shape.kinds);
      builder.utf8(2, JSON.stringify(shape.texts));
      builder.bigint(3, shape.count);
      builder.utf8(4, shape.example);
      builder.boolean(5, shape.isOverflow === true);
      builder.bigint(6, this.evidence);
      builder.endRow();
      if (builder.full) yield builder.flush();
    }
    if (builder.rows > 0) yield builder.flush();
  }

  #shapesOf(message: Data): Data {
    const bytes = message.values as Uint8Array;
    const offsets = message.valueOffsets as Int32Array;
    const ids = new BigInt64Array(message.length);
    // Little-endian pairs: ids fit into a double, and BigInt per row is slow.
    const words = new Uint32Array(ids.buffer);
    const { nullBitmap, nullCount } = message;
    // A stack trace below a message makes it no other statement.
    const severalLines = bytes.includes(LINE_FEED);
    for (let row = 0; row < message.length; row++) {
      if (nullCount > 0 && ((nullBitmap[row >> 3] ?? 0) & (1 << (row & 7))) === 0) continue;
      const start = offsets[row] ?? 0;
      let end = offsets[row + 1] ?? 0;
      if (severalLines) {
        const all = end;
        end = start;
        while (end < all && bytes[end] !== LINE_FEED) end++;
      }
      const id = this.#table.add(bytes, start, end);
      words[row * 2] = id;
      words[row * 2 + 1] = id / 4294967296;
    }
    const { length } = message;
    return makeData({ type: new Int64(), length, nullCount, nullBitmap, data: ids });
  }
}
