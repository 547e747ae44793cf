import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { Fault } from "../../../shared/base/result.ts";
import type { ImportError, Source } from "../../../shared/importers/importer.ts";
import { openSource } from "../../../shared/importers/source.ts";
import {
  describeBinary,
  detectText,
  lines,
  type LineReject,
} from "../../../shared/importers/text.ts";
import { gzip, sourceOf } from "../../support/sources.ts";

const text = (n: number): string =>
  Array.from({ length: n }, (_, i) => `line ${i} ${Math.sin(i)}`).join("\n");

async function readAll(source: Source): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of source.stream()) parts.push(chunk);
  return Buffer.concat(parts);
}

async function faultOf(work: () => Promise<unknown>): Promise<ImportError> {
  try {
    await work();
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown.error as ImportError;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test("plain, gzip and multi-member gzip give the same content, and account for every byte on disk", async () => {
  const content = text(20_000);
  const half = content.length / 2;
  const members = Buffer.concat([
    gzipSync(content.slice(0, half)),
    gzipSync(""),
    gzipSync(content.slice(half)),
  ]);
  for (const bytes of [Buffer.from(content), gzip(content), members]) {
    for (const chunk of [1000, 65536]) {
      const source = await sourceOf(bytes, { name: "a.log.gz", chunk });
      expect(decode(await readAll(source))).toBe(content);
      expect(source.consumed).toBe(bytes.length);
      expect(source.cut).toBeNull();
    }
  }
  expect((await sourceOf(gzip(content), { name: "a.log.gz" })).name).toBe("a.log");
});

test("bytes that look like a gzip header inside compressed data do not confuse", async () => {
  // Stored blocks hold the header of another member as they are.
  const inner = gzipSync("inner");
  const content = Buffer.concat([Buffer.alloc(100, 65), inner, Buffer.alloc(50_000, 66), inner]);
  const stored = gzipSync(content, { level: 0 });
  const twice = Buffer.concat([stored, stored]);
  const source = await sourceOf(twice, { chunk: 777 });
  const read = await readAll(source);
  expect(Buffer.compare(read, Buffer.concat([content, content]))).toBe(0);
});

/** A frame with one raw block (RFC 8878, 3.1.1): no checksum, content size in one byte. */
function zstdFrame(content: string): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, body.length]);
  const block = (body.length << 3) | 1;
  return Buffer.concat([header, Buffer.from([block & 255, (block >> 8) & 255, block >> 16]), body]);
}

test("zstd is read over all frames, skippable ones at the start included", async () => {
  const texts = ["hello ", "wide ", "world"];
  const frames = Buffer.concat(texts.map(zstdFrame));
  const skippable = Buffer.from("502a4d1804000000deadbeef", "hex");
  for (const bytes of [frames, Buffer.concat([skippable, frames])]) {
    for (const chunk of [1, 3, 65536]) {
      const source = await sourceOf(bytes, { name: "x.zst", chunk });
      expect(source.compression).toBe("zstd");
      expect(decode(await readAll(source))).toBe("hello wide world");
      expect(source.cut).toBeNull();
    }
  }
});

test("zstd that ends early is cut; damaged zstd is damaged and does not hang", async () => {
  const bytes = Buffer.concat([zstdFrame("hello "), zstdFrame("world")]);
  const source = await sourceOf(bytes.subarray(0, bytes.length - 2), { name: "x.zst" });
  expect(decode(await readAll(source)).startsWith("hello ")).toBe(true);
  expect(source.cut?.kind).toBe("truncated");
  const broken = Buffer.from(bytes);
  broken.fill(0xff, 6);
  const damaged = await sourceOf(broken, { name: "x.zst" });
  expect((await faultOf(() => readAll(damaged))).kind).toBe("damaged");
});

test("gzip that ends in the middle delivers what is there and says where it was cut", async () => {
  const content = text(200_000);
  const whole = gzip(content);
  const source = await sourceOf(whole.subarray(0, Math.floor(whole.length / 2)), {
    name: "a.csv.gz",
  });
  const read = decode(await readAll(source));
  expect(content.startsWith(read)).toBe(true);
  expect(read.length).toBeGreaterThan(content.length * 0.4);
  expect(source.cut).toMatchObject({ kind: "truncated", file: "a.csv.gz" });
  expect(source.cut?.message).toContain("ends in the middle of the compressed data");
});

test("damaged gzip is a fault", async () => {
  const bytes = gzip(text(50_000));
  bytes.fill(0x55, 1000, 3000);
  const error = await faultOf(async () => readAll(await sourceOf(bytes, { name: "b.gz" })));
  expect(error).toMatchObject({ kind: "damaged", file: "b.gz" });
});

test("a bomb is refused: by ratio beyond a size, and by a ceiling", async () => {
  const bytes = gzip(new Uint8Array(30_000_000));
  const byRatio = await sourceOf(bytes, { limits: { ratioFrom: 10_000_000 } });
  expect((await faultOf(() => readAll(byRatio))).kind).toBe("bomb");
  const byCeiling = await sourceOf(gzip(text(10_000)), { limits: { most: 10_000 } });
  expect((await faultOf(() => readAll(byCeiling))).kind).toBe("bomb");
  // Honest data below the limits passes.
  const honest = await sourceOf(bytes);
  expect((await readAll(honest)).length).toBe(30_000_000);
});

test("files that vanish, cannot be read, or change are told apart", async () => {
  const input = (thrown: Error): Parameters<typeof openSource>[0] => ({
    name: "f.csv",
    size: 10,
    open: () => Promise.reject(thrown),
  });
  const gone = Object.assign(new Error("no such file"), { code: "ENOENT" });
  expect((await faultOf(() => openSource(input(gone)))).kind).toBe("vanished");
  const missing = Object.assign(new Error("404"), { status: 404 });
  expect((await faultOf(() => openSource(input(missing)))).kind).toBe("vanished");
  expect((await faultOf(() => openSource(input(new Error("EIO"))))).kind).toBe("unreadable");
  const growing = await sourceOf("a,b\n1,2\n", { size: 4 });
  expect((await faultOf(() => readAll(growing))).kind).toBe("changed-while-reading");
});

test("binary data is named", () => {
  const bytes = (...b: number[]): Uint8Array =>
    Uint8Array.from([...b, ...Array<number>(60).fill(0)]);
  expect(describeBinary(bytes(0x89, 0x50, 0x4e, 0x47))?.what).toContain("PNG");
  expect(describeBinary(bytes(0x50, 0x4b, 3, 4))?.what).toContain("ZIP");
  expect(describeBinary(bytes(0x7f, 0x45, 0x4c, 0x46))?.what).toContain("ELF");
  expect(describeBinary(new TextEncoder().encode("SQLite format 3\0"))?.what).toContain("SQLite");
  expect(describeBinary(new TextEncoder().encode("%PDF-1.7"))?.what).toContain("PDF");
  expect(describeBinary(bytes(1, 2, 3))?.what).toBe("binary data");
  expect(describeBinary(new TextEncoder().encode("a,b\n1,2\n"))).toBeNull();
  expect(describeBinary(Buffer.from("a,b\n1,2\n", "utf16le"))).toBeNull();
});

test("encodings are recognised", () => {
  const head = (text: string, encoding: BufferEncoding): Uint8Array => Buffer.from(text, encoding);
  expect(detectText(head("a,b\nä,ö\n", "utf8"))).toMatchObject({ encoding: "utf-8", bom: 0 });
  expect(detectText(head("\ufeffa,b\n", "utf8"))).toMatchObject({ encoding: "utf-8", bom: 3 });
  expect(detectText(head("\ufeffa,b\n", "utf16le"))).toMatchObject({
    encoding: "utf-16le",
    bom: 2,
  });
  expect(detectText(head("time,value\n1,2\n", "utf16le"))).toMatchObject({
    encoding: "utf-16le",
    bom: 0,
  });
  expect(detectText(head("größe,straße\n1,2\n", "latin1"))).toMatchObject({
    encoding: "windows-1252",
  });
  expect(detectText(head("a\rb\rc", "latin1")).newline).toBe(13);
  expect(detectText(head("a\r\nb\r\n", "latin1")).newline).toBe(10);
});

interface Line {
  readonly text: string;
  readonly line: number;
  readonly offset: number;
}

async function readLines(
  bytes: Uint8Array,
  chunk: number,
  maxLine?: number,
): Promise<{ lines: Line[]; rejects: LineReject[]; repaired: number }> {
  const source = await sourceOf(bytes, { chunk });
  const format = detectText(await source.head());
  const found: Line[] = [];
  const rejects: LineReject[] = [];
  let repaired = 0;
  const options = {
    onReject: (r: LineReject) => rejects.push(r),
    ...(maxLine === undefined ? {} : { maxLine }),
  };
  for await (const block of lines(source, format, options)) {
    repaired += block.repaired;
    for (let i = 0; i < block.count; i++) {
      found.push({
        text: decode(block.bytes.subarray(block.starts[i], block.ends[i])),
        line: block.firstLine + i,
        offset: block.offsets[i] ?? NaN,
      });
    }
  }
  return { lines: found, rejects, repaired };
}

const CHUNKS = [1, 2, 3, 7, 65536];

test.each(CHUNKS)("lines have numbers and offsets, for chunks of %i bytes", async (chunk) => {
  const content = "first\r\n\r\nthird ä€😀\nlast";
  const { lines: found } = await readLines(Buffer.from(content), chunk);
  expect(found).toEqual([
    { text: "first", line: 1, offset: 0 },
    { text: "", line: 2, offset: 7 },
    { text: "third ä€😀", line: 3, offset: 9 },
    { text: "last", line: 4, offset: Buffer.from("first\r\n\r\nthird ä€😀\n").length },
  ]);
});

test.each(CHUNKS)("lone CR, byte order marks and UTF-16, for chunks of %i bytes", async (chunk) => {
  const texts = (r: { lines: Line[] }): string[] => r.lines.map((l) => l.text);
  expect(texts(await readLines(Buffer.from("a\rb\rc"), chunk))).toEqual(["a", "b", "c"]);
  const marked = await readLines(Buffer.from("\ufeffa\nb\n"), chunk);
  expect(marked.lines).toEqual([
    { text: "a", line: 1, offset: 3 },
    { text: "b", line: 2, offset: 5 },
  ]);
  const wide = await readLines(Buffer.from("\ufeffgrün 😀\r\nzwei\r\n", "utf16le"), chunk);
  expect(wide.lines).toEqual([
    { text: "grün 😀", line: 1, offset: -1 },
    { text: "zwei", line: 2, offset: -1 },
  ]);
});

test.each(CHUNKS)("mixed encodings keep every character, for chunks of %i bytes", async (chunk) => {
  const bytes = Buffer.concat([
    Buffer.from("größe ok\nzweite größe\ndritte größe\n", "utf8"),
    Buffer.from("größe alt €\n".replace("€", "\x80"), "latin1"),
    Buffer.from("zuletzt größe\n", "utf8"),
  ]);
  const { lines: found, repaired } = await readLines(bytes, chunk);
  expect(found.map((l) => l.text)).toEqual([
    "größe ok",
    "zweite größe",
    "dritte größe",
    "größe alt €",
    "zuletzt größe",
  ]);
  expect(repaired).toBe(1);
  expect(found[4]?.offset).toBe(bytes.indexOf("zuletzt"));
});

test.each(CHUNKS)(
  "lines that are too long are rejected, the others stay, for chunks of %i bytes",
  async (chunk) => {
    const content = `one\n${"x".repeat(5000)}\nthree\n${"y".repeat(3000)}`;
    const { lines: found, rejects } = await readLines(Buffer.from(content), chunk, 100);
    expect(found.map((l) => [l.line, l.text])).toEqual([
      [1, "one"],
      [3, "three"],
    ]);
    expect(rejects).toEqual([
      { line: 2, offset: 4, reason: "line longer than 100 bytes", text: "x".repeat(2000) },
      { line: 4, offset: 5011, reason: "line longer than 100 bytes", text: "y".repeat(2000) },
    ]);
  },
);

test("the last line of a file that was cut off is rejected, not believed", async () => {
  const whole = gzip(text(100_000));
  const source = await sourceOf(whole.subarray(0, Math.floor(whole.length / 2)), { name: "a.gz" });
  const rejects: LineReject[] = [];
  let count = 0;
  for await (const block of lines(source, detectText(await source.head()), {
    onReject: (r) => rejects.push(r),
  }))
    count += block.count;
  expect(rejects).toHaveLength(1);
  expect(rejects[0]).toMatchObject({ line: count + 1 });
  expect(rejects[0]?.reason).toContain("cut off");
});

test("a line of 200 MB neither crashes nor is held in memory", async () => {
  const piece = new Uint8Array(1_000_000).fill(120);
  let sent = 0;
  const size = 200_000_000 + 8;
  const source = await openSource({
    name: "long.log",
    size,
    open: () => {
      sent = -1;
      return Promise.resolve(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            sent++;
            if (sent === 0) controller.enqueue(new TextEncoder().encode("one\n"));
            else if (sent <= 200) controller.enqueue(piece);
            else if (sent === 201) controller.enqueue(new TextEncoder().encode("\nxyz"));
            else controller.close();
          },
        }),
      );
    },
  });
  const rejects: LineReject[] = [];
  const found: string[] = [];
  for await (const block of lines(
    source,
    { encoding: "utf-8", bom: 0, newline: 10 },
    { onReject: (r) => rejects.push(r) },
  )) {
    for (let i = 0; i < block.count; i++)
      found.push(
        `${block.firstLine + i} ${decode(block.bytes.subarray(block.starts[i], block.ends[i]))}`,
      );
  }
  expect(found).toEqual(["1 one", "3 xyz"]);
  expect(rejects).toEqual([
    { line: 2, offset: 4, reason: "line longer than 64 MiB", text: "x".repeat(2000) },
  ]);
});
