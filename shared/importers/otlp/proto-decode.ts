import type { PbfReader } from "pbf";
import type { FieldSchema, FieldType, MessageSchema } from "./proto-schema.ts";

/** Why bytes are no protobuf message of the expected kind. */
export class BadProtobuf extends Error {}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Messages nested deeper than this are refused, as other decoders do. */
const DEEPEST = 100;

/** A length-delimited field, or a scalar where `end` is -1. */
export interface RawField {
  readonly number: number;
  readonly wire: number;
  /** First byte of the value; after the length, where there is one. */
  readonly start: number;
  readonly end: number;
  /** False where the bytes that are at hand end before it does. */
  readonly whole: boolean;
}

/**
 * The fields of a message without their contents. Throws `BadProtobuf` where
 * the bytes are none. `cut`: the bytes may end in the middle of the last field.
 */
export function* fieldsOf(
  reader: PbfReader,
  start: number,
  end: number,
  cut = false,
): Generator<RawField> {
  let at = start;
  while (at < end) {
    reader.pos = at;
    const tag = readTag(reader, end);
    if (tag === null) {
      if (cut) return;
      throw new BadProtobuf("a field has no number");
    }
    const { number, wire } = tag;
    const from = reader.pos;
    if (wire === BYTES) {
      const length = checkedVarint(reader, end, cut);
      if (length === null) return;
      const to = reader.pos + length;
      if (to > end && !cut) throw new BadProtobuf(`field ${number} is longer than its message`);
      yield { number, wire, start: reader.pos, end: Math.min(to, end), whole: to <= end };
      at = to;
      continue;
    }
    if (wire === VARINT) {
      if (checkedVarint(reader, end, cut) === null) return;
    } else if (wire === FIXED64) reader.pos += 8;
    else if (wire === FIXED32) reader.pos += 4;
    else throw new BadProtobuf(`field ${number} has wire type ${wire}, which is not used`);
    if (reader.pos > end) {
      if (cut) return;
      throw new BadProtobuf(`field ${number} is longer than its message`);
    }
    yield { number, wire, start: from, end: -1, whole: true };
    at = reader.pos;
  }
}

function readTag(reader: PbfReader, end: number): { number: number; wire: number } | null {
  if (!varintEnds(reader.buf, reader.pos, end)) return null;
  const tag = reader.readVarint();
  const number = Math.floor(tag / 8);
  return number >= 1 && number < 2 ** 29 ? { number, wire: tag & 7 } : null;
}

function checkedVarint(reader: PbfReader, end: number, cut: boolean): number | null {
  if (varintEnds(reader.buf, reader.pos, end)) return reader.readVarint();
  if (cut) return null;
  throw new BadProtobuf("a number does not end");
}

function varintEnds(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end && i < at + 10; i++) if ((bytes[i] ?? 0) < 0x80) return true;
  return false;
}

/**
 * A message as OTLP JSON has it: lowerCamelCase keys, ids in hex, bytes in
 * base64; 64-bit times and counts are bigints. Fields that the schema does not
 * know stand under `field17`.
 */
export function decodeMessage(
  reader: PbfReader,
  start: number,
  end: number,
  schema: MessageSchema,
  depth = 0,
): Record<string, unknown> {
  if (depth > DEEPEST) throw new BadProtobuf("messages are nested too deeply");
  const result: Record<string, unknown> = {};
  for (const field of fieldsOf(reader, start, end)) {
    const known = schema.get(field.number);
    if (known === undefined) {
      add(result, `field${field.number}`, unknownValue(reader, field), true);
      continue;
    }
    const values = valuesOf(reader, field, known, depth);
    for (const value of values) add(result, known.name, value, known.repeated);
    if (known.repeated && values.length === 0) result[known.name] ??= [];
  }
  return result;
}

function add(
  result: Record<string, unknown>,
  name: string,
  value: unknown,
  repeated: boolean,
): void {
  const list = result[name];
  if (!repeated) result[name] = value;
  else if (Array.isArray(list)) list.push(value);
  else result[name] = [value];
}

const WIRES: Readonly<Record<Extract<FieldType, string>, number>> = {
  string: BYTES,
  bytes: BYTES,
  id: BYTES,
  bool: VARINT,
  double: FIXED64,
  fixed32: FIXED32,
  fixed64: FIXED64,
  sfixed64: FIXED64,
  uint: VARINT,
  sint: VARINT,
  int64: VARINT,
};

function valuesOf(
  reader: PbfReader,
  field: RawField,
  { name, type, repeated }: FieldSchema,
  depth: number,
): unknown[] {
  if (typeof type !== "string") {
    if (field.wire !== BYTES) throw new BadProtobuf(`“${name}” is no message`);
    return [decodeMessage(reader, field.start, field.end, type, depth + 1)];
  }
  const wire = WIRES[type];
  reader.pos = field.start;
  if (field.wire === wire) return [scalarOf(reader, field, type)];
  if (!repeated || field.wire !== BYTES || wire === BYTES)
    throw new BadProtobuf(`“${name}” has wire type ${field.wire} instead of ${wire}`);
  // Packed: numbers without tags, one after the other.
  const values: unknown[] = [];
  while (reader.pos < field.end) {
    if (wire === VARINT) {
      if (!varintEnds(reader.buf, reader.pos, field.end))
        throw new BadProtobuf("a number does not end");
    } else if (reader.pos + (wire === FIXED64 ? 8 : 4) > field.end) {
      throw new BadProtobuf(`“${name}” ends in the middle of a number`);
    }
    values.push(scalarOf(reader, field, type));
  }
  return values;
}

function scalarOf(reader: PbfReader, field: RawField, type: Extract<FieldType, string>): unknown {
  switch (type) {
    case "string":
      return decoder.decode(reader.buf.subarray(field.start, field.end));
    case "bytes":
      return base64(reader.buf.subarray(field.start, field.end));
    case "id":
      return hex(reader.buf.subarray(field.start, field.end));
    case "bool":
      return reader.readVarint() !== 0;
    case "double":
      return reader.readDouble();
    case "fixed32":
      return reader.readFixed32();
    case "fixed64":
      return longOf(reader, false);
    case "sfixed64":
      return longOf(reader, true);
    case "uint":
      return reader.readVarint();
    case "sint":
      return reader.readSVarint();
    case "int64":
      return varintLong(reader);
  }
}

/** A double does not hold the digits of nanoseconds since 1970. */
function longOf(reader: PbfReader, signed: boolean): bigint {
  const view = reader.dataView;
  const { pos } = reader;
  reader.pos += 8;
  return signed ? view.getBigInt64(pos, true) : view.getBigUint64(pos, true);
}

/** A signed 64-bit varint: a number where a double holds it, else its digits. */
function varintLong(reader: PbfReader): number | string {
  const { pos } = reader;
  const number = reader.readVarint(true);
  if (Number.isSafeInteger(number)) return number;
  reader.pos = pos;
  let bits = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = reader.buf[reader.pos++] ?? 0;
    bits |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80 || shift >= 63n) break;
  }
  return String(BigInt.asIntN(64, bits));
}

function unknownValue(reader: PbfReader, field: RawField): unknown {
  reader.pos = field.start;
  switch (field.wire) {
    case VARINT:
      return varintLong(reader);
    case FIXED64:
      return String(longOf(reader, false));
    case FIXED32:
      return reader.readFixed32();
    default:
      return base64(reader.buf.subarray(field.start, field.end));
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes as lower-case hex. */
export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 8192)
    binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}
