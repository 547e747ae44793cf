import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Fault } from "../../../shared/base/result.ts";
import {
  JournalFile,
  type JournalHandle,
  type JournalOptions,
} from "../../../electron/case-store/journal-file.ts";
import { nodeHash, write } from "../case/journal-helpers.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const folder = temporaryFolders();

const OPTIONS: JournalOptions = {
  hash: nodeHash,
  actor: "ana",
  readOnly: false,
};

const opened: JournalFile[] = [];

async function openJournal(path: string, options: JournalOptions): Promise<JournalFile> {
  const journal = await JournalFile.open(path, options);
  opened.push(journal);
  return journal;
}

afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close().catch(() => undefined);
});

/** A journal file with three lines; the last holds letters of two, three and four bytes. */
async function threeLines(): Promise<{
  path: string;
  bytes: Buffer;
  lastStart: number;
}> {
  const path = join(folder(), "journal.jsonl");
  writeFileSync(path, "");
  const journal = await openJournal(path, OPTIONS);
  await journal.append([write("one")]);
  await journal.append([write("two"), write("drei € ü 😀")]);
  await journal.close();
  const bytes = readFileSync(path);
  return {
    path,
    bytes,
    lastStart: bytes.lastIndexOf("\n", bytes.length - 2) + 1,
  };
}

function texts(journal: JournalFile): string[] {
  return journal.lines.map((line) => (line.type === "summary/edited" ? line.data.text : line.type));
}

describe("a journal", () => {
  test("is read back as it was written, and goes on", async () => {
    const { path } = await threeLines();
    const journal = await openJournal(path, OPTIONS);
    expect(texts(journal)).toEqual(["one", "two", "drei € ü 😀"]);
    expect(journal.trouble).toEqual([]);
    const [line] = await journal.append([write("four")]);
    expect(line).toMatchObject({
      seq: 4,
      actor: "ana",
      prev: journal.lines[2]?.hash,
    });
    await journal.close();
    expect((await openJournal(path, OPTIONS)).trouble).toEqual([]);
  });

  test("keeps the order of appends that are not waited for", async () => {
    const { path } = await threeLines();
    const journal = await openJournal(path, OPTIONS);
    const many = Array.from({ length: 50 }, (_, i) => journal.append([write(`n${i}`)]));
    await Promise.all(many);
    await journal.close();
    const again = await openJournal(path, OPTIONS);
    expect(again.trouble).toEqual([]);
    expect(again.lines.map((line) => line.seq)).toEqual(
      Array.from({ length: 53 }, (_, i) => i + 1),
    );
  });
});

describe("after a crash", () => {
  test("cut off at every byte of the last line, everything before it is there", async () => {
    const { path, bytes, lastStart } = await threeLines();
    for (let cut = lastStart; cut <= bytes.length; cut++) {
      writeFileSync(path, bytes.subarray(0, cut));
      const torn = join(path, "..", "journal.torn");
      writeFileSync(torn, "");
      const journal = await openJournal(path, OPTIONS);
      const whole = cut >= bytes.length - 1;
      const nothing = cut === lastStart;
      expect(texts(journal)).toEqual(whole ? ["one", "two", "drei € ü 😀"] : ["one", "two"]);
      expect(journal.trouble.map((item) => [item.kind, item.line])).toEqual(
        whole || nothing ? [] : [["torn", 3]],
      );
      const setAside = readFileSync(torn);
      const expected =
        whole || nothing ? "" : Buffer.concat([bytes.subarray(lastStart, cut), Buffer.from("\n")]);
      expect(setAside.equals(Buffer.from(expected))).toBe(true);

      await journal.append([write("after")]);
      await journal.close();
      const again = await openJournal(path, OPTIONS);
      expect(again.trouble).toEqual([]);
      expect(texts(again).at(-1)).toBe("after");
      await again.close();
    }
  });

  test("a tail of zeros, as some file systems leave it, is set aside", async () => {
    const { path, bytes } = await threeLines();
    writeFileSync(path, Buffer.concat([bytes, Buffer.alloc(4096)]));
    const journal = await openJournal(path, OPTIONS);
    expect(texts(journal)).toHaveLength(3);
    expect(journal.trouble).toMatchObject([{ kind: "torn", line: 4 }]);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test("read-only, nothing is touched", async () => {
    const { path, bytes } = await threeLines();
    const cut = bytes.subarray(0, bytes.length - 10);
    writeFileSync(path, cut);
    const journal = await openJournal(path, { ...OPTIONS, readOnly: true });
    expect(journal.trouble).toMatchObject([{ kind: "torn", line: 3 }]);
    await expect(journal.append([write("x")])).rejects.toMatchObject({
      error: { kind: "locked" },
    });
    expect(readFileSync(path).equals(cut)).toBe(true);
    expect(existsSync(join(path, "..", "journal.torn"))).toBe(false);
  });
});

describe("after a change by somebody else", () => {
  test("an edited line is named, and the case still opens", async () => {
    const { path, bytes } = await threeLines();
    writeFileSync(path, bytes.toString().replace('"two"', '"TWO"'));
    const journal = await openJournal(path, OPTIONS);
    expect(texts(journal)).toEqual(["one", "TWO", "drei € ü 😀"]);
    expect(journal.trouble).toMatchObject([{ kind: "chain", line: 2 }]);
    expect(journal.trouble[0]?.message).toContain("Line 2");
    await journal.append([write("more")]);
    await journal.close();
    const again = await openJournal(path, OPTIONS);
    expect(again.trouble).toMatchObject([{ kind: "chain", line: 2 }]);
  });

  test("a line that is not JSON, or not an event, is named and the rest is read", async () => {
    const { path, bytes } = await threeLines();
    const [one = "", , three = ""] = bytes.toString().split("\n");
    writeFileSync(path, `${one}\n{oops\n${three}\n`);
    const journal = await openJournal(path, OPTIONS);
    expect(texts(journal)).toEqual(["one", "drei € ü 😀"]);
    expect(journal.trouble).toMatchObject([{ kind: "unreadable", line: 2 }]);
  });

  test("line ends of another system are no change", async () => {
    const { path, bytes } = await threeLines();
    writeFileSync(path, bytes.toString().replaceAll("\n", "\r\n"));
    const journal = await openJournal(path, OPTIONS);
    expect(journal.trouble).toEqual([]);
    expect(texts(journal)).toHaveLength(3);
  });
});

describe("when the disk is full", () => {
  /** A file on a disk with room for `room` more bytes. */
  function almostFull(room: { bytes: number }): (path: string) => Promise<JournalHandle> {
    return async (path) => {
      const handle = await open(path, "r+");
      return {
        write: async (bytes, offset, length, position) => {
          if (room.bytes === 0) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
          const some = Math.min(length, room.bytes);
          const { bytesWritten } = await handle.write(bytes, offset, some, position);
          room.bytes -= bytesWritten;
          return { bytesWritten };
        },
        truncate: (length) => handle.truncate(length),
        datasync: () => handle.datasync(),
        close: () => handle.close(),
      };
    };
  }

  test("nothing half-written stays, and it goes on when there is room", async () => {
    const { path, bytes } = await threeLines();
    const room = { bytes: 40 };
    const journal = await openJournal(path, {
      ...OPTIONS,
      openHandle: almostFull(room),
    });
    const refused = await journal.append([write("four")]).catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(Fault);
    expect(refused).toMatchObject({ error: { kind: "disk-full", path } });
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(journal.lines).toHaveLength(3);

    room.bytes = 100_000;
    const [line] = await journal.append([write("five")]);
    expect(line?.seq).toBe(4);
    await journal.close();
    expect((await openJournal(path, OPTIONS)).trouble).toEqual([]);
  });

  test("a failed append that could not be taken back is taken back before the next", async () => {
    const { path } = await threeLines();
    const room = { bytes: 40 };
    let stuck = true;
    const openHandle = async (at: string): Promise<JournalHandle> => {
      const inner = await almostFull(room)(at);
      const truncate = (length: number): Promise<void> =>
        stuck
          ? Promise.reject(Object.assign(new Error("EIO"), { code: "EIO" }))
          : inner.truncate(length);
      return { ...inner, truncate };
    };
    const journal = await openJournal(path, { ...OPTIONS, openHandle });
    await expect(journal.append([write("four")])).rejects.toMatchObject({
      error: { kind: "disk-full" },
    });
    await expect(journal.append([write("four")])).rejects.toMatchObject({
      error: { kind: "io" },
    });
    stuck = false;
    room.bytes = 100_000;
    await journal.append([write("five")]);
    await journal.close();
    const again = await openJournal(path, OPTIONS);
    expect(again.trouble).toEqual([]);
    expect(texts(again).at(-1)).toBe("five");
  });
});
