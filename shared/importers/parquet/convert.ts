import {
  Bool,
  DataType,
  Float64,
  Int64,
  makeData,
  makeVector,
  TimestampMicrosecond,
  TimeUnit,
  Utf8,
  type Data,
  type Vector,
} from "apache-arrow";
import type { ColumnType } from "../../model/role.ts";
import { isUtf8 } from "../text.ts";
import {
  dayMicros,
  decimalToDouble,
  millisToMicros,
  nanosToMicros,
  secondsToMicros,
  type ScalePair,
} from "./numbers.ts";

/** The type of ours that holds an Arrow type, and what is lost or changed on the way. */
export interface Natural {
  readonly type: ColumnType;
  readonly note: string | null;
}

/** `name` stands in the notes. */
export function naturalType(type: DataType, name: string): Natural {
  const plain = (to: ColumnType): Natural => ({ type: to, note: null });
  const noted = (to: ColumnType, text: string): Natural => ({
    type: to,
    note: `Column “${name}” ${text}.`,
  });
  if (DataType.isDictionary(type)) return naturalType(type.dictionary as DataType, name);
  if (DataType.isInt(type)) return plain("bigint");
  if (DataType.isFloat(type)) return plain("double");
  if (DataType.isBool(type)) return plain("boolean");
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return plain("varchar");
  if (DataType.isDecimal(type))
    return noted("double", "is decimal; its numbers are rounded to about 15 digits");
  if (DataType.isDate(type)) return plain("timestamp");
  if (DataType.isTimestamp(type)) {
    return type.unit === TimeUnit.NANOSECOND
      ? noted("timestamp", "has nanoseconds; they are kept to the microsecond")
      : plain("timestamp");
  }
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) return plain("varchar");
  if (DataType.isFixedSizeBinary(type))
    return noted("varchar", "is binary and kept as hexadecimal digits");
  if (
    DataType.isList(type) ||
    DataType.isFixedSizeList(type) ||
    DataType.isStruct(type) ||
    DataType.isMap(type)
  ) {
    return noted("varchar", "is nested and kept as JSON");
  }
  if (DataType.isTime(type)) return noted("varchar", "is a time of day and kept as text");
  if (DataType.isDuration(type))
    return noted(
      "bigint",
      `is a duration in ${TimeUnit[type.unit].toLowerCase()}s and kept as a number`,
    );
  return noted("varchar", "is of a rare type and kept as text");
}

/** A column of the batch could not be converted as planned: unsigned integers beyond 63 bits. */
export class TooLarge extends Error {}

/** One column of a batch in its natural type. Buffers are reused where the layout is the same. */
export function toNatural(data: Data): Data {
  const type: unknown = data.type;
  const common = { length: data.length, nullCount: data.nullCount, nullBitmap: bitmap(data) };
  if (data.offset !== 0) throw new Error("a column of a batch begins in the middle of its buffers");
  if (DataType.isInt(type)) return makeData({ type: new Int64(), ...common, data: toInt64(data) });
  if (DataType.isFloat(type)) {
    const values: unknown = data.values;
    if (values instanceof Float64Array)
      return makeData({ type: new Float64(), ...common, data: values });
    if (values instanceof Float32Array)
      return makeData({ type: new Float64(), ...common, data: Float64Array.from(values) });
    return fromVector(data);
  }
  if (DataType.isBool(type))
    return makeData({ type: new Bool(), ...common, data: data.values as Uint8Array });
  if (DataType.isUtf8(type)) return texts(data, data.valueOffsets as Int32Array, false);
  if (DataType.isLargeUtf8(type)) return texts(data, narrow(data.valueOffsets as unknown), false);
  if (DataType.isBinary(type)) return texts(data, data.valueOffsets as Int32Array, true);
  if (DataType.isLargeBinary(type)) return texts(data, narrow(data.valueOffsets as unknown), true);
  if (DataType.isTimestamp(type)) return times(data, TIME_SCALES[type.unit]);
  if (DataType.isDate(type)) {
    return makeData({ type: new TimestampMicrosecond(), ...common, data: dates(data) });
  }
  if (DataType.isDecimal(type)) {
    return makeData({
      type: new Float64(),
      ...common,
      data: decimalToDouble(
        data.values as Uint32Array,
        type.bitWidth / 32,
        type.scale,
        data.length,
      ),
    });
  }
  return fromVector(data);
}

function bitmap(data: Data): Uint8Array | null {
  return data.nullCount === 0 ? null : data.nullBitmap;
}

const TIME_SCALES: Record<TimeUnit, ScalePair | null> = {
  [TimeUnit.SECOND]: secondsToMicros,
  [TimeUnit.MILLISECOND]: millisToMicros,
  [TimeUnit.MICROSECOND]: null,
  [TimeUnit.NANOSECOND]: nanosToMicros,
};

/** 64-bit values as pairs of words: BigInt arithmetic is some ten times slower. */
function times(data: Data, scale: ScalePair | null): Data {
  const common = { length: data.length, nullCount: data.nullCount, nullBitmap: bitmap(data) };
  const values = (data.values as BigInt64Array).subarray(0, data.length);
  if (scale === null)
    return makeData({ type: new TimestampMicrosecond(), ...common, data: values });
  const aligned = values.byteOffset % 8 === 0 ? values : values.slice();
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, data.length * 2);
  const out = new BigInt64Array(data.length);
  const pairs = new Int32Array(out.buffer);
  for (let i = 0; i < pairs.length; i += 2) {
    const micros = scale((words[i] ?? 0) >>> 0, words[i + 1] ?? 0);
    pairs[i] = micros | 0;
    pairs[i + 1] = Math.floor(micros / 4_294_967_296);
  }
  return makeData({ type: new TimestampMicrosecond(), ...common, data: out });
}

/** Days (32 bits) or milliseconds (64 bits) as µs. */
function dates(data: Data): BigInt64Array {
  const values: unknown = data.values;
  const out = new BigInt64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    if (values instanceof Int32Array && values.length < data.length * 2)
      out[i] = BigInt(dayMicros(values[i] ?? 0));
    else if (values instanceof BigInt64Array) out[i] = (values[i] ?? 0n) * 1000n;
    else if (values instanceof Int32Array)
      out[i] = BigInt(
        ((values[2 * i + 1] ?? 0) * 4_294_967_296 + ((values[2 * i] ?? 0) >>> 0)) * 1000,
      );
  }
  return out;
}

function toInt64(data: Data): BigInt64Array {
  const values: unknown = data.values;
  if (values instanceof BigInt64Array) return values.subarray(0, data.length);
  if (values instanceof BigUint64Array) {
    const signed = new BigInt64Array(values.buffer, values.byteOffset, data.length);
    for (let i = 0; i < data.length; i++)
      if ((signed[i] ?? 0n) < 0n && data.getValid(i)) throw new TooLarge();
    return signed;
  }
  const small = values as
    Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;
  const out = new BigInt64Array(data.length);
  const words = new Int32Array(out.buffer);
  for (let i = 0; i < data.length; i++) {
    const value = small[i] ?? 0;
    words[2 * i] = value | 0;
    words[2 * i + 1] = value < 0 ? -1 : 0;
  }
  return out;
}

/** 64-bit offsets as 32-bit ones: a batch holds less than 2 GiB. */
function narrow(offsets: unknown): Int32Array {
  return Int32Array.from(offsets as BigInt64Array, Number);
}

const encoder = new TextEncoder();

/** Texts as they are; bytes that are no UTF-8 as hexadecimal digits. */
function texts(data: Data, offsets: Int32Array, binary: boolean): Data {
  const bytes = data.values as Uint8Array;
  const first = offsets[0] ?? 0;
  const last = offsets[data.length] ?? 0;
  if (binary && !isUtf8(bytes, first, last)) {
    return textData(data.length, (i) => {
      if (!data.getValid(i)) return null;
      const start = offsets[i] ?? 0;
      const end = offsets[i + 1] ?? 0;
      const part = bytes.subarray(start, end);
      return isUtf8(bytes, start, end) ? new TextDecoder().decode(part) : hex(part);
    });
  }
  return makeData({
    type: new Utf8(),
    length: data.length,
    nullCount: data.nullCount,
    nullBitmap: bitmap(data),
    valueOffsets:
      first === 0 ? offsets.subarray(0, data.length + 1) : offsets.map((offset) => offset - first),
    data: bytes.subarray(first, last),
  });
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A text column from values one by one. */
export function textData(length: number, value: (index: number) => string | null): Data {
  const offsets = new Int32Array(length + 1);
  const validity = new Uint8Array((length + 7) >> 3);
  let bytes = new Uint8Array(Math.max(1024, length * 16));
  let at = 0;
  let nulls = 0;
  for (let i = 0; i < length; i++) {
    const text = value(i);
    if (text === null) nulls++;
    else {
      if (at + text.length * 3 > bytes.length) {
        const larger = new Uint8Array(Math.max(bytes.length * 2, at + text.length * 3));
        larger.set(bytes.subarray(0, at));
        bytes = larger;
      }
      at += encoder.encodeInto(text, bytes.subarray(at)).written;
      validity[i >> 3] = (validity[i >> 3] ?? 0) | (1 << (i & 7));
    }
    offsets[i + 1] = at;
  }
  return makeData({
    type: new Utf8(),
    length,
    nullCount: nulls,
    nullBitmap: validity,
    valueOffsets: offsets,
    data: bytes.subarray(0, at),
  });
}

/** Rare types, value by value. */
function fromVector(data: Data): Data {
  const vector: Vector = makeVector(data);
  const type: unknown = data.type;
  if (DataType.isDictionary(type)) return dictionary(data, vector);
  const natural = naturalType(data.type, "").type;
  if (natural === "double") return numberData(data.length, (i) => vector.get(i) as number | null);
  if (natural === "bigint") {
    return numberData(
      data.length,
      (i) => {
        const value = vector.get(i) as number | bigint | null;
        return value === null ? null : Number(value);
      },
      true,
    );
  }
  return textData(data.length, (i) => textOfValue(vector.get(i), type));
}

export function numberData(
  length: number,
  value: (index: number) => number | null,
  whole = false,
): Data {
  const values = new Float64Array(length);
  const validity = new Uint8Array((length + 7) >> 3);
  let nulls = 0;
  for (let i = 0; i < length; i++) {
    const number = value(i);
    if (number === null) nulls++;
    else {
      values[i] = number;
      validity[i >> 3] = (validity[i >> 3] ?? 0) | (1 << (i & 7));
    }
  }
  const common = { length, nullCount: nulls, nullBitmap: validity };
  if (!whole) return makeData({ type: new Float64(), ...common, data: values });
  return makeData({
    type: new Int64(),
    ...common,
    data: BigInt64Array.from(values, (v) => BigInt(Math.trunc(v))),
  });
}

function dictionary(data: Data, vector: Vector): Data {
  const natural = naturalType(data.type, "").type;
  if (natural === "double" || natural === "bigint") {
    return numberData(
      data.length,
      (i) => {
        const value = vector.get(i) as number | bigint | null;
        return value === null ? null : Number(value);
      },
      natural === "bigint",
    );
  }
  return textData(data.length, (i) => textOfValue(vector.get(i), null));
}

/** A value as text: nested ones as JSON, times of day as `HH:MM:SS.ffffff`. */
function textOfValue(value: unknown, type: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (
    type instanceof DataType &&
    DataType.isTime(type) &&
    (typeof value === "number" || typeof value === "bigint")
  ) {
    const perSecond = [1, 1e3, 1e6, 1e9][type.unit] ?? 1;
    const seconds = Number(value) / perSecond;
    return (
      new Date(Math.floor(seconds) * 1000).toISOString().slice(11, 19) +
      (seconds % 1).toFixed(6).slice(1)
    );
  }
  if (value instanceof Uint8Array) return hex(value);
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === "bigint") {
      const number = Number(inner);
      return Number.isSafeInteger(number) ? number : inner.toString();
    }
    if (typeof inner === "number" && !Number.isFinite(inner)) return String(inner);
    return inner instanceof Uint8Array ? hex(inner) : inner;
  });
}
