import { DataType, type Data } from "apache-arrow";
import { BadArrow } from "./frame.ts";

/** Refuses columns whose buffers do not hold what their lengths claim. Throws `BadArrow`. */
export function checkData(data: Data): void {
  const type: unknown = data.type;
  const { length } = data;
  if (DataType.isNull(type)) return;
  if (length < 0 || data.nullBitmap.length * 8 < (data.nullCount > 0 ? length : 0)) missing();
  if (DataType.isUnion(type)) {
    const ids: unknown = data.typeIds;
    if ((ids as Int8Array).length < length) missing();
  } else if (DataType.isList(type) || DataType.isMap(type)) {
    checkOffsets(data.valueOffsets, length, data.children[0]?.length ?? 0);
  } else if (hasTexts(type)) {
    checkOffsets(data.valueOffsets as unknown, length, (data.values as Uint8Array).length);
  } else if (DataType.isFixedSizeList(type)) {
    if ((data.children[0]?.length ?? 0) < length * type.listSize) missing();
  } else if (DataType.isStruct(type)) {
    if (data.children.some((child) => child.length < length)) missing();
  } else if (DataType.isBool(type)) {
    if ((data.values as Uint8Array).length * 8 < length) missing();
  } else if ((data.values as { readonly length: number }).length < length * strideOf(type)) {
    missing();
  }
  if (DataType.isDictionary(type)) checkIndices(data);
  for (const child of data.children) checkData(child);
}

function hasTexts(type: unknown): boolean {
  return (
    type instanceof DataType &&
    (DataType.isUtf8(type) ||
      DataType.isLargeUtf8(type) ||
      DataType.isBinary(type) ||
      DataType.isLargeBinary(type))
  );
}

/** Numbers of the values' array that make one value. */
function strideOf(type: unknown): number {
  if (DataType.isDecimal(type)) return type.bitWidth / 32;
  if (DataType.isFixedSizeBinary(type)) return type.byteWidth;
  // As a pair of 32-bit words: dates in milliseconds, times and intervals of 64 bits.
  return 1;
}

function checkOffsets(offsets: unknown, length: number, most: number): void {
  const list = offsets as ArrayLike<number | bigint>;
  if (length === 0) return;
  if (list.length < length + 1) missing();
  let before = 0;
  for (let i = 0; i <= length; i++) {
    const offset = Number(list[i]);
    if (offset < before || offset > most) throw new BadArrow("an offset points nowhere");
    before = offset;
  }
}

function checkIndices(data: Data): void {
  const most = data.dictionary?.length ?? 0;
  const indices = data.values as ArrayLike<number | bigint>;
  for (let i = 0; i < data.length; i++) {
    const index = Number(indices[i]);
    if ((index < 0 || index >= most) && data.getValid(i))
      throw new BadArrow("an index points outside of its dictionary");
  }
}

function missing(): never {
  throw new BadArrow("a column has fewer values than rows");
}
