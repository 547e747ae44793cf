/** How a field is encoded: a scalar, or the message that it holds. */
export type FieldType =
  | "string"
  | "bytes"
  /** Bytes of a trace or span id. */
  | "id"
  | "bool"
  | "double"
  | "fixed32"
  | "fixed64"
  | "sfixed64"
  | "uint"
  | "sint"
  | "int64"
  | MessageSchema;

export interface FieldSchema {
  readonly name: string;
  readonly type: FieldType;
  readonly repeated: boolean;
}

/** Fields of a message by number, named as in OTLP JSON. */
export type MessageSchema = ReadonlyMap<number, FieldSchema>;

type Fields = Readonly<Record<number, readonly [string, FieldType]>>;

/** A name that ends in `*` is repeated. */
function message(fields: Fields): Map<number, FieldSchema> {
  const entries = Object.entries(fields).map(([number, [name, type]]) => {
    const repeated = name.endsWith("*");
    return [Number(number), { name: name.replace("*", ""), type, repeated }] as const;
  });
  return new Map(entries);
}

// Field numbers of opentelemetry-proto 1.x
// (https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto).

const ANY_VALUE = message({
  1: ["stringValue", "string"],
  2: ["boolValue", "bool"],
  3: ["intValue", "int64"],
  4: ["doubleValue", "double"],
  7: ["bytesValue", "bytes"],
});
const KEY_VALUE = message({ 1: ["key", "string"], 2: ["value", ANY_VALUE] });
// An AnyValue holds lists of AnyValues.
ANY_VALUE.set(5, {
  name: "arrayValue",
  type: message({ 1: ["values*", ANY_VALUE] }),
  repeated: false,
});
ANY_VALUE.set(6, {
  name: "kvlistValue",
  type: message({ 1: ["values*", KEY_VALUE] }),
  repeated: false,
});

export const RESOURCE: MessageSchema = message({
  1: ["attributes*", KEY_VALUE],
  2: ["droppedAttributesCount", "uint"],
  3: [
    "entityRefs*",
    message({
      1: ["schemaUrl", "string"],
      2: ["type", "string"],
      3: ["idKeys*", "string"],
      4: ["descriptionKeys*", "string"],
    }),
  ],
});

export const SCOPE: MessageSchema = message({
  1: ["name", "string"],
  2: ["version", "string"],
  3: ["attributes*", KEY_VALUE],
  4: ["droppedAttributesCount", "uint"],
});

export const LOG_RECORD: MessageSchema = message({
  1: ["timeUnixNano", "fixed64"],
  2: ["severityNumber", "uint"],
  3: ["severityText", "string"],
  5: ["body", ANY_VALUE],
  6: ["attributes*", KEY_VALUE],
  7: ["droppedAttributesCount", "uint"],
  8: ["flags", "fixed32"],
  9: ["traceId", "id"],
  10: ["spanId", "id"],
  11: ["observedTimeUnixNano", "fixed64"],
  12: ["eventName", "string"],
});

const EXEMPLAR = message({
  2: ["timeUnixNano", "fixed64"],
  3: ["asDouble", "double"],
  4: ["spanId", "id"],
  5: ["traceId", "id"],
  6: ["asInt", "sfixed64"],
  7: ["filteredAttributes*", KEY_VALUE],
});

const NUMBER_POINT = message({
  2: ["startTimeUnixNano", "fixed64"],
  3: ["timeUnixNano", "fixed64"],
  4: ["asDouble", "double"],
  5: ["exemplars*", EXEMPLAR],
  6: ["asInt", "sfixed64"],
  7: ["attributes*", KEY_VALUE],
  8: ["flags", "uint"],
});

const HISTOGRAM_POINT = message({
  2: ["startTimeUnixNano", "fixed64"],
  3: ["timeUnixNano", "fixed64"],
  4: ["count", "fixed64"],
  5: ["sum", "double"],
  6: ["bucketCounts*", "fixed64"],
  7: ["explicitBounds*", "double"],
  8: ["exemplars*", EXEMPLAR],
  9: ["attributes*", KEY_VALUE],
  10: ["flags", "uint"],
  11: ["min", "double"],
  12: ["max", "double"],
});

const BUCKETS = message({ 1: ["offset", "sint"], 2: ["bucketCounts*", "uint"] });

const EXPONENTIAL_POINT = message({
  1: ["attributes*", KEY_VALUE],
  2: ["startTimeUnixNano", "fixed64"],
  3: ["timeUnixNano", "fixed64"],
  4: ["count", "fixed64"],
  5: ["sum", "double"],
  6: ["scale", "sint"],
  7: ["zeroCount", "fixed64"],
  8: ["positive", BUCKETS],
  9: ["negative", BUCKETS],
  10: ["flags", "uint"],
  11: ["exemplars*", EXEMPLAR],
  12: ["min", "double"],
  13: ["max", "double"],
  14: ["zeroThreshold", "double"],
});

const SUMMARY_POINT = message({
  2: ["startTimeUnixNano", "fixed64"],
  3: ["timeUnixNano", "fixed64"],
  4: ["count", "fixed64"],
  5: ["sum", "double"],
  6: ["quantileValues*", message({ 1: ["quantile", "double"], 2: ["value", "double"] })],
  7: ["attributes*", KEY_VALUE],
  8: ["flags", "uint"],
});

export const METRIC: MessageSchema = message({
  1: ["name", "string"],
  2: ["description", "string"],
  3: ["unit", "string"],
  5: ["gauge", message({ 1: ["dataPoints*", NUMBER_POINT] })],
  7: [
    "sum",
    message({
      1: ["dataPoints*", NUMBER_POINT],
      2: ["aggregationTemporality", "uint"],
      3: ["isMonotonic", "bool"],
    }),
  ],
  9: [
    "histogram",
    message({ 1: ["dataPoints*", HISTOGRAM_POINT], 2: ["aggregationTemporality", "uint"] }),
  ],
  10: [
    "exponentialHistogram",
    message({ 1: ["dataPoints*", EXPONENTIAL_POINT], 2: ["aggregationTemporality", "uint"] }),
  ],
  11: ["summary", message({ 1: ["dataPoints*", SUMMARY_POINT] })],
  12: ["metadata*", KEY_VALUE],
});

export const SPAN: MessageSchema = message({
  1: ["traceId", "id"],
  2: ["spanId", "id"],
  3: ["traceState", "string"],
  4: ["parentSpanId", "id"],
  5: ["name", "string"],
  6: ["kind", "uint"],
  7: ["startTimeUnixNano", "fixed64"],
  8: ["endTimeUnixNano", "fixed64"],
  9: ["attributes*", KEY_VALUE],
  10: ["droppedAttributesCount", "uint"],
  11: [
    "events*",
    message({
      1: ["timeUnixNano", "fixed64"],
      2: ["name", "string"],
      3: ["attributes*", KEY_VALUE],
      4: ["droppedAttributesCount", "uint"],
    }),
  ],
  12: ["droppedEventsCount", "uint"],
  13: [
    "links*",
    message({
      1: ["traceId", "id"],
      2: ["spanId", "id"],
      3: ["traceState", "string"],
      4: ["attributes*", KEY_VALUE],
      5: ["droppedAttributesCount", "uint"],
      6: ["flags", "fixed32"],
    }),
  ],
  14: ["droppedLinksCount", "uint"],
  15: ["status", message({ 2: ["message", "string"], 3: ["code", "uint"] })],
  16: ["flags", "fixed32"],
});
