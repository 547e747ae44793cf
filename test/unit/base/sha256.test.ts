import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../../shared/base/sha256.ts";

function nodeSha256(input: Uint8Array | string): string {
  return createHash("sha256").update(input).digest("hex");
}

test("every length around the block borders", () => {
  for (let length = 0; length <= 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff);
    expect(sha256(bytes)).toBe(nodeSha256(bytes));
  }
});

test("any bytes, also as a view into a larger buffer, and any text", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(64), (bytes, skip) => {
      const view = bytes.subarray(Math.min(skip, bytes.length));
      expect(sha256(view)).toBe(nodeSha256(view));
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(sha256(text)).toBe(nodeSha256(text));
    }),
  );
});
