const MAGIC = 0x4b435544; // "DUCK", little-endian
const HEADER_BYTES = 4096;
/** The file's own header and two of the database, of which the newer one holds. */
const HEADERS = 3;
/** Bytes of a DuckDB file before its first block. */
export const HEAD_BYTES = HEADERS * HEADER_BYTES;

/**
 * Where the blocks of a DuckDB file end, in bytes, by its newer header
 * (`DatabaseHeader` in DuckDB's storage_info.hpp); null where the bytes are none.
 * @param head the first `HEAD_BYTES` bytes of the file
 */
export function endOfBlocks(head: DataView): number | null {
  if (head.byteLength < HEAD_BYTES || head.getUint32(8, true) !== MAGIC) return null;
  const field = (header: number, index: number): number =>
    Number(head.getBigUint64(header * HEADER_BYTES + 8 * (index + 1), true));
  const newer = field(1, 0) >= field(2, 0) ? 1 : 2;
  const blocks = field(newer, 3);
  const size = field(newer, 4);
  const isSize = size >= 16_384 && size <= 262_144 && Number.isInteger(Math.log2(size));
  return isSize ? HEAD_BYTES + blocks * size : null;
}
