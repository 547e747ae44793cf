/**
 * Reads a table of a FlatBuffers message
 * (https://flatbuffers.dev/internals/). Broken messages give a `RangeError`.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;
  readonly #fields: number;
  readonly #length: number;

  constructor(
    readonly bytes: Uint8Array,
    at: number,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = at;
    this.#fields = at - this.#view.getInt32(at, true);
    this.#length = this.#view.getUint16(this.#fields, true);
  }

  /** The table at the beginning of a message. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return new FlatTable(bytes, view.getUint32(0, true));
  }

  /** Where a field stands; 0 where it has its default. */
  place(field: number): number {
    const entry = 4 + 2 * field;
    if (entry + 2 > this.#length) return 0;
    const offset = this.#view.getUint16(this.#fields + entry, true);
    return offset === 0 ? 0 : this.#at + offset;
  }

  uint8(field: number, otherwise = 0): number {
    const at = this.place(field);
    return at === 0 ? otherwise : this.#view.getUint8(at);
  }

  int16(field: number, otherwise = 0): number {
    const at = this.place(field);
    return at === 0 ? otherwise : this.#view.getInt16(at, true);
  }

  int32(field: number, otherwise = 0): number {
    const at = this.place(field);
    return at === 0 ? otherwise : this.#view.getInt32(at, true);
  }

  /** A 64-bit number that a double holds. */
  int64(field: number): number {
    const at = this.place(field);
    return at === 0 ? 0 : this.#long(at);
  }

  #long(at: number): number {
    const value = Number(this.#view.getBigInt64(at, true));
    if (!Number.isSafeInteger(value)) throw new RangeError("a length is too large");
    return value;
  }

  table(field: number): FlatTable | null {
    const at = this.place(field);
    return at === 0 ? null : new FlatTable(this.bytes, at + this.#view.getUint32(at, true));
  }

  tables(field: number): FlatTable[] {
    return this.#vector(field, 4).map(
      (at) => new FlatTable(this.bytes, at + this.#view.getUint32(at, true)),
    );
  }

  /** Structs of two 64-bit numbers. */
  pairs(field: number): [number, number][] {
    return this.#vector(field, 16).map((at) => [this.#long(at), this.#long(at + 8)]);
  }

  /** Structs of an offset, a 32-bit and a 64-bit length. */
  blocks(field: number): { offset: number; metadata: number; body: number }[] {
    return this.#vector(field, 24).map((at) => ({
      offset: this.#long(at),
      metadata: this.#view.getInt32(at + 8, true),
      body: this.#long(at + 16),
    }));
  }

  longs(field: number): number[] {
    return this.#vector(field, 8).map((at) => this.#long(at));
  }

  string(field: number): string {
    const at = this.place(field);
    if (at === 0) return "";
    const start = at + this.#view.getUint32(at, true);
    const length = this.#view.getUint32(start, true);
    return new TextDecoder().decode(this.bytes.subarray(start + 4, start + 4 + length));
  }

  #vector(field: number, size: number): number[] {
    const at = this.place(field);
    if (at === 0) return [];
    const start = at + this.#view.getUint32(at, true);
    const length = this.#view.getUint32(start, true);
    if (length * size > this.bytes.length)
      throw new RangeError("a list is longer than its message");
    return Array.from({ length }, (_, i) => start + 4 + i * size);
  }
}
