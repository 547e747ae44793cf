import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openContent } from "../../../electron/evidence/content.ts";
import { serveEvidence } from "../../../electron/evidence/evidence-protocol.ts";
import { Grants, hashGranted } from "../../../electron/evidence/grants.ts";
import { hashFile } from "../../../electron/evidence/hashing.ts";
import { checkOriginal } from "../../../electron/evidence/originals.ts";
import type { Grant } from "../../../shared/contract/ipc.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const folder = temporaryFolders();
const LONG = `${"a-long-folder-name/".repeat(8)}für später.log`;

/** A folder with what a disk has to offer. */
function makeFolder(): string {
  const root = join(folder(), "host");
  const files: Record<string, string> = {
    "b.log": "second\n",
    "a/c.log": "x".repeat(1000),
    "a.log": "y".repeat(512),
    "empty.log": "",
    ".DS_Store": "z",
    "old.inquest/case.json": "{}",
    "old.inquest/journal.jsonl": "{}",
    [LONG]: "long\n",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, ".."), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  symlinkSync("b.log", join(root, "link.log"));
  return root;
}

async function granted(path: string): Promise<{ grants: Grants; grant: Grant }> {
  const grants = new Grants();
  const outcome = await grants.grant(path);
  if (!outcome.ok) throw new Error(outcome.error.message);
  return { grants, grant: outcome.grant };
}

async function served(grants: Grants, id: string, range?: string): Promise<Buffer> {
  const headers: HeadersInit = range === undefined ? {} : { Range: range };
  const response = await serveEvidence(new Request(`evidence://${id}/`, { headers }), grants);
  return Buffer.from(await response.arrayBuffer());
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("a folder as evidence", () => {
  test("is a tar archive that tar reads", async () => {
    const root = makeFolder();
    const { grants, grant } = await granted(root);
    expect(grant).toMatchObject({ name: "host", isFolder: true });
    const archive = await served(grants, grant.id);
    expect(archive.length).toBe(grant.size);
    const place = folder();
    writeFileSync(join(place, "x.tar"), archive);
    const listed = execFileSync("tar", ["-tf", join(place, "x.tar"), "--quoting-style=literal"], {
      encoding: "utf8",
    });
    expect(listed.trim().split("\n")).toEqual([
      "a-long-folder-name/".repeat(8) + "für später.log",
      "a.log",
      "a/c.log",
      "b.log",
      "empty.log",
      "link.log",
      "old.inquest/",
    ]);
    execFileSync("tar", ["-xf", join(place, "x.tar"), "-C", place, "a/c.log", "b.log"]);
    expect(readFileSync(join(place, "a/c.log"), "utf8")).toBe("x".repeat(1000));
  });

  test("is the same wherever and whenever it is read", async () => {
    const root = makeFolder();
    const copy = join(folder(), "elsewhere");
    cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
    utimesSync(join(copy, "b.log"), 1, 1);
    expect(await hashFile(copy)).toEqual(await hashFile(root));
  });

  test("any range of it is that part of the whole", async () => {
    const { grants, grant } = await granted(makeFolder());
    const whole = await served(grants, grant.id);
    for (let from = 0; from < whole.length; from += 377) {
      const to = Math.min(whole.length, from + 1 + ((from * 7) % 1500));
      const part = await served(grants, grant.id, `bytes=${from}-${to - 1}`);
      expect(Buffer.compare(part, whole.subarray(from, to)), `${from} to ${to}`).toBe(0);
    }
  });

  test("what was delivered has the digest of the folder", async () => {
    const root = makeFolder();
    const { grants, grant } = await granted(root);
    const bytes = await served(grants, grant.id);
    const file = grants.get(grant.id);
    expect(await file.lastRead?.digest()).toEqual({ sha256: sha256(bytes), bytes: bytes.length });
    expect(await hashGranted(file)).toEqual(await hashFile(root));
  });

  test("a file that changes while it is read is an error, not another content", async () => {
    const root = makeFolder();
    const { grants, grant } = await granted(root);
    appendFileSync(join(root, "b.log"), "third\n");
    await expect(served(grants, grant.id)).rejects.toThrow(/b\.log changed/);
  });

  test("its digest is told anew when anything in it changed", async () => {
    const root = makeFolder();
    const { grants, grant } = await granted(root);
    const file = grants.get(grant.id);
    const first = await hashGranted(file);
    for (const path of ["a.log", "a/c.log", "b.log"]) utimesSync(join(root, path), 1, 1);
    expect(await hashGranted(file)).toEqual(first);
    writeFileSync(join(root, "new.log"), "new\n");
    const second = await hashGranted(file);
    expect(second.sha256).not.toBe(first.sha256);
    renameSync(join(root, "new.log"), join(root, "newer.log"));
    expect((await hashGranted(file)).sha256).not.toBe(second.sha256);
  });

  test("without files it is refused", async () => {
    const root = folder();
    mkdirSync(join(root, "inner"));
    expect(await new Grants().grant(root)).toMatchObject({
      ok: false,
      error: { kind: "invalid", message: expect.stringContaining("without files") as string },
    });
  });
});

describe("a folder as an original", () => {
  test("unchanged, touched, changed, moved", async () => {
    const root = makeFolder();
    const { size, mtimeMs } = await openContent(root);
    const { sha256: digest } = await hashFile(root);
    const original = { id: "E1", path: root, size, mtimeMs, sha256: digest };
    expect(await checkOriginal(original)).toMatchObject({ status: "unchanged" });
    writeFileSync(join(root, "b.log"), "second\n");
    expect(await checkOriginal(original)).toMatchObject({ status: "unchanged" });
    writeFileSync(join(root, "b.log"), "SECOND\n");
    // Two writes within a tick of the file system's clock have the same time.
    utimesSync(join(root, "b.log"), new Date(), new Date(Date.now() + 5000));
    // Some file systems tell a time that was set just now a moment later.
    await expect.poll(() => checkOriginal(original)).toMatchObject({ status: "changed" });
    writeFileSync(join(root, "b.log"), "second\n");
    const other = join(root, "..", "host-2");
    renameSync(root, other);
    expect(await checkOriginal(original)).toMatchObject({ status: "moved", foundAt: other });
  });
});
