const MAGIC = 0x184d2204;

/**
 * Decompresses LZ4 frames
 * (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md) to at most
 * `size` bytes. Checksums are not verified. Throws `RangeError` on damage.
 */
export function unlz4(input: Uint8Array, size: number): Uint8Array {
  const output = new Uint8Array(size);
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  let at = 0;
  let length = 0;
  while (at + 7 <= input.length && length < size) {
    if (view.getUint32(at, true) !== MAGIC) throw new RangeError("no LZ4 frame");
    const flags = view.getUint8(at + 4);
    const hasBlockSum = (flags & 0x10) !== 0;
    // Magic, flags, block size, then length of the content, number of the dictionary, checksum.
    at += 6 + ((flags & 0x08) === 0 ? 0 : 8) + ((flags & 0x01) === 0 ? 0 : 4) + 1;
    for (;;) {
      const block = view.getUint32(at, true);
      at += 4;
      if (block === 0) break;
      const end = at + (block & 0x7fff_ffff);
      if (end > input.length) throw new RangeError("an LZ4 block is cut off");
      if (block >>> 31 === 1) {
        output.set(input.subarray(at, end), length);
        length += end - at;
      } else length = decodeBlock(input, at, end, output, length);
      at = end + (hasBlockSum ? 4 : 0);
    }
    if ((flags & 0x04) !== 0) at += 4;
  }
  if (length !== size) throw new RangeError("LZ4 data has another length than is written");
  return output;
}

/** Decodes one block behind `length` bytes of output; blocks may refer to those before. */
function decodeBlock(
  input: Uint8Array,
  from: number,
  end: number,
  output: Uint8Array,
  length: number,
): number {
  let at = from;
  let to = length;
  const more = (base: number): number => {
    let sum = base;
    if (base !== 15) return sum;
    for (;;) {
      const byte = input[at++];
      if (byte === undefined || at > end) throw new RangeError("an LZ4 length is cut off");
      sum += byte;
      if (byte !== 255) return sum;
    }
  };
  while (at < end) {
    const token = input[at++] ?? 0;
    const literals = more(token >> 4);
    if (at + literals > end || to + literals > output.length)
      throw new RangeError("LZ4 literals go beyond their block");
    output.set(input.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at >= end) break;
    const distance = (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8);
    at += 2;
    const match = more(token & 15) + 4;
    if (distance === 0 || distance > to || to + match > output.length)
      throw new RangeError("an LZ4 match points nowhere");
    if (distance >= match) output.copyWithin(to, to - distance, to - distance + match);
    else for (let i = 0; i < match; i++) output[to + i] = output[to + i - distance] ?? 0;
    to += match;
  }
  return to;
}
