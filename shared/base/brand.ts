/** Nominal types for numbers and strings that must not be mixed up. */
declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Position of a record in its evidence file: bytes from the start of the decompressed content. */
export type ByteOffset = Brand<number, "ByteOffset">;
