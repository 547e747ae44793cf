/** A prefix code as a table over the next `length` bits: `symbol << 4 | bits`, 0 for no code. */
export interface PrefixCode {
  readonly table: Uint16Array;
  readonly length: number;
}

/** Answered where the input ends before the symbol does. */
export const MORE = -1;
/** Answered where the bits are no code. */
export const NO_CODE = -2;

const NOTHING = new Uint8Array(0);

/** Where a reader stands, to come back to. */
export interface Mark {
  readonly at: number;
  readonly hold: number;
  readonly bits: number;
}

/**
 * Bits of a stream that arrives in pieces, least significant first (RFC 1951,
 * 3.1.1). Nothing is taken where not all of it is there: a caller marks its
 * place, tries, and comes back when there is more.
 */
export class BitReader {
  #input: Uint8Array = NOTHING;
  #at = 0;
  #hold = 0;
  #bits = 0;

  /** Appends bytes. Marks from before do not hold any more. */
  push(bytes: Uint8Array): void {
    const left = this.#input.subarray(this.#at);
    if (left.length === 0) {
      this.#input = bytes;
    } else {
      const joined = new Uint8Array(left.length + bytes.length);
      joined.set(left);
      joined.set(bytes, left.length);
      this.#input = joined;
    }
    this.#at = 0;
  }

  mark(): Mark {
    return { at: this.#at, hold: this.#hold, bits: this.#bits };
  }

  back({ at, hold, bits }: Mark): void {
    this.#at = at;
    this.#hold = hold;
    this.#bits = bits;
  }

  /** The next `count` bits, at most 16, as a number; `MORE` where they are not there. */
  take(count: number): number {
    this.#fill(count);
    if (this.#bits < count) return MORE;
    const value = this.#hold & ((1 << count) - 1);
    this.#drop(count);
    return value;
  }

  /** The next symbol of a code, `MORE` or `NO_CODE`. */
  symbol({ table, length }: PrefixCode): number {
    this.#fill(length);
    const entry = table[this.#hold & ((1 << length) - 1)] ?? 0;
    const used = entry & 15;
    // Bits that are not there read as zero: what they would say is not known yet.
    if (used > this.#bits || (used === 0 && this.#bits < length)) return MORE;
    if (used === 0) return NO_CODE;
    this.#drop(used);
    return entry >>> 4;
  }

  /** Passes over the bits that are left of the current byte. */
  align(): void {
    this.#drop(this.#bits % 8);
  }

  /** At most `most` bytes that are there, from a byte's beginning on. */
  bytes(most: number): Uint8Array {
    if (most > 0 && this.#bits >= 8) {
      const byte = Uint8Array.of(this.#hold & 255);
      this.#drop(8);
      return byte;
    }
    const bytes = this.#input.subarray(this.#at, this.#at + most);
    this.#at += bytes.length;
    return bytes;
  }

  /** True where not one byte is left. */
  get empty(): boolean {
    return this.#bits === 0 && this.#at === this.#input.length;
  }

  #fill(count: number): void {
    while (this.#bits < count && this.#at < this.#input.length) {
      this.#hold |= (this.#input[this.#at++] ?? 0) << this.#bits;
      this.#bits += 8;
    }
  }

  #drop(count: number): void {
    this.#hold >>>= count;
    this.#bits -= count;
  }
}
