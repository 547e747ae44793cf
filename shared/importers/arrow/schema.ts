import { DataType, DateUnit, Precision, TimeUnit, type Field, type Schema } from "apache-arrow";
import { Footer } from "apache-arrow/ipc/metadata/file";
import { Message } from "apache-arrow/ipc/metadata/message";
import type { FlatTable } from "./flatbuffer.ts";
import { BadArrow, type Frame } from "./frame.ts";

/** Types of Schema.fbs that the reader does not know but are another one written differently. */
const BINARY = 4;
const UTF8 = 5;
const LIST = 12;
const LARGE_LIST = 21;
const BINARY_VIEW = 23;
const UTF8_VIEW = 24;
const REPLACED: Readonly<Record<number, number>> = {
  [LARGE_LIST]: LIST,
  [BINARY_VIEW]: BINARY,
  [UTF8_VIEW]: UTF8,
};

/** Types that are not read: https://github.com/apache/arrow/blob/main/format/Schema.fbs */
const UNREAD: Readonly<Record<number, string>> = {
  22: "run-end encoded",
  25: "a list view",
  26: "a large list view",
};

/** What the buffers of one column are. */
export const enum Kind {
  /** As they are: validity and values, offsets, children. */
  Plain,
  /** 16 bytes a value that point into further buffers. */
  View,
  /** Offsets of 64 bits. */
  LargeList,
}

/** A column, or one inside another, in the order in which batches have them. */
export interface Slot {
  readonly kind: Kind;
  /** Buffers that it has itself, a view's data buffers not counted. */
  readonly buffers: number;
}

export interface ArrowSchema {
  readonly schema: Schema;
  /** Columns of a record batch. */
  readonly slots: readonly Slot[];
  /** Columns of the dictionaries, by their number. */
  readonly dictionaries: ReadonlyMap<number, readonly Slot[]>;
  /** No column has to be rewritten. */
  readonly plain: boolean;
}

/**
 * The schema of a file. Views and lists with large offsets are read as the
 * plain types that `plainBuffers` makes of them. Throws `BadArrow`.
 */
export function readSchema(frame: Frame): ArrowSchema {
  if (frame.header.int16(0) !== 0)
    throw new BadArrow("its numbers are big-endian, which is not read here", "unsupported");
  const slots: Slot[] = [];
  const dictionaries = new Map<number, readonly Slot[]>();
  for (const field of frame.header.tables(1))
    addSlots(field, slots, dictionaries, frame.version, field.string(0));
  // The types were replaced in the bytes that are decoded now.
  let schema: unknown;
  try {
    schema = frame.footer
      ? Footer.decode(frame.bytes).schema
      : Message.decode(frame.bytes).header();
  } catch (thrown) {
    throw new BadArrow(`its schema cannot be read (${String(thrown)})`);
  }
  for (const field of (schema as Schema).fields) checkField(field);
  const all = [...slots, ...[...dictionaries.values()].flat()];
  return {
    schema: schema as Schema,
    slots,
    dictionaries,
    plain: all.every((slot) => slot.kind === Kind.Plain),
  };
}

/** Refuses types that cannot be: the decoder takes any number for a unit or a width. */
function checkField(field: Field): void {
  const name: unknown = field.name;
  const type: unknown = DataType.isDictionary(field.type) ? field.type.dictionary : field.type;
  if (typeof name !== "string") throw new BadArrow("a column has no name");
  if (DataType.isDictionary(field.type)) checkWidth(field.type.indices);
  checkWidth(type);
  const { children } = field.type as { readonly children: readonly Field[] | null };
  for (const child of children ?? []) checkField(child);
}

function checkWidth(type: unknown): void {
  const widths = [8, 16, 32, 64];
  const good =
    DataType.isInt(type) || DataType.isTime(type)
      ? widths.includes(type.bitWidth)
      : DataType.isTimestamp(type) || DataType.isDuration(type)
        ? type.unit in TimeUnit
        : DataType.isFloat(type)
          ? type.precision in Precision
          : DataType.isDate(type)
            ? type.unit in DateUnit
            : DataType.isDecimal(type)
              ? type.bitWidth === 128 || type.bitWidth === 256
              : true;
  if (!good) throw new BadArrow("a column is of an impossible type");
}

function addSlots(
  field: FlatTable,
  slots: Slot[],
  dictionaries: Map<number, readonly Slot[]>,
  version: number,
  column: string,
): void {
  const dictionary = field.table(4);
  if (dictionary === null) {
    addValueSlots(field, slots, dictionaries, version, column);
    return;
  }
  slots.push({ kind: Kind.Plain, buffers: 2 });
  const values: Slot[] = [];
  addValueSlots(field, values, dictionaries, version, column);
  dictionaries.set(dictionary.int64(0), values);
}

function addValueSlots(
  field: FlatTable,
  slots: Slot[],
  dictionaries: Map<number, readonly Slot[]>,
  version: number,
  column: string,
): void {
  const type = field.uint8(2);
  const unread = UNREAD[type];
  if (unread !== undefined)
    throw new BadArrow(`column “${column}” is ${unread}, which is not read here`, "unsupported");
  slots.push({ kind: kindOf(type), buffers: buffersOf(type, field, version) });
  const replaced = REPLACED[type];
  if (replaced !== undefined) field.bytes[field.place(2)] = replaced;
  for (const child of field.tables(5)) addSlots(child, slots, dictionaries, version, column);
}

function kindOf(type: number): Kind {
  if (type === UTF8_VIEW || type === BINARY_VIEW) return Kind.View;
  return type === LARGE_LIST ? Kind.LargeList : Kind.Plain;
}

const NULL = 1;
const STRUCT = 13;
const UNION = 14;
const FIXED_SIZE_LIST = 16;
const WITH_OFFSETS = new Set([BINARY, UTF8, 19, 20]);

/** https://arrow.apache.org/docs/format/Columnar.html#buffer-listing-for-each-layout */
function buffersOf(type: number, field: FlatTable, version: number): number {
  if (type === NULL) return 0;
  if (type === STRUCT || type === FIXED_SIZE_LIST) return 1;
  if (type === UNION) {
    const dense = field.table(3)?.int16(0) === 1;
    return (version < 4 ? 1 : 0) + (dense ? 2 : 1);
  }
  return WITH_OFFSETS.has(type) ? 3 : 2;
}
