import { constants, deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { BadCompression } from "../../../shared/importers/bad-compression.ts";
import { BitReader } from "../../../shared/importers/bit-reader.ts";
import { gunzip } from "../../../shared/importers/decompress.ts";
import { gunzipExactly } from "../../../shared/importers/gunzip-exactly.ts";
import { Inflater } from "../../../shared/importers/inflate.ts";
import { seeded } from "./suite.ts";

/** Log lines, with stretches that do not compress and others that are one byte over and over. */
function sample(size: number, seed: string): Buffer {
  const random = seeded(seed);
  const parts: Buffer[] = [];
  let length = 0;
  while (length < size) {
    const kind = random();
    const part =
      kind < 0.1
        ? Buffer.from(Array.from({ length: 300 }, () => Math.floor(random() * 256)))
        : kind < 0.2
          ? Buffer.alloc(Math.floor(random() * 3000), 65)
          : Buffer.from(`2026-03-01T10:00:00Z INFO request ${Math.floor(random() * 1e6)} served\n`);
    parts.push(part);
    length += part.length;
  }
  return Buffer.concat(parts).subarray(0, size);
}

// eslint-disable-next-line @typescript-eslint/require-await -- what is read is a stream
async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

/** What comes out, and the kind of what is wrong at its end. */
async function outcome(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ content: Buffer; wrong: string | null }> {
  const parts: Uint8Array[] = [];
  let wrong: string | null = null;
  try {
    for await (const chunk of chunks) parts.push(chunk);
  } catch (thrown) {
    if (!(thrown instanceof BadCompression)) throw thrown;
    wrong = thrown.kind;
  }
  return { content: Buffer.concat(parts), wrong };
}

/** What the inflater makes of raw deflate data, in pieces. */
function inflated(bytes: Uint8Array, size: number): Buffer {
  const bits = new BitReader();
  const inflater = new Inflater(bits);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    bits.push(bytes.slice(at, at + size));
    while (inflater.run() === "full") parts.push(inflater.take());
    parts.push(inflater.take());
  }
  return Buffer.concat(parts);
}

describe("inflating", () => {
  const settings = [
    ["stored", { level: 0 }],
    ["fast", { level: 1 }],
    ["best", { level: 9 }],
    ["fixed codes", { strategy: constants.Z_FIXED }],
    ["literals only", { strategy: constants.Z_HUFFMAN_ONLY }],
    ["runs", { strategy: constants.Z_RLE }],
  ] as const;

  test.each(settings)("what zlib deflated (%s) comes back, in pieces of any size", (_, setting) => {
    const content = sample(300_000, "whole");
    const deflated = deflateRawSync(content, setting);
    for (const size of [7, 4096, deflated.length]) {
      expect(Buffer.compare(inflated(deflated, size), content)).toBe(0);
    }
    const small = sample(3000, "small");
    expect(inflated(deflateRawSync(small, setting), 1).equals(small)).toBe(true);
  });

  test.each(settings)("as much comes out before a cut (%s) as zlib can read", (_, setting) => {
    const deflated = deflateRawSync(sample(6000, "cut"), setting);
    const finishFlush = constants.Z_SYNC_FLUSH;
    for (let end = 1; end < deflated.length; end += end < 200 ? 1 : 13) {
      const cut = deflated.subarray(0, end);
      const reference = inflateRawSync(cut, { finishFlush });
      expect(inflated(cut, 5).equals(reference), `cut at ${end}`).toBe(true);
    }
  });
});

describe("gzip that is cut or damaged", () => {
  const SIZES = [1, 7, 61, 4096, 65536];
  const content = sample(40_000, "members");
  const half = content.length / 2;
  const members = Buffer.concat([
    gzipSync(content.subarray(0, half)),
    gzipSync(""),
    gzipSync(content.subarray(half)),
  ]);

  test("whole members read alike by the platform and by our own code", async () => {
    const all = [gzipSync(content), members, gzipSync(content, { level: 0 })];
    for (const bytes of all) {
      for (const size of [61, 65536]) {
        const exact = await outcome(gunzipExactly(pieces(bytes, size)));
        expect(exact.wrong).toBeNull();
        expect(exact.content.equals(gunzipSync(bytes))).toBe(true);
      }
    }
  });

  test("a cut gives the same content whatever the chunks, all of it that is there", async () => {
    const random = seeded("where");
    for (let round = 0; round < 12; round++) {
      const end = 30 + Math.floor(random() * (members.length - 31));
      const cut = members.subarray(0, end);
      const reference = gunzipSync(cut, { finishFlush: constants.Z_SYNC_FLUSH });
      for (const size of SIZES) {
        const { content: read, wrong } = await outcome(gunzip(() => pieces(cut, size)));
        expect(read.equals(reference), `cut at ${end}, chunks of ${size}`).toBe(true);
        expect(wrong).toBe("truncated");
      }
    }
  });

  test("damage gives the same content and the same words whatever the chunks", async () => {
    const random = seeded("damage");
    const whole = gzipSync(content);
    for (let round = 0; round < 12; round++) {
      const bad = Uint8Array.from(whole);
      const at = 20 + Math.floor(random() * (bad.length - 20));
      bad[at] = (bad[at] ?? 0) ^ (1 + Math.floor(random() * 255));
      const first = await outcome(gunzip(() => pieces(bad, 65536)));
      expect(first.wrong).not.toBeNull();
      for (const size of SIZES) {
        const again = await outcome(gunzip(() => pieces(bad, size)));
        expect(again.wrong).toBe(first.wrong);
        expect(again.content.equals(first.content), `at ${at}, chunks of ${size}`).toBe(true);
      }
    }
  });

  test("headers with all their optional parts are passed over", async () => {
    const plain = gzipSync("content");
    const head = Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 255]);
    const extra = Buffer.from("\x03\x00abcname\0comment\0##", "latin1");
    const bytes = Buffer.concat([head, extra, plain.subarray(10), Buffer.from("trailing")]);
    for (const size of [1, 64]) {
      const { content: read, wrong } = await outcome(gunzipExactly(pieces(bytes, size)));
      expect([read.toString(), wrong]).toEqual(["content", null]);
    }
  });
});
