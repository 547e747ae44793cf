import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { Fault, unwrap } from "../../../shared/base/result.ts";
import { headerBlocks } from "../../../electron/evidence/tar-blocks.ts";
import { LEFT_OUT } from "../../../shared/base/folder-archive.ts";
import { readBytes } from "../../../shared/importers/containers/bytes.ts";
import { StreamedBytes } from "../../../shared/importers/containers/streamed-bytes.ts";
import {
  containerOf,
  extractMember,
  listMembers,
  openMember,
} from "../../../shared/importers/containers/container.ts";
import type { ImportError, Source } from "../../../shared/importers/importer.ts";
import { openSource } from "../../../shared/importers/source.ts";
import { streamOf } from "../../support/sources.ts";

const FOLDER = join(import.meta.dirname, "../../fixtures/containers");
const ARCHIVES = readdirSync(FOLDER).filter((name) => /\.(?:zip|tar|tar\.gz|tar\.zst)$/.test(name));

function fixture(name: string): Buffer {
  return readFileSync(join(FOLDER, name));
}

/** An archive that is read in parts, as a file is. */
async function archive(
  name: string,
  content: Uint8Array = fixture(name),
  chunk = 65536,
): Promise<Source> {
  return openSource({
    name,
    size: content.length,
    open: () => Promise.resolve(streamOf(content, chunk)),
    slice: (from, to) => Promise.resolve(streamOf(content.subarray(from, to), chunk)),
  });
}

async function textOf(source: Source): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of source.stream()) text += decoder.decode(chunk, { stream: true });
  return text;
}

/** Everything that an archive holds, as a text to compare. */
async function drawn(source: Source): Promise<string> {
  const kind = await containerOf(source);
  if (kind === null) return "no archive\n";
  const { members, trouble } = await listMembers(source);
  const lines = [`${kind}${trouble === null ? "" : `: ${trouble}`}`];
  for (const { name, size, importer, skipped } of members) {
    const facts = [String(size), ...(importer === null ? [] : [importer])].join(", ");
    lines.push(
      `${JSON.stringify(name)} (${facts})${skipped === null ? "" : ` left out: ${skipped}`}`,
    );
    const shown = skipped === null || skipped.startsWith("cut off");
    if (shown) lines.push(...(await content(source, name)).map((line) => `    ${line}`));
  }
  return `${lines.join("\n")}\n`;
}

async function content(source: Source, name: string): Promise<string[]> {
  let result: Awaited<ReturnType<typeof openMember>>;
  try {
    result = await openMember(source, name);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return [`refused: ${thrown.message}`];
  }
  const opened = unwrap(result).source;
  if (opened.files !== undefined) return opened.files.map((f) => `${f.path} (${f.source.size})`);
  try {
    const text = (await textOf(opened)).trimEnd().split("\n");
    const shown = text.length > 4 ? [...text.slice(0, 2), `… ${text.length} lines`] : text;
    return [...shown, ...(opened.cut === null ? [] : [`CUT: ${opened.cut.message}`])];
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return [`failed: ${(thrown.error as ImportError).kind}: ${thrown.message}`];
  }
}

describe("archives", () => {
  test.each(ARCHIVES)("%s holds what is drawn beside it", async (name) => {
    const text = await drawn(await archive(name));
    await expect(text).toMatchFileSnapshot(join(FOLDER, `${name}.members.txt`));
  });

  test.each(ARCHIVES)("%s reads the same in small chunks", async (name) => {
    const small = await drawn(await archive(name, fixture(name), 61));
    expect(small).toBe(await drawn(await archive(name)));
  });

  test.each(ARCHIVES.filter((name) => name.startsWith("cut")))(
    "%s reads the same in chunks of any size, time after time",
    async (name) => {
      const expected = readFileSync(join(FOLDER, `${name}.members.txt`), "utf8");
      for (const chunk of [1, 7, 61, 4096, 65536, 65536]) {
        expect(await drawn(await archive(name, fixture(name), chunk)), `${chunk}`).toBe(expected);
      }
    },
  );
});

/** A file for a tar archive made here. */
function tarFile(name: string, content: Uint8Array): Uint8Array {
  const file = { name, size: content.length, type: "file", link: "", comment: null } as const;
  const padding = new Uint8Array((512 - (content.length % 512)) % 512);
  return Buffer.concat([headerBlocks(file), content, padding]);
}

const END = new Uint8Array(1024);

describe("what is an archive", () => {
  test("an Office document is a file of its own", async () => {
    expect(await containerOf(await archive("office.xlsx"))).toBeNull();
  });

  test.each([
    ["nothing", ""],
    ["a text", "PK is a name\n"],
    ["zeros", "\0".repeat(2048)],
    ["a CSV file", "time,cpu\n2026-03-01T10:00:00Z,1\n".repeat(40)],
  ])("%s is none", async (_, text) => {
    expect(await containerOf(await archive("x.zip", Buffer.from(text)))).toBeNull();
  });

  test("a name that is not there is told", async () => {
    const result = await openMember(await archive("plain.zip"), "logs/none.log");
    expect(result).toMatchObject({ ok: false, error: { kind: "vanished" } });
    const encrypted = openMember(await archive("encrypted.zip"), "logs/api.log");
    await expect(encrypted).rejects.toThrow(/encrypted with a password/);
  });

  test("mutated archives are listed or refused, never worse", async () => {
    const random = seeded(7);
    for (const name of ARCHIVES) {
      const content = fixture(name);
      const rounds = Math.min(25, Math.ceil(250_000 / content.length));
      for (let i = 0; i < rounds; i++) {
        const mutated = Buffer.from(content);
        for (let k = 0; k < 3; k++) {
          mutated[Math.floor(random() * mutated.length)] = Math.floor(random() * 256);
        }
        const cut = random() < 0.3 ? Math.floor(random() * mutated.length) : mutated.length;
        try {
          await drawn(await archive(name, mutated.subarray(0, cut)));
        } catch (thrown) {
          if (!(thrown instanceof Fault)) throw thrown;
        }
      }
    }
  }, 60_000);
});

describe("compressed archives", () => {
  const lines = (n: number): Uint8Array =>
    Buffer.from(`2026-03-01T10:00:00Z INFO line ${n} \n`.repeat(1000));

  function manyFiles(): Uint8Array {
    const files = Array.from({ length: 40 }, (_, n) => tarFile(`logs/${n}.log`, lines(n)));
    return Buffer.concat([...files, END]);
  }

  test("forty files cost one decompression, not forty", async () => {
    const content = gzipSync(manyFiles());
    let opened = 0;
    const source = await openSource({
      name: "many.tar.gz",
      size: content.length,
      open: () => {
        opened++;
        return Promise.resolve(streamOf(content, 65536));
      },
    });
    const { members } = await listMembers(source);
    const before = opened;
    for (const [n, member] of members.entries()) {
      const text = await textOf(unwrap(await openMember(source, member.name)).source);
      expect(text).toBe(new TextDecoder().decode(lines(n)));
    }
    expect(opened).toBe(before);
    const extracted = await extractMember(source, "logs/7.log");
    expect(await extracted?.content.text()).toBe(new TextDecoder().decode(lines(7)));
    expect(await extractMember(await archive("plain.zip"), "incident/logs/api.log")).toBeNull();
  });

  test("content that is not kept is decompressed again from its place on", async () => {
    const content = manyFiles();
    const source = await openSource({
      name: "many.tar.gz",
      size: gzipSync(content).length,
      open: () => Promise.resolve(streamOf(gzipSync(content), 65536)),
    });
    const bytes = new StreamedBytes(source, 100_000);
    for await (const chunk of bytes.all()) expect(chunk.length).toBeGreaterThan(0);
    expect(bytes.size).toBe(content.length);
    for (const [from, to] of [
      [0, 10],
      [300_000, 300_500],
      [300_400, 350_000],
      [5, 900_000],
      [99_990, 100_010],
    ] as const) {
      const read = await readBytes(bytes, from, to);
      expect(Buffer.compare(read, content.subarray(from, to))).toBe(0);
    }
  });
});

describe("archives made to do harm", () => {
  test("a ZIP archive that says that it expands without end is refused", async () => {
    const content = Buffer.from(fixture("stored.zip"));
    // Sizes of 3 GiB in the directory, for a few bytes.
    for (
      let at = content.indexOf("PK\x01\x02");
      at !== -1;
      at = content.indexOf("PK\x01\x02", at + 4)
    ) {
      content.writeUInt32LE(3 * 1024 ** 3, at + 24);
    }
    await expect(listMembers(await archive("bomb.zip", content))).rejects.toThrow(/expands/);
  });

  test("a file that holds more than its directory says is damaged", async () => {
    const content = Buffer.from(fixture("streamed.zip"));
    const at = content.indexOf("PK\x01\x02");
    content.writeUInt32LE(5, at + 24);
    const source = await archive("more.zip", content);
    const opened = unwrap(await openMember(source, "logs/api.log"));
    await expect(textOf(opened.source)).rejects.toThrow(/more than its directory says/);
  });
});

describe("a folder as an archive", () => {
  test("its headers are read as they were written", async () => {
    const long = `${"é".repeat(90)}/${"long/".repeat(40)}a.log`;
    const text = Buffer.from("2026-03-01T10:00:00Z INFO up\n");
    const left = { name: "b.log", size: 0, type: "file", link: "", comment: `${LEFT_OUT}a pipe` };
    const link = { name: "c.log", size: 0, type: "link", link: "ä.log", comment: null };
    const content = Buffer.concat([
      tarFile("a.log", text),
      tarFile(long, text),
      headerBlocks({ ...left, type: "file" }),
      headerBlocks({ ...link, type: "link" }),
      END,
    ]);
    const { members, trouble } = await listMembers(await archive("folder", content));
    expect(trouble).toBeNull();
    expect(members.map(({ name, skipped }) => [name, skipped])).toEqual([
      ["a.log", null],
      [long, null],
      ["b.log", "a pipe"],
      ["c.log", "a symbolic link to ä.log"],
    ]);
  });

  test("many small files cost few requests", async () => {
    const files = Array.from({ length: 500 }, (_, n) => tarFile(`${n}.log`, Buffer.from(`${n}\n`)));
    const content = Buffer.concat([...files, END]);
    let requests = 0;
    const source = await openSource({
      name: "folder",
      size: content.length,
      open: () => Promise.resolve(streamOf(content, 65536)),
      slice: (from, to) => {
        requests++;
        return Promise.resolve(streamOf(content.subarray(from, to), 65536));
      },
    });
    for (const { name } of (await listMembers(source)).members) {
      const opened = unwrap(await openMember(source, name));
      expect(await textOf(opened.source)).toBe(`${name.replace(".log", "")}\n`);
    }
    expect(requests).toBeLessThan(5);
  });
});

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}
