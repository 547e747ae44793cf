import {
  Bool,
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
  Vector,
  makeData,
  type Data,
  type DataType,
} from "apache-arrow";
import type { TableColumn } from "./fixed-tables.ts";

/** Rows of a batch: DuckDB's row group size, so that each insert fills whole groups. */
export const BATCH_ROWS = 122_880;

/** Wide tables make shorter batches: the buffers of one batch stay below about 50 MB. */
const BATCH_CELLS = 6_000_000;

/** A batch is full when its strings hold this many bytes, whatever the number of rows. */
const BATCH_TEXT_BYTES = 64 * 1024 * 1024;

/** Texts up to this length are copied by a loop: cheaper than a call to `set`. */
const SHORT_TEXT = 48;

const NO_TEXT = new Uint8Array(0);
const encoder = new TextEncoder();

/**
 * A text that comes again and again in a column of a builder that keeps that
 * column as a dictionary. It belongs to one column of one builder.
 */
export class Term {
  /** Batch in whose dictionary it stands, and where. */
  batch = -1;
  index = 0;

  constructor(readonly bytes: Uint8Array) {}
}

/** Buffers of one column. All columns have the same shape so that access stays monomorphic. */
interface Column {
  readonly type: TableColumn["type"];
  readonly validity: Uint8Array;
  /** `double`. */
  readonly doubles: Float64Array;
  /** `bigint` and `timestamp`: little-endian pairs. */
  readonly words: Int32Array;
  readonly longs: BigInt64Array;
  /** `boolean`. */
  readonly bits: Uint8Array;
  /** `varchar`. */
  readonly offsets: Int32Array;
  text: Uint8Array;
  /** `varchar` as a dictionary: its terms in this batch, and which of them each row holds. */
  readonly terms: Term[] | null;
  readonly indices: Int32Array;
}

/**
 * Collects rows in Arrow buffers and turns them into complete IPC streams.
 * Columns are addressed by index; a cell that is not set is NULL. Buffers are
 * reused from batch to batch, and `flush` copies out of them.
 *
 * Cells become part of the table with `endRow`; `rollbackRow` forgets the
 * cells of the row that was begun.
 */
export class BatchBuilder {
  rows = 0;
  /** Bytes of text in the batch. */
  #textBytes = 0;
  #batch = 0;
  readonly #columns: readonly Column[];
  readonly #textColumns: readonly Column[];
  readonly #schema: Schema;
  readonly #capacity: number;

  /** @param dictionary names of text columns whose cells are set with `term` only */
  constructor(
    columns: readonly TableColumn[],
    capacity = BATCH_ROWS,
    dictionary: readonly string[] = [],
  ) {
    const rows = Math.max(2048, Math.floor(BATCH_CELLS / columns.length));
    this.#capacity = Math.min(capacity, rows);
    this.#columns = columns.map((c) =>
      makeColumn(c.type, this.#capacity, dictionary.includes(c.name)),
    );
    this.#textColumns = this.#columns.filter((c) => c.type === "varchar" && c.terms === null);
    this.#schema = new Schema(
      columns.map(
        (c, i) =>
          new Field(
            c.name,
            dictionary.includes(c.name)
              ? new Dictionary(new Utf8(), new Int32(), i)
              : arrowType(c.type),
            true,
          ),
      ),
    );
  }

  /** The batch has to be flushed before the next row. */
  get full(): boolean {
    return this.rows >= this.#capacity || this.#textBytes >= BATCH_TEXT_BYTES;
  }

  null(c: number): void {
    const column = this.#column(c);
    const row = this.rows;
    column.validity[row >> 3] = (column.validity[row >> 3] ?? 0) & ~(1 << (row & 7));
    if (column.type === "varchar") {
      column.offsets[row + 1] = column.offsets[row] ?? 0;
    }
  }

  double(c: number, value: number): void {
    const column = this.#column(c);
    column.doubles[this.rows] = value;
    this.#valid(column);
  }

  /** An integer that a double holds exactly. */
  bigint(c: number, value: number): void {
    const column = this.#column(c);
    const at = this.rows * 2;
    // ToInt32 is defined modulo 2^32: the low word of a two's complement pair.
    column.words[at] = value | 0;
    column.words[at + 1] = Math.floor(value / 4294967296);
    this.#valid(column);
  }

  /** An integer beyond 2^53. */
  bigint64(c: number, value: bigint): void {
    const column = this.#column(c);
    column.longs[this.rows] = value;
    this.#valid(column);
  }

  /** µs since the epoch, UTC. */
  timestamp(c: number, micros: number): void {
    this.bigint(c, micros);
  }

  boolean(c: number, value: boolean): void {
    const column = this.#column(c);
    const row = this.rows;
    const byte = column.bits[row >> 3] ?? 0;
    const bit = 1 << (row & 7);
    column.bits[row >> 3] = value ? byte | bit : byte & ~bit;
    this.#valid(column);
  }

  utf8(c: number, value: string): void {
    const column = this.#column(c);
    const start = column.offsets[this.rows] ?? 0;
    const length = value.length;
    let text = column.text;
    if (start + length * 3 > text.length) {
      text = grow(column, start, length * 3);
    }
    let at = start;
    if (length <= SHORT_TEXT) {
      for (let i = 0; i < length; i++) {
        const code = value.charCodeAt(i);
        if (code >= 0x80) {
          at = -1;
          break;
        }
        text[at++] = code;
      }
    } else {
      at = -1;
    }
    if (at === -1) {
      at = start + encoder.encodeInto(value, text.subarray(start)).written;
    }
    column.offsets[this.rows + 1] = at;
    this.#valid(column);
  }

  /** Bytes that are valid UTF-8. */
  utf8Bytes(c: number, bytes: Uint8Array, start: number, end: number): void {
    const column = this.#column(c);
    let at = column.offsets[this.rows] ?? 0;
    const length = end - start;
    let text = column.text;
    if (at + length > text.length) text = grow(column, at, length);
    if (length <= SHORT_TEXT) {
      for (let i = start; i < end; i++) text[at++] = bytes[i] ?? 0;
    } else {
      text.set(bytes.subarray(start, end), at);
      at += length;
    }
    column.offsets[this.rows + 1] = at;
    this.#valid(column);
  }

  /** A text of a dictionary column. */
  term(c: number, term: Term): void {
    const column = this.#column(c);
    if (term.batch !== this.#batch) {
      if (column.terms === null) throw new Error(`column ${c} of the batch is no dictionary`);
      term.batch = this.#batch;
      term.index = column.terms.length;
      column.terms.push(term);
    }
    column.indices[this.rows] = term.index;
    this.#valid(column);
  }

  /** Makes the cells set since the last call a row. */
  endRow(): void {
    const row = this.rows;
    const columns = this.#textColumns;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i];
      if (column === undefined) break;
      const start = column.offsets[row] ?? 0;
      if (((column.validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0) {
        column.offsets[row + 1] = start;
      } else {
        this.#textBytes += (column.offsets[row + 1] ?? 0) - start;
      }
    }
    this.rows = row + 1;
  }

  /** Forgets the cells set since the last `endRow`. */
  rollbackRow(): void {
    const mask = ~(1 << (this.rows & 7));
    for (const column of this.#columns) {
      column.validity[this.rows >> 3] = (column.validity[this.rows >> 3] ?? 0) & mask;
    }
  }

  /** One complete Arrow IPC stream with the rows collected so far; the builder is empty afterwards. */
  flush(): Uint8Array {
    const rows = this.rows;
    const children = this.#columns.map((c, i) => columnData(c, rows, this.#schema.fields[i]));
    const data = makeData({
      type: new Struct(this.#schema.fields),
      length: rows,
      nullCount: 0,
      children,
    });
    const writer = new RecordBatchStreamWriter();
    writer.write(new RecordBatch(this.#schema, data));
    writer.finish();
    const ipc = writer.toUint8Array(true);
    for (const column of this.#columns) {
      column.validity.fill(0);
      if (column.terms !== null) column.terms.length = 0;
    }
    this.#batch++;
    this.rows = 0;
    this.#textBytes = 0;
    return ipc;
  }

  #column(c: number): Column {
    const column = this.#columns[c];
    if (column === undefined) throw new Error(`the batch has no column ${c}`);
    return column;
  }

  #valid(column: Column): void {
    const row = this.rows;
    column.validity[row >> 3] = (column.validity[row >> 3] ?? 0) | (1 << (row & 7));
  }
}

function makeColumn(type: TableColumn["type"], capacity: number, dictionary: boolean): Column {
  const wide = type === "bigint" || type === "timestamp" ? capacity : 0;
  const longs = new BigInt64Array(wide);
  return {
    type,
    validity: new Uint8Array((capacity + 7) >> 3),
    doubles: new Float64Array(type === "double" ? capacity : 0),
    longs,
    words: new Int32Array(longs.buffer),
    bits: new Uint8Array(type === "boolean" ? (capacity + 7) >> 3 : 0),
    offsets: new Int32Array(type === "varchar" && !dictionary ? capacity + 1 : 0),
    text: type === "varchar" && !dictionary ? new Uint8Array(64 * 1024) : NO_TEXT,
    terms: dictionary ? [] : null,
    indices: new Int32Array(dictionary ? capacity : 0),
  };
}

function grow(column: Column, used: number, more: number): Uint8Array {
  const text = new Uint8Array(Math.max(used + more, column.text.length * 2));
  text.set(column.text.subarray(0, used));
  column.text = text;
  return text;
}

/** The Arrow type of the batches for a column type. */
export function arrowType(type: TableColumn["type"]): DataType {
  switch (type) {
    case "double":
      return new Float64();
    case "bigint":
      return new Int64();
    case "timestamp":
      return new TimestampMicrosecond();
    case "boolean":
      return new Bool();
    case "varchar":
      return new Utf8();
  }
}

function columnData(column: Column, rows: number, field: Field | undefined): Data {
  const nullBitmap = column.validity.subarray(0, (rows + 7) >> 3);
  const nullCount = rows - countBits(nullBitmap);
  const common = { length: rows, nullCount, nullBitmap };
  switch (column.type) {
    case "double":
      return makeData({
        type: new Float64(),
        ...common,
        data: column.doubles.subarray(0, rows),
      });
    case "bigint":
      return makeData({
        type: new Int64(),
        ...common,
        data: column.longs.subarray(0, rows),
      });
    case "timestamp":
      return makeData({
        type: new TimestampMicrosecond(),
        ...common,
        data: column.longs.subarray(0, rows),
      });
    case "boolean":
      return makeData({
        type: new Bool(),
        ...common,
        data: column.bits.subarray(0, (rows + 7) >> 3),
      });
    case "varchar":
      if (column.terms !== null) {
        return makeData({
          type: field?.type as Dictionary<Utf8, Int32>,
          ...common,
          data: column.indices.subarray(0, rows),
          dictionary: dictionaryOf(column.terms),
        });
      }
      return makeData({
        type: new Utf8(),
        ...common,
        valueOffsets: column.offsets.subarray(0, rows + 1),
        data: column.text.subarray(0, column.offsets[rows] ?? 0),
      });
  }
}

/** The texts of a dictionary; one empty text where it would have none. */
function dictionaryOf(terms: readonly Term[]): Vector<Utf8> {
  const length = Math.max(1, terms.length);
  const valueOffsets = new Int32Array(length + 1);
  terms.forEach((term, i) => {
    valueOffsets[i + 1] = (valueOffsets[i] ?? 0) + term.bytes.length;
  });
  const data = new Uint8Array(valueOffsets[length] ?? 0);
  terms.forEach((term, i) => {
    data.set(term.bytes, valueOffsets[i]);
  });
  return new Vector([makeData({ type: new Utf8(), length, nullCount: 0, valueOffsets, data })]);
}

function countBits(bytes: Uint8Array): number {
  let count = 0;
  for (let byte of bytes) {
    byte -= (byte >> 1) & 0x55;
    byte = (byte & 0x33) + ((byte >> 2) & 0x33);
    count += (byte + (byte >> 4)) & 0x0f;
  }
  return count;
}
