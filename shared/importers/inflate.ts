import { BadCompression } from "./bad-compression.ts";
import { MORE, NO_CODE, type BitReader, type PrefixCode } from "./bit-reader.ts";

/** How far back a match may reach. */
const WINDOW = 32 * 1024;
const LONGEST_MATCH = 258;
const OUTPUT = 64 * 1024;

/** Base values and extra bits of lengths (symbols from 257) and distances: RFC 1951, 3.2.5. */
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  163, 195, 227, 258,
];
const LENGTH_EXTRA = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
/** The order in which the lengths of the code of code lengths are written: RFC 1951, 3.2.7. */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

interface BlockCodes {
  readonly literals: PrefixCode;
  readonly distances: PrefixCode;
}

const FIXED: BlockCodes = {
  literals: prefixCode(
    Array.from({ length: 288 }, (_, s) => (s < 144 ? 8 : s < 256 ? 9 : s < 280 ? 7 : 8)),
  ),
  distances: prefixCode(Array.from({ length: 30 }, () => 5)),
};

/**
 * Inflates one deflate stream (RFC 1951). All that the bytes so far say comes
 * out, down to the last whole symbol, however they are cut into pieces: that is
 * what the platform's `DecompressionStream` does not promise when it fails.
 * Data that is no deflate stream throws `BadCompression`, after what came before.
 */
export class Inflater {
  #block: "header" | "stored" | "codes" | "none" = "header";
  #last = false;
  #stored = 0;
  #codes = FIXED;
  /** The window, then what was not taken yet. */
  readonly #out = new Uint8Array(WINDOW + OUTPUT + LONGEST_MATCH);
  #taken = 0;
  #end = 0;
  /** Why it cannot go on; told once its output was taken. */
  #failure: BadCompression | null = null;

  constructor(readonly bits: BitReader) {}

  /** Goes on until the output is full, the input is used up, or the stream has ended. */
  run(): "full" | "more" | "end" {
    if (this.#failure !== null) throw this.#failure;
    this.#makeRoom();
    try {
      for (;;) {
        if (this.#end >= WINDOW + OUTPUT) return "full";
        if (this.#block === "none") return "end";
        const moved =
          this.#block === "header"
            ? this.#header()
            : this.#block === "stored"
              ? this.#copyStored()
              : this.#inflate(this.#codes);
        if (!moved) return "more";
      }
    } catch (thrown) {
      if (!(thrown instanceof BadCompression)) throw thrown;
      this.#failure = thrown;
      return "full";
    }
  }

  /** What was inflated since the last call. */
  take(): Uint8Array {
    const output = this.#out.slice(this.#taken, this.#end);
    this.#taken = this.#end;
    return output;
  }

  #makeRoom(): void {
    if (this.#end < WINDOW + OUTPUT) return;
    this.#out.copyWithin(0, this.#end - WINDOW, this.#end);
    this.#taken -= this.#end - WINDOW;
    this.#end = WINDOW;
  }

  #endBlock(): void {
    this.#block = this.#last ? "none" : "header";
    if (this.#last) this.bits.align();
  }

  /** False where the input ends before the header does: it is read again from its beginning. */
  #header(): boolean {
    const { bits } = this;
    const mark = bits.mark();
    const last = bits.take(1);
    const type = bits.take(2);
    const whole = last !== MORE && type !== MORE && this.#headerOf(type);
    if (whole) this.#last = last === 1;
    else bits.back(mark);
    return whole;
  }

  #headerOf(type: number): boolean {
    if (type === 3) throw damaged("invalid block type");
    if (type === 0) return this.#storedHeader();
    const codes = type === 1 ? FIXED : this.#dynamicCodes();
    if (codes === null) return false;
    this.#codes = codes;
    this.#block = "codes";
    return true;
  }

  #storedHeader(): boolean {
    this.bits.align();
    const length = this.bits.take(16);
    const inverted = this.bits.take(16);
    if (length === MORE || inverted === MORE) return false;
    if (length !== (inverted ^ 0xffff)) throw damaged("invalid stored block lengths");
    this.#stored = length;
    this.#block = "stored";
    return true;
  }

  #copyStored(): boolean {
    while (this.#stored > 0) {
      const room = WINDOW + OUTPUT - this.#end;
      if (room <= 0) return true;
      const bytes = this.bits.bytes(Math.min(this.#stored, room));
      if (bytes.length === 0) return false;
      this.#out.set(bytes, this.#end);
      this.#end += bytes.length;
      this.#stored -= bytes.length;
    }
    this.#endBlock();
    return true;
  }

  /** Null where the input ends before they do. */
  #dynamicCodes(): BlockCodes | null {
    const { bits } = this;
    const counts = [bits.take(5), bits.take(5), bits.take(4)];
    const [literals = 0, distances = 0, lengths = 0] = counts;
    if (counts.includes(MORE)) return null;
    if (literals > 29 || distances > 29) throw damaged("too many length or distance symbols");
    const ofLengths = Array.from({ length: 19 }, () => 0);
    for (const symbol of LENGTH_ORDER.slice(0, lengths + 4)) {
      const length = bits.take(3);
      if (length === MORE) return null;
      ofLengths[symbol] = length;
    }
    const all = this.#codeLengths(prefixCode(ofLengths), literals + 257 + distances + 1);
    if (all === null) return null;
    if (all[256] === 0) throw damaged("invalid code -- missing end-of-block");
    return {
      literals: prefixCode(all.slice(0, literals + 257)),
      distances: prefixCode(all.slice(literals + 257)),
    };
  }

  #codeLengths(code: PrefixCode, count: number): number[] | null {
    const lengths: number[] = [];
    while (lengths.length < count) {
      const symbol = this.bits.symbol(code);
      if (symbol === MORE) return null;
      if (symbol === NO_CODE) throw damaged("invalid code lengths set");
      if (symbol < 16) {
        lengths.push(symbol);
        continue;
      }
      const extra = this.bits.take(symbol === 16 ? 2 : symbol === 17 ? 3 : 7);
      if (extra === MORE) return null;
      const repeats = extra + (symbol === 18 ? 11 : 3);
      const repeated = symbol === 16 ? lengths.at(-1) : 0;
      if (repeated === undefined || lengths.length + repeats > count) {
        throw damaged("invalid bit length repeat");
      }
      for (let i = 0; i < repeats; i++) lengths.push(repeated);
    }
    return lengths;
  }

  #inflate({ literals, distances }: BlockCodes): boolean {
    const { bits } = this;
    const out = this.#out;
    while (this.#end < WINDOW + OUTPUT) {
      const mark = bits.mark();
      const symbol = bits.symbol(literals);
      if (symbol === MORE) return false;
      if (symbol === NO_CODE || symbol > 285) throw damaged("invalid literal/length code");
      if (symbol < 256) {
        out[this.#end++] = symbol;
      } else if (symbol === 256) {
        this.#endBlock();
        return true;
      } else if (!this.#match(symbol - 257, distances)) {
        bits.back(mark);
        return false;
      }
    }
    return true;
  }

  #match(lengthSymbol: number, distances: PrefixCode): boolean {
    const extra = this.bits.take(LENGTH_EXTRA[lengthSymbol] ?? 0);
    if (extra === MORE) return false;
    const symbol = this.bits.symbol(distances);
    if (symbol === MORE) return false;
    if (symbol === NO_CODE || symbol > 29) throw damaged("invalid distance code");
    const further = this.bits.take(DISTANCE_EXTRA[symbol] ?? 0);
    if (further === MORE) return false;
    const length = (LENGTH_BASE[lengthSymbol] ?? 0) + extra;
    const from = this.#end - (DISTANCE_BASE[symbol] ?? 0) - further;
    // The window slides only when it is full, so what lies before it was never there.
    if (from < 0) throw damaged("invalid distance too far back");
    const out = this.#out;
    // Byte by byte: a match may overlap what it writes.
    for (let i = 0; i < length; i++) out[this.#end + i] = out[from + i] ?? 0;
    this.#end += length;
    return true;
  }
}

/** The canonical code of these lengths (RFC 1951, 3.2.2), with its bits in the order of the stream. */
function prefixCode(lengths: readonly number[]): PrefixCode {
  const length = lengths.reduce((a, b) => Math.max(a, b), 1);
  const counts = Array.from({ length: length + 1 }, () => 0);
  for (const bits of lengths) if (bits > 0) counts[bits] = (counts[bits] ?? 0) + 1;
  const next: number[] = [0];
  let code = 0;
  for (let bits = 1; bits <= length; bits++) {
    next[bits] = code;
    code = (code + (counts[bits] ?? 0)) << 1;
  }
  const used = code >> 1;
  if (used > 1 << length) throw damaged("over-subscribed code lengths");
  const table = new Uint16Array(1 << length);
  for (const [symbol, bits] of lengths.entries()) {
    if (bits === 0) continue;
    const value = next[bits] ?? 0;
    next[bits] = value + 1;
    const step = 1 << bits;
    for (let at = reversed(value, bits); at < table.length; at += step) {
      table[at] = (symbol << 4) | bits;
    }
  }
  return { table, length };
}

function reversed(value: number, bits: number): number {
  let result = 0;
  for (let i = 0; i < bits; i++) result |= ((value >> i) & 1) << (bits - 1 - i);
  return result;
}

function damaged(message: string): BadCompression {
  return new BadCompression("damaged", message);
}
