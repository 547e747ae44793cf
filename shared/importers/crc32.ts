const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 (ISO 3309), as ZIP and gzip use it, of bytes that arrive in pieces. */
export class Crc32 {
  #state = -1;

  update(bytes: Uint8Array): void {
    let state = this.#state;
    for (const byte of bytes) state = (TABLE[(state ^ byte) & 0xff] ?? 0) ^ (state >>> 8);
    this.#state = state;
  }

  /** The checksum of all bytes so far, unsigned. */
  get value(): number {
    return ~this.#state >>> 0;
  }
}
