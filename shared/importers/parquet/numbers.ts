/** A 64-bit value (low word unsigned, high word signed) as µs. */
export type ScalePair = (low: number, high: number) => number;

const WORD = 4_294_967_296;

export const secondsToMicros: ScalePair = (low, high) => (high * WORD + low) * 1e6;
export const millisToMicros: ScalePair = (low, high) => (high * WORD + low) * 1e3;

/** Exact, though nanoseconds of today do not fit in a double: 2^32 = 4294967 · 1000 + 296. */
export const nanosToMicros: ScalePair = (low, high) =>
  high * 4_294_967 + Math.floor((high * 296 + low) / 1000);

export function dayMicros(days: number): number {
  return days * 86_400_000_000;
}

/** Decimals of `words` 32-bit words in two's complement as doubles. */
export function decimalToDouble(
  values: Uint32Array,
  words: number,
  scale: number,
  length: number,
): Float64Array {
  const out = new Float64Array(length);
  const divisor = 10 ** scale;
  for (let i = 0; i < length; i++) {
    const from = i * words;
    const negative = ((values[from + words - 1] ?? 0) & 0x8000_0000) !== 0;
    let magnitude = 0;
    // The magnitude first: adding up a negative number's words would cancel out its digits.
    for (let w = words - 1; w >= 0; w--) {
      const word = values[from + w] ?? 0;
      magnitude = magnitude * WORD + (negative ? ~word >>> 0 : word);
    }
    out[i] = (negative ? -(magnitude + 1) : magnitude) / divisor;
  }
  return out;
}
