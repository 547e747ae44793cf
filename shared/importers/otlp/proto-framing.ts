import { PbfReader } from "pbf";
import { BadProtobuf, decodeMessage, fieldsOf, type RawField } from "./proto-decode.ts";
import { LOG_RECORD, METRIC, RESOURCE, SCOPE, SPAN, type MessageSchema } from "./proto-schema.ts";
import type { Signal } from "./records.ts";

/**
 * How messages follow each other: each behind its length in four bytes, as the
 * collector's file exporter writes them, or one message that is the file.
 */
export type Framing = "delimited" | "raw";

/** A message longer than this is taken for damage of its length. */
export const MOST_MESSAGE = 256 * 1024 * 1024;

export const BYTES = 2;
const VARINT = 0;
const FIXED64 = 1;

/** Groups and records that are looked into before a file is believed to be OTLP. */
const LOOKED_AT = 20;

/** The framing of a file by its first bytes, or null where it is not OTLP protobuf. */
export function framingOf(head: Uint8Array): Framing | null {
  if (head.length < 8) return null;
  const length = lengthAt(head, 0);
  if (length > 0 && length <= MOST_MESSAGE && head[4] === 0x0a) {
    const end = 4 + length;
    if (isRequest(head, 4, Math.min(end, head.length), end > head.length)) return "delimited";
  }
  // The head of a longer file is cut off anywhere.
  return head[0] === 0x0a && isRequest(head, 0, head.length, true) ? "raw" : null;
}

/** Whether the collector compressed each message by itself (`compression: zstd`). */
export function isCompressedByMessage(head: Uint8Array): boolean {
  const length = lengthAt(head, 0);
  return length > 4 && length <= MOST_MESSAGE && lengthAt(head, 4) === 0x28b52ffd;
}

/** A big-endian length; 0 where the bytes end before. */
export function lengthAt(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, false);
}

/** Whether the bytes are an `ExportLogsServiceRequest`, or that of metrics or traces. */
function isRequest(bytes: Uint8Array, start: number, end: number, cut: boolean): boolean {
  const reader = new PbfReader(bytes);
  let sure = 0;
  try {
    for (const field of fieldsOf(reader, start, end, cut)) {
      if (field.number !== 1 || field.wire !== BYTES) return false;
      sure += evidenceIn(reader, field);
      if (sure >= LOOKED_AT) break;
    }
  } catch (thrown) {
    if (thrown instanceof BadProtobuf) return false;
    throw thrown;
  }
  return sure > 0;
}

/** How many attributes and records a group of one resource has; throws where it is none. */
function evidenceIn(reader: PbfReader, group: RawField): number {
  let found = 0;
  for (const field of fieldsOf(reader, group.start, group.end, !group.whole)) {
    if (field.wire !== BYTES || !isGroupField(field.number))
      throw new BadProtobuf("no resource with records");
    if (field.number === 1 && field.whole) {
      const { attributes } = decodeMessage(reader, field.start, field.end, RESOURCE);
      if (Array.isArray(attributes)) found += attributes.length;
    } else if (field.number === 2) {
      found += recordsIn(reader, field);
    }
    if (found >= LOOKED_AT) break;
  }
  return found;
}

function recordsIn(reader: PbfReader, scope: RawField): number {
  let found = 0;
  for (const field of fieldsOf(reader, scope.start, scope.end, !scope.whole)) {
    if (field.wire !== BYTES || field.number > 3) throw new BadProtobuf("no scope with records");
    if (!field.whole) break;
    if (field.number === 1) decodeMessage(reader, field.start, field.end, SCOPE);
    if (field.number !== 2) continue;
    const { schema } = RECORDS[signalOf(reader, field)];
    decodeMessage(reader, field.start, field.end, schema);
    if (++found >= LOOKED_AT) break;
  }
  return found;
}

/** Resource, scopes, schema URL; 1000 is what scopes were before version 0.15. */
function isGroupField(number: number): boolean {
  return (number >= 1 && number <= 3) || number === 1000;
}

export const RECORDS: Readonly<Record<Signal, { readonly schema: MessageSchema }>> = {
  logs: { schema: LOG_RECORD },
  metrics: { schema: METRIC },
  spans: { schema: SPAN },
};

/**
 * What a record is. The requests for logs, metrics and traces are told apart by
 * nothing but the encoding of their records' fields: the first one is a log's
 * time (fixed), a metric's name or a span's trace id (both bytes), and only a
 * span has its times in fields 7 and 8.
 */
export function signalOf(reader: PbfReader, record: RawField): Signal {
  let first = -1;
  let idLengths = 0;
  for (const { number, wire, start, end } of fieldsOf(reader, record.start, record.end)) {
    if ((number === 7 || number === 8) && wire === FIXED64) return "spans";
    if ((number === 1 || number === 11) && wire === FIXED64) return "logs";
    if (number === 2 && wire === VARINT) return "logs";
    if (number === 1) first = wire;
    if ((number === 1 && end - start === 16) || (number === 2 && end - start === 8)) idLengths++;
    if (first === BYTES && wire === BYTES && number >= 9 && number <= 11 && idLengths < 2)
      return "metrics";
  }
  if (first !== BYTES) return "logs";
  return idLengths === 2 ? "spans" : "metrics";
}
