import type { RecordReader } from "./records.ts";

/** Beyond this many different combinations, remembering them costs more than it brings. */
const MOST = 100_000;
const NONE = -1;

/**
 * Numbers combinations of raw fields in the order in which they appear: the
 * labels of a metric come again with each of its samples, and looking them up
 * by their bytes saves making texts of them.
 */
export class FieldCombinations {
  #size = 0;
  /** Open addressing: number of the combination by hash, -1 where there is none. */
  #slots = new Int32Array(1024).fill(NONE);
  readonly #hashes: number[] = [];
  /** Where each combination's bytes (lengths and flags before each field) begin. */
  readonly #starts: number[] = [0];
  #bytes = new Uint8Array(16 * 1024);

  constructor(readonly columns: readonly number[]) {}

  /** Number of the current record's combination; -1 when too many are known. */
  find(reader: RecordReader): number {
    const { columns } = this;
    const { bytes, starts, ends, flags } = reader;
    // FNV-1a over the fields.
    let hash = 0x811c9dc5;
    for (let i = 0; i < columns.length; i++) {
      const c = columns[i] ?? 0;
      const end = ends[c] ?? 0;
      for (let at = starts[c] ?? 0; at < end; at++)
        hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
      hash = Math.imul(hash ^ (0x100 | (flags[c] ?? 0)), 0x01000193);
    }
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot] ?? NONE;
      if (known === NONE) return this.#size < MOST ? this.#add(reader, hash, slot) : NONE;
      if (this.#hashes[known] === hash && this.#isSame(reader, known)) return known;
    }
  }

  #isSame(reader: RecordReader, known: number): boolean {
    const { bytes, starts, ends, flags } = reader;
    const kept = this.#bytes;
    let at = this.#starts[known] ?? 0;
    for (const c of this.columns) {
      const start = starts[c] ?? 0;
      const length = (ends[c] ?? 0) - start;
      if (kept[at] !== (flags[c] ?? 0) || lengthAt(kept, at + 1) !== length) return false;
      at += 5;
      for (let i = 0; i < length; i++) if (kept[at + i] !== bytes[start + i]) return false;
      at += length;
    }
    return true;
  }

  #add(reader: RecordReader, hash: number, slot: number): number {
    const { bytes, starts, ends, flags } = reader;
    let at = this.#starts[this.#size] ?? 0;
    for (const c of this.columns) {
      const start = starts[c] ?? 0;
      const end = ends[c] ?? 0;
      this.#reserve(at + 5 + end - start);
      this.#bytes[at] = flags[c] ?? 0;
      new DataView(this.#bytes.buffer).setUint32(at + 1, end - start);
      this.#bytes.set(bytes.subarray(start, end), at + 5);
      at += 5 + end - start;
    }
    const number = this.#size++;
    this.#slots[slot] = number;
    this.#hashes.push(hash);
    this.#starts.push(at);
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return number;
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(length, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 4).fill(NONE);
    const mask = this.#slots.length - 1;
    this.#hashes.forEach((hash, number) => {
      let slot = hash & mask;
      while (this.#slots[slot] !== NONE) slot = (slot + 1) & mask;
      this.#slots[slot] = number;
    });
  }
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)) >>>
    0
  );
}
