/** What a `Range` header asks of a file: a half-open range of bytes, everything, or something that the file does not have. */
export type ByteRange =
  | { readonly kind: "whole" }
  | { readonly kind: "part"; readonly from: number; readonly to: number }
  | { readonly kind: "unsatisfiable" };

/**
 * Reads a `Range` header (RFC 9110, section 14.2) for a file of `size` bytes.
 * A header that is malformed or asks for several ranges is ignored, as the RFC
 * allows.
 */
export function parseRange(header: string | null, size: number): ByteRange {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (match === null) return { kind: "whole" };
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return { kind: "whole" };
  if (first === "") return part(Math.max(0, size - Number(last)), size, size);
  if (last !== "" && Number(last) < Number(first)) return { kind: "whole" };
  return part(Number(first), last === "" ? size : Math.min(Number(last) + 1, size), size);
}

function part(from: number, to: number, size: number): ByteRange {
  return from >= size || from >= to ? { kind: "unsatisfiable" } : { kind: "part", from, to };
}
