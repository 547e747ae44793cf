import type { ZipPlace } from "./zip-content.ts";

/** One file of a ZIP archive. */
export interface ZipEntry {
  /** As it stands in the archive. */
  readonly name: string;
  /** Bytes of content; null where the archive was cut off before it says so. */
  readonly size: number | null;
  readonly compressedSize: number;
  /** Why it cannot be read or holds no content; null for an ordinary file. */
  readonly skipped: string | null;
  /** True where the archive ends in the middle of it. */
  readonly cut: boolean;
  /** Where its content lies; null where its local header is not there. */
  place(): Promise<ZipPlace | null>;
}

export const ENCRYPTED = "encrypted with a password: unpack it yourself and add the file";

const METHODS: Readonly<Record<number, string>> = {
  1: "Shrink",
  6: "Implode",
  9: "Deflate64",
  12: "bzip2",
  14: "LZMA",
  93: "Zstandard",
  95: "XZ",
  98: "PPMd",
  99: "AES encryption",
};

/** Why a method of compression cannot be read; null for stored and deflated. */
export function unsupportedMethod(method: number): string | null {
  if (method === 0 || method === 8) return null;
  const name = METHODS[method] ?? `method ${method}`;
  return `compressed with ${name}, which is not read here: unpack it yourself and add the file`;
}
