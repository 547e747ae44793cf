import {
  BufferType,
  Data,
  DataType,
  RecordBatch,
  RecordBatchStreamWriter,
  Struct,
  makeData,
  tableFromIPC,
} from "apache-arrow";

/** Rows of one of DuckDB's vectors. */
export const VECTOR_ROWS = 2048;

/**
 * Batches for one table, cut anew so that all but the last have a multiple of
 * 2,048 rows. Rows that a transaction adds to a vector in two goes cost DuckDB
 * 32 bytes each until the commit, whatever they hold, and one odd batch sets all
 * that follow out of step: 1.5 GB for a log of 46 million lines.
 *
 * Takes batches of numbers, times, booleans and texts, as `BatchBuilder` makes
 * them; others go through as they are.
 */
export class AlignedBatches {
  /** Fewer rows than a vector has, waiting for the next batch. */
  #carry: RecordBatch | null = null;

  /** The rows that fill whole vectors; null while there are none. */
  add(ipc: Uint8Array): Uint8Array | null {
    const [batch, ...others] = tableFromIPC(ipc).batches;
    const carry = this.#carry;
    if (batch === undefined || others.length > 0 || !batch.data.children.every(isPlain)) return ipc;
    const rows = (carry?.numRows ?? 0) + batch.numRows;
    const whole = rows - (rows % VECTOR_ROWS);
    if (carry === null && whole === rows) return ipc;
    const parts = carry === null ? [batch] : [carry, batch];
    this.#carry = whole === rows ? null : joined(parts, whole, rows);
    return whole === 0 ? null : streamOf(joined(parts, 0, whole));
  }

  /** The rows that are left, once no more come. */
  flush(): Uint8Array | null {
    const rest = this.#carry;
    this.#carry = null;
    return rest === null ? null : streamOf(rest);
  }
}

function isPlain({ type, offset, children }: Data): boolean {
  const isNumber = DataType.isFloat(type) || DataType.isInt(type) || DataType.isTimestamp(type);
  return (
    offset === 0 &&
    children.length === 0 &&
    (isNumber || DataType.isBool(type) || DataType.isUtf8(type))
  );
}

function streamOf(batch: RecordBatch): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.write(batch);
  writer.finish();
  return writer.toUint8Array(true);
}

/** Rows `from` to `to` of batches that lie one behind the other, in buffers of their own. */
function joined(parts: readonly RecordBatch[], from: number, to: number): RecordBatch {
  const [first] = parts;
  if (first === undefined) throw new Error("no batches to join");
  const children = first.schema.fields.map((_, column) =>
    joinedColumn(
      parts.flatMap(({ data }) => data.children[column] ?? []),
      from,
      to,
    ),
  );
  const type = new Struct(first.schema.fields);
  return new RecordBatch(
    first.schema,
    makeData({ type, length: to - from, nullCount: 0, children }),
  );
}

/** Rows `start` to `end` of `data`, at row `at` of the result. */
interface Piece {
  readonly data: Data;
  readonly start: number;
  readonly end: number;
  readonly at: number;
}

function joinedColumn(parts: readonly Data[], from: number, to: number): Data {
  const length = to - from;
  const pieces: Piece[] = [];
  let before = 0;
  for (const data of parts) {
    const start = Math.max(0, from - before);
    const end = Math.min(data.length, to - before);
    if (start < end) pieces.push({ data, start, end, at: before + start - from });
    before += data.length;
  }
  const type = parts[0]?.type;
  if (type === undefined) throw new Error("no column to join");
  const hasNulls = pieces.some(({ data }) => data.nullCount > 0);
  const validity = hasNulls ? joinedValidity(pieces, length) : undefined;
  const [offsets, values] = DataType.isUtf8(type)
    ? joinedTexts(pieces, length)
    : [
        undefined,
        DataType.isBool(type) ? joinedBits(pieces, length) : joinedValues(pieces, length),
      ];
  // -1: the nulls are counted when somebody asks.
  return new Data(type, 0, length, hasNulls ? -1 : 0, {
    ...(offsets === undefined ? {} : { [BufferType.OFFSET]: offsets }),
    [BufferType.DATA]: values,
    ...(validity === undefined ? {} : { [BufferType.VALIDITY]: validity }),
  });
}

type Values = Float64Array | BigInt64Array | Int32Array;

/** Numbers and times. */
function joinedValues(pieces: readonly Piece[], length: number): Values {
  const like = pieces[0]?.data.values as Values;
  const stride = like.length / Math.max(1, pieces[0]?.data.length ?? 1);
  const joinedOnes = new (like.constructor as new (length: number) => Values)(length * stride);
  for (const { data, start, end, at } of pieces) {
    const part = (data.values as Values).subarray(start * stride, end * stride);
    joinedOnes.set(part as never, at * stride);
  }
  return joinedOnes;
}

/** Offsets and bytes of texts. */
function joinedTexts(pieces: readonly Piece[], length: number): [Int32Array, Uint8Array] {
  const sizes = pieces.map(({ data, start, end }) => {
    const ends = data.valueOffsets as Int32Array;
    return (ends[end] ?? 0) - (ends[start] ?? 0);
  });
  const offsets = new Int32Array(length + 1);
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  let used = 0;
  pieces.forEach(({ data, start, end, at }, k) => {
    const ends = data.valueOffsets as Int32Array;
    const first = ends[start] ?? 0;
    for (let row = start; row < end; row++) {
      offsets[at + row - start + 1] = (ends[row + 1] ?? 0) - first + used;
    }
    const text = data.values as Uint8Array;
    bytes.set(text.subarray(first, ends[end]), used);
    used += sizes[k] ?? 0;
  });
  return [offsets, bytes];
}

function joinedBits(pieces: readonly Piece[], length: number): Uint8Array {
  const bits = new Uint8Array((length + 7) >> 3);
  for (const { data, start, end, at } of pieces) {
    copyBits(data.values as Uint8Array, start, end, bits, at);
  }
  return bits;
}

/** A piece without nulls has no bitmap. */
function joinedValidity(pieces: readonly Piece[], length: number): Uint8Array {
  const bits = new Uint8Array((length + 7) >> 3);
  for (const { data, start, end, at } of pieces) {
    if (data.nullCount > 0) copyBits(data.nullBitmap, start, end, bits, at);
    else
      for (let k = at; k < at + end - start; k++)
        bits[k >> 3] = (bits[k >> 3] ?? 0) | (1 << (k & 7));
  }
  return bits;
}

function copyBits(source: Uint8Array, start: number, end: number, into: Uint8Array, at: number) {
  for (let row = start, k = at; row < end; row++, k++) {
    if (((source[row >> 3] ?? 0) & (1 << (row & 7))) !== 0) {
      into[k >> 3] = (into[k >> 3] ?? 0) | (1 << (k & 7));
    }
  }
}
